"""Create files and folders in one step where strangers may have put links and other traps."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

_PERMISSIONS: Final = 0o777


def create(path: Path, mode: int = 0o666) -> BinaryIO:
    """Create a file for writing, with no more permissions than those of a mode.

    Raises:
        OSError: it cannot be created, or its name is in use, even by a link to nothing.
    """

    def opener(name: str, flags: int) -> int:
        return os.open(name, flags, mode & _PERMISSIONS)

    return open(path, "xb", opener=opener)  # `Path.open` has no opener


@contextmanager
def replacing(path: Path, new_mode: int = 0o666) -> Iterator[BinaryIO]:
    """Yield a new file that takes the place of the one at a path when it is complete.

    It gets the permissions of the file that it replaces, or `new_mode` without one. A link is
    replaced, not followed.

    Raises:
        OSError: it cannot be written; nothing has changed then.
    """
    new, mode = _unused_name(path), _mode_of(path)
    try:
        with create(new, new_mode if mode is None else mode) as stream:
            if mode is not None and hasattr(os, "fchmod"):
                os.fchmod(stream.fileno(), mode)
            yield stream
        new.replace(path)
    finally:
        with suppress(OSError):  # as on a file system that is read only
            new.unlink(missing_ok=True)


@contextmanager
def new_folder(path: Path, mode: int = 0o777) -> Iterator[Path]:
    """Yield a folder to fill, which is renamed to a path when it is complete.

    Raises:
        OSError: it cannot be created or renamed.
    """
    new = _unused_name(path)
    new.mkdir(mode & _PERMISSIONS, parents=True)
    try:
        yield new
        new.replace(path)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _unused_name(path: Path) -> Path:
    """Return a hidden name next to a path that nobody can guess."""
    return path.with_name(f".loracfg-{os.urandom(8).hex()}")


def _mode_of(path: Path) -> int | None:
    try:
        mode = path.lstat().st_mode
    except OSError:
        return None
    return mode & _PERMISSIONS if stat.S_ISREG(mode) else None
