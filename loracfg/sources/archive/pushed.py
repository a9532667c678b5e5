"""Parsers that are given bytes as they come: generators that ask for so many, and are sent some."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar

T = TypeVar("T")

Steps = Generator[int, bytes, T]
"""Yields the most bytes that it can use next, and is sent one to that many, or none at the end."""


class Input:
    """What a parser reads from; `at` is how many bytes it has used."""

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
        """Tell whether nothing comes any more; a byte that does is lost."""
        return not (yield from self.some(1))

    def give_back(self, data: bytes) -> None:
        """Have bytes read again."""
        self._given_back = data + self._given_back
        self.at -= len(data)


class Pushed:
    """A parser that is under way."""

    def __init__(self, steps: Steps[None]) -> None:
        self._steps = steps
        self._most: int | None = None
        self._advance(None)

    def feed(self, data: bytes) -> None:
        """Give the parser more; what comes after its end is ignored."""
        at = 0
        while at < len(data) and self._most is not None:
            piece = data[at : at + self._most]
            at += len(piece)
            self._advance(piece)

    def finish(self) -> None:
        """Say that there is no more."""
        while self._most is not None:
            self._advance(b"")

    def _advance(self, piece: bytes | None) -> None:
        try:
            self._most = next(self._steps) if piece is None else self._steps.send(piece)
        except StopIteration:
            self._most = None
