"""Reads the headers of a checkpoint's files: a single file, or the shards that an index names."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Final

from loracfg.adapter.files import is_regular, open_regular
from loracfg.adapter.header.safetensors_file import read_safetensors
from loracfg.adapter.header.tensor import Tensor
from loracfg.document.json_document import is_lfs_pointer
from loracfg.report.fault import Fault
from loracfg.report.report import Location

SINGLE: Final = "model.safetensors"
INDEX: Final = "model.safetensors.index.json"
MAX_INDEX_BYTES: Final = 64_000_000


def read_tensors(folder: Path, root: Path | None = None) -> tuple[dict[str, Tensor], list[Fault]]:
    """Return the tensors of the checkpoint in a folder, and the faults of its files.

    Args:
        folder: has `model.safetensors`, or `model.safetensors.index.json` and its shards.
        root: the folder that links must not leave; None if they may.
    """
    if is_regular(folder / SINGLE, root):
        return _read_shard(folder, SINGLE, root)
    return _read_shards(folder, root) if is_regular(folder / INDEX, root) else ({}, [])


def shard_names(folder: Path, root: Path | None = None) -> list[str]:
    """Return the names of the files that `read_tensors` reads, without the index."""
    if is_regular(folder / SINGLE, root):
        return [SINGLE]
    if not is_regular(folder / INDEX, root):
        return []
    return _present(folder, _read_index(folder / INDEX, root)[0], root)


def _read_shard(
    folder: Path, name: str, root: Path | None
) -> tuple[dict[str, Tensor], list[Fault]]:
    path = folder / name
    shown = path.as_posix()
    try:
        with open_regular(path, root) as stream:
            header, faults = read_safetensors(stream, path.stat().st_size, shown)
    except OSError as error:
        message = f"the file cannot be read: {error.strerror or error}"
        return {}, [Fault("base-unreadable", message, Location(shown))]
    found = [fault._replace(kind=f"base-{fault.kind}") for fault in faults]
    return (header.tensors if header else {}), found


def _read_shards(folder: Path, root: Path | None) -> tuple[dict[str, Tensor], list[Fault]]:
    weight_map, faults = _read_index(folder / INDEX, root)
    tensors: dict[str, Tensor] = {}
    present = _present(folder, weight_map, root)
    for name in present:
        read, found = _read_shard(folder, name, root)
        tensors |= read
        faults += found
    absent = [name for name in sorted(set(weight_map.values())) if name not in present]
    where = Location((folder / INDEX).as_posix())
    return tensors, faults + _index_faults(where, weight_map, tensors, absent)


def _present(folder: Path, weight_map: Mapping[str, str], root: Path | None) -> list[str]:
    """Return the shards of an index that are in the folder."""
    shards = sorted(set(weight_map.values()))
    return [name for name in shards if _inside(name) and is_regular(folder / name, root)]


def _read_index(path: Path, root: Path | None) -> tuple[dict[str, str], list[Fault]]:
    """Return the file name of each tensor. The index is large, so `json` reads it."""
    where = Location(path.as_posix())
    try:
        with open_regular(path, root) as stream:
            data = stream.read(MAX_INDEX_BYTES + 1)
    except OSError as error:
        message = f"the file cannot be read: {error.strerror or error}"
        return {}, [Fault("base-unreadable", message, where)]
    if is_lfs_pointer(data):
        message = "the file is a Git LFS pointer, not the file itself"
        advice = "run `git lfs pull` in the repository"
        return {}, [Fault("base-git-lfs-pointer", message, where, advice)]
    if len(data) > MAX_INDEX_BYTES:
        message = f"the index has more than {MAX_INDEX_BYTES} bytes"
        return {}, [Fault("base-file-too-large", message, where)]
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        return {}, [Fault("base-json-syntax", f"not valid JSON: {error}", where)]
    weight_map = value.get("weight_map") if isinstance(value, dict) else None
    if not isinstance(weight_map, dict) or any(type(n) is not str for n in weight_map.values()):
        message = "the index has no `weight_map` from tensor names to file names"
        return {}, [Fault("base-index-invalid", message, where)]
    return weight_map, []


def _inside(name: str) -> bool:
    """Return whether a file name is possible and does not leave the folder."""
    path = PurePosixPath(name)
    possible = 0 < len(name) < 256 and "\0" not in name
    return possible and not path.is_absolute() and ".." not in path.parts


def _index_faults(
    where: Location, weight_map: dict[str, str], tensors: Mapping[str, Tensor], absent: list[str]
) -> list[Fault]:
    faults = []
    if absent:
        message = f"`{absent[0]}` is not in the folder"
        if len(absent) > 1:
            message = f"{len(absent)} shards are not in the folder, such as `{absent[0]}`"
        faults.append(Fault("base-shard-missing", message, where, "download the base again"))
    gone = set(absent)
    lost = [name for name, file in weight_map.items() if file not in gone and name not in tensors]
    if lost and tensors:
        message = f"the shards do not have `{lost[0]}`, which the index lists"
        if len(lost) > 1:
            count = len(lost)
            message = f"the shards do not have {count} tensors in the index, such as `{lost[0]}`"
        faults.append(Fault("base-index-mismatch", message, where, "download the base again"))
    return faults
