"""Creates dicts from pairs, which may depend on loops and branches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from loracfg.base.derivation.interpreter.conversion import (
    as_expression,
    has_symbolic_length,
    is_expressible,
    is_plain,
)
from loracfg.base.derivation.interpreter.expressions import Expression, expression
from loracfg.base.derivation.interpreter.machine import Machine
from loracfg.base.derivation.interpreter.values import (
    Choice,
    GuardedEntry,
    LibraryRaises,
    NamedEntries,
    NamedEntry,
    NotFollowed,
    RepeatedEntries,
    Symbol,
    Value,
)


def make_dict(
    machine: Machine,
    cls: type[dict[Value, Value]],
    given: Sequence[Value],
    keywords: dict[str, Value],
) -> Value:
    """Create a dict, or an ordered dict, from a dict or pairs, and from keywords.

    Raises:
        LibraryRaises: it cannot be created.
        NotFollowed: the source is unknown.
    """
    if not given:
        return machine.note_made(cls(keywords))
    if len(given) > 1:
        raise LibraryRaises("TypeError", f"{cls.__name__} takes one argument")
    (source,) = given
    if isinstance(source, Choice):
        return machine.lift(source, lambda one: make_dict(machine, cls, [one], keywords))
    if isinstance(source, Symbol):
        raise NotFollowed(f"{cls.__name__} of a symbol")
    if isinstance(source, dict):
        own: dict[Any, Value] = {**with_own_keys(source), **keywords}
        return machine.note_made(cls(own))
    pairs = machine.entries_of(source)
    if has_symbolic_length(pairs) and not keywords:
        return symbolic_dict(machine, cls, pairs)
    made: dict[Any, Value] = {**dict_of_pairs(pairs), **keywords}
    return machine.note_made(cls(made))


def symbolic_dict(machine: Machine, cls: type[dict[Value, Value]], pairs: list[Value]) -> Value:
    """Return a dict with computed keys; it is an expression if it only has values."""
    if is_expressible(pairs):
        return machine.evaluable(expression("call", "dict", as_expression(pairs)))
    return machine.note_made(cls(dict_of_pairs(pairs)))


def dict_of_pairs(pairs: list[Value]) -> dict[Value, Value]:
    """Create a dict from pairs; those of loops and branches are under `NamedEntries`.

    Raises:
        LibraryRaises: an entry is not a pair.
        NotFollowed: too little is known about the keys.
    """
    made: dict[Any, Value] = {}
    for pair in pairs:
        if isinstance(pair, (GuardedEntry, RepeatedEntries)):
            named = NamedEntries()
            named.entries = [_as_entry(pair)]
            made[named] = "named"
        else:
            key, value = _key_and_value(pair)
            made[key] = value
    return made


def with_own_keys(source: dict[object, Value]) -> dict[Value, Value]:
    """Return a copy of a dict that loops can add keys to without changing the dict."""
    made: dict[Any, Value] = {}
    for key, value in source.items():
        if isinstance(key, NamedEntries):
            own = NamedEntries()
            own.entries = list(key.entries)
            made[own] = value
        else:
            made[key] = value
    return made


def refuse_unhashable(key: Value) -> None:
    """Reject a key that cannot be hashed.

    Raises:
        LibraryRaises: it cannot be hashed.
    """
    try:
        hash(key)
    except TypeError as error:
        raise LibraryRaises("TypeError", str(error)) from error


def _as_entry(pair: Value) -> Value:
    if isinstance(pair, GuardedEntry):
        return GuardedEntry(pair.condition, _as_entry(pair.value))
    if isinstance(pair, RepeatedEntries):
        return RepeatedEntries(pair.index, pair.count, [_as_entry(item) for item in pair.items])
    key, value = _key_and_value(pair)
    name = as_expression(key)
    if not isinstance(name, Expression):
        raise NotFollowed("a dict with a key that a loop or a branch sets")
    return NamedEntry(name, None, value)


def _key_and_value(pair: Value) -> tuple[Any, Value]:
    if not isinstance(pair, (tuple, list)) or has_symbolic_length(pair):
        raise NotFollowed("a dict of pairs that are not known")
    if len(pair) != 2:
        raise LibraryRaises("ValueError", "a dict is made of pairs")
    key, value = pair
    if not is_plain(key) and not isinstance(key, Symbol):
        raise NotFollowed("a dict with a key that is no value")
    refuse_unhashable(key)
    return key, value
