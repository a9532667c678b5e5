"""What to keep of a file as it streams by, by its name: configs, headers, ends of pickles."""

from __future__ import annotations

from enum import Enum
from typing import Final

from loracfg.adapter.directory import PICKLE_NAME, SAFETENSORS_NAME
from loracfg.adapter.files import ADDED_TOKENS_NAME
from loracfg.adapter.header.other_formats import HEAD_BYTES
from loracfg.adapter.header.safetensors_file import MAX_HEADER_BYTES
from loracfg.config import CONFIG_NAME
from loracfg.sources.archive.held import HeldFile
from loracfg.sources.archive.limits import Limits, too_large

_LENGTH_BYTES: Final = 8


class FilePart(Enum):
    """The part of a file that a validation reads."""

    WHOLE = "whole"
    HEADER = "header"
    ENDS = "ends"
    SMALL = "small"
    """All of it, unless it exceeds the limit for configs."""
    NOTHING = "nothing"


_OF_ADAPTER: Final = {
    CONFIG_NAME: FilePart.WHOLE,
    SAFETENSORS_NAME: FilePart.HEADER,
    PICKLE_NAME: FilePart.ENDS,
    ADDED_TOKENS_NAME: FilePart.SMALL,
}


def part_of(name: str) -> FilePart:
    """Return the part of an adapter's file that is read."""
    return _OF_ADAPTER.get(name.rpartition("/")[2], FilePart.NOTHING)


class Allowance:
    """The bytes that a request has kept so far, up to a limit."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.bytes = 0

    def add(self, count: int) -> None:
        """Count bytes.

        Raises:
            RefusedError: if there are too many.
        """
        self.bytes += count
        if self.bytes > self.most:
            raise too_large("the part of the files that is read", None, self.most)


class Keeper:
    """Takes a file piece by piece and keeps the part that is read."""

    def __init__(self, name: str, part: FilePart, limits: Limits, kept: Allowance) -> None:
        self._name = name
        self._part = part
        self._limits = limits
        self._kept = kept
        self._size = 0
        self._head = bytearray()
        self._tail = bytearray()
        self._most = {
            FilePart.WHOLE: limits.max_config_bytes + 1,
            FilePart.HEADER: _LENGTH_BYTES,
            FilePart.ENDS: limits.max_pickle_bytes,
            FilePart.SMALL: limits.max_config_bytes,
            FilePart.NOTHING: 0,
        }[part]
        self._length: int | None = None

    def feed(self, data: bytes | memoryview) -> None:
        """Take the next bytes of the file.

        Raises:
            RefusedError: if it is too large.
        """
        self._size += len(data)
        rest = self._fill(memoryview(data))
        if self._part is FilePart.HEADER and self._length is None and len(self._head) == self._most:
            self._length = int.from_bytes(self._head, "little")
            self._most += self._wanted(self._length)
            rest = self._fill(rest)
        if self._part is FilePart.WHOLE and len(self._head) == self._most:
            raise too_large(f"`{self._name}`", None, self._limits.max_config_bytes)
        if self._part is FilePart.ENDS and rest:
            self._keep_end(rest)

    def held(self) -> HeldFile:
        """Return the file once it is complete.

        Raises:
            RefusedError: if its header is too large.
        """
        length, most = self._length, self._limits.max_header_bytes
        if length is not None and most < length <= min(
            MAX_HEADER_BYTES, self._size - _LENGTH_BYTES
        ):
            raise too_large(f"the header of `{self._name}`", length, most)
        if len(self._head) + len(self._tail) == self._size:
            return HeldFile(self._size, bytes(self._head + self._tail))
        tail = self._tail[-self._limits.max_pickle_bytes :]
        return HeldFile(self._size, bytes(self._head), bytes(tail))

    def _fill(self, data: memoryview) -> memoryview:
        wanted = data[: self._most - len(self._head)]
        if wanted:
            self._kept.add(len(wanted))
            self._head += wanted
        return data[len(wanted) :]

    def _wanted(self, length: int) -> int:
        """Return how much of a header of this length to keep; only the start of an invalid one."""
        return length if length <= self._limits.max_header_bytes else HEAD_BYTES

    def _keep_end(self, data: memoryview) -> None:
        most = self._limits.max_pickle_bytes
        if not self._tail:
            self._kept.add(2 * most)
        self._tail += data
        if len(self._tail) > 2 * most:
            del self._tail[:-most]
