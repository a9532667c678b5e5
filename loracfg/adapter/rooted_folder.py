"""A folder below a root, without links that lead out of the root."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from loracfg.adapter.files import Folder, open_regular
from loracfg.named_tuple import NamedTuple


class RootedFolder(NamedTuple):
    """A folder under a root; links that lead out of the root are hidden."""

    path: Path
    root: Path

    def sizes(self) -> dict[str, int]:
        """Return the sizes, like `Folder`."""
        listed = Folder(self.path).sizes()
        return {name: size for name, size in listed.items() if self.has_inside(name)}

    def links_out(self) -> tuple[str, ...]:
        """Return the links, like `Folder`."""
        return tuple(name for name in Folder(self.path).links_out() if self.has_inside(name))

    def kind_of(self, name: str) -> str | None:
        """Return the kind of what is not a file, like `Folder`."""
        return Folder(self.path).kind_of(name) if self.has_inside(name) else None

    def open(self, name: str) -> BinaryIO:
        """Open a file by its resolved path."""
        return open_regular(self.path / name, self.root)

    def has_inside(self, name: str) -> bool:
        """Tell whether a name, with its links resolved, stays below the root."""
        try:
            return (self.path / name).resolve().is_relative_to(self.root)
        except (OSError, RuntimeError):
            return False


def folder_below(roots: Iterable[Path], name: str) -> RootedFolder | None:
    """Return the folder with a relative path below one of some roots; the first root wins.

    Args:
        roots: folders, with links resolved.
        name: the path; `..`, absolute paths and links that lead out of the root find nothing.
    """
    for root in roots:
        try:
            real = (root / name).resolve()
            if real.is_relative_to(root) and real.is_dir():
                return RootedFolder(real, root)
        except (OSError, RuntimeError, ValueError):
            continue
    return None
