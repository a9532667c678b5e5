"""Repairing any adapter neither fails nor makes it worse."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from loracfg.adapter.files import Folder
from loracfg.config import CONFIG_NAME
from loracfg.engine.engine import Engine
from loracfg.engine.fixing import _changes, _check, fix
from loracfg.engine.fronts import validate
from loracfg.engine.options import Options
from loracfg.errors import LoracfgError
from loracfg.repair.draft import Draft
from loracfg.report.report import AdapterReport
from loracfg.rules.registry import all_rules
from loracfg.rules.rule import FindingKey
from loracfg.testing.building.examples import Example, build, examples
from loracfg.testing.building.surroundings import runtimes_of
from loracfg.testing.memory_files import MemoryFiles
from tests.cli.running import write_base

EXAMPLES: Final = [
    pytest.param(example, id=f"{rule.code}-{number}")
    for rule in all_rules()
    for number, example in enumerate(examples(rule.page))
]


def written(files: MemoryFiles, folder: Path) -> Path:
    for name, data in files.contents.items():
        if name.endswith("/"):
            (folder / name).mkdir(parents=True, exist_ok=True)
            continue
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def errors(report: AdapterReport) -> int:
    return sum(d.severity == "error" for d in report.diagnostics)


@pytest.mark.parametrize("example", EXAMPLES)
def test_findings_that_are_repaired_say_so(example: Example, tmp_path: Path) -> None:
    """A finding has a `fix` if what that does makes it go away, and is as safe as it says."""
    (tmp_path / "adapter").mkdir()
    folder = written(build(example.lines)[0], tmp_path / "adapter")
    base = str(write_base(tmp_path / "base"))
    options = Options(base=base, pattern_seconds=0.3, runtimes=runtimes_of(example.lines))
    marked = {
        (FindingKey(d.code, d.location.tensor or d.location.pointer, d.data), d.fix.safe)
        for d in validate(folder, options).adapters[0].diagnostics
        if d.fix
    }
    engine = Engine(options)
    judged = _check(Draft(Folder(folder)), engine)
    repaired = {
        (key, change.safe)
        for key, _, change in _changes(judged)
        if key not in _check(change.draft, engine).keys
    }
    assert marked == repaired


@pytest.mark.parametrize("example", EXAMPLES)
def test_example_is_repaired_or_left_alone(example: Example, tmp_path: Path) -> None:
    (tmp_path / "adapter").mkdir()
    folder = written(build(example.lines)[0], tmp_path / "adapter")
    write_base(tmp_path / "base")
    options = Options(
        base=str(tmp_path / "base"), pattern_seconds=0.3, runtimes=runtimes_of(example.lines)
    )
    if any(f"/{CONFIG_NAME} " in line for line in example.lines):
        with pytest.raises(LoracfgError, match="below it"):
            fix(folder, options)
        return
    repaired = fix(folder, options, unsafe=True)
    if repaired.before.status != "error":  # else nothing was known of the adapter
        assert errors(repaired.after) <= errors(repaired.before)
    if not repaired.steps:
        with pytest.raises(LoracfgError, match="nothing was repaired, so"):
            repaired.write(tmp_path / "fixed")
        assert not (tmp_path / "fixed").exists()
        return
    repaired.write(tmp_path / "fixed")
    again = fix(tmp_path / "fixed", options, unsafe=True)
    assert again.before.to_dict()["diagnostics"] == repaired.after.to_dict()["diagnostics"]
    assert again.steps == ()
