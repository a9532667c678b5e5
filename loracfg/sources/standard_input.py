"""Open an adapter on standard input: a config alone, or an archive."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO, Final

from loracfg.adapter.files import LoneConfig
from loracfg.document.json_document import MAX_BYTES
from loracfg.report.render.words import bytes_words
from loracfg.sources.address import STDIN
from loracfg.sources.source import (
    NO_SUCH_PATH,
    NOT_AN_ADAPTER,
    UNREADABLE_ARCHIVE,
    Source,
    SourceError,
)

_LENGTH_BYTES: Final = 8
_PIECE: Final = 1024 * 1024


def open_input() -> Iterator[Source]:
    """Yield the adapters on standard input.

    Raises:
        SourceError: it is closed or a weight file, or an archive is broken, unsafe or too large.
        OSError: it cannot be read.
    """
    from loracfg.sources.archive.opened import HEAD_BYTES, begins_archive
    from loracfg.sources.archive_adapters import adapters_in_archive

    if sys.stdin is None:
        advice = "redirect a config or an archive to it"
        raise SourceError(NO_SUCH_PATH, "standard input is closed", advice)
    stream = sys.stdin.buffer
    head = stream.read(HEAD_BYTES)
    if begins_archive(head):
        return adapters_in_archive(STDIN, _Once(chain([head], _pieces(stream))))
    if _begins_weights(head):
        message = "standard input has a safetensors file, not a config or an archive"
        raise SourceError(NOT_AN_ADAPTER, message, "pass the path of the file")
    data = head + stream.read(MAX_BYTES + 1 - len(head))
    if len(data) > MAX_BYTES:
        message = f"standard input has more than {bytes_words(MAX_BYTES)}, too much for a config"
        raise SourceError(NOT_AN_ADAPTER, message, "pass a config or an archive")
    return iter([Source(STDIN, LoneConfig(data), "config")])


def _begins_weights(head: bytes) -> bool:
    """Whether a file begins like safetensors: with the length of a header, then its first brace."""
    return b"\0" in head[:_LENGTH_BYTES] and head[_LENGTH_BYTES:].startswith(b"{")


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
