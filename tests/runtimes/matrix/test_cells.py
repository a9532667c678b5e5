"""What loracfg says of each cell of the matrix is what the engine was found to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.runtimes.matrix.architectures import ARCHITECTURES
from tests.runtimes.matrix.cells import engines, is_right, recorded, verdict_on
from tests.runtimes.matrix.features import FEATURES
from tests.runtimes.matrix.making import make_all

pytest.importorskip("peft", reason="the adapters are made by PEFT")


def test_the_matrix_is_large_enough() -> None:
    assert len(ARCHITECTURES) >= 40
    assert len(FEATURES) >= 15


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_answers(architecture: str, tmp_path: Path) -> None:
    """Every cell of an architecture is right, and engines have all of its cells or none."""
    made = {name: one for name, one in make_all(architecture, tmp_path) if one}
    wrong = []
    for engine in engines():
        own = {cell.feature: cell for cell in recorded(engine) if cell.architecture == architecture}
        assert not own or own.keys() == made.keys(), engine
        for feature, cell in own.items():
            if cell.is_open:
                continue
            verdict = verdict_on(cell, engine, made[feature])
            if not is_right(verdict.answer, cell):
                wrong.append((engine, feature, verdict.answer, cell.answer, cell.how))
    assert not wrong
