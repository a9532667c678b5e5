"""The conditions and loops around the current statement."""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.base.derivation.interpreter.expressions import (
    Expression,
    Operand,
)

Check = tuple[tuple[Operand, ...], Operand]
"""Conditions and loops, and what must hold or be evaluable under them."""


class Path:
    """The conditions and loops around the current statement, outermost first."""

    def __init__(self) -> None:
        self._entries: list[tuple[Operand, bool]] = []

    def __contains__(self, condition: Operand) -> bool:
        return any(condition is held for held, _ in self._entries)

    def __iter__(self) -> Iterator[Operand]:
        return (condition for condition, _ in self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, condition: Operand, *, is_required: bool = False) -> None:
        """Add a condition; one that is required is not a guard."""
        self._entries.append((condition, is_required))

    def cut(self, length: int) -> None:
        """Drop what was added since the path had this length."""
        del self._entries[length:]

    def guards(self) -> tuple[Operand, ...]:
        """Return the conditions and loops around the current statement, without required ones."""
        return tuple(condition for condition, is_required in self._entries if not is_required)

    def loops(self) -> tuple[Expression, ...]:
        """Return the loops."""
        return tuple(entry for entry in self if isinstance(entry, Expression) and entry[0] == "for")
