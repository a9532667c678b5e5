"""Writes the packed facts of all layouts; `loracfg.base.catalogue.packed` reads them."""

from __future__ import annotations

import json
import lzma
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from loracfg.base.catalogue.distances import nodes_as_distances, rows_to_distances
from loracfg.base.catalogue.packed import FILTERS, MAGIC, MARK, PARTS, PackedFile
from loracfg.base.derivation.emission.dependence import whole

if TYPE_CHECKING:
    from loracfg.base.catalogue.program_data import ProgramData


Facts: TypeAlias = "tuple[Mapping[str, object], Mapping[str, ProgramData]]"
"""The index of a layout and its programs."""
Key = tuple[str, str]
"""A layout and one of its model types."""

CHUNK: Final = 1280 * 1024
"""About the size of a chunk in bytes; larger chunks compress better but are slower to read."""
_COMMON: Final = 60
"""Parts that more types than this share do not count for their similarity."""
_RECENT: Final = 8
"""The number of preceding types that decide which comes next."""


def write(path: Path, layouts: Mapping[str, Facts], size: int = CHUNK) -> None:
    """Write the packed facts of all layouts.

    Args:
        path: the file to write.
        layouts: the index of each layout, by section, and its programs by model type.
        size: about how many bytes of programs to compress together.

    Raises:
        ValueError: if a part cannot be packed.
    """
    programs = {(name, t): one for name, (_, own) in layouts.items() for t, one in own.items()}
    chunks: list[bytes] = []
    types: dict[str, list[str]] = {name: [] for name in layouts}
    for group in _groups(programs, size):
        for position, ((layout, model_type), _) in enumerate(group):
            if set(" \n") & set(model_type):
                raise ValueError(f"a model type is called {model_type!r}")
            types[layout].append(f"{model_type} {len(chunks)} {position}")
        lines = [parts[part] for part in range(len(PARTS)) for _, parts in group]
        chunks.append(_compressed("\n".join(lines).encode()))
    path.write_bytes(_file({name: (layouts[name][0], types[name]) for name in layouts}, chunks))
    _check(path, layouts)


def _file(layouts: dict[str, tuple[Mapping[str, Any], list[str]]], chunks: list[bytes]) -> bytes:
    """Return the bytes of a file: chunks, and for each layout its index and types."""
    offset, places = 0, []
    for chunk in chunks:
        places.append([offset, len(chunk)])
        offset += len(chunk)
    directory, heads = {}, list[str]()
    for name, (index, types) in layouts.items():
        text = "".join(f"\n{one}" for one in types) + "\n"
        sections = sorted(index)
        found = {"types": text, "chunks": places, "sections": sections}
        directory[name] = [len(heads), 1 + len(sections)]
        heads += map(_text, [found, *map(index.get, sections)])
    head = _compressed("\n".join(heads).encode())
    start = _text({"heads": [offset, len(head)], "layouts": directory}).encode()
    return b"".join([MAGIC, len(start).to_bytes(4, "little"), start, *chunks, head])


def _groups(
    programs: Mapping[Key, ProgramData], chunk: int
) -> Iterator[list[tuple[Key, list[str]]]]:
    """Yield the model types of each chunk, with the lines of their programs."""
    group: list[tuple[Key, list[str]]] = []
    size = 0
    packed = {model_type: _lines(programs[model_type]) for model_type in sorted(programs)}
    for model_type in _by_likeness(packed):
        lines = packed[model_type]
        length = sum(map(len, lines))
        if group and size + length > chunk:
            yield group
            group, size = [], 0
        group.append((model_type, lines))
        size += length
    if group:
        yield group


def _by_likeness(packed: dict[Key, list[str]]) -> list[Key]:
    """Return model types in an order that keeps similar ones together."""
    parts = {model_type: _pieces(lines) for model_type, lines in packed.items()}
    counts = Counter(piece for pieces in parts.values() for piece in pieces)
    having: dict[str, list[Key]] = {}
    for model_type, pieces in parts.items():
        for piece in pieces:
            if 1 < counts[piece] <= _COMMON:
                having.setdefault(piece, []).append(model_type)
    order: list[Key] = []
    left = dict.fromkeys(sorted(packed))
    while left:
        likeness: Counter[Key] = Counter()
        for recent in order[-_RECENT:]:
            for piece in sorted(parts[recent]):
                for other in having.get(piece, ()):
                    if other in left:
                        likeness[other] += len(piece)
        following = (
            max(likeness, key=lambda one: (likeness[one], one)) if likeness else next(iter(left))
        )
        order.append(following)
        del left[following]
    return order


def _pieces(lines: list[str]) -> set[str]:
    """Return the parts of a program, to measure the similarity of programs."""
    rows, nodes, _, _, configs, *_ = map(json.loads, lines[:-1])
    return {_text(one) for one in (*rows, *nodes, *configs.values())}


def _lines(program: ProgramData) -> list[str]:
    """Return the parts of a program as lines."""
    unknown = program.keys() - {*PARTS[:-1], "free"}
    if unknown:
        raise ValueError(f"a program has {sorted(unknown)}")
    packed = whole(program)
    packed["exprs"] = rows_to_distances(packed["exprs"])
    packed["nodes"], packed["checks"] = nodes_as_distances(
        packed["nodes"], packed["checks"], is_packing=True
    )
    lines = [_text(packed[part]) for part in PARTS[:-1]]
    prefix = _prefix(packed)
    if any(MARK.decode() in line for line in lines):
        prefix = ""
    if prefix:
        lines = [line.replace(f'"{prefix}', MARK.decode()) for line in lines]
    return [*lines, prefix]


def _prefix(program: ProgramData) -> str:
    """Return the prefix of class names that saves the most letters."""
    names = [*program["classes"], *program["configs"]]
    classes = (one.get("class") for one in program["nodes"])
    names += [one for one in classes if isinstance(one, str)]
    counts = Counter(
        name[: word.end()] for name in names for word in re.finditer(r"[A-Z0-9][a-z0-9]*", name)
    )
    return max(counts, key=lambda one: ((counts[one] - 1) * len(one), one), default="")


def _text(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=True)


def _compressed(data: bytes) -> bytes:
    return lzma.compress(
        data, lzma.FORMAT_RAW, filters=[{**FILTERS[0], "preset": 9 | lzma.PRESET_EXTREME}]
    )


def _check(path: Path, layouts: Mapping[str, Facts]) -> None:
    """Raise if the file does not read back unchanged."""
    file = PackedFile(path)
    for name, (index, programs) in layouts.items():
        packed = file.layout(name)
        for section, value in index.items():
            if packed.index[section] != value:
                raise ValueError(f"the section `{section}` of {name} cannot be read back")
        for model_type, program in programs.items():
            if packed.program(model_type) != whole(program):
                raise ValueError(f"the program of `{model_type}` of {name} cannot be read back")
