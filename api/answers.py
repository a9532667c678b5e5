"""A cache of recent answers, keyed by the bytes of the request."""

from __future__ import annotations

from collections import OrderedDict
from hashlib import sha256
from typing import Final, NamedTuple
from zlib import crc32

from loracfg.cache import Cache
from loracfg.report.report import Status

_ANSWERS: Final = 64
_CHECKSUMS: Final = 8 * _ANSWERS
_LARGEST: Final = 64 * 1024
"""The longest text that is cached, in characters."""


class CachedAnswer(NamedTuple):
    """The text of a report in the requested format, and the statuses of its adapters.

    `is_final` says whether the same request would get the same answer at any other time. The report
    itself is not part of it, since it refers to whole files.
    """

    statuses: tuple[Status, ...]
    text: str
    is_final: bool


class Answers:
    """The cached answers to requests, by body and format.

    Only add answers that depend on nothing else: none about folders, which may change.
    """

    def __init__(self) -> None:
        """Create an empty cache."""
        self._answers = Cache[CachedAnswer](_ANSWERS)
        self._checksums: OrderedDict[tuple[int, int, str], None] = OrderedDict()

    def key(self, body: bytes | bytearray, format_name: str) -> tuple[bytes, str] | None:
        """Return the cache key of a request; None for the first one with its checksum.

        A checksum takes less than half the time of a digest, and most requests are new.
        """
        checksum = crc32(body), len(body), format_name
        if checksum in self._checksums:
            return sha256(body).digest(), format_name
        self._checksums[checksum] = None
        if len(self._checksums) > _CHECKSUMS:
            self._checksums.popitem(last=False)
        return None

    def find(self, key: tuple[bytes, str]) -> CachedAnswer | None:
        """Return the cached answer to the same request, if there is one."""
        return self._answers.find(key)

    def add(self, key: tuple[bytes, str], answer: CachedAnswer) -> None:
        """Cache an answer, if it is small."""
        if len(answer.text) <= _LARGEST:
            self._answers.keep(key, answer)
