"""Check the small records next to the pickle of `torch.save`: version, byte order and others.

`torch.load` reads each record that exists, and rejects what it does not understand.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from loracfg.adapter.files import NotHeldError
from loracfg.adapter.pickle.pickle_machine import PickleError
from loracfg.adapter.pickle.torch_zip import read_record

if TYPE_CHECKING:
    from typing import BinaryIO

    from loracfg.adapter.pickle.torch_zip import TorchArchive

BYTE_ORDER: Final = "byteorder"
_VERSIONS: Final = (".data/version", "version")
_FIRST_VERSION: Final = 1
_LAST_VERSION: Final = 10
_MAX_BYTES: Final = 64 * 1024
_NUMBER: Final = rb"[ \t-\r]*\+?(\d+)"
"""A number as C++ reads it, whatever follows."""


def check_marks(stream: BinaryIO, archive: TorchArchive) -> None:
    """Check the records that `torch.load` reads besides the pickle and the data.

    Raises:
        PickleError: torch rejects one of them.
    """
    named = next((name for name in _VERSIONS if archive.find(name)), None)
    if named is None:
        raise PickleError("the archive has no record `version`, which torch requires")
    if (version := read_mark(stream, archive, named)) is not None:
        _check_version(version)
    order = read_mark(stream, archive, BYTE_ORDER)
    if order not in (None, b"little", b"big"):
        raise PickleError(f"its record `byteorder` is {_shown(order)}, not `little` or `big`")
    alignment = read_mark(stream, archive, ".storage_alignment")
    if alignment is not None and not _is_whole(alignment):
        raise PickleError(f"its record `.storage_alignment` is {_shown(alignment)}, not a number")
    read_mark(stream, archive, ".format_version")
    identity = read_mark(stream, archive, ".data/serialization_id")
    try:
        (identity or b"").decode()
    except UnicodeDecodeError:
        raise PickleError("its record `.data/serialization_id` is not UTF-8") from None


def read_mark(stream: BinaryIO, archive: TorchArchive, name: str) -> bytes | None:
    """Return the bytes of a record; None if it does not exist or was not sent.

    Raises:
        PickleError: it cannot be read.
    """
    record = archive.find(name)
    if record is None:
        return None
    try:
        return read_record(stream, record, _MAX_BYTES)
    except NotHeldError:
        return None
    except PickleError as error:
        raise type(error)(f"its record `{name}`: {error}") from None


def _check_version(version: bytes) -> None:
    found = re.match(_NUMBER, version)
    number = int(found[1][:20]) if found else 0
    if not _FIRST_VERSION <= number <= _LAST_VERSION:
        what = f"{_shown(version)}, not a number from {_FIRST_VERSION} to {_LAST_VERSION}"
        raise PickleError(f"its record `version` is {what}")


def _is_whole(text: bytes) -> bool:
    try:
        int(text)
    except ValueError:
        return False
    return True


def _shown(data: bytes | None) -> str:
    return f"`{(data or b'')[:20].decode('latin-1')}`"
