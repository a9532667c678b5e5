"""The engine `ray`: lists here, reads and judges in the workers of a cluster, and writes here.

Jobs go to Ray Data in windows, each of which is a dataset: it takes blocks that exist when it
starts. The first windows are small, so that rows come soon; later ones are larger, so that workers
are seldom started. The next window is listed while one runs.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Final

from loracfg.audit.engines import EngineTask
from loracfg.audit.job import AuditJob
from loracfg.audit.job_runner import RunnerSetup
from loracfg.audit.listed_jobs import ListedJobs
from loracfg.audit.packages import import_ray
from loracfg.audit.ray_cluster import BATCH, connected, worker_pool
from loracfg.audit.ray_limits import shared_limits
from loracfg.audit.ray_worker import BatchResult, JobWorker, packed, results_in
from loracfg.audit.reading.limiter import Limiter
from loracfg.errors import LoracfgError

if TYPE_CHECKING:
    import pyarrow
    from ray.actor import ActorHandle
    from ray.data import Dataset

_FIRST_WINDOW: Final = 8_192
_LARGEST_WINDOW: Final = 524_288
"""The jobs of a window; each is twice as large as the last one."""
_AHEAD: Final = 16
"""The chunks that may be listed before they are looked up."""
_TICK: Final = 0.5


def run_on_ray(task: EngineTask) -> Exception | None:
    """Judge everything on a cluster of Ray, and return what the listing broke off with.

    0 jobs are any number of workers.

    Raises:
        LoracfgError: the cluster does not answer, or something cannot be written. What was judged
            is committed.
    """
    ledger, limiter, tick = task.ledger, task.limiter, task.tick
    windows = _Windows(task)
    with ExitStack() as opened:
        opened.callback(ledger.commit)
        opened.callback(windows.close)
        workers: _Workers | None = None
        while (window := windows.next(tick)) is not None:
            if workers is None:
                opened.enter_context(connected())
                workers = _Workers(task.setup, limiter)
            for done in workers.results(window):
                limiter.elsewhere += done.requests
                for result in done.results:
                    ledger.take(result)
                windows.fill()
                tick()
    return windows.error


class _Windows:
    """What is to be judged, window by window."""

    def __init__(self, task: EngineTask) -> None:
        self._is_listed = Event()
        wake = self._is_listed.set
        self._jobs = ListedJobs(task.listed, task.ledger, task.progress, wake, _AHEAD)
        self._ledger, self._size = task.ledger, _FIRST_WINDOW
        self._batch: list[AuditJob] = []
        self._blocks: list[pyarrow.Table] = []

    def next(self, tick: Callable[[], None]) -> list[pyarrow.Table] | None:
        """Return the next window once it is full, or everything is listed; None at the end."""
        while True:
            self.fill()
            self._ledger.commit()
            if self._jobs.is_over or self._is_full():
                break
            tick()
            self._is_listed.wait(_TICK)
            self._is_listed.clear()
        self._pack()
        window, self._blocks = self._blocks, []
        self._size = min(2 * self._size, _LARGEST_WINDOW)
        return window or None

    def fill(self) -> None:
        """Take what is listed, without waiting for more."""
        while not self._is_full() and (job := self._jobs.take()) is not None:
            self._batch.append(job)
            if len(self._batch) == BATCH:
                self._pack()

    def close(self) -> None:
        """End the listing."""
        self._jobs.close()

    @property
    def error(self) -> Exception | None:
        """What the listing broke off with."""
        return self._jobs.error

    def _is_full(self) -> bool:
        return len(self._blocks) * BATCH >= self._size

    def _pack(self) -> None:
        if self._batch:
            self._blocks.append(packed(self._batch))
            self._batch = []


class _Workers:
    """Runs windows in the workers of the cluster."""

    def __init__(self, setup: RunnerSetup, limiter: Limiter) -> None:
        self._setup, self._limits = setup._replace(jobs=1), limiter.limits
        self._shared: ActorHandle = shared_limits(limiter.limits)
        self._pool = worker_pool(most=setup.jobs or None)

    def results(self, window: list[pyarrow.Table]) -> Iterator[BatchResult]:
        """Yield what becomes of batches, as they are done.

        Raises:
            LoracfgError: Ray cannot go on, or a worker has a different loracfg.
        """
        ray = import_ray()
        try:
            dataset = self._dataset(window)
            for table in dataset.iter_batches(batch_size=None, batch_format="pyarrow"):
                for done in results_in(table):
                    done.check()
                    yield done
        except ray.exceptions.RayError as error:
            first = f"{error}".strip().rpartition("\n")[2]
            message = f"Ray stopped the run: {type(error).__name__}: {first}"
            advice = "check the cluster with `ray status`, then run the command again to continue"
            raise LoracfgError(message, advice) from None

    def _dataset(self, window: list[pyarrow.Table]) -> Dataset:
        ray = import_ray()
        logging.getLogger("ray.data").setLevel(logging.ERROR)
        found: Dataset = ray.data.from_arrow(window).map_batches(
            JobWorker,
            fn_constructor_args=(self._setup, self._limits, self._shared, str(Path.cwd())),
            batch_size=None,
            batch_format="pyarrow",
            num_cpus=1,
            compute=self._pool,
        )
        found.context.enable_progress_bars = False
        found.context.print_on_execution_start = False
        return found
