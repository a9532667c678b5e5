"""Interprets dicts that number distinct keys, and counts these keys.

Attention biases are stored once for each offset between two points. The offsets are numbered in
order of appearance: `if offset not in numbers: numbers[offset] = len(numbers)`.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterable, Sequence

from loracfg.base.derivation.interpreter.binding import free_variables, loop_variable, simplified
from loracfg.base.derivation.interpreter.conversion import as_expression, as_value
from loracfg.base.derivation.interpreter.expressions import Expression, Operand, expression
from loracfg.base.derivation.interpreter.values import (
    GuardedEntry,
    NamedEntries,
    NamedEntry,
    RepeatedEntries,
    Symbol,
    SymbolicTensor,
    Value,
)

__all__ = ["are_numbers", "count_of_keys", "count_of_nested", "is_grid", "numbered_key"]


def numbered_key(statement: ast.If) -> ast.Subscript | None:
    """Return the item that a statement sets to the next number if it does not exist."""
    match statement:
        case ast.If(
            test=ast.Compare(left=key, ops=[ast.NotIn()], comparators=[numbers]),
            body=[ast.Assign(targets=[ast.Subscript() as item], value=ast.Call() as call)],
            orelse=[],
        ):
            wanted = [f"{ast.unparse(numbers)}[{ast.unparse(key)}]", f"len({ast.unparse(numbers)})"]
            is_number = [ast.unparse(item), ast.unparse(call)] == wanted
            return item if is_number and isinstance(numbers, ast.Name) else None
    return None


def are_numbers(entries: Sequence[Value]) -> bool:
    """Return whether all entries are numbers that a dict gives to its keys."""
    return all(
        are_numbers(entry.items)
        if isinstance(entry, RepeatedEntries)
        else isinstance(entry, SymbolicTensor) and entry.shape == ()
        for entry in entries
    )


def is_grid(value: Value) -> bool:
    """Return whether a list has all pairs of the turns of two loops."""
    if type(value) is not list or len(value) != 1 or not isinstance(value[0], RepeatedEntries):
        return False
    outer = value[0]
    inner = outer.items[0]
    if len(outer.items) != 1 or not isinstance(inner, RepeatedEntries) or len(inner.items) != 1:
        return False
    turns = [Symbol(loop_variable(one.index)) for one in (outer, inner)]
    return type(inner.items[0]) is tuple and list(inner.items[0]) == turns


def count_of_nested(entries: Sequence[Value]) -> Operand | None:
    """Return the number of entries of several nested loops."""
    chain, entry = _chain(entries)
    if len(chain) < 2 or entry is None or not _are_independent(chain):
        return None
    bare = (as_expression([RepeatedEntries(one.index, one.count, [0])]) for one in chain)
    return _product(expression("call", "len", one) for one in bare)


def count_of_keys(keys: dict[object, Value]) -> Operand:
    """Return the number of distinct keys in a dict with computed keys."""
    if len(keys) == 1:
        (key,) = keys
        if isinstance(key, NamedEntries):
            chain, entry = _chain(key.entries)
            parts = _independent_parts(chain, entry)
            if parts is not None:
                return _product(_count_of_part(chain, part) for part in parts)
    entries: list[Value] = []
    for key in keys:
        entries += map(_key_of, key.entries) if isinstance(key, NamedEntries) else [key]
    return _distinct(entries)


def _distinct(entries: list[Value]) -> Expression:
    return expression("call", "len", expression("call", "set", as_expression(entries)))


def _key_of(entry: Value) -> Value:
    """Return the key of an entry, or those of the turns of a loop."""
    if isinstance(entry, RepeatedEntries):
        return RepeatedEntries(entry.index, entry.count, list(map(_key_of, entry.items)))
    if isinstance(entry, GuardedEntry):
        return GuardedEntry(entry.condition, _key_of(entry.value))
    assert isinstance(entry, NamedEntry)
    return Symbol(entry.name)


def _chain(entries: Sequence[Value]) -> tuple[list[RepeatedEntries], Value]:
    """Return the loops that create one entry in each turn, outermost first, and the entry."""
    chain: list[RepeatedEntries] = []
    while len(entries) == 1 and isinstance(entries[0], RepeatedEntries):
        chain.append(entries[0])
        entries = entries[0].items
    is_one = len(entries) == 1 and not isinstance(entries[0], GuardedEntry)
    return chain, entries[0] if is_one else None


def _are_independent(chain: list[RepeatedEntries]) -> bool:
    """Return whether no loop's number of turns depends on another loop."""
    variables = {loop_variable(one.index) for one in chain}
    counts = (free_variables(one.count) for one in chain)
    return len(variables) == len(chain) and not any(variables & one for one in counts)


def _independent_parts(chain: list[RepeatedEntries], entry: Value) -> tuple[Operand, ...] | None:
    """Return the parts of a key if no two depend on the same loop, else None."""
    if not isinstance(entry, NamedEntry) or entry.name[0] != "tuple" or not _are_independent(chain):
        return None
    parts = entry.name[1:]
    variables = {loop_variable(one.index) for one in chain}
    of_parts = [variables & free_variables(part) for part in parts]
    is_disjoint = sum(map(len, of_parts)) == len(variables)
    return parts if is_disjoint and set().union(*of_parts) == variables else None


def _count_of_part(chain: list[RepeatedEntries], part: Operand) -> Operand:
    """Return the number of values that a part of a key has in the loops that it depends on."""
    entry = as_value(part)
    for one in reversed(chain):
        if loop_variable(one.index) in free_variables(part):
            entry = RepeatedEntries(one.index, one.count, [entry])
    return _distinct([entry])


def _product(factors: Iterable[Operand]) -> Operand:
    return functools.reduce(lambda first, second: simplified("*", first, second), factors)
