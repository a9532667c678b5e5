"""Adapters without PEFT's prefix in their names: what PEFT applies is what is said of them."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Final

import pytest
import torch
import transformers
from peft import PeftModel
from safetensors.torch import load_file, save_file

from loracfg.adapter.tensor_names import PREFIX
from loracfg.base.architecture import Architecture
from loracfg.base.catalogue.index import layout_of
from loracfg.engine.fronts import validate
from loracfg.engine.options import Options
from loracfg.planning.spelling import adds_prefix
from loracfg.report.report import AdapterReport
from tests.made.make import Made, make
from tests.made.recipes import TARGETS, Recipe
from tests.zoo import tiny_model

pytestmark = pytest.mark.skipif(
    transformers.__version__.startswith("4."), reason="only transformers 5 has conversions"
)

FIRST: Final = "model.layers.0.self_attn.q_proj"
TARGETS_OF: Final = {name: list(one.attention) for name, one in TARGETS.items()} | {
    "mixtral": ["q_proj", "v_proj"],
    "gpt_oss": ["q_proj", "v_proj"],
}


def made(model_type: str, root: Path, **options: object) -> Made:
    recipe = Recipe({"target_modules": TARGETS_OF[model_type], **options})
    adapter = make(model_type, recipe, root, "adapter")
    assert isinstance(adapter, Made)
    return adapter


def rename(adapter: Made, names: set[str] | None = None) -> dict[str, torch.Tensor]:
    """Remove the prefix from names, all by default, and return the tensors."""
    path = adapter.adapter / "adapter_model.safetensors"
    state = load_file(path)
    wanted = set(state) if names is None else names
    new = {n.removeprefix(PREFIX) if n in wanted else n: one for n, one in state.items()}
    save_file(new, path)
    return state


def factors(model: torch.nn.Module) -> list[torch.Tensor]:
    return [one for name, one in sorted(model.state_dict().items()) if ".lora_" in name]


def applied(model_type: str, adapter: Path) -> int:
    """Return how many tensors of the file a model has after PEFT loaded the adapter."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of missing keys
        loaded = factors(PeftModel.from_pretrained(tiny_model(model_type), str(adapter)))
    held = {one.numpy().tobytes() for one in loaded}
    state = load_file(adapter / "adapter_model.safetensors")
    return sum(one.numpy().tobytes() in held for one in state.values())


def judged(adapter: Made) -> AdapterReport:
    return validate(adapter.adapter, Options(base=str(adapter.base))).adapters[0]


def errors(report: AdapterReport) -> list[str]:
    return [one.code for one in report.diagnostics if one.severity == "error"]


@pytest.mark.parametrize("model_type", TARGETS_OF)
@pytest.mark.parametrize("count", [1, None], ids=["one", "all"])
def test_names_without_the_prefix(model_type: str, count: int | None, tmp_path: Path) -> None:
    adapter = made(model_type, tmp_path, init_lora_weights=False)
    path = adapter.adapter / "adapter_model.safetensors"
    state = rename(adapter, set(list(load_file(path))[:count]))
    found, report = applied(model_type, adapter.adapter), judged(adapter)
    assert report.coverage.applied == found
    assert errors(report) == ([] if found == len(state) else ["LC502"])


def test_a_saved_module_needs_the_prefix(tmp_path: Path) -> None:
    adapter = made("mixtral", tmp_path, modules_to_save=["lm_head"])
    rename(adapter)
    report = judged(adapter)
    assert errors(report) == ["LC502"]
    (error,) = (one for one in report.diagnostics if one.severity == "error")
    assert (error.count, error.location.tensor) == (1, "lm_head.weight")


def test_other_prefixes_are_not_found_either(tmp_path: Path) -> None:
    adapter = made("mixtral", tmp_path, init_lora_weights=False)
    path = adapter.adapter / "adapter_model.safetensors"
    save_file({PREFIX + name: one for name, one in load_file(path).items()}, path)
    assert applied("mixtral", adapter.adapter) == 0
    assert errors(judged(adapter)) == ["LC502"]


def test_without_a_plan_the_names_that_may_be_found_are_not_reported(tmp_path: Path) -> None:
    adapter = made("mixtral", tmp_path)
    rename(adapter)
    config = adapter.adapter / "adapter_config.json"
    config.write_text(config.read_text().replace('"r": 4', '"r": "4"'))
    assert errors(judged(adapter)) == ["LC103"]


def test_older_releases_do_not_add_the_prefix(tmp_path: Path) -> None:
    adapter = made("mixtral", tmp_path)
    rename(adapter)
    report = judged(adapter)
    assert report.loads_in is not None
    assert report.loads_in["peft"] == ">=0.19"
    options = Options(base=str(adapter.base), peft="0.18.1")
    (older,) = validate(adapter.adapter, options).adapters
    (found,) = (one for one in older.diagnostics if one.code.startswith("LC2"))
    assert f"it ignores tensors whose names do not begin with `{PREFIX}`" in found.message


def test_the_types_whose_names_are_converted() -> None:
    from transformers.conversion_mapping import get_checkpoint_conversion_mapping

    layout = layout_of("5")
    wrong = []
    for model_type in layout.types:
        table = get_checkpoint_conversion_mapping(model_type)  # type: ignore[no-untyped-call]
        for name in layout.classes_of(model_type):
            rules = layout.renames(name)
            base = Architecture("catalogue", model_type, name, {}, renames=rules)
            if adds_prefix(base) is not (table is not None):
                wrong.append(name)
    assert wrong == ["PaddleOCRVLModel", "PixioBackbone", "Step3p7Model"]
