"""The file of recorded answers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

CASES: Final = Path(__file__).with_name("cases.txt")
_ANSWER: Final = "  > "


class Case(NamedTuple):
    """The lines of an adapter, and what was said of it."""

    lines: tuple[str, ...]
    answer: list[str]

    @property
    def name(self) -> str:
        """What tells it from others, whatever is added before it."""
        return hashlib.sha256("\n".join(self.lines).encode()).hexdigest()[:8]


def read_cases() -> Iterator[Case]:
    """Yield what was recorded."""
    for block in CASES.read_text("utf-8").rstrip("\n").split("\n\n"):
        lines = block.split("\n")
        said = [line.removeprefix(_ANSWER) for line in lines if line.startswith(_ANSWER)]
        yield Case(tuple(lines[: len(lines) - len(said)]), said)


def write_cases(cases: Iterable[Case]) -> None:
    """Record answers."""
    blocks = ("\n".join([*one.lines, *(_ANSWER + line for line in one.answer)]) for one in cases)
    CASES.write_text("\n\n".join(blocks) + "\n", "utf-8")
