"""Read tensors that are a single number."""

from __future__ import annotations

import math
import struct
from typing import Final

_FORMATS: Final = {
    "F64": "<d",
    "F32": "<f",
    "F16": "<e",
    "I64": "<q",
    "I32": "<i",
    "I16": "<h",
    "I8": "<b",
    "U8": "<B",
}


def number_in(data: bytes, dtype: str) -> float | None:
    """Return the number in the data of one element; None if it is not finite."""
    if dtype == "BF16":
        data, dtype = b"\0\0" + data, "F32"
    form = _FORMATS.get(dtype, "")
    if not form or len(data) != struct.calcsize(form):
        return None
    (value,) = struct.unpack(form, data)
    return float(value) if math.isfinite(value) else None
