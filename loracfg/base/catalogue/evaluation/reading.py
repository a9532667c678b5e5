"""Rows as a person reads them, for reasons."""

from __future__ import annotations

from typing import Any, Final

DEEPEST: Final = 6
INFIX: Final = frozenset(
    ("+", "-", "*", "/", "//", "%", "**", "==", "!=", "<", "<=", ">", ">=", "and", "or", "in", "is")
)


def shown(rows: list[Any], operand: Any, depth: int = 0) -> str:
    """Return an operand as text, shortened where it is deep."""
    if type(operand) is not int:
        return repr(operand[0])
    if depth > DEEPEST:
        return "…"
    operation, *rest = rows[operand]
    if operation in ("c", "c2"):
        return "config"
    parts = [one if isinstance(one, str) else shown(rows, one, depth + 1) for one in rest]
    if operation == ".":
        return f"{parts[0]}.{parts[1]}".removeprefix("config.")
    if operation in INFIX and len(parts) == 2:
        return f"({parts[0]} {operation} {parts[1]})"
    if operation == "[]":
        return f"{parts[0]}[{parts[1]}]"
    return f"{operation}({', '.join(parts)})"
