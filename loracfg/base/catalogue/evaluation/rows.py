"""The rows of a model type, and which of them change from turn to turn of a loop."""

from __future__ import annotations

from typing import Any, Final, TypeAlias

Row: TypeAlias = list[Any]
"""`[operation, operand, ...]`."""
Operand: TypeAlias = "int | list[Any]"
"""The number of a row, or a constant in a list of one."""

FIRST_OPERAND: Final = {
    "call": 2,
    "str": 2,
    "for": 2,
    "scan": 2,
    "model": 2,
    "modelhas": 2,
    "i": None,
    "acc": None,
    "kw": None,
    "kwhas": None,
    "arg": None,
    "enum": None,
}
"""Where operands begin in rows that say something else first; None where there are none."""
UNKNOWN: Final = -1


def operands_of(row: Row) -> list[Any]:
    """Return the operands of a row, without the words between them."""
    first = FIRST_OPERAND.get(row[0], 1)
    return [] if first is None else [one for one in row[first:] if not isinstance(one, str)]


class Rows:
    """The rows of a model type.

    Attributes:
        rows: the rows, each made of earlier ones.
        loops: for each row, the loops that its value depends on, as bits; below 0 if that has not
            been found yet.
    """

    __slots__ = ("loops", "rows")

    def __init__(self, rows: list[Row], loops: list[int] | None = None) -> None:
        self.rows = rows
        self.loops = [UNKNOWN] * len(rows) if loops is None else loops

    def loops_of(self, number: int) -> int:
        """Return the loops that the value of a row depends on, as bits."""
        found = self.loops[number]
        if found < 0:
            found = self.loops[number] = self._find(self.rows[number])
        return found

    def _find(self, row: Row) -> int:
        if row[0] in ("i", "acc"):
            return _bit(row[1])
        operands = operands_of(row)
        if row[0] == "for":
            inside = self._either(operands[1:]) & ~_bit(row[1])
            return inside | self._either(operands[:1])
        if row[0] == "scan":
            start, body, turn = operands
            return (self._either([body]) & ~_bit(row[1])) | self._either([start, turn])
        return self._either(operands)

    def _either(self, operands: list[Any]) -> int:
        bits = 0
        for one in operands:
            if type(one) is int:
                bits |= self.loops_of(one)
        return bits


def _bit(loop: int) -> int:
    return 1 << loop
