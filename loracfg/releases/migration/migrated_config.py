"""A migration in the making: the values so far, and the steps that led to them."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

from loracfg.document.edit import ConfigEdit, RemoveKey, SetValue
from loracfg.document.pointer import escape

if TYPE_CHECKING:
    from loracfg.document.json_value import JsonObject


class Loss(Enum):
    """What a step costs."""

    LOSSLESS = "lossless"
    """A loaded adapter computes the same."""

    LOSSY = "lossy"
    """The adapter loads, but computes something else, or lacks something."""

    IMPOSSIBLE = "impossible"
    """No config does it."""


@dataclass(frozen=True, slots=True)
class MigrationStep:
    """One change of the config with its reason; an impossible one changes nothing."""

    loss: Loss
    reason: str
    pointer: str = ""
    change: ConfigEdit | None = None

    def to_dict(self) -> JsonObject:
        """Return the step as JSON data."""
        data: JsonObject = {"loss": self.loss.value, "reason": self.reason}
        if isinstance(self.change, SetValue):
            return data | {"pointer": self.pointer, "set": self.change.value}
        if isinstance(self.change, RemoveKey):
            return data | {"pointer": self.pointer, "remove": True}
        return data | {"pointer": self.pointer}


@dataclass
class MigratedConfig:
    """The config on its way from one release to another.

    `paths` are the modules that the weight file has factors for, `saved` those that it has whole;
    both are empty if there is none.
    """

    source: str
    target: str
    values: dict[str, Any]
    paths: tuple[str, ...] = ()
    saved: tuple[str, ...] = ()
    steps: list[MigrationStep] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.values = deepcopy(self.values)

    def set(self, key: str, value: object, reason: str, loss: Loss = Loss.LOSSLESS) -> None:
        """Give a key a value; nothing happens if it has that value already."""
        if key in self.values and self.values[key] == value and _same_type(self.values[key], value):
            return
        self.values[key] = value
        self._add(f"/{escape(key)}", SetValue(f"/{escape(key)}", value), reason, loss)

    def clear(self, key: str, reason: str) -> None:
        """Set a key to null, if the file has it and it is not."""
        if self.values.get(key) is not None:
            self.set(key, None, reason)

    def set_in(self, key: str, inner: str, value: object, reason: str) -> None:
        """Give a key of a nested config a value."""
        self.values[key][inner] = value
        pointer = f"/{escape(key)}/{escape(inner)}"
        self._add(pointer, SetValue(pointer, value), reason, Loss.LOSSLESS)

    def remove(self, key: str, reason: str, loss: Loss = Loss.LOSSLESS) -> None:
        """Remove a key, if the file has it."""
        if key in self.values:
            del self.values[key]
            self._add(f"/{escape(key)}", RemoveKey(f"/{escape(key)}"), reason, loss)

    def remove_in(self, key: str, inner: str, reason: str) -> None:
        """Remove a key of a nested config."""
        del self.values[key][inner]
        pointer = f"/{escape(key)}/{escape(inner)}"
        self._add(pointer, RemoveKey(pointer), reason, Loss.LOSSLESS)

    def lose(self, reason: str, pointer: str = "") -> None:
        """Note a loss that no change of the config avoids."""
        self.steps.append(MigrationStep(Loss.LOSSY, reason, pointer))

    def block(self, reason: str, pointer: str = "") -> None:
        """Note what no config of the target does."""
        self.steps.append(MigrationStep(Loss.IMPOSSIBLE, reason, pointer))

    def leave_unchecked(self, what: str) -> None:
        """Note what only the weights could tell."""
        self.unchecked.append(what)

    def _add(self, pointer: str, change: ConfigEdit, reason: str, loss: Loss) -> None:
        self.steps.append(MigrationStep(loss, reason, pointer, change))


def _same_type(one: Any, other: Any) -> bool:
    """Tell `1`, `1.0` and `true` apart, which compare equal."""
    return type(one) is type(other)
