"""Handles lists that turns of a loop append to."""

from __future__ import annotations

from typing import Final

from loracfg.base.derivation.interpreter.binding import (
    free_variables,
    loop_variable,
    substitute,
)
from loracfg.base.derivation.interpreter.carrying import (
    UNREADABLE,
    placeholder,
)
from loracfg.base.derivation.interpreter.conversion import (
    as_expression,
    is_expressible,
)
from loracfg.base.derivation.interpreter.expressions import Operand
from loracfg.base.derivation.interpreter.journal import Change
from loracfg.base.derivation.interpreter.order import Order
from loracfg.base.derivation.interpreter.substitution import at_turn
from loracfg.base.derivation.interpreter.values import (
    POISON,
    GuardedEntry,
    RepeatedEntries,
    TurnsDepend,
    Value,
)

_EARLIER: Final = 64
"""The offset of the index of a loop over earlier turns from that of its loop."""
Added = dict[int, tuple[list[Value], list[Value]]]
"""Lists, with the entries that a turn adds to each."""


def find_added(changes: list[Change], earlier: dict[int, RepeatedEntries], order: Order) -> Added:
    """Return the entries that a turn added to lists created before it."""
    found: Added = {}
    for container, _, value in changes:
        if not isinstance(container, list):
            continue
        known: list[Value] = [earlier[id(container)]] if id(container) in earlier else []
        held = order.join(container, known)
        more = order.split(value, len(held))
        if more is None or any(a is not b for a, b in zip(held, more[0], strict=True)):
            raise TurnsDepend("a list is changed in a loop")
        if more[1]:
            found[id(container)] = (container, more[1])
    return found


def are_same_entries(index: int, found: Added, added: Added) -> bool:
    """Return whether turns added the entries that were assumed."""
    if found.keys() != added.keys():
        return False
    for key, (_, entries) in found.items():
        before = added[key][1]
        are_readable = [is_readable(index, one) for one in (entries, before)]
        if are_readable[0] != are_readable[1]:
            return False
        if are_readable[0] and as_expression(entries) is not as_expression(before):
            return False
    return True


def is_readable(index: int, entries: list[Value]) -> bool:
    """Return whether later turns may read the entries of earlier ones."""
    if not is_expressible(entries):
        return False
    variables = free_variables(as_expression(entries))
    return not any(one[0] == "acc" and one[1] == index for one in variables)


def earlier_entries(
    index: int, entries: list[Value], count: Operand, order: Order
) -> RepeatedEntries:
    """Return the entries that earlier turns added to a list."""
    inner = _EARLIER + index
    if not order.is_in_front and is_readable(index, entries):
        entries = [at_turn(entry, index, loop_variable(inner)) for entry in entries]
    else:
        entries = [_unreadable(index, order.place(index, inner), entry) for entry in entries]
    return RepeatedEntries(inner, count, entries)


def _unreadable(index: int, place: Operand, entry: Value) -> Value:
    """Return a placeholder entry that only matters for the length of its list."""
    if isinstance(entry, GuardedEntry):
        condition = substitute(entry.condition, {loop_variable(index): place})
        if any(one[0] == "acc" and one[1] == index for one in free_variables(condition)):
            condition = placeholder(index, UNREADABLE)
        return GuardedEntry(condition, _unreadable(index, place, entry.value))
    if isinstance(entry, RepeatedEntries):
        count = substitute(entry.count, {loop_variable(index): place})
        items = [_unreadable(index, place, item) for item in entry.items]
        return RepeatedEntries(entry.index, count, items)
    return POISON
