"""Patterns of paths and ids, as in `loracfg.toml`."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Final

_SEGMENT: Final = (
    r"(\*\*|(?!\.{1,2}(/|$))([^/\\*\[\]\x00-\x1f\x7f]|\*(?!\*)|\[!?[^/\\\[\]\x00-\x1f\x7f]+\])+)"
)
GLOB: Final = rf"(\./)?{_SEGMENT}(/{_SEGMENT})*/?"
"""A pattern, as a regular expression that Python and JavaScript understand alike."""
SYNTAX: Final = (
    "write a relative path with `/`; `*` and `?` match within a name, `[ab]` one of some "
    "characters, and `**` any folders"
)


def matches(pattern: str, path: Sequence[str]) -> bool:
    """Tell whether a pattern matches a path or a folder above it.

    A pattern of one name matches at any depth.

    Args:
        pattern: the pattern.
        path: the names on the way from the folder of the file.
    """
    steps = _steps(pattern)
    if len(steps) == 1:
        steps = ["**", *steps]
    return _match(steps, path, also_below=True)


def matches_whole(pattern: str, path: Sequence[str]) -> bool:
    """Tell whether a pattern matches a path or an id, all of it."""
    return _match(_steps(pattern), path, also_below=False)


def _steps(pattern: str) -> list[str]:
    return pattern.removeprefix("./").rstrip("/").split("/")


def _match(steps: Sequence[str], path: Sequence[str], *, also_below: bool) -> bool:
    if not steps:
        return also_below or not path
    first, *rest = steps
    if first == "**":
        last = len(path) + (not also_below)
        return any(_match(rest, path[at:], also_below=also_below) for at in range(last))
    if not path or not fnmatchcase(path[0], first):
        return False
    return _match(rest, path[1:], also_below=also_below)
