"""Mutants of a module."""

from __future__ import annotations

from tests.mutation.mutants import mutants

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


def test_what_runs_when_a_module_is_imported() -> None:
    source = "class A:\n    X = 1\n    def f(self, y=2):\n        return 3\n"
    found = {one.name: one.is_outside for one in mutants("m.py", source)}
    expected = {"A: 1 -> 2": True, "A.f: 2 -> 3": True, "A.f: 3 -> 4": False}
    assert found | expected == found


def test_texts_are_not_compared_by_their_order() -> None:
    changed = [one.name for one in mutants("m.py", 'def f(x):\n    g(x == "a")\n')]
    assert changed == ["f: g(x == 'a') -> pass", "f: x == 'a' -> x != 'a'"]
