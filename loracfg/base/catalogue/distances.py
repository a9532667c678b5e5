"""Converts the numbers of rows and nodes to distances, which repeat from type to type.

In a packed file, rows refer to earlier rows by distance, and nodes to their children. If nodes and
checks refer to rows, each number is the difference from the previous one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from loracfg.base.catalogue.evaluation.rows import LOOPS, loops_of

if TYPE_CHECKING:
    from loracfg.base.catalogue.program_data import Check, Choice, Node, Operand, Row


_OPERANDS: Final = ("bias", "padding", "groups", "activation", "config", "ties")
"""Keys of nodes that have an operand."""


def rows_to_distances(rows: list[Row]) -> list[Row]:
    """Return rows that refer to earlier rows by their distance."""
    found = []
    for number, row in enumerate(rows):
        first = 2 if row[0] in LOOPS else 1
        own = [number - one if type(one) is int else one for one in row[first:]]
        found.append(row[:first] + own)
    return found


def rows_from_distances(rows: list[Row]) -> list[int]:
    """Undo `rows_to_distances` in place; return the loops that each row depends on, as bits."""
    free: list[int] = []
    for number, row in enumerate(rows):
        is_loop = row[0] in LOOPS
        bits = 0
        for place in range(2 if is_loop else 1, len(row)):
            one = row[place]
            if type(one) is int:
                row[place] = other = number - one
                bits |= free[other]
        free.append(loops_of(row, free) if is_loop else bits)
    return free


class _Steps:
    """Converts the numbers of rows, in their order, to differences or back."""

    def __init__(self, is_packing: bool) -> None:
        self._is_packing = is_packing
        self._last = 0

    def operand(self, operand: Operand) -> Operand:
        """Return a converted operand."""
        if type(operand) is not int:
            return operand
        last = self._last
        self._last = operand if self._is_packing else last + operand
        return operand - last if self._is_packing else self._last

    def choice(self, choice: Choice, leaf: Callable[[Choice], Choice]) -> Choice:
        """Return a converted choice or loop."""
        if type(choice) is list and len(choice) == 4:
            if choice[0] == "if":
                _, condition, yes, no = choice
                return [
                    "if",
                    self.operand(condition),
                    self.choice(yes, leaf),
                    self.choice(no, leaf),
                ]
            if choice[0] == "for":
                inside: Any
                _, loop, count, inside = choice
                return ["for", loop, self.operand(count), [self.entry(x, leaf) for x in inside]]
        return leaf(choice)

    def entry(self, entry: Choice, leaf: Callable[[Choice], Choice]) -> Choice:
        """Return a converted entry, which may have a name."""
        if type(entry) is list and len(entry) == 2:
            return [self.operand(entry[0]), self.choice(entry[1], leaf)]
        return self.choice(entry, leaf)

    def condition(self, condition: Operand) -> Operand:
        """Return a converted condition of a check, which may be a loop."""
        if type(condition) is list and condition[0] == "for":
            return [*condition[:2], self.operand(condition[2])]
        return self.operand(condition)

    def operands(self, operands: Choice) -> Choice:
        """Return a converted shape, or its `if`, `unknown` or null."""
        return list(map(self.operand, operands)) if type(operands) is list else operands


def nodes_as_distances(
    nodes: list[Node], checks: list[Check], is_packing: bool
) -> tuple[list[Node], list[Check]]:
    """Return nodes and checks with distances instead of numbers, or the reverse."""
    steps = _Steps(is_packing)
    found: list[Node] = []
    for number, node in enumerate(nodes):

        def child(one: Any, number: int = number) -> Any:
            return number - one if type(one) is int else one

        own = dict(node)
        value: Any
        for key, value in node.items():
            if key in _OPERANDS:
                own[key] = steps.operand(value)
            elif key == "sizes":
                own[key] = steps.operands(value)
            elif key in ("items", "children"):
                own[key] = [steps.entry(one, child) for one in value]
            elif key in ("parameters", "buffers"):
                own[key] = [steps.entry(one, steps.operands) for one in value]
        found.append(own)
    groups = [
        [
            list(map(steps.condition, conditions)),
            list(map(steps.operand, computed)),
            list(map(steps.operand, required)),
        ]
        for conditions, computed, required in checks
    ]
    return found, groups
