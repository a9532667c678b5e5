"""Unpack an adapter of an archive to a temporary folder, for what needs all of its files."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from loracfg.adapter.files import Folder
from loracfg.errors import LoracfgError
from loracfg.sources.source import Source

_PREFIX: Final = "loracfg-unpacked-"


def with_all_files(source: Source) -> Source:
    """Return an adapter with all its files; one in an archive is unpacked.

    Raises:
        LoracfgError: it cannot be unpacked.
    """
    if source.unpack is None:
        return source
    folder: Path | None = None
    try:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
        source.unpack(folder)
    except OSError as error:
        _remove(folder)
        why = error.strerror or error
        raise LoracfgError(f"`{source.name}` cannot be unpacked: {why}", "unpack it") from None
    except BaseException:
        _remove(folder)
        raise
    return source._replace(files=Folder(folder), kind="folder", path=folder, unpack=None)


def remove_unpacked(source: Source) -> None:
    """Remove the temporary folder of an adapter that was unpacked."""
    if source.path and source.path.name.startswith(_PREFIX) and str(source.path) != source.name:
        _remove(source.path)


@contextmanager
def all_files_of(source: Source) -> Iterator[Source]:
    """Yield an adapter with all its files, and remove what was unpacked."""
    whole = with_all_files(source)
    try:
        yield whole
    finally:
        remove_unpacked(whole)


def _remove(folder: Path | None) -> None:
    if folder is not None:
        shutil.rmtree(folder, ignore_errors=True)
