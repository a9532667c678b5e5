"""Where the name of an adapter leads: below a root, to the Hub, or to a store."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from loracfg.errors import LoracfgError
from loracfg.serving.local import LocalAdapter, below
from loracfg.sources.address import HubAddress, StoreAddress, WebAddress, parse_address
from loracfg.sources.archive.limits import RefusedFilesError
from loracfg.sources.archive.member_names import sound_name
from loracfg.sources.globs import matches_whole, split

_REMOTE_NAME: Final = r"[A-Za-z0-9][\w.@=+,-]*(/[\w@=+,-][\w.@=+,-]*)*"
"""A name that means the same in a URL as outside of one."""
_MOST: Final = 512
"""Characters of a name."""

RemoteAdapter = HubAddress | StoreAddress | WebAddress
"""An adapter on another machine."""


def below_roots(name: str, roots: Iterable[Path]) -> LocalAdapter | None:
    """Return the adapter with a name below one of some roots.

    Names are paths in their shortest form, so that an adapter has one name. Hidden folders are not
    found.
    """
    return below(roots, name) if _is_sound(name) else None


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


def in_stores(name: str, stores: Iterable[str]) -> list[RemoteAdapter]:
    """Return where an adapter may be in stores."""
    if not _is_remote(name):
        return []
    found = (parse_address(f"{store}/{name}") for store in stores)
    return [one for one in found if isinstance(one, HubAddress | StoreAddress | WebAddress)]


def _is_sound(name: str) -> bool:
    try:
        is_shortest = len(name) <= _MOST and sound_name(name) == name.rstrip("/")
    except RefusedFilesError:
        return False
    return is_shortest and not any(step.startswith(".") for step in name.split("/"))


def _is_remote(name: str) -> bool:
    return len(name) <= _MOST and re.fullmatch(_REMOTE_NAME, name, re.ASCII) is not None
