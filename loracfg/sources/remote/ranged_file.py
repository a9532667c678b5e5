"""A file on another machine, of which only the ranges that are read are downloaded."""

from __future__ import annotations

import io
from collections import deque
from collections.abc import Callable
from typing import BinaryIO, Final

from loracfg.named_tuple import NamedTuple
from loracfg.sources.remote.errors import RemoteError

FIRST_BYTES: Final = 64 * 1024
"""Bytes of the first download, which is all for most adapters; others are multiples of it."""
_MOST_AHEAD: Final = 16 * 1024 * 1024
"""Bytes of the longest download if a file is read from one end to the other."""
_PARTS: Final = 2
"""The downloads that are kept besides the first."""


class FileRange(NamedTuple):
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


Download = Callable[[int, int], FileRange]
"""Downloads the bytes of a file from a position up to another; raises `RemoteError`."""


class RangedFile:
    """A file, with its beginning and the parts of it that have been downloaded last."""

    def __init__(self, name: str, download: Download, known: FileRange) -> None:
        """Create a file.

        Args:
            name: the name in errors.
            download: downloads a part.
            known: a part that has been downloaded, which may have no bytes.
        """
        self.name, self.size = name, known.size
        self._download, self._version = download, known.version
        self._first = known if known.data and not known.start else None
        self._parts: deque[FileRange] = deque(maxlen=_PARTS)
        self._ahead = FIRST_BYTES

    @property
    def version(self) -> str | None:
        """What distinguishes this version of the file from others, such as an ETag."""
        return self._version

    def open(self) -> BinaryIO:
        """Open the file; reading raises `RemoteError` if a download fails."""
        return io.BufferedReader(_Stream(self))

    def part_at(self, position: int, count: int) -> memoryview:
        """Return bytes from a position on: at least one before the end, at most `count`."""
        if position >= self.size or not count:
            return memoryview(b"")
        part = self._part_with(position) or self._downloaded(position, count)
        return memoryview(part.data)[position - part.start :][:count]

    def _part_with(self, position: int) -> FileRange | None:
        parts = [self._first, *self._parts] if self._first else self._parts
        return next((part for part in parts if part.start <= position < part.stop), None)

    def _downloaded(self, position: int, count: int) -> FileRange:
        start, stop = self._range(position, count)
        part = self._download(start, stop)
        if (part.version, part.size) != (self._version, self.size):
            message = f"`{self.name}` changed while it was read"
            raise RemoteError(message, "run the command again")
        if start == 0 and self._first is None:
            self._first = part
        else:
            self._parts.append(part)
        return part

    def _range(self, position: int, count: int) -> tuple[int, int]:
        """Return what to download: more and more at a time if the file is read to its end."""
        parts = [self._first, *self._parts] if self._first else self._parts
        is_next = any(part.stop == position for part in parts)
        if is_next and self._parts:
            self._ahead = min(2 * self._ahead, _MOST_AHEAD)
        wanted = max(count, self._ahead if is_next else FIRST_BYTES)
        stop = min(position + -(-wanted // FIRST_BYTES) * FIRST_BYTES, self.size)
        is_end = stop == self.size and not is_next
        return (min(position, max(0, self.size - FIRST_BYTES)) if is_end else position), stop


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

    def readinto(  # type: ignore[override]  # the buffered reader passes nothing else
        self, buffer: memoryview
    ) -> int:
        data = self._file.part_at(self._at, len(buffer))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)
