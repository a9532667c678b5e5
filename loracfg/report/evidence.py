"""What findings and faults hold as data, where several are alike."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

Plain: TypeAlias = bool | float | str | tuple[str, ...] | None
"""A value of a config, its lists as tuples."""


class FieldValue(NamedTuple):
    """A value at a place of the config, and the one that was meant, if that is known.

    `modules` are those that it is for, where it is not for all.
    """

    pointer: str
    given: Plain
    meant: Plain = None
    modules: tuple[str, ...] = ()


class UnknownKey(NamedTuple):
    """A key of the config that is no field, and the field that was meant, if that is known."""

    name: str
    meant: str | None = None


class RemovedKeys(NamedTuple):
    """Keys of the config that no newer release knows."""

    names: tuple[str, ...]


class Tensors(NamedTuple):
    """Tensors of the file, in its order."""

    names: tuple[str, ...]


class Renames(NamedTuple):
    """Tensors under wrong names, each with the right one."""

    names: tuple[tuple[str, str], ...]


class Unmatched(NamedTuple):
    """Entries of a list in the config that match nothing, and those that do."""

    field: str
    entries: tuple[str, ...]
    others: tuple[str, ...]


class EngineFact(NamedTuple):
    """What an engine does with adapters that have all of these features, and what shows it."""

    engine: str
    effect: str
    features: tuple[str, ...]
    evidence: str
