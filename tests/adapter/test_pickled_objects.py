"""Tensors as pickles describe them: read as torch reads them, refused where it refuses them."""

from __future__ import annotations

import io
import struct
import zipfile
from collections import OrderedDict
from typing import Any, Final

import pytest

from loracfg.adapter.header.tensor import Header, Tensor
from tests.adapter.test_pickled import (
    Reduced,
    loads_in_torch,
    on,
    read,
    rezipped,
    saved,
    with_pickle,
)

torch = pytest.importorskip("torch", reason="writes the files that are read here")
_utils = torch._utils

STORAGE: Final = torch.storage.TypedStorage(
    wrap_storage=torch.arange(6.0).untyped_storage(), dtype=torch.float32, _internal=True
)
HOOKS: Final[OrderedDict[str, Any]] = OrderedDict()
TENSOR: Final = torch.arange(6.0).reshape(2, 3)


def v2(*size: Any, strides: Any = (3, 1)) -> Reduced:
    """Return what is pickled as a tensor of a size and of strides."""
    return Reduced(_utils._rebuild_tensor_v2, STORAGE, 0, size, strides, False, HOOKS)


def v3(dtype: Any) -> Reduced:
    storage = torch.zeros(4, dtype=torch.uint8).untyped_storage()
    return Reduced(_utils._rebuild_tensor_v3, storage, 0, (2,), (1,), False, HOOKS, dtype, {})


READ: Final[dict[str, tuple[Any, str, tuple[int, ...]]]] = {
    "a size": (v2(2, 3), "F32", (2, 3)),
    "a parameter": (Reduced(_utils._rebuild_parameter, TENSOR, True, HOOKS), "F32", (2, 3)),
    "bits of a newer dtype": (v3(torch.float8_e4m3fn), "F8_E4M3", (2,)),
    "a dtype that safetensors lacks": (v3(torch.bits8), "bits8", (2,)),
}


@pytest.mark.parametrize("name", READ)
def test_a_tensor_is_read_as_torch_reads_it(name: str) -> None:
    value, dtype, shape = READ[name]
    data = saved({"a": value})
    assert torch.load(io.BytesIO(data), weights_only=True)["a"].shape == shape
    assert read(data)[0] == Header.of([Tensor("a", dtype, shape)])


REFUSED: Final[dict[str, tuple[Any, str]]] = {
    "fewer strides": (v2(2, 3, strides=(1,)), "a tensor has 2 sizes and 1 strides"),
    "size below 0": (v2(-2, 3), "a tensor has an invalid size"),
    "no number as size": (v2("2", 3), "a tensor has an invalid size"),
    "no dtype": (v3("float32"), "a tensor has no dtype"),
    "another name as dtype": (v3(torch.nn.Parameter), "a tensor has no dtype"),
    "requires_grad is 1": (Reduced(_utils._rebuild_parameter, TENSOR, 1, HOOKS), "true or false"),
    "a sparse tensor of numbers": (
        Reduced(_utils._rebuild_sparse_tensor, torch.sparse_coo, (TENSOR, 1, (2, 3))),
        "a sparse tensor has no values",
    ),
    "no tensor of a device": (
        Reduced(_utils._rebuild_device_tensor_from_cpu_tensor, 1, torch.float32, "cpu", False),
        "a tensor of a device has no data",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_tensor_is_refused_as_by_torch(name: str) -> None:
    value, words = REFUSED[name]
    data = saved({"a": value})
    assert not loads_in_torch(data)
    assert words in message(data)


def message(data: bytes) -> str:
    """Return the only thing that is wrong with a file."""
    (fault,) = read(data)[1]
    return fault.message


PAIRS: Final = b"ccollections\nOrderedDict\n](K\x01K\x02\x86e\x85R"


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        (b"ctorch\nFloatStorage\n)R", "`torch.FloatStorage` is called"),
        (b"}(K\x01\x90", "values are added to a dict"),
        (b"](K\x01\x90", "values are added to a list"),
        (b"ctorch\nFloatStorage\nK\x01a", "values are appended to `torch.FloatStorage`"),
        (b"\x8f(K\x01\x90K\x01K\x02s", "entries are set in a set"),
        (b"K\x01K\x02\x93", "the name of a global is not text"),
        (PAIRS + b"K\x01a", "a dict of pairs"),
    ],
)
def test_operations_that_torch_refuses_are_refused(payload: bytes, words: str) -> None:
    data = with_pickle(b"\x80\x02" + payload + b".")
    assert not loads_in_torch(data)
    assert words in message(data)


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        (PAIRS + b"K\x01K\x02s", "the file contains a dict of pairs, not a dict of tensors"),
        (b"ccollections\nCounter\n]\x85R", "the file contains a dict of pairs"),
        (b"ccollections\nCounter\n}K\x01K\x02s\x85R", "keys that are not strings (1)"),
    ],
)
def test_other_dicts_that_torch_reads_are_no_state_dicts(payload: bytes, words: str) -> None:
    data = with_pickle(b"\x80\x02" + payload + b".")
    assert loads_in_torch(data)
    assert words in message(data)


def test_data_used_with_two_sizes_are_refused() -> None:
    """As by torch 2.15; torch 2.13 reads the data as the first tensor that uses them."""
    two = saved({"a": torch.ones(3), "b": torch.ones(3, dtype=torch.float16)})
    same = on("/data.pkl", lambda data: data.replace(b"X\x01\0\0\x001", b"X\x01\0\0\x000"))
    words = "the data `0` has 12 bytes in one place and 6 in another"
    assert words in message(rezipped(two, same))


def test_sizes_in_an_extra_field_are_read_as_by_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    data = saved({"a": TENSOR})
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 0)
    wide = rezipped(data, lambda name, content: [(name, content)])
    assert b"PK\x06\x06" in wide
    assert loads_in_torch(wide)
    assert read(wide) == (Header.of([Tensor("a", "F32", (2, 3))]), [])


def test_an_archive_without_files_is_refused_as_by_torch() -> None:
    data = b"PK\x03\x04" + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0, 0, 0, 4, 0)
    assert not loads_in_torch(data)
    assert "the archive is empty" in message(data)
