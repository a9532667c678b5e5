"""Which tests concern a mutant, and which of them are to be found again after a change."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.mutation.mutants import Mutant
from tests.mutation.record import merged, naming_tests, stale_tests
from tests.mutation.tests_of import OF_ALL_RULES, RULE_PAGES, TestsOf

ROOT = Path(__file__).resolve().parents[2]
MODULE = """
from functools import cache

@cache
def kept() -> int:
    return 1
"""
TESTS = """
from loracfg.rules.m import kept

def test_one():
    assert kept() == 1

def test_two():
    assert kept() == 1

def test_wrong():
    assert kept() == 2
"""
RUN = """
from pathlib import Path
import pytest
from tests.mutation.recording import Recording

recording = Recording(["loracfg/rules"])
pytest.main(["-p", "no:xdist", "test_m.py"], plugins=[recording])
recording.save(Path("found.json"))
"""
RECORD: dict[str, Any] = {
    "seconds": {"t.py::slow": 3.0, "t.py::quick": 1.0, "u.py::elsewhere": 2.0},
    "lines": {"m.py": {"7": ["t.py::quick", "t.py::slow"], "9": ["u.py::elsewhere"]}},
    "at_import": {"m.py": [7]},
    "left_out": ["t.py::skips"],
    "modules": ["json"],
}


def mutant_of(file: str, line: int, *, is_outside: bool = False) -> Mutant:
    return Mutant(file, "", line, line, line, is_outside, str)


@pytest.fixture
def tests(tmp_path: Path) -> TestsOf:
    path = tmp_path / "tests.json"
    path.write_text(json.dumps(RECORD))
    return TestsOf(path)


def test_the_quickest_tests_that_execute_a_statement_run(tests: TestsOf) -> None:
    quick, slow, elsewhere = "t.py::quick", "t.py::slow", "u.py::elsewhere"
    assert tests(mutant_of("m.py", 7), 9) == [quick, slow]
    assert tests(mutant_of("m.py", 7), 3) == [quick]
    assert tests(mutant_of("m.py", 9), 0) == [elsewhere]
    assert tests(mutant_of("m.py", 1, is_outside=True), 9) == [quick, elsewhere, slow]
    tests.seconds[elsewhere] = 9.0  # the first of each file come first
    assert tests(mutant_of("m.py", 1, is_outside=True), 99) == [quick, elsewhere, slow]
    assert tests(mutant_of("n.py", 1, is_outside=True), 9) == []


def test_a_test_that_takes_too_long_is_passed_over(tests: TestsOf) -> None:
    quick, slow, elsewhere = "t.py::quick", "t.py::slow", "u.py::elsewhere"
    tests.seconds[elsewhere] = 5.0
    assert tests(mutant_of("m.py", 1, is_outside=True), 4.5) == [quick, slow]


def test_tests_that_name_the_rule_run_first(tests: TestsOf) -> None:
    file, own = "rules/lc123_what.py", "t.py::test_page[LC123-0]"
    tests.seconds[own] = 4.0
    tests.lines[file] = {"7": ["t.py::quick", own]}
    assert tests(mutant_of(file, 7), 9) == [own, "t.py::quick"]


def test_what_runs_at_import_is_run_again_with_the_module(tests: TestsOf) -> None:
    assert tests.runs_at_import(mutant_of("m.py", 7))
    assert not tests.runs_at_import(mutant_of("m.py", 9))
    assert tests.runs_at_import(mutant_of("m.py", 9, is_outside=True))


@pytest.mark.slow
def test_what_is_kept_is_executed_by_each_test(tmp_path: Path) -> None:
    """Else only the first test would be seen to execute what a cache keeps."""
    pytest.importorskip("coverage")
    package = tmp_path / "loracfg" / "rules"
    package.mkdir(parents=True)
    for folder in (package.parent, package):
        (folder / "__init__.py").touch()
    (package / "m.py").write_text(MODULE)
    (tmp_path / "test_m.py").write_text(TESTS)
    paths = os.pathsep.join([str(tmp_path), str(ROOT), os.environ.get("PYTHONPATH", "")])
    env = {**os.environ, "PYTHONPATH": paths}
    subprocess.run([sys.executable, "-c", RUN], cwd=tmp_path, env=env, check=True)
    found = json.loads((tmp_path / "found.json").read_text())
    lines = found["lines"]["loracfg/rules/m.py"]
    assert lines["6"] == ["test_m.py::test_one", "test_m.py::test_two"]
    assert found["left_out"] == ["test_m.py::test_wrong"]
    assert found["at_import"]["loracfg/rules/m.py"] == [2, 4, 5]


def test_tests_whose_lines_may_be_others() -> None:
    new, page = "tests/rules/test_new.py", "docs/rules/LC001.md"
    helper, tool = "tests/rules/helper.py", "tests/mutation/mutants.py"
    before = dict.fromkeys(
        ["m.py", "t.py", "u.py", page, helper, tool, "loracfg/base/tree.py"], "1"
    )

    def stale(**changed: str) -> list[str] | None:
        return stale_tests(before, before | changed, RECORD["lines"])

    assert stale() == []
    assert stale(**{"m.py": "2"}) == ["t.py", "u.py"]
    assert stale(**{new: "1", tool: "2", "tests/rules/of_new.py": "1"}) == [new]
    assert stale(**{"loracfg/base/tree.py": "2"}) is None
    assert stale(**{helper: "2"}) is None


def test_a_record_is_merged() -> None:
    new = {
        "seconds": {"u.py::other": 1.0},
        "lines": {"m.py": {"7": ["u.py::other"]}},
        "at_import": {"m.py": [8]},
        "left_out": [],
        "modules": ["re"],
    }
    files = {"m.py": "1", "t.py": "1", "u.py": "1"}
    old = {**RECORD, "files": files}
    found = merged(old, new, ["u.py"], {**files, "u.py": "2"})
    assert found["lines"]["m.py"] == {"7": ["t.py::quick", "t.py::slow", "u.py::other"], "9": []}
    assert found["seconds"] == {"t.py::slow": 3.0, "t.py::quick": 1.0, "u.py::other": 1.0}
    assert (found["at_import"], found["modules"]) == ({"m.py": [7, 8]}, ["json", "re"])
    again = merged(old, new, ["u.py"], {**files, "m.py": "2"})
    assert again["lines"]["m.py"] == {"7": ["u.py::other"]}


def test_tests_that_name_a_rule_are_found() -> None:
    found = naming_tests(["loracfg/rules/weights/lc434_identical_layers.py"])
    assert {RULE_PAGES, "tests/rules/test_thresholds.py"} <= set(found)
    assert "tests/rules/test_registry.py" not in found
    assert naming_tests([]) == sorted(OF_ALL_RULES)
