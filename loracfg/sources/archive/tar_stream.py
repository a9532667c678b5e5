"""Tar archives as a stream, compressed by gzip or not."""

from __future__ import annotations

import tarfile
import zlib
from typing import Final

from loracfg.sources.archive.limits import MIB, broken
from loracfg.sources.archive.pushed import Input, PushParser, Steps
from loracfg.sources.archive.unpacked import Unpacker

_BLOCK: Final = 512
_PIECE: Final = 64 * 1024
_MAX_EXTENSION: Final = 64 * 1024
_MAX_EXTENSIONS: Final = 4
"""Extended headers before an entry; writers need one of pax, or one with a long name."""
_MAX_UNNAMED: Final = 100
"""Entries of the folder itself, `.`."""
_MAX_PADDING: Final = MIB
"""Zeros after the end, which fill the last block of a tape."""
_MAX_MEMBERS: Final = 100_000
"""Members of a gzip; those of `bgzip` have 64 KiB."""
_KEYS: Final = (b"path", b"size")
_SPARSE: Final = b"GNU.sparse"
"""How the keys begin of files with holes."""
_FILES: Final = (tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.CONTTYPE)
_EXTENSIONS: Final = (tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME)


def read_tar(unpacked: Unpacker) -> Steps[None]:
    """Unpack a tar archive: ustar, pax and GNU's long names.

    Raises:
        RefusedError: if it is broken, or contains anything but files and folders.
    """
    source = Input()
    extended: dict[str, str] = {}
    is_extended, extensions, unnamed = False, 0, 0
    while block := (yield from source.exactly(_BLOCK)):
        if not any(block):
            if len(block) < _BLOCK and not unpacked.files:
                raise broken("it was cut off")
            break
        entry = _entry_of(block)
        if entry.type in _EXTENSIONS:
            extensions += 1
            if extensions > _MAX_EXTENSIONS:
                raise broken(f"an entry has more than {_MAX_EXTENSIONS} extended headers")
            extended |= yield from _extension(source, entry)
            is_extended |= entry.type != tarfile.XGLTYPE
            continue
        unnamed += yield from _read_entry(source, entry, extended, unpacked)
        if unnamed > _MAX_UNNAMED:
            raise broken(f"it has more than {_MAX_UNNAMED} folders without a name")
        extended, is_extended, extensions = {}, False, 0
    if not source.at:
        raise broken("it is empty")
    if is_extended:
        raise broken("an extended header has no entry after it")
    unpacked.end()
    yield from _end(source)


def _end(source: Input) -> Steps[None]:
    """Read the zeros after the end; some readers continue there."""
    padding = 0
    while data := (yield from source.some(_PIECE)):
        padding += len(data)
        if data.strip(b"\0") or padding > _MAX_PADDING:
            raise broken("there are bytes after its end")


def _entry_of(block: bytes) -> tarfile.TarInfo:
    try:
        entry = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except tarfile.HeaderError as error:
        raise broken(f"{error}") from None
    if entry.size < 0:
        raise broken("a file has a negative size")
    return entry


def _read_entry(
    source: Input, entry: tarfile.TarInfo, extended: dict[str, str], unpacked: Unpacker
) -> Steps[bool]:
    """Unpack an entry; return whether it is the folder itself, which has no name."""
    name = extended.get("path", entry.name)
    is_folder = entry.type == tarfile.DIRTYPE
    if not is_folder and entry.type not in _FILES:
        raise broken(f"`{name}` is a link or a device, not a file")
    if extended.keys() - {"path", "size"}:
        raise broken(f"`{name}` is a sparse file")
    size = 0 if is_folder else _size(entry, extended)
    stays = [step for step in name.split("/") if step not in ("", ".")]
    if stays or not is_folder:
        unpacked.begin(name.rstrip("/") + "/" if is_folder else name)
    left = size
    while left:
        data = yield from source.some(left)
        if not data:
            raise broken("it was cut off")
        left -= len(data)
        unpacked.feed(data)
    yield from _padding(source, size)
    return is_folder and not stays


def _padding(source: Input, size: int) -> Steps[None]:
    """Read the padding of the last block of `size` bytes."""
    rest = -size % _BLOCK
    if len((yield from source.exactly(rest))) < rest:
        raise broken("it was cut off")


def _size(entry: tarfile.TarInfo, extended: dict[str, str]) -> int:
    size = extended.get("size", str(entry.size))
    if not (size.isascii() and size.isdigit() and len(size) < 20):
        raise broken("the size of a file is not a number")
    return int(size)


def _extension(source: Input, entry: tarfile.TarInfo) -> Steps[dict[str, str]]:
    """Read an extended header for the next entry: pax records, or GNU's long name."""
    if entry.size > _MAX_EXTENSION:
        raise broken(f"an extended header has {entry.size} bytes")
    data = yield from source.exactly(entry.size)
    yield from _padding(source, entry.size)
    if entry.type == tarfile.GNUTYPE_LONGNAME:
        return {"path": _decoded(data.rstrip(b"\0"))}
    return {} if entry.type == tarfile.XGLTYPE else _records(data)


def _records(data: bytes) -> dict[str, str]:
    """Read pax records, each `LENGTH KEY=VALUE` and a line feed."""
    found = {}
    at = 0
    while at < len(data) and data[at]:
        digits = data[at : at + 20].partition(b" ")[0]
        length = int(digits) if digits.isdigit() else 0
        record = data[at + len(digits) + 1 : at + length]
        key, equals, value = record.partition(b"=")
        if not equals or not record.endswith(b"\n") or at + length > len(data):
            raise broken("a record of an extended header is malformed")
        if key in _KEYS or key.startswith(_SPARSE):
            found[_decoded(key)] = _decoded(value[:-1])
        at += length
    return found


def _decoded(text: bytes) -> str:
    try:
        return text.decode()
    except UnicodeDecodeError:
        raise broken("the name of a file is not UTF-8") from None


def read_gzipped_tar(unpacked: Unpacker) -> Steps[None]:
    """Unpack a tar archive compressed with gzip, in one or more members."""
    source = Input()
    inner = PushParser(read_tar(unpacked))
    size = members = padding = 0
    while data := (yield from source.some(_PIECE)):
        padding += len(data) if members and not data.strip(b"\0") else 0
        if padding > _MAX_PADDING or members > _MAX_MEMBERS:
            raise broken("it has too many members, or zeros between them")
        if members and not (data := data.lstrip(b"\0")):
            continue  # padding of the last block of a tape
        inflater = zlib.decompressobj(16 + zlib.MAX_WBITS)
        while not inflater.eof:
            piece = b""
            while data or len(piece) == MIB:
                piece = _inflated(inflater, data)
                data = inflater.unconsumed_tail
                size += len(piece)
                unpacked.check_ratio(size)
                inner.feed(piece)
            if not inflater.eof and not (data := (yield from source.some(_PIECE))):
                raise broken("it was cut off")
        source.give_back(inflater.unused_data)
        members += 1
    inner.finish()


def _inflated(inflater: zlib._Decompress, data: bytes) -> bytes:
    try:
        return inflater.decompress(data, MIB)
    except zlib.error as error:
        raise broken(f"it cannot be decompressed ({error})") from None
