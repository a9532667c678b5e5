"""The local engine: list, read, judge and write at the same time, with little in memory."""

from __future__ import annotations

from loracfg.audit.engines import EngineTask
from loracfg.audit.job_runner import JobRunner
from loracfg.audit.listed_jobs import ListedJobs
from loracfg.engine.many import cores


def run_here(task: EngineTask) -> Exception | None:
    """Judge everything on this machine, and return what the listing broke off with.

    0 jobs are one for each core.

    Raises:
        LoracfgError: something cannot be written. What was judged is committed.
    """
    ledger, setup = task.ledger, task.setup
    setup = setup._replace(jobs=setup.jobs or cores())
    runner = JobRunner(setup, task.limiter, ledger.find_same)
    jobs = ListedJobs(task.listed, ledger, task.progress, runner.wake)
    try:
        for result in runner.results(jobs):
            if result is None:
                ledger.commit()
            else:
                ledger.take(result)
            task.tick()
    finally:
        jobs.close()
        runner.close()
        ledger.commit()
    return jobs.error
