"""Ask vLLM, in its environment, with the plugin as its entry point declares it."""

from __future__ import annotations

import json
import os
import subprocess
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from tests.oracles.environments import LOADERS, python_of

ROOT: Final = Path(__file__).resolve().parents[2]
LONG: Final = os.environ.get("LORACFG_PROFILE") == "long"
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


class Session:
    """vLLM in a process of its own, which answers one job after another."""

    def __init__(self, process: subprocess.Popen[str], log: Path) -> None:
        self._process, self._log = process, log

    def ask(self, job: dict[str, Any]) -> dict[str, Any]:
        """Return the answer to a job, as `in_vllm` describes it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, self.log[-3000:]
        answer: dict[str, Any] = json.loads(line)
        return answer

    @property
    def log(self) -> str:
        """What vLLM has logged."""
        return self._log.read_text("utf-8", errors="replace")


@contextmanager
def session(folder: Path, variables: Mapping[str, str]) -> Iterator[Session]:
    """Run vLLM with the plugin; skip the calling test without an environment.

    Args:
        folder: a folder to work in.
        variables: the variables of the plugin, and others.
    """
    loader = next(one for one in LOADERS if one.name == "vllm-0.33")
    python = python_of(loader)
    declare_plugin(folder / "declared")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LORACFG_")}
    path = os.pathsep.join([str(folder / "declared"), str(ROOT)])
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [python, "-P", "-m", "tests.serving.in_vllm"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env={**kept, **variables, "PYTHONPATH": path, "HF_HUB_OFFLINE": "1"},
            cwd=folder,
        )
        try:
            yield Session(process, folder / "log")
        finally:
            process.communicate(timeout=60)


def ask(
    folder: Path, variables: Mapping[str, str], *jobs: dict[str, Any]
) -> tuple[list[dict[str, Any]], str]:
    """Return vLLM's answers to jobs, and its log; skip the calling test without an environment."""
    with session(folder, variables) as vllm:
        answers = [vllm.ask(job) for job in jobs]
    return answers, vllm.log
