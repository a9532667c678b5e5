"""Pack many similar texts into one small file, in which they are installed."""

from __future__ import annotations

import json
from collections.abc import Mapping


def pack_texts(texts: Mapping[str, str]) -> bytes:
    """Return a file with these texts by name."""
    import lzma

    best = {"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "pb": 0}
    data = json.dumps(texts, sort_keys=True).encode()
    return lzma.compress(data, check=lzma.CHECK_NONE, filters=[best])


def unpack_texts(data: bytes) -> dict[str, str]:
    """Return the texts in a file by name."""
    import lzma

    found: dict[str, str] = json.loads(lzma.decompress(data))
    return found
