"""Describes what runs after a block of statements."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from loracfg.base.derivation.interpreter.values import (
    Exit,
)

Continuation = Callable[[], "Exit | None"]


@dataclass(frozen=True)
class Flow:
    """What runs after a block of statements, depending on how it ends.

    Attributes:
        then: What runs when the block ends.
        on_break: What a `break` of the block runs.
        on_continue: What a `continue` of the block runs.
    """

    then: Continuation | None = None
    on_break: Continuation | None = None
    on_continue: Continuation | None = None

    def end(self) -> Exit | None:
        """Run the code after the block."""
        return self.then() if self.then else None

    def leave(self, exit_: Exit) -> Exit | None:
        """Leave the block early."""
        if exit_.kind == "break" and self.on_break:
            return self.on_break()
        if exit_.kind == "continue" and self.on_continue:
            return self.on_continue()
        return exit_


NO_FLOW: Final = Flow()
"""The flow of a block that nothing follows; if it ends early, it returns how."""
