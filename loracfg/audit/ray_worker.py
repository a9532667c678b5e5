"""What a worker of Ray does in `loracfg audit --engine ray`: batches of jobs, one after the other.

A batch is a row of a table with one column, and so are its results. Both are pickles, as between
the processes of the local engine: driver and workers are the same program.
"""

from __future__ import annotations

import os
import pickle
import platform
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from loracfg.audit.job import AuditJob, JobResult
from loracfg.audit.job_runner import JobRunner, RunnerSetup
from loracfg.audit.judging.judge_state import own_state
from loracfg.audit.packages import import_pyarrow
from loracfg.audit.ray_limits import ActorLessor
from loracfg.audit.reading.limiter import Limiter, ReadLimits
from loracfg.errors import LoracfgError
from loracfg.named_tuple import NamedTuple
from loracfg.version import __version__

if TYPE_CHECKING:
    import pyarrow
    from ray.actor import ActorHandle

_COLUMN: Final = "pickled"


class BatchResult(NamedTuple):
    """What became of a batch.

    Attributes:
        results: those of its jobs.
        requests: the requests that they took.
        other: the machine and the version of a worker with a different loracfg, which did nothing.
    """

    results: list[JobResult]
    requests: int = 0
    other: tuple[str, str] | None = None

    def check(self) -> None:
        """Check that the worker has the same loracfg as the driver.

        Raises:
            LoracfgError: it has not.
        """
        if self.other is not None:
            node, version = self.other
            message = f"loracfg {version} on node `{node}` is not the loracfg {__version__} here"
            raise LoracfgError(message, "install the same loracfg, with the same rules, everywhere")


def packed(batch: Sequence[AuditJob]) -> pyarrow.Table:
    """Return a batch of jobs as a table."""
    return _table([pickle.dumps(list(batch))])


def results_in(table: pyarrow.Table) -> list[BatchResult]:
    """Return what workers did, from a table that `JobWorker` returned."""
    return [pickle.loads(data) for data in table[_COLUMN].to_pylist()]  # noqa: S301  # our own


class JobWorker:
    """Runs batches of jobs: a class for `map_batches`."""

    def __init__(
        self, setup: RunnerSetup, limits: ReadLimits, shared: ActorHandle, folder: str
    ) -> None:
        """Create it in a worker.

        Args:
            setup: how to run jobs.
            limits: the limits of the whole job.
            shared: the actor that divides them among workers.
            folder: the folder that relative paths start from, if this node has it.
        """
        with suppress(OSError):
            os.chdir(folder)
        self._has_same = own_state().digest == setup.judge
        self._limiter = Limiter(limits, lessor=ActorLessor(shared))
        self._runner = JobRunner(setup, self._limiter)

    def __call__(self, table: pyarrow.Table) -> pyarrow.Table:
        """Return what became of the jobs in a table."""
        found = [self._run(data) for data in table[_COLUMN].to_pylist()]
        return _table([pickle.dumps(one) for one in found])

    def _run(self, data: bytes) -> BatchResult:
        if not self._has_same:
            return BatchResult([], other=(platform.node(), __version__))
        jobs: list[AuditJob] = pickle.loads(data)  # noqa: S301  # from our own driver
        before = self._limiter.requests
        results = [_slim(one) for one in self._runner.results_of(jobs)]
        return BatchResult(results, self._limiter.requests - before)


def _slim(result: JobResult) -> JobResult:
    """Return a result without what only reading needed."""
    job = result.job
    return result._replace(job=job._replace(listed=job.listed._replace(entries=None)))


def _table(cells: list[bytes]) -> pyarrow.Table:
    arrow = import_pyarrow()
    return arrow.table({_COLUMN: arrow.array(cells, arrow.binary())})
