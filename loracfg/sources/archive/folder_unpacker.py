"""Unpack the files of an adapter to a folder."""

from __future__ import annotations

from pathlib import Path

from loracfg.sources.archive.held import HeldFile
from loracfg.sources.archive.keeper import Allowance
from loracfg.sources.archive.limits import Limits
from loracfg.sources.archive.unpacked import Sink, Unpacker


class FolderUnpacker(Unpacker):
    """Writes the files below one folder of an archive, whose names have been checked."""

    def __init__(self, limits: Limits, home: str, folder: Path) -> None:
        """Create an unpacker.

        Args:
            limits: the limits of the archive.
            home: the folder in the archive, `""` for the top.
            folder: the folder to write to.
        """
        super().__init__(limits, Allowance(0))
        self._start = f"{home}/" if home else ""
        self._folder = folder

    def sink(self, name: str) -> Sink:
        """Return what writes a file, or drops it."""
        if not name.startswith(self._start) or name == self._start:
            return _WrittenFile(None)
        path = self._folder / name.removeprefix(self._start)
        if name.endswith("/"):
            path.mkdir(parents=True, exist_ok=True)
            return _WrittenFile(None)
        path.parent.mkdir(parents=True, exist_ok=True)
        return _WrittenFile(path)


class _WrittenFile:
    """A file that is written piece by piece."""

    def __init__(self, path: Path | None) -> None:
        self._stream = path.open("xb") if path else None

    def feed(self, data: bytes | memoryview) -> None:
        if self._stream is not None:
            self._stream.write(data)

    def held(self) -> HeldFile:
        if self._stream is not None:
            self._stream.close()
        return HeldFile(0)
