"""`diff` predicts what PEFT's `hotswap_adapter` does."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis.strategies import sampled_from

from loracfg.comparison.compared import diff
from loracfg.comparison.difference import Swap
from tests.comparison.swapping import Real, make_adapter, swap

Q: Final = {"target_modules": ["q_proj"]}
QV: Final[dict[str, Any]] = {}
C: Final = {"target_modules": ["c_attn"]}
GATE: Final = {"target_parameters": ["gate_up_proj"], "target_modules": None}
ALORA: Final = {"alora_invocation_tokens": [1, 2], "task_type": "CAUSAL_LM"}

Case = tuple[str, dict[str, Any], dict[str, Any], str]
"""A model, the options of the old adapter and of the new one, and the words to be found."""

CASES: Final[dict[str, Case]] = {
    "alike": ("llama", QV, QV, ""),
    "larger rank": ("llama", QV, {"r": 8}, ""),
    "smaller rank": ("llama", {"r": 8}, QV, ""),
    "other alpha": ("llama", QV, {"lora_alpha": 32}, ""),
    "patterns with names of modules": ("llama", QV, {"rank_pattern": {"q_proj": 2}}, "the scale"),
    "patterns in the old one": ("llama", {"rank_pattern": {"q_proj": 2}}, QV, ""),
    "patterns that fit tensors too": ("llama", QV, {"rank_pattern": {"q_proj.*": 2}}, ""),
    "one alpha pattern": ("llama", QV, {"alpha_pattern": {"q_proj": 2}}, "`alpha_pattern`"),
    "two alpha patterns": (
        "llama",
        {"alpha_pattern": {"q_proj": 2}},
        {"alpha_pattern": {"q_proj": 2}},
        "the scale `2.0` instead of `0.5`",
    ),
    "alpha patterns that fit tensors too": (
        "llama",
        {"alpha_pattern": {"q_proj.*": 2}},
        {"alpha_pattern": {"q_proj.*": 2}},
        "",
    ),
    "rsLoRA in one": ("llama", QV, {"use_rslora": True}, "`use_rslora`"),
    "rsLoRA in both": ("llama", {"use_rslora": True, "r": 8}, {"use_rslora": True}, ""),
    "another dropout": ("llama", QV, {"lora_dropout": 0.1}, "`lora_dropout`"),
    "DoRA in one": ("llama", QV, {"use_dora": True}, "`use_dora`"),
    "DoRA in both": ("llama", {"use_dora": True}, {"use_dora": True}, "DoRA magnitudes"),
    "fewer modules": ("llama", QV, Q, ""),
    "more modules": ("llama", Q, QV, "tensors that A does not have"),
    "other layers": (
        "llama",
        {"layers_to_transform": [0]},
        QV,
        "tensors that A does not have",
    ),
    "a saved module in the old one": ("llama", {"modules_to_save": ["lm_head"]}, QV, "would stay"),
    "a saved module in the new one": ("llama", QV, {"modules_to_save": ["lm_head"]}, "lm_head"),
    "saved modules in both": (
        "llama",
        {"modules_to_save": ["lm_head"]},
        {"modules_to_save": ["lm_head"]},
        "lm_head",
    ),
    "trained tokens in the old one": ("llama", {"trainable_token_indices": [1]}, QV, "would stay"),
    "trained tokens in the new one": ("llama", QV, {"trainable_token_indices": [1]}, "tokens"),
    "trained tokens in both": (
        "llama",
        {"trainable_token_indices": [1]},
        {"trainable_token_indices": [2]},
        "tokens",
    ),
    "embeddings in both": (
        "gpt2",
        {"target_modules": ["wte"]},
        {"target_modules": ["wte"]},
        "adapted embeddings",
    ),
    "an embedding in the old one": ("gpt2", {"target_modules": ["wte", "c_attn"]}, C, ""),
    "transposed weights": ("gpt2", C, C | {"r": 2}, ""),
    "biases of factors in both": ("llama", {"lora_bias": True}, {"lora_bias": True}, ""),
    "biases of factors in the old one": ("llama", {"lora_bias": True}, QV, ""),
    "biases of factors in the new one": ("llama", QV, {"lora_bias": True}, "that A does not have"),
    "biases in the old one": ("gpt2", C | {"bias": "all"}, C, "would stay"),
    "biases in the new one": ("gpt2", C, C | {"bias": "all"}, "bias"),
    "experts": ("qwen3_moe", GATE, GATE, ""),
    "experts of smaller rank": ("qwen3_moe", GATE | {"r": 8}, GATE, "mixes up its experts"),
    "experts of larger rank": ("qwen3_moe", GATE, GATE | {"r": 8}, ""),
    "parameters at each other's place": (
        "qwen3_moe",
        GATE | {"target_parameters": ["gate_up_proj", "down_proj"]},
        GATE,
        "a different size",
    ),
    "aLoRA in the old one": ("llama", ALORA, {"task_type": "CAUSAL_LM"}, "alora"),
    "aLoRA in the new one": ("llama", {"task_type": "CAUSAL_LM"}, ALORA, "alora"),
    "aLoRA in both": ("llama", ALORA, ALORA, ""),
    "other tokens for aLoRA": (
        "llama",
        ALORA,
        ALORA | {"alora_invocation_tokens": [1, 3]},
        "`alora_invocation_tokens`",
    ),
    "PiSSA in the old one": ("llama", {"init_lora_weights": "pissa"}, QV, "changes the base"),
    "PiSSA in the new one": ("llama", QV, {"init_lora_weights": "pissa"}, "changes the base"),
    "PiSSA in both": (
        "llama",
        {"init_lora_weights": "pissa"},
        {"init_lora_weights": "pissa", "lora_alpha": 32},
        "",
    ),
    "PiSSA of another rank": (
        "llama",
        {"init_lora_weights": "pissa"},
        {"init_lora_weights": "pissa", "r": 2},
        "changes the base",
    ),
    "PiSSA on fewer modules": (
        "llama",
        {"init_lora_weights": "pissa"},
        {"init_lora_weights": "pissa"} | Q,
        "changes the base",
    ),
    "OLoRA in both": (
        "llama",
        {"init_lora_weights": "olora"},
        {"init_lora_weights": "olora"},
        "",
    ),
    "OLoRA with another scale": (
        "llama",
        {"init_lora_weights": "olora"},
        {"init_lora_weights": "olora", "lora_alpha": 32},
        "changes the base",
    ),
    "a start that leaves the base alone": (
        "llama",
        {"init_lora_weights": "gaussian"},
        {"init_lora_weights": "orthogonal"},
        "",
    ),
    "replicated layers in the old one": (
        "llama",
        {"layer_replication": [[0, 2], [1, 2]]},
        QV,
        "`layer_replication`",
    ),
    "replicated layers in both": (
        "llama",
        {"layer_replication": [[0, 2], [1, 2]]},
        {"layer_replication": [[0, 2], [1, 2]]},
        "",
    ),
    "convolutions of smaller rank": (
        "vit",
        {"target_modules": ["projection"], "r": 8},
        {"target_modules": ["projection"]},
        "",
    ),
    "convolutions of one dimension": (
        "modules",
        {"target_modules": ["line"], "r": 8},
        {"target_modules": ["line"]},
        "is not a matrix",
    ),
    "convolutions in three": (
        "modules",
        {"target_modules": ["space"]},
        {"target_modules": ["space"], "r": 8},
        "",
    ),
    "convolutions in groups": (
        "modules",
        {"target_modules": ["planes"], "r": 8},
        {"target_modules": ["planes"]},
        "",
    ),
    "attention": ("modules", {"target_modules": ["mha"], "r": 8}, {"target_modules": ["mha"]}, ""),
    "KaSA in both": ("llama", {"kasa_config": {}}, {"kasa_config": {}}, "KaSA"),
    "KaSA in the old one": ("llama", {"kasa_config": {}}, QV, "`kasa_config`"),
    "VeLoRA in both": ("llama", {"velora_config": {}}, {"velora_config": {}}, "VeLoRA"),
    "VeLoRA in the old one": ("llama", {"velora_config": {}}, QV, ""),
    "MonteCLoRA of another rank": (
        "llama",
        {"monteclora_config": {}},
        {"monteclora_config": {}, "r": 2},
        "a different size",
    ),
    "MonteCLoRA in both": ("llama", {"monteclora_config": {}}, {"monteclora_config": {}}, ""),
}
"""No words: the swap works."""


def check(said: Swap, real: Real) -> None:
    alike = said.answer == real.answer or (said.answer == "breaks" and real.answer != "swaps")
    assert alike, f"{real.answer} {real.error}, said {said}"


@pytest.mark.parametrize("name", CASES)
def test_swap_does_what_is_predicted(name: str, tmp_path: Path) -> None:
    model, old, new, words = CASES[name]
    first = make_adapter(tmp_path / "a", model, 1, **old)
    second = make_adapter(tmp_path / "b", model, 2, **new)
    swaps = diff(first, second).swaps
    assert swaps is not None
    check(swaps[0], swap(model, first, second))
    check(swaps[1], swap(model, second, first))
    reasons = " | ".join(reason.message for reason in swaps[0].reasons)
    assert words in reasons
    assert bool(words) is (swaps[0].answer != "swaps")


LLAMAS: Final = [case for name, *case, _ in CASES.values() if name == "llama"]
OPTIONS: Final = {repr(options): options for case in LLAMAS for options in case}


@pytest.mark.slow
@settings(max_examples=max(20, settings().max_examples // 5), deadline=None)
@given(first=sampled_from([*OPTIONS]), second=sampled_from([*OPTIONS]), rank=sampled_from([2, 4]))
def test_any_two_do_what_is_predicted(
    first: str, second: str, rank: int, tmp_path_factory: Any
) -> None:
    folder = tmp_path_factory.mktemp("pair")
    old = make_adapter(folder / "a", "llama", 1, **OPTIONS[first])
    new = make_adapter(folder / "b", "llama", 2, **{"r": rank} | OPTIONS[second])
    swaps = diff(old, new).swaps
    assert swaps is not None
    check(swaps[0], swap("llama", old, new))


@pytest.mark.parametrize(
    ("old", "new", "rank"),
    [
        (QV, {"r": 8}, 8),
        ({"r": 8, "lora_alpha": 3}, QV, 8),
        (QV, {"lora_alpha": 3}, 4),
        (QV, QV, None),
    ],
)
def test_prepared_model_takes_both(
    old: dict[str, Any], new: dict[str, Any], rank: int | None, tmp_path: Path
) -> None:
    first = make_adapter(tmp_path / "a", "llama", 1, **old)
    second = make_adapter(tmp_path / "b", "llama", 2, **new)
    swaps = diff(first, second).swaps
    assert swaps is not None
    assert [one.target_rank for one in swaps] == [rank, rank]
    for one, other in ((first, second), (second, first)):
        assert swap("llama", one, other, target_rank=rank).answer == "swaps"
