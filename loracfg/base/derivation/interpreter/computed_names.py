"""Handles computed names next to literal ones, and names with two places."""

from __future__ import annotations

import re

from loracfg.base.derivation.interpreter.expressions import Expression, Operand
from loracfg.base.derivation.interpreter.values import (
    GuardedEntry,
    NamedEntries,
    NamedEntry,
    RepeatedEntries,
    Value,
)

__all__ = ["LaterPlace", "computed_names", "may_be"]


class LaterPlace:
    """A key of `Instance.registered`: the place of a name for configs without an earlier one.

    Attributes:
        name: The name, which is also a key itself for the other configs.
    """

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LaterPlace) and other.name == self.name

    def __hash__(self) -> int:
        return hash((LaterPlace, self.name))


def may_be(computed: Operand, name: str) -> bool:
    """Return whether a computed name may equal a literal one.

    Args:
        computed: The computed name.
        name: The literal name.
    """
    return re.fullmatch(_pattern(computed), name) is not None


def _pattern(operand: Operand) -> str:
    """Return a regular expression for all texts that an operand may be."""
    if not isinstance(operand, Expression):
        return re.escape(str(operand))
    if operand[0] == "fmt":
        return "".join(map(_pattern, operand[1:]))
    if operand[0] == "call" and operand[1] == "str":
        return _pattern(operand[2])
    if operand[0] == "+" and any(isinstance(one, str) for one in operand[1:]):
        return "".join(map(_pattern, operand[1:]))
    return r"-?\d+" if _is_number(operand) else ".*"


def _is_number(operand: Operand) -> bool:
    """Return whether an operand is a whole number for every config."""
    if not isinstance(operand, Expression):
        return type(operand) is int
    if operand[0] == "i" or operand[:2] == ("call", "len"):
        return True
    return operand[0] in ("+", "-", "*") and all(_is_number(part) for part in operand[1:])


def computed_names(registered: dict[object, Value]) -> list[Expression]:
    """Return the computed names among registered ones."""
    found: list[Expression] = []
    for key in registered:
        if isinstance(key, NamedEntries):
            _collect(key.entries, found)
    return found


def _collect(entries: list[Value], found: list[Expression]) -> None:
    for entry in entries:
        if isinstance(entry, NamedEntry):
            found.append(entry.name)
        elif isinstance(entry, GuardedEntry):
            _collect([entry.value], found)
        elif isinstance(entry, RepeatedEntries):
            _collect(entry.items, found)
