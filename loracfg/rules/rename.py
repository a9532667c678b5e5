"""A change of prefix that turns the module paths of an adapter into those of a base."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from loracfg.base.architecture import Architecture
from loracfg.plan.targets import suffixes


class Renaming(NamedTuple):
    """Replace the beginning `old` of each path by `new`; either may be empty."""

    old: str
    new: str

    def __str__(self) -> str:
        """Say the change in words."""
        if not self.old:
            return f"`{self.new}` put before them"
        if not self.new:
            return f"`{self.old}` taken from their beginning"
        return f"`{self.old}` replaced by `{self.new}`"

    def apply(self, path: str) -> str | None:
        """Return the path renamed, or None if it does not begin with `old`."""
        return self.new + path[len(self.old) :] if path.startswith(self.old) else None


def find_renaming(paths: Sequence[str], base: Architecture) -> Renaming | None:
    """Return the change of prefix under which the base has every path, if there is one."""
    if not paths:
        return None
    first = paths[0]
    known = set(base.paths())
    by_end: dict[str, list[str]] = {}
    for path in known:
        for end in suffixes(path):
            by_end.setdefault(end, []).append(path)
    for end in suffixes(first):
        for candidate in sorted(by_end.get(end, ()), key=len):
            renaming = Renaming(first[: len(first) - len(end)], candidate[: -len(end)])
            if all(renaming.apply(path) in known for path in paths):
                return renaming
    return None
