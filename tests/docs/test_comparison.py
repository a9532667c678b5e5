"""The comparison has what `docs/benchmark_defects.py` counts, and README has the same numbers."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Final

import pytest

from tests.cli.running import ROOT

ROW: Final = re.compile(r"^\| .*? \|((?: *\d+ \|){3})", re.M)


def numbers(page: str) -> Iterator[list[str]]:
    for row in ROW.finditer((ROOT / page).read_text("utf-8")):
        yield re.findall(r"\d+", row[1])


@pytest.mark.slow
def test_the_page_is_what_is_measured() -> None:
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        [sys.executable, "-m", "docs.benchmark_defects", "--check"],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"run `python -m docs.benchmark_defects`\n{done.stderr}"


def test_readme_has_the_same_numbers() -> None:
    advice = "copy the numbers of docs/comparison.md into README.md: its table, and around it"
    assert list(numbers("README.md")) == list(numbers("docs/comparison.md")), advice
    assert len(list(numbers("README.md"))) == 3


def test_readme_has_the_times_that_were_measured() -> None:
    page = (ROOT / "docs/performance.md").read_text("utf-8")
    readme = (ROOT / "README.md").read_text("utf-8")
    times = re.findall(r"\| (\d+ ms) \|", page)
    assert len(times) == 2
    assert set(times) <= set(re.findall(r"\| (\d+ ms) \|", readme))
