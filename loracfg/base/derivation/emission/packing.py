"""Writes the packed facts of a layout; `loracfg.base.catalogue.packed` reads them."""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from loracfg.base.catalogue.packed import FILTERS, MAGIC, PARTS, Packed, shifted
from loracfg.base.derivation.emission.dependence import annotate

Program = dict[str, Any]

_CHUNK: Final = 64 * 1024
"""A chunk has programs of about so many bytes: more are smaller in the file, and slower to read."""


def write(path: Path, index: Mapping[str, Any], programs: Mapping[str, Program]) -> None:
    """Write the packed facts of a layout.

    Args:
        path: the file to write.
        index: what holds for the whole layout, by section.
        programs: the program of each model type.

    Raises:
        ValueError: if something of it cannot be packed.
    """
    chunks: list[bytes] = []
    sections = {}
    for name in sorted(index):
        sections[name] = len(chunks)
        chunks.append(_compressed(_text(index[name]).encode()))
    types = []
    for group in _groups(programs):
        for position, (model_type, _) in enumerate(group):
            if set(" \n") & set(model_type):
                raise ValueError(f"a model type is called {model_type!r}")
            types.append(f"{model_type} {len(chunks)} {position}")
        lines = [parts[part] for part in range(len(PARTS)) for _, parts in group]
        chunks.append(_compressed("\n".join(lines).encode()))
    offset, places = 0, []
    for chunk in chunks:
        places.append([offset, len(chunk)])
        offset += len(chunk)
    text = "".join(f"\n{one}" for one in types) + "\n"
    header = {"types": text, "chunks": places, "sections": sections}
    head = _compressed(_text(header).encode())
    path.write_bytes(b"".join([MAGIC, len(head).to_bytes(4, "little"), head, *chunks]))
    _check(path, index, programs)


def _groups(programs: Mapping[str, Program]) -> Iterator[list[tuple[str, list[str]]]]:
    """Yield model types with the lines of their programs, as many as a chunk should have."""
    group: list[tuple[str, list[str]]] = []
    size = 0
    for model_type in sorted(programs):
        lines = _lines(programs[model_type])
        length = sum(map(len, lines))
        if group and size + length > _CHUNK:
            yield group
            group, size = [], 0
        group.append((model_type, lines))
        size += length
    if group:
        yield group


def _lines(program: Program) -> list[str]:
    """Return the parts of a program as lines."""
    unknown = program.keys() - {*PARTS, "free"}
    if unknown:
        raise ValueError(f"a program has {sorted(unknown)}")
    whole = _whole(program)
    whole["loops"] = [[number, bits] for number, bits in enumerate(whole["free"]) if bits]
    whole["exprs"] = shifted(whole["exprs"])
    return [_text(whole[part]) for part in PARTS]


def _whole(program: Program) -> Program:
    """Return a program with all parts, and with what it depends on."""
    parts: Program = {"exprs": [], "nodes": [], "checks": [], "classes": {}, "configs": {}}
    return annotate({**parts, "programs": [], **program})


def _text(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=True)


def _compressed(data: bytes) -> bytes:
    return lzma.compress(
        data, lzma.FORMAT_RAW, filters=[{**FILTERS[0], "preset": 9 | lzma.PRESET_EXTREME}]
    )


def _check(path: Path, index: Mapping[str, Any], programs: Mapping[str, Program]) -> None:
    """Raise if what was written is not what is read."""
    packed = Packed(path)
    for name, section in index.items():
        if packed.index[name] != section:
            raise ValueError(f"the section `{name}` cannot be read back")
    for model_type, program in programs.items():
        if packed.program(model_type) != _whole(program):
            raise ValueError(f"the program of `{model_type}` cannot be read back")
