"""The rows of a model type, and the loops that each depends on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from loracfg.base.catalogue.program_data import Operand, Row


LOOPS: Final = frozenset(("i", "acc", "for", "scan"))
"""Operations whose rows have the number of a loop first."""
FIRST_OPERAND: Final = {
    **dict.fromkeys(("call", "str", "for", "scan", "model", "modelhas"), 2),
    **dict.fromkeys(("i", "acc", "kw", "kwhas", "arg")),
}
"""The place of the first operand in rows that do not begin with one; None if there is none."""


def operands_of(row: Row) -> list[Operand]:
    """Return the operands of a row, without words."""
    operation: Any = row[0]
    first = FIRST_OPERAND.get(operation, 1)
    return [] if first is None else [one for one in row[first:] if not isinstance(one, str)]


def loops_of(row: Row, loops: list[int]) -> int:
    """Return the loops that a row depends on, as bits, given those of earlier rows."""
    operands = operands_of(row)
    if row[0] not in LOOPS:
        return _either(operands, loops)
    number: Any = row[1]
    loop: int = 1 << number
    if row[0] == "for":
        around, inside = operands[:1], operands[1:]
    elif row[0] == "scan":  # start, body, turn
        around, inside = operands[::2], operands[1:2]
    else:
        return loop
    return _either(around, loops) | _either(inside, loops) & ~loop


def _either(operands: list[Any], loops: list[int]) -> int:
    bits = 0
    for one in operands:
        if type(one) is int:
            bits |= loops[one]
    return bits


class Rows:
    """The rows of a model type.

    Attributes:
        rows: the rows, which refer to earlier ones.
        loops: for each row, the loops that its value depends on, as bits.
    """

    __slots__ = ("loops", "rows")

    def __init__(self, rows: list[Row], loops: list[int] | None = None) -> None:
        self.rows = rows
        self.loops = [] if loops is None else loops
        for row in rows[len(self.loops) :]:
            self.loops.append(loops_of(row, self.loops))

    def varies(self, operand: Operand, loops: int = -1) -> bool:
        """Return whether an operand depends on loops: on some, as bits, or on any."""
        return type(operand) is int and bool(self.loops[operand] & loops)
