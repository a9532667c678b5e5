"""Find the data of each tensor in a safetensors file."""

from __future__ import annotations

import json


def extents_of(data: bytes | memoryview) -> dict[str, tuple[int, int]]:
    """Return the offsets in the file at which the data of each tensor begins and ends.

    Args:
        data: the file, or its beginning with the whole header, which must be sound.
    """
    start = 8 + int.from_bytes(data[:8], "little")
    entries = json.loads(bytes(data[8:start]))
    entries.pop("__metadata__", None)
    offsets = {name: entry["data_offsets"] for name, entry in entries.items()}
    return {name: (start + begin, start + end) for name, (begin, end) in offsets.items()}
