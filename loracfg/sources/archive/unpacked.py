"""The files of an archive as they are unpacked, within bounds."""

from __future__ import annotations

from typing import Final, Protocol

from loracfg.sources.archive.held import HeldFile
from loracfg.sources.archive.keeper import Allowance, Keeper, part_of
from loracfg.sources.archive.limits import MIB, Limits, RefusedFilesError, broken, too_large
from loracfg.sources.archive.member_names import sound_name

_FREE: Final = 16 * MIB
_MOST_OVERHEAD: Final = 64 * MIB
"""Bytes for the names and headers of as many small files as an archive may have."""


class Sink(Protocol):
    """Takes a file piece by piece."""

    def feed(self, data: bytes | memoryview) -> None:
        """Take the next bytes of the file."""

    def held(self) -> HeldFile:
        """Return what is in memory of the file once it is complete."""


class Unpacker:
    """Takes the files of an archive one by one."""

    def __init__(self, limits: Limits, kept: Allowance) -> None:
        self.files: dict[str, HeldFile] = {}
        self._received = 0
        self._limits = limits
        self._kept = kept
        self._bytes = 0
        self._keeper: Sink | None = None
        self._name = ""

    def receive(self, count: int) -> None:
        """Count bytes of the archive before they are parsed.

        Raises:
            RefusedError: more have come than its files explain, as in one without an end.
        """
        if self._received > 2 * self._bytes + _MOST_OVERHEAD:
            raise broken("most of it belongs to no file")
        self._received += count

    def begin(self, name: str) -> None:
        """Begin a file, or a folder if the name ends with `/`."""
        name = sound_name(name)
        self.end()
        if name in self.files:
            raise broken(f"`{name}` appears twice")
        if len(self.files) >= self._limits.max_files:
            raise too_large("the archive", None, self._limits.max_files, "files")
        self._name = name
        self.files[name] = HeldFile(0)
        self._keeper = self.sink(name)

    def sink(self, name: str) -> Sink:
        """Return what takes the content of a file."""
        return Keeper(name, part_of(name), self._limits, self._kept)

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the file."""
        assert self._keeper is not None
        self._bytes += len(data)
        if self._bytes > self._limits.max_unpacked_bytes:
            raise too_large("the archive", None, self._limits.max_unpacked_bytes)
        self.check_ratio(self._bytes)
        self._keeper.feed(data)

    def check_ratio(self, unpacked: int) -> None:
        """Refuse an archive whose unpacked size is out of proportion to its own."""
        if unpacked > self._limits.max_ratio * self._received + _FREE:
            message = f"the archive unpacks to more than {self._limits.max_ratio} times its size"
            raise RefusedFilesError("too-large", message, "send the files themselves")

    def end(self) -> None:
        """End the current file, if there is one."""
        if self._keeper is not None:
            self.files[self._name] = self._keeper.held()
            self._keeper = None
