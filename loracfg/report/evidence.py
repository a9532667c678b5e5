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


class Tensors(NamedTuple):
    """Tensors of the file, in its order."""

    names: tuple[str, ...]


class Renames(NamedTuple):
    """Tensors under wrong names, each with the right one."""

    names: tuple[tuple[str, str], ...]


class ModulePaths(NamedTuple):
    """Modules by their paths, and the field of the config that selects them, if one does."""

    paths: tuple[str, ...]
    field: str | None = None


class Entries(NamedTuple):
    """Entries of a field of the config that are not as they should be, and those that are."""

    field: str
    names: tuple[str, ...]
    others: tuple[str, ...] = ()


class Classes(NamedTuple):
    """The model class that the config leads to, and the one that is used."""

    named: str | None
    used: str | None


class FolderFiles(NamedTuple):
    """Files of the folder."""

    names: tuple[str, ...]
