"""Parsers that take bytes as they arrive: generators that yield how many bytes they need."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar

T = TypeVar("T")

Steps = Generator[int, bytes, T]
"""Yields how many bytes it can use next, and is sent at most that many, or none at the end."""


class Input:
    """What a parser reads from; `at` is the number of bytes used so far."""

    def __init__(self) -> None:
        self.at = 0
        self._given_back = b""

    def some(self, most: int) -> Steps[bytes]:
        """Return one to `most` bytes, none at the end."""
        if self._given_back:
            data, self._given_back = self._given_back[:most], self._given_back[most:]
        else:
            data = yield most
        self.at += len(data)
        return data

    def exactly(self, count: int) -> Steps[bytes]:
        """Return `count` bytes, or as many as there are before the end."""
        found = b""
        while len(found) < count:
            data = yield from self.some(count - len(found))
            if not data:
                break
            found += data
        return found

    def is_at_end(self) -> Steps[bool]:
        """Whether the input has ended; a byte that arrives instead is lost."""
        return not (yield from self.some(1))

    def give_back(self, data: bytes) -> None:
        """Return bytes to the input, to be read again."""
        self._given_back = data + self._given_back
        self.at -= len(data)


class PushParser:
    """A running parser."""

    def __init__(self, steps: Steps[None]) -> None:
        self._steps = steps
        self._most: int | None = None
        self._advance(None)

    def feed(self, data: bytes) -> None:
        """Pass more bytes to the parser; bytes after its end are ignored."""
        at = 0
        while at < len(data) and self._most is not None:
            piece = data[at : at + self._most]
            at += len(piece)
            self._advance(piece)

    def finish(self) -> None:
        """Signal the end of the input."""
        while self._most is not None:
            self._advance(b"")

    def _advance(self, piece: bytes | None) -> None:
        try:
            self._most = next(self._steps) if piece is None else self._steps.send(piece)
        except StopIteration:
            self._most = None
