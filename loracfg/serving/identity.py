"""What changes when the content of a folder does, from `stat` alone."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from loracfg.named_tuple import NamedTuple
from loracfg.sources.hub.cache import cache_folder, cached_commit
from loracfg.sources.hub.repo_id import parse_id

_MOST_FILES: Final = 2_000
"""Folders with more files have no identity, so what was found out about them is not kept."""


class FileState(NamedTuple):
    """The state of a file; writing to it, replacing it and restoring its time all change this.

    Attributes:
        name: the name in its folder.
        device: the device that it is on.
        inode: its number there, which is another for a file that replaces it.
        size: the size in bytes.
        modified: when its content was changed, in nanoseconds; programs can set this.
        changed: when its content or its entry was changed, in nanoseconds; programs cannot.
    """

    name: str
    device: int
    inode: int
    size: int
    modified: int
    changed: int


Identity = tuple[FileState, ...]

_TICK: Final = 2 * 10**9
"""Nanoseconds within which a second change may leave no trace; a second on some file systems."""


def is_settled(identity: Identity, now: int) -> bool:
    """Tell whether any later change shows, since the last one was not just now.

    Args:
        identity: the states of files.
        now: the time in nanoseconds.
    """
    return all(one.changed < now - _TICK for one in identity)


def identity_of(folder: Path) -> Identity | None:
    """Return the states of the files in a folder; None if they cannot be listed.

    Links are followed, so a link that leads to a different file changes the result.
    """
    found: list[FileState] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if len(found) == _MOST_FILES:
                    return None
                found.append(_state(entry))
    except (OSError, ValueError):  # no path can have a null character
        return None
    return tuple(sorted(found))


def identity_of_base(named: str) -> Identity | None:
    """Return the states of the files that a base is read from; None if they cannot be listed.

    Args:
        named: a folder, a file in one, or an id, whose commit is looked up in the local cache.
    """
    if os.path.isdir(named):  # noqa: PTH112  # it never raises
        return identity_of(Path(named))
    if os.path.exists(named):  # noqa: PTH110  # it never raises
        return identity_of(Path(named).parent)  # facts belong to the config next to them
    model = parse_id(named)
    if model is None:
        return None
    repo = cache_folder() / model.folder_name
    try:
        commit = cached_commit(model, repo)
    except OSError:
        return None
    return identity_of(repo / "snapshots" / commit) if commit else None


def state_of(path: Path) -> FileState:
    """Return the state of a file.

    Raises:
        OSError: it does not exist, or must not be accessed.
    """
    return _state_at(path.name, path.stat())


def _state(entry: os.DirEntry[str]) -> FileState:
    try:
        at = os.stat(entry.path)  # noqa: PTH116  # faster
    except OSError:  # a link to nothing
        at = entry.stat(follow_symlinks=False)
    return _state_at(entry.name, at)


def _state_at(name: str, at: os.stat_result) -> FileState:
    return FileState(name, at.st_dev, at.st_ino, at.st_size, at.st_mtime_ns, at.st_ctime_ns)
