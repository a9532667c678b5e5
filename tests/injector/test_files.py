"""Directories that the injector reads and writes, and what it says of those that do not fit."""

from __future__ import annotations

import json
import subprocess
import sys
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import torch

pytest.importorskip("peft", reason="the injector is compared with PEFT")

from safetensors.torch import load_file, save_file

from loracfg.config.model.lora_config import LoraConfig
from loracfg.errors import LoracfgError
from loracfg.injector import inject, load, save, state_dict
from tests.planning.models import model_of

WEIGHTS = "adapter_model.safetensors"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    model = deepcopy(model_of("llama"))
    inject(model, LoraConfig(r=4, target_modules=["q_proj"]))
    save(model, tmp_path)
    return tmp_path


def loaded(folder: Path, **options: Any) -> Any:
    model = deepcopy(model_of("llama"))
    load(model, folder, **options)
    return model


def test_a_loaded_adapter_is_not_trained_unless_asked(folder: Path) -> None:
    assert not any(p.requires_grad for p in loaded(folder).parameters())
    assert sum(p.requires_grad for p in loaded(folder, trained=True).parameters()) == 4


def test_names_in_the_model_are_not_in_the_file(folder: Path, tmp_path: Path) -> None:
    model = loaded(folder, name="other")
    save(model, tmp_path / "again", "other")
    assert load_file(tmp_path / "again" / WEIGHTS).keys() == load_file(folder / WEIGHTS).keys()
    config = json.loads((tmp_path / "again/adapter_config.json").read_text())
    assert config == json.loads((folder / "adapter_config.json").read_text())


def test_values_survive(folder: Path, tmp_path: Path) -> None:
    model = loaded(folder)
    for tensor in state_dict(model).values():
        tensor.normal_()
    save(model, tmp_path / "again")
    again = state_dict(loaded(tmp_path / "again"))
    assert all(torch.equal(tensor, again[key]) for key, tensor in state_dict(model).items())


def test_pickled_weights_are_read(folder: Path) -> None:
    tensors = load_file(folder / WEIGHTS)
    torch.save(tensors, folder / "adapter_model.bin")
    (folder / WEIGHTS).unlink()
    found = state_dict(loaded(folder))
    assert all(torch.equal(tensor, found[key]) for key, tensor in tensors.items())


@pytest.mark.parametrize("ending", [".default.weight", ".weight"])
def test_other_names_that_peft_takes(folder: Path, ending: str) -> None:
    tensors = load_file(folder / WEIGHTS)
    renamed = {key.removesuffix(".weight") + ending: t for key, t in tensors.items()}
    save_file(renamed, folder / WEIGHTS)
    found = state_dict(loaded(folder))
    assert all(torch.equal(tensor, found[key]) for key, tensor in tensors.items())


def changed(folder: Path, **changes: torch.Tensor | None) -> None:
    tensors = load_file(folder / WEIGHTS)
    for end, value in changes.items():
        key = next(key for key in tensors if key.endswith(f"lora_{end}.weight"))
        if value is None:
            del tensors[key]
        else:
            tensors[key] = value
    save_file(tensors, folder / WEIGHTS)


def test_a_missing_tensor(folder: Path) -> None:
    changed(folder, A=None)
    with pytest.raises(LoracfgError, match=r"`.*lora_A.weight` is missing in the file \(1 missing"):
        loaded(folder)


def test_a_tensor_of_another_shape(folder: Path) -> None:
    changed(folder, B=torch.zeros(32, 5))
    with pytest.raises(LoracfgError, match=r"is `\(32, 5\)` in the file, not `\(32, 4\)`"):
        loaded(folder)


def test_a_tensor_that_nothing_takes(folder: Path) -> None:
    tensors = load_file(folder / WEIGHTS)
    save_file(tensors | {"base_model.model.other": torch.zeros(1)}, folder / WEIGHTS)
    with pytest.raises(
        LoracfgError, match=r"the model has no place for `base_model\.model\.other`"
    ):
        loaded(folder)


@pytest.mark.parametrize("content", [None, b"", b"no tensors"])
def test_weights_that_cannot_be_read(folder: Path, content: bytes | None) -> None:
    (folder / WEIGHTS).unlink()
    if content is not None:
        (folder / WEIGHTS).write_bytes(content)
    with pytest.raises(LoracfgError, match=r"the weights in `.*` cannot be read"):
        loaded(folder)


def test_a_folder_without_config(tmp_path: Path) -> None:
    with pytest.raises(LoracfgError):
        loaded(tmp_path)


def test_a_failed_load_leaves_the_model_alone(folder: Path) -> None:
    changed(folder, A=None)
    model = deepcopy(model_of("llama"))
    with pytest.raises(LoracfgError):
        load(model, folder)
    assert model.state_dict().keys() == model_of("llama").state_dict().keys()


def test_without_torch_the_extra_is_named() -> None:
    code = (
        "import sys, importlib.util as u\n"
        "real = u.find_spec\n"
        "u.find_spec = lambda name, *a: None if name == 'torch' else real(name, *a)\n"
        "import loracfg.injector"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "the injector needs torch; run `pip install 'loracfg[torch]'`" in done.stderr
