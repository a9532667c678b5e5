"""Interprets functions on iterables: `range`, `zip`, `len`, `sum` and so on."""

from __future__ import annotations

import builtins
from typing import Any

from loracfg.base.derivation.interpreter.binding import carried_state, loop_variable, simplified
from loracfg.base.derivation.interpreter.callables import BoundMethod
from loracfg.base.derivation.interpreter.conversion import (
    as_expression,
    as_value,
    has_computed_keys,
    has_symbolic_length,
    is_expressible,
    is_plain,
)
from loracfg.base.derivation.interpreter.distinct import count_of_keys, count_of_nested
from loracfg.base.derivation.interpreter.expressions import (
    Expression,
    Operand,
    expression,
)
from loracfg.base.derivation.interpreter.machine import Machine
from loracfg.base.derivation.interpreter.operators import is_unknown
from loracfg.base.derivation.interpreter.pairs import make_dict
from loracfg.base.derivation.interpreter.stand_ins import containers
from loracfg.base.derivation.interpreter.values import (
    POISON,
    UNKNOWN,
    Choice,
    GuardedEntry,
    Instance,
    LibraryRaises,
    ModelPart,
    NotFollowed,
    RepeatedEntries,
    Segments,
    Symbol,
    SymbolicRange,
    SymbolicTensor,
    Turns,
    Value,
)


class Iterables(Machine):
    """Interprets functions on iterables."""

    def _builtin_range(self, *bounds: Any) -> Value:
        at = next((n for n, one in enumerate(bounds) if isinstance(one, Choice)), None)
        if at is not None:
            before, after = bounds[:at], bounds[at + 1 :]
            return self.lift(bounds[at], lambda one: self._builtin_range(*before, one, *after))
        bounds = tuple(
            one.number if isinstance(one, SymbolicTensor) and one.number is not None else one
            for one in bounds
        )
        if any(is_unknown(one) or isinstance(one, SymbolicTensor) for one in bounds):
            raise NotFollowed("a range of what is not known")
        start, stop, step = 0, bounds[0], 1
        if len(bounds) > 1:
            start, stop = bounds[:2]
        if len(bounds) > 2:
            step = bounds[2]
        if all(isinstance(one, int) for one in (start, stop, step)):
            return builtins.range(start, stop, step)
        if not all(isinstance(one, (int, Symbol)) for one in (start, stop, step)):
            if all(isinstance(one, Symbol) or is_plain(one) for one in (start, stop, step)):
                raise LibraryRaises("TypeError", "a range needs numbers")
            raise NotFollowed("a range of what is not known")
        parts = [as_expression(one) for one in (start, stop, step)]
        self.require(expression("ok", expression("range", *parts)))
        return SymbolicRange(*parts)

    def _builtin_enumerate(self, iterable: Any, start: Any = 0) -> Value:
        if isinstance(iterable, Choice):
            return self.lift(iterable, lambda one: self._builtin_enumerate(one, start))
        turns = self.iterate(iterable)
        if isinstance(turns, list):
            return [(self.operate("+", i, start), value) for i, value in enumerate(turns)]
        if isinstance(turns, Segments):
            if (
                len(turns.entries) != 1
                or not isinstance(turns.entries[0], RepeatedEntries)
                or start != 0
            ):
                raise NotFollowed("enumerate of a symbolic list")
            one: Any = turns.entries[0]
            if len(one.items) != 1 or isinstance(one.items[0], (GuardedEntry, RepeatedEntries)):
                raise NotFollowed("enumerate of a symbolic list")
            number = Symbol(loop_variable(one.index))
            return [RepeatedEntries(one.index, one.count, [(number, one.items[0])])]

        def at(i: Value) -> Value:
            return (i if start == 0 else self.operate("+", i, start), turns.at(i))

        return Turns(turns.count, at)

    def _builtin_zip(self, *iterables: Value, strict: Value = False) -> Value:
        chosen = next((n for n, one in enumerate(iterables) if isinstance(one, Choice)), None)
        if chosen is not None:
            before, after = iterables[:chosen], iterables[chosen + 1 :]
            return self.lift(
                iterables[chosen],
                lambda one: self._builtin_zip(*before, one, *after, strict=strict),
            )
        all_turns = [self.iterate(one) for one in iterables]
        lists = [one for one in all_turns if isinstance(one, list)]
        if len(lists) == len(all_turns):
            if strict is True and len({len(one) for one in lists}) > 1:
                raise LibraryRaises("ValueError")
            return list(builtins.zip(*lists, strict=False))
        if any(isinstance(one, Segments) for one in all_turns):
            raise NotFollowed("zip of a symbolic list")
        counts: list[Operand] = [
            len(one) if isinstance(one, list) else one.count  # type: ignore[union-attr]
            for one in all_turns
        ]
        count = counts[0]
        for other in counts[1:]:
            if strict is not False and other is not count:
                self.require(expression("==", count, other))
            if other is not count:
                count = expression("call", "min", count, other)

        def at(i: Value) -> Value:
            return tuple(
                self.get_item(one, i) if isinstance(one, list) else one.at(i)  # type: ignore[union-attr]
                for one in all_turns
            )

        return Turns(count, at)

    def _builtin_reversed(self, value: Value) -> Value:
        if isinstance(value, Choice):
            return self.lift(value, self._builtin_reversed)
        if isinstance(value, (list, tuple, builtins.range)) and not has_symbolic_length(value):
            return list(builtins.reversed(value))
        if isinstance(value, Instance) and not has_symbolic_length(value.children):
            return list(builtins.reversed(self.entries_of(value)))
        return self.evaluable(expression("call", "reversed", as_expression(value)))

    def _builtin_len(self, value: Any) -> Value:
        if isinstance(value, Choice):
            return self.lift(value, self._builtin_len)
        if isinstance(value, Instance) and not isinstance(value, ModelPart):
            if value.children is None:
                return self._length_of_object(value)
            value = value.children
        if has_symbolic_length(value):
            return self.evaluable(count_of_nested(value) or _length_of(value))
        if isinstance(value, dict):
            return self._length_of_dict(value)
        if isinstance(value, (list, tuple, str, set, frozenset, builtins.range)):
            return len(value)
        if isinstance(value, SymbolicTensor):
            return value.shape[0] if value.shape else UNKNOWN
        if is_unknown(value):
            return UNKNOWN
        return self.evaluable(expression("call", "len", as_expression(value)))

    def _length_of_object(self, value: Instance) -> Value:
        """Return the number of names in a container by name, or what the class itself says."""
        if issubclass(value.cls, (containers.ModuleDict, containers.ParameterDict)):
            return len(self.names_of(value))
        found = self.find(value.cls, "__len__")
        if found is None:
            raise LibraryRaises("TypeError", "an object without a length")
        return self.call(BoundMethod(value, *found), [], {})

    def _length_of_dict(self, value: dict[Any, Value]) -> Value:
        """Return the number of keys in a dict, also with computed or conditional keys."""
        conditions = [self.is_set(entry) for entry in value.values()]
        if all(one is True for one in conditions):
            return self.evaluable(count_of_keys(value)) if has_computed_keys(value) else len(value)
        if has_computed_keys(value):
            raise NotFollowed("the length of a dict with keys that are computed")
        return self._builtin_len([GuardedEntry(one, 0) for one in conditions])

    def _builtin_iter(self, value: Value) -> Value:
        return self.note_made(self.entries_of(value))

    def _builtin_next(self, value: Value, *default: Value) -> Value:
        """Remove and return the first entry of an iterator, which is a list here."""
        if type(value) is not list:
            raise NotFollowed("next of a symbol")
        if has_symbolic_length(value):
            first = self._first_of(value, default)
            self.change_list(value, [POISON])
            return first
        if value:
            first = value[0]
            self.change_list(value, value[1:])
            return first
        if default:
            return default[0]
        raise LibraryRaises("StopIteration")

    def _first_of(self, entries: list[Value], default: tuple[Value, ...]) -> Value:
        """Return the first entry of a list whose entries depend on conditions and loops."""
        if all(not isinstance(one, RepeatedEntries) for one in entries):
            first, rest = entries[0], entries[1:]
            if not isinstance(first, GuardedEntry):
                return first
            return self.branch(
                first.condition,
                lambda: first.value,
                lambda: self._builtin_next(list(rest), *default),
            )
        if not is_expressible(entries):
            raise NotFollowed("next of a symbolic list")
        whole = as_expression(entries)
        item = expression("[]", whole, 0)
        if default:
            return self.branch(
                expression("truth", whole), lambda: self.evaluable(item), lambda: default[0]
            )
        return self.evaluable(item)

    def _builtin_map(self, function: Value, *iterables: Value) -> Value:
        entries = [self.iterate(one) for one in iterables]
        if not all(isinstance(one, list) for one in entries):
            raise NotFollowed("map over a symbol")
        rows = builtins.zip(*entries, strict=False)
        return self.note_made([self.call(function, builtins.list(row), {}) for row in rows])

    def _builtin_reduce(self, function: Value, values: Value, *start: Value) -> Value:
        entries = self.iterate(values)
        if isinstance(entries, builtins.list):
            if not start and not entries:
                raise LibraryRaises("TypeError", "reduce() of nothing")
            found, *rest = [*start, *entries]
            for one in rest:
                found = self.call(function, [found, one], {})
            return found
        if not isinstance(entries, Turns) or not start or not is_expressible(start[0]):
            raise NotFollowed("reduce() of a symbol")
        return self._reduced(function, entries, as_expression(start[0]))

    def _reduced(self, function: Value, turns: Turns, start: Operand) -> Value:
        """Return the final result of a function that takes the previous result in each turn."""
        index = self.loop_depth
        length = len(self.path)
        self.loop_depth += 1
        self.path.add(expression("for", index, turns.count))
        checks = len(self.checks)
        self.begin_journal()
        try:
            entry = turns.at(Symbol(loop_variable(index)))
            after = self.call(function, [Symbol(carried_state(index)), entry], {})
            needed = [one for _, one in self.checks[checks:]]
        finally:
            self.loop_depth = index
            self.path.cut(length)
            self.forget_checks(checks)
            changes = self.end_journal()
        if changes or any(isinstance(one, Expression) and one.op != "ok" for one in needed):
            raise NotFollowed("reduce() of more than an expression")
        made = expression("scan", index, start, as_expression(after), turns.count)
        return self.evaluable(made)

    def _builtin_product(self, *iterables: Value) -> Value:
        """Return all combinations of entries, as a list."""
        return self.note_made(self._combined([self.iterate(one) for one in iterables], ()))

    def _combined(self, rest: list[Value], taken: tuple[Value, ...]) -> list[Value]:
        if not rest:
            return [taken]
        turns, *others = rest
        if isinstance(turns, list):
            return [one for entry in turns for one in self._combined(others, (*taken, entry))]
        if not isinstance(turns, Turns):
            raise NotFollowed("combinations of a symbolic list")
        index = self.loop_depth
        items = self.repeat_values(
            turns.count, lambda i: self._combined(others, (*taken, turns.at(i)))
        )
        return [RepeatedEntries(index, turns.count, items)]

    def _builtin_list(self, value: Value = ()) -> Value:
        if isinstance(value, Choice):
            return self.lift(value, self._builtin_list)
        return self.note_made(self.entries_of(value))

    def _builtin_tuple(self, value: Value = ()) -> Value:
        if isinstance(value, Choice):
            return self.lift(value, self._builtin_tuple)
        if isinstance(value, Symbol):
            return self.evaluable(expression("call", "tuple", value.expression))
        return tuple(self.entries_of(value))

    def _builtin_set(self, value: Value = ()) -> Value:
        if is_plain(value) and isinstance(value, (list, tuple, dict, set, frozenset, str)):
            return builtins.set(value)
        return self.evaluable(expression("call", "set", as_expression(value)))

    def _builtin_dict(self, *given: Value, **keywords: Value) -> Value:
        return make_dict(self, builtins.dict, given, keywords)

    def _builtin_chain(self, *iterables: Value) -> Value:
        """Return the entries of all iterables, as a list."""
        return self.note_made([one for each in iterables for one in self.entries_of(each)])

    def _builtin_sum(self, value: Value, start: Value = 0) -> Value:
        if isinstance(value, (list, tuple)) and not has_symbolic_length(value):
            total = start
            for one in value:
                total = self.operate("+", total, one)
            return total
        if start != 0 or not is_expressible(value):
            raise NotFollowed("sum")
        return self.evaluable(expression("call", "sum", as_expression(value)))

    def _builtin_any(self, value: Value) -> Value:
        return self._any_or_all(value, "any")

    def _builtin_all(self, value: Value) -> Value:
        return self._any_or_all(value, "all")

    def _any_or_all(self, value: Value, name: str) -> Value:
        if isinstance(value, (list, tuple)) and not has_symbolic_length(value):
            result: Operand = name == "all"
            for one in builtins.reversed(list(value)):
                condition = self.truth(one)
                yes, no = (True, result) if name == "any" else (result, False)
                result = simplified("if", condition, yes, no)
            return as_value(result)
        return self.evaluable(expression("call", name, as_expression(value)))


def _length_of(entries: list[Value] | tuple[Value, ...]) -> Operand:
    """Return the number of entries that loops and branches create."""
    return expression("call", "len", as_expression([_bare(entry) for entry in entries]))


def _bare(entry: Value) -> Value:
    """Return a placeholder entry that only matters for the length of its list."""
    if isinstance(entry, RepeatedEntries):
        return RepeatedEntries(entry.index, entry.count, [_bare(item) for item in entry.items])
    if isinstance(entry, GuardedEntry):
        return GuardedEntry(entry.condition, _bare(entry.value))
    return 0
