"""Ask vLLM, in its environment, with the plugin as its entry point declares it."""

from __future__ import annotations

import json
import os
import subprocess
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from tests.oracles.environments import LOADERS, python_of

ROOT: Final = Path(__file__).resolve().parents[2]
_GROUP: Final = "vllm.general_plugins"


def declare_plugin(folder: Path) -> None:
    """Write what pip would about our entry points, so that vLLM finds the plugin."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    points = project["entry-points"][_GROUP]
    info = folder / "loracfg-0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: loracfg\nVersion: 0\n")
    lines = [f"[{_GROUP}]", *(f"{name} = {value}" for name, value in points.items())]
    (info / "entry_points.txt").write_text("\n".join(lines) + "\n")


def ask(
    folder: Path, variables: Mapping[str, str], *jobs: dict[str, Any]
) -> tuple[list[dict[str, Any]], str]:
    """Return vLLM's answers to jobs, and its log; skip the calling test without an environment.

    Args:
        folder: an empty folder to work in.
        variables: the variables of the plugin, and others.
        jobs: the jobs, as `in_vllm` takes them.
    """
    loader = next(one for one in LOADERS if one.name == "vllm-0.33")
    python = python_of(loader)
    declare_plugin(folder / "declared")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LORACFG_")}
    path = os.pathsep.join([str(folder / "declared"), str(ROOT)])
    done = subprocess.run(
        [python, "-P", "-m", "tests.serving.in_vllm"],
        input="".join(json.dumps(job) + "\n" for job in jobs),
        capture_output=True,
        text=True,
        check=False,
        env={**kept, **variables, "PYTHONPATH": path, "HF_HUB_OFFLINE": "1"},
        cwd=folder,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(jobs), done.stderr[-3000:]
    return answers, done.stderr
