"""The time limits of requests of several clients, kept by one thread."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from typing import Final

_CHECKED: Final = 0.5
"""The seconds between two looks at the requests whose time may be over."""


class TimedRequests:
    """The time of the requests of one client, one after another.

    Attributes:
        deadline: when the time of the current one is over; None if there is none.
        socket: its connection.
        is_over: whether the time of the last one was over.
    """

    def __init__(self) -> None:
        """Create it without a request."""
        self.deadline: float | None = None
        self.socket: socket.socket | None = None
        self.is_over = False

    def begin(self, seconds: float) -> None:
        """Begin a request, which may take so long."""
        self.is_over = False
        self.allow(seconds)

    def allow(self, seconds: float) -> None:
        """Allow so many seconds from now on."""
        self.deadline = time.monotonic() + seconds

    def end(self) -> None:
        """End a request."""
        self.deadline = self.socket = None

    def check(self, now: float) -> None:
        """End the connection if the time is over."""
        deadline, opened = self.deadline, self.socket
        if deadline is not None and now > deadline and opened is not None:
            self.deadline, self.is_over = None, True
            with suppress(OSError):
                opened.shutdown(socket.SHUT_RDWR)


class SharedWatch:
    """Ends requests whose time is over; its thread runs while there are clients."""

    def __init__(self) -> None:
        """Create it without a thread."""
        self._timed: list[TimedRequests] = []
        self._lock = threading.Lock()

    def add(self) -> TimedRequests:
        """Watch one more client."""
        timed = TimedRequests()
        with self._lock:
            self._timed.append(timed)
            if len(self._timed) == 1:
                threading.Thread(target=self._run, daemon=True, name="watch").start()
        return timed

    def remove(self, timed: TimedRequests) -> None:
        """Stop watching a client."""
        with self._lock:
            self._timed = [one for one in self._timed if one is not timed]

    def _run(self) -> None:
        while watched := list(self._timed):
            now = time.monotonic()
            for timed in watched:
                timed.check(now)
            time.sleep(_CHECKED)
