"""What has been built of a tree, and parts of it, which stand again elsewhere."""

from __future__ import annotations

import marshal
from typing import Any, Final, NamedTuple

from loracfg.base.architecture import Module
from loracfg.base.catalogue.evaluation.budget import Budget
from loracfg.cache import Cache

_STAMPED: Final[Cache[dict[str, list[Module]]]] = Cache(16)
"""The modules of movable parts by path, for parts that are alike: configs share their layers."""
_MOST_MODULES: Final = 2_000
_MOST_BYTES: Final = 20_000
_LONGEST_PATH: Final = 200


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


class Subtree(Tree):
    """A part of a tree as it was built at one path.

    Attributes:
        path: the path.
        places: the shared instances in it that stand nowhere before it, by their keys.
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
            self._stamped = self._of_parts_like_this()
        modules, stamped = tree.modules, self._stamped
        for path in paths:
            found = stamped.get(path)
            if found is None:
                found = self._at(path)
                if len(stamped) * len(found) < _MOST_MODULES and len(path) <= _LONGEST_PATH:
                    stamped[path] = found
            modules += found

    def _at(self, path: str) -> list[Module]:
        """Return the modules at another path."""
        new, start = tuple.__new__, len(self.path)
        return [new(Module, (path + one[0][start:], *one[1:])) for one in self.modules]

    def _of_parts_like_this(self) -> dict[str, list[Module]]:
        """Return the modules by path that parts with the same content have been stamped as."""
        if len(self.modules) > _MOST_MODULES:
            return {}
        start = len(self.path)
        content = [(one[0][start:], one[1].value, *one[2:]) for one in self.modules]
        key = marshal.dumps(content, 2)
        return _STAMPED.get(key, dict) if len(key) <= _MOST_BYTES else {}
