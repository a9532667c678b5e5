"""Search a folder for adapters."""

from __future__ import annotations

import os
import re
from collections.abc import Hashable, Iterable, Iterator
from pathlib import Path
from typing import Final

from loracfg.named_tuple import NamedTuple
from loracfg.sources.address import Address, SearchedFolder, identity
from loracfg.sources.excluded import Excluded, is_hidden
from loracfg.sources.source import OWN_FILES

_DIGITS: Final = r"(\d+)"


def with_searched(addresses: Iterable[Address], excluded: Excluded) -> Iterator[Address]:
    """Yield addresses, each folder without an adapter replaced by those of the adapters below it.

    A folder with none below it is yielded as a `SearchedFolder`. An adapter that is found or named
    again is left out.
    """
    addresses = list(addresses)
    if len(addresses) == 1:
        yield from _searched(addresses[0], excluded)
        return
    found: set[Hashable] = set()
    for address in addresses:
        for one in _searched(address, excluded):
            key = identity(one)
            if key not in found:
                found.add(key)
                yield one


def _searched(address: Address, excluded: Excluded) -> Iterator[Address]:
    if not isinstance(address, Path):
        yield address
        return
    search = _Search(str(address), excluded)
    is_found = False
    for folder in search.adapters():
        is_found = True
        yield address if folder == search.root else Path(folder)
    if not is_found:
        counted = search.entered or search.skipped
        empty = SearchedFolder(address, search.entered, search.skipped, search.excluded)
        yield empty if counted else address


class _Listing(NamedTuple):
    """What a folder has: whether an adapter, and the folders in it."""

    is_adapter: bool
    folders: list[str]
    links: frozenset[str]


_UNREADABLE: Final = _Listing(True, [], frozenset())
"""What stands for a folder that cannot be listed: it is opened as an adapter, which says so."""


class _Search:
    """A search below a folder, depth first and in the natural order of names."""

    def __init__(self, root: str, excluded: Excluded) -> None:
        self.root = root
        self.entered = self.skipped = self.excluded = 0
        self._excluded = excluded
        self._real_root = ""
        self._linked: set[tuple[int, int]] = set()

    def adapters(self) -> Iterator[str]:
        """Yield the folders of adapters: the root if it is one, else those below it."""
        try:
            listing = _listed(self.root)
        except (OSError, ValueError):  # a file, or nothing: it is opened as it is
            return
        if listing.is_adapter:
            yield self.root
            return
        waiting = [iter(self._below(self.root, listing, is_linked=False))]
        while waiting:
            entry = next(waiting[-1], None)
            if entry is None:
                waiting.pop()
                continue
            folder, is_linked = entry
            self.entered += 1
            try:
                listing = _listed(folder)
            except OSError:
                listing = _UNREADABLE
            if listing.is_adapter:
                yield folder
            waiting.append(iter(self._below(folder, listing, is_linked=is_linked)))

    def _below(
        self, folder: str, listing: _Listing, *, is_linked: bool
    ) -> Iterator[tuple[str, bool]]:
        """Yield the folders to enter next, and whether a link led there."""
        home = os.path.basename(folder)  # noqa: PTH119
        for name in sorted(listing.folders, key=natural_order):
            path = name if folder == "." else os.path.join(folder, name)  # noqa: PTH118
            is_excluded = self._excluded.has(path)
            if is_excluded or is_hidden(name, home):
                self.skipped += 1
                self.excluded += is_excluded
            elif name in listing.links:
                if self._is_elsewhere(path) and self._is_new(path):
                    yield path, True
            elif not is_linked or self._is_new(path):
                yield path, is_linked

    def _is_elsewhere(self, link: str) -> bool:
        """Tell whether a link leads to a folder that is not searched anyway.

        One to a folder around the root leads in a circle.
        """
        root = self._real_root = self._real_root or os.path.realpath(self.root)
        real = os.path.realpath(link)
        if _is_within(root, real):
            return False
        if not _is_within(real, root):
            return True
        steps = Path(real).relative_to(root).parts
        parents = [os.path.basename(root), *steps]  # noqa: PTH119
        if any(map(is_hidden, steps, parents)):
            return True
        below = (os.path.join(self.root, *steps[: n + 1]) for n in range(len(steps)))  # noqa: PTH118
        return any(map(self._excluded.has, below))

    def _is_new(self, path: str) -> bool:
        """Tell whether no link has led to a folder yet, and note that one does now."""
        try:
            state = os.stat(path)  # noqa: PTH116
        except OSError:
            return False
        key = state.st_dev, state.st_ino
        is_new = key not in self._linked
        self._linked.add(key)
        return is_new


def _listed(folder: str) -> _Listing:
    is_adapter, folders, links = False, [], set()
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name in OWN_FILES:
                is_adapter = True
            elif _is_folder(entry):
                folders.append(entry.name)
                if entry.is_symlink():
                    links.add(entry.name)
    return _Listing(is_adapter, folders, frozenset(links))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads to itself
        return False


def _is_within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def natural_order(name: str) -> tuple[list[str | int], str]:
    """Return a key by which `checkpoint-2` comes before `checkpoint-10`."""
    parts = re.split(_DIGITS, name)
    return [int(part) if at % 2 else part for at, part in enumerate(parts)], name
