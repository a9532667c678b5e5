"""The folder of an adapter whose config is being edited."""

from __future__ import annotations

import io
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from loracfg.adapter.directory import SAFETENSORS_NAME
from loracfg.adapter.files import Folder
from loracfg.adapter.header.safetensors_file import read_head
from loracfg.cache import Cache
from loracfg.config import CONFIG_NAME
from loracfg.named_tuple import NamedTuple
from loracfg.serving.identity import is_settled, state_of
from loracfg.sources.archive.held import HeldFile

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

_MOST_KEPT: Final = 4 * 1024 * 1024
"""The largest header to keep, in bytes; that of 448 tensors has 60 KiB."""


@dataclass(frozen=True)
class WeightHeads:
    """The headers of weight files, which are read once and kept while the files do not change."""

    kept: Cache[HeldFile] = field(default_factory=lambda: Cache(8))

    def open(self, path: Path) -> BinaryIO:
        """Open a safetensors file, of which only the header may be in memory.

        Raises:
            OSError: it cannot be read.
        """
        state = state_of(path)
        key = path.parent, state
        held = self.kept.find(key)
        if held is not None:
            return held.open()
        with path.open("rb") as stream:
            held = HeldFile(state.size, read_head(stream))
        if len(held.head) <= _MOST_KEPT and is_settled((state,), time.time_ns()):
            self.kept.keep(key, held)
        return held.open()


class BufferFolder(NamedTuple):
    """A folder on disk with the bytes of a config that is not saved yet."""

    folder: Folder
    config: bytes
    heads: WeightHeads

    def sizes(self) -> dict[str, int]:
        """Return the size of each file by name, as `Files` does."""
        return dict(sorted((self.folder.sizes() | {CONFIG_NAME: len(self.config)}).items()))

    def links_out(self) -> tuple[str, ...]:
        """Return the links to places outside."""
        return self.folder.links_out()

    def kind_of(self, name: str) -> str | None:
        """Return what has this name if it is not a file; the config is one."""
        return None if name == CONFIG_NAME else self.folder.kind_of(name)

    def open(self, name: str) -> BinaryIO:
        """Open a file; of a weight file, only the header may be in memory."""
        if name == CONFIG_NAME:
            return io.BytesIO(self.config)
        if name == SAFETENSORS_NAME:
            return self.heads.open(self.folder.path / name)
        return self.folder.open(name)
