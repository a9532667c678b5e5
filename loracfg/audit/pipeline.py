"""The local engine: list, read, judge and write at the same time, with little in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from loracfg.audit.job_runner import JobRunner
from loracfg.audit.ledger import Ledger
from loracfg.audit.listed_jobs import ListedJobs
from loracfg.audit.listing.listed import Listed
from loracfg.audit.progress import Progress


def run_here(
    listed: Iterator[Listed],
    ledger: Ledger,
    runner: JobRunner,
    progress: Progress,
    tick: Callable[[], None],
) -> None:
    """Judge everything on this machine.

    Args:
        listed: what there is to judge.
        ledger: takes the results.
        runner: reads and judges; it is closed.
        progress: the counts.
        tick: called now and then.

    Raises:
        LoracfgError: the listing broke off, or something cannot be written. What was judged is
            committed.
    """
    jobs = ListedJobs(listed, ledger, progress, runner.wake)
    try:
        for result in runner.results(jobs):
            if result is None:
                ledger.commit()
            else:
                ledger.take(result)
            tick()
    finally:
        jobs.close()
        runner.close()
        ledger.commit()
    if jobs.error is not None:
        raise jobs.error
