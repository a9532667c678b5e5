"""Finds bases by their id on the Hugging Face Hub, in the local cache and without the client.

The layout of the cache is that of huggingface_hub 2.4.0 (`try_to_load_from_cache` in
`file_download.py`), which has not changed since 0.8: `models--org--name/refs/<revision>` contains a
commit, and `models--org--name/snapshots/<commit>` its files, most of them links to `blobs`.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final, NamedTuple

from loracfg.base.finding.base_folder import CONFIG, BaseFiles, exists, read_base
from loracfg.errors import LoracfgError
from loracfg.report.fault import Fault
from loracfg.report.report import Location

ID_FAULT: Final = "base-id-"
"""The prefix of faults with a message that names the id; other faults are about the files found."""

_REPO: Final = r"(\b[\w.-]{1,96}\b/)?\b[\w.-]{1,96}\b"
_COMMIT: Final = r"[0-9a-f]{40}"
_SNAPSHOT: Final = r"(?:^|/)models--([\w.-]+)/snapshots/[^/]+(?=/|$)"
_READ: Final = rf"(?P<repo>{_REPO})@{_COMMIT}(/\w+)?"
_STEP: Final = r"[^\s\x00-\x1f\x7f~^:?*\[\\/.][^\s\x00-\x1f\x7f~^:?*\[\\/]*"
"""A component of the name of a branch or tag (`git check-ref-format`), such as `refs` or `pr`."""
_MAX_REVISION: Final = 255
_MAIN: Final = "main"
_GIVE: Final = f"pass the folder with the base's `{CONFIG}` to `--base`"
_FETCH: Final = f"{_GIVE}, or use `--online` to fetch it"


class ModelId(NamedTuple):
    """The id of a model, with the branch, tag or commit as given."""

    repo: str
    revision: str = _MAIN

    @property
    def folder_name(self) -> str:
        """The name of its folder in the cache (`repo_folder_name`)."""
        return "--".join(("models", *self.repo.split("/")))


def parse_id(named: str) -> ModelId | None:
    """Read `name`, `org/name` or either with `@revision`, by the rules of `validate_repo_id`."""
    repo, at, revision = named.partition("@")
    if (
        not re.fullmatch(_REPO, repo, re.ASCII)
        or "--" in repo
        or ".." in repo
        or repo.endswith(".git")
    ):
        return None
    return ModelId(repo, revision if at else _MAIN)


def read_id(name: str) -> str | None:
    """Return the id in the name of `BaseFiles`, or None if the base was not found by an id."""
    match = re.fullmatch(_READ, name, re.ASCII)
    return match["repo"] if match else None


def cached_id(path: str) -> str | None:
    """Return the id in the path of a cached snapshot or a file in one; None for other paths.

    The path may be from a different computer, so nothing is looked up.
    """
    match = re.search(_SNAPSHOT, path.replace("\\", "/"), re.ASCII)
    found = parse_id(match[1].replace("--", "/")) if match else None
    return found.repo if found else None


def find_base(
    named: str, revision: str | None = None, *, online: bool = False
) -> tuple[BaseFiles | None, list[Fault]]:
    """Read the config of a base that is named by its folder, its `config.json` or its id.

    Local files come before the cache, and the cache before the Hub, as in transformers.

    Args:
        named: the name.
        revision: branch, tag or commit of an id; `main` unless the name has a different one.
        online: whether a config may be fetched if it is not in the cache.

    The kinds of faults are those of `read_base` and, for ids, `base-id-revision`,
    `base-id-not-cached`, `base-id-no-config` and `base-id-not-fetched`.
    """
    model = None if exists(named) else parse_id(named)
    if model is None:
        return read_base(named)
    if revision:
        model = model._replace(revision=revision)
    repo = cache_folder() / model.folder_name
    where = Location(str(repo))
    if not _is_revision(model.revision):
        message = f"`{model.revision}` is not a valid revision of `{model.repo}`"
        advice = "use an existing branch, tag or commit"
        return None, [Fault(f"{ID_FAULT}revision", message, where, advice)]
    try:
        return _read_id(model, repo, online)
    except LoracfgError as error:
        return None, [Fault(f"{ID_FAULT}not-fetched", error.message, where, error.help)]
    except OSError as error:
        message = f"the local cache cannot be read: {error.strerror or error}"
        return None, [Fault("base-unreadable", message, where, "make it readable")]


def cache_folder() -> Path:
    """Return the cache folder of huggingface_hub (`HF_HUB_CACHE` in `constants.py`)."""
    cache = os.environ.get("XDG_CACHE_HOME", str(Path("~", ".cache")))
    home = os.environ.get("HF_HOME", str(Path(cache, "huggingface")))
    old = os.environ.get("HUGGINGFACE_HUB_CACHE", str(Path(home, "hub")))
    named = os.environ.get("HF_HUB_CACHE", old)
    return Path(os.path.expandvars(os.path.expanduser(named)))  # noqa: PTH111  # never raises


def _is_revision(text: str) -> bool:
    steps = text.split("/")
    return (
        len(text) <= _MAX_REVISION
        and ".." not in text
        and all(re.fullmatch(_STEP, step) for step in steps)
    )


def _read_id(model: ModelId, repo: Path, online: bool) -> tuple[BaseFiles | None, list[Fault]]:
    commit = _commit(model, repo)
    snapshot = repo / "snapshots" / commit if commit else None
    if online and not (snapshot and (snapshot / CONFIG).is_file()):
        from loracfg.base.finding.download import fetch_config

        snapshot = fetch_config(model.repo, model.revision, repo.parent).parent
    if snapshot is None or not snapshot.is_dir():
        return None, [_absent(model, repo, commit)]
    files, faults = read_base(str(snapshot))
    if not online:
        faults = [f._replace(help=_FETCH) if f.kind == "base-config-missing" else f for f in faults]
    return files and files._replace(name=f"{model.repo}@{snapshot.name}"), faults


def _commit(model: ModelId, repo: Path) -> str | None:
    """Return the commit of a revision, if the cache knows it."""
    ref = repo / "refs" / model.revision
    commit = model.revision
    if ref.is_file():
        with ref.open("rb") as stream:
            commit = stream.read(41).decode("ascii", errors="replace")
    return commit if re.fullmatch(_COMMIT, commit) else None


def _absent(model: ModelId, repo: Path, commit: str | None) -> Fault:
    where = Location(str(repo))
    if commit and (repo / ".no_exist" / commit / CONFIG).is_file():
        message = f"`{model.repo}` has no `{CONFIG}` on the Hub at `{model.revision}`"
        return Fault(f"{ID_FAULT}no-config", message, where, _GIVE)
    if (repo / "snapshots").is_dir():
        message = f"the local cache has `{model.repo}`, but not its revision `{model.revision}`"
    else:
        return absent(model, str(repo))
    return Fault(f"{ID_FAULT}not-cached", message, where, _FETCH)


def absent(model: ModelId, where: str = "") -> Fault:
    """Return the fault of an id that is not in the cache, located at `where`."""
    message = f"`{model.repo}` is neither a local folder nor in the local cache"
    return Fault(f"{ID_FAULT}not-cached", message, Location(where), _FETCH)
