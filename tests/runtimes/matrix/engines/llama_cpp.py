"""llama.cpp: its converters and its compiled runtime, of `python -m tests.oracles --install`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from tests.runtimes.matrix.engines.expected import expected, judged
from tests.runtimes.matrix.engines.job import Job, Outcome, run_script

VERSION: Final = "0.3.36"
_SCRIPT: Final = Path(__file__).with_name("run_llama_cpp.py")


def settle(jobs: Sequence[Job], python: str) -> Iterator[tuple[Job, Outcome]]:
    """Yield what llama.cpp does with each adapter, from the conversion to the logits."""
    wanted = dict(zip(jobs, expected(jobs), strict=True))
    for job, outcome in run_script(python, _SCRIPT, jobs):
        yield job, judged(outcome, wanted[job])
