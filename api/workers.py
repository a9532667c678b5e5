"""The threads that validate adapters; only a few run at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from loracfg_api.problems import busy
from loracfg_api.settings import Settings

T = TypeVar("T")


class Workers:
    """The threads that validate; a request waits for a free one, unless too many are waiting."""

    def __init__(self, settings: Settings) -> None:
        self._threads = ThreadPoolExecutor(settings.threads, "judge")
        self._most = settings.threads + settings.max_waiting
        self._running = 0

    async def run(self, work: Callable[[], T]) -> T:
        """Run something in a thread.

        Raises:
            ProblemError: if too many requests are waiting.
        """
        if self._running >= self._most:
            raise busy()
        self._running += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._running -= 1
