"""`added_tokens.json`, which tokenizers write beside an adapter, and some engines read."""

from __future__ import annotations

import json
from typing import Final

from loracfg.adapter.files import Files

NAME: Final = "added_tokens.json"
_MAX_BYTES: Final = 1_000_000


def read_added_tokens(files: Files, size: int) -> int | None:
    """Return how many rows an embedding needs for the tokens: the highest id and one more.

    0 without tokens; None where the file cannot be read, is too large, or holds something else.
    """
    if size > _MAX_BYTES:
        return None
    try:
        with files.open(NAME) as stream:
            found = json.loads(stream.read())
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or not all(type(number) is int for number in found.values()):
        return None
    return max(found.values(), default=-1) + 1
