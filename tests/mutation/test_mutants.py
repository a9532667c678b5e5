"""Mutants of a module, and which tests they concern."""

from __future__ import annotations

import json
from pathlib import Path

from tests.mutation.mutants import Mutant, mutants
from tests.mutation.tests_of import TestsOf

SOURCE = '''
"""A module."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import x

MOST = 3


class Case:
    """A class."""

    def over(self, values: list[int] = []) -> bool:
        """Tell."""
        if len(values) > MOST and not self.off:
            return any(one == 2 for one in values if one)
        return f"{1 + one}"
'''
NAMES = """
MOST: 3 -> 4
MOST: 3 -> 2
Case.over: if len(values) > MOST and (not self.off) -> if True
Case.over: if len(values) > MOST and (not self.off) -> if False
Case.over: len(values) > MOST and (not self.off) -> len(values) > MOST or not self.off
Case.over: len(values) > MOST and (not self.off) -> not self.off
Case.over: len(values) > MOST and (not self.off) -> len(values) > MOST
Case.over: len(values) > MOST -> len(values) >= MOST
Case.over: len(values) > MOST -> len(values) <= MOST
Case.over: not self.off -> self.off
Case.over: return any((one == 2 for one in values if one)) -> return None
Case.over: any((one == 2 for one in values if one)) -> all((one == 2 for one in values if one))
Case.over: one == 2 -> one != 2
Case.over: one == 2 -> one >= 2
Case.over: one == 2 -> one <= 2
Case.over: 2 -> 3
Case.over: 2 -> 1
Case.over: where and one -> where and True
Case.over: where and one -> where and False
Case.over: return f'{1 + one}' -> return None
Case.over: 1 + one -> 1 - one
Case.over: 1 -> 2
Case.over: 1 -> 0
"""


def test_each_place_is_changed() -> None:
    found = list(mutants("m.py", SOURCE))
    assert [mutant.name for mutant in found] == NAMES.strip().splitlines()
    assert len({mutant.text for mutant in found}) == len(found)
    for mutant in found:
        compile(mutant.text, "m.py", "exec")
    assert [found[0].first, found[0].is_outside] == [9, True]
    assert [(one.first, one.last) for one in found[2:4]] == [(17, 17), (17, 17)]


def test_the_quickest_tests_that_execute_a_statement_run(tmp_path: Path) -> None:
    record = {
        "tests": ["slow", "quick", "elsewhere"],
        "seconds": [3.0, 1.0, 2.0],
        "lines": {"m.py": {"7": [0, 1], "9": [2]}},
        "left_out": [],
    }
    path = tmp_path / "tests.json"
    path.write_text(json.dumps(record))
    tests = TestsOf(path)

    def of(file: str, line: int, seconds: float, *, is_outside: bool = False) -> list[str]:
        return tests(Mutant(file, "", line, line, line, is_outside, str), seconds)

    assert of("m.py", 7, 9) == ["quick", "slow"]
    assert of("m.py", 7, 3) == ["quick"]
    assert of("m.py", 9, 0) == ["elsewhere"]
    assert of("m.py", 1, 9, is_outside=True) == ["quick", "elsewhere", "slow"]
    assert of("n.py", 1, 9, is_outside=True) == []
