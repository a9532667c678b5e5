"""The files of an adapter directory on another machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import BinaryIO

from loracfg.adapter.directory import PICKLE_NAME, SAFETENSORS_NAME
from loracfg.adapter.files import FOLDER
from loracfg.config import CONFIG_NAME
from loracfg.named_tuple import NamedTuple
from loracfg.sources.remote.ranged_file import RangedFile


class RemoteFolder(NamedTuple):
    """A directory on another machine; implements `loracfg.adapter.files.Files`.

    Attributes:
        files: the files that can be read.
        listed: the sizes of all files, in the form of `Files.sizes`, if the directory was listed.
        find: returns a file by its name, or None if it does not exist; None if it was listed.
    """

    files: Mapping[str, RangedFile]
    listed: Mapping[str, int] | None = None
    find: Callable[[str], RangedFile | None] | None = None

    def sizes(self) -> dict[str, int]:
        """Return the sizes of the files that are known."""
        read = {name: file.size for name, file in self.files.items()}
        return dict(sorted((dict(self.listed or {}) | read).items()))

    def links_out(self) -> tuple[str, ...]:
        """Return nothing: there are no links."""
        return ()

    def kind_of(self, name: str) -> str | None:
        """Return the kind of what is not a file: a folder."""
        return FOLDER if f"{name}/" in (self.listed or {}) else None

    def open(self, name: str) -> BinaryIO:
        """Open a file.

        Raises:
            FileNotFoundError: it cannot be read from there.
        """
        if name not in self.files:
            raise FileNotFoundError(f"`{name}` was not downloaded")
        return self.files[name].open()


def probe(find: Callable[[str], RangedFile | None]) -> RemoteFolder:
    """Return a directory that cannot be listed, by asking for the files that PEFT reads.

    Args:
        find: returns a file by its name, or None if it does not exist.
    """
    files = {}
    for name in (CONFIG_NAME, SAFETENSORS_NAME, PICKLE_NAME):
        if name == PICKLE_NAME and SAFETENSORS_NAME in files:
            break  # PEFT does not read it then
        if (file := find(name)) is not None:
            files[name] = file
    return RemoteFolder(files, find=find)
