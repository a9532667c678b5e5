"""Real clusters of Ray and a real Spark: the rows of the local engine, whatever is killed."""

from __future__ import annotations

import os
import subprocess

import pytest

from tests.audit.environments import python_with_ray
from tests.audit.fleet import ROOT

pytestmark = pytest.mark.skipif(
    os.environ.get("LORACFG_PROFILE") != "long",
    reason="starting clusters takes minutes; LORACFG_PROFILE=long does",
)
STEPS = ("workers", "nodes", "killed", "driver", "limited", "pipeline", "spark")


@pytest.mark.parametrize("step", STEPS)
def test_the_rows_are_those_of_the_local_engine(step: str) -> None:
    command = [str(python_with_ray()), "-m", "tests.audit.ray_cluster", "--adapters", "600", step]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines
    assert all("600 rows, the same byte for byte" in line for line in lines), done.stdout
