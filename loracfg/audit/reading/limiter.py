"""When the next request to a host may be sent: what all readers of a run share."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from threading import Condition, Lock
from typing import Final

from loracfg.audit.reading.lease import Lease, Lessor, Usage
from loracfg.audit.reading.rate_headers import requests_left
from loracfg.audit.reading.shared_watch import SharedWatch
from loracfg.errors import LoracfgError
from loracfg.named_tuple import NamedTuple
from loracfg.sources.remote.errors import RemoteError
from loracfg.sources.remote.http_answers import BUSY, LATER, BrokenError, seconds

_LIMITED: Final = 429
_FIRST_PAUSE: Final = 1.0
_LONGEST_PAUSE: Final = 60.0
"""The seconds before another request to a host that limits requests, and says no time."""
GONE_AFTER: Final = 20
"""Failed connections to a host, with no answer in between, after which it is given up."""


class HostGoneError(LoracfgError):
    """A host that does not answer any more, so that nothing else is read from it.

    It is no `RemoteError`, since it says nothing of the file that was asked for.
    """


class ReadLimits(NamedTuple):
    """How fast to read.

    Attributes:
        connections: the number of requests to a host at a time.
        rate: the number of requests to a host per second; None if only the host limits it.
        longest_wait: the seconds that a host may ask to wait.
        attempts: how often something is asked for if the host is busy or a connection breaks off.
        pause: the seconds before a second attempt at one of those.
        waits: how often one request may be put off because the host limits requests.
    """

    connections: int = 16
    rate: float | None = None
    longest_wait: float = 3600.0
    attempts: int = 3
    pause: float = 0.5
    waits: int = 30

    @property
    def readers(self) -> int:
        """The threads that read: more than the connections to a host, as there may be several."""
        return 2 * self.connections


class Limiter:
    """Lets requests to hosts pass one by one. All methods can be called from any thread.

    Attributes:
        limits: how fast to read.
        watch: ends requests that take too long.
        elsewhere: the requests that other programs have sent under the same limits.
    """

    def __init__(
        self,
        limits: ReadLimits | None = None,
        clock: Callable[[], float] = time.monotonic,
        lessor: Lessor | None = None,
    ) -> None:
        """Create a limiter for a run.

        Args:
            limits: how fast to read.
            clock: returns the time in seconds.
            lessor: who is asked what part of the limits is for this program; None if all is.
        """
        self.limits = limits or ReadLimits()
        self.watch = SharedWatch()
        self.elsewhere = 0
        self._clock, self._lessor = clock, lessor
        self._hosts: dict[str, _Host] = {}
        self._lock = Lock()

    @contextmanager
    def turn(self, host: str) -> Iterator[None]:
        """Wait until a request may be sent, and count it until the block ends.

        Raises:
            HostGoneError: the host does not answer any more.
        """
        found = self._host(host)
        found.begin(self.limits, self._clock, self._lessor)
        try:
            yield
        finally:
            found.end()

    def answered(self, host: str, status: int, headers: Mapping[str, str]) -> None:
        """Take what an answer says of the next requests.

        Args:
            host: the host that answered.
            status: the status.
            headers: the headers, with names in lower case.
        """
        found, now = self._host(host), self._clock()
        with found.changed:
            found.failures, found.is_answered = 0, True
            if status != _LIMITED:
                found.next_pause = _FIRST_PAUSE
            left = requests_left(headers)
            if left is not None:
                others = max(0, found.running - 1)  # the server may not have counted them yet
                found.left, found.more_at = left.requests - others, now + left.seconds
                found.left_is_new = True
            wait = seconds(headers.get("retry-after")) if status in BUSY else None
            if not wait and status == _LIMITED:  # no time, or one that has passed
                wait, found.next_pause = found.next_pause, min(2 * found.next_pause, _LONGEST_PAUSE)
            if wait is not None and wait <= self.limits.longest_wait:
                found.paused_until = max(found.paused_until, now + wait)
                found.lease_ends = now

    def failed(self, host: str) -> None:
        """Count a request that got no answer."""
        found = self._host(host)
        with found.changed:
            found.failures += 1
            if found.is_gone:
                found.changed.notify_all()

    def is_gone(self, host: str) -> bool:
        """Whether a host does not answer any more."""
        return self._host(host).is_gone

    @property
    def requests(self) -> int:
        """The number of requests that were sent."""
        with self._lock:
            return self.elsewhere + sum(host.requests for host in self._hosts.values())

    def tries(self) -> Tries:
        """Return the attempts of one request."""
        return Tries(self.limits)

    def _host(self, name: str) -> _Host:
        with self._lock:
            return self._hosts.setdefault(name, _Host(name))


class _Host:
    """A host: its requests, and what it has said of them."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.changed = Condition()
        self.running = self.failures = self.requests = 0
        self.paused_until = self.more_at = self.next_at = 0.0
        self.left: int | None = None
        self.next_pause = _FIRST_PAUSE
        self.lease: Lease | None = None
        self.lease_ends = 0.0
        self.leased = 0
        self.is_answered = self.left_is_new = False

    @property
    def is_gone(self) -> bool:
        return self.failures >= GONE_AFTER

    def begin(self, limits: ReadLimits, clock: Callable[[], float], lessor: Lessor | None) -> None:
        with self.changed:
            while True:
                if lessor is not None and clock() >= self.lease_ends:
                    self._renew(lessor, clock())
                if self.is_gone:
                    message = f"`{self.name}` has not answered {self.failures} times in a row"
                    raise HostGoneError(message, LATER)
                wait = self._wait(limits, clock())
                if wait is not None and wait <= 0:
                    break
                self.changed.wait(wait)
            self.running += 1
            self.requests += 1
            self.leased += 1
            if self.left is not None:
                self.left -= 1
            if limits.rate:
                self.next_at = max(clock(), self.next_at) + 1 / limits.rate

    def _wait(self, limits: ReadLimits, now: float) -> float | None:
        """Return the seconds to wait; None until something changes."""
        if self.lease is not None:
            most = self.lease.requests
            if self.running >= self.lease.slots or (most is not None and self.leased >= most):
                return max(self.lease_ends - now, 1e-3)
        elif self.running >= limits.connections:
            return None
        if self.left is not None and now >= self.more_at:
            self.left = None
        more_at = self.more_at if self.left is not None and self.left <= 0 else 0.0
        return max(self.paused_until, self.next_at, more_at) - now

    def _renew(self, lessor: Lessor, now: float) -> None:
        """Ask for another lease, and say what was done with this one."""
        left = self.left if self.left_is_new else None
        usage = Usage(
            self.leased,
            self.running,
            self.is_answered,
            self.failures,
            max(0.0, self.paused_until - now),
            left,
            max(0.0, self.more_at - now),
        )
        self.lease = lessor.lease(self.name, usage)
        self.lease_ends = now + self.lease.seconds
        self.leased, self.is_answered, self.left_is_new = 0, False, False
        if self.lease.is_gone:
            self.failures = max(self.failures, GONE_AFTER)

    def end(self) -> None:
        with self.changed:
            self.running -= 1
            self.changed.notify()


class Tries:
    """The attempts of one request."""

    def __init__(self, limits: ReadLimits) -> None:
        """Begin with the first."""
        self._limits = limits
        self._failed = self._put_off = 0

    def wait_after(self, error: RemoteError) -> None:
        """Wait before another attempt, or raise the error if there should be none."""
        asked = seconds(error.headers.get("retry-after")) if error.status in BUSY else None
        is_put_off = error.status == _LIMITED or asked is not None
        if is_put_off:  # the limiter lets no request pass before
            self._put_off += 1
            if (asked or 0) > self._limits.longest_wait or self._put_off > self._limits.waits:
                raise error
            return
        self._failed += 1
        is_passing = isinstance(error, BrokenError) or error.status in BUSY
        if not is_passing or self._failed >= self._limits.attempts:
            raise error
        time.sleep(self._limits.pause * self._failed)
