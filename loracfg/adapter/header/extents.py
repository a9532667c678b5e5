"""Where in a safetensors file the data of its tensors are."""

from __future__ import annotations

import json


def extents_of(data: bytes | memoryview) -> dict[str, tuple[int, int]]:
    """Return the bytes of the file at which the data of each tensor begin and end.

    Args:
        data: The file, or its beginning with all of the header, which must be sound.
    """
    start = 8 + int.from_bytes(data[:8], "little")
    entries = json.loads(bytes(data[8:start]))
    entries.pop("__metadata__", None)
    offsets = {name: entry["data_offsets"] for name, entry in entries.items()}
    return {name: (start + begin, start + end) for name, (begin, end) in offsets.items()}
