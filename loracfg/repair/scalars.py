"""Single numbers that files hold as tensors."""

from __future__ import annotations

import math
import struct
from typing import Final

from loracfg.adapter.files import Files
from loracfg.adapter.sniff import read_exactly
from loracfg.repair.tensors import Stored, size_of

_FORMATS: Final = {"F64": "<d", "F32": "<f", "F16": "<e", "I64": "<q", "I32": "<i"}


def scalar(stored: Stored, files: Files) -> float | None:
    """Return the value of a tensor of one element; None if it has more, or is no finite number."""
    if math.prod(stored.shape) != 1:
        return None
    with files.open(stored.file) as stream:
        stream.seek(stored.begin)
        data = read_exactly(stream, size_of(stored.dtype, stored.shape))
    dtype = stored.dtype
    if dtype == "BF16":
        data, dtype = b"\0\0" + data, "F32"
    if dtype not in _FORMATS or len(data) != struct.calcsize(_FORMATS[dtype]):
        return None
    (value,) = struct.unpack(_FORMATS[dtype], data)
    return float(value) if math.isfinite(value) else None
