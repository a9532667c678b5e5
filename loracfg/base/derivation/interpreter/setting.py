"""Sets attributes, and registers modules, parameters and buffers."""

from __future__ import annotations

from typing import Any, Final

from loracfg.base.derivation.interpreter.binding import contains, loop_variable, simplified
from loracfg.base.derivation.interpreter.callables import (
    BoundMethod,
)
from loracfg.base.derivation.interpreter.computed_names import LaterPlace, computed_names, may_be
from loracfg.base.derivation.interpreter.diffusers import refuse_hidden
from loracfg.base.derivation.interpreter.expressions import (
    Expression,
    Operand,
    choose,
    conjunction,
    expression,
)
from loracfg.base.derivation.interpreter.inner_models import change_model
from loracfg.base.derivation.interpreter.machine import Machine
from loracfg.base.derivation.interpreter.stand_ins import (
    PACKAGE,
    Module,
    Unknown,
)
from loracfg.base.derivation.interpreter.values import (
    MISSING,
    UNKNOWN,
    ActivationModule,
    AnyModule,
    Choice,
    InnerModel,
    Instance,
    InstanceAt,
    ModelPart,
    NamedEntries,
    NamedEntry,
    NotFollowed,
    Symbol,
    SymbolicTensor,
    TurnsDepend,
    Value,
)

_REGISTERED: Final = ("module", "parameter", "buffer", "hidden")


class Setting(Machine):
    """Interprets assignments to attributes."""

    def set_attribute(self, owner: Value, name: Value, value: Value) -> None:
        """Set an attribute; modules, parameters and buffers are registered."""
        if isinstance(name, Choice):
            self.lift(name, lambda one: self.set_attribute(owner, one, value))
            return
        if isinstance(owner, Symbol):
            if not isinstance(name, str):
                raise NotFollowed("a computed attribute of a config")
            self.set_config_attribute(owner, name, value)
        elif isinstance(owner, InstanceAt):
            self._set_at_turn(owner, name, value)
        elif isinstance(owner, AnyModule):
            self._set_on_any(name, value)
        elif isinstance(owner, (InnerModel, ModelPart)):
            change_model(self, owner, name, value)
        elif isinstance(owner, Instance):
            self._set_on_module(owner, name, value)
        else:
            _refuse_setting(owner, name, value)

    def _set_on_any(self, name: Any, value: Value) -> None:
        """Set an attribute of one of many modules, which may not be read afterwards."""
        kinds = {self.kind_of(leaf) for _, leaf in self.leaves(value)}
        if not isinstance(name, str) or kinds - {"other", None}:
            raise NotFollowed("a module of many is changed")
        self.unreliable.add(name)

    def _set_on_module(self, owner: Instance, name: Any, value: Value) -> None:
        self.refuse_other_loop(owner)
        if isinstance(name, Symbol):
            self._set_named(owner, name.expression, value)
            return
        if name == "__class__":
            raise NotFollowed("a module of another class")
        found = self.find(owner.cls, name)
        if found and isinstance(found[0], property) and found[0].fset is not None:
            self.call(BoundMethod(owner, found[0].fset, found[1]), [value], {})
            return
        self._set_on_instance(owner, name, value)

    def _set_at_turn(self, owner: InstanceAt, name: Any, value: Value) -> None:
        """Set an attribute of a module of a loop, only in one turn."""
        instance = owner.instance
        condition = self._turns_set(owner)
        kinds = {self.kind_of(leaf) for _, leaf in self.leaves(value)} - {None}
        held = instance.registered.get(name) if isinstance(name, str) else None
        if held not in _REGISTERED or kinds - {held}:
            raise NotFollowed("a layer is changed outside its loop")
        before = instance.attributes.get(name)
        if not isinstance(condition, Expression):
            raise NotFollowed("a layer is changed outside its loop")
        if self.path.loops() != instance.loops[:-1]:
            if value is not None:
                raise NotFollowed("a layer of several loops is changed")
            self.settled.add((id(instance.attributes), name))
        self.put(instance.attributes, name, Choice(condition, value, before))

    def _turns_set(self, owner: InstanceAt) -> Operand:
        """Return the condition under which a turn of a module's loop is changed.

        Raises:
            NotFollowed: There is no rule for the changed turns.
        """
        loops, outer = self.path.loops(), owner.instance.loops[:-1]
        turn = loop_variable(owner.index)
        if owner.instance.loops[-1][1] != owner.index:
            raise NotFollowed("a layer of several loops is changed")
        if loops == outer:
            return simplified("==", turn, owner.at)
        index, count = loops[-1][1:] if loops[:-1] == outer else (-1, 0)
        assert isinstance(index, int)
        own = loop_variable(index)
        offset = _offset(owner.at, own)
        is_guarded = any(contains(one, [own]) for one in self.path.guards() if one not in loops)
        if type(offset) is not int or is_guarded:
            raise NotFollowed("a layer of several loops is changed")
        is_in = simplified("<", simplified("-", turn, offset), count)
        return conjunction(simplified("<=", offset, turn), is_in)

    def refuse_other_loop(self, owner: Instance) -> None:
        """Decline changing a module of a loop from outside the loop.

        Raises:
            TurnsDepend: It is from a different loop.
        """
        if owner.loops != self.path.loops()[: len(owner.loops)]:
            raise TurnsDepend("a layer is changed outside its loop")

    def _set_named(self, owner: Instance, name: Expression, value: Value) -> None:
        """Set an attribute with a computed name."""
        kinds = {self.kind_of(leaf) for _, leaf in self.leaves(value)}
        if kinds <= {"hidden", "other", "tensor", None}:
            self.put(owner.attributes, Symbol(name), value)
            return
        if len(kinds - {None}) > 1:
            raise TurnsDepend("a symbolic name")
        self.register_named(owner, name, (kinds - {None}).pop(), value)

    def refuse_computed(self, owner: Instance, name: str) -> None:
        """Decline registering a name that a computed name may equal.

        Raises:
            NotFollowed: A computed name may equal it.
        """
        if any(may_be(one, name) for one in computed_names(owner.registered)):
            raise NotFollowed("a name that a computed one may be")

    def register_named(
        self, owner: Instance, name: Expression, kind: str | None, value: Value
    ) -> None:
        """Register a module, parameter or buffer under a computed name."""
        self.require(expression("name", name))
        for written in owner.registered:
            if isinstance(written, str) and may_be(name, written):
                self.require(expression("known", expression("!=", name, written)))
        last = next(reversed(owner.registered), None)
        if not isinstance(last, NamedEntries):
            last = NamedEntries()
            self.note_made(last.entries)
            self.put(owner.registered, last, "named")
        self.put_list(last.entries, [*last.entries, NamedEntry(name, kind, value)])

    def _set_on_instance(self, owner: Instance, name: str, value: Value) -> None:
        if isinstance(value, Choice) and any(
            isinstance(leaf, ModelPart) for _, leaf in self.leaves(value)
        ):
            self.lift(value, lambda one: self._set_chosen(owner, name, one))
            return
        self._set_value(owner, name, value)

    def _set_chosen(self, owner: Instance, name: str, value: Value) -> None:
        """Set a value of some configs only, which cannot be a part of an inner model."""
        if isinstance(value, ModelPart):
            raise NotFollowed("a part of another model is used as a module")
        self._set_value(owner, name, value)

    def _set_value(self, owner: Instance, name: str, value: Value) -> None:
        kinds = {self.kind_of(leaf) for _, leaf in self.leaves(value)} - {None}
        if len(kinds) > 1:
            self.lift(value, lambda one: self.set_attribute(owner, name, one))
            return
        kind = kinds.pop() if kinds else None
        if kind in _REGISTERED and kind != "module":
            refuse_hidden(owner, name)
        if kind in _REGISTERED:
            self.refuse_computed(owner, name)
            placed = self._place_before(owner, name) if kind == "module" else None
            if placed is not None:  # for configs that already have it, it keeps its place
                self.put(owner.registered, LaterPlace(name), Choice(placed, MISSING, kind))
            else:
                self.refuse_open_place(owner, name)
                if kind == "module":
                    self._refuse_other_kind(owner, name)
                if owner.registered.get(name, MISSING) != kind:
                    self.put(owner.registered, name, kind)
        self.put(owner.attributes, name, value)

    def _place_before(self, owner: Instance, name: str) -> Expression | None:
        """Return the condition under which a name already has a place; None if that is certain."""
        held, value = owner.registered.get(name), owner.attributes.get(name)
        if LaterPlace(name) in owner.registered or next(reversed(owner.registered), None) == name:
            return None
        if not isinstance(held, Choice) or any(leaf is None for _, leaf in self.leaves(value)):
            return None
        condition = self.is_set(held)
        is_known = {leaf for _, leaf in self.leaves(held)} == {"module", MISSING}
        if not is_known or not isinstance(condition, Expression):
            return None
        is_open = all(self.possible_here(condition)) and self.is_set(value) is condition
        return condition if is_open else None

    def _refuse_other_kind(self, owner: Instance, name: str) -> None:
        """Decline a module with the name of something else, since it would be registered last.

        Raises:
            NotFollowed: Something was registered after the name.
        """
        held = {leaf for _, leaf in self.leaves(owner.registered.get(name, MISSING))}
        if held - {"module", MISSING} and next(reversed(owner.registered)) != name:
            raise NotFollowed("a module in place of something else")

    def kind_of(self, value: Value) -> str | None:
        """Return the kind of a value as an attribute of a module; None if it is None."""
        if isinstance(value, Instance):
            special = (ActivationModule, InnerModel, ModelPart)
            is_module = isinstance(value, special) or issubclass(value.cls, Module)
            return "module" if is_module else "other"
        if isinstance(value, InstanceAt):
            raise NotFollowed("a layer is taken out of its loop")
        if isinstance(value, SymbolicTensor):
            if value.kind == "buffer":
                return "buffer" if value.persistent else "hidden"
            return "parameter" if value.kind == "parameter" else "tensor"
        if isinstance(value, Module):
            raise NotFollowed("a module of another kind")
        return None if value is None else "other"

    def is_set(self, value: Value) -> Operand:
        """Return the condition under which an attribute or key exists."""
        if isinstance(value, Choice):
            yes, no = self.is_set(value.yes), self.is_set(value.no)
            return choose(value.condition, yes, no)
        return value is not MISSING


def _refuse_setting(owner: Value, name: Any, value: Value) -> None:
    """Decline setting an attribute of something other than a module if it may affect a tree.

    Raises:
        NotFollowed: It may affect a tree.
    """
    if isinstance(owner, SymbolicTensor):
        if name == "data" and isinstance(value, SymbolicTensor) and value.shape != owner.shape:
            raise NotFollowed("a tensor gets another shape")
    elif owner is not UNKNOWN and not isinstance(owner, Unknown):
        is_own = isinstance(owner, type) and owner.__module__.startswith(PACKAGE)
        if not is_own or not name.startswith("_"):
            raise NotFollowed(f"setting {name} of {type(owner).__name__}")


def _offset(at: Operand, variable: Expression) -> Operand:
    """Return the number of turns from a loop variable's turn to another; None if that varies."""
    if at is variable:
        return 0
    is_sum = isinstance(at, Expression) and at[0] == "+" and at[1] is variable
    return at[2] if is_sum and isinstance(at, Expression) else None
