"""Read the zip archive of `torch.save`: where its records are, their sizes, and their bytes.

Records are found like in torch (`caffe2/serialize/inline_container.cc`): in the folder of the first
record, ignoring the case of ASCII letters. Records that torch's reader rejects are rejected here.
So are two records with the same name and bytes between the directory and its end, since readers
disagree on them.
"""

from __future__ import annotations

import string
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from loracfg.adapter.header.gathered_faults import quoted
from loracfg.adapter.header.other_formats import read_exactly
from loracfg.adapter.pickle.pickle_machine import PickleError, TooLargeError
from loracfg.named_tuple import NamedTuple

if TYPE_CHECKING:
    from typing import BinaryIO

MAX_DIRECTORY_BYTES: Final = 16 * 1024 * 1024
"""The maximum size of a directory, for about 200,000 records."""
_MOST_RATIO: Final = 64
"""How much more than its bytes a record may unpack to; pickles of real adapters shrink 7 times."""
_UNPACKED: Final = 256 * 1024
"""What every record may unpack to."""

_END: Final = struct.Struct("<4s4H2LH")
_END_64: Final = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_64: Final = struct.Struct("<4sLQL")
_ENTRY: Final = struct.Struct("<4s6H3L5H2L")
_LOCAL: Final = struct.Struct("<4s5H3L2H")
_MAX_COMMENT: Final = 0xFFFF
_IN_EXTRA_FIELD: Final = 0xFFFFFFFF
_MISPLACED: Final = "the archive's directory is not where its end says"
_BROKEN: Final = "the archive's directory is broken"
_SPLIT: Final = "the archive is one part of several"
_STORED: Final = 0
_DEFLATED: Final = 8
_ENCRYPTED: Final = 1 | 1 << 6
_PATCHED: Final = 1 << 5
_MASKED: Final = 1 << 13
_IS_FOLDER: Final = 0x10
_ANY_DISK: Final = 0xFFFF
_LOWER: Final = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_LEAST_END_64: Final = _END_64.size - 12
"""The size that a zip64 end gives for itself, without its magic and the size."""


@dataclass(frozen=True, slots=True)
class Record:
    """A file in the archive: its size, its stored size, its compression and its offset.

    `problem` says why torch does not read it; empty if it does. `name_size` is the length of its
    name in the directory, which its local header repeats.
    """

    size: int
    stored_size: int
    method: int
    offset: int
    name_size: int
    problem: str

    @property
    def is_plain(self) -> bool:
        """Whether its bytes are stored without compression."""
        return self.method == _STORED and self.size == self.stored_size


@dataclass(frozen=True, slots=True)
class TorchArchive:
    """The records by lower-case name, without the folder; `first` is the unchanged first name.

    `problem` says why torch rejects the names in the archive; empty if it does not.
    """

    records: dict[str, Record]
    first: str
    problem: str

    def find(self, name: str) -> Record | None:
        """Return a record by its name, ignoring the case of ASCII letters."""
        return self.records.get(_small(name))


def read_archive(stream: BinaryIO, size: int) -> TorchArchive:
    """Read the directory of a zip archive of `size` bytes.

    Raises:
        PickleError: there is none, or it is broken.
        TooLargeError: it is larger than `MAX_DIRECTORY_BYTES`.
    """
    end, directory = _find_directory(stream, size)
    records: dict[str, Record] = {}
    first = folder = problem = ""
    at = 0
    for index in range(end.entries):
        raw, record, at = _read_entry(directory, at, end.disk, size)
        name = raw.decode("utf-8", errors="replace")
        if not index:
            first, folder = name, name.partition("/")[0] + "/"
        if not problem and "\ufffd" in name and not _is_utf8(raw.partition(b"\0")[0]):
            problem = f"the name of its record {quoted(name)} is not UTF-8"
        elif not problem and not name.startswith(folder):
            problem = f"its record {quoted(name)} is outside its folder {quoted(folder)}"
        if records.setdefault(_small(name), record) is not record:
            raise PickleError(f"the archive has two records named `{name}`")
    folder = _small(folder)
    inside = {n.removeprefix(folder): r for n, r in records.items() if n.startswith(folder)}
    return TorchArchive(inside, first, problem)


def read_record(stream: BinaryIO, record: Record, limit: int) -> bytes:
    """Return the bytes of a record.

    Raises:
        PickleError: the record is broken, or torch does not support its compression.
        TooLargeError: it has more than `limit` bytes, or unpacks to much more than it has.
    """
    if max(record.size, record.stored_size) > limit:
        raise TooLargeError(f"it has {record.size} bytes, more than the {limit} that are read")
    if record.size > _UNPACKED + _MOST_RATIO * record.stored_size:
        ratio = record.size // max(record.stored_size, 1)
        raise TooLargeError(f"it unpacks to {ratio} times its size, more than {_MOST_RATIO} times")
    if record.problem:
        raise PickleError(f"the record {record.problem}")
    if not record.stored_size:
        return b""
    stream.seek(data_begin(stream, record))
    data = read_exactly(stream, record.stored_size)
    if record.method == _DEFLATED:
        data = _inflate(data, record.size)
    if len(data) != record.size:
        raise PickleError(f"the record has {len(data)} bytes, but the archive says {record.size}")
    return data


def data_begin(stream: BinaryIO, record: Record) -> int:
    """Return the offset at which the bytes of a record begin.

    Raises:
        PickleError: there is no record.
    """
    return _local_header(stream, record)[1]


def check_data(stream: BinaryIO, record: Record, size: int) -> None:
    """Check the local header of a record in an archive of `size` bytes.

    Raises:
        PickleError: torch does not read the record, or reads the wrong bytes.
    """
    if record.problem:
        raise PickleError(f"the record {record.problem}")
    if not record.stored_size:
        return
    name_size, begin = _local_header(stream, record)
    if name_size != record.name_size:
        what = f"has a name of {name_size} bytes, but of {record.name_size} in the directory"
        raise PickleError(f"the record at byte {record.offset} {what}")
    if begin + record.stored_size > size:
        raise PickleError(f"the record at byte {record.offset} ends after the archive")


def _local_header(stream: BinaryIO, record: Record) -> tuple[int, int]:
    """Return the length of a record's name in its local header, and where its bytes begin."""
    stream.seek(record.offset)
    header = read_exactly(stream, _LOCAL.size)
    if len(header) < _LOCAL.size or not header.startswith(b"PK\x03\x04"):
        raise PickleError(f"there is no record at byte {record.offset} of the archive")
    name_size, extra_size = _LOCAL.unpack(header)[-2:]
    return name_size, record.offset + _LOCAL.size + int(name_size + extra_size)


def _inflate(data: bytes, size: int) -> bytes:
    import zlib

    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(data, size + 1)
    except zlib.error as error:
        raise PickleError(f"the record cannot be decompressed ({error})") from error


class _End(NamedTuple):
    """What the end of an archive says about its directory."""

    disk: int
    first_disk: int
    entries_here: int
    entries: int
    length: int
    offset: int


def _find_directory(stream: BinaryIO, size: int) -> tuple[_End, bytes]:
    """Return the end of the archive, and the bytes of the directory."""
    tail_at = max(0, size - _END_64.size - _LOCATOR_64.size - _END.size - _MAX_COMMENT)
    stream.seek(tail_at)
    tail = read_exactly(stream, size - tail_at)
    at = tail.rfind(b"PK\x05\x06", 0, max(0, len(tail) - _END.size + 4))
    if at < 0:
        raise PickleError(f"the archive has no directory at its end, byte {size}: it was cut off")
    end = _End(*_END.unpack_from(tail, at)[1:7])
    locator = at - _LOCATOR_64.size
    if locator >= 0 and tail.startswith(b"PK\x06\x07", locator):
        at = locator - _END_64.size
        end = _wide_end(tail, at, locator, tail_at)
    if end.entries != end.entries_here or (end.disk, end.first_disk) not in ((0, 0), (1, 1)):
        raise PickleError(_SPLIT)
    if end.length > MAX_DIRECTORY_BYTES:
        what = f"its directory has {end.length} bytes, more than the {MAX_DIRECTORY_BYTES} "
        raise TooLargeError(what + "that are read")
    if end.offset + end.length != tail_at + at or end.entries * _ENTRY.size > end.length:
        raise PickleError(_MISPLACED)
    if not end.entries:
        raise PickleError("the archive is empty")
    stream.seek(end.offset)
    return end, read_exactly(stream, end.length)


def _wide_end(tail: bytes, at: int, locator: int, tail_at: int) -> _End:
    """Return the end of a zip64 archive, which begins at byte `at` of `tail`."""
    if at < 0 or not tail.startswith(b"PK\x06\x06", at):
        raise PickleError(_MISPLACED)
    _, _, end_at, disks = _LOCATOR_64.unpack_from(tail, locator)
    if end_at != tail_at + at:
        raise PickleError(_MISPLACED)
    values = _END_64.unpack_from(tail, at)
    if disks != 1:
        raise PickleError(_SPLIT)
    if values[1] < _LEAST_END_64:
        raise PickleError(_BROKEN)
    return _End(*values[4:10])


def _read_entry(directory: bytes, at: int, disk: int, size: int) -> tuple[bytes, Record, int]:
    """Return the name and record of a directory entry, and where the next entry begins."""
    if not directory.startswith(b"PK\x01\x02", at) or at + _ENTRY.size > len(directory):
        raise PickleError(_BROKEN)
    values = _ENTRY.unpack_from(directory, at)
    flags, method, time = values[3:6]
    stored_size, full_size, name_length, extra_length, comment_length, own_disk = values[8:14]
    name_at = at + _ENTRY.size
    extra_at = name_at + name_length
    next_at = extra_at + extra_length + comment_length
    if own_disk == _ANY_DISK or own_disk not in (disk, 1):
        raise PickleError(_SPLIT)
    if flags & _MASKED:
        raise PickleError("the archive is encrypted")
    is_sound = next_at <= len(directory)
    if stored_size != _IN_EXTRA_FIELD:
        is_sound &= values[-1] + _LOCAL.size + stored_size <= size
        if full_size != _IN_EXTRA_FIELD:
            is_plain = method == _STORED and not time  # torch reads both as one number
            is_sound &= full_size == stored_size if is_plain else bool(stored_size or not full_size)
    if not is_sound:
        raise PickleError(_BROKEN)
    extra = directory[extra_at : extra_at + extra_length]
    sizes = _read_zip64(extra, [full_size, stored_size, values[-1]])
    problem = _why_unread(flags, method, values[-2])
    record = Record(sizes[0], sizes[1], method, sizes[2], name_length, problem)
    return directory[name_at:extra_at], record, next_at


def _why_unread(flags: int, method: int, attributes: int) -> str:
    """Return why torch does not read the bytes of a record; empty if it does."""
    if method not in (_STORED, _DEFLATED):
        return f"is compressed by method {method}"
    if flags & _ENCRYPTED:
        return "is encrypted"
    if flags & _PATCHED:
        return "is a patch of a different file"
    return "is marked as a folder" if attributes & _IS_FOLDER else ""


def _small(name: str) -> str:
    """Return a name with its ASCII letters in lower case."""
    return name.translate(_LOWER)


def _is_utf8(name: bytes) -> bool:
    try:
        name.decode()
    except UnicodeDecodeError:
        return False
    return True


def _read_zip64(extra: bytes, values: list[int]) -> list[int]:
    """Replace values that do not fit into 32 bits with those in the zip64 extra field."""
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
