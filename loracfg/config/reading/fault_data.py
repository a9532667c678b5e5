"""What faults of a config hold as data."""

from __future__ import annotations

from typing import NamedTuple


class RefusedValue(NamedTuple):
    """A value of the config that PEFT does not take, as text, what it takes, and its choices."""

    pointer: str
    given: str
    wanted: str
    choices: tuple[str, ...]


class UnknownKey(NamedTuple):
    """A key of the config that is no field, and the field that was meant, if that is known."""

    name: str
    meant: str | None = None


class RemovedKeys(NamedTuple):
    """Keys of the config that no newer release knows."""

    names: tuple[str, ...]
