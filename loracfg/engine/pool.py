"""Processes that work for this one, such as to validate adapters, with answers in order."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from itertools import islice
from typing import Final, Generic, TypeVar

from loracfg.child_environment import child_environment
from loracfg.engine.messages import READY, ChildWork
from loracfg.errors import LoracfgError

Task = TypeVar("Task")
T = TypeVar("T")

_MODULE: Final = "loracfg.engine.worker"
_SECONDS: Final = 0.1
"""How long a batch of adapters should take: shorter ones cost more time between them."""
_LARGEST: Final = 64
_BATCHES_EACH: Final = 4
"""The batches that a process may be ahead of the first one without an answer."""
_ENDING_SECONDS: Final = 5
"""How long a process may take to end after its pipes are closed."""


class Pool(Generic[Task, T]):
    """Processes that work for this one. Each is handled by a thread, which waits for it."""

    def __init__(self, jobs: int, work: ChildWork, died: Callable[[Task, str], list[T]]) -> None:
        """Create a pool without starting a process.

        Args:
            jobs: the largest number of processes.
            work: what each process does with a task.
            died: the answers for a task whose process ended, and how it ended.
        """
        self._jobs, self._died = jobs, died
        self._work = pickle.dumps(work)
        self._idle: list[_Worker] = []
        self._started: list[_Worker] = []
        self._size = 1
        self._is_stopped = False
        self._threads = ThreadPoolExecutor(jobs)

    def submit(self, batch: list[Task]) -> Future[list[list[T]]]:
        """Have tasks done, and return their answers in the future.

        `LoracfgError` is raised there if no process can be started.
        """
        return self._threads.submit(self._timed, batch)

    def close(self) -> None:
        """End all processes; what they have not answered is lost."""
        self._is_stopped = True
        self._kill_all()
        self._threads.shutdown(cancel_futures=True)
        self._kill_all()  # one may have been started meanwhile
        for worker in self._started:
            worker.close()

    def answers(self, tasks: Iterator[Task]) -> Iterator[T]:
        """Yield the answers in the order of the tasks, and end all processes.

        Raises:
            LoracfgError: no process can be started.
        """
        waiting: deque[Future[list[list[T]]]] = deque()
        try:
            while True:
                while len(waiting) < self._jobs * _BATCHES_EACH:
                    batch = list(islice(tasks, self._size))
                    if not batch:
                        break
                    waiting.append(self.submit(batch))
                if not waiting:
                    return
                for found in waiting.popleft().result():
                    yield from found
        finally:
            self.close()

    def _kill_all(self) -> None:
        for worker in list(self._started):
            worker.kill()

    def _timed(self, batch: list[Task]) -> list[list[T]]:
        started = time.perf_counter()
        found = self._judged(batch)
        seconds = (time.perf_counter() - started) / len(batch)
        self._size = max(1, min(_LARGEST, int(_SECONDS / max(seconds, 1e-6))))
        return found

    def _judged(self, batch: list[Task]) -> list[list[T]]:
        worker = self._idle_or_new()
        try:
            found: list[list[T]] = worker.ask(batch)
        except (OSError, EOFError, pickle.UnpicklingError):
            how = worker.ending()
            if self._is_stopped:
                return []
            if len(batch) > 1:  # one of them is the reason
                return [answer for one in batch for answer in self._judged([one])]
            return [self._died(batch[0], how)]
        self._idle.append(worker)
        return found

    def _idle_or_new(self) -> _Worker:
        try:
            return self._idle.pop()
        except IndexError:
            return self._start()

    def _start(self) -> _Worker:
        if self._is_stopped:
            raise _cannot_start("it is too late")
        worker = _Worker()
        self._started.append(worker)
        worker.begin(self._work)
        return worker


class _Worker:
    """A process, and the pipes to it."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", _MODULE]
        try:
            self._process = subprocess.Popen(  # noqa: S603  # our own module
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=child_environment(),
                # Outside our group, it gets no Ctrl-C: it ends when we do.
                process_group=None if os.name == "nt" else 0,
            )
        except (OSError, ValueError) as error:
            raise _cannot_start(str(error)) from None

    def begin(self, work: bytes) -> None:
        """Tell the process what to do, and wait until it is ready."""
        requests, answers = self._process.stdin, self._process.stdout
        assert requests
        assert answers
        self._requests, self._answers = requests, answers
        try:
            requests.write(work)
            requests.flush()
            is_ready = answers.read(len(READY)) == READY
        except OSError:
            is_ready = False
        if not is_ready:
            raise _cannot_start(f"it {self.ending()}")

    def ask(self, batch: list[Task]) -> list[list[T]]:
        """Have tasks done.

        Raises:
            OSError, EOFError, UnpicklingError: the process has ended.
        """
        self._requests.write(pickle.dumps(batch))
        self._requests.flush()
        found: list[list[T]] = pickle.load(self._answers)  # noqa: S301  # from our own child
        return found

    def ending(self) -> str:
        """End the process, and say how it ended if it has already."""
        try:
            status = self._process.wait(timeout=_ENDING_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            return "stopped to answer"
        return _how(status)

    def kill(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """Close the pipes to the process."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                with suppress(OSError):  # what it has not read is lost
                    pipe.close()


def _how(status: int) -> str:
    if status >= 0:
        return f"ended with status {status}"
    import signal

    try:
        return f"was killed by {signal.Signals(-status).name}"
    except ValueError:
        return f"was killed by signal {-status}"


def _cannot_start(why: str) -> LoracfgError:
    return LoracfgError(f"cannot start a process for validation: {why}", "use `-j 1`")
