"""Adapters in folders on this machine, as a gate hands them to an engine."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from loracfg.adapter.directory import PICKLE_NAME, SAFETENSORS_NAME
from loracfg.adapter.files import Files, Folder
from loracfg.adapter.rooted_folder import RootedFolder, folder_below
from loracfg.config import CONFIG_NAME
from loracfg.named_tuple import NamedTuple
from loracfg.sources.address import HubAddress

READ_BY_VLLM: Final = (CONFIG_NAME, SAFETENSORS_NAME, PICKLE_NAME, "adapter_model.pt")
"""The files that vLLM opens (0.33.0, `vllm/lora/peft_helper.py`, `vllm/lora/lora_model.py`)."""


class LocalAdapter(NamedTuple):
    """An adapter in a folder on this machine.

    Attributes:
        folder: the folder, with links resolved.
        files: the files in it that may be read.
        leaks: a file that an engine would read through a link out of the root; None if none.
        in_root: whether it is below a root, and not in the cache of the Hub.
    """

    folder: Path
    files: Files
    leaks: str | None = None
    in_root: bool = True


def below(roots: Iterable[Path], name: str) -> LocalAdapter | None:
    """Return the adapter with a relative path below one of some roots.

    A folder with neither a config nor weights is no adapter.
    """
    found = folder_below(roots, name)
    if found is None or not _has_adapter(found.path):
        return None
    leaks = next((one for one in READ_BY_VLLM if _leaks(found, one)), None)
    return LocalAdapter(found.path, found, leaks)


def in_cache(address: HubAddress) -> LocalAdapter | None:
    """Return an adapter on the Hub that is in the local cache."""
    from loracfg.sources.hub.cached import open_cached

    source = open_cached(address)
    if source is None or source.path is None:
        return None
    return LocalAdapter(source.path, Folder(source.path), in_root=False)


def _has_adapter(folder: Path) -> bool:
    """Tell whether a folder has any file that makes it an adapter, even a broken one."""
    return any(os.path.lexists(folder / name) for name in READ_BY_VLLM)


def _leaks(folder: RootedFolder, name: str) -> bool:
    return os.path.lexists(folder.path / name) and not folder.has_inside(name)
