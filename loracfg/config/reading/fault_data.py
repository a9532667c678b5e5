"""The data of faults in a config."""

from __future__ import annotations

from typing import NamedTuple


class RefusedValue(NamedTuple):
    """A value that PEFT does not accept, as text, with what it accepts and the permitted values."""

    pointer: str
    given: str
    wanted: str
    choices: tuple[str, ...]


class UnknownKey(NamedTuple):
    """A key that is not a field, and the field that it probably stands for, if any."""

    name: str
    meant: str | None = None


class RemovedKeys(NamedTuple):
    """Keys that PEFT has removed."""

    names: tuple[str, ...]
