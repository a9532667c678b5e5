"""Find changes of prefixes that turn the module paths of an adapter into those of a base."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, TypeAlias

from loracfg.adapter.header.tensor import Shape
from loracfg.adapter.tensor_names import Part, parse_name
from loracfg.analysis.subject import Subject
from loracfg.base.architecture import Architecture, Kind
from loracfg.named_tuple import NamedTuple
from loracfg.planning.targets import suffixes

Sizes: TypeAlias = tuple[int, int]
"""The (in, out) features of an adapted layer."""

_MAX_CHANGES: Final = 4
_FACTORS: Final = {
    Part.A: True,
    Part.B: False,
    Part.EMBEDDING_A: True,
    Part.EMBEDDING_B: False,
}
"""Whether a factor is A, which has the input size of its module."""
_SIZED: Final = (Kind.LINEAR, Kind.CONV1D_GPT2, Kind.EMBEDDING)


class PathChange(NamedTuple):
    """Replace the prefix `old` of paths with `new`; each is empty or ends with a dot."""

    old: str
    new: str

    def apply(self, path: str) -> str | None:
        """Return the new path; None if the path does not begin with `old`."""
        return self.new + path[len(self.old) :] if path.startswith(self.old) else None

    def shown(self, paths: Iterable[str]) -> str:
        """Return the change as text, with the next step if all renamed paths share it."""
        following = {path[len(self.old) :].partition(".")[0] for path in paths}
        is_enough = self.old.split(".")[-2:] == self.new.split(".")[-2:]
        part = "" if is_enough or len(following) > 1 else following.pop()
        old, new = (f"{begin}{part}".rstrip(".") for begin in self)
        if not old:
            return f"adding the prefix `{self.new}`"
        if not new:
            return f"removing the prefix `{self.old}`"
        return f"`{old}` -> `{new}`"


class Renaming(NamedTuple):
    """Changes of prefixes with the paths that each renames, and the new path of every module."""

    changes: Mapping[PathChange, tuple[str, ...]]
    paths: Mapping[str, str]

    def __str__(self) -> str:
        """Return the changes as text."""
        shown = [change.shown(paths) for change, paths in self.changes.items()]
        return " and ".join(filter(None, [", ".join(shown[:-1]), shown[-1]]))


def renaming_for(subject: Subject, tensors: Mapping[str, Shape]) -> Renaming | None:
    """Return a renaming that gives modules outside the base the paths of target modules.

    Args:
        subject: the adapter, with a base.
        tensors: the tensors of these modules, with names that begin with the prefix.
    """
    base, plan = subject.tree, subject.plan
    config = subject.config
    assert base is not None
    assert config is not None  # callers need it to find layers in the base
    paths = _sizes(tensors)
    if config.use_bdlora or config.use_qalora:
        paths = dict.fromkeys(paths)  # their factors are narrower than the modules
    planned = None
    if plan and not plan.failures:
        planned = {*(module.path for module in plan.modules), *plan.tokens.rows}
    kept = subject.adapter.module_paths - paths.keys()
    free = [path for path in base.paths() if path not in kept and path in (planned or {path})]
    return find_renaming(paths, base, free, kept)


def _sizes(tensors: Mapping[str, Shape]) -> dict[str, Sizes | None]:
    """Return the modules that have these tensors, with their sizes if both factors show them."""
    halves: dict[str, dict[bool, int]] = {}
    for name, shape in tensors.items():
        taken = parse_name(name)
        half = halves.setdefault(taken.module, {})
        is_of_module = "base_layer" not in taken.path.split(".")
        if len(shape) == 2 and is_of_module and taken.part in _FACTORS:
            is_first = _FACTORS[taken.part]
            half[is_first] = shape[1] if is_first else shape[0]
    return {
        module: (half[True], half[False]) if len(half) > 1 else None
        for module, half in sorted(halves.items())
    }


def find_renaming(
    paths: Mapping[str, Sizes | None],
    base: Architecture,
    free: Iterable[str] | None = None,
    kept: Iterable[str] = (),
) -> Renaming | None:
    """Return changes of prefixes that turn every path into one of the base, if they are unique.

    Args:
        paths: module paths that are not in the base, with the sizes of their tensors if known.
        base: the tree in which to find them.
        free: the paths of the base that may be used (default: all).
        kept: paths that must not begin with a prefix that is changed.
    """
    search = _Search(base, free, frozenset(kept))
    changes: dict[PathChange, tuple[str, ...]] = {}
    found: dict[str, str] = {}
    while len(found) < len(paths) and len(changes) < _MAX_CHANGES:
        rest = {path: sizes for path, sizes in paths.items() if path not in found}
        change = search.next_change(rest)
        if change is None:
            return None
        renamed = {path: new for path in rest if (new := change.apply(path)) is not None}
        changes[change] = tuple(renamed)
        search.kept |= renamed.keys()
        search.free -= set(renamed.values())
        found |= renamed
    return None if len(found) < len(paths) else Renaming(dict(sorted(changes.items())), found)


class _Search:
    """The search of `find_renaming`, with free paths by their ends, and paths that must stay."""

    def __init__(
        self, base: Architecture, free: Iterable[str] | None, kept: frozenset[str]
    ) -> None:
        self.base = base
        self.kept = kept
        self.free = frozenset(base.paths() if free is None else free)
        self.by_end: dict[str, list[str]] = {}
        for path in self.free:
            for end in suffixes(path):
                self.by_end.setdefault(end, []).append(path)

    def next_change(self, paths: Mapping[str, Sizes | None]) -> PathChange | None:
        """Return a change that renames some paths and all others with the same prefix."""
        firsts: dict[str, str] = {}
        for path in paths:
            firsts.setdefault(_head(path), path)
        found = (self._change_of(first, paths) for first in firsts.values())
        return next((change for change in found if change is not None), None)

    def _change_of(self, first: str, paths: Mapping[str, Sizes | None]) -> PathChange | None:
        """Return the change that keeps the longest end of a path; None if there are several."""
        for end in suffixes(first):
            fitting = [
                change
                for candidate in self.by_end.get(end, ())
                if (change := self._change(first[: -len(end)], candidate, end, paths)) is not None
            ]
            if fitting:
                return _closest(fitting)
        return None

    def _change(
        self, old: str, candidate: str, end: str, paths: Mapping[str, Sizes | None]
    ) -> PathChange | None:
        """Return the shortest change of a path that works for all paths with the same prefix."""
        new = candidate[: -len(end)]
        if list(_numbers(old)) != list(_numbers(new)):
            return None
        parts = end.split(".")
        for part in ["", *parts[:-1]]:
            old, new = (f"{begin}{part}." if part else begin for begin in (old, new))
            change = PathChange(old, new)
            if not any(path.startswith(old) for path in self.kept) and self._fits(change, paths):
                return change
        return None

    def _fits(self, change: PathChange, paths: Mapping[str, Sizes | None]) -> bool:
        """Tell whether all paths with the prefix become modules with the right sizes."""
        for path, sizes in paths.items():
            new = change.apply(path)
            if new is None:
                continue
            module = self.base.find(new)
            if module is None or not module.parameters or new not in self.free:
                return False
            if sizes is not None and module.kind in _SIZED and module.features != sizes:
                return False
        return True


def _closest(changes: list[PathChange]) -> PathChange | None:
    """Return the change whose prefixes share the most steps; None if there are several."""
    shared = [len(set(one.old.split(".")) & set(one.new.split("."))) for one in changes]
    most = max(shared)
    return None if shared.count(most) > 1 else changes[shared.index(most)]


def _head(path: str) -> str:
    """Return the part of a path before its first number."""
    return path[: match.start()] if (match := re.search(r"\.\d+(\.|$)", path)) else path


def _numbers(path: str) -> Iterator[str]:
    return (part for part in path.split(".") if part.isdecimal())
