"""Files in memory, only as far as a validation needs: configs, headers, ends of pickles."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from errno import EIO
from typing import BinaryIO, Final

from loracfg.adapter.files import FOLDER, NotHeldError
from loracfg.config import CONFIG_NAME
from loracfg.document.size import has_more_values
from loracfg.named_tuple import NamedTuple
from loracfg.sources.range_stream import RangeStream

_LEAST: Final = 3
"""The number of values that each tensor has in a header at least: dtype, shape and offsets."""


class HeldFile(NamedTuple):
    """A file, with the parts of it that are in memory.

    Attributes:
        size: its size in bytes.
        head: the bytes from its beginning.
        tail: the bytes before its end.
        others: other parts, each with its position.
    """

    size: int
    head: bytes = b""
    tail: bytes = b""
    others: tuple[tuple[int, bytes], ...] = ()

    def open(self) -> BinaryIO:
        """Open the file; reading bytes that are not in memory raises `NotHeldError`."""
        if len(self.head) >= self.size:
            return io.BytesIO(self.head)
        return RangeStream(self.size, self._range)  # type: ignore[return-value]

    @property
    def parts(self) -> tuple[tuple[int, bytes], ...]:
        """All parts, each with its position."""
        return (0, self.head), (self.size - len(self.tail), self.tail), *self.others

    def _range(self, begin: int, end: int) -> bytes:
        for at, data in self.parts:
            if at <= begin and end <= at + len(data):
                return data[begin - at : end - at]
        message = f"bytes {begin} to {end - 1} of {self.size} are not in memory"
        raise NotHeldError(EIO, message)


def has_more_tensors(files: Iterable[HeldFile], most: int) -> bool:
    """Whether headers together have more than `most` tensors, by counting in their text."""
    heads = [held.head for held in files]
    if sum(head.count(b"{") for head in heads) <= most:
        return False
    return has_more_values(b",".join(heads), _LEAST * most)


@dataclass(frozen=True)
class HeldFiles:
    """The files of one adapter directory; implements `loracfg.adapter.files.Files`.

    Names are relative to it, with `/` between steps; a folder without files ends with `/`. `links`
    are the names of links to places outside.
    """

    files: Mapping[str, HeldFile] = field(default_factory=dict)
    links: tuple[str, ...] = ()

    def sizes(self) -> dict[str, int]:
        """Return the sizes in the order of a folder on disk."""
        top: dict[str, dict[str, int]] = {}
        for name, held in self.files.items():
            first, slash, rest = name.partition("/")
            listed = top.setdefault(first, {})
            listed[first + slash] = 0 if slash else held.size
            if rest == CONFIG_NAME:
                listed[name] = held.size
        return {name: size for first in sorted(top) for name, size in sorted(top[first].items())}

    def links_out(self) -> tuple[str, ...]:
        """Return the links that the sender names; those in archives have been refused before."""
        return self.links

    def kind_of(self, name: str) -> str | None:
        """Return the kind of what is not a file: a folder."""
        return FOLDER if any(path.startswith(f"{name}/") for path in self.files) else None

    def open(self, name: str) -> BinaryIO:
        """Open a file."""
        return self.files[name].open()
