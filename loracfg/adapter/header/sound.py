"""Recognize headers without faults in one quick pass, since almost all headers are sound.

Some sound headers are not recognized, such as those with empty tensors or tensors out of order.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from loracfg.adapter.header.strict_json import parse_plain
from loracfg.adapter.header.tensor import Header, Shape

_ENTRY_KEYS: Final = 3
_MAX_DIMENSIONS: Final = 8
"""The maximum dimensions; more could take long to multiply."""


def read_sound(raw: bytes, data_size: int, bits: Mapping[str, int]) -> Header | None:
    """Return the header of a sound file; None if it is not recognized as sound.

    Args:
        raw: the JSON of the header.
        data_size: the bytes after it.
        bits: the bits per element of each dtype.
    """
    value = parse_plain(raw)
    if not isinstance(value, dict):
        return None
    metadata: Any = value.pop("__metadata__", {})
    if type(metadata) is not dict or not all(type(text) is str for text in metadata.values()):
        return None
    try:
        found = _read_entries(value, data_size, bits)
    except (KeyError, TypeError, ValueError):  # a key is missing, or its value has the wrong type
        return None
    return Header(*found, metadata) if found else None


def _read_entries(
    entries: Mapping[str, Any], data_size: int, bits: Mapping[str, int]
) -> tuple[dict[str, Shape], dict[str, str]] | None:
    """Return shapes and dtypes by name; None if an entry is wrong or not adjacent to the last one.

    Raises:
        KeyError: an entry has no such key, or its dtype is unknown.
        TypeError: a value has the wrong type.
        ValueError: there are not two offsets.
    """
    shapes: dict[str, Shape] = {}
    dtypes: dict[str, str] = {}
    at = 0
    for name, entry in entries.items():
        dtype, shape, offsets = entry["dtype"], entry["shape"], entry["data_offsets"]
        if len(entry) != _ENTRY_KEYS or type(shape) is not list or type(offsets) is not list:
            return None
        begin, end = offsets
        if (
            begin != at or type(begin) is not int or type(end) is not int
        ):  # `False` is not an offset
            return None
        if len(shape) > _MAX_DIMENSIONS:
            return None
        size = bits[dtype]
        for count in shape:
            if type(count) is not int or count <= 0:
                return None
            size *= count
        if size != 8 * (end - begin):
            return None
        at = end
        shapes[name], dtypes[name] = tuple(shape), dtype
    return (shapes, dtypes) if shapes and at == data_size else None
