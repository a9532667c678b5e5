"""Zip archives as a stream: each file with its header, then the directory, which must match.

Readers go by the directory at the end, streams by the header before each file. An archive in which
the two differ means different things to different readers, and is refused.
"""

from __future__ import annotations

import stat
import struct
import zlib
from typing import Final

from loracfg.named_tuple import NamedTuple
from loracfg.sources.archive.limits import MIB, broken
from loracfg.sources.archive.pushed import Input, Steps
from loracfg.sources.archive.unpacked import Unpacker
from loracfg.sources.archive.zip_names import ZipName, decoded_name, extra_fields, refuse_moved

_LOCAL: Final = struct.Struct("<Bx2H4x3L2H")
_ENTRY: Final = struct.Struct("<2xBx2H4x3L3H4x2L")
_LOCAL_MAGIC: Final = b"PK\x03\x04"
_ENTRY_MAGIC: Final = b"PK\x01\x02"
_END: Final = struct.Struct("<4H2LH")
_END_64: Final = struct.Struct("<Q2H2L4Q")
_LOCATOR_64: Final = struct.Struct("<4sLQL")
_END_MAGIC: Final = b"PK\x05\x06"
_END_64_MAGIC: Final = b"PK\x06\x06"
_LOCATOR_64_MAGIC: Final = b"PK\x06\x07"
_DESCRIPTOR_MAGIC: Final = b"PK\x07\x08"
_ENCRYPTED: Final = 0x41
"""The flags of encryption; one of them is for strong encryption."""
_PATCH: Final = 0x20
_NEWEST: Final = 63
"""The newest version of the format, 6.3."""
_DESCRIBED: Final = 8
_ZIP64: Final = 1
_STORED: Final = 0
_DEFLATED: Final = 8
_IN_EXTRA_FIELD: Final = 0xFFFFFFFF
_MANY: Final = 0xFFFF
_WIDEST: Final = (_MANY, _IN_EXTRA_FIELD, _IN_EXTRA_FIELD)
"""The values in the short end record that send readers to the long one."""
_PIECE: Final = 64 * 1024
_MAX_DIRECTORY: Final = 16 * MIB
_MAX_MORE: Final = 64 * 1024
"""Bytes that a tool may add to the end record of a zip64 archive."""


class _Content(NamedTuple):
    """A file's content: checksum, packed size and unpacked size."""

    crc: int
    stored: int
    size: int


class _Record(NamedTuple):
    """A file of the archive, as described by its header or by the directory."""

    offset: int
    name: ZipName
    method: int
    content: _Content


class _Directory(NamedTuple):
    """The directory as described by the end record: number of files, size and offset."""

    files: int
    size: int
    offset: int


def read_zip(unpacked: Unpacker) -> Steps[None]:
    """Unpack a zip archive.

    Raises:
        RefusedError: if it cannot be read as a stream, or contains anything but files and folders.
    """
    source = Input()
    found = []
    while (magic := (yield from source.exactly(4))) == _LOCAL_MAGIC:
        found.append((yield from _read_file(source, unpacked)))
    unpacked.end()
    start = source.at - 4
    listed = []
    while magic == _ENTRY_MAGIC and source.at - start < _MAX_DIRECTORY:
        listed.append((yield from _read_entry(source)))
        magic = yield from source.exactly(4)
    end = source.at - 4
    if magic not in (_END_MAGIC, _END_64_MAGIC):
        raise broken("it has no directory at its end" if found else "it is not a zip archive")
    stated = yield from _read_end(source, magic)
    if listed != found or stated != _Directory(len(found), end - start, start):
        raise broken("its directory does not match its files")
    refuse_moved(record.name for record in found)
    if not (yield from source.is_at_end()):
        raise broken("there are bytes after its end")


def _read_file(source: Input, unpacked: Unpacker) -> Steps[_Record]:
    offset = source.at - 4
    header = yield from source.exactly(_LOCAL.size)
    _check_length(header, _LOCAL.size)
    version, flags, method, crc, stored, size, name_length, extra_length = _LOCAL.unpack(header)
    name = yield from source.exactly(name_length)
    extra = yield from source.exactly(extra_length)
    names = decoded_name(name, flags, extra)
    shown = names.shown
    wide = b"" if _IN_EXTRA_FIELD not in (stored, size) else extra
    size, stored, _ = _wide(wide, size, stored, 0)
    unpacked.begin(shown)
    _check_kind(shown, version, flags)
    described = bool(flags & _DESCRIBED)
    if method == _STORED and described and not shown.endswith("/"):
        raise broken(f"`{shown}` is stored without its size and cannot be streamed")
    if method == _STORED:
        content = yield from _copy(source, unpacked, stored)
    elif method == _DEFLATED:
        content = yield from _inflate(source, unpacked, None if described else stored)
    else:
        advice = "create the archive again with the method Deflate, which most programs use"
        raise broken(f"`{shown}` uses compression method {method}", advice)
    stated = _Content(crc, stored, size)
    if described:
        stated = yield from _descriptor(source, wide=bool(wide) or content.size > _IN_EXTRA_FIELD)
    if stated != content:
        raise broken(f"the content of `{shown}` does not match its checksum and sizes")
    return _Record(offset, names, method, content)


def _check_kind(shown: str, version: int, flags: int) -> None:
    """Refuse files that other readers refuse."""
    if flags & _ENCRYPTED:
        raise broken(f"`{shown}` is encrypted")
    if flags & _PATCH:
        raise broken(f"`{shown}` is a patch for a different file")
    if version > _NEWEST:
        raise broken(f"`{shown}` needs version {version / 10} of the format; the newest is 6.3")


def _copy(source: Input, unpacked: Unpacker, count: int) -> Steps[_Content]:
    crc, left = 0, count
    while left:
        data = yield from source.some(left)
        _check_length(data, 1)
        crc = zlib.crc32(data, crc)
        left -= len(data)
        unpacked.feed(data)
    return _Content(crc, count, count)


def _inflate(source: Input, unpacked: Unpacker, count: int | None) -> Steps[_Content]:
    """Unpack `count` bytes, or up to the end of the compressed data if the count is unknown."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    crc = stored = size = 0
    while not inflater.eof:
        data = yield from source.some(_PIECE if count is None else min(_PIECE, count - stored))
        _check_length(data, 1)
        stored += len(data)
        piece = b""
        while data or len(piece) == MIB:
            try:
                piece = inflater.decompress(data, MIB)
            except zlib.error as error:
                raise broken(f"it cannot be decompressed ({error})") from None
            data = inflater.unconsumed_tail
            crc = zlib.crc32(piece, crc)
            size += len(piece)
            unpacked.feed(piece)
    source.give_back(inflater.unused_data)
    return _Content(crc, stored - len(inflater.unused_data), size)


def _descriptor(source: Input, *, wide: bool) -> Steps[_Content]:
    first = yield from source.exactly(4)
    if first == _DESCRIPTOR_MAGIC:
        first = yield from source.exactly(4)
    length = 16 if wide else 8
    sizes = yield from source.exactly(length)
    _check_length(first + sizes, 4 + length)
    return _Content(*struct.unpack("<L2Q" if wide else "<3L", first + sizes))


def _read_entry(source: Input) -> Steps[_Record]:
    entry = yield from source.exactly(_ENTRY.size)
    _check_length(entry, _ENTRY.size)
    values = _ENTRY.unpack(entry)
    version, flags, method, crc, stored, size, name_length = values[:7]
    extra_length, comment_length, attributes, offset = values[7:]
    name = yield from source.exactly(name_length)
    extra = yield from source.exactly(extra_length)
    yield from source.exactly(comment_length)
    names = decoded_name(name, flags, extra)
    shown = names.shown
    _check_kind(shown, version, flags)
    kind = stat.S_IFMT(attributes >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise broken(f"`{shown}` is a link or a device, not a file")
    size, stored, offset = _wide(extra, size, stored, offset)
    return _Record(offset, names, method, _Content(crc, stored, size))


def _read_end(source: Input, magic: bytes) -> Steps[_Directory]:
    """Read the end of an archive; readers may go by either of its two records."""
    wide = None
    if magic == _END_64_MAGIC:
        wide = yield from _read_end_64(source)
        magic = yield from source.exactly(4)
    end = yield from source.exactly(_END.size)
    _check_length(end, _END.size)
    disk, first, here, files, size, offset, comment_length = _END.unpack(end)
    comment = yield from source.exactly(comment_length)
    _check_length(comment, comment_length)
    if magic != _END_MAGIC or disk or first or here != files:
        raise broken("its end record is broken, or it is part of a split archive")
    if _END_MAGIC in comment:  # readers that search for the last record find it there
        raise broken("its comment looks like an end record")
    if wide is None:
        return _Directory(files, size, offset)
    short = _Directory(*(min(v, m) for v, m in zip(wide, _WIDEST, strict=True)))
    own = _Directory(files, size, offset)
    if any(o not in (s, m) for o, s, m in zip(own, short, _WIDEST, strict=True)):
        raise broken("its two end records do not match")
    return wide


def _read_end_64(source: Input) -> Steps[_Directory]:
    """Read the end record of a zip64 archive, and its locator."""
    at = source.at - 4
    end = yield from source.exactly(_END_64.size)
    _check_length(end, _END_64.size)
    length, _, _, own, first, here, files, size, offset = _END_64.unpack(end)
    more = length + 8 - _END_64.size
    if not 0 <= more <= _MAX_MORE or len((yield from source.exactly(more))) < more:
        raise broken("its end record is broken")
    locator = yield from source.exactly(_LOCATOR_64.size)
    _check_length(locator, _LOCATOR_64.size)
    magic, disk, end_at, disk_count = _LOCATOR_64.unpack(locator)
    if magic != _LOCATOR_64_MAGIC or end_at != at:
        raise broken("its end record is broken")
    if own or first or disk or here != files or disk_count > 1:
        raise broken("it is part of a split archive")
    return _Directory(files, size, offset)


def _wide(extra: bytes, *values: int) -> tuple[int, ...]:
    """Replace sizes and an offset that do not fit in 32 bits with those of the zip64 field."""
    field = next((content for kind, content in extra_fields(extra) if kind == _ZIP64), b"")
    large = iter(struct.unpack_from(f"<{len(field) // 8}Q", field))
    return tuple(next(large, v) if v == _IN_EXTRA_FIELD else v for v in values)


def _check_length(data: bytes, wanted: int) -> None:
    if len(data) < wanted:
        raise broken("it was cut off")
