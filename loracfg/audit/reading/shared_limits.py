"""Limits of requests for several programs, such as the workers of a job, which ask for leases."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from loracfg.audit.reading.lease import Lease, Usage
from loracfg.audit.reading.limiter import GONE_AFTER, ReadLimits
from loracfg.named_tuple import NamedTuple

_SECONDS: Final = 0.5
"""The time of a lease, after which a pause that another program was told of holds for all."""
_COUNTED_SECONDS: Final = 0.2
"""The time of a lease with a number of requests."""
_WAITING_SECONDS: Final = 0.1
"""The time after which a program asks again that got nothing."""
_LONGEST: Final = 5.0
_KEPT: Final = 5.0
"""The seconds after which a program that has not asked again holds nothing."""


class SharedLimits:
    """Divides the requests to each host among programs. It is used by one thread.

    The first requests to a host are few, until it has answered one, since it may have limits.
    """

    def __init__(
        self, limits: ReadLimits | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Create it for the limits of all programs together."""
        self._limits, self._clock = limits or ReadLimits(), clock
        self._hosts: dict[str, _SharedHost] = {}

    def lease(self, program: str, host: str, usage: Usage) -> Lease:
        """Return what a program may send to a host from now on.

        Args:
            program: what distinguishes the program from others.
            host: the host.
            usage: what the program did with its last lease.
        """
        found, now = self._hosts.setdefault(host, _SharedHost()), self._clock()
        found.note(program, usage, now)
        lease = found.lease(usage, self._limits, now)
        found.programs[program] = _Held(lease, usage, now + _KEPT)
        return lease


class _Held(NamedTuple):
    """What a program holds."""

    lease: Lease
    usage: Usage
    until: float

    @property
    def slots(self) -> int:
        return max(self.lease.slots, self.usage.running)


class _SharedHost:
    """A host: what it has said, and what programs hold."""

    def __init__(self) -> None:
        self.programs: dict[str, _Held] = {}
        self.is_known = False
        self.left: int | None = None
        self.more_at = self.paused_until = self.next_at = 0.0

    def note(self, program: str, usage: Usage, now: float) -> None:
        """Take what a program says, and forget those that have gone."""
        self.programs = {name: held for name, held in self.programs.items() if held.until > now}
        before = self.programs.pop(program, None)
        self.is_known = self.is_known or usage.is_answered
        self.paused_until = max(self.paused_until, now + usage.pause)
        if usage.is_answered:
            for name, held in self.programs.items():
                self.programs[name] = held._replace(usage=held.usage._replace(failures=0))
        if usage.left is not None:
            others = sum(held.lease.requests or 0 for held in self.programs.values())
            self.left, self.more_at = usage.left - others, now + usage.more_in
        elif self.left is not None and before is not None:
            self.left += max(0, (before.lease.requests or 0) - usage.sent)
        if self.left is not None and now >= self.more_at:
            self.left = None

    def lease(self, usage: Usage, limits: ReadLimits, now: float) -> Lease:
        """Return what a program may send."""
        failures = usage.failures + sum(held.usage.failures for held in self.programs.values())
        if failures >= GONE_AFTER:
            return Lease(0, None, _LONGEST, is_gone=True)
        more_at = self.more_at if self.left is not None and self.left <= 0 else 0.0
        wait = max(self.paused_until, self.next_at if limits.rate else 0.0, more_at) - now
        if wait > 0:
            return Lease(0, None, min(wait, _LONGEST))
        slots = self._slots(usage, limits.connections)
        if slots <= 0:
            return Lease(0, None, _WAITING_SECONDS)
        requests = self._requests(limits.rate)
        if requests is not None:
            if self.left is not None:
                self.left -= requests
            if limits.rate:
                self.next_at = max(now, self.next_at) + requests / limits.rate
        return Lease(slots, requests, _SECONDS if requests is None else _COUNTED_SECONDS)

    def _slots(self, usage: Usage, connections: int) -> int:
        """Return the requests at a time: an equal share of those that nobody holds.

        If there are fewer than programs, one that sends makes room for those that wait.
        """
        others = list(self.programs.values())
        free = connections - sum(held.slots for held in others)
        is_crowded = len(others) >= connections
        if is_crowded and usage.sent and any(not held.slots for held in others):
            return 0
        return min(free, max(1, connections // (len(others) + 1)))

    def _requests(self, rate: float | None) -> int | None:
        count, bounds = len(self.programs) + 1, []
        if not self.is_known:
            bounds.append(1)
        if self.left is not None:
            bounds.append(max(1, self.left // count))
        if rate:
            bounds.append(max(1, int(rate * _COUNTED_SECONDS / count)))
        return min(bounds, default=None)
