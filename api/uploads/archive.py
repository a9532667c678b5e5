"""An archive that is sent piece by piece, of a kind that its first bytes tell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from loracfg_api.settings import Settings
from loracfg_api.uploads.held import Held
from loracfg_api.uploads.keeper import Allowance
from loracfg_api.uploads.pushed import Pushed, Steps
from loracfg_api.uploads.tar_stream import read_gzipped_tar, read_tar
from loracfg_api.uploads.unpacked import Unpacked, broken
from loracfg_api.uploads.zip_stream import read_zip

_HEAD_BYTES: Final = 4
_KINDS: Final[dict[bytes, Callable[[Unpacked], Steps[None]]]] = {
    b"PK": read_zip,
    b"\x1f\x8b": read_gzipped_tar,
}


class Archive:
    """An archive under way: zip, tar or tar.gz."""

    def __init__(self, settings: Settings, kept: Allowance) -> None:
        self._unpacked = Unpacked(settings, kept)
        self._head = b""
        self._parser: Pushed | None = None

    def feed(self, data: bytes) -> None:
        """Take the next bytes.

        Raises:
            ProblemError: if the archive is broken, unsafe or too large.
        """
        self._unpacked.received += len(data)
        if self._parser is None:
            self._head += data
            if len(self._head) < _HEAD_BYTES:
                return
            data = self._head
            self._parser = Pushed(_KINDS.get(data[:2], read_tar)(self._unpacked))
        self._parser.feed(data)

    def files(self) -> dict[str, Held]:
        """Return its files at its end, folders with a `/` at the end of their names."""
        if self._parser is None:
            raise broken("it is empty")
        self._parser.finish()
        return self._unpacked.files
