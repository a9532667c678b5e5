"""A cache of recent answers, keyed by the bytes of the request."""

from __future__ import annotations

from hashlib import sha256
from typing import Final, NamedTuple

from loracfg.cache import Cache
from loracfg.report.report import Report

_ANSWERS: Final = 64
_LARGEST: Final = 64 * 1024
"""The longest text that is cached, in characters."""


class CachedAnswer(NamedTuple):
    """A report, and its text in the requested format.

    `is_final` says whether the same request would get the same answer at any other time.
    """

    report: Report
    text: str
    is_final: bool


class Answers:
    """The cached answers to requests, by body and format.

    Only add answers that depend on nothing else: none about folders, which may change.
    """

    def __init__(self) -> None:
        """Create an empty cache."""
        self._answers = Cache[CachedAnswer](_ANSWERS)

    @staticmethod
    def key(body: bytes | bytearray, format_name: str) -> tuple[bytes, str]:
        """Return the cache key of a request."""
        return sha256(body).digest(), format_name

    def find(self, key: tuple[bytes, str]) -> CachedAnswer | None:
        """Return the cached answer to the same request, if there is one."""
        return self._answers.find(key)

    def add(self, key: tuple[bytes, str], answer: CachedAnswer) -> None:
        """Cache an answer, if it is small and this is the second such request."""
        if len(answer.text) <= _LARGEST:
            self._answers.add(key, answer)
