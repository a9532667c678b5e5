"""The files of a folder that cannot be listed, with others that were asked for by their names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import BinaryIO, Protocol

from loracfg.adapter.files import Files
from loracfg.named_tuple import NamedTuple


class OneFile(Protocol):
    """A file on this or another machine."""

    @property
    def size(self) -> int:
        """The size in bytes."""

    def open(self) -> BinaryIO:
        """Open the file."""


class MoreFiles(NamedTuple):
    """A folder with more files; implements `loracfg.adapter.files.Files`.

    Attributes:
        folder: the folder.
        more: the other files by name.
    """

    folder: Files
    more: Mapping[str, OneFile]

    def sizes(self) -> dict[str, int]:
        """Return the sizes of all files."""
        more = {name: file.size for name, file in self.more.items()}
        return dict(sorted((self.folder.sizes() | more).items()))

    def links_out(self) -> tuple[str, ...]:
        """Return the links of the folder."""
        return self.folder.links_out()

    def kind_of(self, name: str) -> str | None:
        """Return the kind of what is not a file."""
        return None if name in self.more else self.folder.kind_of(name)

    def open(self, name: str) -> BinaryIO:
        """Open a file."""
        return self.more[name].open() if name in self.more else self.folder.open(name)
