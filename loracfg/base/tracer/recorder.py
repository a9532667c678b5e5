"""What happened while a constructor ran: which module was made where, and what was decided.

A scope is the constructor of one module (a frame) or one turn of a loop (an iteration). A decision
belongs to the innermost scope that is open when it is taken: what it changes is made in there.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

Decision = tuple[Any, Any]
"""A condition and its outcome."""


@dataclass(eq=False)
class Scope:
    """Decisions in the order in which they were taken, each condition once."""

    outer: Scope | None
    decisions: dict[Any, Any] = field(default_factory=dict)


@dataclass(eq=False)
class Frame(Scope):
    """The constructor of a module."""

    module: Any = None


@dataclass(eq=False)
class Loop:
    """A loop over symbols: how often it runs, as an expression and here."""

    uid: int
    count: Any
    length: int
    iterations: list[Iteration] = field(default_factory=list)


@dataclass(eq=False)
class Iteration(Scope):
    """One turn of a loop."""

    loop: Loop | None = None
    number: int = 0

    @property
    def expression(self) -> Any:
        """The number of the turn, as an expression."""
        assert self.loop is not None
        return ("idx", self.loop.uid, self.number)


class Recorder:
    """Holds the open scopes of one trace."""

    def __init__(self) -> None:
        self.root = Frame(None)
        self.scope: Scope = self.root
        self.frames: dict[int, Frame] = {}
        self.loops: list[Loop] = []
        self.values: dict[str, Any] = {}
        self.active = False

    @contextlib.contextmanager
    def recording(self) -> Iterator[Recorder]:
        """Start a new trace."""
        self.__init__()  # type: ignore[misc]
        self.active = True
        try:
            yield self
        finally:
            self.active = False

    @contextlib.contextmanager
    def paused(self) -> Iterator[None]:
        """Let what runs inside leave no trace."""
        active, self.active = self.active, False
        try:
            yield
        finally:
            self.active = active

    def decide(self, condition: Any, outcome: Any) -> Any:
        """Note a decision and return its outcome."""
        if self.active and _varies(condition):
            self.scope.decisions.setdefault(condition, outcome)
        return outcome

    def is_open(self, module: Any) -> bool:
        """Tell whether the constructor of a module is running."""
        scope: Scope | None = self.scope
        while scope is not None:
            if isinstance(scope, Frame) and scope.module is module:
                return True
            scope = scope.outer
        return False

    @contextlib.contextmanager
    def frame(self, module: Any) -> Iterator[None]:
        """Open the frame of a module."""
        before = self.scope
        self.scope = frame = Frame(before, module=module)
        self.frames[id(module)] = frame
        try:
            yield
        finally:
            self.scope = before

    def loop(self, count: Any, length: int) -> Iterator[Iteration]:
        """Run a loop, with a scope for each turn."""
        if not self.active:
            loop = Loop(-1, count, length)
            yield from (Iteration(None, loop=loop, number=n) for n in range(length))
            return
        self.decide(("bool", count), length > 0)
        before = self.scope
        loop = Loop(len(self.loops), count, length)
        self.loops.append(loop)
        try:
            for number in range(length):
                turn = Iteration(before, loop=loop, number=number)
                loop.iterations.append(turn)
                self.scope = turn
                yield turn
        finally:
            self.scope = before

    def iteration(self) -> Iteration:
        """Return the innermost turn of a loop."""
        scope: Scope | None = self.scope
        while scope is not None and not isinstance(scope, Iteration):
            scope = scope.outer
        if scope is None:  # paused
            return Iteration(None, loop=Loop(-1, 0, 0))
        return scope


def _varies(condition: Any) -> bool:
    """Tell whether a condition depends on the config or on the turn of a loop."""
    if not isinstance(condition, tuple):
        return False
    if condition[0] in ("attr", "idx"):
        return True
    return any(_varies(part) for part in condition[1:])


recorder: Final = Recorder()
