"""What is fuzzed: where inputs begin, how they change, and how they are judged."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random
from typing import ClassVar, Final, NamedTuple

from loracfg.report.fault import Fault
from tests.fuzz.mutation import mutated

_LITERAL: Final = re.compile(r"`.*`|'.*'|\d+", re.DOTALL)
"""From the first to the last, since names may have backticks."""
_MOST: Final = 3
"""Things said of an input that make its way, so that not each combination is one."""


class Answer(NamedTuple):
    """How an input is answered: inputs that are answered alike are of one way.

    `difference` says how readers differ, if they do; `is_deep` whether the input was understood, so
    that what it says was computed.
    """

    way: str
    difference: str = ""
    is_deep: bool = True


class Target(ABC):
    """A reader, and what it is held against."""

    name: ClassVar[str]

    @abstractmethod
    def seeds(self) -> list[bytes]:
        """Return the inputs to begin with; they are the same each time."""

    @abstractmethod
    def judge(self, data: bytes) -> Answer:
        """Have an input read."""

    def read(self, data: bytes) -> Answer:
        """Have an input read by loracfg alone."""
        return self.judge(data)

    def prepare(self, data: bytes) -> Path | None:
        """Return the folder of an input, if it is one of files."""
        return None

    def draw(self, rng: Random, corpus: Sequence[bytes]) -> bytes:
        """Draw an input."""
        return mutated(rng.choice(corpus), rng, corpus)


def words(texts: Iterable[str]) -> str:
    """Return the first of what is said, without the names and numbers in it."""
    return " | ".join(sorted({_LITERAL.sub("_", text)[:80] for text in texts})[:_MOST])


def of_faults(faults: list[Fault]) -> str:
    """Return what faults say, without names and numbers."""
    return words(f"{fault.kind} {fault.message}" for fault in faults)
