"""The list of breaks keeps up with the code; trying them takes minutes (see CONTRIBUTING.md)."""

from __future__ import annotations

import pytest

from tests.injector.mutants import MUTANTS, ROOT, Mutant


def test_there_are_enough() -> None:
    assert len(set(MUTANTS)) == len(MUTANTS) >= 30


@pytest.mark.parametrize("mutant", MUTANTS)
def test_the_text_is_there_once(mutant: Mutant) -> None:
    text = (ROOT / mutant.file).read_text("utf-8")
    assert text.count(mutant.old) == 1
    assert mutant.old != mutant.new
