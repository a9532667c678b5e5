"""Converts values to expressions."""

from __future__ import annotations

import builtins
import collections
import enum
import types
from typing import Any, Final

from loracfg.base.derivation.interpreter.expressions import (
    PLAIN_TYPES,
    Expression,
    Operand,
    choose,
    expression,
)
from loracfg.base.derivation.interpreter.values import (
    MISSING,
    POISON,
    Choice,
    GuardedEntry,
    InnerModel,
    ModelPart,
    NamedEntries,
    NamedEntry,
    NotFollowed,
    RepeatedEntries,
    Symbol,
    SymbolicRange,
    TurnsDepend,
    Value,
)

__all__ = [
    "as_expression",
    "as_value",
    "attribute_of_model",
    "has_computed_keys",
    "has_symbolic_length",
    "is_expressible",
    "is_plain",
]

_DICTS: Final = (dict, collections.OrderedDict)


def as_value(operand: Operand) -> Value:
    """Return the value of an operand."""
    return Symbol(operand) if isinstance(operand, Expression) else operand


def has_symbolic_length(value: Value) -> bool:
    """Return whether a list or tuple has entries that depend on a condition or a loop."""
    entries: Any = value
    return type(value) in (list, tuple) and any(
        isinstance(entry, (RepeatedEntries, GuardedEntry)) for entry in entries
    )


def has_computed_keys(value: dict[object, Value]) -> bool:
    """Return whether a dict has computed keys."""
    return any(isinstance(key, (Symbol, NamedEntries)) for key in value)


def is_plain(value: Value) -> bool:
    """Return whether a value contains no symbols."""
    if isinstance(value, (*PLAIN_TYPES, enum.Enum)):
        return True
    held: Any = value
    if type(value) in (list, tuple, set, frozenset):
        return all(is_plain(entry) for entry in held)
    if type(value) in _DICTS:
        return all(is_plain(key) and is_plain(entry) for key, entry in held.items())
    return isinstance(value, (type, builtins.range, types.ModuleType))


def is_expressible(value: Value) -> bool:
    """Return whether a value can be an expression."""
    if isinstance(value, (Symbol, enum.Enum, *PLAIN_TYPES, SymbolicRange, builtins.range)):
        return True
    held: Any = value
    if type(value) in (list, tuple):
        return all(is_expressible(entry) for entry in held)
    if isinstance(value, RepeatedEntries):
        return all(is_expressible(entry) for entry in value.items)
    if isinstance(value, GuardedEntry):
        return is_expressible(value.value)
    if type(value) in _DICTS:
        return all(
            is_expressible(key.entries)
            if isinstance(key, NamedEntries)
            else isinstance(key, (Symbol, *PLAIN_TYPES))
            and (is_expressible(entry) or is_perhaps_missing(entry))
            for key, entry in held.items()
        )
    if isinstance(value, NamedEntry):
        return is_expressible(value.value) or is_perhaps_missing(value.value)
    if isinstance(value, ModelPart):
        return True
    if type(value) in (set, frozenset):
        return all(isinstance(entry, PLAIN_TYPES) for entry in held)
    if isinstance(value, Choice):
        return is_expressible(value.yes) and is_expressible(value.no)
    return False


def is_perhaps_missing(value: Value) -> bool:
    """Return whether a value belongs to a key that only exists in some branches."""
    return isinstance(value, Choice) and all(
        side is MISSING or is_expressible(side) or is_perhaps_missing(side)
        for side in (value.yes, value.no)
    )


def as_expression(value: Value) -> Operand:
    """Return a value as an operand.

    Raises:
        NotFollowed: It cannot be an expression.
    """
    if isinstance(value, enum.Enum):
        if isinstance(value, str):
            return str(value.value)
        return f"{type(value).__name__}.{value.name}"  # a text that equals no other value
    if isinstance(value, PLAIN_TYPES):
        return value
    if isinstance(value, Symbol):
        return value.expression
    if isinstance(value, Choice):
        return choose(value.condition, as_expression(value.yes), as_expression(value.no))
    if isinstance(value, GuardedEntry):
        return expression("opt", value.condition, as_expression(value.value))
    if isinstance(value, RepeatedEntries):
        items = map(as_expression, value.items)
        return expression("for", value.index, value.count, *items)
    if isinstance(value, SymbolicRange):
        return expression("range", value.start, value.stop, value.step)
    return _container(value)


def _container(value: Any) -> Operand:
    """Return a list, dict, set or range as an operand."""
    if type(value) in (list, tuple):
        return expression(type(value).__name__, *map(as_expression, value))
    if type(value) in _DICTS:
        return _dictionary(value)
    if type(value) in (set, frozenset):
        return expression("set", *map(as_expression, sorted(value, key=repr)))
    if isinstance(value, builtins.range):
        return expression("range", value.start, value.stop, value.step)
    if isinstance(value, NamedEntry):
        return _pair(value)
    if isinstance(value, ModelPart):
        return attribute_of_model(value)
    if value is POISON:
        raise TurnsDepend("what earlier turns of a loop did")
    raise NotFollowed(f"{type(value).__name__} in an expression")


def attribute_of_model(part: ModelPart) -> Expression:
    """Return an attribute of an inner model as a value."""
    name, owner = part.name, part.owner
    while isinstance(owner, ModelPart):
        name, owner = f"{owner.name}.{name}", owner.owner
    return expression("model", owner.mapping, owner.config, name)


def model_of(part: ModelPart) -> InnerModel:
    """Return the model that a part belongs to."""
    owner = part.owner
    while isinstance(owner, ModelPart):
        owner = owner.owner
    return owner


def _dictionary(value: dict[Any, Value]) -> Operand:
    if has_computed_keys(value):
        pairs: list[Value] = []
        for key, entry in value.items():
            pairs += key.entries if isinstance(key, NamedEntries) else [(key, entry)]
        return expression("call", "dict", as_expression(pairs))
    if any(is_perhaps_missing(entry) and not is_expressible(entry) for entry in value.values()):
        return expression("merge", *(_perhaps(key, entry) for key, entry in value.items()))
    operands: list[Operand] = []
    for key, entry in value.items():
        operands += (as_expression(key), as_expression(entry))
    return expression("dict", *operands)


def _pair(entry: NamedEntry) -> Operand:
    """Return a key and value of a dict, conditional if some branches do not have them."""
    is_there, value = _where_there(entry.value)
    pair = expression("tuple", entry.name, value)
    return pair if is_there is True else expression("opt", is_there, pair)


def _where_there(value: Value) -> tuple[Operand, Operand]:
    """Return the condition under which a value exists, and the value."""
    if value is MISSING:
        return False, None
    if not isinstance(value, Choice):
        return True, as_expression(value)
    (has_yes, yes), (has_no, no) = _where_there(value.yes), _where_there(value.no)
    if has_yes is False or has_no is False:
        found = no if has_yes is False else yes
    else:
        found = choose(value.condition, yes, no)
    return choose(value.condition, has_yes, has_no), found


def _perhaps(key: Any, entry: Value) -> Operand:
    """Return a dict with one key, or without it if it is missing."""
    if entry is MISSING:
        return expression("dict")
    if isinstance(entry, Choice) and not is_expressible(entry):
        return choose(entry.condition, _perhaps(key, entry.yes), _perhaps(key, entry.no))
    return expression("dict", as_expression(key), as_expression(entry))
