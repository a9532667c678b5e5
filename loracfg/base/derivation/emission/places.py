"""Finds where the instances of a tree are, before its nodes are written."""

from __future__ import annotations

from loracfg.base.derivation.interpreter.computed_names import LaterPlace
from loracfg.base.derivation.interpreter.conversion import attribute_of_model, model_of
from loracfg.base.derivation.interpreter.expressions import (
    Expression,
    Operand,
    expression,
    negate,
)
from loracfg.base.derivation.interpreter.values import (
    MISSING,
    Choice,
    GuardedEntry,
    InnerModel,
    Instance,
    ModelPart,
    NamedEntries,
    NamedEntry,
    RepeatedEntries,
    Value,
)

Loops = tuple[Expression, ...]
"""The loops around a place, outermost first."""


class Occurrences:
    """The places of the instances in a tree.

    Attributes:
        count: the number of places of each instance, by serial number.
        paths: the path of each instance that has one without loops and conditions in it, and the
            conditions under which the instance is there.
    """

    def __init__(self, root: Instance) -> None:
        self.count: dict[int, int] = {}
        self.paths: dict[int, tuple[str, frozenset[Operand]]] = {}
        self._parts: list[ModelPart] = []
        self._models: dict[tuple[str, Expression], list[InnerModel]] = {}
        self._visit(root, (), "", frozenset())

    def _visit(
        self, value: Value, loops: Loops, path: str | None, under: frozenset[Operand]
    ) -> None:
        if isinstance(value, Choice):
            yes, no = under, under
            if not (is_nothing(value.yes) or is_nothing(value.no)):
                yes, no = under | {value.condition}, under | {negate(value.condition)}
            self._visit(value.yes, loops, path, yes)
            self._visit(value.no, loops, path, no)
        elif isinstance(value, GuardedEntry):
            self._visit(value.value, loops, None, under)
        elif isinstance(value, RepeatedEntries):
            for item in value.items:
                self._visit(item, (*loops, loop_of(value)), None, under)
        elif isinstance(value, NamedEntry):
            self._visit(value.value, loops, None, under)
        elif isinstance(value, Instance):
            self._visit_instance(value, loops, path, under)

    def _visit_instance(
        self, value: Instance, loops: Loops, path: str | None, under: frozenset[Operand]
    ) -> None:
        count = self.count[value.serial] = self.count.get(value.serial, 0) + 1
        if value.loops != loops:  # it was created outside the loop that it is in
            self.count[value.serial] += 2
        if path is not None:
            self.paths[value.serial] = (path, under)
        if count > 1:
            return
        self._note_model(value)
        dot = None if path is None else f"{path}." if path else ""
        is_counted = True
        for place, child in enumerate(value.children or ()):
            is_counted = is_counted and not isinstance(
                child, (RepeatedEntries, GuardedEntry, Choice)
            )
            name = _child_name(value, place)
            is_sure = dot is not None and (is_counted or value.child_names is not None)
            inner = f"{dot}{name}" if is_sure and name is not None else None
            self._visit(child, loops, inner, under)
        for name in value.registered:
            if isinstance(name, NamedEntries):
                for entry in name.entries:
                    self._visit(entry, loops, None, under)
            elif not isinstance(name, LaterPlace):  # its module has the name itself
                inner = f"{dot}{name}" if dot is not None and type(name) is str else None
                self._visit(value.attributes.get(name), loops, inner, under)

    def _note_model(self, value: Instance) -> None:
        if isinstance(value, ModelPart):
            self._parts.append(value)
        if isinstance(value, InnerModel):
            self._models.setdefault((value.mapping, value.config), []).append(value)

    def is_only_part(self, part: ModelPart) -> bool:
        """Return whether neither a part of a model nor the model is elsewhere in the tree."""
        owner = model_of(part)
        others = (one for one in self._parts if one is not part and model_of(one) is owner)
        path = f"{attribute_of_model(part)[3]}."
        paths = [f"{attribute_of_model(one)[3]}." for one in others]
        is_alone = not any(one.startswith(path) or path.startswith(one) for one in paths)
        return is_alone and owner.serial not in self.count

    def is_shared(self, instance: Instance) -> bool:
        """Return whether an instance is in several places."""
        return self.count.get(instance.serial, 0) > 1

    def model(self, mapping: str, config: Expression, under: frozenset[Operand]) -> str | None:
        """Return the path of the only model of a mapping and config; None if unknown."""
        found = self._models.get((mapping, config), [])
        return self.path(found[0], under) if len(found) == 1 else None

    def path(self, instance: Instance, under: frozenset[Operand]) -> str | None:
        """Return the path of an instance under conditions; None if they do not determine it."""
        if self.is_shared(instance):
            return None
        path, needed = self.paths.get(instance.serial, (None, frozenset()))
        return path if needed <= under else None


def is_nothing(value: Value) -> bool:
    """Return whether a value is not a module."""
    return value is None or value is MISSING


def loop_of(repeated: RepeatedEntries) -> Expression:
    """Return the loop that repeats entries of a list, in the form that instances have."""
    return expression("for", repeated.index, repeated.count)


def _child_name(owner: Instance, place: int) -> str | None:
    if owner.child_names is None:
        return str(place)
    name = owner.child_names[place]
    return name if type(name) is str else None
