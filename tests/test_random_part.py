"""A bare run of the tests takes a random part of them, and can be repeated."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import ROOT
from tests.random_part import CASES

SETTINGS = """
[pytest]
testpaths = tests
markers =
    slow: takes seconds
    browser: needs one
addopts = -p no:cacheprovider
"""
TESTS = f"""
import pytest

@pytest.mark.parametrize("case", range({CASES} * 5))
def test_many(case):
    pass

@pytest.mark.slow
def test_slow():
    pass

@pytest.mark.browser
def test_page():
    pass

def test_one():
    pass
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "tests").mkdir()
    (tmp_path / "pytest.ini").write_text(SETTINGS, "utf-8")
    (tmp_path / "tests/test_it.py").write_text(TESTS, "utf-8")
    return tmp_path


def passed(tree: Path, *arguments: str, **variables: str) -> list[str]:
    """Return the tests that pass in a run with the hooks of these tests."""
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-rp", *arguments]
    done = subprocess.run(
        command,
        cwd=tree,
        env={"PYTHONPATH": str(ROOT), "PATH": "", **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return sorted(line for line in done.stdout.splitlines() if line.startswith("PASSED"))


@pytest.mark.slow
def test_a_bare_run_takes_a_part_in_every_process(tree: Path) -> None:
    first = passed(tree, LORACFG_DRAW="1")
    assert len(first) == CASES + 1
    assert first == passed(tree, "-n", "2", LORACFG_DRAW="1")
    assert first != passed(tree, LORACFG_DRAW="2")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "variables", "number"),
    [
        ([], {"LORACFG_PROFILE": "ci"}, 5 * CASES + 3),
        (["tests/test_it.py"], {}, 5 * CASES + 3),
        (["-k", "many"], {}, 5 * CASES),
        (["-m", "slow"], {}, 1),
    ],
)
def test_other_runs_take_everything(
    tree: Path, arguments: list[str], variables: dict[str, str], number: int
) -> None:
    assert len(passed(tree, *arguments, **variables)) == number
