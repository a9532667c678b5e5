"""A folder that appears in one step, and of which a run that ends early leaves nothing for long."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path
from typing import BinaryIO, Final

MARK: Final = ".loracfg-unfinished"
"""A file in a folder that is being written, locked by who writes it."""


@contextmanager
def new_folder(output: Path) -> Iterator[Path]:
    """Give a new folder to fill, which takes the place of `output` when all of it is there.

    What runs that were killed have left of the same output is removed.

    Raises:
        OSError: it cannot be made or moved.
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
            if _lock(mark):  # else someone is writing it
                shutil.rmtree(folder, ignore_errors=True)


def _lock(mark: BinaryIO) -> bool:
    """Lock a file until it is closed or the process ends; tell whether it was free."""
    try:
        from fcntl import LOCK_EX, LOCK_NB, flock
    except ImportError:  # there is none on Windows
        return False
    try:
        flock(mark, LOCK_EX | LOCK_NB)
    except OSError:
        return False
    return True
