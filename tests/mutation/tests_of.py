"""Which tests concern a mutant."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from tests.mutation.mutants import Mutant

RULE_PAGES: Final = "tests/docs/test_rule_pages.py"
OF_ALL_RULES: Final = (RULE_PAGES, "tests/rules/test_noted.py")
"""Tests that ask each rule something, without its name."""
PATHS: Final = (
    RULE_PAGES,
    "tests/recorded",
    "tests/rules",
    "tests/runtimes",
    "tests/repair",
    "tests/inspection",
    "tests/threads",
    "tests/made/test_class_of_task.py",
    "tests/made/test_classes.py",
    "tests/made/test_defects.py",
    "tests/made/test_fan_in_fan_out.py",
    "tests/made/test_input_embeddings.py",
    "tests/made/test_older_biases.py",
    "tests/made/test_older_names.py",
    "tests/made/test_spelling.py",
    "tests/made/test_unmatched_names.py",
    "tests/made/test_unnamed_task.py",
    "tests/cli/test_defects_of_ours.py",
    "tests/cli/test_filters.py",
    "tests/cli/test_fix.py",
    "tests/cli/test_fixable.py",
    "tests/cli/test_named_files.py",
    "tests/cli/test_other_methods.py",
    "tests/cli/test_trace.py",
    "tests/cli/test_validate.py",
    "tests/cli/test_what_was_read.py",
)
"""Tests that run inside the process and see rules, engines or repairs."""


class TestsOf:
    """Which tests execute which lines, as a run of all of them found."""

    __test__ = False

    def __init__(self, path: Path) -> None:
        record: dict[str, Any] = json.loads(path.read_text("utf-8"))
        self.seconds: dict[str, float] = record["seconds"]
        self.lines: dict[str, dict[str, list[str]]] = record["lines"]
        self.at_import: dict[str, list[int]] = record["at_import"]
        self.left_out: list[str] = record["left_out"]
        self.modules: list[str] = record["modules"]

    def __call__(self, mutant: Mutant, seconds: float) -> list[str]:
        """Return tests that execute the statement, for so many seconds.

        Those that name the rule come first, then the quickest of each file, then the next ones:
        tests of one file are alike. One that takes longer than what is left is passed over.
        """
        code = Path(mutant.file).name.partition("_")[0].upper()
        turns: Counter[str] = Counter()
        ordered: list[tuple[bool, int, float, str]] = []
        for name in sorted(set(self._names(mutant)), key=self.seconds.__getitem__):
            file = name.partition("::")[0]
            ordered.append((code not in name, turns[file], self.seconds[name], name))
            turns[file] += 1
        taken = 0.0
        chosen: list[str] = []
        for _, _, cost, name in sorted(ordered):
            if not chosen or taken + cost <= seconds:
                taken += cost
                chosen.append(name)
        return chosen

    def _names(self, mutant: Mutant) -> Iterator[str]:
        lines = self.lines.get(mutant.file, {})
        wanted = range(mutant.first, mutant.last + 1)
        found = [name for line in wanted for name in lines.get(str(line), ())]
        if found and not mutant.is_outside:
            yield from found
        else:  # it runs when the module is imported, for all that use the module
            for names in lines.values():
                yield from names

    def runs_at_import(self, mutant: Mutant) -> bool:
        """Tell whether the statement is executed when modules are imported or tests collected."""
        lines = self.at_import.get(mutant.file, ())
        return mutant.is_outside or any(mutant.first <= line <= mutant.last for line in lines)
