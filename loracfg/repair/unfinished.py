"""Write a folder so that it appears in one step; leftovers of interrupted runs are removed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path
from typing import BinaryIO, Final

MARK: Final = ".loracfg-unfinished"
"""A file in a folder that is being written, locked by the process that writes it."""


@contextmanager
def new_folder(output: Path) -> Iterator[Path]:
    """Yield a new folder to fill, which is renamed to `output` when it is complete.

    This removes what killed runs left behind for the same output.

    Raises:
        OSError: the folder cannot be created or renamed.
    """
    _remove_leftovers(output)
    new = output.with_name(f"{output.name}.{os.getpid()}.new")
    new.mkdir(parents=True)
    try:
        with (new / MARK).open("wb") as mark:
            _lock(mark)
            yield new
        (new / MARK).unlink()
        new.replace(output)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _remove_leftovers(output: Path) -> None:
    for folder in output.parent.glob(f"{escape(output.name)}.*.new"):
        with suppress(OSError), (folder / MARK).open("rb") as mark:
            if _lock(mark):  # otherwise another process is writing it
                shutil.rmtree(folder, ignore_errors=True)


def _lock(mark: BinaryIO) -> bool:
    """Lock a file until it is closed or the process ends; return False if it is locked."""
    try:
        from fcntl import LOCK_EX, LOCK_NB, flock
    except ImportError:  # Windows does not have it
        return False
    try:
        flock(mark, LOCK_EX | LOCK_NB)
    except OSError:
        return False
    return True
