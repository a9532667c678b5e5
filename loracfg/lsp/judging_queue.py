"""Judge the newest version of each document in a thread, while the loop goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, TypeVar

from loracfg.crash import show_traceback

if TYPE_CHECKING:
    from loracfg.lsp.buffer_judge import Judgement
    from loracfg.lsp.buffers import Buffer

T = TypeVar("T")

_LONGEST_PAUSE: Final = 0.25
"""The longest time between two judgements of a document that keeps changing, in seconds."""


class JudgingQueue:
    """Judges documents, one at a time.

    A version that is replaced before its turn is never judged, and what is found in one that is
    replaced meanwhile is not told. The first change is judged at once. While changes go on, there
    is a pause as long as the last judgement took, so that slow judgements do not pile up.
    """

    def __init__(
        self, judge: Callable[[Buffer], Judgement], tell: Callable[[Judgement], None]
    ) -> None:
        """Create a queue.

        Args:
            judge: judges a version; it runs in the thread.
            tell: is told each judgement of a version that is still the newest, in the loop.
        """
        self._judge, self._tell = judge, tell
        self._thread = ThreadPoolExecutor(1, "judging")
        self._waiting: dict[str, Buffer] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._latest: dict[str, Judgement] = {}

    def add(self, buffer: Buffer) -> None:
        """Judge a version of a document, instead of all earlier ones."""
        self._waiting[buffer.uri] = buffer
        if buffer.uri not in self._tasks:
            self._tasks[buffer.uri] = asyncio.create_task(self._run(buffer.uri))

    def forget(self, uri: str) -> None:
        """Judge a document no more."""
        self._waiting.pop(uri, None)
        self._latest.pop(uri, None)
        task = self._tasks.pop(uri, None)
        if task is not None:
            task.cancel()

    async def latest(self, uri: str) -> Judgement | None:
        """Return the judgement of the newest version; None if the document is not open."""
        while (task := self._tasks.get(uri)) is not None:
            await asyncio.wait([task])
        return self._latest.get(uri)

    def last_known(self, uri: str) -> Judgement | None:
        """Return the last judgement of a document, which may be that of an older version."""
        return self._latest.get(uri)

    async def run(self, work: Callable[[], T]) -> T:
        """Run something in the thread, after what it has begun."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def stop(self) -> None:
        """Begin nothing more."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _run(self, uri: str) -> None:
        loop = asyncio.get_running_loop()
        try:
            while (buffer := self._waiting.pop(uri, None)) is not None:
                start = loop.time()
                judgement = await loop.run_in_executor(self._thread, self._judge, buffer)
                if uri in self._waiting:
                    await asyncio.sleep(min(loop.time() - start, _LONGEST_PAUSE))
                    continue
                self._latest[uri] = judgement
                self._tell(judgement)
        except Exception as error:  # the next version gets another chance
            show_traceback(error)
        finally:
            if self._tasks.get(uri) is asyncio.current_task():
                del self._tasks[uri]
