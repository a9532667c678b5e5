"""Adapters with the module names of older transformers: what PEFT applies is what is said of it."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
import torch
import transformers
from peft import PeftModel
from safetensors.torch import save_file

from loracfg.base.architecture import Kind
from loracfg.base.catalogue import lookup
from loracfg.engine.fronts import validate
from loracfg.engine.options import Options
from loracfg.report.report import AdapterReport, Diagnostic
from tests.made.multimodal import CONFIGS, before_452

pytestmark = pytest.mark.skipif(
    transformers.__version__.startswith("4."), reason="only transformers 5 renames modules"
)

LEAVES: Final = ("q_proj", "v_proj", "qkv")

State = dict[str, torch.Tensor]

UNRENAMED: Final = frozenset(
    (
        "InternVLForConditionalGeneration",
        "LlavaForConditionalGeneration with Pixtral",
        "Mistral3ForConditionalGeneration",
        "MllamaForConditionalGeneration",
        "Qwen2VLForConditionalGeneration",
        "Qwen2_5_VLForConditionalGeneration",
    )
)
"""Those of which PEFT 0.21.2 does not find all modules under their names before 4.52."""


def older_state(case: str, rename: Callable[[str], str] = str) -> State:
    """Return factors for the attention of all models inside, named as in transformers 4.57."""
    tree = lookup.build(CONFIGS[case], case.split()[0], "4")
    made = torch.Generator().manual_seed(0)
    state = {}
    for path, module in tree.modules.items():
        if module.kind is Kind.LINEAR and path.endswith(LEAVES):
            into, out = module.features
            name = f"base_model.model.{rename(path)}"
            state[f"{name}.lora_A.weight"] = torch.randn(4, into, generator=made)
            state[f"{name}.lora_B.weight"] = torch.randn(out, 4, generator=made)
    return state


def write(folder: Path, case: str, state: State, saved_class: str | None = None) -> None:
    """Write an adapter, and the config of its base."""
    class_name = case.split()[0]
    (folder / "base").mkdir(parents=True)
    base = CONFIGS[case] | {"architectures": [class_name]}
    (folder / "base" / "config.json").write_text(json.dumps(base))
    save_file(state, folder / "adapter_model.safetensors")
    config: dict[str, Any] = {
        "peft_type": "LORA",
        "r": 4,
        "lora_alpha": 8,
        "target_modules": sorted({name.split(".")[-3] for name in state}),
        "base_model_name_or_path": "example/base",
    }
    if saved_class:
        config["auto_mapping"] = {"base_model_class": saved_class, "parent_library": "transformers"}
    (folder / "adapter_config.json").write_text(json.dumps(config))


def applied(folder: Path, case: str, state: State) -> set[str]:
    """Return the tensors of the file that a model has after PEFT loaded the adapter."""
    config = transformers.AutoConfig.for_model(**CONFIGS[case])
    model = getattr(transformers, case.split()[0])(config)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of missing keys
        loaded = PeftModel.from_pretrained(model, str(folder)).state_dict()
    held = {tensor.numpy().tobytes() for name, tensor in loaded.items() if ".lora_" in name}
    return {name for name, tensor in state.items() if tensor.numpy().tobytes() in held}


def judged(folder: Path) -> AdapterReport:
    options = Options(base=str(folder / "base" / "config.json"))
    return validate(folder, options).adapters[0]


def errors(report: AdapterReport) -> list[Diagnostic]:
    return [one for one in report.diagnostics if one.severity == "error"]


@pytest.mark.parametrize("case", CONFIGS)
def test_names_of_transformers_457(tmp_path: Path, case: str) -> None:
    state = older_state(case)
    write(tmp_path, case, state, saved_class=case.split()[0])
    report = judged(tmp_path)
    assert applied(tmp_path, case, state) == state.keys()
    assert report.status == "valid", report.diagnostics
    assert report.coverage.applied == len(state)
    assert report.base is not None
    assert report.base.class_name == case.split()[0]
    assert {one.code for one in report.diagnostics} <= {"LC622", "LC631"}


@pytest.mark.parametrize("case", CONFIGS)
def test_names_before_transformers_452(tmp_path: Path, case: str) -> None:
    state = older_state(case, lambda path: before_452(path, case))
    write(tmp_path, case, state)
    report = judged(tmp_path)
    found = applied(tmp_path, case, state)
    assert report.coverage.applied == len(found)
    assert (found < state.keys()) is (case in UNRENAMED)
    assert report.status == ("invalid" if case in UNRENAMED else "valid")


@pytest.mark.parametrize("case", sorted(UNRENAMED))
def test_a_renaming_that_is_advised_maps_all(tmp_path: Path, case: str) -> None:
    state = older_state(case, lambda path: before_452(path, case))
    write(tmp_path / "before", case, state)
    (error,) = errors(judged(tmp_path / "before"))
    assert error.code == "LC602"
    assert "maps all of them" in error.help
    changes = re.findall(r"`(\S+)` -> `(\S+)`", error.help)
    assert changes
    renamed = {_changed(name, changes): tensor for name, tensor in state.items()}
    write(tmp_path / "after", case, renamed)
    assert applied(tmp_path / "after", case, renamed) == renamed.keys()
    assert judged(tmp_path / "after").status == "valid"


def _changed(name: str, changes: list[tuple[str, str]]) -> str:
    path = name.removeprefix("base_model.model.")
    for old, new in changes:
        if path.startswith(f"{old}."):
            return f"base_model.model.{new}{path.removeprefix(old)}"
    return name


def test_a_bare_class_is_named(tmp_path: Path) -> None:
    case = "Qwen2VLForConditionalGeneration"
    write(tmp_path, case, older_state(case, lambda path: path.removeprefix("model.")))
    (error,) = errors(judged(tmp_path))
    assert error.message == f"the names of all 6 modules fit `Qwen2VLModel`, but none fits `{case}`"
    assert "adding the prefix `model.` maps all of them" in error.help


def test_a_class_is_named_whose_names_peft_translates(tmp_path: Path) -> None:
    case = "Mistral3ForConditionalGeneration"
    write(tmp_path, case, older_state(case, lambda path: before_452(path, case)))
    (error,) = errors(judged(tmp_path))
    assert (
        error.message == f"the names of all 8 modules fit `Mistral3Model`, but only 4 fit `{case}`"
    )
    assert "`vision_tower` -> `model.vision_tower` maps all of them" in error.help


def factors(path: str, size: int) -> State:
    """Return the factors of a square layer."""
    name = f"base_model.model.{path}"
    return {
        f"{name}.lora_A.weight": torch.ones(4, size),
        f"{name}.lora_B.weight": torch.ones(size, 4),
    }


VISION: Final[dict[str, Any]] = {
    "hidden_size": 32,
    "intermediate_size": 56,
    "num_hidden_layers": 1,
    "num_attention_heads": 4,
    "image_size": 24,
    "patch_size": 6,
}


def of_one_model(folder: Path, base: dict[str, Any], state: State) -> Diagnostic:
    """Return the only error in an adapter of a model that is not in `CONFIGS`."""
    case = next(iter(CONFIGS))
    write(folder, case, state)
    (folder / "base" / "config.json").write_text(json.dumps(VISION | base))
    (error,) = errors(judged(folder))
    return error


def test_the_same_class_of_transformers_4_is_named_before_other_classes(tmp_path: Path) -> None:
    base = {"model_type": "clip_vision_model", "architectures": ["CLIPVisionModel"]}
    state = factors("vision_model.encoder.layers.0.self_attn.q_proj", 32)
    error = of_one_model(tmp_path, base, state)
    assert error.message == (
        "the name of 1 module fits `CLIPVisionModel` of transformers 4, but none fits "
        "`CLIPVisionModel` of transformers 5"
    )
    assert "`vision_model.encoder` -> `encoder` maps all of them" in error.help


def test_targets_of_transformers_4(tmp_path: Path) -> None:
    base = {"model_type": "vit", "architectures": ["ViTModel"]}
    state = factors("encoder.layer.0.attention.attention.query", 32)
    error = of_one_model(tmp_path, base, state)
    assert error.code == "LC601"
    assert error.help.startswith("load it on a `ViTModel` of transformers 4")


def test_targets_that_no_class_has(tmp_path: Path) -> None:
    base = {"model_type": "vit", "architectures": ["ViTModel"]}
    state = factors("layers.0.attention.q_proj", 32)
    write(tmp_path, next(iter(CONFIGS)), state)
    (tmp_path / "base" / "config.json").write_text(json.dumps(VISION | base))
    path = tmp_path / "adapter_config.json"
    path.write_text(path.read_text().replace('"q_proj"', '"query"'))
    assert "load it on" not in " ".join(error.help for error in errors(judged(tmp_path)))
