"""Shows rows in a readable form, for reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from loracfg.base.catalogue.evaluation.rows import operands_of

if TYPE_CHECKING:
    from loracfg.base.catalogue.program_data import Operand, Row


DEEPEST: Final = 6
LONGEST: Final = 5_000
"""The most operands that are shown; then fewer levels are."""
_PAIRS: Final = (("==", "!="), ("<", ">="), (">", "<="), ("in", "notin"), ("is", "isnt"))
OPPOSITES: Final = dict([*_PAIRS, *[(second, first) for first, second in _PAIRS]])


def shown(rows: list[Row], operand: Operand) -> str:
    """Return an operand as in facts files, with deep parts shortened."""
    from loracfg.base.catalogue.printing.expressions import Printer

    if type(operand) is not int:
        return repr(operand[0]) if isinstance(operand, list) else "…"
    rows, operand = _without_negation(rows, operand)
    level = {operand}
    seen = set(level)
    length = 1
    for _ in range(DEEPEST):
        inside = [one for number in level for one in operands_of(rows[number]) if type(one) is int]
        length *= max(1, len(inside))
        level = set(inside) - seen
        seen |= level
        if length > LONGEST:
            break
    deep = {number: "…" for number in level if operands_of(rows[number])}
    root = "c2" if any(rows[number] == ["c2"] for number in seen) else "c"
    try:
        return Printer(rows, deep, root).text(operand)
    except ValueError:  # a row that never occurs in files
        return "…"


def _without_negation(rows: list[Any], operand: int) -> tuple[list[Any], int]:
    """Return a negated comparison as its opposite, which is easier to read."""
    row = rows[operand]
    if row[0] != "not" or type(row[1]) is not int:
        return rows, operand
    operation, *rest = rows[row[1]]
    if operation not in OPPOSITES:
        return rows, operand
    return [*rows, [OPPOSITES[operation], *rest]], len(rows)
