"""The built part of a tree, and subtrees that are repeated elsewhere."""

from __future__ import annotations

import marshal
from typing import Any, Final

from loracfg.base.architecture import Module
from loracfg.base.catalogue.evaluation.budget import Budget
from loracfg.cache import Cache
from loracfg.named_tuple import NamedTuple

_STAMPED: Final[Cache[dict[str, list[Module]]]] = Cache(16)
"""The modules of movable subtrees by path, for equal subtrees: configs share layers."""
_MOST_MODULES: Final = 2_000
_MOST_BYTES: Final = 20_000
_LONGEST_PATH: Final = 200


class Tie(NamedTuple):
    """A model in the tree with tied weights: its path, its keys and its config."""

    path: str
    keys: Any
    config: Any


class OutputTie(NamedTuple):
    """A model of transformers 4 whose output embedding has the weight of the input embedding.

    Attributes:
        inputs: the path of the input embedding; None if there is none.
        outputs: the path of the output embedding.
    """

    inputs: str | None
    outputs: str


class Tree:
    """The built part of a tree.

    Attributes:
        modules: the modules, in the order of `named_modules`.
        aliases: further paths of modules, each with the module's first path.
        ties: the models with tied weights.
    """

    __slots__ = ("aliases", "modules", "ties")

    def __init__(self) -> None:
        self.modules: list[Module] = []
        self.aliases: list[tuple[str, str]] = []
        self.ties: list[Tie | OutputTie] = []

    def add(self, other: Tree) -> None:
        """Add the content of another tree."""
        self.modules += other.modules
        self.aliases += other.aliases
        self.ties += other.ties


class Subtree(Tree):
    """A part of a tree that was built at one path.

    Attributes:
        path: the path.
        places: the shared instances that first occur in it, by their keys.
    """

    __slots__ = ("_longest", "_stamped", "path", "places")

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path
        self.places: list[tuple[Any, Subtree]] = []
        self._stamped: dict[str, list[Module]] | None = None
        self._longest = 0

    @classmethod
    def since(cls, start: tuple[int, int, int], tree: Tree, path: str) -> Subtree:
        """Return what a tree has after these numbers of modules, aliases and ties."""
        part = cls(path)
        part.modules = tree.modules[start[0] :]
        part.aliases, part.ties = tree.aliases[start[1] :], tree.ties[start[2] :]
        return part

    @property
    def is_movable(self) -> bool:
        """Whether it may be repeated elsewhere: it has a path, and refers to no other paths."""
        return bool(self.path) and not (self.aliases or self.ties or self.places)

    def stamp(self, path: str, tree: Tree, budget: Budget) -> None:
        """Add it to a tree, at a different path only if it is movable.

        Raises:
            SpentError: if the budget is spent.
        """
        if path == self.path:
            budget.spend_steps(len(self.modules) >> 3)
            tree.add(self)
            return
        self.stamp_each([path], tree, budget)

    def stamp_each(self, paths: list[str], tree: Tree, budget: Budget) -> None:
        """Add it to a tree at several paths; it must be movable.

        Raises:
            SpentError: if the budget is spent.
        """
        if self._stamped is None:
            self._longest = max([len(one[0]) for one in self.modules], default=0) - len(self.path)
        longest = self._longest + max(map(len, paths), default=0)
        budget.spend_modules(len(self.modules) * len(paths), longest)
        if self._stamped is None:
            self._stamped = self._cached_modules()
        modules, stamped = tree.modules, self._stamped
        for path in paths:
            found = stamped.get(path)
            if found is None:
                found = self._at(path)
                if len(stamped) * len(found) < _MOST_MODULES and len(path) <= _LONGEST_PATH:
                    stamped[path] = found
            modules += found

    def _at(self, path: str) -> list[Module]:
        """Return the modules moved to a path."""
        new, start = tuple.__new__, len(self.path)
        return [new(Module, (path + one[0][start:], *one[1:])) for one in self.modules]

    def _cached_modules(self) -> dict[str, list[Module]]:
        """Return the modules by path that subtrees with the same content were repeated as."""
        if len(self.modules) > _MOST_MODULES:
            return {}
        start = len(self.path)
        content = [(one[0][start:], one[1].value, *one[2:]) for one in self.modules]
        key = marshal.dumps(content, 2)
        return _STAMPED.get(key, dict) if len(key) <= _MOST_BYTES else {}
