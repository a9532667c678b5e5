"""Finds the entries that loops iterate over, known or unknown."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import Any

from loracfg.base.derivation.interpreter.binding import (
    loop_variable,
    simplified,
)
from loracfg.base.derivation.interpreter.computed_names import LaterPlace
from loracfg.base.derivation.interpreter.conversion import (
    as_expression,
    as_value,
    attribute_of_model,
    has_symbolic_length,
    is_expressible,
)
from loracfg.base.derivation.interpreter.expressions import Expression, Operand, expression
from loracfg.base.derivation.interpreter.machine import Machine
from loracfg.base.derivation.interpreter.stand_ins import Unknown, containers
from loracfg.base.derivation.interpreter.values import (
    UNKNOWN,
    Choice,
    GuardedEntry,
    Instance,
    LibraryRaises,
    ModelPart,
    NamedEntries,
    NotFollowed,
    RepeatedEntries,
    Segments,
    Symbol,
    SymbolicRange,
    SymbolicTensor,
    Turns,
    Value,
)

_VIEWS = ("dict_keys", "dict_values", "dict_items", "odict_items", "odict_keys", "odict_values")


class Iterating(Machine):
    """Finds the entries that loops iterate over."""

    def iterate(self, value: Value) -> list[Value] | Turns | Segments:
        """Return the items of a loop over a value.

        Raises:
            LibraryRaises: It is not iterable.
            NotFollowed: There is no rule for the value.
        """
        if isinstance(value, ModelPart):
            value = Symbol(attribute_of_model(value))
        if isinstance(value, Instance):
            value = self._children_of(value)
        if isinstance(value, SymbolicRange):
            return self._turns_of_range(value)
        if isinstance(value, Turns):
            return value
        entries: Any = value
        if has_symbolic_length(value) and not is_expressible(value):
            return Segments(entries)
        if isinstance(value, Symbol) or has_symbolic_length(value):
            whole = as_expression(value)
            turns = _turns_of_value(whole)
            if not isinstance(whole, Expression) or whole[0] != "model":  # a list of its class
                self.require(expression("ok", turns.count))  # a value without a length is rejected
            return turns
        if isinstance(value, SymbolicTensor):
            return self._turns_of_tensor(value)
        return self._known_entries(value)

    def _known_entries(self, value: Any) -> list[Value]:
        """Return the entries of a plain value."""
        if (
            isinstance(value, (list, tuple, dict, set, frozenset, str, builtins.range))
            or hasattr(value, "__next__")
            or type(value).__name__ in _VIEWS
        ):
            return sorted(value, key=repr) if isinstance(value, (set, frozenset)) else list(value)
        if value is UNKNOWN or isinstance(value, Unknown):
            raise NotFollowed("a loop over what is not known")
        if value is None or isinstance(value, (int, float)):
            raise LibraryRaises("TypeError", "not iterable")
        raise NotFollowed(f"a loop over {type(value).__name__}")

    def _children_of(self, value: Instance) -> Value:
        if value.children is not None:
            return value.children
        if issubclass(value.cls, containers.ModuleDict):
            return self.names_of(value)
        method = self.find(value.cls, "__iter__")
        if method is None:
            raise NotFollowed(f"a loop over {value.cls.__name__}")
        return self.call(self.get_attribute(value, "__iter__"), [], {})

    def names_of(self, value: Instance) -> list[object]:
        """Return the registered names.

        Raises:
            NotFollowed: Some are computed.
        """
        if any(isinstance(name, (NamedEntries, LaterPlace)) for name in value.registered):
            raise NotFollowed("names that are computed")
        return list(value.registered)

    def _turns_of_range(self, value: SymbolicRange) -> Turns:
        start, stop, step = value.start, value.stop, value.step
        if start == 0 and step == 1:
            return Turns(stop, lambda i: i)
        count = expression("call", "len", expression("range", start, stop, step))

        def at(i: Value) -> Value:
            offset = as_expression(i)
            if step != 1:
                offset = simplified("*", offset, step)
            return as_value(simplified("+", start, offset))

        return Turns(count, at)

    def _turns_of_tensor(self, value: SymbolicTensor) -> Turns | list[Value]:
        if not value.shape:
            raise NotFollowed("a loop over a tensor")
        rest, item = value.shape[1:], value.item
        numbers = item if item is not None else lambda _: None
        turns = Turns(
            as_expression(value.shape[0]), lambda i: SymbolicTensor(rest, number=numbers(i))
        )
        if isinstance(turns.count, int):
            return [turns.at(i) for i in range(turns.count)]
        return turns

    def entries_of(self, value: Value) -> list[Value]:
        """Return the entries of an iterable as a list, which may be conditional or repeated."""
        if isinstance(value, Instance) and value.children is not None:
            value = value.children
        if isinstance(value, (list, tuple)):
            return list(value)
        if isinstance(value, Choice):
            return [
                GuardedEntry(condition, entry)
                for condition, leaf in self.leaves(value)
                for entry in self.entries_of(leaf)
            ]
        turns = self.iterate(value)
        if isinstance(turns, list):
            return turns
        if isinstance(turns, Segments):
            return list(turns.entries)
        if isinstance(turns.count, int):
            return [turns.at(i) for i in range(turns.count)]
        return [self.repeat_value(turns.count, turns.at)]

    def repeat_value(self, count: Operand, at: Callable[[Value], Value]) -> RepeatedEntries:
        """Return an entry for each turn; computing it must change nothing."""
        index = self.loop_depth
        return RepeatedEntries(index, count, self.repeat_values(count, lambda i: [at(i)]))

    def repeat_values(self, count: Operand, run: Callable[[Value], list[Value]]) -> list[Value]:
        """Return the entries of a turn; computing them must change nothing."""
        index, length = self.loop_depth, len(self.path)
        self.loop_depth += 1
        self.path.add(expression("for", index, count))
        try:
            return run(Symbol(loop_variable(index)))
        finally:
            self.loop_depth = index
            self.path.cut(length)


def _turns_of_value(whole: Operand) -> Turns:
    """Return the turns over an unknown list; a set has a fixed order."""
    assert isinstance(whole, Expression)
    entries = whole
    if whole[0] == "set" or whole[:2] == ("call", "set"):
        entries = expression("call", "ordered", whole)
    count = expression("call", "len", entries)
    return Turns(count, lambda i: as_value(expression("[]", entries, as_expression(i))))
