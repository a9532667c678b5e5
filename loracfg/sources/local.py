"""Open what is on disk: a folder, a single weight file, or an archive of adapters."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from loracfg.adapter.files import DEAD_LINK, FOLDER, Folder, kind_at
from loracfg.sources.source import (
    GIVE_FOLDER,
    NO_ADAPTER,
    NO_SUCH_PATH,
    NOT_AN_ADAPTER,
    OWN_FILES,
    LocalFile,
    LoneFile,
    Source,
    SourceError,
)

LONE: Final = ".safetensors"
_OTHER_ARCHIVES: Final = frozenset({".bz2", ".tbz2", ".xz", ".txz", ".zst", ".7z", ".rar"})


def open_path(home: Path, hint: str = "check the path") -> Iterator[Source]:
    """Yield the adapters at a path: one, or those in an archive.

    Args:
        home: the path.
        hint: what to do if it does not exist.

    Raises:
        SourceError: if there are none.
        OSError: if it cannot be read.
    """
    if home.is_dir():
        yield Source(str(home), Folder(home), "folder", home)
        return
    if not home.is_file():
        raise _no_file(home, hint)
    if home.suffix.lower() == LONE:
        yield Source(str(home), LoneFile(LocalFile(home)), "file", home)
        return
    from loracfg.sources.archive.opened import is_archive, pieces_of
    from loracfg.sources.archive_adapters import adapters_in_archive

    if not is_archive(home):
        raise _unknown(home)
    yield from adapters_in_archive(str(home), lambda: pieces_of(home))


def home_of(path: Path) -> Path:
    """Return the folder if the path names an adapter's file, even a dead link or no real file."""
    if path.name not in OWN_FILES:
        return path
    try:
        kind = kind_at(path)
        return path.parent if path.is_file() or kind not in (None, FOLDER) else path
    except (OSError, ValueError):
        return path  # it is read later, and errors are reported then


def on_disk(path: Path) -> Path:
    """Return the archive that a path leads into, or else the path."""
    if os.path.lexists(path):
        return path
    return next((one for one in path.parents if one.is_file()), path)


def _no_file(home: Path, hint: str) -> SourceError:
    kind = kind_at(home)
    if kind is None:
        return SourceError(NO_SUCH_PATH, f"`{home}` does not exist", hint)
    code = NO_SUCH_PATH if kind == DEAD_LINK else NOT_AN_ADAPTER
    return SourceError(code, f"`{home}` is {kind}", GIVE_FOLDER)


def _unknown(home: Path) -> SourceError:
    if trainer := _trainer_of(home):
        message = f"`{home}` is a config of {trainer}, not an adapter"
        return SourceError(NOT_AN_ADAPTER, message, f"run `loracfg plan {home} --base BASE`")
    message = NO_ADAPTER.format(home)
    has_own = any((home.parent / name).is_file() for name in OWN_FILES)
    advice = f"pass its folder, `{home.parent}`" if has_own else GIVE_FOLDER
    if home.suffix.lower() in _OTHER_ARCHIVES:
        advice = "unpack it first; only zip, tar and tar.gz archives are read"
    return SourceError(NOT_AN_ADAPTER, message, advice)


def _trainer_of(home: Path) -> str | None:
    """Return the training tool that a file seems to be a config of, or None."""
    from loracfg.sources.trainer_marks import MAX_BYTES, SUFFIXES, trainer_of_text

    if home.suffix.lower() not in SUFFIXES:
        return None
    try:
        with home.open("rb") as stream:
            return trainer_of_text(stream.read(MAX_BYTES).decode("utf-8", "replace"))
    except OSError:
        return None
