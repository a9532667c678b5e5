"""Tensors of an option in only some layers do not enable the option for all layers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("safetensors", reason="the library writes the files")

import torch
from safetensors.torch import load_file, save_file

from loracfg.adapter.directory import SAFETENSORS_NAME
from loracfg.adapter.files import Folder
from loracfg.engine.engine import Engine
from loracfg.engine.fixing import FixResult, _check, fix
from loracfg.repair.draft import Draft

CONFIG = {"peft_type": "LORA", "r": 4, "lora_alpha": 8, "target_modules": ["q_proj"]}
LAYERS = [f"base_model.model.model.layers.{layer}.self_attn.q_proj" for layer in (0, 1)]


def repaired(folder: Path, ends: dict[str, int], layers: list[str], *, unsafe: bool) -> FixResult:
    """Repair an adapter of two layers that has more tensors on some of them."""
    tensors = {f"{path}.lora_{f}.weight": torch.ones(4, 4) for path in LAYERS for f in "AB"}
    tensors |= {f"{p}.{end}": torch.ones(size) for p in layers for end, size in ends.items()}
    folder.mkdir(exist_ok=True)
    (folder / "adapter_config.json").write_text(json.dumps(CONFIG))
    save_file(tensors, folder / SAFETENSORS_NAME)
    return fix(folder, unsafe=unsafe)


@pytest.mark.parametrize("end", ["lora_magnitude_vector", "lora_magnitude_vector.weight"])
def test_magnitudes_of_every_layer_show_dora(end: str, tmp_path: Path) -> None:
    found = repaired(tmp_path, {end: 4}, LAYERS, unsafe=False)
    assert [(step.code, step.safe) for step in found.steps] == [("LC513", True)]


def test_biases_of_every_layer_show_their_option(tmp_path: Path) -> None:
    found = repaired(tmp_path, {"lora_B.bias": 4}, LAYERS, unsafe=False)
    assert [(step.code, step.safe) for step in found.steps] == [("LC515", True)]


@pytest.mark.parametrize(
    ("end", "size", "layers", "code"),
    [
        ("lora_magnitude_vector", 4, LAYERS[:1], "LC513"),
        ("lora_magnitude_vector.weight", 4, LAYERS[1:], "LC513"),
        ("lora_magnitude_vector", 5, LAYERS, "LC513"),
        ("lora_magnitude_vector", 4, [*LAYERS, LAYERS[0].replace("q_", "k_")], "LC513"),
        ("lora_B.bias", 4, LAYERS[:1], "LC515"),
        ("lora_B.bias", 3, LAYERS, "LC515"),
    ],
)
def test_those_of_some_layers_do_not(
    end: str, size: int, layers: list[str], code: str, tmp_path: Path
) -> None:
    assert repaired(tmp_path / "safe", {end: size}, layers, unsafe=False).steps == ()
    found = repaired(tmp_path / "any", {end: size}, layers, unsafe=True)
    assert [(step.code, step.safe) for step in found.steps] == [(code, False)]
    assert len(load_file(tmp_path / "any" / SAFETENSORS_NAME)) == 4 + len(layers)  # until written
    found.write(tmp_path / "out")
    assert len(load_file(tmp_path / "out" / SAFETENSORS_NAME)) == 4


def test_a_bias_of_the_first_factor_is_of_no_option(tmp_path: Path) -> None:
    found = repaired(tmp_path, {"lora_A.bias": 4}, LAYERS, unsafe=True)
    assert "LC515" not in {d.code for d in found.before.diagnostics}


def test_a_change_that_leaves_nothing_is_none(tmp_path: Path) -> None:
    repaired(tmp_path, {}, LAYERS, unsafe=False)
    before = _check(Draft(Folder(tmp_path)), Engine())
    assert before.loaded.tensors
    emptied = _check(before.loaded.without_tensors(tuple(before.loaded.tensors)), Engine())
    assert emptied.loses(before)
    assert not before.loses(emptied)
