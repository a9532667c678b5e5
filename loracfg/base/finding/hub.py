"""Finds bases by their id on the Hugging Face Hub and in the local cache."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from loracfg.base.finding.base_folder import CONFIG, BaseFiles, exists, read_base, read_folder
from loracfg.errors import LoracfgError
from loracfg.report.fault import Fault
from loracfg.report.report import Location
from loracfg.sources.hub.cache import cache_folder, cached_commit
from loracfg.sources.hub.repo_id import MAIN, ModelId, check_revision, parse_id

if TYPE_CHECKING:
    from loracfg.sources.address import HubAddress

ID_FAULT: Final = "base-id-"
"""The prefix of faults with a message that names the id; other faults are about the files found."""

_GIVE: Final = f"pass the folder with the base's `{CONFIG}` to `--base`"
_FETCH: Final = f"{_GIVE}, or use `--online` to fetch it"
_CHOOSE: Final = f"choose the base's `{CONFIG}`, or enter a model type"


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
    return find_id(model, online=online)


def read_hub(address: HubAddress) -> tuple[BaseFiles | None, list[Fault]]:
    """Read the config at an address on the Hub, from the local cache if that has it."""
    inside = address.inside.removesuffix(CONFIG).rstrip("/")
    return find_id(ModelId(address.repo, address.revision or MAIN), inside, online=True)


def find_id(
    model: ModelId, inside: str = "", *, online: bool, keeps_inside: bool = False
) -> tuple[BaseFiles | None, list[Fault]]:
    """Read the config of a base by its id, from the local cache if that has it.

    Args:
        model: the id.
        inside: the folder of the config in the repository, `""` for the top.
        online: whether it may be fetched.
        keeps_inside: whether links must not leave the repository's folder, and facts do not count,
            because the user has not named the base.
    """
    repo = cache_folder() / model.folder_name
    where = Location(str(repo))
    try:
        check_revision(model.repo, model.revision)
    except LoracfgError as error:
        return None, [Fault(f"{ID_FAULT}revision", error.message, where, error.help)]
    try:
        return _read_id(model, repo, inside, online=online, keeps_inside=keeps_inside)
    except LoracfgError as error:
        return None, [Fault(f"{ID_FAULT}not-fetched", error.message, where, error.help)]
    except OSError as error:
        message = f"the local cache cannot be read: {error.strerror or error}"
        return None, [Fault("base-unreadable", message, where, "make it readable")]


def _read_id(
    model: ModelId, repo: Path, inside: str, *, online: bool, keeps_inside: bool
) -> tuple[BaseFiles | None, list[Fault]]:
    commit = cached_commit(model, repo)
    snapshot = repo / "snapshots" / commit if commit else None
    folder = snapshot and snapshot / inside
    if online and not (folder and (folder / CONFIG).is_file()):
        from loracfg.base.finding.download import fetch_config

        folder = fetch_config(model.repo, model.revision, repo.parent, inside).parent
    if folder is None or not folder.is_dir():
        return None, [_absent(model, repo, commit)]
    files, faults = read_folder(folder, str(folder), repo.resolve() if keeps_inside else None)
    if not online:
        faults = [f._replace(help=_FETCH) if f.kind == "base-config-missing" else f for f in faults]
    name = "/".join(filter(None, (f"{model.repo}@{_commit_of(folder, repo)}", inside)))
    return files and files._replace(name=name), faults


def _commit_of(folder: Path, repo: Path) -> str:
    """Return the commit of a folder in a snapshot of the cache."""
    return folder.relative_to(repo / "snapshots").parts[0]


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
    from loracfg.report.audience import advice_for_all

    message = advice_for_all(
        f"`{model.repo}` is neither a local folder nor in the local cache",
        f"`{model.repo}` is only an id",
    )
    advice = advice_for_all(_FETCH, _CHOOSE)
    return Fault(f"{ID_FAULT}not-cached", message, Location(where), advice)
