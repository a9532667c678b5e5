"""Folders that a search leaves out: hidden ones, and those that a user excludes."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Final

from loracfg.errors import LoracfgError
from loracfg.sources.globs import escaped, is_path, matches_whole

NOT_NEGATED: Final = "to exclude a name that begins with `!`, write `[!]name`"
_STEP: Final = r"\*\*|([^*\[]|\*(?!\*)|\[!?\]?[^\]]*\])+"
_HIDDEN: Final = "."
_PACKAGES: Final = frozenset({"__pycache__", "__pypackages__", "node_modules", "site-packages"})
_CACHED_REPO: Final = ("models--", "datasets--", "spaces--", "kernels--")
_NO_SNAPSHOTS: Final = frozenset({"blobs", "refs"})


def is_hidden(name: str, parent: str) -> bool:
    """Tell whether a search never enters a folder: hidden ones, packages, blobs of the Hub's cache.

    Args:
        name: the name of the folder.
        parent: the name of the folder that it is in.
    """
    if name.startswith(_HIDDEN) or name in _PACKAGES:
        return True
    return name in _NO_SNAPSHOTS and parent.startswith(_CACHED_REPO)


class Excluded:
    """Patterns of folders.

    A pattern without a slash is that of a name, anywhere. One with a slash is that of a path, from
    the current folder unless it is absolute; `**` stands for any number of folders.
    """

    def __init__(self, patterns: Iterable[str] = ()) -> None:
        """Read patterns.

        Raises:
            LoracfgError: a pattern is empty, negated or malformed.
        """
        self._names: list[str] = []
        self._paths: list[tuple[str, ...]] = []
        for pattern in patterns:
            self._add(pattern)

    def has(self, path: str) -> bool:
        """Tell whether a folder is excluded."""
        if not self._names and not self._paths:
            return False
        name = os.path.basename(path)  # noqa: PTH119  # a search has many paths, as text
        if any(fnmatchcase(name, pattern) for pattern in self._names):
            return True
        steps = _steps(os.path.abspath(path)) if self._paths else ()  # noqa: PTH100
        return any(matches_whole(pattern, steps) for pattern in self._paths)

    def _add(self, pattern: str) -> None:
        text = pattern.rstrip("/")
        if not text:
            raise LoracfgError("an empty pattern excludes nothing", "name a folder or a pattern")
        if text.startswith("!"):
            message = f"`{pattern}`: patterns that begin with `!` are not supported"
            raise LoracfgError(message, NOT_NEGATED)
        if not all(re.fullmatch(_STEP, step) for step in text.split("/") if step):
            advice = "close each `[`, and write `**` only as a whole name, as in `a/**/b`"
            raise LoracfgError(f"`{pattern}` is not a pattern of paths", advice)
        if is_path(text):
            start = "" if os.path.isabs(text) else f"{escaped(os.getcwd())}/"  # noqa: PTH109, PTH117
            self._paths.append(_steps(start + text))
        else:
            self._names.append(text)


def _steps(path: str) -> tuple[str, ...]:
    """Return the names in a path or pattern, without `.` and `..`."""
    found: list[str] = []
    for step in path.replace(os.sep, "/").split("/"):
        if step == "..":
            found = found[:-1]
        elif step not in ("", "."):
            found.append(step)
    return tuple(found)
