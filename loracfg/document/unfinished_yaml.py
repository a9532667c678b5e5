"""Find the key or item at a place in YAML text that is being typed, by lines and indentation."""

from __future__ import annotations

import re
from typing import Final, Literal

from loracfg.named_tuple import NamedTuple

YamlRole = Literal["key", "item", "value"]
"""A key, an item of a list, or a value on the line of its key that is not a list."""

_KEY: Final = re.compile(r"""( *)(- +)?("[^"]*"|'[^']*'|[A-Za-z_][\w.-]*)[ \t]*:(?:[ \t]+|$)""")
_ITEM: Final = re.compile(r"( *)-(?: +|$)")
_WORD_START: Final = re.compile(r"""[^\s\[\]{},:"'#]*""")
_WORD: Final = re.compile(r"""[^\s\[\]{},:"'#]+""")
_FOLLOWED_BY_COLON: Final = re.compile(r"""["']?[ \t]*:""")


class YamlCursor(NamedTuple):
    """What is at a place.

    Attributes:
        path: the keys that lead to the list, object or value that it is in.
        role: what is there, or could be.
        start: the offset of the word there.
        end: the offset after it.
        others: the other words of the list, or of the value.
        has_colon: whether a colon follows.
    """

    path: tuple[str, ...]
    role: YamlRole
    start: int
    end: int
    others: frozenset[str]
    has_colon: bool = False


def yaml_cursor(text: str, offset: int) -> YamlCursor | None:
    """Return what is at a place in a text; None if it is in a comment or before any key."""
    lines = text.split("\n")
    number = text.count("\n", 0, offset)
    line_start = text.rfind("\n", 0, offset) + 1
    line, column = lines[number].rstrip("\r"), offset - line_start
    if "#" in line[:column]:
        return None
    before, after = _WORD_START.match(line[:column][::-1]), _WORD_START.match(line[column:])
    start = offset - len(before[0] if before else "")
    end = offset + len(after[0] if after else "")
    key = _KEY.match(line)
    if key is not None and column >= key.end():
        path = (*_parents(lines, number, len(key[1])), _name(key))
        value = line[key.end() :]
        opened = value[: column - key.end()]
        role: YamlRole = "item" if opened.count("[") > opened.count("]") else "value"
        others = frozenset(_WORD.findall(value)) - {text[start:end]}
        return YamlCursor(path, role, start, end, others)
    item = _ITEM.match(line)
    if item is not None and key is None:
        path = _parents(lines, number, len(item[1]) + 1)
        others = frozenset(_items(lines, number, len(item[1])))
        return YamlCursor(path, "item", start, end, others) if column >= item.end() else None
    path = _parents(lines, number, len(line) - len(line.lstrip(" ")))
    has_colon = bool(_FOLLOWED_BY_COLON.match(text[end:]))
    return YamlCursor(path, "key", start, end, frozenset(), has_colon)


def _name(key: re.Match[str]) -> str:
    return key[3].strip("\"'")


def _parents(lines: list[str], number: int, indentation: int) -> tuple[str, ...]:
    """Return the keys above a line that are less indented than it, the outermost first."""
    found: list[str] = []
    for line in reversed(lines[:number]):
        key = _KEY.match(line)
        if key is not None and len(key[1]) < indentation:
            found.insert(0, _name(key))
            indentation = len(key[1])
    return tuple(found)


def _items(lines: list[str], number: int, indentation: int) -> list[str]:
    """Return the other items of the list that a line belongs to."""
    found = []
    for step in (-1, 1):
        at = number + step
        while 0 <= at < len(lines):
            item = _ITEM.match(lines[at])
            if item is None or len(item[1]) != indentation:
                break
            found += _WORD.findall(lines[at][item.end() :])[:1]
            at += step
    return found
