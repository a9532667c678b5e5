"""List adapters below a prefix of an object store, with the ETags of their files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from loracfg.audit.listing.listed import Listed, digest_of
from loracfg.named_tuple import NamedTuple
from loracfg.sources.address import StoreAddress
from loracfg.sources.excluded import Excluded, is_hidden
from loracfg.sources.remote.place import is_file
from loracfg.sources.remote.store import MOST_IN_FOLDER, StoreEntry, StorePlace
from loracfg.sources.source import OWN_FILES


def listed_in_store(
    address: StoreAddress, place: StorePlace, excluded: Excluded
) -> Iterator[Listed]:
    """Yield the adapters below an address, or the address itself if there are none.

    The entries of a folder are held until its last one has come; those of all others are not.
    """
    direct = () if is_file(place.path) else place.entries_in(place.path, MOST_IN_FOLDER)
    if not direct or not OWN_FILES.isdisjoint(one.name for one in direct):
        yield Listed(address)  # as of a folder here, what is below an adapter is not meant
        return
    is_found = False
    for folder in _folders(place):
        path = PurePosixPath(folder.path).relative_to(PurePosixPath(place.path))
        is_adapter = not OWN_FILES.isdisjoint(entry.name for entry in folder.entries)
        if is_adapter and not _is_left_out(path, excluded):
            is_found = True
            url = f"{address.url.rstrip('/')}/{path}" if path.parts else address.url
            entries = tuple(sorted(folder.entries))
            version = digest_of([(one.name, one.size, one.version) for one in entries])
            is_versioned = all(one.version for one in entries if not one.is_folder)
            yield Listed(StoreAddress(url), version if is_versioned else None, entries)
    if not is_found:
        yield Listed(address)


class _Folder(NamedTuple):
    path: str
    entries: list[StoreEntry]


def _folders(place: StorePlace) -> Iterator[_Folder]:
    """Yield the folders with files below a place, each when its last entry has come."""
    root = str(PurePosixPath(place.path))
    waiting: list[_Folder] = []
    for entry in place.entries_below(place.path):
        home = str(PurePosixPath(entry.path).parent)
        while waiting and not _is_within(home, waiting[-1].path):
            yield waiting.pop()
        for path in _steps(home, waiting[-1].path if waiting else None, root):
            if waiting:
                waiting[-1].entries.append(StoreEntry(path, is_folder=True))
            waiting.append(_Folder(path, []))
        waiting[-1].entries.append(entry)
        if len(waiting[-1].entries) > MOST_IN_FOLDER:
            raise place.too_many(MOST_IN_FOLDER)
    while waiting:
        yield waiting.pop()


def _steps(home: str, above: str | None, root: str) -> list[str]:
    """Return the folders from the one that is open to the one of an entry."""
    first = above if above is not None else root
    found = [] if above is not None else [root]
    for step in PurePosixPath(home).relative_to(first).parts:
        first = f"{first}/{step}"
        found.append(first)
    return found


def _is_within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder}/")


def _is_left_out(path: PurePosixPath, excluded: Excluded) -> bool:
    parents = ["", *path.parts]
    if any(map(is_hidden, path.parts, parents)):
        return True
    steps = range(1, len(path.parts) + 1)
    return any(excluded.has(str(PurePosixPath(*path.parts[:n]))) for n in steps)
