"""Rows say what `validate` says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from loracfg.engine.fronts import validate
from loracfg.testing.copies import Copy
from loracfg.testing.defects import DEFECTS
from tests.audit.equality import differences, everywhere
from tests.cli.running import write_adapter, write_base
from tests.sources.equality import Served

pytestmark = pytest.mark.slow

FEW = 6
"""Every sixth defect; `python -m tests.audit.equality` takes all, of many adapters."""


def served(root: Path) -> list[Served]:
    base = write_base(root / "base")
    copy = Copy.of(write_adapter(root / "adapter"))
    found = [Served("sound", copy.written().contents, base)]
    for defect in DEFECTS[::FEW]:
        spoilt = Copy(dict(copy.config), dict(copy.tensors))
        if defect.apply(spoilt):
            found.append(Served(f"{defect.name}", spoilt.written().contents, base))
    return found


def test_rows_are_the_reports_of_validate(tmp_path: Path) -> None:
    made = served(tmp_path)
    assert len(made) > 5
    found = list(everywhere(made, tmp_path / "work"))
    assert [one.place for one in found] == ["folders", "web", "hub", "archives"]
    assert [one.differences for one in found] == [[]] * 4


def test_a_difference_is_seen(tmp_path: Path) -> None:
    from loracfg.audit.judging.judge import ToJudge, judge_one
    from loracfg.audit.tables import table_of
    from loracfg.engine.options import Options

    base = write_base(tmp_path / "base")
    folder = write_adapter(tmp_path / "a")
    options = Options(base=str(base))
    judged = judge_one("judge", ToJudge(str(folder), options, folder))
    (row,) = table_of([one.row for one in judged]).to_pylist()
    (report,) = validate(folder, options).adapters
    assert differences(row, report.to_dict()) == []
    changed: dict[str, Any] = {
        "status": "invalid",
        "codes": [],
        "loads_in": None,
        "scale_max": 3.0,
        "not_checked": [{"what": "a", "why": "b"}],
        "reason": "it is",
    }
    for name, value in changed.items():
        if row[name] != value:
            assert len(differences({**row, name: value}, report.to_dict())) == 1, name
