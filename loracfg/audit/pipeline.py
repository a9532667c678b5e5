"""List, read, judge and write at the same time, with little in memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from itertools import islice
from queue import Empty, SimpleQueue
from threading import Event, Semaphore, Thread
from typing import Final

from loracfg.audit.judging.judge import ToJudge, judge_one
from loracfg.audit.known_rows import Known, KnownRows
from loracfg.audit.listing.listed import Listed
from loracfg.audit.parts import Parts
from loracfg.audit.progress import Progress
from loracfg.audit.reading.contents import Contents, Unread
from loracfg.audit.reading.reader import (
    Reader,
    ReadResult,
    ToRead,
    is_read_where_judged,
    unusable,
)
from loracfg.audit.result_row import JudgedRow, microseconds
from loracfg.audit.reuse import Reuse
from loracfg.engine.options import Options
from loracfg.engine.pool import Pool
from loracfg.named_tuple import NamedTuple
from loracfg.sources.address import Address, SearchedFolder

_FIRST_CHUNK: Final = 16
_CHUNK: Final = 500
"""What is looked up in the database at a time."""
_BATCH: Final = 32
"""The most that a process judges between two messages."""
_BATCHES_EACH: Final = 2
_READY_EACH: Final = 96
"""What may wait for each process."""
_STAGED: Final = 256
"""The rows that are committed together, and lost if the run is stopped before."""
_TICK: Final = 0.5
"""The longest time between two commits, in seconds, and between two lines of progress."""


class Steps(NamedTuple):
    """What a run does its work with.

    Attributes:
        listed: what there is to judge.
        options_for: the options for an address.
        reader: reads what is elsewhere.
        pool: the processes that judge.
        reuse: which rows still hold.
        known: the database.
        parts: the files.
        progress: the counts.
        tick: called now and then.
        readers: the number of threads that read.
        jobs: the number of processes that judge.
        records_unreachable: whether what a host does not answer for gets a row.
    """

    listed: Iterator[Listed]
    options_for: Callable[[Address], Options]
    reader: Reader
    pool: Pool[ToJudge, JudgedRow]
    reuse: Reuse
    known: KnownRows
    parts: Parts
    progress: Progress
    tick: Callable[[], None]
    readers: int = 32
    jobs: int = 1
    records_unreachable: bool = False


class _Job(NamedTuple):
    """Something on its way: what was listed, its options, and what is known of it."""

    listed: Listed
    key: bytes
    options: Options
    known_version: str | None = None
    is_again: bool = False


class _Waiting(NamedTuple):
    """Something that was read and is to be judged."""

    job: _Job
    task: ToJudge
    version: str | None
    content: bytes | None = None


class _Chunk(NamedTuple):
    """What was listed; None at the end of the listing, with the error that ended it."""

    listed: list[Listed] | None
    error: Exception | None = None


class _ReadDone(NamedTuple):
    job: _Job
    result: ReadResult


class _BatchDone(NamedTuple):
    waiting: list[_Waiting]
    future: Future[list[list[JudgedRow]]]


_Event = _Chunk | _ReadDone | _BatchDone


class Pipeline:
    """One run. All but reading, listing and judging happens in the thread that calls `run`."""

    def __init__(self, steps: Steps) -> None:
        """Create it without starting anything."""
        self._do = steps
        self._events: SimpleQueue[_Event] = SimpleQueue()
        self._wanted, self._is_ended = Semaphore(0), Event()
        self._threads = ThreadPoolExecutor(steps.readers, thread_name_prefix="read")
        self._pending: deque[_Job] = deque()
        self._ready: deque[_Waiting] = deque()
        self._again: list[_Job] = []
        self._staged: list[Known] = []
        self._unchanged: list[Known] = []
        self._in_flight: set[bytes] = set()
        self._reading = self._judging = 0
        self._is_asked = False
        self._error: Exception | None = None

    def run(self) -> None:
        """Judge everything.

        Raises:
            LoracfgError: the listing broke off, or something cannot be written. What was judged is
                committed.
        """
        Thread(target=self._list, daemon=True, name="list").start()
        try:
            while self._goes_on():
                with suppress(Empty):
                    self._take(self._events.get(timeout=_TICK))
                if self._is_due():
                    self._commit()
                self._do.tick()
        finally:
            self._is_ended.set()
            self._wanted.release()
            self._threads.shutdown(wait=False, cancel_futures=True)
            self._commit()
        if self._error is not None:
            raise self._error

    def _goes_on(self) -> bool:
        """Start what can be started, and return whether there is anything to wait for."""
        self._start()
        if self._reading or self._judging or self._pending or self._ready:
            return True
        if not self._do.progress.is_listed:
            return True
        if self._again:
            self._pending += self._again
            self._again = []
            self._start()
            return True
        return False

    def _is_due(self) -> bool:
        staged = len(self._staged) + len(self._unchanged)
        return staged >= _STAGED or self._events.empty()

    def _start(self) -> None:
        do = self._do
        while self._ready and self._judging < _BATCHES_EACH * do.jobs:
            self._judge([self._ready.popleft() for _ in range(min(_BATCH, len(self._ready)))])
        while self._pending and len(self._ready) < _READY_EACH * do.jobs:
            if self._reading >= 2 * do.readers:
                break
            self._begin(self._pending.popleft())
        if not self._pending and not self._is_asked and not do.progress.is_listed:
            self._is_asked = True
            self._wanted.release()

    def _list(self) -> None:
        size, error = _FIRST_CHUNK, None
        try:
            while True:
                self._wanted.acquire()
                if self._is_ended.is_set():
                    return
                listed = list(islice(self._do.listed, size))
                if not listed:
                    break
                size = _CHUNK
                self._events.put(_Chunk(listed))
        except Exception as found:
            error = found
        self._events.put(_Chunk(None, error))

    def _take(self, event: _Event) -> None:
        if isinstance(event, _Chunk):
            self._take_chunk(event)
        elif isinstance(event, _ReadDone):
            self._take_read(event.job, event.result)
        else:
            self._take_rows(event)

    def _take_chunk(self, chunk: _Chunk) -> None:
        self._is_asked = False
        if chunk.listed is None:
            self._do.progress.is_listed, self._error = True, chunk.error
            return
        by_key = {one.key: one for one in chunk.listed}
        for key in self._in_flight & by_key.keys():
            del by_key[key]
        found = self._do.known.find(list(by_key))
        for key, listed in by_key.items():
            self._look_up(listed, key, found.get(key))

    def _look_up(self, listed: Listed, key: bytes, known: Known | None) -> None:
        do = self._do
        do.progress.listed += 1
        if known is not None and known.run == do.reuse.run:
            do.progress.resumed += 1
            do.progress.done += known.adapters
            return
        options = do.options_for(listed.address)
        still = known if known is not None and do.reuse.holds(known, options) else None
        if still and listed.version and listed.version == still.version:
            self._unchanged.append(still)
            do.progress.add_unchanged(still.adapters)
            self._in_flight.add(key)
            return
        self._in_flight.add(key)
        self._pending.append(_Job(listed, key, options, still.version if still else None))

    def _begin(self, job: _Job) -> None:
        address = job.listed.address
        if unread := unusable(job.listed):
            self._add_unread(job, unread)
        elif is_read_where_judged(job.listed):
            assert not isinstance(address, tuple) or isinstance(address, SearchedFolder)
            self._wait(job, ToJudge(job.listed.name, job.options, address, job.listed.version))
        else:
            policy = job.options.policy
            more = tuple(policy.files) if policy is not None else ()
            task = ToRead(job.listed, job.known_version, job.options.online, more)
            self._reading += 1
            self._threads.submit(self._read, job, task)

    def _read(self, job: _Job, task: ToRead) -> None:
        self._events.put(_ReadDone(job, self._do.reader.read(task)))

    def _take_read(self, job: _Job, result: ReadResult) -> None:
        self._reading -= 1
        found = result.found
        if result.is_gone and not self._do.records_unreachable:
            self._do.progress.postponed += 1
            self._in_flight.discard(job.key)
        elif result.is_passing and not job.is_again:
            self._again.append(job._replace(is_again=True))
        elif isinstance(found, Unread):
            self._add_unread(job, found)
        elif found is None:
            self._add_unchanged(job)
        else:
            self._add_read(job, result, found)

    def _add_unchanged(self, job: _Job) -> None:
        for known in self._do.known.find([job.key]).values():
            self._unchanged.append(known)
            self._do.progress.add_unchanged(known.adapters)

    def _add_read(self, job: _Job, result: ReadResult, found: list[Contents]) -> None:
        name = job.listed.name
        if result.content is not None:
            same = self._do.known.with_content(result.content)
            if same is not None and self._do.reuse.holds(same, job.options):
                known = self._do.reuse.renamed(same, job.key, name, found[0], result.version)
                self._staged.append(known)
                self._do.progress.add_unchanged(known.adapters)
                return
        task = ToJudge(name, job.options, found, result.version, microseconds())
        self._ready.append(_Waiting(job, task, result.version, result.content))

    def _wait(self, job: _Job, task: ToJudge) -> None:
        self._ready.append(_Waiting(job, task, job.listed.version))

    def _add_unread(self, job: _Job, unread: Unread) -> None:
        task = ToJudge(job.listed.name, job.options, unread, read_at=microseconds())
        self._add(_Waiting(job, task, None), judge_one(self._do.reuse.judge, task))

    def _judge(self, waiting: list[_Waiting]) -> None:
        self._judging += 1
        future = self._do.pool.submit([one.task for one in waiting])
        future.add_done_callback(lambda done: self._events.put(_BatchDone(waiting, done)))

    def _take_rows(self, done: _BatchDone) -> None:
        self._judging -= 1
        for waiting, rows in zip(done.waiting, done.future.result(), strict=True):
            self._add(waiting, rows)

    def _add(self, waiting: _Waiting, rows: list[JudgedRow]) -> None:
        self._do.progress.add(rows)
        job = waiting.job
        known = self._do.reuse.known(job.key, waiting.version, job.options, waiting.content, rows)
        self._staged.append(known)

    def _commit(self) -> None:
        staged, self._staged = self._staged, []
        unchanged, self._unchanged = self._unchanged, []
        if staged:
            self._do.parts.add(staged)
        if unchanged:
            self._do.parts.add_again(unchanged)
        self._in_flight.difference_update(one.key for one in (*staged, *unchanged))
