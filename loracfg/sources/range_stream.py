"""A file as a stream, over a function that reads a range of it."""

from __future__ import annotations

import io
from collections.abc import Callable


class RangeStream(io.RawIOBase):
    """A position in a file of which ranges can be read."""

    def __init__(self, size: int, read_range: Callable[[int, int], bytes]) -> None:
        """Create it at the first byte.

        Args:
            size: the size of the file in bytes.
            read_range: returns the bytes from a position up to another one, which is after it and
                within the file.
        """
        self._size, self._read_range = size, read_range
        self._at = 0

    def readable(self) -> bool:
        """Whether it can be read."""
        return True

    def seekable(self) -> bool:
        """Whether it can be sought in."""
        return True

    def tell(self) -> int:
        """Return the position."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a position; nothing is read there yet."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def read(self, size: int = -1, /) -> bytes:
        """Read bytes, all to the end without a size."""
        end = self._size if size < 0 else min(self._size, self._at + size)
        if end <= self._at:
            return b""
        data = self._read_range(self._at, end)
        self._at += len(data)
        return data
