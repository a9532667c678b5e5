"""The names of files in zip archives, which readers decode in different ways.

Names without a flag have the encoding of the machine that wrote them, and an extra field may have
the name in UTF-8: `unzip` and Python 3.13 go by it, others do not. Tools write it for names that
are not ASCII, in whose place the plain name has bytes of an encoding, or `#U00e9`.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator
from typing import Final

from loracfg.named_tuple import NamedTuple
from loracfg.sources.archive.keeper import FilePart, part_of
from loracfg.sources.archive.limits import RefusedFilesError, broken

_UTF8: Final = 0x800
_UNICODE_PATH: Final = 0x7075
_PREFIX: Final = struct.Struct("<BL")
"""The version of the field, and the checksum of the name that it belongs to."""


def extra_fields(extra: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the kinds and contents of extra fields, as far as they are whole."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        yield kind, extra[at + 4 : at + 4 + length]
        at += 4 + length


class ZipName(NamedTuple):
    """The name of a file: the plain one, and the one to show."""

    plain: str
    shown: str


def decoded_name(name: bytes, flags: int, extra: bytes) -> ZipName:
    """Return the name of a file.

    Raises:
        RefusedError: it is not UTF-8, or readers would take the file for different ones.
    """
    plain = _decoded(name, "utf-8" if flags & _UTF8 else "cp437")
    names = {_decoded(path, "utf-8") for path in _unicode_paths(name, extra)} or {plain}
    found = ZipName(plain, names.pop())
    if names or not _is_same(found):
        raise _ambiguous(found)
    return found


def refuse_moved(names: Iterable[ZipName]) -> None:
    """Refuse files of adapters that are in one folder for some readers, and in two for others.

    Raises:
        RefusedError: there are any.
    """
    shown_of: dict[str, str] = {}
    plain_of: dict[str, str] = {}
    for name in names:
        if part_of(name.shown) is not FilePart.NOTHING:
            plain, shown = (path.rpartition("/")[0] for path in name)
            if shown_of.setdefault(plain, shown) != shown or (
                plain_of.setdefault(shown, plain) != plain
            ):
                raise _ambiguous(name)


def _unicode_paths(name: bytes, extra: bytes) -> Iterator[bytes]:
    """Yield the names in extra fields that belong to a name."""
    for kind, content in extra_fields(extra):
        if kind == _UNICODE_PATH and len(content) > _PREFIX.size:
            version, crc = _PREFIX.unpack_from(content)
            if version <= 1 and crc == zlib.crc32(name):
                yield content[_PREFIX.size :]


def _is_same(name: ZipName) -> bool:
    """Whether two names differ only in steps that are not ASCII, and no reader looks for."""
    plain_steps, shown_steps = (path.split("/") for path in name)
    return len(plain_steps) == len(shown_steps) and all(
        plain == shown or _may_stand_for(plain, shown)
        for plain, shown in zip(plain_steps, shown_steps, strict=True)
    )


def _may_stand_for(plain: str, shown: str) -> bool:
    is_free = part_of(plain) is FilePart.NOTHING and bool(plain.strip("."))
    return is_free and not shown.isascii()


def _ambiguous(name: ZipName) -> RefusedFilesError:
    return broken(f"`{name.plain[:80]}` has a different name in its extra field")


def _decoded(name: bytes, encoding: str) -> str:
    try:
        return name.decode(encoding)
    except UnicodeDecodeError:
        raise broken("the name of a file is not UTF-8") from None
