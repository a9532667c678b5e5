"""The data of findings and faults, for kinds that several rules share."""

from __future__ import annotations

from typing import TypeAlias

from loracfg.named_tuple import NamedTuple

Plain: TypeAlias = bool | float | str | tuple[str, ...] | None
"""A value of a config, with tuples for lists."""


class FieldValue(NamedTuple):
    """A value in the config and the intended one, if known.

    `modules` are the modules that it applies to, if it does not apply to all.
    """

    pointer: str
    given: Plain
    intended: Plain = None
    modules: tuple[str, ...] = ()


class Tensors(NamedTuple):
    """Tensors of the file, in file order."""

    names: tuple[str, ...]


class Renames(NamedTuple):
    """Tensors with wrong names, each with the right name."""

    names: tuple[tuple[str, str], ...]


class ModulePaths(NamedTuple):
    """Module paths, and the config field that selects the modules, if there is one."""

    paths: tuple[str, ...]
    field: str | None = None


class Entries(NamedTuple):
    """Wrong entries of a config field, and its other entries."""

    field: str
    names: tuple[str, ...]
    others: tuple[str, ...] = ()


class Classes(NamedTuple):
    """The model class that the config names, and the one that is used."""

    named: str | None
    used: str | None


class OptionOfTrainer(NamedTuple):
    """An option in a trainer's file, and what is wrong with it.

    Attributes:
        trainer: the name of the trainer.
        release: the release of the trainer that `problem` is about.
        option: the name of the option.
        given: its value as text, with backticks; None if it is not set or has no single value.
        problem: the reason, as a clause without a full stop.
        field: the PEFT field that the option is about, if it is about one.
        name: the value, if it is a name that the base should have.
        nearest: the names of the base that are spelt most like it, or the option that was meant.
    """

    trainer: str
    release: str
    option: str
    given: str | None
    problem: str
    field: str | None = None
    name: str | None = None
    nearest: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The option, with its value if it has one."""
        return f"`{self.option}` ({self.given})" if self.given else f"`{self.option}`"


class FolderFiles(NamedTuple):
    """Files of the folder."""

    names: tuple[str, ...]
