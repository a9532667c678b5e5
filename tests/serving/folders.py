"""Folders of adapters: sound ones, and one for each named defect."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from loracfg.testing.copies import Copy
from loracfg.testing.defects import DEFECTS

EXAMPLES: Final = Path(__file__).resolve().parents[2] / "docs" / "examples"
BASE: Final = EXAMPLES / "base"
SOUND: Final = EXAMPLES / "adapter"


class Broken(NamedTuple):
    """A broken adapter: its name below a root, and the rule that must refuse it."""

    name: str
    code: str


def spoilt(sound: Copy, only: frozenset[str] | None = None) -> Iterator[tuple[str, str, Copy]]:
    """Yield a copy with each defect that an adapter can have, with its name and rule."""
    for defect in DEFECTS:
        if only is not None and defect.name not in only:
            continue
        copy = Copy(dict(sound.config), dict(sound.tensors))
        if defect.apply(copy):
            yield defect.name, defect.code, copy


def write_broken(root: Path, sound: Copy, only: frozenset[str] | None = None) -> list[Broken]:
    """Write a folder below `root` for each defect that an adapter can have."""
    found = []
    for name, code, copy in spoilt(sound, only):
        write(root / name, copy)
        found.append(Broken(name, code))
    return found


def write(folder: Path, copy: Copy) -> None:
    """Write the files of an adapter to a new folder."""
    folder.mkdir(parents=True)
    for name, data in copy.written().contents.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)


def write_sound(folder: Path) -> Path:
    """Copy the sound example to a new folder."""
    return Path(shutil.copytree(SOUND, folder))
