"""The tree of a model with adapters is the tree that it had before, and nothing is alarmed."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import Any, Final

import peft
import pytest
import torch

import loracfg
from loracfg.adapter.directory import read_adapter
from loracfg.adapter.files import Folder
from loracfg.base.from_library.live_model import architecture_of
from loracfg.base.from_library.unwrapped import base_of
from loracfg.engine.engine import Engine
from loracfg.training.live.adapted_model import adapted_model, adapter_in_memory, written_config
from loracfg.training.live.live_base import live_base
from loracfg.training.live.live_check import check
from loracfg.training.live.live_plan import live_plan
from tests.made.recipes import OPTIONS, TARGETS
from tests.training.live.runs import with_adapter
from tests.zoo import tiny_model

CASES: Final = [(model_type, option) for model_type in TARGETS for option in OPTIONS]
CHOSEN: Final = CASES if os.environ.get("LORACFG_PROFILE") == "long" else CASES[::25]
TOLD: Final = {"LC332", "LC609"}
"""What PEFT itself cannot load: LoRA-GA without its base, and OLoRA on a `Conv1D`."""
UNORDERED: Final = ("target_modules", "modules_to_save", "exclude_modules", "target_parameters")


def ordered(config: Any) -> dict[str, Any]:
    """Return a config with its sets in order: PEFT writes them in any."""
    return {
        key: sorted(one) if key in UNORDERED and isinstance(one, list) else one
        for key, one in config.items()
    }


@pytest.mark.parametrize(("model_type", "option"), CHOSEN)
def test_live_adapters_are_what_peft_saves(model_type: str, option: str, tmp_path: Path) -> None:
    recipe = OPTIONS[option](TARGETS[model_type])
    if recipe is None:
        pytest.skip("this type has no such module")
    try:
        base = tiny_model(model_type, recipe.head, **recipe.changes)
    except ValueError as error:
        pytest.skip(f"transformers has no such class: {error}"[:80])
    base = base.to(getattr(torch, recipe.dtype))
    before = architecture_of(base)
    try:
        model = with_adapter(base, base_model_name_or_path="a/base", **recipe.config)
    except (ValueError, AttributeError) as error:
        pytest.skip(f"PEFT refuses it: {error}"[:80])
    if option != "replicated-layers":
        assert architecture_of(model) == before
    trained = [one for one in model.parameters() if one.requires_grad]
    (report,) = check(model, optimizer=torch.optim.SGD(trained, 0.1)).adapters
    bad = {d.code for d in report.diagnostics if d.severity != "info"}
    assert bad <= TOLD
    assert report.status == ("undetermined" if option == "replicated-layers" else "valid") or bad

    live = adapted_model(model)
    text = written_config(live, "default")
    engine, base_of_model = Engine(), live_base(model, live.configs.values())
    sizes = live_plan(engine, text, base_of_model, report).sizes
    if base_of_model.architecture is None:
        assert sizes is None
    else:
        assert sizes is not None or bad
    if sizes is not None:
        counted = sizes.trainable_parameters, sizes.all_parameters
        assert counted == model.get_nb_trainable_parameters()

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.save_pretrained(str(tmp_path), save_embedding_layers=False)
    saved = read_adapter(Folder(tmp_path))
    read = adapter_in_memory(text, live.tensors("default"))
    assert saved.document is not None
    assert read.document is not None
    assert dict(read.tensors) == dict(saved.tensors)
    assert ordered(read.document.value) == ordered(saved.document.value)


def test_the_tree_below_the_wrappers_of_torch() -> None:
    base = tiny_model("llama")
    before = architecture_of(base)
    model = with_adapter(base)
    wrapped = torch.compile(model, backend="eager")
    assert isinstance(wrapped, torch.nn.Module)
    assert architecture_of(wrapped) == before
    assert base_of(wrapped) is base
    assert loracfg.check(wrapped).adapters[0].status == "valid"
    layer = base.model.layers[0]
    compiled = torch.compile(layer, backend="eager")
    assert isinstance(compiled, torch.nn.Module)
    base.model.layers[0] = compiled
    assert architecture_of(model) == before


def test_a_model_with_add_adapter() -> None:
    model = tiny_model("llama")
    before = architecture_of(model)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.add_adapter(peft.LoraConfig(target_modules=["q_proj"], task_type="CAUSAL_LM"))
    assert architecture_of(model) == before
    (report,) = loracfg.check(model).adapters
    assert report.status == "valid"
    assert report.coverage.applied == 4


def test_a_model_of_plain_torch() -> None:
    net = torch.nn.Sequential(torch.nn.Linear(6, 8), torch.nn.ReLU(), torch.nn.Linear(8, 2))
    model = with_adapter(net, target_modules=["0", "2"])
    (report,) = loracfg.check(model).adapters
    assert report.status == "valid"
    assert report.coverage.applied == 4
