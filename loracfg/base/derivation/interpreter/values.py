"""The values of a constructor while its config is unknown.

A value is a plain Python value, or one of the classes of this module.  A list may have
`GuardedEntry` and `RepeatedEntries` entries, so its length may be unknown too.
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
    "InnerModel",
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
    "in_function",
]

Value: TypeAlias = object
"""A plain Python value or an instance of a class of this module."""


class NotFollowed(Exception):  # noqa: N818 - not an error: the region declines
    """The interpreter has no rule for what a constructor does here."""


@contextmanager
def in_function(function: str) -> Iterator[None]:
    """Add the name of the function to errors about missing rules."""
    try:
        yield
    except NotFollowed as error:
        if function and not hasattr(error, "__notes__"):
            error.add_note(f"in `{function}`")
        raise


class LibraryRaises(Exception):  # noqa: N818 - it is what the library does
    """The library raises here, so it rejects configs that lead here.

    Attributes:
        kind: The name of the exception's class.
    """

    def __init__(self, kind: str, text: str = "") -> None:
        super().__init__(f"{kind}: {text}")
        self.kind = kind


class TurnsDepend(NotFollowed):
    """The turns of a loop depend on each other, so one cannot be run for all."""


class _Mark:
    """A marker for a missing value."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


MISSING: Final = _Mark("MISSING")
"""No attribute, key or variable; in a `Choice`, only on one side."""
POISON: Final = _Mark("POISON")
"""The value of a variable that each turn of a loop sets: it may not be read in a later turn."""
UNKNOWN: Final = _Mark("UNKNOWN")
"""A value that no module, shape or guard may depend on, such as a dtype."""


class Symbol:
    """An expression over the config as a value."""

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
    """One of two values that cannot be in an expression, depending on a condition."""

    __slots__ = ("condition", "no", "yes")

    def __init__(self, condition: Expression, yes: Value, no: Value) -> None:
        self.condition, self.yes, self.no = condition, yes, no

    def __repr__(self) -> str:
        return f"Choice({self.condition!r}, {self.yes!r}, {self.no!r})"


class GuardedEntry:
    """An entry of a list that only exists if a condition holds."""

    __slots__ = ("condition", "value")

    def __init__(self, condition: Operand, value: Value) -> None:
        self.condition, self.value = condition, value


class RepeatedEntries:
    """Entries of a list that occur once for each turn of a loop.

    Attributes:
        index: The number of the loop variable, which is the depth of the loop.
        count: The number of turns.
        items: The entries of one turn, in terms of the loop variable.
    """

    __slots__ = ("count", "index", "items")

    def __init__(self, index: int, count: Operand, items: list[Value]) -> None:
        self.index, self.count, self.items = index, count, items


class Turns:
    """The items of a loop: `at(i)` is the item of turn `i` of `count`."""

    __slots__ = ("at", "count")

    def __init__(self, count: Operand, at: Callable[[Value], Value]) -> None:
        self.count, self.at = count, at


class Segments:
    """A list with `GuardedEntry` or `RepeatedEntries` entries, as the items of a loop."""

    __slots__ = ("entries",)

    def __init__(self, entries: list[Value] | tuple[Value, ...]) -> None:
        self.entries = entries


class SymbolicRange:
    """A `range` with an unknown bound."""

    __slots__ = ("start", "step", "stop")

    def __init__(self, start: Operand, stop: Operand, step: Operand) -> None:
        self.start, self.stop, self.step = start, stop, step


class SymbolicTensor:
    """A tensor without content.

    Attributes:
        shape: Its sizes, or None if they are unknown.
        kind: `parameter`, `buffer` or `plain`.
        persistent: Whether a buffer is saved.
        item: Returns the number at an index, if numbers are known.
        number: Its value, if it is one known number.
        entries: The numbers that determine its dtype, if it was created from these alone.
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
    """An object that a constructor creates, usually a module.

    Attributes:
        cls: Its class in the library or the stand-ins.
        serial: Its number, in the order of creation.
        loops: The loops around its creation, outermost first.
        attributes: All its attributes, including modules and parameters.
        registered: The kind of each name: `module`, `parameter`, `buffer` or `hidden` (a buffer
            that is not saved); a `Choice` of these if branches differ. A key may also be
            `NamedEntries` or `LaterPlace`.
        children: The entries of a list of modules, else None.
        child_names: The names of these entries, if they are not numbers.
        special: Notes of the interpreter, such as `class_name`.
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
        """A different name of its class, if something changed it, else None."""
        return self.special.get("class_name")

    def __repr__(self) -> str:
        return f"<{self.cls.__name__}#{self.serial}>"


class ActivationModule(Instance):
    """An activation that is selected by its name, `key`, at evaluation."""

    __slots__ = ("key",)

    def __init__(self, key: Expression, serial: int, loops: tuple[Expression, ...]) -> None:
        super().__init__(ActivationModule, serial, loops)
        self.key = key


class NamedEntry:
    """A module, parameter or buffer with an expression as its name.

    Attributes:
        name: The name.
        kind: As in `Instance.registered`.
        value: The registered value.
    """

    __slots__ = ("kind", "name", "value")

    def __init__(self, name: Expression, kind: str | None, value: Value) -> None:
        self.name, self.kind, self.value = name, kind, value


class NamedEntries:
    """A key for entries with computed names.

    It is in `Instance.registered`, or in a dict that turns of a loop add keys to.

    Attributes:
        entries: `NamedEntry` objects, also inside `GuardedEntry` and `RepeatedEntries`.
    """

    __slots__ = ("entries",)

    def __init__(self) -> None:
        self.entries: list[Value] = []


class InnerModel(Instance):
    """An inner model, which a config selects by its type as in `AutoModel.from_config`.

    Attributes:
        mapping: The name of the mapping from configs to classes.
        config: The config.
    """

    __slots__ = ("config", "mapping")

    def __init__(
        self, mapping: str, config: Expression, serial: int, loops: tuple[Expression, ...]
    ) -> None:
        super().__init__(InnerModel, serial, loops)
        self.mapping, self.config = mapping, config


class ModelPart(Instance):
    """The attribute `name` of an inner model, which only evaluation finds."""

    __slots__ = ("name", "owner")

    def __init__(
        self, owner: InnerModel | ModelPart, name: str, serial: int, loops: tuple[Expression, ...]
    ) -> None:
        super().__init__(ModelPart, serial, loops)
        self.owner, self.name = owner, name


class Keywords:
    """The arguments of the constructor of a diffusers model, which are its config."""

    __slots__ = ("values",)

    def __init__(self, values: dict[str, Value]) -> None:
        self.values = values


class InstanceAt:
    """An object of a loop in the turn `at`, for reading only.

    Attributes:
        instance: The object, in terms of the loop variable.
        index: The number of the loop variable.
        at: The turn.
    """

    __slots__ = ("at", "index", "instance")

    def __init__(self, instance: Instance, index: int, at: Operand) -> None:
        self.instance, self.index, self.at = instance, index, at


class AnyModule:
    """A module with a computed name, which may be any module in another one."""

    __slots__ = ()


class LastTurn:
    """The value of a variable after a loop, computed when it is read.

    Attributes:
        index: The index of the loop.
        count: The number of turns.
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
    """The way in which a block of statements ends early.

    Attributes:
        kind: `return`, `continue` or `break`.
        value: The returned value.
    """

    __slots__ = ("kind", "value")

    def __init__(self, kind: str, value: Value = None) -> None:
        self.kind, self.value = kind, value
