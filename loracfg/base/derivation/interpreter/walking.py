"""Rules for methods that visit all modules of a tree."""

from __future__ import annotations

from loracfg.base.derivation.interpreter.computed_names import LaterPlace
from loracfg.base.derivation.interpreter.expressions import Operand, conjunction, negate
from loracfg.base.derivation.interpreter.machine import Machine
from loracfg.base.derivation.interpreter.registry import METHODS
from loracfg.base.derivation.interpreter.stand_ins import module
from loracfg.base.derivation.interpreter.values import (
    MISSING,
    ActivationModule,
    Choice,
    GuardedEntry,
    InnerModel,
    Instance,
    ModelPart,
    NamedEntries,
    NotFollowed,
    RepeatedEntries,
    Value,
)


class _Walk:
    """Collects the modules of a tree, including repeated and conditional ones."""

    def __init__(self) -> None:
        self._seen: dict[int, bool] = {}

    def entries(self, value: Value, *, is_sure: bool = True) -> list[Value]:
        """Return a module and all modules in it.

        Raises:
            NotFollowed: They are unknown.
        """
        if isinstance(value, Choice):
            yes = self.entries(value.yes, is_sure=False)
            no = self.entries(value.no, is_sure=False)
            opposite = negate(value.condition)
            return [*_all_guarded(value.condition, yes), *_all_guarded(opposite, no)]
        if isinstance(value, GuardedEntry):
            return _all_guarded(value.condition, self.entries(value.value, is_sure=False))
        if isinstance(value, RepeatedEntries):
            items = [one for item in value.items for one in self.entries(item, is_sure=False)]
            return [RepeatedEntries(value.index, value.count, items)]
        if value is None or value is MISSING:
            return []
        if not isinstance(value, Instance) or isinstance(value, (InnerModel, ModelPart)):
            raise NotFollowed("the modules of another model")
        if value.serial in self._seen:
            if is_sure and self._seen[value.serial]:
                return []
            raise NotFollowed("the modules of a tree with a layer in several places")
        self._seen[value.serial] = is_sure
        if isinstance(value, ActivationModule):
            return [value]
        return [value, *self._inside(value, is_sure)]

    def _inside(self, owner: Instance, is_sure: bool) -> list[Value]:
        found: list[Value] = []
        for child in owner.children or ():
            found += self.entries(child, is_sure=is_sure)
        for name, kind in owner.registered.items():
            if isinstance(name, (NamedEntries, LaterPlace)):
                raise NotFollowed("names that are computed")
            if kind == "module":
                found += self.entries(owner.attributes.get(name), is_sure=is_sure)
            elif isinstance(kind, Choice):
                value = owner.attributes.get(name)
                found += self.entries(_only_modules(value), is_sure=False)
        return found


def _only_modules(value: Value) -> Value:
    """Return a value without sides that are not modules."""
    if isinstance(value, Choice):
        return Choice(value.condition, _only_modules(value.yes), _only_modules(value.no))
    return value if isinstance(value, Instance) else None


def _all_guarded(condition: Operand, entries: list[Value]) -> list[Value]:
    """Return entries that only exist if a condition holds."""
    found: list[Value] = []
    for entry in entries:
        if isinstance(entry, RepeatedEntries):
            items = _all_guarded(condition, entry.items)
            found.append(RepeatedEntries(entry.index, entry.count, items))
        elif isinstance(entry, GuardedEntry):
            found.append(GuardedEntry(conjunction(condition, entry.condition), entry.value))
        else:
            found.append(GuardedEntry(condition, entry))
    return found


def _modules(machine: Machine, owner: Value, _: list[Value], __: dict[str, Value]) -> list[Value]:
    made: list[Value] = machine.note_made(_Walk().entries(owner))
    return made


METHODS[module.Module, "modules"] = _modules
