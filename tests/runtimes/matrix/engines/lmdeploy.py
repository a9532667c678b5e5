"""What lmdeploy does: its models and its loading of adapters, run on a CPU."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from tests.runtimes.matrix.engines.job import Job, Outcome, run_script

VERSION: Final = "0.18.0"


def settle(jobs: Sequence[Job], python: str) -> Iterator[tuple[Job, Outcome]]:
    """Yield what the engine does with adapters, by an interpreter that has it installed."""
    yield from run_script(python, Path(__file__).with_name("run_lmdeploy.py"), jobs)
