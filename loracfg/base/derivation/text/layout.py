"""Where lines are broken."""

from __future__ import annotations

import re
from typing import Final

STEP: Final = 2
"""How far lines are indented below the one that they belong to."""
CONTINUATION: Final = 8
"""How far, at least, the rest of a broken line is indented."""
WIDTH: Final = 110
NARROWEST: Final = 50
_WORDS: Final = re.compile(r'(?:[^" ]|"(?:[^"\\]|\\.)*")+')


def line(depth: int, text: str) -> str:
    """Return a line of text at a depth, broken where it is too long."""
    indent = depth * STEP
    if indent + len(text) <= WIDTH:
        return " " * indent + text
    width = max(WIDTH, indent + CONTINUATION + NARROWEST)
    lines, now = [], " " * indent
    for word in _WORDS.findall(text):
        if len(now) + len(word) > width and now.strip():
            lines.append(now.rstrip())
            now = " " * (indent + CONTINUATION)
        now += word + " "
    return "\n".join([*lines, now.rstrip()])
