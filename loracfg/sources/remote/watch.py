"""A time limit for a request, which holds even if a server sends one byte after another."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Watch:
    """Ends a request when its time is over."""

    def __init__(self, seconds: float, end: Callable[[], None]) -> None:
        """Start the time.

        Args:
            seconds: the time.
            end: ends the request.
        """
        self._end = end
        self._deadline = time.monotonic() + seconds
        self._changed = threading.Event()
        self._is_over = False
        threading.Thread(target=self._run, daemon=True).start()

    def allow(self, seconds: float) -> None:
        """Allow so many seconds from now on."""
        self._deadline = time.monotonic() + seconds
        self._changed.set()

    def stop(self) -> None:
        """Stop the time."""
        self._is_over = True
        self._changed.set()

    def _run(self) -> None:
        while not self._is_over:
            left = self._deadline - time.monotonic()
            if left <= 0:
                self._end()
                return
            self._changed.wait(left)
            self._changed.clear()
