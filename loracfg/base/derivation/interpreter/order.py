"""In which order a loop that is run once adds to lists."""

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
    """In which order the places of a loop stand for its turns.

    Attributes:
        is_in_front: Turns add to lists in front of what is there, else behind it.
        is_backwards: The first place stands for the last turn.
    """

    is_in_front: bool = False
    is_backwards: bool = False

    def exploring(self) -> Order:
        """Return the order in which turns are run to find what they leave to the next ones."""
        return Order(self.is_in_front)

    def turn(self, index: int, count: Operand) -> Operand:
        """Return the turn that a place stands for."""
        variable = loop_variable(index)
        if not self.is_backwards:
            return variable
        return simplified("-", simplified("-", count, 1), variable)

    def last(self, count: Operand) -> Operand:
        """Return the place of the last turn."""
        return 0 if self.is_backwards else simplified("-", count, 1)

    def earlier(self, index: int, count: Operand) -> Operand:
        """Return how many turns there are before that of a place."""
        return self.turn(index, count)

    def place(self, index: int, inner: int) -> Operand:
        """Return the place of an earlier turn, by the variable of a loop over these."""
        variable = loop_variable(inner)
        if not self.is_backwards:
            return variable
        return simplified("+", simplified("+", loop_variable(index), 1), variable)

    def join(self, entries: list[Value], more: list[Value]) -> list[Value]:
        """Return a list with what is added to it."""
        return [*more, *entries] if self.is_in_front else [*entries, *more]

    def split(self, entries: list[Value], length: int) -> tuple[list[Value], list[Value]] | None:
        """Return what a list had at a length, and what was added; None if it is shorter."""
        if len(entries) < length:
            return None
        at = len(entries) - length
        if self.is_in_front:
            return entries[at:], entries[:at]
        return entries[:length], entries[length:]


FORWARDS: Final = Order()
BACKWARDS: Final = Order(is_in_front=True, is_backwards=True)
