"""Open adapters in the local cache of huggingface_hub."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from loracfg.adapter.directory import PICKLE_NAME, SAFETENSORS_NAME
from loracfg.adapter.files import Folder
from loracfg.config import CONFIG_NAME
from loracfg.sources.address import HubAddress
from loracfg.sources.hub.cache import cache_folder, cached_commit
from loracfg.sources.hub.repo_id import MAIN, ModelId
from loracfg.sources.source import OWN_FILES, Source

UNLISTED = "the local cache has only the files that were downloaded"


def folder_inside(inside: str) -> str:
    """Return the folder that a path in a repository means; an adapter's file means its folder."""
    path = PurePosixPath(inside)
    home = path.parent if path.name in OWN_FILES else path
    return "" if home == PurePosixPath() else str(home)


def open_cached(address: HubAddress, commit: str | None = None) -> Source | None:
    """Return an adapter if the cache has its config and its weights.

    Args:
        address: the adapter.
        commit: the commit of its revision, if it is known.
    """
    model = ModelId(address.repo, address.revision or MAIN)
    repo = cache_folder() / model.folder_name
    try:
        commit = commit or cached_commit(model, repo)
        if commit is None:
            return None
        folder = repo / "snapshots" / commit / folder_inside(address.inside)
        return _source(str(address), folder) if _has_adapter(folder) else None
    except (OSError, ValueError):
        return None


def _has_adapter(folder: Path) -> bool:
    has_weights = any((folder / name).is_file() for name in (SAFETENSORS_NAME, PICKLE_NAME))
    return has_weights and (folder / CONFIG_NAME).is_file()


def _source(name: str, folder: Path) -> Source:
    return Source(name, Folder(folder), "folder", folder, UNLISTED)
