"""Where the name of an adapter leads: below a root, in the Hub's cache, or to another machine."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

from loracfg.adapter.directory import PICKLE_NAME, SAFETENSORS_NAME
from loracfg.adapter.files import Files, Folder
from loracfg.adapter.rooted_folder import RootedFolder, folder_below
from loracfg.config import CONFIG_NAME
from loracfg.errors import LoracfgError
from loracfg.sources.address import HubAddress, StoreAddress, WebAddress, parse_address
from loracfg.sources.archive.limits import RefusedFilesError
from loracfg.sources.archive.member_names import sound_name
from loracfg.sources.globs import matches_whole, split

READ_BY_VLLM: Final = (CONFIG_NAME, SAFETENSORS_NAME, PICKLE_NAME, "adapter_model.pt")
"""The files that vLLM opens (0.33.0, `vllm/lora/peft_helper.py`, `vllm/lora/lora_model.py`)."""
_REMOTE_NAME: Final = r"[A-Za-z0-9][\w.@=+,-]*(/[\w@=+,-][\w.@=+,-]*)*"
"""A name that means the same in a URL as outside of one."""
_MOST: Final = 512
"""Characters of a name."""


class LocalAdapter(NamedTuple):
    """An adapter in a folder on this machine.

    Attributes:
        folder: the folder, with links resolved.
        files: the files in it that may be read.
        leaks: a file that vLLM would read through a link out of the root; None if there is none.
        in_root: whether it is below a root, and not in the cache of the Hub.
    """

    folder: Path
    files: Files
    leaks: str | None = None
    in_root: bool = True


RemoteAdapter = HubAddress | StoreAddress | WebAddress
"""An adapter on another machine."""


def below_roots(name: str, roots: Iterable[Path]) -> LocalAdapter | None:
    """Return the adapter with a name below one of some roots.

    Names are paths in their shortest form, so that an adapter has one name. Hidden folders, and
    folders with neither a config nor weights, are not found.
    """
    if not _is_sound(name):
        return None
    found = folder_below(roots, name)
    if found is None or not has_adapter(found.path):
        return None
    leaks = next((one for one in READ_BY_VLLM if _leaks(found, one)), None)
    return LocalAdapter(found.path, found, leaks)


def on_hub(name: str, patterns: Iterable[str]) -> HubAddress | None:
    """Return the repository with a name, `org/name[@revision][/folder]`, if a pattern allows it."""
    if not _is_remote(name):
        return None
    try:
        address = parse_address(f"hf://{name}")
    except LoracfgError:
        return None
    if not isinstance(address, HubAddress):
        return None
    steps = split(address.repo)
    return address if any(matches_whole(split(one), steps) for one in patterns) else None


def in_cache(address: HubAddress) -> LocalAdapter | None:
    """Return a repository of the Hub in the local cache."""
    from loracfg.sources.hub.cached import open_cached

    source = open_cached(address)
    if source is None or source.path is None:
        return None
    return LocalAdapter(source.path, Folder(source.path), in_root=False)


def in_stores(name: str, stores: Iterable[str]) -> list[RemoteAdapter]:
    """Return where an adapter may be in stores."""
    if not _is_remote(name):
        return []
    found = (parse_address(f"{store}/{name}") for store in stores)
    return [one for one in found if isinstance(one, HubAddress | StoreAddress | WebAddress)]


def has_adapter(folder: Path) -> bool:
    """Tell whether a folder has any file that makes it an adapter, even a broken one."""
    return any(os.path.lexists(folder / name) for name in READ_BY_VLLM)


def _is_sound(name: str) -> bool:
    try:
        is_shortest = len(name) <= _MOST and sound_name(name) == name.rstrip("/")
    except RefusedFilesError:
        return False
    return is_shortest and not any(step.startswith(".") for step in name.split("/"))


def _is_remote(name: str) -> bool:
    return len(name) <= _MOST and re.fullmatch(_REMOTE_NAME, name, re.ASCII) is not None


def _leaks(folder: RootedFolder, name: str) -> bool:
    return os.path.lexists(folder.path / name) and not folder.has_inside(name)
