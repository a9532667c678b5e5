"""Interprets items of lists, dicts, modules and tensors."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Sequence
from typing import Any

from loracfg.base.derivation.interpreter.binding import loop_variable, simplified
from loracfg.base.derivation.interpreter.callables import BoundMethod, Frame
from loracfg.base.derivation.interpreter.conversion import (
    as_expression,
    as_value,
    attribute_of_model,
    has_computed_keys,
    has_symbolic_length,
    is_expressible,
    is_plain,
)
from loracfg.base.derivation.interpreter.expressions import (
    Expression,
    Operand,
    conjunction,
    expression,
)
from loracfg.base.derivation.interpreter.machine import Machine
from loracfg.base.derivation.interpreter.operators import is_unknown
from loracfg.base.derivation.interpreter.pairs import refuse_unhashable
from loracfg.base.derivation.interpreter.rope import is_rope_table, rope_function
from loracfg.base.derivation.interpreter.stand_ins import auto, containers
from loracfg.base.derivation.interpreter.substitution import at_turn
from loracfg.base.derivation.interpreter.tensors import set_tensor_item, tensor_item
from loracfg.base.derivation.interpreter.values import (
    POISON,
    UNKNOWN,
    ActivationModule,
    Choice,
    GuardedEntry,
    Instance,
    InstanceAt,
    Keywords,
    LibraryRaises,
    ModelPart,
    NotFollowed,
    RepeatedEntries,
    Symbol,
    SymbolicRange,
    SymbolicTensor,
    TurnsDepend,
    Value,
)


class Items(Machine):
    """Interprets items."""

    def evaluate_subscript(self, node: ast.Subscript, frame: Frame) -> Value:
        """Return the value of `owner[key]`."""
        owner = self.evaluate(node.value, frame)
        key = self.evaluate(node.slice, frame)
        return self.lift(owner, lambda one: self.get_item(one, key))

    def evaluate_slice(self, node: ast.Slice, frame: Frame) -> Value:
        """Return a slice."""
        parts = (node.lower, node.upper, node.step)
        return slice(*(None if part is None else self.evaluate(part, frame) for part in parts))

    def get_item(self, owner: Value, key: Value) -> Value:
        """Return an item."""
        if isinstance(key, Choice):
            return self.lift(key, lambda one: self.get_item(owner, one))
        if isinstance(owner, SymbolicTensor):
            return tensor_item(self, owner, key)
        if is_unknown(owner):
            return UNKNOWN
        if isinstance(owner, ModelPart):
            owner = Symbol(attribute_of_model(owner))
        if isinstance(owner, Instance):
            return self._of_module(owner, key)
        if isinstance(owner, InstanceAt):
            found = self.get_item(owner.instance, key)
            return at_turn(found, owner.index, owner.at)
        if isinstance(owner, Keywords):
            return self._of_dict(owner.values, key)
        if isinstance(owner, (dict, auto.ConfigMapping, auto.ModelMapping)):
            return self._of_mapping(owner, key)
        if isinstance(key, slice):
            return self._slice(owner, key)
        return self._of_sequence(owner, key)

    def _of_mapping(self, owner: Any, key: Value) -> Value:
        if not isinstance(owner, dict):
            raise NotFollowed("a look-up of a mapping")
        if type(owner).__name__ == "ClassInstantier":
            return self._activation(owner, key)
        if is_rope_table(owner):
            return rope_function(self, as_expression(key))
        return self._of_dict(owner, key)

    def _of_module(self, owner: Instance, key: Value) -> Value:
        if owner.children is not None:
            return self._child(owner, key)
        if issubclass(owner.cls, containers.ModuleDict):
            if isinstance(key, Symbol):
                return self.get_attribute(owner, key)
            if key in self.names_of(owner):
                return owner.attributes[key]
            raise LibraryRaises("KeyError", str(key))
        found = self.find(owner.cls, "__getitem__")
        if found is None:
            raise NotFollowed("an item of an object")
        return self.call(BoundMethod(owner, *found), [key], {})

    def _child(self, owner: Instance, key: Value) -> Value:
        """Return a module of a list of modules."""
        children = owner.children
        assert children is not None
        if isinstance(key, slice):
            parts = (key.start, key.stop, key.step)
            if has_symbolic_length(children) or not all(map(is_plain, parts)):
                raise NotFollowed("a slice of a symbolic module list")
            return self._slice_of_modules(owner, children, key)
        if isinstance(key, int) and not has_symbolic_length(children):
            try:
                return children[key]
            except IndexError as error:
                raise LibraryRaises("IndexError") from error
        return self._of_entries(children, key)

    def _slice_of_modules(self, owner: Instance, children: list[Value], key: slice) -> Instance:
        """Return some modules of a list; those of a `Sequential` keep their names.

        Raises:
            NotFollowed: One of them is None, except for the last one.
        """
        if None in children[key][:-1]:
            raise NotFollowed("a list of modules without one of them")
        made = self.make_instance(owner.cls)
        assert made.children is not None
        made.children += children[key]
        if issubclass(owner.cls, containers.Sequential):
            names = owner.child_names or [str(number) for number in range(len(children))]
            made.child_names = names[key]
            self.note_owner(made)
        return made

    def _of_entries(self, entries: list[Value] | tuple[Value, ...], key: Value) -> Value:
        """Return the entry of a list with entries of loops, for an index.

        Raises:
            NotFollowed: It is unknown which loop the entry comes from.
        """
        entries = self._entries_here(entries)
        if isinstance(key, Symbol):
            return self._of_one_loop(entries, key.expression)
        if not isinstance(key, int):
            raise NotFollowed("an item of a symbolic list")
        at = key
        sequence = entries if key >= 0 else entries[::-1]
        if key < 0:
            at = -key - 1
        for entry in sequence:
            if isinstance(entry, GuardedEntry):
                break
            if not isinstance(entry, RepeatedEntries):
                if at == 0:
                    return entry
                at -= 1
                continue
            return self._of_repeated(entry, at, is_last=key < 0)
        raise NotFollowed("an item of a symbolic list")

    def _entries_here(self, entries: Sequence[Value]) -> list[Value]:
        """Return the entries that a list may have here, without conditions that hold here."""
        found: list[Value] = []
        for entry in entries:
            if isinstance(entry, GuardedEntry) and isinstance(entry.condition, Expression):
                may_hold, may_fail = self.possible_here(entry.condition)
                if may_hold:
                    found.append(entry if may_fail else entry.value)
            else:
                found.append(entry)
        return found

    def _of_repeated(self, entry: RepeatedEntries, at: int, *, is_last: bool) -> Value:
        """Return an entry of a loop, counted from its first turn or from its last."""
        each = len(entry.items)
        if any(isinstance(item, (GuardedEntry, RepeatedEntries)) for item in entry.items):
            raise NotFollowed("an item of a symbolic list")
        turn, place = divmod(at, each)
        self.require(expression("<", turn, entry.count))
        if is_last:
            number: Operand = simplified("-", entry.count, turn + 1)
            return at_turn(entry.items[each - 1 - place], entry.index, number)
        return at_turn(entry.items[place], entry.index, turn)

    def _of_one_loop(self, entries: list[Any], key: Expression) -> Value:
        """Return the entry of a list from one loop, for an unknown index."""
        if (
            len(entries) != 1
            or not isinstance(entries[0], RepeatedEntries)
            or len(entries[0].items) != 1
        ):
            raise NotFollowed("an item of a symbolic list")
        (entry,) = entries
        item = entry.items[0]
        if isinstance(item, (GuardedEntry, RepeatedEntries)):
            raise NotFollowed("an item of a symbolic list")
        self.require(expression("<", key, entry.count))
        if key is loop_variable(entry.index):
            return item
        self.require(expression("<=", 0, key))
        return at_turn(item, entry.index, key)

    def _activation(self, owner: Any, key: Value) -> Value:
        """Return an activation by its name, like `ACT2FN`."""
        if isinstance(key, str):
            if key not in owner:
                raise LibraryRaises("KeyError", key)
            content = dict.__getitem__(owner, key)
            cls, keywords = content if isinstance(content, tuple) else (content, {})
            return self.instantiate(cls, [], keywords)
        if not isinstance(key, Symbol):
            raise NotFollowed("an activation")
        self.require(expression("activation", key.expression))
        return ActivationModule(key.expression, self.next_serial(), self.path.loops())

    def _of_dict(self, owner: dict[Any, Value], key: Value) -> Value:
        if type(key) is tuple and not is_plain(key) and is_expressible(key):
            key = as_value(as_expression(key))
        if isinstance(key, Symbol) and key in owner:
            if owner[key] is POISON:
                raise TurnsDepend("a key of a dict")
            return self.lift(owner[key], lambda one: one)
        if has_computed_keys(owner):
            if is_expressible(owner) and is_expressible(key):
                return self.evaluable(expression("[]", as_expression(owner), as_expression(key)))
            raise NotFollowed("a symbolic dict")
        if is_plain(key):
            refuse_unhashable(key)
            if key in owner:
                return self.lift(self.from_file(owner[key]), lambda one: one)
            raise LibraryRaises("KeyError", str(key))
        if not isinstance(key, Symbol):
            raise NotFollowed("a key that is no value")
        names: list[Operand] = [as_expression(one) for one in owner]
        self.require(expression("in", key.expression, expression("tuple", *names)))
        if all(is_expressible(value) for value in owner.values()):
            return self.evaluable(expression("[]", as_expression(dict(owner)), key.expression))
        values = [self.from_file(one) for one in owner.values()]
        return self._pick(key.expression, names, values)

    def _pick(self, key: Expression, names: list[Operand], values: list[Value]) -> Value:
        """Return the value for an unknown key, if not all values can be expressions."""
        picked = values[-1]
        for name, value in zip(names[-2::-1], values[-2::-1], strict=True):
            picked = Choice(expression("==", key, name), value, picked)
        return picked

    def _slice(self, owner: Any, key: slice) -> Value:
        parts = (key.start, key.stop, key.step)
        is_known = isinstance(owner, (list, tuple, str, builtins.range))
        if is_known and not has_symbolic_length(owner) and all(map(is_plain, parts)):
            found = owner[key]
            return self.note_made(found) if type(found) is list else found
        if parts == (None, None, -1) and type(owner) is list and not is_expressible(owner):
            return self.note_made([_unreadable(entry) for entry in owner[::-1]])
        if type(owner) is list and not is_expressible(owner) and parts[1:] == (None, None):
            return self.note_made(_entries_from(owner, parts[0]))
        operands = (as_expression(part) for part in parts)
        return self.evaluable(expression("slice", as_expression(owner), *operands))

    def _of_sequence(self, owner: Any, key: Any) -> Value:
        is_known = isinstance(owner, (list, tuple, str)) and not has_symbolic_length(owner)
        if is_known and isinstance(key, int):
            try:
                return owner[key]
            except IndexError as error:
                raise LibraryRaises("IndexError") from error
        if isinstance(owner, (list, tuple)) and not is_expressible(owner):
            if is_known and isinstance(key, Symbol):
                return self._of_known_list(owner, key.expression)
            return self._of_entries(owner, key)
        if isinstance(owner, (SymbolicRange, builtins.range, str, Symbol, list, tuple)):
            return self.evaluable(expression("[]", as_expression(owner), as_expression(key)))
        if owner is None or isinstance(owner, (int, float)):
            raise LibraryRaises("TypeError", "not subscriptable")
        raise NotFollowed(f"an item of {type(owner).__name__}")

    def _of_known_list(self, owner: list[Value] | tuple[Value, ...], key: Expression) -> Value:
        """Return an entry of a list of objects."""
        if not owner:
            raise LibraryRaises("IndexError")
        in_bounds = conjunction(expression("<=", 0, key), expression("<", key, len(owner)))
        self.require(in_bounds)
        return self._pick(key, list(range(len(owner))), list(owner))

    def set_item(self, owner: Value, key: Value, value: Value) -> None:
        """Set an item."""
        if isinstance(owner, Instance):
            self._set_of_module(owner, key, value)
        elif isinstance(owner, dict) and (is_plain(key) or isinstance(key, Symbol)):
            refuse_unhashable(key)
            self.put(owner, key, value)
        elif isinstance(owner, SymbolicTensor) or is_unknown(owner):
            if isinstance(owner, SymbolicTensor):
                set_tensor_item(self, owner, key, value)
        elif type(owner) is list and isinstance(key, int) and not has_symbolic_length(owner):
            entries = list(owner)
            try:
                entries[key] = value
            except IndexError as error:
                raise LibraryRaises("IndexError") from error
            self.change_list(owner, entries)
        else:
            raise NotFollowed(f"setting an item of {type(owner).__name__}")

    def _set_of_module(self, owner: Instance, key: Value, value: Value) -> None:
        """Set a module of a list or dict of modules."""
        self.refuse_other_loop(owner)
        if issubclass(owner.cls, containers.ModuleDict):
            if isinstance(key, Symbol):
                self.register_named(owner, key.expression, "module", value)
                return
            if is_unknown(key):
                raise NotFollowed("a name that is not known")
            if not isinstance(key, str) or "." in key or not key:
                raise LibraryRaises("KeyError", str(key))
            self.refuse_computed(owner, key)
            self.refuse_open_place(owner, key)
            self.put(owner.attributes, key, value)
            self.put(owner.registered, key, "module")
            return
        if owner.children is not None and isinstance(key, int):
            if any(leaf is None for _, leaf in self.leaves(value)):
                raise NotFollowed("a list of modules without one of them")
            if has_symbolic_length(owner.children):
                raise TurnsDepend("an item of a symbolic module list is set")
            entries = list(owner.children)
            try:
                entries[key] = value
            except IndexError as error:
                raise LibraryRaises("IndexError") from error
            self.put_list(owner.children, entries)
            return
        found = self.find(owner.cls, "__setitem__")
        if found is None:
            raise NotFollowed("setting an item of an object")
        self.call(BoundMethod(owner, *found), [key, value], {})


def _entries_from(entries: list[Value], start: Value) -> list[Value]:
    """Return the entries of a list from a position on, which may be in a final loop.

    Raises:
        NotFollowed: It is unknown which entries these are.
    """
    if type(start) is not int or start < 0:
        raise NotFollowed("a slice of a symbolic list")
    for place, entry in enumerate(entries):
        if place == start:
            return entries[place:]
        if (
            isinstance(entry, RepeatedEntries)
            and place == len(entries) - 1
            and len(entry.items) == 1
        ):
            (item,) = entry.items
            if not isinstance(item, (GuardedEntry, RepeatedEntries)):
                turn = loop_variable(entry.index)
                kept = GuardedEntry(expression("<=", start - place, turn), item)
                return [RepeatedEntries(entry.index, entry.count, [kept])]
        if isinstance(entry, (GuardedEntry, RepeatedEntries)):
            raise NotFollowed("a slice of a symbolic list")
    return []


def _unreadable(entry: Value) -> Value:
    """Return a placeholder entry that only matters for the length of its list."""
    if isinstance(entry, RepeatedEntries):
        return RepeatedEntries(
            entry.index, entry.count, [_unreadable(item) for item in entry.items]
        )
    if isinstance(entry, GuardedEntry):
        return GuardedEntry(entry.condition, _unreadable(entry.value))
    return POISON
