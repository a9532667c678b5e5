"""Reads the packed facts of all layouts from one file, and only decompresses the needed parts.

The file begins with `MAGIC`, the length of its directory, and the directory, which has the place of
the heads and the lines of each layout in them. The chunks follow, then the heads. Each chunk is
compressed separately, and all heads together, since the layouts name the same classes. All are
lines of JSON. A head has the places of the chunks and of the layout's types in them, and the
sections of the index. A chunk may have types of several layouts, and is sorted by the parts of
programs, so similar lines are together. `loracfg.base.derivation` writes the file.
"""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterator, Mapping
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from loracfg.base.catalogue.distances import nodes_as_distances, rows_from_distances

if TYPE_CHECKING:
    from loracfg.base.catalogue.program_data import ProgramData


MAGIC: Final = b"loracfg facts 5\n"
FILTERS: Final = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 21, "lc": 4, "lp": 0, "pb": 0}]
"""The compression of chunks. It has no checksums, since the wheel has them."""
PARTS: Final = ("exprs", "nodes", "checks", "classes", "configs", "programs", "prefix")
"""The parts of a program, in the order of a chunk's lines."""
MARK: Final = b'"~'
"""Marks a string without the prefix of the type's names."""

_KEPT: Final = 16
"""The number of decompressed chunks that are cached."""
_SIZE: Final = len(MAGIC)


class PackedFile:
    """A file of packed facts."""

    def __init__(self, path: Path) -> None:
        data = path.read_bytes()
        if data[:_SIZE] != MAGIC:
            raise ValueError(f"{path.name} has no facts in this version")
        begin = _SIZE + 4
        end = begin + int.from_bytes(data[_SIZE:begin], "little")
        directory = json.loads(data[begin:end])
        self._heads: list[int] = directory["heads"]
        self._layouts: dict[str, list[int]] = directory["layouts"]
        self._data, self._start = data, end
        self._kept: dict[int, list[bytes]] = {}
        self._lock = Lock()

    def layout(self, name: str) -> PackedLayout:
        """Return the facts of a layout.

        Raises:
            KeyError: if there are none.
        """
        first, count = self._layouts[name]
        return PackedLayout(self, self.chunk(*self._heads)[first : first + count])

    def chunk(self, offset: int, length: int) -> list[bytes]:
        """Return the lines of a chunk, or of the heads."""
        found = self._kept.get(offset)
        if found is None:
            found = self._lines(offset, length)
            with self._lock:
                if len(self._kept) >= _KEPT:
                    self._kept.pop(next(iter(self._kept)))
                self._kept[offset] = found
        return found

    def _lines(self, offset: int, length: int) -> list[bytes]:
        start = self._start + offset
        data = self._data[start : start + length]
        return lzma.decompress(data, lzma.FORMAT_RAW, filters=FILTERS).split(b"\n")


class PackedLayout:
    """The packed facts of a layout.

    Attributes:
        index: the data about the whole layout, by section; a section is parsed when it is read.
    """

    def __init__(self, file: PackedFile, head: list[bytes]) -> None:
        places, *sections = head
        found = json.loads(places)
        self._file = file
        self._types: str = found["types"]
        self._chunks: list[list[int]] = found["chunks"]
        self.index: Mapping[str, Any] = _Index(dict(zip(found["sections"], sections, strict=True)))

    def __contains__(self, model_type: object) -> bool:
        return isinstance(model_type, str) and self._place(model_type) is not None

    def program(self, model_type: str) -> ProgramData:
        """Return the program of a model type, new on each call.

        Raises:
            KeyError: if there is none.
        """
        place = self._place(model_type)
        if place is None:
            raise KeyError(model_type)
        chunk, position = place
        lines = self._file.chunk(*self._chunks[chunk])
        count = len(lines) // len(PARTS)
        prefix, *parts = (
            lines[part * count + position] for part in (len(PARTS) - 1, *range(len(PARTS) - 1))
        )
        if prefix:
            parts = [part.replace(MARK, b'"' + prefix) for part in parts]
        rows, nodes, checks, classes, configs, programs = map(json.loads, parts)
        free = rows_from_distances(rows)
        nodes, checks = nodes_as_distances(nodes, checks, is_packing=False)
        return {
            "exprs": rows,
            "nodes": nodes,
            "checks": checks,
            "classes": classes,
            "configs": configs,
            "programs": programs,
            "free": free,
        }

    def _place(self, model_type: str) -> tuple[int, int] | None:
        """Return chunk and position of a type."""
        wanted = f"\n{model_type} "
        at = self._types.find(wanted) + len(wanted)
        if at < len(wanted) or " " in model_type or "\n" in model_type:
            return None
        chunk, position = self._types[at : self._types.index("\n", at)].split()
        return int(chunk), int(position)


class _Index(Mapping[str, Any]):
    """The sections of an index, each parsed when it is read."""

    def __init__(self, lines: dict[str, bytes]) -> None:
        self._lines = lines
        self._known: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._known:
            self._known[name] = json.loads(self._lines[name])
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)
