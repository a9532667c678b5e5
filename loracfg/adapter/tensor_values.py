"""Examine the values of tensors in one pass over the file with numpy, as fast as memory allows.

Without the sign bit, floating-point numbers are ordered like their bits as integers. So the largest
bits of a tensor show its largest magnitude, whether all values are zero, and whether any value is
infinite or NaN.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from errno import EIO
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from loracfg.adapter.header.extents import extents_of
from loracfg.adapter.header.other_formats import read_exactly
from loracfg.adapter.header.safetensors_file import read_head
from loracfg.adapter.header.scalars import number_in
from loracfg.adapter.header.tensor import Header
from loracfg.errors import LoracfgError
from loracfg.named_tuple import NamedTuple

if TYPE_CHECKING:
    from types import ModuleType

    import numpy as np
    from numpy.typing import NDArray


_BLOCK_BYTES: Final = 512 * 1024
"""The bytes to read at a time; they fit into the cache of a processor."""
_ENDS: Final = 256


class _Format(NamedTuple):
    """A floating-point dtype: its width in bytes, the mask without the sign bit, and infinity."""

    width: int
    magnitude: int
    infinite: int


FORMATS: Final = {
    "F64": _Format(8, 0x7FFF_FFFF_FFFF_FFFF, 0x7FF0_0000_0000_0000),
    "F32": _Format(4, 0x7FFF_FFFF, 0x7F80_0000),
    "BF16": _Format(2, 0x7FFF, 0x7F80),
    "F16": _Format(2, 0x7FFF, 0x7C00),
    "F8_E5M2": _Format(1, 0x7F, 0x7C),
    "F8_E4M3": _Format(1, 0x7F, 0x7F),
}
"""The dtypes whose values are examined; `F8_E4M3` has NaN in the place of infinity."""

_LARGEST_NUMBER: Final = 8
"""The maximum bytes of a single number."""


class TensorValues(NamedTuple):
    """Properties of the values of a tensor.

    `largest` is the largest magnitude as bits, and `not_finite` is the number of values that are
    infinite or NaN. `at` is the offset of the data in the file, and `size` is its length in bytes.
    `ends` are its first and last bytes, to find tensors that may be equal.
    """

    dtype: str
    largest: int
    not_finite: int
    at: int
    size: int
    ends: bytes

    @property
    def is_zero(self) -> bool:
        """Whether every value is zero."""
        return self.largest == 0 and self.size > 0


class AdapterValues:
    """The values of all floating-point tensors in a safetensors file."""

    def __init__(self, open_file: Callable[[], BinaryIO], header: Header) -> None:
        """Read the file once.

        Raises:
            OSError: the file cannot be read.
            LoracfgError: numpy is not installed.
        """
        self._open = open_file
        self._shapes = header.shapes
        self._dtypes = header.dtypes
        self._numbers: dict[str, bytes] = {}
        self.tensors: dict[str, TensorValues] = {}
        with open_file() as stream:
            data = _Data(stream)
            for name, (begin, end) in sorted(_extents(stream).items(), key=lambda item: item[1]):
                if end - begin <= _LARGEST_NUMBER:
                    self._numbers[name] = data.read(begin, end)
                if header.dtypes.get(name) in FORMATS:
                    self.tensors[name] = _scan(data, begin, end, header.dtypes[name])

    def are_equal(self, first: str, second: str) -> bool:
        """Tell whether all bytes of two tensors are the same."""
        one, two = self.tensors[first], self.tensors[second]
        if one._replace(at=0) != two._replace(at=0):
            return False
        with self._open() as stream:
            data = _Data(stream)
            for at in range(0, one.size, _BLOCK_BYTES):
                end = min(at + _BLOCK_BYTES, one.size)
                block = data.read(one.at + at, one.at + end)
                if block != data.read(two.at + at, two.at + end):
                    return False
        return True

    def number(self, name: str) -> float | None:
        """Return the value of a tensor with one element; None if it has more or is not finite."""
        raw, dtype = self._numbers.get(name), self._dtypes.get(name)
        if raw is None or dtype is None or math.prod(self._shapes[name]) != 1:
            return None
        return number_in(raw, dtype)

    def bytes_of(self, name: str) -> bytes:
        """Return the data of a tensor as in the file."""
        found = self.tensors[name]
        with self._open() as stream:
            return _Data(stream).read(found.at, found.at + found.size)

    def magnitude(self, name: str) -> float:
        """Return the largest magnitude of a tensor."""
        found = self.tensors[name]
        raw = found.largest.to_bytes(FORMATS[found.dtype].width, "little")
        numpy = numpy_module()
        with numpy.errstate(all="ignore"):
            return float(floats_of(numpy, raw, found.dtype)[0])

    def largest_product(self, first: str, second: str, rows: int = 1024) -> float:
        """Return the largest magnitude in a matrix product, computed `rows` rows at a time."""
        one, two = self.array(first), self.array(second)
        with numpy_module().errstate(all="ignore"):
            found = (abs(one[at : at + rows] @ two).max() for at in range(0, len(one), rows))
            return float(max(found, default=0.0))

    def array(self, name: str) -> NDArray[np.float32]:
        """Return the values of a tensor as float32."""
        dtype, shape, raw = self.tensors[name].dtype, self._shapes[name], self.bytes_of(name)
        numpy = numpy_module()
        with numpy.errstate(all="ignore"):  # too large for float32: infinite
            values: NDArray[np.float32] = floats_of(numpy, raw, dtype).reshape(shape)
        return values


def floats_of(numpy: ModuleType, raw: bytes, dtype: str) -> NDArray[np.float32]:
    """Return numbers of any dtype as float32."""
    found: NDArray[np.float32]
    if dtype == "BF16":
        found = (numpy.frombuffer(raw, "<u2").astype("<u4") << 16).view("<f4")
    elif dtype == "F8_E5M2":
        found = (numpy.frombuffer(raw, "u1").astype("<u2") << 8).view("<f2").astype("<f4")
    elif dtype == "F8_E4M3":
        found = _floats_e4m3(numpy, numpy.frombuffer(raw, "u1").astype("<u4"))
    else:
        stored = {"F64": "<f8", "F32": "<f4", "F16": "<f2"}[dtype]
        found = numpy.frombuffer(raw, stored).astype("<f4")
    return found


def _floats_e4m3(numpy: Any, bits: Any) -> Any:
    sign, exponent, fraction = bits >> 7, (bits >> 3) & 15, bits & 7
    normal = (8 + fraction) * numpy.exp2(exponent.astype("<f4") - 10)
    values = numpy.where(exponent > 0, normal, fraction * numpy.float32(2.0**-9))
    values = numpy.where((bits & 0x7F) == 0x7F, numpy.float32(numpy.nan), values)
    return numpy.where(sign, -values, values).astype("<f4")


def numpy_module() -> ModuleType:
    """Return numpy.

    Raises:
        LoracfgError: it is not installed.
    """
    try:
        import numpy
    except ImportError:
        raise LoracfgError(
            "reading values needs numpy, which is not installed",
            "run `pip install 'loracfg[data]'`",
        ) from None
    return numpy


class _Data:
    """Reads ranges of bytes from a file.

    The file is not memory-mapped, since truncating it would then kill the process.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def read(self, begin: int, end: int) -> bytes:
        """Return the bytes of a range.

        Raises:
            OSError: they cannot be read, or the file is too short.
        """
        self._stream.seek(begin)
        data = read_exactly(self._stream, end - begin)
        if len(data) < end - begin:
            raise _shorter(end)
        return data

    def fill(self, block: memoryview, begin: int) -> None:
        """Fill the block with the bytes that start at `begin`.

        Raises:
            OSError: they cannot be read, or the file is too short.
        """
        self._stream.seek(begin)
        filled = 0
        while filled < len(block):
            count = self._stream.readinto(block[filled:])  # type: ignore[attr-defined]
            if not count:
                raise _shorter(begin + len(block))
            filled += count


def _extents(stream: BinaryIO) -> dict[str, tuple[int, int]]:
    try:
        return extents_of(read_head(stream))
    except (ValueError, LookupError, TypeError, AttributeError):
        raise OSError(EIO, "its header changed while it was read") from None


def _shorter(end: int) -> OSError:
    return OSError(EIO, f"it became shorter while it was read, and ends before byte {end}")


def _scan(data: _Data, begin: int, end: int, dtype: str) -> TensorValues:
    """Examine the values of a tensor block by block."""
    numpy = numpy_module()
    form = FORMATS[dtype]
    unsigned = numpy.dtype(f"<u{form.width}")
    count = (end - begin) // form.width
    buffer = numpy.empty(min(count, _BLOCK_BYTES // form.width), unsigned)
    mask, largest, not_finite = unsigned.type(form.magnitude), 0, 0
    for first in range(0, count, len(buffer) or 1):
        bits = buffer[: count - first]
        data.fill(memoryview(bits).cast("B"), begin + first * form.width)
        numpy.bitwise_and(bits, mask, out=bits)
        found = int(bits.max())
        if found >= form.infinite:
            not_finite += int(numpy.count_nonzero(bits >= form.infinite))
        largest = max(largest, found)
    ends = data.read(begin, min(end, begin + _ENDS)) + data.read(max(begin, end - _ENDS), end)
    return TensorValues(dtype, largest, not_finite, begin, end - begin, ends)
