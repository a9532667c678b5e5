"""Single experts, as in transformers 4, and how PEFT converts adapters for them."""

from __future__ import annotations

import warnings
from copy import deepcopy
from pathlib import Path
from typing import Any, Final

import pytest

from loracfg.adapter.header.safetensors_file import read_safetensors
from loracfg.adapter.header.tensor import Shape, Tensor
from loracfg.base.architecture import Architecture, Kind
from loracfg.config.model.lora_config import LoraConfig
from loracfg.config.model.validation_context import FIELDS_ONLY
from loracfg.planning.build import build_plan
from loracfg.planning.experts import (
    LAYOUTS,
    PartialExpertsError,
    convert_targets,
    has_stacks,
    unstacked,
)
from loracfg.planning.patterns import PatternBudget
from loracfg.testing.memory_files import safetensors_bytes
from tests.planning.models import architecture, model_of

pytest.importorskip("peft", reason="PEFT loads the adapters")

STACKED: Final = ("mixtral", "qwen3_moe", "deepseek_v3")
LINEAR: Final = {
    "mixtral": ["w1", "w2", "w3", "q_proj"],
    "qwen3_moe": ["gate_proj", "up_proj", "down_proj", "o_proj"],
}


def parameters(base: Architecture) -> dict[str, Shape]:
    """Return the tensors of a base by name."""
    return {
        f"{path}.{name}": shape
        for path, module in base.modules.items()
        for name, shape in {**module.parameters, **module.buffers}.items()
    }


def test_layouts_are_those_of_peft() -> None:
    """PEFT reads transformers' table, which also names classes; a config has a type."""
    conversion = pytest.importorskip("peft.utils.transformers_weight_conversion")
    families = {
        name: conversion._MOE_TARGET_MODULE_MAPPING[family]
        for name, family in conversion._MODEL_TO_CONVERSION_PATTERN.items()
        if family in conversion._MOE_TARGET_MODULE_MAPPING and name.islower()
    }
    assert {name: layout.renamed for name, layout in LAYOUTS.items()} == families


@pytest.mark.parametrize("model", STACKED)
def test_unstacked_names_are_those_of_a_checkpoint(model: str, tmp_path: Path) -> None:
    """transformers 5 saves experts under the names that transformers 4 gave them."""
    base_model: Any = model_of(model)
    base_model.save_pretrained(tmp_path)
    path = tmp_path / "model.safetensors"
    with path.open("rb") as stream:
        header, _ = read_safetensors(stream, path.stat().st_size, path.name)
    assert header is not None
    base = architecture(model)
    assert has_stacks(base)
    ours = parameters(unstacked(base))
    assert ours == {name: tensor.shape for name, tensor in header.tensors.items()}
    assert ours != parameters(base)


@pytest.mark.parametrize("model", STACKED)
def test_unstacked_experts_are_linear_and_no_stack_is_left(model: str) -> None:
    base = unstacked(architecture(model))
    assert not has_stacks(base)
    layout = LAYOUTS[model]
    experts = [m for path, m in base.modules.items() if ".experts." in path and m.parameters]
    assert {m.path.rpartition(".")[2] for m in experts} == {layout.gate, layout.up, layout.down}
    assert {m.kind for m in experts} == {Kind.LINEAR}
    assert all(path == module.path for path, module in base.modules.items())


def test_a_base_of_no_known_layout_stays_as_it_is() -> None:
    for model in ("llama", "gpt_oss"):
        assert unstacked(architecture(model)) is architecture(model)


def write_adapter(folder: Path, config: LoraConfig, shapes: dict[str, Shape]) -> None:
    config.save_pretrained(folder)
    tensors = [Tensor(name, "F32", shape) for name, shape in shapes.items()]
    (folder / "adapter_model.safetensors").write_bytes(safetensors_bytes(tensors))


def missing_after_loading(model: str, folder: Path) -> list[str]:
    """Return the warnings with which PEFT says what it misses in an adapter."""
    from peft import PeftModel

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        PeftModel.from_pretrained(deepcopy(model_of(model)), str(folder))
    texts = [str(warning.message) for warning in caught]
    return [text for text in texts if "missing adapter keys" in text]


@pytest.mark.parametrize("model", LINEAR)
def test_peft_loads_what_is_planned_for_single_experts(model: str, tmp_path: Path) -> None:
    config = LoraConfig(target_modules=LINEAR[model], r=4)
    plan = build_plan(config, unstacked(architecture(model)), PatternBudget())
    assert plan.failures == ()
    shapes = {name: expected.shape for name, expected in plan.tensors.items()}
    assert sum(".experts.1." in name for name in shapes) > 0
    write_adapter(tmp_path, config, shapes)
    assert missing_after_loading(model, tmp_path) == []


@pytest.mark.parametrize("model", LINEAR)
def test_peft_misses_a_single_expert_that_is_left_out(model: str, tmp_path: Path) -> None:
    """Without this, the test above could pass for an adapter that PEFT ignores."""
    config = LoraConfig(target_modules=LINEAR[model], r=4)
    plan = build_plan(config, unstacked(architecture(model)), PatternBudget())
    shapes = {n: e.shape for n, e in plan.tensors.items() if ".experts." not in n}
    write_adapter(tmp_path, config, shapes)
    (warning,) = missing_after_loading(model, tmp_path)
    assert ".experts." in warning


@pytest.mark.parametrize(
    ("targets", "kept", "moved"),
    [
        (["q_proj"], ["q_proj"], []),
        (["w1", "w3"], [], ["gate_up_proj"]),
        (["w2", "q_proj"], ["q_proj"], ["down_proj"]),
        (["gate"], [], ["gate.weight"]),
        (["experts.0.w2"], [], ["down_proj"]),
        (r".*\.(w1|w3|v_proj)", ["v_proj"], ["gate_up_proj"]),
        (r".*nothing", r".*nothing", None),
    ],
)
def test_targets_in_experts_become_parameters(targets: Any, kept: Any, moved: Any) -> None:
    config = LoraConfig(target_modules=targets, r=3, lora_alpha=5)
    found = convert_targets(config, architecture("mixtral"), PatternBudget())
    assert (found.target_modules, found.target_parameters) == (kept, moved)
    fused = {"gate_up_proj"} <= set(moved or ())
    assert found.rank_pattern == ({r".*\.gate_up_proj": 6} if fused else {})
    assert found.alpha_pattern == ({r".*\.gate_up_proj": 10} if fused else {})


@pytest.mark.parametrize(("present", "missing"), [("w1", "w3"), ("w3", "w1")])
def test_half_of_a_fused_layer_is_refused(present: str, missing: str) -> None:
    config = LoraConfig.model_validate({"target_modules": [present]}, context=FIELDS_ONLY)
    with pytest.raises(PartialExpertsError, match=f"`{present}` is a target without `{missing}`"):
        convert_targets(config, architecture("mixtral"), PatternBudget())
