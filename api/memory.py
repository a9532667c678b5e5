"""How much memory a worker uses for all current requests."""

from __future__ import annotations

from asyncio import Timeout
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from loracfg_api.problems import busy
from starlette.types import Scope

_KEY: Final = "held_bytes"
_PROGRESS: Final = 64 * 1024
"""Bytes of a body after which it counts as the newest again."""


@dataclass(eq=False)
class ArrivingBody:
    """A body that has not arrived completely.

    Attributes:
        scope: its request.
        patience: the time that its client has for the next part.
        is_waiting: whether it is the client's turn.
        is_ended: whether other requests have got its memory.
        new_bytes: how much has come since it last counted as the newest.
    """

    scope: Scope
    patience: Timeout
    is_waiting: bool = True
    is_ended: bool = False
    new_bytes: int = 0


class Memory:
    """Counts the bytes that requests hold, up to a limit."""

    def __init__(self, most: int) -> None:
        self.held = 0
        self._most = most
        self._arriving = OrderedDict[ArrivingBody, None]()

    def take(self, scope: Scope, count: int) -> None:
        """Count more bytes for a request, at the cost of bodies that wait for their clients.

        Raises:
            ProblemError: if all requests together would hold too many.
        """
        while self.held + count > self._most and (body := self._longest_wait(scope)):
            body.is_ended = True
            body.patience.reschedule(0)
            self.give_back(body.scope)
        if self.held + count > self._most:
            raise busy()
        self.hold(scope, count)

    def hold(self, scope: Scope, count: int) -> None:
        """Count more bytes for a request, even beyond the limit."""
        self.held += count
        scope["state"][_KEY] = scope["state"].get(_KEY, 0) + count

    def give_back(self, scope: Scope) -> None:
        """Release the bytes of a request that has ended."""
        self.held -= scope["state"].pop(_KEY, 0)

    @contextmanager
    def arriving(self, scope: Scope, patience: Timeout) -> Iterator[ArrivingBody]:
        """Count a body among those that may have to make room, until it has arrived."""
        body = ArrivingBody(scope, patience)
        self._arriving[body] = None
        try:
            yield body
        finally:
            del self._arriving[body]

    def note_part(self, body: ArrivingBody, count: int) -> None:
        """Note that a part of a body has come; a client that sends much is not ended first."""
        body.is_waiting = False
        body.new_bytes += count
        if body.new_bytes >= _PROGRESS:
            body.new_bytes = 0
            self._arriving.move_to_end(body)

    def _longest_wait(self, scope: Scope) -> ArrivingBody | None:
        """Return the body of another request that has waited longest, if it holds anything."""
        for body in self._arriving:
            can_end = body.is_waiting and not body.is_ended and not body.patience.expired()
            if can_end and body.scope is not scope and body.scope["state"].get(_KEY):
                return body
        return None
