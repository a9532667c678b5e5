"""Copies modules, lists and dicts with all their content."""

from __future__ import annotations

from typing import Any

from loracfg.base.derivation.interpreter.conversion import has_computed_keys
from loracfg.base.derivation.interpreter.machine import Machine
from loracfg.base.derivation.interpreter.values import (
    Choice,
    GuardedEntry,
    InnerModel,
    Instance,
    InstanceAt,
    ModelPart,
    NotFollowed,
    RepeatedEntries,
    Value,
)

__all__ = ["Copier"]


class Copier:
    """Makes a deep copy; an object with several places is copied once."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self._made: dict[int, Instance] = {}
        self._loops = machine.path.loops()  # loops around the copied value

    def copy(self, value: Value) -> Value:
        """Return a copy of a value.

        Raises:
            NotFollowed: There is no rule for it.
        """
        if isinstance(value, (InnerModel, ModelPart, InstanceAt)):
            raise NotFollowed("a copy of another model")
        if isinstance(value, Instance):
            return self._made.get(value.serial) or self._copy_instance(value)
        if isinstance(value, Choice):
            return Choice(value.condition, self.copy(value.yes), self.copy(value.no))
        if isinstance(value, GuardedEntry):
            return GuardedEntry(value.condition, self.copy(value.value))
        if isinstance(value, RepeatedEntries):
            return self._copy_turns(value)
        if type(value) is list:
            return self.machine.note_made([self.copy(entry) for entry in value])
        if type(value) is tuple:
            return tuple(self.copy(entry) for entry in value)
        if isinstance(value, dict) and has_computed_keys(value):
            raise NotFollowed("a copy of a dict with keys that are computed")
        if type(value) is dict:
            return self.machine.note_made({key: self.copy(one) for key, one in value.items()})
        return value

    def _copy_turns(self, value: RepeatedEntries) -> RepeatedEntries:
        with self.machine.at_depth(value.index):
            items = self.machine.repeat_values(
                value.count, lambda _: [self.copy(item) for item in value.items]
            )
        return RepeatedEntries(value.index, value.count, items)

    def _copy_instance(self, value: Instance) -> Instance:
        if any(not isinstance(name, str) for name in value.registered):
            raise NotFollowed("a copy of a module with names that are computed")
        made = self._made[value.serial] = self.machine.make_instance(value.cls)
        made.loops = tuple(
            loop for loop in made.loops if loop in self._loops or loop in value.loops
        )  # objects that all turns share are copied once
        made.attributes.update({name: self.copy(one) for name, one in value.attributes.items()})
        made.registered.update(value.registered)
        made.special.update(value.special)
        children: Any = None if value.children is None else self.copy(value.children)
        made.children = children
        made.child_names = None if value.child_names is None else list(value.child_names)
        self.machine.note_owner(made)
        return made
