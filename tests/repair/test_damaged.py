"""A repair of a damaged weight file is safe only if no other answer is possible."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("safetensors", reason="the library writes the files")

import torch
from safetensors.torch import load, save

from loracfg.adapter.directory import SAFETENSORS_NAME
from loracfg.engine.fixing import FixResult, fix
from loracfg.testing.memory_files import with_header

TENSORS = {
    f"{prefix}model.layers.{layer}.self_attn.q_proj.lora_{factor}.weight": torch.randn(4, 4)
    for prefix in ("base_model.model._orig_mod.",)
    for layer in (0, 1)
    for factor in "AB"
}
CONFIG = {"peft_type": "LORA", "r": 4, "lora_alpha": 8, "target_modules": ["q_proj"]}
Entries = dict[str, dict[str, list[int]]]


def parts() -> tuple[Entries, bytes]:
    """Return the entries of a sound file, and its data."""
    whole = save(TENSORS)
    end = 8 + int.from_bytes(whole[:8], "little")
    return json.loads(whole[8:end]), whole[end:]


def fixed(entries: Entries, data: bytes, folder: Path, *, unsafe: bool = False) -> FixResult:
    folder.mkdir(exist_ok=True)
    (folder / "adapter_config.json").write_text(json.dumps(CONFIG))
    header = json.dumps(entries).encode()
    (folder / SAFETENSORS_NAME).write_bytes(with_header(header) + data)
    return fix(folder, unsafe=unsafe)


def codes(repaired: FixResult) -> list[str]:
    return [step.code for step in repaired.steps]


@pytest.mark.parametrize("unsafe", [False, True])
def test_overlapping_tensors_are_not_repaired(tmp_path: Path, unsafe: bool) -> None:
    entries, data = parts()
    second = list(entries.values())[1]
    second["data_offsets"] = [at - 4 for at in second["data_offsets"]]
    repaired = fixed(entries, data, tmp_path, unsafe=unsafe)
    layout = {d.code for d in repaired.before.diagnostics if d.code.startswith("LC42")}
    assert layout == {"LC425"}  # the gap that it leaves is its other side
    assert repaired.steps == ()
    assert repaired.offered == ()


@pytest.mark.parametrize("unsafe", [False, True])
def test_a_tensor_of_the_wrong_size_is_not_repaired(tmp_path: Path, unsafe: bool) -> None:
    entries, data = parts()
    next(iter(entries.values()))["shape"] = [5, 4]
    assert fixed(entries, data, tmp_path, unsafe=unsafe).steps == ()


def test_zeros_between_tensors_are_padding(tmp_path: Path) -> None:
    entries, data = parts()
    for one in list(entries.values())[1:]:
        one["data_offsets"] = [at + 16 for at in one["data_offsets"]]
    repaired = fixed(entries, data[:64] + bytes(16) + data[64:] + bytes(8), tmp_path / "adapter")
    assert codes(repaired) == ["LC424", "LC500"]
    assert all(step.safe for step in repaired.steps)
    repaired.write(tmp_path / "fixed")
    found = load((tmp_path / "fixed" / SAFETENSORS_NAME).read_bytes())
    assert all(found[n.replace("_orig_mod.", "")].equal(one) for n, one in TENSORS.items())


def test_zeros_next_to_zeros_may_be_data(tmp_path: Path) -> None:
    entries, data = parts()
    repaired = fixed(entries, data[:4] + b"1234" + data[4:-8] + bytes(8), tmp_path)
    assert repaired.steps == ()
    assert [step.code for step in repaired.offered] == ["LC418"]


def test_what_is_not_padding_may_be_data(tmp_path: Path) -> None:
    """A tensor that is said to begin late has its first bytes in the gap."""
    entries, data = parts()
    last = list(entries.values())[-1]
    last["data_offsets"] = [at + 4 for at in last["data_offsets"]]
    repaired = fixed(entries, data + bytes(4), tmp_path)
    assert repaired.steps == ()
    assert [step.code for step in repaired.offered] == ["LC424"]
    assert "belong to a tensor" in repaired.offered[0].why


def test_of_a_tensor_that_is_named_twice_nobody_knows_the_data(tmp_path: Path) -> None:
    entries, data = parts()
    (first, _), (second, other) = list(entries.items())[:2]
    text = json.dumps({n: e for n, e in entries.items() if n != second})
    again = f"{text[:-1]}, {json.dumps(first)}: {json.dumps(other)}}}"
    (tmp_path / "adapter_config.json").write_text(json.dumps(CONFIG))
    (tmp_path / SAFETENSORS_NAME).write_bytes(with_header(again.encode()) + data)
    assert fix(tmp_path, unsafe=True).steps == ()
