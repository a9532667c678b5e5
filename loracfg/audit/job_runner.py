"""From jobs to their results: many are read and judged at a time, with few in memory.

Every engine runs its jobs with this: the local one all of them, a worker of Ray or Spark those of
one batch after the other.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Final, Protocol
from weakref import finalize

from loracfg.audit.job import AuditJob, JobResult
from loracfg.audit.judging.judge import ToJudge, died, judge_one
from loracfg.audit.known_rows import Known
from loracfg.audit.reading.contents import Contents, Unread
from loracfg.audit.reading.limiter import Limiter
from loracfg.audit.reading.reader import (
    Reader,
    ReadResult,
    ToRead,
    is_read_where_judged,
    unusable,
)
from loracfg.audit.result_row import JudgedRow, microseconds
from loracfg.engine.messages import ChildWork
from loracfg.engine.pool import Pool
from loracfg.named_tuple import NamedTuple
from loracfg.sources.address import SearchedFolder

_JUDGING: Final = "loracfg.audit.judging.judge"
_BATCH: Final = 32
"""The most that a process judges between two messages."""
_BATCHES_EACH: Final = 2
_READY_EACH: Final = 96
"""What may wait for each process."""
_TICK: Final = 0.5
"""The longest time without a result after which `results` gives None, in seconds."""

FindSame = Callable[[AuditJob, list[Contents], ReadResult], Known | None]
"""Returns what is known of the same content elsewhere, as that of a job."""


class RunnerSetup(NamedTuple):
    """How jobs are run.

    Attributes:
        judge: the digest of what judges.
        jobs: the number of processes that judge.
        readers: the number of threads that read.
        records_unreachable: whether what a host does not answer for gets a row.
    """

    judge: str
    jobs: int = 1
    readers: int = 32
    records_unreachable: bool = False


class JobSource(Protocol):
    """Where jobs come from, one by one."""

    def take(self) -> AuditJob | None:
        """Return the next job; None if there is none now."""

    @property
    def is_over(self) -> bool:
        """Whether there will be no other."""


class _Waiting(NamedTuple):
    """Something that was read and is to be judged."""

    job: AuditJob
    task: ToJudge
    version: str | None
    content: bytes | None = None


class _ReadDone(NamedTuple):
    job: AuditJob
    result: ReadResult


class _BatchDone(NamedTuple):
    waiting: list[_Waiting]
    future: Future[list[list[JudgedRow]]]


class JobRunner:
    """Reads in threads and judges in processes; all else happens in the thread that calls."""

    def __init__(
        self, setup: RunnerSetup, limiter: Limiter, find_same: FindSame | None = None
    ) -> None:
        """Create it without starting anything.

        Args:
            setup: how to run jobs.
            limiter: says when requests may be sent.
            find_same: looks for what was read among what is known.
        """
        judging = ChildWork(_JUDGING, "judge_one", setup.judge)
        self._setup, self._find_same = setup, find_same
        self._reader = Reader(limiter)
        self._pool = Pool[ToJudge, JudgedRow](setup.jobs, judging, partial(died, setup.judge))
        self._threads = ThreadPoolExecutor(setup.readers, thread_name_prefix="read")
        self._events: SimpleQueue[_ReadDone | _BatchDone | None] = SimpleQueue()
        self._ready: deque[_Waiting] = deque()
        self._again: deque[AuditJob] = deque()
        self._retried: deque[AuditJob] = deque()
        self._done: list[JobResult] = []
        self._reading = self._judging = 0
        self._close = finalize(self, _end, self._threads, self._pool)

    def results(self, source: JobSource) -> Iterator[JobResult | None]:
        """Yield the results of all jobs as they come, and None now and then while there is none.

        What may be readable later is tried again at the end.

        Raises:
            LoracfgError: no process can be started.
        """
        while self._start(source):
            self._wait()
            done, self._done = self._done, []
            yield from done
            if self._events.empty():
                yield None

    def results_of(self, jobs: Iterable[AuditJob]) -> Iterator[JobResult]:
        """Yield the results of jobs that are all known.

        Raises:
            LoracfgError: no process can be started.
        """
        yield from (one for one in self.results(_Queue(deque(jobs))) if one is not None)

    def wake(self) -> None:
        """Have `results` look at its source again; can be called from any thread."""
        self._events.put(None)

    def close(self) -> None:
        """End all threads and processes; what they have not done is lost.

        A runner that nothing refers to any more is closed.
        """
        self._close()

    def _start(self, source: JobSource) -> bool:
        """Start what can be started, and return whether there is anything to wait for."""
        self._start_judging()
        while self._has_room():
            job = self._next(source)
            if job is None:
                break
            self._begin(job)
        self._start_judging()
        return self._is_busy or bool(self._done or self._again) or not source.is_over

    def _next(self, source: JobSource) -> AuditJob | None:
        if not self._retried:
            job = source.take()
            if job is not None or not source.is_over or self._is_busy:
                return job
            self._retried, self._again = self._again, deque()
        return self._retried.popleft() if self._retried else None

    @property
    def _is_busy(self) -> bool:
        return bool(self._reading or self._judging or self._ready)

    def _has_room(self) -> bool:
        setup = self._setup
        return len(self._ready) < _READY_EACH * setup.jobs and self._reading < 2 * setup.readers

    def _start_judging(self) -> None:
        while self._ready and self._judging < _BATCHES_EACH * self._setup.jobs:
            self._judge([self._ready.popleft() for _ in range(min(_BATCH, len(self._ready)))])

    def _wait(self) -> None:
        if self._done:
            return
        with suppress(Empty):
            event = self._events.get(timeout=_TICK)
            if isinstance(event, _ReadDone):
                self._reading -= 1
                self._take_read(event.job, event.result)
            elif event is not None:
                self._take_rows(event)

    def _begin(self, job: AuditJob) -> None:
        address = job.listed.address
        if unread := unusable(job.listed):
            self._take_unread(job, unread)
        elif is_read_where_judged(job.listed):
            assert isinstance(address, Path | SearchedFolder)
            task = _to_judge(job, address, job.listed.version)
            self._ready.append(_Waiting(job, task, job.listed.version))
        else:
            policy = job.options.policy
            more = tuple(policy.files) if policy is not None else ()
            task_of_reader = ToRead(job.listed, job.known_version, job.options.online, more)
            self._reading += 1
            self._threads.submit(self._read, job, task_of_reader)

    def _read(self, job: AuditJob, task: ToRead) -> None:
        self._events.put(_ReadDone(job, self._reader.read(task)))

    def _take_read(self, job: AuditJob, result: ReadResult) -> None:
        found = result.found
        if result.is_gone and not self._setup.records_unreachable:
            self._done.append(JobResult(job, is_gone=True))
        elif result.is_passing and not job.is_again:
            self._again.append(job._replace(is_again=True))
        elif isinstance(found, Unread):
            self._take_unread(job, found)
        elif found is None:
            self._done.append(JobResult(job))
        else:
            self._take_contents(job, found, result)

    def _take_unread(self, job: AuditJob, unread: Unread) -> None:
        task = _to_judge(job, unread, None)
        self._done.append(JobResult(job, judge_one(self._setup.judge, task)))

    def _take_contents(self, job: AuditJob, found: list[Contents], read: ReadResult) -> None:
        version, content = read.version, read.content
        same = self._find_same(job, found, read) if self._find_same and content else None
        if same is not None:
            self._done.append(JobResult(job, version=version, same=same))
            return
        task = _to_judge(job, found, version)
        self._ready.append(_Waiting(job, task, version, content))

    def _judge(self, waiting: list[_Waiting]) -> None:
        self._judging += 1
        future = self._pool.submit([one.task for one in waiting])
        future.add_done_callback(lambda done: self._events.put(_BatchDone(waiting, done)))

    def _take_rows(self, done: _BatchDone) -> None:
        self._judging -= 1
        for waiting, rows in zip(done.waiting, done.future.result(), strict=True):
            result = JobResult(waiting.job, rows, waiting.version, waiting.content)
            self._done.append(result)


def _to_judge(
    job: AuditJob, found: list[Contents] | Unread | Path | SearchedFolder, version: str | None
) -> ToJudge:
    is_read = not isinstance(found, Path | SearchedFolder)
    read_at = microseconds() if is_read else 0
    listed = job.listed
    return ToJudge(listed.name, job.options, found, version, read_at, listed.mark)


def _end(threads: ThreadPoolExecutor, pool: Pool[ToJudge, JudgedRow]) -> None:
    threads.shutdown(wait=False, cancel_futures=True)
    pool.close()


class _Queue(NamedTuple):
    """Jobs that are all known."""

    jobs: deque[AuditJob]

    def take(self) -> AuditJob | None:
        return self.jobs.popleft() if self.jobs else None

    @property
    def is_over(self) -> bool:
        return not self.jobs
