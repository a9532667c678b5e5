"""Finds a base that only an adapter names, which may make loracfg read little.

Anybody can write an adapter. The name of its base leads to an id, or to a folder on this machine,
of which only regular files are read that lie in it. Neither facts nor links out of it count.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from loracfg.base.finding.base_folder import NOT_FOUND, BaseFiles, exists, read_folder
from loracfg.base.finding.hub import absent, find_id
from loracfg.document.display import printable
from loracfg.report.fault import Fault
from loracfg.report.report import Location
from loracfg.sources.hub.repo_id import parse_id
from loracfg.urls import redacted

_LONGEST: Final = 4096
"""The longest path that Linux has."""
_SHOWN: Final = 200


def find_base_of_adapter(
    named: str,
    revision: str | None = None,
    *,
    online: bool = False,
    folders: bool = True,
    isolated: bool = False,
) -> tuple[BaseFiles | None, list[Fault]]:
    """Read the config of a base that an adapter names, not the user.

    Args:
        named: what the adapter names.
        revision: branch, tag or commit of an id; `main` unless the name has a different one.
        online: whether the config of an id may be fetched if it is not in the cache.
        folders: whether a folder on this machine may be meant.
        isolated: whether nothing may be looked up.

    The kinds of faults are those of `find_base`.
    """
    model = parse_id(named)
    if isolated:
        return None, [absent(model) if model else not_a_folder(named)]
    if folders and _can_be_path(named) and exists(named):
        path = Path(named)
        return read_folder(path, named, _root_of(path)) if path.is_dir() else _not_read(named)
    if model is None:
        return None, [not_a_folder(named)]
    model = model._replace(revision=revision) if revision else model
    return find_id(model, online=online, keeps_inside=True)


def not_a_folder(named: str) -> Fault:
    """Return the fault of a name that leads nowhere."""
    shown = printable(redacted(named), _SHOWN)
    return Fault(NOT_FOUND, f"`{shown}` is not a local folder", Location(shown))


def _not_read(named: str) -> tuple[None, list[Fault]]:
    message = "it is not a folder, as what only the adapter names must be; pass it with `--base`"
    return None, [Fault("base-not-config", message, Location(named))]


def _can_be_path(named: str) -> bool:
    """Tell whether a name can be a path on this machine; `//` starts one on a different machine."""
    return 0 < len(named) <= _LONGEST and named[:2].replace("\\", "/") != "//"


def _root_of(folder: Path) -> Path:
    """Return the folder that links must not leave: in the Hub's cache, that of the repository."""
    real = folder.resolve()
    for snapshot in (real, *real.parents):
        repo = snapshot.parent.parent
        if snapshot.parent.name == "snapshots" and repo.name.startswith("models--"):
            return repo
    return real
