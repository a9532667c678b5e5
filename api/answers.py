"""Answers that were given lately, found again by the bytes of the request."""

from __future__ import annotations

from hashlib import sha256
from typing import Final, NamedTuple

from loracfg.cache import Cache
from loracfg.report.report import Report

_ANSWERS: Final = 64
_LARGEST: Final = 64 * 1024
"""Characters of an answer up to which it is kept."""


class KeptAnswer(NamedTuple):
    """A report, and its text in the format that was asked for.

    `is_final` says that the same request would have the same answer at any other time.
    """

    report: Report
    text: str
    is_final: bool


class Answers:
    """The answers to requests that came with the same body and format.

    Only answers that depend on nothing else may be added: none on folders, which may change.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self._kept = Cache[KeptAnswer](_ANSWERS)

    @staticmethod
    def key(body: bytes | bytearray, format_name: str) -> tuple[bytes, str]:
        """Return what a request is found again by."""
        return sha256(body).digest(), format_name

    def find(self, key: tuple[bytes, str]) -> KeptAnswer | None:
        """Return the answer to the same request, None if it is not kept."""
        return self._kept.find(key)

    def add(self, key: tuple[bytes, str], answer: KeptAnswer) -> None:
        """Keep an answer, if it is not large and its request comes for the second time."""
        if len(answer.text) <= _LARGEST:
            self._kept.add(key, answer)
