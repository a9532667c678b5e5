"""An archive that is read piece by piece; its first bytes give the kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

from loracfg.sources.archive.folder_unpacker import FolderUnpacker
from loracfg.sources.archive.held import HeldFile, HeldFiles
from loracfg.sources.archive.keeper import Allowance
from loracfg.sources.archive.limits import MIB, Limits, broken, too_large
from loracfg.sources.archive.member_names import adapters_in, refuse_clashes
from loracfg.sources.archive.pushed import PushParser, Steps
from loracfg.sources.archive.tar_stream import read_gzipped_tar, read_tar
from loracfg.sources.archive.unpacked import Unpacker
from loracfg.sources.archive.zip_stream import read_zip

_KIND_BYTES: Final = 4
_PIECE: Final = MIB
_ZIPS: Final = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x06\x06")
_GZIP: Final = b"\x1f\x8b"
_TAR: Final = b"ustar"
_TAR_AT: Final = 257
HEAD_BYTES: Final = _TAR_AT + len(_TAR)
"""The bytes that show whether a file is an archive."""
_TAR_SUFFIX: Final = ".tar"
_PICKLES: Final = (".bin", ".pt", ".pth", ".ckpt")
"""Files that torch saves are zip archives too, but do not contain an adapter."""
_KINDS: Final[dict[bytes, Callable[[Unpacker], Steps[None]]]] = {
    b"PK": read_zip,
    _GZIP: read_gzipped_tar,
}


class Archive:
    """A zip, tar or tar.gz archive as it arrives."""

    def __init__(self, unpacked: Unpacker) -> None:
        self._unpacked = unpacked
        self._head = b""
        self._parser: PushParser | None = None

    def feed(self, data: bytes) -> None:
        """Take the next bytes.

        Raises:
            RefusedError: if the archive is broken, unsafe or too large.
        """
        self._unpacked.receive(len(data))
        if self._parser is None:
            self._head += data
            if len(self._head) < _KIND_BYTES:
                return
            data = self._head
            self._parser = PushParser(_KINDS.get(data[:2], read_tar)(self._unpacked))
        self._parser.feed(data)

    def files(self) -> dict[str, HeldFile]:
        """Return the files of the complete archive; names of folders end with `/`."""
        if self._parser is None:
            raise broken("it is empty")
        self._parser.finish()
        return self._unpacked.files


def is_archive(path: Path) -> bool:
    """Whether a file is an archive, by its name and its first bytes.

    Raises:
        OSError: if it cannot be read.
    """
    if path.suffix.lower() in _PICKLES:
        return False
    with path.open("rb") as stream:
        return begins_archive(stream.read(HEAD_BYTES)) or path.suffix.lower() == _TAR_SUFFIX


def begins_archive(head: bytes) -> bool:
    """Whether a file is an archive, by its first `HEAD_BYTES`."""
    return head.startswith((*_ZIPS, _GZIP)) or head[_TAR_AT:HEAD_BYTES] == _TAR


def pieces_of(path: Path) -> Iterator[bytes]:
    """Yield the content of a file piece by piece.

    Raises:
        OSError: if it cannot be read.
    """
    with path.open("rb") as stream:
        while data := stream.read(_PIECE):
            yield data


def read_adapters(pieces: Iterable[bytes], limits: Limits) -> dict[str, HeldFiles]:
    """Return the adapters in an archive by their folders, `""` for the top.

    Raises:
        RefusedError: if it is broken, unsafe or too large.
    """
    files = _read(pieces, Unpacker(limits, Allowance(limits.max_kept_bytes)))
    refuse_clashes(name.rstrip("/") for name in files)
    found = adapters_in(files)
    if len(found) > limits.max_adapters:
        raise too_large("the archive", len(found), limits.max_adapters, "adapters")
    return {home: HeldFiles(inside) for home, inside in found.items()}


def unpack_adapter(pieces: Iterable[bytes], home: str, folder: Path, limits: Limits) -> None:
    """Write the files of an adapter in an archive to a folder.

    Args:
        pieces: the bytes of the archive.
        home: the folder of the adapter in the archive.
        folder: the folder to write to.
        limits: the limits.

    Raises:
        RefusedError: it is broken, unsafe or too large.
        OSError: a file cannot be written.
    """
    _read(pieces, FolderUnpacker(limits, home, folder))


def _read(pieces: Iterable[bytes], unpacked: Unpacker) -> dict[str, HeldFile]:
    archive = Archive(unpacked)
    for piece in pieces:
        archive.feed(piece)
    return archive.files()
