"""Where on this machine is what resources name by URIs; nothing is fetched."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Final

from loracfg.adapter.rooted_folder import folder_below
from loracfg.errors import LoracfgError
from loracfg.named_tuple import NamedTuple
from loracfg.serving.local import LocalAdapter, below, in_cache
from loracfg.sources.address import HubAddress, parse_address
from loracfg.sources.archive.limits import RefusedFilesError
from loracfg.sources.archive.member_names import sound_name

_HUB: Final = ("hf://", "huggingface://")
_FILE: Final = "file://"
_REVISION: Final = r"(?P<repo>[^:@]+):(?P<revision>[^:@/]+)"
"""A repository of the Hub as KServe writes it."""


class Places(NamedTuple):
    """Folders on this machine, and what is in them.

    Attributes:
        mapped: folders with links resolved, by the URI or name that stands for each.
        roots: folders with links resolved, in which absolute paths are found.
    """

    mapped: Mapping[str, Path]
    roots: tuple[Path, ...] = ()

    def adapter(self, uri: str) -> LocalAdapter | None:
        """Return the adapter at a URI; None if it is not on this machine."""
        for root, rest in self._candidates(uri):
            if (found := below([root], rest or ".")) is not None:
                return found
        address = _hub_address(uri)
        return in_cache(address) if address else None

    def base(self, named: str) -> str | None:
        """Return the folder of a base, or its id if the cache of the Hub has it; None if neither.

        Args:
            named: a URI, an id, or the name of a served model.
        """
        for root, rest in self._candidates(named):
            if (found := folder_below([root], rest or ".")) is not None:
                return str(found.path)
        address = _hub_address(named if "://" in named else f"hf://{named}")
        if address is None or address.inside:
            return None
        return _cached_id(address)

    def _candidates(self, uri: str) -> Iterable[tuple[Path, str]]:
        """Yield folders and paths in them that a URI may stand for; the longest match first."""
        for start in sorted(self.mapped, key=len, reverse=True):
            rest = _after(start, uri)
            if rest is not None:
                yield self.mapped[start], rest
        path = uri.removeprefix(_FILE)
        if path.startswith("/"):
            for root in self.roots:
                rest = _after(str(root), str(PurePosixPath(path)))
                if rest is not None:
                    yield root, rest


def _after(start: str, uri: str) -> str | None:
    """Return what follows a prefix of a URI that ends between two steps; None for another URI."""
    start, uri = start.rstrip("/"), uri.rstrip("/")
    if uri == start:
        return ""
    if not uri.startswith(start + "/"):
        return None
    return _sound(uri[len(start) + 1 :])


def _sound(path: str) -> str | None:
    """Return a relative path that stays in its folder, or None."""
    try:
        return sound_name(path).rstrip("/")
    except RefusedFilesError:
        return None


def _hub_address(uri: str) -> HubAddress | None:
    scheme = next((one for one in _HUB if uri.startswith(one)), None)
    if scheme is None:
        return None
    rest = uri.removeprefix(scheme)
    if match := re.fullmatch(_REVISION, rest):
        rest = f"{match['repo']}@{match['revision']}"
    try:
        address = parse_address(f"hf://{rest}")
    except LoracfgError:
        return None
    return address if isinstance(address, HubAddress) else None


def _cached_id(address: HubAddress) -> str | None:
    """Return the id of a base if the cache of the Hub has a commit of it."""
    from loracfg.sources.hub.cache import cache_folder, cached_commit
    from loracfg.sources.hub.repo_id import MAIN, ModelId

    model = ModelId(address.repo, address.revision or MAIN)
    try:
        commit = cached_commit(model, cache_folder() / model.folder_name)
    except (OSError, ValueError):
        return None
    if commit is None:
        return None
    return f"{address.repo}@{address.revision}" if address.revision else address.repo
