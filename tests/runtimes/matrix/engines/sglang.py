"""SGLang on a CPU: its own server runtime without the scheduler, from the start to the logits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from tests.runtimes.matrix.engines.expected import expected, judged
from tests.runtimes.matrix.engines.job import Job, Outcome, run_script

VERSION: Final = "0.5.23"
_SCRIPT: Final = Path(__file__).with_name("run_sglang.py")


def settle(jobs: Sequence[Job], python: str) -> Iterator[tuple[Job, Outcome]]:
    """Yield what SGLang does with each adapter, when it is started with it."""
    wanted = dict(zip(jobs, expected(jobs), strict=True))
    for job, outcome in run_script(python, _SCRIPT, jobs):
        yield job, judged(outcome, wanted[job])
