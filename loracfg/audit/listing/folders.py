"""List adapters in folders on this machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from loracfg.audit.listing.listed import Listed, digest_of
from loracfg.sources.address import SearchedFolder
from loracfg.sources.excluded import Excluded
from loracfg.sources.search import with_searched


def listed_below(path: Path, excluded: Excluded) -> Iterator[Listed]:
    """Yield the adapters below a folder, or what the path names if there are none."""
    for address in with_searched([path], excluded):
        version = version_of(address) if isinstance(address, Path) else None
        assert isinstance(address, Path | SearchedFolder)
        yield Listed(address, version)


def version_of(path: Path) -> str | None:
    """Return a digest of the names, sizes and times of what is in a folder, or of a file."""
    try:
        if path.is_dir():
            with os.scandir(path) as entries:
                found = sorted(_state(one) for one in entries)
        else:
            state = path.stat()
            found = [("", state.st_size, state.st_mtime_ns)]
    except (OSError, ValueError):
        return None
    return digest_of(found)


def _state(entry: os.DirEntry[str]) -> tuple[str, int, int]:
    state = entry.stat()
    return entry.name, state.st_size, state.st_mtime_ns
