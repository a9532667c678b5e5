"""Leases: how many requests one of several programs may send, of what all of them may."""

from __future__ import annotations

from typing import Protocol

from loracfg.named_tuple import NamedTuple


class Lease(NamedTuple):
    """What a program may send to a host for a short time; then it asks again.

    Attributes:
        slots: the requests at a time.
        requests: the requests in this time; None for any number.
        seconds: the time.
        is_gone: whether the host does not answer any more.
    """

    slots: int
    requests: int | None
    seconds: float
    is_gone: bool = False


class Usage(NamedTuple):
    """What a program did since its last lease, and what the host said.

    Attributes:
        sent: the requests that it began.
        running: the requests that have not ended.
        is_answered: whether the host has answered.
        failures: the connections in a row that failed.
        pause: the seconds that the host asks to wait from now on.
        left: the requests that the host still takes; None if it did not say.
        more_in: the seconds until it takes more.
    """

    sent: int = 0
    running: int = 0
    is_answered: bool = False
    failures: int = 0
    pause: float = 0.0
    left: int | None = None
    more_in: float = 0.0


class Lessor(Protocol):
    """Gives leases to one program."""

    def lease(self, host: str, usage: Usage) -> Lease:
        """Return what may be sent to a host from now on; can be called from any thread."""
