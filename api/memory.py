"""How much memory a worker uses for all current requests."""

from __future__ import annotations

from loracfg_api.problems import busy
from starlette.types import Scope

_KEY = "held_bytes"


class Memory:
    """Counts the bytes that requests hold, up to a limit."""

    def __init__(self, most: int) -> None:
        self.held = 0
        self._most = most

    def take(self, scope: Scope, count: int) -> None:
        """Count more bytes for a request.

        Raises:
            ProblemError: if all requests together would hold too many.
        """
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
