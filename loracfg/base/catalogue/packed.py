"""The packed facts of a layout: one file, of which only what is asked for is decompressed.

A file begins with `MAGIC`, the length of its head, and the head. Chunks follow. Head and chunks are
compressed each on its own, and made of lines of JSON. The head says where the chunks and the types
in them are, and has the sections of the index. A chunk has all lines of one part of the programs
before those of the next, so that like stands next to like. `loracfg.base.derivation` writes them.
"""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterator, Mapping
from pathlib import Path
from threading import Lock
from typing import Any, Final

from loracfg.base.catalogue.distances import nodes_as_distances, rows_from_distances

MAGIC: Final = b"loracfg facts 3\n"
FILTERS: Final = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 20, "lc": 4, "lp": 0, "pb": 0}]
"""How chunks are compressed. A file that has its own checks in the wheel needs none here."""
PARTS: Final = ("exprs", "nodes", "checks", "classes", "configs", "programs", "prefix")
"""The parts of a program, in the order of a chunk's lines."""
MARK: Final = b'"~'
"""How a string begins that has the prefix of the type's names in front of it."""

_KEPT: Final = 16
"""So many chunks are kept as they are after they have been decompressed."""
_SIZE: Final = len(MAGIC)


class Packed:
    """Reads the packed facts of a layout.

    Attributes:
        index: what holds for the whole layout, by section; a section is parsed when it is read.
    """

    def __init__(self, path: Path) -> None:
        self._data = path.read_bytes()
        if self._data[:_SIZE] != MAGIC:
            raise ValueError(f"{path.name} holds no facts of this version")
        start = _SIZE + 4
        length = int.from_bytes(self._data[_SIZE:start], "little")
        places, *sections = _decompressed(self._data[start : start + length]).split(b"\n")
        found = json.loads(places)
        self._types: str = found["types"]
        self._chunks: list[list[int]] = found["chunks"]
        self._start = start + length
        self._kept: dict[int, list[bytes]] = {}
        self._lock = Lock()
        self.index: Mapping[str, Any] = _Index(dict(zip(found["sections"], sections, strict=True)))

    def __contains__(self, model_type: object) -> bool:
        return isinstance(model_type, str) and self._place(model_type) is not None

    def program(self, model_type: str) -> dict[str, Any]:
        """Return the program of a model type, new on each call.

        Raises:
            KeyError: if there is none.
        """
        place = self._place(model_type)
        if place is None:
            raise KeyError(model_type)
        chunk, position = place
        lines = self.lines(chunk)
        count = len(lines) // len(PARTS)
        prefix, *parts = (
            lines[part * count + position] for part in (len(PARTS) - 1, *range(len(PARTS) - 1))
        )
        if prefix:
            parts = [part.replace(MARK, b'"' + prefix) for part in parts]
        program = dict(zip(PARTS, map(json.loads, parts), strict=False))
        program["free"] = rows_from_distances(program["exprs"])
        program["nodes"], program["checks"] = nodes_as_distances(
            program["nodes"], program["checks"], is_packing=False
        )
        return program

    def lines(self, chunk: int) -> list[bytes]:
        """Return the lines of a chunk."""
        found = self._kept.get(chunk)
        if found is None:
            offset, length = self._chunks[chunk]
            start = self._start + offset
            found = _decompressed(self._data[start : start + length]).split(b"\n")
            with self._lock:
                if len(self._kept) >= _KEPT:
                    self._kept.pop(next(iter(self._kept)))
                self._kept[chunk] = found
        return found

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


def _decompressed(data: bytes) -> bytes:
    return lzma.decompress(data, lzma.FORMAT_RAW, filters=FILTERS)
