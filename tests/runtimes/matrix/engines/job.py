"""What is to be settled: one adapter of the matrix on its base."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

UNSETTLED: Final = "unsettled"
"""The answer of a script on a base that its engine does not start on this machine."""


class Job(NamedTuple):
    """An adapter on disk, and its base with weights."""

    architecture: str
    feature: str
    adapter: str
    base: str


class Outcome(NamedTuple):
    """What an engine did: `answer` as in a cell, `how` likewise, and `why` for whoever looks."""

    answer: str
    how: str
    why: str = ""


def run_script(python: str, script: Path, jobs: Sequence[Job]) -> Iterator[tuple[Job, Outcome]]:
    """Yield what a script makes of jobs, by an interpreter in which the engine is installed.

    The script takes the jobs as a JSON list on its input, and writes lines to its output: a JSON
    list of the number of the job, the answer, and why.
    """
    given = json.dumps([job._asdict() for job in jobs])
    with subprocess.Popen(
        [python, "-P", str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(given)
        process.stdin.close()
        for line in process.stdout:
            if line.startswith("["):
                found: list[Any] = json.loads(line)
                number, answer, how, why = found
                yield jobs[number], Outcome(answer, how, why)
