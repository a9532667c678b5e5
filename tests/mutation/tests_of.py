"""Which tests concern a mutant."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any, Final

from tests.mutation.mutants import Mutant

PATHS: Final = (
    "tests/docs/test_rule_pages.py",
    "tests/rules",
    "tests/runtimes",
    "tests/repair",
)
"""Tests that run inside the process and see rules, engines or repairs."""


class TestsOf:
    """Which tests execute which lines, as a run of all of them found."""

    __test__ = False

    def __init__(self, path: Path) -> None:
        record: dict[str, Any] = json.loads(path.read_text("utf-8"))
        self.tests: list[str] = record["tests"]
        self.seconds: list[float] = record["seconds"]
        self.lines: dict[str, dict[str, list[int]]] = record["lines"]
        self.left_out: list[str] = record["left_out"]

    def __call__(self, mutant: Mutant, seconds: float) -> list[str]:
        """Return the tests that execute the statement, the quickest, for so many seconds."""
        numbers = sorted(set(self._numbers(mutant)), key=self.seconds.__getitem__)
        taken = 0.0
        chosen: list[str] = []
        for number in numbers:
            taken += self.seconds[number]
            if chosen and taken > seconds:
                break
            chosen.append(self.tests[number])
        return chosen

    def _numbers(self, mutant: Mutant) -> Iterator[int]:
        lines = self.lines.get(mutant.file, {})
        if mutant.is_outside:  # it runs when the module is imported, for all that use the module
            return chain.from_iterable(lines.values())
        wanted = range(mutant.first, mutant.last + 1)
        found = [*chain.from_iterable(lines.get(str(line), ()) for line in wanted)]
        return iter(found) if found else chain.from_iterable(lines.values())  # or all of the module
