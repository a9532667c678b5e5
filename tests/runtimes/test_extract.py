"""What the commands that read releases of engines say where they cannot."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import ROOT

NONE_MATCHES = "No matching distribution found for"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("extract vllm 0.99.0", f"pip cannot get vllm==0.99.0: {NONE_MATCHES} vllm==0.99.0"),
        ("extract vllm", "no release of vllm is kept yet; name one"),
        ("extract.released vllm", f"pip cannot get vllm: {NONE_MATCHES} vllm"),
        ("extract.released vlm", "there are no facts about vlm"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_line(command: str, said: str, tmp_path: Path) -> None:
    pip = {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", *f"tests.runtimes.{command}".split()],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=os.environ | pip | {"LORACFG_ENGINES": str(tmp_path / "engines")},
    )
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"{said}\n")
