"""Read the adapters in an archive as it streams by."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Final

from loracfg.sources.archive.limits import Limits, Reason, RefusedFilesError
from loracfg.sources.archive.opened import read_adapters, unpack_adapter
from loracfg.sources.source import NOT_AN_ADAPTER, UNREADABLE_ARCHIVE, Source, SourceError

_ADVICE: Final[dict[Reason, str]] = {
    "too-large": "unpack it and pass the folder",
    "unsafe": "create the archive again, with plain names and without `..`",
}
"""What to do about an archive here; other advice is for files that are uploaded too."""

Pieces = Callable[[], Iterable[bytes]]
"""Returns the bytes of an archive, each time from the beginning."""


def adapters_in_archive(name: str, pieces: Pieces) -> Iterator[Source]:
    """Yield the adapters in an archive.

    Args:
        name: the name of the archive in reports.
        pieces: returns its bytes.

    Raises:
        SourceError: it is broken, unsafe or too large, or has no files.
    """
    try:
        found = read_adapters(pieces(), Limits())
    except RefusedFilesError as error:
        advice = _ADVICE.get(error.reason, error.help)
        raise SourceError(UNREADABLE_ARCHIVE, f"`{name}`: {error.message}", advice) from None
    if not any(files.sizes() for files in found.values()):
        raise SourceError(NOT_AN_ADAPTER, f"`{name}` is an archive without files")
    for home, files in found.items():
        shown = f"{name}/{home}" if home else name
        unpack = partial(_unpack, name, pieces, home)
        yield Source(shown, files, "archive", unpack=unpack)


def _unpack(name: str, pieces: Pieces, home: str, folder: Path) -> None:
    try:
        unpack_adapter(pieces(), home, folder, Limits())
    except RefusedFilesError as error:  # it has changed since it was read first
        raise SourceError(UNREADABLE_ARCHIVE, f"`{name}`: {error.message}", error.help) from None
