"""What a constructor computes with while its config is not known.

A value is a plain Python value, or one of the classes of this module.  A list may hold
`GuardedEntry` and `RepeatedEntries` entries, so its length need not be known either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeAlias

from loracfg.base.derivation.interpreter.callables import (
    BoundMethod,
    Frame,
    Function,
    Native,
    Partial,
    Spread,
    Super,
    TorchFunction,
)
from loracfg.base.derivation.interpreter.expressions import Expression, Operand

__all__ = [
    "MISSING",
    "POISON",
    "UNKNOWN",
    "ActivationModule",
    "AnyModule",
    "BoundMethod",
    "Choice",
    "Exit",
    "Frame",
    "Function",
    "GuardedEntry",
    "Instance",
    "InstanceAt",
    "Keywords",
    "LastTurn",
    "LibraryRaises",
    "ModelPart",
    "NamedEntries",
    "NamedEntry",
    "Native",
    "NotFollowed",
    "OtherModel",
    "Partial",
    "RepeatedEntries",
    "Segments",
    "Spread",
    "Super",
    "Symbol",
    "SymbolicRange",
    "SymbolicTensor",
    "TorchFunction",
    "Turns",
    "TurnsDepend",
    "Value",
    "noted",
]

Value: TypeAlias = object
"""A plain Python value or an instance of a class of this module."""


class NotFollowed(Exception):  # noqa: N818 - it is no error: the region declines
    """The interpreter has no rule for what a constructor does here."""


@contextmanager
def noted(function: str) -> Iterator[None]:
    """Note in which function what has no rule is."""
    try:
        yield
    except NotFollowed as error:
        if function and not hasattr(error, "__notes__"):
            error.add_note(f"in `{function}`")
        raise


class LibraryRaises(Exception):  # noqa: N818 - it is what the library does
    """The library raises here, so a config that leads here is refused.

    Attributes:
        kind: The name of the exception's class.
    """

    def __init__(self, kind: str, text: str = "") -> None:
        super().__init__(f"{kind}: {text}")
        self.kind = kind


class TurnsDepend(NotFollowed):
    """The turns of a loop depend on each other, so that one cannot stand for all."""


class _Mark:
    """A value that stands for the lack of one."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


MISSING: Final = _Mark("MISSING")
"""No attribute, key or variable; in a `Choice`, on one side only."""
POISON: Final = _Mark("POISON")
"""A variable that each turn of a loop sets: of no known value after the loop."""
UNKNOWN: Final = _Mark("UNKNOWN")
"""A value that no module, shape or guard may depend on, such as a dtype."""


class Symbol:
    """A value that is an expression over the config."""

    __slots__ = ("expression",)

    def __init__(self, expression: Expression) -> None:
        self.expression = expression

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Symbol) and other.expression is self.expression

    def __hash__(self) -> int:
        return hash(self.expression)

    def __repr__(self) -> str:
        return f"Symbol({self.expression!r})"


class Choice:
    """One of two values that no expression can hold, by a condition."""

    __slots__ = ("condition", "no", "yes")

    def __init__(self, condition: Expression, yes: Value, no: Value) -> None:
        self.condition, self.yes, self.no = condition, yes, no

    def __repr__(self) -> str:
        return f"Choice({self.condition!r}, {self.yes!r}, {self.no!r})"


class GuardedEntry:
    """An entry of a list that is there only where a condition holds."""

    __slots__ = ("condition", "value")

    def __init__(self, condition: Operand, value: Value) -> None:
        self.condition, self.value = condition, value


class RepeatedEntries:
    """Entries of a list that are there once for each turn of a loop.

    Attributes:
        index: The number of the loop variable, which is the depth of the loop.
        count: How many turns there are.
        items: The entries of one turn, in terms of the loop variable.
    """

    __slots__ = ("count", "index", "items")

    def __init__(self, index: int, count: Operand, items: list[Value]) -> None:
        self.index, self.count, self.items = index, count, items


class Turns:
    """What a loop goes over: `at(i)` is the element of turn `i` of `count`."""

    __slots__ = ("at", "count")

    def __init__(self, count: Operand, at: Callable[[Value], Value]) -> None:
        self.count, self.at = count, at


class Segments:
    """A list with `GuardedEntry` or `RepeatedEntries` entries that a loop goes over."""

    __slots__ = ("entries",)

    def __init__(self, entries: list[Value] | tuple[Value, ...]) -> None:
        self.entries = entries


class SymbolicRange:
    """A `range` with a bound that is not known."""

    __slots__ = ("start", "step", "stop")

    def __init__(self, start: Operand, stop: Operand, step: Operand) -> None:
        self.start, self.stop, self.step = start, stop, step


class SymbolicTensor:
    """A tensor without content.

    Attributes:
        shape: Its sizes, or None where they are not known.
        kind: `parameter`, `buffer` or `plain`.
        persistent: Whether a buffer is saved.
        item: Gives the number at an index, if numbers are known.
        number: Its value, if it is one known number.
        entries: The numbers whose kinds give its type, if it was made of these alone.
    """

    __slots__ = ("entries", "item", "kind", "number", "persistent", "shape")

    def __init__(
        self,
        shape: tuple[Value, ...] | None,
        kind: str = "plain",
        persistent: bool = True,
        item: Callable[[Value], Value] | None = None,
        number: Value = None,
        entries: tuple[Value, ...] = (),
    ) -> None:
        self.shape, self.kind, self.persistent = shape, kind, persistent
        self.item, self.number, self.entries = item, number, entries


class Instance:
    """An object that a constructor makes, modules above all.

    Attributes:
        cls: Its class, as the library or the stand-ins have it.
        serial: Its number, in the order in which objects are made.
        loops: The loops around it when it was made, outermost first.
        attributes: Everything that is set on it, modules and parameters too.
        registered: What each name is for `torch`: `module`, `parameter`, `buffer` or `hidden`
            (a buffer that is not saved); a `Choice` of these where branches differ. A key may also
            be `NamedEntries` or `LaterPlace`.
        children: The entries of a list of modules, else None.
        child_names: The names of these entries, where they are no numbers.
        special: What the interpreter notes of it, such as `class_name`.
    """

    __slots__ = (
        "attributes",
        "child_names",
        "children",
        "cls",
        "loops",
        "registered",
        "serial",
        "special",
    )

    def __init__(self, cls: type, serial: int, loops: tuple[Expression, ...]) -> None:
        self.cls, self.serial, self.loops = cls, serial, loops
        self.attributes: dict[Any, Value] = {}
        self.registered: dict[Any, Value] = {}
        self.children: list[Value] | None = None
        self.child_names: list[Value] | None = None
        self.special: dict[str, Any] = {}

    @property
    def class_name(self) -> Value:
        """Another name of its class, where something changed it, else None."""
        return self.special.get("class_name")

    def __repr__(self) -> str:
        return f"<{self.cls.__name__}#{self.serial}>"


class ActivationModule(Instance):
    """An activation that a name picks at evaluation; `key` is the name."""

    __slots__ = ("key",)

    def __init__(self, key: Expression, serial: int, loops: tuple[Expression, ...]) -> None:
        super().__init__(ActivationModule, serial, loops)
        self.key = key


class NamedEntry:
    """A module, parameter or buffer whose name is an expression.

    Attributes:
        name: The name.
        kind: As in `Instance.registered`.
        value: What is registered.
    """

    __slots__ = ("kind", "name", "value")

    def __init__(self, name: Expression, kind: str | None, value: Value) -> None:
        self.name, self.kind, self.value = name, kind, value


class NamedEntries:
    """A key that holds the place of entries with names that are computed.

    It is one of `Instance.registered`, or of a dict to which turns of a loop add keys.

    Attributes:
        entries: `NamedEntry`, also within `GuardedEntry` and `RepeatedEntries`.
    """

    __slots__ = ("entries",)

    def __init__(self) -> None:
        self.entries: list[Value] = []


class OtherModel(Instance):
    """A model that a config picks by its type, as `AutoModel.from_config` does.

    Attributes:
        mapping: The name of the mapping from configs to classes.
        config: The config.
    """

    __slots__ = ("config", "mapping")

    def __init__(
        self, mapping: str, config: Expression, serial: int, loops: tuple[Expression, ...]
    ) -> None:
        super().__init__(OtherModel, serial, loops)
        self.mapping, self.config = mapping, config


class ModelPart(Instance):
    """An attribute `name` of another model, which only evaluation finds."""

    __slots__ = ("name", "owner")

    def __init__(
        self, owner: OtherModel | ModelPart, name: str, serial: int, loops: tuple[Expression, ...]
    ) -> None:
        super().__init__(ModelPart, serial, loops)
        self.owner, self.name = owner, name


class Keywords:
    """The arguments of a diffusers model's constructor, which are its config."""

    __slots__ = ("values",)

    def __init__(self, values: dict[str, Value]) -> None:
        self.values = values


class InstanceAt:
    """An object of a loop in the turn `at`, to look at only.

    Attributes:
        instance: The object, in terms of the loop variable.
        index: The number of the loop variable.
        at: The turn.
    """

    __slots__ = ("at", "index", "instance")

    def __init__(self, instance: Instance, index: int, at: Operand) -> None:
        self.instance, self.index, self.at = instance, index, at


class AnyModule:
    """A module whose name is computed: it may be any of those in another one."""

    __slots__ = ()


class LastTurn:
    """What the last turn of a loop left in a variable, computed when it is read.

    Attributes:
        index: The index of the loop.
        count: How many turns there were.
        before: The value before the loop.
        value: The value that a turn sets.
        last: The place of the last turn.
    """

    __slots__ = ("before", "count", "index", "last", "value")

    def __init__(
        self, index: int, count: Operand, before: Value, value: Value, last: Operand
    ) -> None:
        self.index, self.count, self.before, self.value = index, count, before, value
        self.last = last


class Exit:
    """How a block of statements ends early.

    Attributes:
        kind: `return`, `continue` or `break`.
        value: What is returned.
    """

    __slots__ = ("kind", "value")

    def __init__(self, kind: str, value: Value = None) -> None:
        self.kind, self.value = kind, value
