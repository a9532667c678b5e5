"""Open adapters in the local cache of huggingface_hub."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from loracfg.adapter.directory import PICKLE_NAME, SAFETENSORS_NAME
from loracfg.adapter.files import Folder
from loracfg.config import CONFIG_NAME
from loracfg.sources.address import HubAddress
from loracfg.sources.hub.cache import cache_folder, cached_commit
from loracfg.sources.hub.repo_id import MAIN, ModelId
from loracfg.sources.source import Source

_UNLISTED: Final = "the local cache has only the files that were downloaded"


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
        folder = repo / "snapshots" / commit / address.inside
        if not _has_adapter(folder):
            return None
    except (OSError, ValueError):
        return None
    return Source(str(address), Folder(folder), "folder", folder, _UNLISTED)


def _has_adapter(folder: Path) -> bool:
    has_weights = any((folder / name).is_file() for name in (SAFETENSORS_NAME, PICKLE_NAME))
    return has_weights and (folder / CONFIG_NAME).is_file()
