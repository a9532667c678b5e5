"""The zip archive of `torch.save`: where its records are and how large, and the bytes of one.

Records are found as torch finds them (`caffe2/serialize/inline_container.cc`): in the folder of
the first record, whatever the case of letters. Two records of one name, and bytes between the
directory and its end, are refused: readers do not agree on what counts then.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from loracfg.adapter.pickle_machine import PickleError, TooLargeError
from loracfg.adapter.sniff import read_exactly

if TYPE_CHECKING:
    from typing import BinaryIO

MAX_DIRECTORY_BYTES: Final = 16 * 1024 * 1024
"""About 200,000 records."""

_END: Final = struct.Struct("<4s4H2LH")
_END_64: Final = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_64: Final = struct.Struct("<4sLQL")
_ENTRY: Final = struct.Struct("<4s6H3L5H2L")
_LOCAL: Final = struct.Struct("<4s5H3L2H")
_MAX_COMMENT: Final = 0xFFFF
_IN_EXTRA_FIELD: Final = 0xFFFFFFFF
_MISPLACED: Final = "the archive's directory is not where its end says"
_STORED: Final = 0
_DEFLATED: Final = 8


@dataclass(frozen=True, slots=True)
class Record:
    """One file of the archive: its bytes, those that are stored, and how and where they are."""

    size: int
    stored_size: int
    method: int
    offset: int

    @property
    def is_plain(self) -> bool:
        """Whether its bytes stand in the archive as they are."""
        return self.method == _STORED and self.size == self.stored_size


@dataclass(frozen=True, slots=True)
class Archive:
    """Records by name in small letters, without the folder; `first` is the first name as it is."""

    records: dict[str, Record]
    first: str


def read_archive(stream: BinaryIO, size: int) -> Archive:
    """Read the directory of a zip archive of `size` bytes.

    Raises:
        PickleError: There is none, or it is broken.
        TooLargeError: It is larger than `MAX_DIRECTORY_BYTES`.
    """
    count, directory = _find_directory(stream, size)
    records: dict[str, Record] = {}
    first = ""
    at = 0
    for index in range(count):
        name, record, at = _read_entry(directory, at)
        first = first if index else name
        if name.lower() in records:
            raise PickleError(f"the archive has two records named `{name}`")
        records[name.lower()] = record
    folder = first.partition("/")[0].lower() + "/"
    inside = {n.removeprefix(folder): r for n, r in records.items() if n.startswith(folder)}
    return Archive(inside, first)


def read_record(stream: BinaryIO, record: Record, limit: int) -> bytes:
    """Return the bytes of a record.

    Raises:
        PickleError: The record is broken or compressed in a way that torch does not read.
        TooLargeError: It has more than `limit` bytes.
    """
    if max(record.size, record.stored_size) > limit:
        raise TooLargeError(f"it has {record.size} bytes, more than the {limit} that are read")
    stream.seek(data_begin(stream, record))
    data = read_exactly(stream, record.stored_size)
    if record.method == _DEFLATED:
        data = _inflate(data, record.size)
    elif record.method != _STORED:
        raise PickleError(f"the record is compressed by method {record.method}")
    if len(data) != record.size:
        raise PickleError(f"the record has {len(data)} bytes, the archive says {record.size}")
    return data


def data_begin(stream: BinaryIO, record: Record) -> int:
    """Return the byte of the file at which the bytes of a record begin.

    Raises:
        PickleError: There is no record.
    """
    stream.seek(record.offset)
    header = read_exactly(stream, _LOCAL.size)
    if len(header) < _LOCAL.size or not header.startswith(b"PK\x03\x04"):
        raise PickleError(f"there is no record at byte {record.offset} of the archive")
    name_length, extra_length = _LOCAL.unpack(header)[-2:]
    return record.offset + _LOCAL.size + int(name_length + extra_length)


def _inflate(data: bytes, size: int) -> bytes:
    import zlib

    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(data, size + 1)
    except zlib.error as error:
        raise PickleError(f"the record cannot be decompressed ({error})") from error


def _find_directory(stream: BinaryIO, size: int) -> tuple[int, bytes]:
    """Return how many records the directory says it has, and its bytes."""
    tail_at = max(0, size - _END_64.size - _LOCATOR_64.size - _END.size - _MAX_COMMENT)
    stream.seek(tail_at)
    tail = read_exactly(stream, size - tail_at)
    end = tail.rfind(b"PK\x05\x06", 0, max(0, len(tail) - _END.size + 4))
    if end < 0:
        raise PickleError(f"the archive has no directory at its end, byte {size}: it was cut off")
    count, length, offset = _END.unpack_from(tail, end)[4:7]
    locator = end - _LOCATOR_64.size
    end_64 = locator - _END_64.size
    if locator >= 0 and tail.startswith(b"PK\x06\x07", locator):
        if end_64 < 0 or not tail.startswith(b"PK\x06\x06", end_64):
            raise PickleError(_MISPLACED)
        count, length, offset = _END_64.unpack_from(tail, end_64)[7:10]
        end = end_64
    if length > MAX_DIRECTORY_BYTES:
        what = f"its directory has {length} bytes, more than the {MAX_DIRECTORY_BYTES} "
        raise TooLargeError(what + "that are read")
    if offset + length != tail_at + end or count * _ENTRY.size > length:
        raise PickleError(_MISPLACED)
    stream.seek(offset)
    return count, read_exactly(stream, length)


def _read_entry(directory: bytes, at: int) -> tuple[str, Record, int]:
    """Return name and record of a directory entry, and where the next one begins."""
    if not directory.startswith(b"PK\x01\x02", at) or at + _ENTRY.size > len(directory):
        raise PickleError("the archive's directory is broken")
    values = _ENTRY.unpack_from(directory, at)
    flags, method = values[3:5]
    stored_size, size, name_length, extra_length, comment_length = values[8:13]
    if flags & 1:
        raise PickleError("the archive is encrypted")
    name_at = at + _ENTRY.size
    extra_at = name_at + name_length
    name = directory[name_at:extra_at].decode("utf-8", errors="replace")
    extra = directory[extra_at : extra_at + extra_length]
    sizes = _read_zip64(extra, [size, stored_size, values[-1]])
    record = Record(sizes[0], sizes[1], method, sizes[2])
    return name, record, extra_at + extra_length + comment_length


def _read_zip64(extra: bytes, values: list[int]) -> list[int]:
    """Replace values that did not fit into 32 bits by those of the zip64 extra field."""
    if _IN_EXTRA_FIELD not in values:
        return values
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == 1:
            field = extra[at + 4 : at + 4 + length]
            large = iter(struct.unpack_from(f"<{min(len(field) // 8, 3)}Q", field))
            return [next(large, v) if v == _IN_EXTRA_FIELD else v for v in values]
        at += 4 + length
    return values
