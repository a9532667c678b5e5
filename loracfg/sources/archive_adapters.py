"""Read the adapters in an archive as it streams by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from loracfg.sources.archive.limits import Limits, RefusedFilesError
from loracfg.sources.archive.opened import read_adapters
from loracfg.sources.source import NOT_AN_ADAPTER, UNREADABLE_ARCHIVE, Source, SourceError


def adapters_in_archive(name: str, pieces: Iterable[bytes]) -> Iterator[Source]:
    """Yield the adapters in an archive.

    Args:
        name: the name of the archive in reports.
        pieces: its bytes.

    Raises:
        SourceError: it is broken, unsafe or too large, or has no files.
    """
    try:
        found = read_adapters(pieces, Limits())
    except RefusedFilesError as error:
        advice = "unpack it and pass the folder" if error.reason == "too-large" else error.help
        raise SourceError(UNREADABLE_ARCHIVE, f"`{name}`: {error.message}", advice) from None
    if not any(files.sizes() for files in found.values()):
        raise SourceError(NOT_AN_ADAPTER, f"`{name}` is an archive without files")
    for home, files in found.items():
        yield Source(f"{name}/{home}" if home else name, files, "archive")
