"""A file on another machine, of which only the ranges that are read are downloaded."""

from __future__ import annotations

import io
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple

from loracfg.sources.remote.errors import RemoteError

if TYPE_CHECKING:
    from typing_extensions import Buffer

FIRST_BYTES: Final = 64 * 1024
"""Bytes of the first download, which is all for most adapters; others are multiples of it."""
_MOST_AHEAD: Final = 16 * 1024 * 1024
"""Bytes of the longest download if a file is read from one end to the other."""
_PARTS: Final = 2
"""The downloads that are kept besides the first."""


class Part(NamedTuple):
    """Bytes of a file.

    Attributes:
        data: the bytes.
        start: the position of the first one.
        size: the size of the whole file.
        version: what distinguishes this version of the file from others, such as an ETag.
    """

    data: bytes
    start: int
    size: int
    version: str | None = None

    @property
    def stop(self) -> int:
        """The position after the last byte."""
        return self.start + len(self.data)


Download = Callable[[int, int], Part]
"""Downloads the bytes of a file from a position up to another, or all; raises `RemoteError`."""


class RangedFile:
    """A file, with the parts of it that have been downloaded last."""

    def __init__(self, name: str, download: Download, first: Part) -> None:
        """Create a file of which the first part has been downloaded.

        Args:
            name: the name in errors.
            download: downloads another part.
            first: the first part.
        """
        self.name, self.size = name, first.size
        self._download, self._first = download, first
        self._parts: deque[Part] = deque(maxlen=_PARTS)
        self._ahead = FIRST_BYTES

    def open(self) -> BinaryIO:
        """Open the file; reading raises `RemoteError` if a download fails."""
        return io.BufferedReader(_Stream(self))

    def part_at(self, position: int, count: int) -> memoryview:
        """Return bytes from a position on: at least one before the end, at most `count`."""
        for part in (self._first, *self._parts):
            if part.start <= position < part.stop:
                break
        else:
            if position >= self.size or not count:
                return memoryview(b"")
            part = self._downloaded(position, count)
        return memoryview(part.data)[position - part.start :][:count]

    def _downloaded(self, start: int, count: int) -> Part:
        is_next = bool(self._parts) and start == self._parts[-1].stop
        self._ahead = min(2 * self._ahead, _MOST_AHEAD) if is_next else FIRST_BYTES
        steps = -(-max(count, self._ahead) // FIRST_BYTES)
        part = self._download(start, min(start + steps * FIRST_BYTES, self.size))
        if (part.version, part.size) != (self._first.version, self.size):
            message = f"`{self.name}` changed while it was read"
            raise RemoteError(message, "run the command again")
        self._parts.append(part)
        return part


class _Stream(io.RawIOBase):
    """A position in a file."""

    def __init__(self, file: RangedFile) -> None:
        self._file = file
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._file.size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def readinto(self, buffer: Buffer) -> int:
        into = memoryview(buffer).cast("B")
        data = self._file.part_at(self._at, len(into))
        into[: len(data)] = data
        self._at += len(data)
        return len(data)
