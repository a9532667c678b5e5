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


class Tree:
    """What has been built of a tree.

    Attributes:
        modules: the modules, in the order of `named_modules`.
        aliases: further paths of modules, each with the first one.
        ties: the models whose weights are tied.
    """

    __slots__ = ("aliases", "modules", "ties")

    def __init__(self) -> None:
        self.modules: list[Module] = []
        self.aliases: list[tuple[str, str]] = []
        self.ties: list[Tie | OutputTie] = []

    def add(self, other: Tree) -> None:
        """Add what another tree has."""
        self.modules += other.modules
        self.aliases += other.aliases
        self.ties += other.ties


class Part(Tree):
    """A part of a tree as it was built at one path.

    Attributes:
        path: the path.
        places: the shared instances in it that stand nowhere before it, by their keys.
    """

    __slots__ = ("_suffixes", "path", "places")

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path
        self.places: list[tuple[Any, Part]] = []
        self._suffixes: list[tuple[Any, ...]] | None = None

    @classmethod
    def since(cls, start: tuple[int, int, int], tree: Tree, path: str) -> Part:
        """Return what a tree has got since it had so many modules, aliases and ties."""
        part = cls(path)
        part.modules = tree.modules[start[0] :]
        part.aliases, part.ties = tree.aliases[start[1] :], tree.ties[start[2] :]
        return part

    @property
    def is_movable(self) -> bool:
        """Whether it may stand at other paths: it has a path, and names none of another module."""
        return bool(self.path) and not (self.aliases or self.ties or self.places)

    def stamp(self, path: str, tree: Tree, budget: Budget) -> None:
        """Add it to a tree; at another path than its own if it is movable.

        Raises:
            SpentError: if the budget is spent.
        """
        if path == self.path:
            budget.spend_steps(len(self.modules) >> 3)
            tree.add(self)
            return
        budget.spend_modules(len(self.modules))
        if self._suffixes is None:
            start = len(self.path)
            self._suffixes = [(one[0][start:], *one[1:]) for one in self.modules]
        new = tuple.__new__
        tree.modules += [
            new(Module, (path + s, k, c, p, b, g, t)) for s, k, c, p, b, g, t in self._suffixes
        ]
