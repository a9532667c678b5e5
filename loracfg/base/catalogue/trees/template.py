"""What was built once, for building it again in another place."""

from __future__ import annotations

from typing import Any, NamedTuple

from loracfg.base.architecture import Module
from loracfg.base.catalogue.evaluation.budget import Budget


class Tie(NamedTuple):
    """A model inside the tree whose weights are tied: its path, its keys and its config."""

    path: str
    keys: Any
    config: Any


class OutputTie(NamedTuple):
    """A model of transformers 4 whose output embedding has the weight of the input embedding.

    Attributes:
        inputs: the path of the input embedding, None if there is none.
        outputs: the path of the output embedding.
    """

    inputs: str | None
    outputs: str


class Place:
    """Where a module that stands in several places stands first, with what is in it.

    Attributes:
        path: its first path.
        modules: the modules in it, itself first, once it is built.
        aliases: the aliases in it.
    """

    __slots__ = ("aliases", "modules", "path")

    def __init__(self, path: str) -> None:
        self.path = path
        self.modules: list[Module] = []
        self.aliases: list[tuple[str, str]] = []


class Part(NamedTuple):
    """A part of a tree as it was built at one path."""

    modules: list[Module]
    aliases: list[tuple[str, str]]
    ties: list[Tie | OutputTie]
    places: list[tuple[Any, Place]]


class Template:
    """Modules that are the same wherever they stand, such as those of a layer."""

    __slots__ = ("_modules", "_offset", "_suffixes")

    def __init__(self, modules: list[Module], path: str) -> None:
        self._modules, self._offset = modules, len(path)
        self._suffixes: list[tuple[Any, ...]] | None = None

    def __len__(self) -> int:
        return len(self._modules)

    def stamp(self, path: str, into: list[Module], budget: Budget) -> None:
        """Add the modules at another path.

        Raises:
            DeclinedError: if the budget is spent.
        """
        budget.spend_modules(len(self._modules))
        suffixes = self._suffixes
        if suffixes is None:
            offset = self._offset
            suffixes = [(one[0][offset:], *one[1:]) for one in self._modules]
            self._suffixes = suffixes
        new = tuple.__new__
        into += [new(Module, (path + s, k, c, p, b, g, t)) for s, k, c, p, b, g, t in suffixes]
