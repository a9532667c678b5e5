"""Headers in which nothing is wrong, recognised in one quick pass; nearly every header is sound.

What is not recognised may still be sound, such as tensors without elements, or out of order.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from loracfg.adapter.header.strict_json import parse_plain
from loracfg.adapter.header.tensor import Header, Shape

_ENTRY_KEYS: Final = 3
_MAX_DIMENSIONS: Final = 8
"""More may take long to multiply."""


def read_sound(raw: bytes, data_size: int, bits: Mapping[str, int]) -> Header | None:
    """Return the header of a sound file, None if it is not recognised as one.

    Args:
        raw: The header's JSON.
        data_size: Bytes after it.
        bits: The dtypes with the bits of one element.
    """
    value = parse_plain(raw)
    if not isinstance(value, dict):
        return None
    metadata: Any = value.pop("__metadata__", {})
    if type(metadata) is not dict or not all(type(text) is str for text in metadata.values()):
        return None
    try:
        found = _read_entries(value, data_size, bits)
    except (KeyError, TypeError, ValueError):  # a key is absent, or its value of another type
        return None
    return Header(*found, metadata) if found else None


def _read_entries(
    entries: Mapping[str, Any], data_size: int, bits: Mapping[str, int]
) -> tuple[dict[str, Shape], dict[str, str]] | None:
    """Return shapes and dtypes by name, None if an entry is not sound or does not follow the last.

    Raises:
        KeyError: An entry lacks a key, or its dtype is unknown.
        TypeError: A value cannot be what its key asks for.
        ValueError: There are not two offsets.
    """
    shapes: dict[str, Shape] = {}
    dtypes: dict[str, str] = {}
    at = 0
    for name, entry in entries.items():
        dtype, shape, offsets = entry["dtype"], entry["shape"], entry["data_offsets"]
        if len(entry) != _ENTRY_KEYS or type(shape) is not list or type(offsets) is not list:
            return None
        begin, end = offsets
        if begin != at or type(begin) is not int or type(end) is not int:  # `False` is no offset
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
