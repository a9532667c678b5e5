"""Find where keys and values are in TOML text, which tomllib does not say."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Final

from loracfg.named_tuple import NamedTuple

Path = tuple[str | int, ...]
"""The keys, and indices of lists, that lead to a value."""

_SPACE: Final = re.compile(r"(?:\s|#[^\n]*)*")
_KEY: Final = re.compile(r"""[A-Za-z0-9_-]+|"(?:\\.|[^"\\])*"|'[^']*'""")
_STRING: Final = re.compile(
    r'''"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?'{3,5}|"(?:\\.|[^"\\])*"|'[^']*\'''', re.DOTALL
)
_BARE: Final = re.compile(r"[^\s,\]}#]+(?: [0-9][0-9:.Zz+-]*)?")
"""A number, a boolean or a date, which may have a space before its time."""


class Place(NamedTuple):
    """A place in text, as a line and a column from 1."""

    line: int
    column: int


class TextLines:
    """The lines of a text, for the places of its characters."""

    def __init__(self, text: str) -> None:
        """Find where lines begin."""
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def place(self, at: int) -> Place:
        """Return the place of a character."""
        line = bisect_right(self._starts, at)
        return Place(line, at - self._starts[line - 1] + 1)


class TomlPlaces(NamedTuple):
    """The places of keys and values, by path. Tables with headers have only keys."""

    keys: dict[Path, Place]
    values: dict[Path, Place]

    def of(self, path: Path) -> Place:
        """Return the place of a value, or of its key or table if it has none of its own."""
        for end in range(len(path), 0, -1):
            for places in (self.values, self.keys):
                if place := places.get(path[:end]):
                    return place
        return Place(1, 1)

    def of_key(self, path: Path) -> Place:
        """Return the place of a key."""
        return self.keys.get(path) or self.of(path)


def toml_places(text: str) -> TomlPlaces:
    """Return the places of all keys and values in text that tomllib accepts."""
    scanner = _Scanner(text)
    scanner.read()
    return TomlPlaces(scanner.keys, scanner.values)


class _Scanner:
    """Reads TOML that is known to be valid."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self._lines = TextLines(text)
        self.keys: dict[Path, Place] = {}
        self.values: dict[Path, Place] = {}
        self._lengths: dict[Path, int] = {}
        """How many tables each list of tables has so far."""

    def read(self) -> None:
        table: Path = ()
        while self._next():
            if self._next() == "[":
                table = self._header()
            else:
                self._pair(table)

    def _next(self) -> str:
        """Skip space and comments, and return the next character; empty at the end."""
        found = _SPACE.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return self.text[self.at : self.at + 1]

    def _place(self) -> Place:
        return self._lines.place(self.at)

    def _take(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.at)
        if found is None:
            raise ValueError(f"not TOML at {self._place()}")
        self.at = found.end()
        return found[0]

    def _header(self) -> Path:
        brackets = 2 if self.text.startswith("[[", self.at) else 1
        self.at += brackets
        path = self._dotted_key(())
        self._next()
        self.at += brackets
        if brackets == 1:
            return path
        index = self._lengths.get(path, 0)
        self._lengths[path] = index + 1
        return (*path, index)

    def _dotted_key(self, table: Path) -> Path:
        """Read `a.b`, and return the path; a list of tables on the way means its last table."""
        path = table
        while True:
            if path in self._lengths:
                path = (*path, self._lengths[path] - 1)
            self._next()
            place = self._place()
            path = (*path, _plain_key(self._take(_KEY)))
            self.keys.setdefault(path, place)
            if self._next() != ".":
                return path
            self.at += 1

    def _pair(self, table: Path) -> None:
        path = self._dotted_key(table)
        self.at += 1  # the equals sign
        self._next()
        self._value(path)

    def _value(self, path: Path) -> None:
        self.values[path] = self._place()
        start = self.text[self.at]
        if start == "{":
            self._members(path, "}")
        elif start == "[":
            self._members(path, "]")
        else:
            self._take(_STRING if start in "\"'" else _BARE)

    def _members(self, path: Path, end: str) -> None:
        self.at += 1
        index = 0
        while self._next() != end:
            if end == "}":
                self._pair(path)
            else:
                self._value((*path, index))
                index += 1
            if self._next() == ",":
                self.at += 1
        self.at += 1


def _plain_key(token: str) -> str:
    if token.startswith('"'):
        import tomllib

        (key,) = tomllib.loads(f"{token} = 0")
        return key
    return token.strip("'")
