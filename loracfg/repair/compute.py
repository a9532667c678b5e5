"""Compute the bytes of tensors that are not simply copied, with numpy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from loracfg.adapter.header.safetensors_file import DTYPE_BITS, bytes_of
from loracfg.adapter.tensor_values import floats_of, numpy_module
from loracfg.repair.tensor_data import (
    Cast,
    Concatenation,
    RowSlice,
    Scale,
    StoredTensor,
    TensorSource,
    Transpose,
    Zeros,
)

Read = Callable[[StoredTensor], bytes]
"""Returns the data of a tensor in a file."""

CASTS: Final = ("F32", "F16", "BF16")
"""The dtypes that tensors can be cast to."""
_LARGEST: Final = {
    "F8_E4M3": 448.0,
    "F8_E5M2": 57344.0,
    "F16": 65504.0,
    "BF16": 3.3895e38,
    "F32": 3.4028e38,
    "F64": 1.7976e308,
}
"""The largest finite number of each dtype, rounded."""
_FLOATS: Final = {"F64": "<f8", "F32": "<f4", "F16": "<f2"}


def compute(source: TensorSource, read: Read) -> bytes:
    """Return the data of a tensor.

    Raises:
        LoracfgError: numpy is not installed.
    """
    match source:
        case StoredTensor():
            return read(source)
        case Concatenation(sources):
            return b"".join(compute(one, read) for one in sources)
        case Zeros(dtype, shape):
            return bytes(bytes_of(dtype, shape))
        case RowSlice(StoredTensor() as stored, first, end):
            return read(stored.rows(first, end))
        case RowSlice(inner, first, end):
            width = bytes_of(inner.dtype, (1, *inner.shape[1:]))
            return compute(inner, read)[first * width : end * width]
        case Transpose(inner, parts, axes, _):
            block = _elements(compute(inner, read), inner.dtype).reshape(parts).transpose(axes)
            data: bytes = block.tobytes()
            return data
        case Scale(inner, factor):
            values = _values(compute(inner, read), inner.dtype)
            return _rounded(values * factor, inner.dtype)
        case Cast(inner, dtype):
            return _rounded(_values(compute(inner, read), inner.dtype), dtype)


def find_overflow(source: TensorSource, read: Read) -> Cast | Scale | None:
    """Return the first cast or scaling of a tensor that makes a finite value infinite, if any."""
    match source:
        case StoredTensor() | Zeros():
            return None
        case Concatenation(sources):
            found = (find_overflow(one, read) for one in sources)
            return next((step for step in found if step is not None), None)
        case RowSlice(inner) | Transpose(inner):
            return find_overflow(inner, read)
        case Cast(inner, dtype) if _LARGEST[inner.dtype] <= _LARGEST[dtype]:
            return find_overflow(inner, read)
        case Cast() | Scale():
            earlier = find_overflow(source.source, read)
            return earlier or (None if _stays_finite(source.source, source, read) else source)


def _stays_finite(inner: TensorSource, outer: TensorSource, read: Read) -> bool:
    """Tell whether all finite values stay finite when they are cast or scaled."""
    numpy = numpy_module()
    before, after = (_values(compute(one, read), one.dtype) for one in (inner, outer))
    return not (numpy.isfinite(before) & numpy.isinf(after)).any()


def _elements(raw: bytes, dtype: str) -> Any:
    """Return elements as raw bytes of their width, to be moved but not computed with."""
    width = DTYPE_BITS[dtype] // 8
    return numpy_module().frombuffer(raw, f"V{width}")


def _values(raw: bytes, dtype: str) -> Any:
    """Return the numbers as float64."""
    numpy = numpy_module()
    if dtype == "F64":
        return numpy.frombuffer(raw, "<f8")
    with numpy.errstate(invalid="ignore"):  # a signalling NaN becomes a quiet one
        return floats_of(numpy, raw, dtype).astype("<f8")


def _rounded(values: Any, dtype: str) -> bytes:
    numpy = numpy_module()
    with numpy.errstate(all="ignore"):  # too large for the dtype: infinite
        if dtype == "BF16":
            return _to_bfloat16(numpy, values.astype("<f4"))
        data: bytes = values.astype(_FLOATS[dtype]).tobytes()
        return data


def _to_bfloat16(numpy: Any, values: Any) -> bytes:
    """Round to nearest, ties to even; NaN (quiet by now) stays NaN."""
    bits = values.view("<u4").astype("<u8")
    rounded = (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16
    data: bytes = numpy.where(numpy.isnan(values), bits >> 16, rounded).astype("<u2").tobytes()
    return data
