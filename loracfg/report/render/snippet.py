"""A source line with its span underlined."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from loracfg.named_tuple import NamedTuple
from loracfg.report.render.words import visible

if TYPE_CHECKING:
    from loracfg.report.report import Region

MAX_CHARACTERS: Final = 96
"""Longer lines are cut to this many characters around the span."""

_LEAD: Final = 32
_TAB: Final = "    "
_CUT: Final = "..."


class Snippet(NamedTuple):
    """A line as shown; the span begins after `offset` terminal columns and has `length`."""

    text: str
    offset: int
    length: int


def snippet(lines: list[str], region: Region) -> Snippet | None:
    """Return the first line of a region; None if the source does not have this line."""
    if not 1 <= region.line <= len(lines):
        return None
    line = lines[region.line - 1].removesuffix("\r")
    start = min(max(region.column - 1, 0), len(line))
    end = region.end_column - 1 if region.end_line == region.line else len(line)
    left, right = _window(len(line), start)
    end = min(max(end, start), right)
    before, marked, after = map(_shown, (line[left:start], line[start:end], line[end:right]))
    head = _CUT if left else ""
    tail = _CUT if right < len(line) else ""
    return Snippet(
        text=head + before + marked + after + tail,
        offset=_width(head + before),
        length=max(_width(marked), 1),
    )


def _window(length: int, start: int) -> tuple[int, int]:
    if length <= MAX_CHARACTERS:
        return 0, length
    left = max(0, min(start - _LEAD, length - MAX_CHARACTERS))
    return left, left + MAX_CHARACTERS


def _shown(text: str) -> str:
    return visible(text.replace("\t", _TAB))


def _width(text: str) -> int:
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(2 if east_asian_width(c) in "WF" else 0 if combining(c) else 1 for c in text)
