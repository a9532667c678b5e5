"""Failures with another release of PEFT than the newest come with what to install."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from loracfg.config.history.releases import PEFT_RELEASE
from tests.cli.running import ROOT


@pytest.mark.slow
@pytest.mark.parametrize(
    ("installed", "fails", "told"),
    [("0.0.9", True, True), ("0.0.9", False, False), (PEFT_RELEASE, True, False)],
)
def test_the_release_to_install_is_named(
    installed: str, fails: bool, told: bool, tmp_path: Path
) -> None:
    info = tmp_path / f"peft-{installed}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: peft\nVersion: {installed}\n")
    tests = tmp_path / "test_one.py"
    tests.write_text(f"def test_one():\n    assert {not fails}\n")
    options = ("-q", "-n", "0", "-p", "tests.conftest", "-p", "no:cacheprovider")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, str(tests)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])},
    )
    advice = f"fail with the installed {installed}: `pip install peft=={PEFT_RELEASE}`"
    assert (advice in done.stdout) == told, done.stdout
    assert done.returncode == fails
