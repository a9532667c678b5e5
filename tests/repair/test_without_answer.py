"""Cases without a repair, and repairs that rest on an assumption."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import pytest

from loracfg.repair import config as of_config
from loracfg.repair import engines
from loracfg.repair.change import Change
from loracfg.repair.tensor_data import Scale, TensorSource
from loracfg.rules.kinds.engine_verdicts import EngineFact
from tests.repair.single import changed, config_of, repaired

HEAD: Final = (
    "drop .",
    "tensor base_model.model.lm_head.lora_A.weight F32 [4, 16]",
    "tensor base_model.model.lm_head.lora_B.weight F32 [32, 4]",
)


def tensors_of(change: Change) -> Mapping[str, TensorSource]:
    assert change.draft.tensors is not None
    return change.draft.tensors


def config(**values: Any) -> str:
    return f"config {json.dumps(values)}"


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (("config {}",), ["q_proj", "v_proj"]),
        (("drop v_proj",), ["q_proj"]),
        (HEAD, ["lm_head"]),
        ((*HEAD, "base none"), None),  # another module of the base may have that name
        (("base none",), None),
        (("drop .",), None),
        (("drop layers.1",), None),  # the names select the other layer too
        (("drop layers.1.*v_proj",), None),  # one of them does
    ],
)
def test_last_names_of_modules(lines: tuple[str, ...], found: list[str] | None) -> None:
    change = changed(engines._with_last_names, *lines)
    assert (change and config_of(change)["target_modules"]) == found
    assert not change or change.safe


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (("config {}",), ["q_proj", "v_proj"]),
        (
            ("drop layers.1", "base none"),
            [f"model.layers.0.self_attn.{name}_proj" for name in "qv"],
        ),
        (("drop .",), None),
    ],
)
def test_a_pattern_is_listed(lines: tuple[str, ...], found: list[str] | None) -> None:
    change = changed(engines._with_listed_targets, *lines)
    assert (change and config_of(change)["target_modules"]) == found
    assert not change or change.safe


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({}, {"lora_alpha": 16}),
        ({"lora_alpha": 1}, {"lora_alpha": 2}),
        ({"r": 16, "lora_alpha": 0.5}, {"lora_alpha": 2}),
        ({"alpha_pattern": {"q_proj": 3}}, {"lora_alpha": 16, "alpha_pattern": {"q_proj": 6}}),
        ({"rank_pattern": {"q_proj": 16}}, {"lora_alpha": 16, "alpha_pattern": {"q_proj": 32}}),
        ({"rank_pattern": {"q_proj": 16}, "alpha_pattern": {"v_proj": 3}}, None),
    ],
)
def test_the_root_of_the_rank_is_folded_into_alpha(
    values: dict[str, Any], found: dict[str, Any] | None
) -> None:
    change = changed(engines._without_rslora, config(use_rslora=True, **values))
    if found is None:
        assert change is None
    else:
        expected = {"use_rslora": False, "alpha_pattern": {}, **found}
        assert config_of(change).items() >= expected.items()
        assert change
        assert change.safe


def test_no_pattern_is_written_if_none_is_needed() -> None:
    lines = ('config without "alpha_pattern"', config(use_rslora=True))
    assert "alpha_pattern" not in config_of(changed(engines._without_rslora, *lines))


def test_the_alpha_that_peft_takes_is_written_out() -> None:
    change = changed(engines._with_alpha, 'config without "lora_alpha"')
    assert config_of(change)["lora_alpha"] == 8
    assert change is not None
    assert (change.safe, change.title) == (True, "set `lora_alpha` to `8`")


@pytest.mark.parametrize(
    ("features", "title"),
    [
        (("alpha_missing",), "set `lora_alpha` to `8`"),
        (("peft_type", "float_alpha"), "write `lora_alpha` as `8`"),
        (("alpha_missing", "float_alpha"), None),
        (("peft_type",), None),
        ((), None),
    ],
)
def test_a_fact_has_one_feature_that_can_be_written_otherwise(
    features: tuple[str, ...], title: str | None
) -> None:
    fact = EngineFact("an engine", "raises", features, "")
    change = changed(lambda subject, draft: engines.rewrite_for_engine(subject, fact, draft))
    assert (change and change.title) == title


SERVED: Final = "for vllm,lora_resolver=filesystem,model={}"


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        ((SERVED.format("org/base"),), "org/base"),
        ((), None),
        (("for vllm",), None),
        (("for vllm,model=org/base",), None),  # no resolver looks it up
        ((SERVED.format("org/base"), SERVED.format("org/base")), "org/base"),
        ((SERVED.format("org/base"), SERVED.format("org/other")), None),
    ],
)
def test_the_base_has_the_name_that_is_served(lines: tuple[str, ...], name: str | None) -> None:
    change = changed(engines._with_served_base, *lines)
    assert (change is None) == (name is None)
    assert not change or config_of(change)["base_model_name_or_path"] == name
    assert not change or change.safe


@pytest.mark.parametrize(
    ("pattern", "more", "safe"),
    [
        ({"q_proj": 16}, {}, True),
        ({"q_proj": 2}, {}, True),
        ({"q_proj": 24}, {}, False),
        ({"q_proj": 16, "v_proj": 24}, {}, False),
        ({"q_proj": 0}, {}, False),
        ({"q_proj": -16}, {}, True),
        ({"q_proj": -24}, {}, False),
        ({"q_proj": 8}, {}, None),  # it changes nothing
        ({"k_proj": 16}, {}, None),
        ({"q_proj": 16}, {"use_rslora": True}, None),
        ({"q_proj": 16}, {"lora_alpha": 0}, None),
        ({"q_proj": 16}, {"target_parameters": ["x"]}, None),
    ],
)
def test_alphas_are_multiplied_into_b(
    pattern: dict[str, Any], more: dict[str, Any], safe: bool | None
) -> None:
    change = changed(engines._without_alpha_pattern, config(alpha_pattern=pattern, **more))
    assert (change.safe if change else None) is safe
    if change:
        assert config_of(change)["alpha_pattern"] == {}
        factors = {n: one.factor for n, one in tensors_of(change).items() if isinstance(one, Scale)}
        assert factors == {
            f"base_model.model.model.layers.{layer}.self_attn.{name}.lora_B.weight": alpha / 8
            for name, alpha in pattern.items()
            for layer in (0, 1)
        }


@pytest.mark.parametrize(
    ("made", "ends"),
    [
        ({"lora_bias": True}, {"q_proj.lora_B.weight", "q_proj.lora_B.bias"}),
        ({"target_modules": ["embed_tokens"]}, {"embed_tokens.lora_embedding_B"}),
    ],
)
def test_only_what_comes_after_b_is_multiplied(made: dict[str, Any], ends: set[str]) -> None:
    pattern = config(alpha_pattern={"q_proj": 16, "embed_tokens": 16, "k_proj": 16})
    stray = "tensor base_model.model.model.layers.0.self_attn.o_proj.lora_B.weight F32 [16, 4]"
    lines = (f"made with {json.dumps(made)}", pattern, stray)
    change = changed(engines._without_alpha_pattern, *lines)
    assert change is not None
    scaled = [n for n, one in tensors_of(change).items() if isinstance(one, Scale)]
    assert {name[name.index(name.split(".lora_")[0].split(".")[-1]) :] for name in scaled} == ends


@pytest.mark.parametrize(("alpha", "found"), [(8, 8), (8.0, 8), (8.5, None)])
def test_a_whole_alpha(alpha: float, found: int | None) -> None:
    change = changed(engines._with_whole_alpha, config(lora_alpha=alpha))
    written = change and config_of(change)["lora_alpha"]
    assert not change or change.safe
    assert json.dumps(written) == json.dumps(found)


@pytest.mark.parametrize(
    ("tokens", "lines", "left_out"),
    [
        ({"<a>": 31}, (), True),
        ({"<a>": 32}, (), False),
        ({"<a>": 31}, ("base none",), False),
        (None, (), False),
    ],
)
def test_added_tokens_that_the_base_has(
    tokens: dict[str, int] | None, lines: tuple[str, ...], left_out: bool
) -> None:
    file = () if tokens is None else (f"file added_tokens.json {json.dumps(tokens)}",)
    change = changed(engines._without_added_tokens, *file, *lines)
    assert (change is not None) == left_out
    assert not change or change.draft.left_out == {"added_tokens.json"}
    assert not change or change.safe


def test_other_weights_are_left_out() -> None:
    lines = ("file b.safetensors x", "file a.safetensors x", "file x.bin x")
    change = changed(engines._without_other_weights, *lines)
    assert change is not None
    assert change.draft.left_out == {"a.safetensors", "b.safetensors"}
    assert change.title == "leave out `a.safetensors` and `b.safetensors`"
    assert change.safe


@pytest.mark.parametrize(
    ("lines", "safe"),
    [
        (('config {"target_modules": [".*(q|v)_proj"]}',), True),
        (('config {"target_modules": [".*(q|v)_proj"]}', "base none"), False),
        (('config {"target_modules": [".*(q|v)_proj"]}', "drop layers.1"), False),
    ],
)
def test_a_list_becomes_the_pattern_that_was_meant(lines: tuple[str, ...], safe: bool) -> None:
    change = repaired("LC519", *lines)
    assert config_of(change)["target_modules"] == ".*(q|v)_proj"
    assert change is not None
    assert change.safe is safe


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ((config(target_modules=["x"]),), ["q_proj", "v_proj"]),
        ((config(target_modules=["x"]), "drop v_proj"), ["q_proj"]),
        ((config(target_modules=["x"]), "drop ."), None),
        ((config(target_modules=["x"]), "rename v_proj -> w_proj"), None),
        ((config(target_modules=["x"], target_parameters=["y"]),), None),
        ((config(target_modules=["x"]), "rename 1.*v_proj -> 1.x"), None),  # not in the base
        (("config none",), None),
    ],
)
def test_targets_are_those_of_the_tensors(lines: tuple[str, ...], found: list[str] | None) -> None:
    change = repaired("LC519", *lines)
    assert (change and config_of(change)["target_modules"]) == found
    assert not change or not change.safe


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ((config(target_modules=["q_proj"]),), ["q_proj", "v_proj"]),
        ((config(target_modules=["q_proj"]), "rename v_proj -> w_proj"), None),
        ((config(target_modules=["q_proj", "v_proj"]),), None),
        ((config(target_modules=["q_proj"]), "rename v_proj -> x"), None),  # not in the base
        ((config(target_modules=".*q_proj"),), None),
        (("config none",), None),
    ],
)
def test_trained_modules_are_added(lines: tuple[str, ...], found: list[str] | None) -> None:
    change = repaired("LC520", *lines)
    assert (change and config_of(change)["target_modules"]) == found
    assert not change or change.safe


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ((config(target_modules=["q_proj", "v_proj", "x"]),), ["q_proj", "v_proj"]),
        ((config(target_modules=["q_proj", "v_proj"]),), None),
        ((config(target_modules=["q_proj", "v_proj", "x"]), "base none"), None),
        ((config(target_modules=["q_proj", "v_proj", "x"]), "weights none"), None),
        ((config(target_modules=".*(q|v)_proj"),), None),
    ],
)
def test_dead_targets_are_removed(lines: tuple[str, ...], found: list[str] | None) -> None:
    change = repaired("LC618", *lines)
    assert (change and config_of(change)["target_modules"]) == found
    assert not change or change.safe


BIAS: Final = "tensor base_model.model.model.layers.0.self_attn.q_proj.{} F32 [24]"
BIASES: Final = [BIAS.format("bias").replace("q_proj", name) for name in ("q_proj", "o_proj")]


@pytest.mark.parametrize(
    ("lines", "has_biases"),
    [
        (("config {}",), False),
        ((BIAS.format("base_layer.bias"),), True),
        ((BIAS.format("bias"),), True),
        ((BIAS.format("lora_B.bias"),), False),
        (("tensor base_model.model.lm_head.weight F32 [32, 16]",), False),
        ((BIAS.format("bias"), config(modules_to_save=["q_proj"])), False),
        ((BIAS.format("bias"), config(modules_to_save=["v_proj"])), True),
        ((BIAS.format("bias"), config(modules_to_save=["v_proj", "q_proj"])), False),
        ((*BIASES, config(modules_to_save=["q_proj"])), True),
        (("weights none",), True),
        (("config none",), True),
    ],
)
def test_files_that_may_hold_biases(lines: tuple[str, ...], has_biases: bool) -> None:
    found = []
    changed(lambda subject, _: found.append(of_config._has_biases(subject)), *lines)
    assert found == [has_biases]
