"""What a row costs the machine of the command, when others read and judge: CPU time.

    python -m tests.audit.ledger_speed --rows 20000

takes results of workers as pickles, commits them to the database and writes them to Parquet.
"""

from __future__ import annotations

import argparse
import os
import pickle
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from loracfg.audit.job import AuditJob, JobResult
from loracfg.audit.job_runner import JobRunner, RunnerSetup
from loracfg.audit.judging.judge_state import own_state
from loracfg.audit.known_rows import KnownRows
from loracfg.audit.ledger import Ledger
from loracfg.audit.listing.listed import Listed
from loracfg.audit.parts import Parts
from loracfg.audit.progress import Progress
from loracfg.audit.ray_cluster import BATCH
from loracfg.audit.ray_worker import BatchResult
from loracfg.audit.reading.limiter import Limiter
from loracfg.audit.reuse import Reuse
from loracfg.audit.run_state import begin_run, judge_named
from loracfg.engine.options import Options
from loracfg.sources.address import HubAddress
from tests.audit.fleet import Fleet
from tests.audit.generated_fleet import name_of
from tests.audit.simulated_hub import HubOptions, running_hub
from tests.llama8b import make_without_checkpoint

_DIFFERENT = 200


def results(work: Path, rows: int) -> list[JobResult]:
    """Return results of as many jobs; those of some adapters come again under other names."""
    options = Options(base=str(work / "base"))
    jobs = [AuditJob(Listed(HubAddress(name_of(n))), options) for n in range(_DIFFERENT)]
    runner = JobRunner(RunnerSetup(own_state().digest), Limiter())
    found = list(runner.results_of(jobs))
    runner.close()
    assert all(result.rows for result in found)
    return [_named(found[number % len(found)], number) for number in range(rows)]


def _named(result: JobResult, number: int) -> JobResult:
    listed = Listed(HubAddress(name_of(number)))
    return result._replace(job=result.job._replace(listed=listed))


def seconds_for(taken: list[JobResult], output: Path) -> float:
    """Return the CPU time from the pickles of workers to rows in files."""
    batches = [taken[at : at + BATCH] for at in range(0, len(taken), BATCH)]
    pickles = [pickle.dumps(BatchResult(batch)) for batch in batches]
    state = own_state()
    run, options = begin_run(output, ("fleet",), "", state), taken[0].job.options
    known = KnownRows(output)
    reuse = Reuse(run.name, state, partial(judge_named, output))
    parts = Parts(run, known)
    ledger = Ledger(lambda _: options, reuse, known, parts, Progress())
    begin = time.process_time()
    for data in pickles:
        for result in pickle.loads(data).results:  # noqa: S301  # made above
            ledger.take(result)
    ledger.commit()
    parts.finish()
    seconds = time.process_time() - begin
    known.close()
    return seconds


def main() -> None:
    """Print the time."""
    parser = argparse.ArgumentParser(prog="python -m tests.audit.ledger_speed", description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder, running_hub(HubOptions(_DIFFERENT)) as hub:
        work = Path(folder)
        make_without_checkpoint(work)
        os.environ.update(Fleet(hub, work, 1).environment())
        seconds = seconds_for(results(work, rows), work / "out")
    each = seconds / rows
    sys.stdout.write(f"{each * 1e6:.0f} µs of CPU a row, {1 / each:.0f} rows a second\n")


if __name__ == "__main__":
    main()
