"""Adapters and bases on disk, under the roots that the operator allows, and nowhere else."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO, NamedTuple

from loracfg_api.problems import ProblemError
from loracfg_api.settings import Settings
from loracfg_api.uploads.bases import base_of_files

from loracfg.adapter.files import Folder
from loracfg.adapter.header.safetensors_file import read_head
from loracfg.base.facts_file import MAX_BYTES
from loracfg.base.finding.base_folder import CONFIG, FACTS
from loracfg.base.search import UploadedBase
from loracfg.document.display import printable
from loracfg.errors import LoracfgError
from loracfg.sources.archive.held import HeldFile
from loracfg.sources.archive.keeper import Allowance
from loracfg.sources.archive.limits import RefusedFilesError
from loracfg.sources.archive.member_names import sound_name


class RootedFolder(NamedTuple):
    """A folder under a root; links that lead out of the root are hidden."""

    path: Path
    root: Path

    def sizes(self) -> dict[str, int]:
        """Return the sizes, like `Folder`."""
        listed = Folder(self.path).sizes()
        return {name: size for name, size in listed.items() if self._is_inside(name)}

    def links_out(self) -> tuple[str, ...]:
        """Return the links, like `Folder`."""
        return tuple(name for name in Folder(self.path).links_out() if self._is_inside(name))

    def kind_of(self, name: str) -> str | None:
        """Return the kind of what is not a file, like `Folder`."""
        return Folder(self.path).kind_of(name) if self._is_inside(name) else None

    def open(self, name: str) -> BinaryIO:
        """Open a file by its resolved path."""
        real = (self.path / name).resolve()
        if not real.is_relative_to(self.root):
            raise PermissionError(f"{name} leads out of the root")
        return real.open("rb")

    def _is_inside(self, name: str) -> bool:
        try:
            return (self.path / name).resolve().is_relative_to(self.root)
        except (OSError, RuntimeError):
            return False


def folder_at(path: str, settings: Settings) -> RootedFolder:
    """Return the folder with this path under the roots.

    Raises:
        ProblemError: if there is none; folders outside the roots do not exist for the service.
    """
    name = _sound_path(path)
    for root in settings.real_roots:
        try:
            real = (root / name).resolve()
            if real.is_relative_to(root) and real.is_dir():
                return RootedFolder(real, root)
        except (OSError, RuntimeError, ValueError):
            continue
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
