"""Adapters and bases on disk, under the roots that the operator allows, and nowhere else."""

from __future__ import annotations

from loracfg_api.problems import ProblemError
from loracfg_api.settings import Settings
from loracfg_api.uploads.bases import base_of_files

from loracfg.adapter.header.safetensors_file import read_head
from loracfg.adapter.rooted_folder import RootedFolder, folder_below
from loracfg.base.facts_file import MAX_BYTES
from loracfg.base.finding.base_folder import CONFIG, FACTS
from loracfg.base.search import UploadedBase
from loracfg.document.display import printable
from loracfg.errors import LoracfgError
from loracfg.sources.archive.held import HeldFile
from loracfg.sources.archive.keeper import Allowance
from loracfg.sources.archive.limits import RefusedFilesError
from loracfg.sources.archive.member_names import sound_name


def folder_at(path: str, settings: Settings) -> RootedFolder:
    """Return the folder with this path under the roots.

    Raises:
        ProblemError: if there is none; folders outside the roots do not exist for the service.
    """
    folder = folder_below(settings.real_roots, _sound_path(path))
    if folder is not None:
        return folder
    why = "" if settings.roots else "; this server has no roots"
    message = f"there is no folder `{path[:200]}` under the server's roots{why}"
    raise ProblemError(404, message, "check the path")


def _sound_path(path: str) -> str:
    """Return a path relative to a root.

    Raises:
        ProblemError: if it cannot be one.
    """
    try:
        return sound_name(path)
    except RefusedFilesError:
        if not path.strip("./"):
            message = "`path` does not name a folder" if path else "`path` is empty"
        else:
            message = f"`{printable(path)}` is not a path under a root"
        advice = "send the path of a folder, relative to a root and without `..`"
        raise ProblemError(422, message, advice) from None


def base_at(path: str, settings: Settings) -> UploadedBase:
    """Return the base in a folder under the roots, as if its files had been sent.

    Raises:
        ProblemError: if there is no such folder.
    """
    folder = folder_at(path, settings)
    config, facts, weights, kept = None, None, {}, Allowance(settings.max_kept_bytes)
    try:
        for name, size in folder.sizes().items():
            if name == CONFIG:
                with folder.open(name) as stream:
                    config = stream.read(settings.max_config_bytes + 1)
            elif name.endswith(FACTS):
                with folder.open(name) as stream:
                    facts = stream.read(MAX_BYTES + 1)
                    kept.add(len(facts))
            elif name.endswith(".safetensors"):
                with folder.open(name) as stream:
                    weights[name] = HeldFile(size, read_head(stream))
                    kept.add(len(weights[name].head))
    except RefusedFilesError:
        raise
    except (OSError, LoracfgError) as error:
        message = f"the base at `{path[:200]}` cannot be read"
        raise ProblemError(404, message, "check its permissions") from error
    return base_of_files(path, config, weights, facts)
