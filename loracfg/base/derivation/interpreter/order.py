"""The order in which a loop that is run once adds to lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from loracfg.base.derivation.interpreter.binding import (
    loop_variable,
    simplified,
)
from loracfg.base.derivation.interpreter.expressions import Operand
from loracfg.base.derivation.interpreter.values import (
    Value,
)


@dataclass(frozen=True)
class Order:
    """The order of a loop's turns in the entries that it adds to lists.

    Attributes:
        is_in_front: Whether turns add to the beginning of lists rather than the end.
        is_backwards: Whether the first place belongs to the last turn.
    """

    is_in_front: bool = False
    is_backwards: bool = False

    def exploring(self) -> Order:
        """Return the order for finding the values that turns pass on to later ones."""
        return Order(self.is_in_front)

    def turn(self, index: int, count: Operand) -> Operand:
        """Return the turn at a place."""
        variable = loop_variable(index)
        if not self.is_backwards:
            return variable
        return simplified("-", simplified("-", count, 1), variable)

    def last(self, count: Operand) -> Operand:
        """Return the place of the last turn."""
        return 0 if self.is_backwards else simplified("-", count, 1)

    def earlier(self, index: int, count: Operand) -> Operand:
        """Return the number of turns before the one at a place."""
        return self.turn(index, count)

    def place(self, index: int, inner: int) -> Operand:
        """Return the place of an earlier turn, by the variable of a loop over earlier turns."""
        variable = loop_variable(inner)
        if not self.is_backwards:
            return variable
        return simplified("+", simplified("+", loop_variable(index), 1), variable)

    def join(self, entries: list[Value], more: list[Value]) -> list[Value]:
        """Return a list with added entries."""
        return [*more, *entries] if self.is_in_front else [*entries, *more]

    def split(self, entries: list[Value], length: int) -> tuple[list[Value], list[Value]] | None:
        """Return the entries that a list had, and those added since; None if it became shorter."""
        if len(entries) < length:
            return None
        at = len(entries) - length
        if self.is_in_front:
            return entries[at:], entries[:at]
        return entries[:length], entries[length:]


FORWARDS: Final = Order()
BACKWARDS: Final = Order(is_in_front=True, is_backwards=True)
