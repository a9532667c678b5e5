"""Patterns of paths and ids: `*` and `?` match within a name, `**` any number of names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Final

_SEGMENT: Final = (
    r"(\*\*|(?!\.{1,2}(/|$))([^/\\*\[\]\x00-\x1f\x7f]|\*(?!\*)|"
    r"\[!?(\]|[^/\\\]\x00-\x1f\x7f])[^/\\\]\x00-\x1f\x7f]*\])+)"
)
GLOB: Final = rf"(\./)?{_SEGMENT}(/{_SEGMENT})*/?"
"""A pattern, as a regular expression that Python and JavaScript understand alike."""
SYNTAX: Final = (
    "write a relative path with `/`; `*` and `?` match within a name, `[ab]` one of some "
    "characters, and `**` any folders"
)
_ANY_NAMES: Final = "**"


def is_path(pattern: str) -> bool:
    """Tell whether a pattern is that of a path, and not of a name at any depth."""
    return "/" in pattern.rstrip("/")


def matches(pattern: str, path: Sequence[str]) -> bool:
    """Tell whether a pattern matches a path or a folder above it.

    A pattern of one name matches at any depth.

    Args:
        pattern: the pattern.
        path: the names on the way from the folder of the file.
    """
    steps = split(pattern.removeprefix("./"))
    return any(_matches_of(steps if len(steps) > 1 else (_ANY_NAMES, *steps), path))


def matches_whole(pattern: Sequence[str], path: Sequence[str]) -> bool:
    """Tell whether a pattern matches a path or an id, all of it.

    Args:
        pattern: the names in the pattern, as `split` returns them.
        path: the names in the path.
    """
    *_, is_matched = _matches_of(pattern, path)
    return is_matched


def split(text: str) -> tuple[str, ...]:
    """Return the names in a pattern or a path."""
    return tuple(text.rstrip("/").split("/"))


def escaped(path: str) -> str:
    """Return a path as a pattern that only matches it."""
    return "".join(f"[{char}]" if char in "*?[]" else char for char in path)


def _matches_of(pattern: Sequence[str], path: Sequence[str]) -> Iterator[bool]:
    """Yield whether a pattern matches the first names of a path: none, one, two and so on.

    It takes time that grows with both lengths. A `**` at the end stands for at least one name.
    """
    if pattern[-1:] == (_ANY_NAMES,):
        pattern = (*pattern[:-1], "*", _ANY_NAMES)
    reached = _after_any({0}, pattern)
    yield len(pattern) in reached
    for name in path:
        reached = _after_any(set(_after(name, reached, pattern)), pattern)
        yield len(pattern) in reached


def _after(name: str, reached: set[int], pattern: Sequence[str]) -> Iterator[int]:
    """Yield the places in a pattern that may be reached after a name."""
    for at in reached:
        if at == len(pattern):
            continue
        if pattern[at] == _ANY_NAMES:
            yield at
        elif fnmatchcase(name, pattern[at]):
            yield at + 1


def _after_any(reached: set[int], pattern: Sequence[str]) -> set[int]:
    """Add the places that follow a `**`, which may stand for no name."""
    found = set(reached)
    for at, step in enumerate(pattern):
        if step == _ANY_NAMES and at in found:
            found.add(at + 1)
    return found
