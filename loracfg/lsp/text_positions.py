"""Convert the places of findings to the positions of the Language Server Protocol, and back."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Final

from lsprotocol.types import Position, PositionEncodingKind, Range

if TYPE_CHECKING:
    from loracfg.report.report import Region

_LINE_END: Final = re.compile(r"\r\n|\n|\r")
"""What ends a line in the protocol."""
_LINE_FEED: Final = re.compile("\n")
"""What ends a line in the regions of JSON, TOML and shell scripts."""
_YAML_BREAK: Final = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""What ends a line in the regions of YAML, as PyYAML counts them."""
BYTE_ORDER_MARK: Final = "\ufeff"


class TextPositions:
    """The positions in a text, whose columns are counted in the units of a client."""

    def __init__(
        self, text: str, encoding: PositionEncodingKind | str = PositionEncodingKind.Utf16
    ) -> None:
        """Find the lines of a text.

        Args:
            text: the text, as the client has it.
            encoding: the units of columns that were agreed with the client.
        """
        self.text = text
        self._encoding = PositionEncodingKind(encoding)
        self._ends = [(found.start(), found.end()) for found in _LINE_END.finditer(text)]
        self._starts = [0, *(end for _, end in self._ends)]
        self._starts_of_regions: dict[bool, list[int]] = {}

    def position(self, offset: int) -> Position:
        """Return the position of a character."""
        offset = max(0, min(offset, len(self.text)))
        line = bisect_right(self._starts, offset) - 1
        return Position(line, self._units(self.text[self._starts[line] : offset]))

    def range(self, start: int, end: int) -> Range:
        """Return the range between two characters."""
        return Range(self.position(start), self.position(end))

    def offset(self, position: Position) -> int:
        """Return the offset of a position; one beyond the end of a line means the end."""
        if position.line >= len(self._starts):
            return len(self.text)
        start = self._starts[position.line]
        is_last = position.line == len(self._ends)
        end = len(self.text) if is_last else self._ends[position.line][0]
        left = position.character
        if self.text[start:end].isascii():
            return min(start + left, end)
        for at in range(start, end):
            left -= self._units(self.text[at])
            if left < 0:
                return at
        return end

    def range_of(self, region: Region, *, is_yaml: bool = False) -> Range:
        """Return the range of a region, whose columns are characters.

        PyYAML ends a list at the end of a text on a line that the text need not have.
        An empty region gets the character after it, since editors show nothing for an empty range.
        A byte order mark is not counted in the columns of a region.
        """
        starts = self._lines_of_regions(is_yaml=is_yaml)
        mark = len(BYTE_ORDER_MARK) if self.text.startswith(BYTE_ORDER_MARK) else 0

        def offset(line: int, column: int) -> int:
            at = starts[line - 1] if line <= len(starts) else len(self.text)
            return min(at + column - 1 + (mark if line == 1 else 0), len(self.text))

        start = offset(region.line, region.column)
        return self.range(start, max(offset(region.end_line, region.end_column), start + 1))

    def _lines_of_regions(self, *, is_yaml: bool) -> list[int]:
        """Return where the lines begin that regions count, which are found once."""
        if is_yaml not in self._starts_of_regions:
            breaks = _YAML_BREAK if is_yaml else _LINE_FEED
            starts = [0, *(found.end() for found in breaks.finditer(self.text))]
            self._starts_of_regions[is_yaml] = starts
        return self._starts_of_regions[is_yaml]

    def _units(self, text: str) -> int:
        if self._encoding == PositionEncodingKind.Utf32 or text.isascii():
            return len(text)
        if self._encoding == PositionEncodingKind.Utf8:
            return len(text.encode("utf-8", errors="surrogatepass"))
        return len(text.encode("utf-16-le", errors="surrogatepass")) // 2
