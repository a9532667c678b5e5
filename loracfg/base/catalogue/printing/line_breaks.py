"""Breaks long lines."""

from __future__ import annotations

import re
from typing import Final

STEP: Final = 2
"""The indentation of lines below the one that they belong to."""
CONTINUATION: Final = 4
"""The indentation of the rest of a broken line."""
GOES_ON: Final = "\\ "
"""The prefix of the rest of a broken line."""
_BEFORE: Final = frozenset(("if", "else", "and", "or", "for"))
WIDTH: Final = 110
NARROWEST: Final = 50
_WORDS: Final = re.compile(r'(?:[^" ]|"(?:[^"\\]|\\.)*")+')
_STRINGS: Final = re.compile(r'"(?:[^"\\]|\\.)*"')


def line(depth: int, text: str) -> str:
    """Return a line of text at a depth, broken if it is too long."""
    indent = depth * STEP
    if indent + len(text) <= WIDTH:
        return " " * indent + text
    width = max(WIDTH, indent + CONTINUATION + NARROWEST)
    words = _WORDS.findall(text)
    lines = []
    start = 0
    room = width - indent
    while start < len(words):
        end = _last_fitting(words, start, room)
        lines.append(" ".join(words[start:end]))
        start, room = end, width - indent - CONTINUATION - len(GOES_ON)
    rest = "\n" + " " * (indent + CONTINUATION) + GOES_ON
    return rest.join([" " * indent + lines[0], *lines[1:]])


def _last_fitting(words: list[str], start: int, room: int) -> int:
    """Return the best place to end a line that begins with a word.

    It is late, with few open brackets, and after a comma or before a word such as `if`.
    """
    length, depth = -1, 0
    best, least = start + 1, (1000, True)
    for position in range(start, len(words)):
        word = words[position]
        length += 1 + len(word)
        if length > room and position > start:
            return best
        code = _STRINGS.sub("", word)
        depth += sum(map(code.count, "([{")) - sum(map(code.count, ")]}"))
        following = words[position + 1] if position + 1 < len(words) else ""
        score = (depth, not (word.endswith((",", ":")) or following in _BEFORE))
        if score <= least or length < room // 2:
            best = position + 1
            least = score if length >= room // 2 else least
    return len(words)
