"""Every kind of defect in every kind of adapter is found by its rule, and by no other."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from loracfg.adapter.directory import read_adapter
from loracfg.base.search import ResolvedBase
from loracfg.engine.engine import Engine
from loracfg.engine.options import Options
from loracfg.report.report import AdapterReport
from loracfg.rules.choice import choice_of
from loracfg.testing.copies import Copy
from loracfg.testing.defects import DEFECTS, is_harmful
from tests.made.make import Made, make
from tests.made.recipes import BROKEN_IN_PEFT, CASES, recipe

OPTIONS: Final = Options(pattern_seconds=0.3)
EVERYTHING: Final = choice_of((), ())
LONG: Final = os.environ.get("LORACFG_PROFILE") == "long"
DRAWN: Final = ("two-kinds", "rank-pattern", "tokens", "output-saved")
"""Options whose adapters are spoilt in CI; the long profile takes all."""
SPOILT: Final = [
    (model_type, option)
    for model_type, option in CASES
    if (LONG or option in DRAWN) and (model_type, option) not in BROKEN_IN_PEFT
]


@cache
def made_copy(model_type: str, option: str, root: Path) -> tuple[Copy, ResolvedBase] | None:
    chosen = recipe(model_type, option)
    made = make(model_type, chosen, root, f"{option}-spoilt") if chosen else None
    if not isinstance(made, Made):
        return None
    copy = Copy.of(made.adapter)
    engine = Engine(Options(base=str(made.base / "config.json")))
    base = engine.open_files(copy.written()).base
    assert base.architecture is not None
    return copy, base


def spoil(copy: Copy, base: ResolvedBase, name: str) -> AdapterReport | None:
    """Return the report on a spoilt copy, None if the adapter cannot have the defect."""
    defect = next(d for d in DEFECTS if d.name == name)
    spoilt = Copy(dict(copy.config), dict(copy.tensors))
    if not defect.apply(spoilt):
        return None
    return Engine(OPTIONS).open_read(read_adapter(spoilt.written()), base).report


def test_there_are_enough_kinds() -> None:
    assert len({defect.name for defect in DEFECTS}) == len(DEFECTS)
    assert len(DEFECTS) >= 60


@pytest.mark.parametrize(("model_type", "option"), SPOILT)
def test_defects_are_found(model_type: str, option: str, root: Path) -> None:
    made = made_copy(model_type, option, root)
    if made is None:  # PEFT refuses it; tests/made/test_valid.py checks that the plan does too
        return
    wrong = {}
    applied = 0
    _, base = made
    for defect in DEFECTS:
        if base.architecture and not is_harmful(defect, base.architecture):
            continue
        report = spoil(*made, defect.name)
        if report is None:
            continue
        applied += 1
        errors = {d.code: d.message for d in report.diagnostics if d.severity == "error"}
        if errors.keys() != {defect.code}:
            wrong[defect.name] = (defect.code, errors)
    assert not wrong
    assert applied >= 60
