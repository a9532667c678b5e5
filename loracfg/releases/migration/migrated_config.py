"""A config during its migration: the current values, and the steps so far."""

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
    """What a step loses."""

    LOSSLESS = "lossless"
    """A loaded adapter computes the same."""

    LOSSY = "lossy"
    """The adapter loads, but computes something different or loses a part."""

    IMPOSSIBLE = "impossible"
    """No config of the target has the same effect."""


@dataclass(frozen=True, slots=True)
class MigrationStep:
    """A change of the config with its reason; an impossible step changes nothing."""

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
    """A config during its migration from one release to another.

    `paths` are the modules with factors in the weight file, and `saved` those that are saved whole.
    Both are empty without a weight file.
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
        """Set a key, unless it already has this value."""
        if key in self.values and self.values[key] == value and _same_type(self.values[key], value):
            return
        self.values[key] = value
        self._add(f"/{escape(key)}", SetValue(f"/{escape(key)}", value), reason, loss)

    def clear(self, key: str, reason: str) -> None:
        """Set a key to null if it has a different value."""
        if self.values.get(key) is not None:
            self.set(key, None, reason)

    def set_in(self, key: str, inner: str, value: object, reason: str) -> None:
        """Set a key of a nested config."""
        self.values[key][inner] = value
        pointer = f"/{escape(key)}/{escape(inner)}"
        self._add(pointer, SetValue(pointer, value), reason, Loss.LOSSLESS)

    def remove(self, key: str, reason: str, loss: Loss = Loss.LOSSLESS) -> None:
        """Remove a key if the config has it."""
        if key in self.values:
            del self.values[key]
            self._add(f"/{escape(key)}", RemoveKey(f"/{escape(key)}"), reason, loss)

    def remove_in(self, key: str, inner: str, reason: str) -> None:
        """Remove a key of a nested config."""
        del self.values[key][inner]
        pointer = f"/{escape(key)}/{escape(inner)}"
        self._add(pointer, RemoveKey(pointer), reason, Loss.LOSSLESS)

    def lose(self, reason: str, pointer: str = "") -> None:
        """Record a loss that no change of the config can avoid."""
        self.steps.append(MigrationStep(Loss.LOSSY, reason, pointer))

    def block(self, reason: str, pointer: str = "") -> None:
        """Record something that no config of the target can do."""
        self.steps.append(MigrationStep(Loss.IMPOSSIBLE, reason, pointer))

    def leave_unchecked(self, what: str) -> None:
        """Record something that can only be checked with the weights."""
        self.unchecked.append(what)

    def _add(self, pointer: str, change: ConfigEdit, reason: str, loss: Loss) -> None:
        self.steps.append(MigrationStep(loss, reason, pointer, change))


def _same_type(one: Any, other: Any) -> bool:
    """Distinguish `1`, `1.0` and `true`, which compare equal."""
    return type(one) is type(other)
