"""Converts values of one turn of a loop to a different turn."""

from __future__ import annotations

from typing import Any

from loracfg.base.derivation.interpreter.binding import (
    Bindings,
    loop_variable,
    simplified,
    substitute,
)
from loracfg.base.derivation.interpreter.conversion import as_value
from loracfg.base.derivation.interpreter.expressions import PLAIN_TYPES, Expression, Operand
from loracfg.base.derivation.interpreter.values import (
    MISSING,
    UNKNOWN,
    Choice,
    GuardedEntry,
    Instance,
    InstanceAt,
    NamedEntry,
    NotFollowed,
    RepeatedEntries,
    Symbol,
    SymbolicRange,
    SymbolicTensor,
    Value,
)

__all__ = ["at_free_index", "at_turn", "substitute_value"]


def at_turn(value: Value, index: int, turn: Operand) -> Value:
    """Return a value of a loop in one of its turns.

    Raises:
        NotFollowed: There is no rule for the value.
    """
    return substitute_value(value, {loop_variable(index): turn})


def at_free_index(entry: RepeatedEntries, depth: int) -> RepeatedEntries:
    """Return entries of a loop with an index that no enclosing loop has.

    Args:
        entry: The entries.
        depth: The number of enclosing loops.
    """
    if entry.index >= depth:
        return entry
    items = [at_turn(item, entry.index, loop_variable(depth)) for item in entry.items]
    return RepeatedEntries(depth, entry.count, items)


def substitute_value(value: Value, bindings: Bindings) -> Value:
    """Return a value with loop variables replaced."""
    if isinstance(value, Symbol):
        return as_value(substitute(value.expression, bindings))
    if isinstance(value, PLAIN_TYPES) or value is MISSING or value is UNKNOWN:
        return value
    if isinstance(value, Instance):
        return _instance(value, bindings)
    if isinstance(value, SymbolicTensor):
        shape = value.shape
        if shape is not None:
            shape = tuple(substitute_value(size, bindings) for size in shape)
        return SymbolicTensor(shape, value.kind, value.persistent)
    if type(value) in (list, tuple):
        entries: Any = value
        return type(entries)(substitute_value(entry, bindings) for entry in entries)
    if type(value) is dict:
        return {key: substitute_value(entry, bindings) for key, entry in value.items()}
    if isinstance(value, SymbolicRange):
        parts = (value.start, value.stop, value.step)
        return SymbolicRange(*(substitute(part, bindings) for part in parts))
    return _structure(value, bindings)


def _structure(value: Value, bindings: Bindings) -> Value:
    """Replace loop variables in the content of lists and branches."""
    if isinstance(value, Choice):
        condition = substitute(value.condition, bindings)
        if not isinstance(condition, Expression):
            return substitute_value(value.yes if condition else value.no, bindings)
        sides = (substitute_value(side, bindings) for side in (value.yes, value.no))
        return Choice(condition, *sides)
    if isinstance(value, GuardedEntry):
        inner = substitute_value(value.value, bindings)
        return GuardedEntry(substitute(value.condition, bindings), inner)
    if isinstance(value, RepeatedEntries):
        loop = substitute(_as_list(value), bindings)
        assert isinstance(loop, Expression)
        index = loop[1]
        assert isinstance(index, int)
        renamed = {loop_variable(value.index): loop_variable(index)} if index != value.index else {}
        kept = {key: one for key, one in bindings.items() if key is not loop_variable(value.index)}
        items = [substitute_value(item, {**kept, **renamed}) for item in value.items]
        return RepeatedEntries(index, loop[2], items)
    if isinstance(value, (NamedEntry, InstanceAt)):
        raise NotFollowed("a module of another turn")
    if isinstance(value, type):
        return value
    raise NotFollowed(f"{type(value).__name__} of another turn")


def _as_list(value: RepeatedEntries) -> Expression:
    """Return an expression that binds the loop variable of repeated entries."""
    made = simplified("for", value.index, value.count, loop_variable(value.index))
    assert isinstance(made, Expression)
    return made


def _instance(value: Instance, bindings: Bindings) -> Value:
    """Return an object of a loop in a turn, or unchanged if it is not from the loop."""
    for loop in value.loops:
        index = loop[1]
        assert isinstance(index, int)
        turn = bindings.get(loop_variable(index))
        if turn is not None:
            if len(bindings) > 1:
                raise NotFollowed("a module of turns of several loops")
            return InstanceAt(value, index, turn)
    return value
