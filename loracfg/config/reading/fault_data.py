"""The data of faults in a config."""

from __future__ import annotations

from typing import NamedTuple


class RefusedValue(NamedTuple):
    """A value that PEFT rejects, as text, with what it accepts and the permitted values."""

    pointer: str
    given: str
    wanted: str
    choices: tuple[str, ...]


class UnknownKey(NamedTuple):
    """A key that is not a field, and the field that the author probably meant, if any."""

    name: str
    intended: str | None = None


class RemovedKeys(NamedTuple):
    """Keys that PEFT has removed."""

    names: tuple[str, ...]
