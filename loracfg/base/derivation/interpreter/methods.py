"""Interprets methods of lists, dicts, sets and texts."""

from __future__ import annotations

import functools
from typing import Any, Final

from loracfg.base.derivation.interpreter.binding import simplified
from loracfg.base.derivation.interpreter.conversion import (
    as_expression,
    has_computed_keys,
    has_symbolic_length,
    is_expressible,
    is_plain,
)
from loracfg.base.derivation.interpreter.expressions import Operand, expression
from loracfg.base.derivation.interpreter.machine import Machine
from loracfg.base.derivation.interpreter.pairs import dict_of_pairs, with_own_keys
from loracfg.base.derivation.interpreter.substitution import at_turn
from loracfg.base.derivation.interpreter.values import (
    MISSING,
    Choice,
    GuardedEntry,
    LibraryRaises,
    NotFollowed,
    RepeatedEntries,
    Symbol,
    Value,
)

_CHANGING: Final = frozenset(
    ["add", "remove", "discard", "sort", "clear", "popitem", "difference_update"]
)


class Methods(Machine):
    """Interprets methods of plain containers."""

    def call_method(self, owner: Value, name: str, *arguments: Value, **keywords: Value) -> Value:
        """Call a method of a list, dict, tuple, set or text."""
        rule = None
        if isinstance(owner, list):
            rule = getattr(self, f"_list_{name}", None)
        elif isinstance(owner, dict):
            rule = getattr(self, f"_dict_{name}", None)
        if rule is not None:
            return rule(owner, *arguments, **keywords)
        if is_plain(owner) and is_plain(list(arguments)):
            return self._call_plain(owner, name, arguments, keywords)
        if isinstance(owner, str) and name == "join":
            return self.evaluable(expression("str", "join", owner, as_expression(arguments[0])))
        if isinstance(owner, str) and not keywords and all(map(is_expressible, arguments)):
            operands = map(as_expression, arguments)
            return self.evaluable(expression("str", name, owner, *operands))
        if name in ("index", "count") and is_expressible(owner) and is_expressible(arguments[0]):
            operand = as_expression(arguments[0])
            return self.evaluable(expression("str", name, as_expression(owner), operand))
        raise NotFollowed(f"{type(owner).__name__}.{name}")

    def _call_plain(
        self, owner: Value, name: str, arguments: tuple[Value, ...], keywords: dict[str, Value]
    ) -> Value:
        is_changed = name in _CHANGING or isinstance(owner, (list, dict))
        if is_changed and name not in ("index", "count"):
            raise NotFollowed(f"{type(owner).__name__}.{name}")
        if name == "update" and isinstance(owner, set):
            raise NotFollowed("set.update")
        try:
            return getattr(owner, name)(*arguments, **keywords)
        except Exception as error:
            raise LibraryRaises(type(error).__name__, str(error)) from error

    # Lists

    def _list_append(self, owner: list[Value], value: Value) -> None:
        self.change_list(owner, [*owner, value])

    def _list_extend(self, owner: list[Value], values: Value) -> None:
        self.change_list(owner, [*owner, *self.entries_of(values)])

    def _list_insert(self, owner: list[Value], at: Value, value: Value) -> None:
        if not isinstance(at, int) or (has_symbolic_length(owner) and at != 0):
            raise NotFollowed("insert into a symbolic list")
        entries = list(owner)
        entries.insert(at, value)
        self.change_list(owner, entries)

    def _list_pop(self, owner: list[Value], at: Value = -1) -> Value:
        if at == -1 and owner and isinstance(owner[-1], RepeatedEntries):
            return self._pop_of_loop(owner, owner[-1])
        is_last = at == -1 and bool(owner) and not isinstance(owner[-1], GuardedEntry)
        if not isinstance(at, int) or (has_symbolic_length(owner) and not is_last):
            raise NotFollowed("pop of a symbolic list")
        entries = list(owner)
        try:
            value = entries.pop(at)
        except IndexError as error:
            raise LibraryRaises("IndexError") from error
        self.change_list(owner, entries)
        return value

    def _pop_of_loop(self, owner: list[Value], entry: RepeatedEntries) -> Value:
        """Remove and return the entry of the last turn of a list."""
        if len(entry.items) != 1 or isinstance(entry.items[0], (GuardedEntry, RepeatedEntries)):
            return self._pop_of_values(owner)
        self.require(expression("<", 0, entry.count))
        left = simplified("-", entry.count, 1)
        value = at_turn(entry.items[0], entry.index, left)
        self.change_list(owner, [*owner[:-1], RepeatedEntries(entry.index, left, entry.items)])
        return value

    def _pop_of_values(self, owner: list[Value]) -> Value:
        """Remove and return the last entry of a list of values."""
        if not is_expressible(owner):
            raise NotFollowed("pop of a symbolic list")
        whole = as_expression(owner)
        value = self.evaluable(expression("[]", whole, -1))
        rest = Symbol(expression("slice", whole, None, -1, None))
        self.change_list(owner, self.entries_of(rest))
        return value

    def _list_copy(self, owner: list[Value]) -> Value:
        return self.note_made(list(owner))

    def _list_reverse(self, owner: list[Value]) -> None:
        if has_symbolic_length(owner):
            raise NotFollowed("reverse of a symbolic list")
        self.change_list(owner, owner[::-1])

    def _list_sort(self, owner: list[Any], **keywords: Any) -> None:
        if not is_plain(owner) or keywords:
            raise NotFollowed("list.sort")
        self.change_list(owner, sorted(owner))

    # Dicts

    def _refuse_computed_keys(self, owner: dict[Any, Value]) -> None:
        if has_computed_keys(owner):
            raise NotFollowed("a dict with keys that are computed")

    def _dict_items(self, owner: dict[Any, Value]) -> Value:
        self._refuse_computed_keys(owner)
        return [(key, self._held(owner, key)) for key in owner]

    def _dict_keys(self, owner: dict[Any, Value]) -> Value:
        self._refuse_computed_keys(owner)
        return list(owner)

    def _dict_values(self, owner: dict[Any, Value]) -> Value:
        self._refuse_computed_keys(owner)
        return [self._held(owner, key) for key in owner]

    def _held(self, owner: dict[Any, Value], key: Any) -> Value:
        """Return the value of a key that all branches set."""
        value = self.from_file(owner[key])
        if isinstance(value, Choice) and MISSING in (value.yes, value.no):
            raise NotFollowed("a key that only some branches set")
        return value

    def _dict_get(self, owner: dict[Any, Any], key: Any, default: Any = None) -> Value:
        if isinstance(key, Choice):
            return self.lift(key, lambda one: self._dict_get(owner, one, default))
        if is_plain(key):
            self._refuse_computed_keys(owner)
            value = self.from_file(owner.get(key, default))
            if isinstance(value, Choice) and MISSING in (value.yes, value.no):
                condition = self.is_set(value)
                return self.branch(condition, lambda: self.get_item(owner, key), lambda: default)
            return value
        if not isinstance(key, Symbol):
            raise NotFollowed("a key that is no value")
        if key in owner:
            return self.get_item(owner, key)
        keys: Any = self._dict_keys(owner)
        names: list[Operand] = [as_expression(one) for one in keys]
        if not names:
            return default
        is_in = expression("in", key.expression, expression("tuple", *names))
        return self.branch(is_in, lambda: self.get_item(owner, key), lambda: default)

    def _dict_update(self, owner: dict[Any, Value], *more: Value, **keywords: Value) -> None:
        given = more[0] if more else {}
        if isinstance(given, list):
            given = dict_of_pairs(given)
        if not isinstance(given, dict):
            raise NotFollowed("update of a dict by a symbol")
        for key, value in {**given, **keywords}.items():
            self.set_item(owner, key, value)

    def _dict_pop(self, owner: dict[Any, Value], key: Value, *default: Value) -> Value:
        if not is_plain(key):
            raise NotFollowed("pop of a symbol")
        self._refuse_computed_keys(owner)
        if key in owner:
            value = owner[key]
            if isinstance(value, Choice) and MISSING in (value.yes, value.no):
                value = self.branch(
                    self.is_set(value),
                    lambda: self.get_item(owner, key),
                    functools.partial(_default, key, default),
                )
            self.put(owner, key, MISSING)
            return value
        return _default(key, default)

    def _dict_setdefault(self, owner: dict[Any, Any], key: Any, default: Any = None) -> Value:
        if not is_plain(key):
            raise NotFollowed("setdefault of a symbol")
        self._refuse_computed_keys(owner)
        if key not in owner:
            self.put(owner, key, default)
        elif isinstance(owner[key], Choice) and MISSING in (owner[key].yes, owner[key].no):
            raise NotFollowed("setdefault of a key that only some branches set")
        return owner[key]

    def _dict_copy(self, owner: dict[Any, Value]) -> Value:
        return self.note_made(type(owner)(with_own_keys(owner)))


def _default(key: Value, default: tuple[Value, ...]) -> Value:
    if not default:
        raise LibraryRaises("KeyError", str(key))
    return default[0]
