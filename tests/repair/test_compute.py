"""Computed tensors equal those that torch computes."""

from __future__ import annotations

from io import BytesIO
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loracfg.repair.compute import CASTS, compute, find_overflow
from loracfg.repair.tensor_data import (
    Cast,
    Concatenation,
    RowSlice,
    Scale,
    StoredTensor,
    Transpose,
    Zeros,
    transposed,
)

torch = pytest.importorskip("torch", reason="torch is what is compared with")

DTYPES: Final = {"F64": torch.float64, "F32": torch.float32} | {
    "F16": torch.float16,
    "BF16": torch.bfloat16,
}


def raw(tensor: Any) -> bytes:
    return bytes(tensor.contiguous().flatten().view(torch.uint8).numpy())


def given_as(tensor: Any, dtype: str) -> tuple[StoredTensor, Any]:
    data = raw(tensor)

    def read(stored: StoredTensor) -> bytes:
        stream = BytesIO(data)
        stream.seek(stored.begin)
        size = tensor.element_size()
        for count in stored.shape:
            size *= count
        return stream.read(size)

    return StoredTensor("file", 0, dtype, tuple(tensor.shape)), read


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("wanted", CASTS)
@given(st.lists(st.floats(width=32), min_size=1, max_size=20))
def test_casts(dtype: str, wanted: str, values: list[float]) -> None:
    tensor = torch.tensor(values, dtype=torch.float64).to(DTYPES[dtype])
    stored, read = given_as(tensor, dtype)
    found = torch.frombuffer(bytearray(compute(Cast(stored, wanted), read)), dtype=DTYPES[wanted])
    theirs = tensor.to(DTYPES[wanted])
    assert torch.equal(found.isnan(), theirs.isnan())
    assert torch.equal(found.nan_to_num(), theirs.nan_to_num())


@pytest.mark.parametrize("dtype", DTYPES)
def test_turns(dtype: str) -> None:
    tensor = torch.randn(6, 10).to(DTYPES[dtype])
    stored, read = given_as(tensor, dtype)
    assert compute(transposed(stored), read) == raw(tensor.T)
    turned = Transpose(stored, (2, 3, 10), (2, 1, 0), (10, 6))
    theirs = tensor.reshape(2, 3, 10).permute(2, 1, 0).reshape(10, 6)
    assert compute(turned, read) == raw(theirs)
    assert (turned.dtype, turned.shape) == (dtype, (10, 6))


def test_joins_and_rows() -> None:
    tensor = torch.randn(6, 4)
    stored, read = given_as(tensor, "F32")
    joined = Concatenation((stored.rows(4, 6), stored.rows(0, 1)))
    assert joined.shape == (3, 4)
    assert compute(joined, read) == raw(torch.cat([tensor[4:6], tensor[:1]]))


@pytest.mark.parametrize("dtype", ["F32", "F16", "BF16"])
@pytest.mark.parametrize("factor", [4.0, 0.25, -1.0])
def test_scales_by_powers_of_two_exactly(dtype: str, factor: float) -> None:
    tensor = torch.randn(5, 3).to(DTYPES[dtype])
    stored, read = given_as(tensor, dtype)
    assert compute(Scale(stored, factor), read) == raw(tensor * factor)


@pytest.mark.parametrize(
    ("value", "dtype", "wanted", "is_too_large"),
    [
        (1e5, "F32", "F16", True),
        (65519.0, "F32", "F16", False),  # rounded to the largest
        (65520.0, "F32", "F16", True),
        (-1e5, "BF16", "F16", True),
        (1e5, "F32", "BF16", False),
        (3.4e38, "F32", "BF16", True),
        (1e300, "F64", "F32", True),
        (1e300, "F64", "BF16", True),
        (float("inf"), "F32", "F16", False),
        (float("nan"), "F32", "F16", False),
        (65504.0, "F16", "F32", False),
    ],
)
def test_values_beyond_a_dtype(value: float, dtype: str, wanted: str, is_too_large: bool) -> None:
    stored, read = given_as(torch.tensor([[0.5, value]], dtype=DTYPES[dtype]), dtype)
    cast = Cast(stored, wanted)
    assert (find_overflow(cast, read) is cast) == is_too_large
    for source in (
        transposed(cast),
        Concatenation((stored, cast)),
        RowSlice(cast, 0, 1),
        Cast(cast, "F32"),
    ):
        assert (find_overflow(source, read) is cast) == is_too_large


def test_values_that_are_too_large_once_scaled() -> None:
    stored, read = given_as(torch.tensor([30000.0], dtype=torch.float16), "F16")
    scaled = Scale(stored, 4.0)
    assert find_overflow(Cast(scaled, "F32"), read) is scaled
    assert find_overflow(Cast(Scale(stored, 2.0), "BF16"), read) is None
    assert find_overflow(Zeros("F32", (2,)), read) is find_overflow(stored, read) is None
