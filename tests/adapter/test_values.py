"""Properties of tensor values agree with torch, for every dtype and block size."""

from __future__ import annotations

import io
import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import save, save_file

from loracfg.adapter import tensor_values as module
from loracfg.adapter.header.safetensors_file import read_safetensors
from loracfg.adapter.tensor_values import FORMATS, AdapterValues
from loracfg.engine.fronts import validate
from loracfg.engine.options import Options

DTYPES = {
    "F64": torch.float64,
    "F32": torch.float32,
    "BF16": torch.bfloat16,
    "F16": torch.float16,
    "F8_E5M2": torch.float8_e5m2,
    "F8_E4M3": torch.float8_e4m3fn,
}


def values_of(tensors: dict[str, torch.Tensor]) -> AdapterValues:
    data = save(tensors)
    header, faults = read_safetensors(io.BytesIO(data), len(data), "weights")
    assert header is not None
    assert not faults
    return AdapterValues(lambda: io.BytesIO(data), header)


def bits(dtype: torch.dtype) -> Any:
    width = torch.empty(0, dtype=dtype).element_size()
    return st.lists(st.integers(0, 2 ** (8 * width) - 1), min_size=1, max_size=40).map(
        lambda numbers: torch.tensor(
            [byte for n in numbers for byte in n.to_bytes(width, "little")], dtype=torch.uint8
        ).view(dtype)
    )


def test_every_dtype_is_tried() -> None:
    assert DTYPES.keys() == FORMATS.keys()


@pytest.mark.parametrize("name", DTYPES)
@settings(deadline=None)
@given(data=st.data(), block=st.integers(1, 9))
def test_values_are_torchs(name: str, data: st.DataObject, block: int) -> None:
    tensor = data.draw(bits(DTYPES[name]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_BLOCK_BYTES", block * 8)
        values = values_of({"a": tensor, "b": torch.ones(3)})
    found, plain = values.tensors["a"], tensor.to(torch.float64)
    assert found.not_finite == int((~plain.isfinite()).sum())
    assert found.is_zero == bool((plain == 0).all())
    as_floats = torch.from_numpy(values.array("a"))
    expected = tensor.to(torch.float32)
    assert torch.equal(as_floats.nan_to_num(7.0), expected.nan_to_num(7.0))
    if not found.not_finite:
        assert values.magnitude("a") == float(expected.abs().max())


@settings(deadline=None)
@given(st.lists(st.integers(0, 3), min_size=2, max_size=2), st.integers(0, 2000))
def test_equality_is_that_of_all_bytes(changes: list[int], at: int) -> None:
    one, two = torch.arange(2001.0), torch.arange(2001.0)
    two[at] += changes[0] - changes[1]
    values = values_of({"one": one, "two": two, "other": torch.arange(2002.0)})
    assert values.are_equal("one", "two") == (changes[0] == changes[1])
    assert not values.are_equal("one", "other")


def test_whole_numbers_are_left_out() -> None:
    assert values_of({"a": torch.arange(4), "b": torch.zeros(2)}).tensors.keys() == {"b"}


def test_empty_tensors_are_not_zero() -> None:
    assert not values_of({"a": torch.zeros(0), "b": torch.ones(1)}).tensors["a"].is_zero


def adapter_in(folder: Path) -> Path:
    """Write an adapter with two layers, of which a rule reads the values again."""
    name = "base_model.model.model.layers.{}.self_attn.q_proj.lora_{}.weight"
    factors = {"A": torch.ones(2, 4000), "B": torch.ones(4000, 2)}
    tensors = {name.format(n, p): one.clone() for n in range(2) for p, one in factors.items()}
    save_file(tensors, folder / "adapter_model.safetensors")
    config = {"peft_type": "LORA", "r": 2, "target_modules": ["q_proj"]}
    (folder / "adapter_config.json").write_text(json.dumps(config))
    return folder / "adapter_model.safetensors"


@pytest.mark.parametrize("place", ["_scan", "are_equal", "header"])
def test_a_file_that_shrinks_cannot_be_read(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mapped file would end the process."""
    path = adapter_in(tmp_path)
    owner, name = {
        "_scan": (module, "_scan"),
        "are_equal": (AdapterValues, "are_equal"),
        "header": (module, "read_head"),
    }[place]
    inner = getattr(owner, name)

    def shrink(*arguments: Any) -> Any:
        with path.open("r+b") as stream:
            stream.truncate(100 if place == "header" else 3000)
        return inner(*arguments)

    monkeypatch.setattr(owner, name, shrink)
    (report,) = validate(tmp_path, Options(data=True)).adapters
    assert report.status == "error"
    assert [d.code for d in report.diagnostics] == ["LC001"]
    assert "while it was read" in report.diagnostics[0].message


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "large.safetensors"
    save_file({str(n): torch.ones(4_000_000, dtype=torch.bfloat16) for n in range(8)}, path)
    with path.open("rb") as stream:
        header, _ = read_safetensors(stream, path.stat().st_size, "large")
    assert header is not None
    tracemalloc.start()
    AdapterValues(lambda: path.open("rb"), header)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000
