"""Which classes an adapter may be said to be for: those that auto classes give, or that are named.

Classes that only a name leads to are not proposed, whatever their modules are called.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import transformers
from transformers.models.auto import configuration_auto, modeling_auto

from loracfg import Options, validate
from loracfg.base.architecture import Architecture, Kind, Module
from loracfg.base.catalogue import lookup
from loracfg.base.finding.base_folder import BaseFiles
from loracfg.base.from_library import built as builder
from loracfg.base.resolve import resolve_base
from loracfg.base.search import BaseRequest, ResolvedBase, UploadedBase
from tests.base.headers import Entry, write_checkpoint
from tests.base.law import LAYOUT
from tests.corpus import shared

PATH = "layers.0.q_proj"
SIZES = {"num_hidden_layers": 2, "hidden_size": 32, "intermediate_size": 48}
GEMMA4: dict[str, Any] = {
    "model_type": "gemma4",
    "architectures": ["Gemma4ForConditionalGeneration"],
    "text_config": {"model_type": "gemma4_text", **SIZES, "vocab_size": 99, "head_dim": 8},
    "vision_config": {"model_type": "gemma4_vision", **SIZES, "num_hidden_layers": 1},
    "audio_config": None,
}
JEV: dict[str, Any] = {"model_type": "jev", "text_config": {"model_type": "qwen2", **SIZES}}


def resolve(config: dict[str, Any], *paths: str, **more: Any) -> ResolvedBase:
    given = UploadedBase(BaseFiles(config, None, "config.json"))
    return resolve_base(BaseRequest(given=given, paths=frozenset(paths), **more))


def write_adapter(folder: Path, tree: Architecture, *names: str) -> None:
    """Write a LoRA of rank 2 for the linear layers with these last names."""
    entries: dict[str, Entry] = {}
    for path, module in tree.modules.items():
        if module.kind is Kind.LINEAR and path.endswith(names):
            into, out = module.features
            entries[f"base_model.model.{path}.lora_A.weight"] = ("F32", (2, into))
            entries[f"base_model.model.{path}.lora_B.weight"] = ("F32", (out, 2))
    write_checkpoint(folder / "adapter_model.safetensors", entries)
    config = {"peft_type": "LORA", "task_type": "CAUSAL_LM", "r": 2, "target_modules": [*names]}
    (folder / "adapter_config.json").write_text(json.dumps(config))


def test_an_adapter_of_the_text_model_is_for_the_class_that_an_auto_class_gives(
    tmp_path: Path,
) -> None:
    text = lookup.build(GEMMA4["text_config"], "Gemma4ForCausalLM")
    write_adapter(tmp_path, text, "q_proj", "v_proj", "down_proj")
    (tmp_path / "config.json").write_text(json.dumps(GEMMA4))
    (report,) = validate(tmp_path, Options(base=str(tmp_path / "config.json"))).adapters
    (found,) = (one for one in report.diagnostics if one.code == "LC602")

    assert found.message == (
        "the names of all 6 modules fit `Gemma4ForCausalLM`, but none fits "
        "`Gemma4ForConditionalGeneration`"
    )
    assert found.help.startswith("load the adapter on a `Gemma4ForCausalLM`, or rename")


def test_a_head_of_another_model_is_not_for_this_one() -> None:
    assert "JevForDecision" in lookup.classes("gemma4")
    assert "JevForDecision" not in lookup.other_classes(GEMMA4)
    assert lookup.other_classes(JEV)[0] == "JevForDecision"


@pytest.mark.skipif(not hasattr(transformers, "JevConfig"), reason="its transformers has no JEV")
def test_nor_is_it_with_transformers() -> None:
    assert "JevForDecision" in builder.mapped_classes(GEMMA4)
    assert "JevForDecision" not in builder.other_classes(GEMMA4)
    assert "JevForDecision" in builder.other_classes(JEV)


def test_a_class_of_another_name_is_given_too() -> None:
    assert "LlamaForCausalLM" in lookup.other_classes({"model_type": "internlm3"})


def test_a_type_that_no_auto_class_takes_needs_a_name() -> None:
    config = {"model_type": "rag"}

    assert resolve(config, PATH).not_checked == (
        f"no auto class of {lookup.library()} supports the model type `rag`, and neither the "
        f"config "
        "nor the adapter names a class",
    )
    assert resolve(config, PATH, class_name="RagModel").not_checked != (
        resolve(config, PATH).not_checked
    )


def given_by_auto_classes(config: dict[str, Any]) -> set[str]:
    """Return the classes that any auto class gives for the model types in a config."""
    autos: list[Any] = [one for one in vars(modeling_auto).values() if isinstance(one, type)]
    picked = [getattr(one, "_model_mapping", None) for one in autos]
    mappings = [one._model_mapping for one in picked if one is not None]
    configs: dict[str, str] = vars(configuration_auto)["CONFIG_MAPPING_NAMES"]
    found: set[str] = set()
    for model_type, _ in lookup.candidates(config):
        own = configs.get(model_type)
        alike = [model_type, *(one for one, name in configs.items() if own and name == own)]
        for names in (mapping[one] for mapping in mappings for one in alike if one in mapping):
            found |= {names} if isinstance(names, str) else {*names}
    return found


def published() -> list[dict[str, Any]]:
    found = [json.loads(p.read_text("utf-8")) for p in shared("corpus/base_configs").glob("*.json")]
    return [config for config in found if lookup.knows(config)]


@pytest.fixture
def fitting(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list: the catalogue's trees of the classes in it have the module, no others."""
    names: list[str] = []

    def build(config: dict[str, Any], name: str, *_: Any, **__: Any) -> Architecture:
        paths = (PATH,) if name in names else ()
        modules = {p: Module(p, Kind.LINEAR, "Linear", {"weight": (1, 1)}) for p in paths}
        return Architecture("catalogue", config["model_type"], name, modules)

    monkeypatch.setattr(lookup, "build", build)
    return names


def test_no_class_is_proposed_that_no_auto_class_gives(fitting: list[str]) -> None:
    """Let each class of the published configs, in turn, be the only one that fits."""
    layout = None if LAYOUT == "5" else LAYOUT
    tried = 0
    for config in published():
        allowed = given_by_auto_classes(config) | {*config.get("architectures", ())}
        types = [one for one, _ in lookup.candidates(config)]
        for name in {name for one in types for name in lookup.classes(one, LAYOUT)}:
            fitting[:] = [name]
            found = resolve(config, PATH)
            proposed = {one.class_name for one in found.alternatives if one.layout == layout}
            if found.architecture:
                proposed.add(str(found.architecture.class_name))
            assert proposed <= allowed, (config["model_type"], proposed - allowed)
            tried += 1
    assert tried > 100


def test_classes_that_nothing_names_and_that_do_not_fit_are_a_reason() -> None:
    found = resolve({"model_type": "clip"}, PATH)

    assert found.architecture is None
    assert "`CLIPModel` has 0 of 1" in found.not_checked[0]
