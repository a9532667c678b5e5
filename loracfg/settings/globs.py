"""The patterns of paths in `loracfg.toml`."""

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
    steps = pattern.removeprefix("./").rstrip("/").split("/")
    if len(steps) == 1:
        steps = ["**", *steps]
    return _match(steps, path)


def _match(steps: Sequence[str], path: Sequence[str]) -> bool:
    if not steps:
        return True  # the rest of the path is below
    first, *rest = steps
    if first == "**":
        return any(_match(rest, path[at:]) for at in range(len(path)))
    return bool(path) and fnmatchcase(path[0], first) and _match(rest, path[1:])
