"""What `all-linear` of ms-swift means on models with towers and on others.

The patterns are those of `get_multimodal_target_regex` of ms-swift 4.6.0, and the names those of
`find_all_linears`, `find_embedding` and `find_norm`, on the models of transformers.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import pytest

from loracfg.base.architecture import Architecture
from loracfg.base.catalogue import lookup
from loracfg.training.trainer_files.trainer_file import TrainerFile
from tests.training.trainer_files.bases import CONFIGS, tree_of
from tests.training.trainer_files.comparing import normal
from tests.training.trainer_files.test_readers import notes_of, read

_MLP: Final = "down_proj|gate_proj|k_proj"
_LLAMA: Final = f"{_MLP}|o_proj|q_proj|up_proj|v_proj"
_TEXT: Final = rf"model\.language_model(?=\.).*\.({_LLAMA})"
_MERGER: Final = r"model\.visual\.merger(?=\.).*\.(0|2)"
_GEMMA_4: Final[dict[str, Any]] = {
    "model_type": "gemma4",
    "text_config": {**CONFIGS["qwen2_vl"]["text_config"], "head_dim": 16, "global_head_dim": 16}
    | {"num_kv_shared_layers": 0, "hidden_size_per_layer_input": 0},
    "vision_config": None,
    "audio_config": None,
}


def read_all(base: Architecture, targets: str, free: str = "") -> TrainerFile:
    """Read a config with these targets that freezes all parts but some."""
    frozen = "".join(f"freeze_{one}: {one not in free}\n" for one in ("llm", "vit", "aligner"))
    return read(f"model: m\ntuner_type: lora\ntarget_modules: {targets}\n{frozen}").resolve(base)


@pytest.mark.parametrize(
    ("base", "free", "expected"),
    [
        ("qwen2_vl", "llm", f"^({_TEXT})$"),
        (
            "qwen2_vl",
            "llm vit",
            rf"^({_TEXT}|(?!(model.visual.merger))model\.visual(?=\.)"
            r".*\.(attn.proj|fc1|fc2|mlp.0|mlp.2|qkv))$",
        ),
        ("qwen2_vl", "llm aligner", f"^({_TEXT}|{_MERGER})$"),
        ("qwen2_vl", "aligner", f"^({_MERGER})$"),
        ("mllama", "aligner", r"^(model\.multi_modal_projector)$"),  # itself a linear layer
        ("gemma3", "aligner", "^()$"),  # has no linear layer
        ("idefics3", "aligner", r"^(model\.connector(?=\.).*\.(proj))$"),
    ],
)
def test_all_linear_on_a_model_with_towers(base: str, free: str, expected: str) -> None:
    file = read_all(tree_of(base), "all-linear", free)
    assert normal(file.config)["target_modules"] == expected
    assert file.notes == ()


def test_embeddings_are_part_of_the_pattern() -> None:
    file = read_all(tree_of("qwen3_vl"), "[all-linear, all-embedding]", "vit")
    assert file.config["target_modules"] == (
        r"^((?!(model.visual.merger|model.visual.deepstack_merger_list))model\.visual(?=\.)"
        r".*\.(attn.proj|linear_fc1|linear_fc2|pos_embed|qkv))$"
    )


@pytest.mark.parametrize(
    ("free", "expected"), [("llm vit aligner", f"^({_TEXT})$"), ("vit aligner", "^()$")]
)
def test_parts_that_a_base_lacks_are_left_out(free: str, expected: str) -> None:
    base = lookup.build(_GEMMA_4, "Gemma4ForConditionalGeneration")
    assert read_all(base, "all-linear", free).config["target_modules"] == expected


def test_a_model_whose_parts_are_all_frozen_is_rejected() -> None:
    file = read_all(tree_of("qwen2_vl"), "all-linear")
    assert notes_of(file) == [("rejected", "target_modules")]
    assert file.notes[0].message.endswith("every part of the base that ms-swift knows is frozen")
    assert file.unresolved == ("target_modules",)


@pytest.mark.parametrize(
    ("base", "class_name"),
    [
        ("llama", "GlmForCausalLM"),  # model types with and without towers have this class
        ("qwen2_vl", "NewForConditionalGeneration"),
    ],
)
def test_parts_that_are_not_known_are_not_guessed(base: str, class_name: str) -> None:
    file = read_all(replace(tree_of(base), class_name=class_name), "all-linear", "llm")
    assert notes_of(file) == [("not-understood", "target_modules")]
    why = f"it is not known which parts of `{class_name}` ms-swift means"
    assert file.notes[0].message.endswith(why)


def test_layers_of_mamba_that_peft_rejects_are_no_targets() -> None:
    config = {"model_type": "mamba", "hidden_size": 32, "num_hidden_layers": 2, "vocab_size": 96}
    base = lookup.build(config, "MambaForCausalLM")
    file = read_all(base, "[all-linear, conv1d, all-embedding]")
    assert file.config["target_modules"] == ["dt_proj", "in_proj", "x_proj", "embeddings"]
