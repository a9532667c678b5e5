"""How much a worker holds of the requests under way, all together."""

from __future__ import annotations

from loracfg_api.problems import busy
from starlette.types import Scope

_KEY = "held_bytes"


class Memory:
    """Counts the bytes that requests hold, up to a number of them."""

    def __init__(self, most: int) -> None:
        self.held = 0
        self._most = most

    def take(self, scope: Scope, count: int) -> None:
        """Note that a request holds more.

        Raises:
            ProblemError: if all requests would hold too much.
        """
        if self.held + count > self._most:
            raise busy()
        self.held += count
        scope["state"][_KEY] = scope["state"].get(_KEY, 0) + count

    def give_back(self, scope: Scope) -> None:
        """Note that a request has ended."""
        self.held -= scope["state"].pop(_KEY, 0)
