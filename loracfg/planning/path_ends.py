"""Which of many names end a path, as `str.endswith` does: it compares characters, not steps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


class PathEnds:
    """Names to look for at the ends of paths; each path takes a look for each length of a name."""

    def __init__(self, names: Iterable[str]) -> None:
        """Index the names by their lengths."""
        self._names = frozenset(names)
        self._lengths = sorted({len(name) for name in self._names})

    def of(self, path: str) -> Iterator[str]:
        """Yield the names that end a path, the shortest first."""
        whole = len(path)
        for length in self._lengths:
            if length > whole:
                return
            end = path[whole - length :]
            if end in self._names:
                yield end

    def end(self, path: str) -> bool:
        """Tell whether a name ends a path."""
        return next(self.of(path), None) is not None

    def paths(self, paths: Iterable[str]) -> dict[str, list[str]]:
        """Return the paths that each name ends, in their order."""
        found: dict[str, list[str]] = {}
        for path in paths:
            for name in self.of(path):
                found.setdefault(name, []).append(path)
        return found
