"""Make text from files safe for messages."""

from __future__ import annotations

import json
from typing import Final

MAX_SHOWN: Final = 60


def printable(text: str, limit: int = MAX_SHOWN) -> str:
    """Return text with unprintable characters escaped, truncated to `limit` characters.

    Control characters could change a terminal, and lone surrogates cannot be written at all.
    """
    shown = text if len(text) <= limit else text[: limit - 1] + "…"
    if shown.isprintable():
        return shown
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in shown)


def show(value: object) -> str:
    """Return a value as short JSON in backticks."""
    return f"`{printable(json.dumps(value, ensure_ascii=False))}`"
