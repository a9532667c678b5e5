"""Many texts that are much alike in one small file, as they are installed."""

from __future__ import annotations

import json
from collections.abc import Mapping


def packed(texts: Mapping[str, str]) -> bytes:
    """Return the file that holds texts by their names."""
    import lzma

    best = {"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "pb": 0}
    data = json.dumps(texts, sort_keys=True).encode()
    return lzma.compress(data, check=lzma.CHECK_NONE, filters=[best])


def unpacked(data: bytes) -> dict[str, str]:
    """Return the texts of such a file."""
    import lzma

    found: dict[str, str] = json.loads(lzma.decompress(data))
    return found
