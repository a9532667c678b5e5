"""Open an adapter on standard input: a config alone, or an archive."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO, Final

from loracfg.adapter.files import LoneConfig
from loracfg.document.json_document import MAX_BYTES
from loracfg.sources.address import STDIN
from loracfg.sources.source import UNREADABLE_ARCHIVE, Source, SourceError

_PIECE: Final = 1024 * 1024


def open_input() -> Iterator[Source]:
    """Yield the adapters on standard input.

    Raises:
        SourceError: an archive is broken, unsafe or too large.
        OSError: it cannot be read.
    """
    from loracfg.sources.archive.opened import HEAD_BYTES, begins_archive
    from loracfg.sources.archive_adapters import adapters_in_archive

    stream = sys.stdin.buffer
    head = stream.read(HEAD_BYTES)
    if begins_archive(head):
        return adapters_in_archive(STDIN, _Once(chain([head], _pieces(stream))))
    data = head + stream.read(MAX_BYTES + 1 - len(head))
    return iter([Source(STDIN, LoneConfig(data), "config")])


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    while data := stream.read(_PIECE):
        yield data


class _Once:
    """The bytes of an archive, which can be read only once."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces: Iterator[bytes] | None = pieces

    def __call__(self) -> Iterator[bytes]:
        if self._pieces is None:
            message = "the archive on standard input can be read only once"
            raise SourceError(UNREADABLE_ARCHIVE, message, "save it to a file and pass that")
        pieces, self._pieces = self._pieces, None
        return pieces
