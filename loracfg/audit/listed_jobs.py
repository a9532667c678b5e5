"""From what is listed to what is to be judged."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from itertools import islice
from queue import Empty, SimpleQueue
from threading import Event, Semaphore, Thread
from typing import Final

from loracfg.audit.job import AuditJob
from loracfg.audit.ledger import Ledger
from loracfg.audit.listing.listed import Listed
from loracfg.audit.progress import Progress
from loracfg.named_tuple import NamedTuple

_FIRST_CHUNK: Final = 16
_CHUNK: Final = 500
"""What is looked up in the database at a time."""


class _Chunk(NamedTuple):
    """What was listed; None at the end of the listing, with the error that ended it."""

    listed: list[Listed] | None
    error: Exception | None = None


class ListedJobs:
    """What is to be judged, listed chunk by chunk in a thread while others are judged.

    Attributes:
        error: what the listing broke off with.
    """

    def __init__(
        self,
        listed: Iterator[Listed],
        ledger: Ledger,
        progress: Progress,
        wake: Callable[[], None],
        ahead: int = 1,
    ) -> None:
        """Begin to list.

        Args:
            listed: what there is to judge.
            ledger: knows what need not be judged.
            progress: the counts.
            wake: called from the thread when something was listed.
            ahead: the chunks that may be listed before they are taken.
        """
        self._listed, self._ledger, self._progress, self._wake = listed, ledger, progress, wake
        self._chunks: SimpleQueue[_Chunk] = SimpleQueue()
        self._wanted, self._is_ended = Semaphore(ahead), Event()
        self._pending: deque[AuditJob] = deque()
        self.error: Exception | None = None
        Thread(target=self._list, daemon=True, name="list").start()

    @property
    def is_over(self) -> bool:
        """Whether everything was listed and taken."""
        return self._progress.is_listed and not self._pending

    def take(self) -> AuditJob | None:
        """Return the next job; None if none is listed yet."""
        if not self._pending:
            self._take_chunk()
        return self._pending.popleft() if self._pending else None

    def close(self) -> None:
        """End the listing."""
        self._is_ended.set()
        self._wanted.release()

    def _take_chunk(self) -> None:
        try:
            chunk = self._chunks.get_nowait()
        except Empty:
            return
        if chunk.listed is None:
            self._progress.is_listed, self.error = True, chunk.error
            return
        self._pending += self._ledger.jobs_of(chunk.listed)
        self._wanted.release()

    def _list(self) -> None:
        size, error = _FIRST_CHUNK, None
        while error is None:
            self._wanted.acquire()
            if self._is_ended.is_set():
                return
            listed, error = _taken(self._listed, size)
            if not listed:
                break
            size = _CHUNK
            self._put(_Chunk(listed))
        self._put(_Chunk(None, error))

    def _put(self, chunk: _Chunk) -> None:
        self._chunks.put(chunk)
        self._wake()


def _taken(listed: Iterator[Listed], most: int) -> tuple[list[Listed], Exception | None]:
    """Return what is listed next, and what the listing broke off with."""
    found: list[Listed] = []
    try:
        found.extend(islice(listed, most))
    except Exception as error:
        return found, error
    return found, None
