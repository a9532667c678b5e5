"""A release of a library to transcribe: the installed one, or a wheel."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType
from typing import Final
from zipfile import ZipFile

from loracfg.base.derivation.source import placeholders
from loracfg.base.derivation.source.repository import Repository
from loracfg.named_tuple import NamedTuple

NAMES: Final = ("transformers", "diffusers")


class Library(NamedTuple):
    """A library.

    Attributes:
        name: `transformers` or `diffusers`.
        wheels: the wheel with its source, and wheels of dependencies in other releases than the
            installed ones; empty for the installed library.
        repository: a model's own code, which uses the library.
    """

    name: str
    wheels: tuple[Path, ...] = ()
    repository: Repository | None = None


def make_importable(library: Library, folder: Path) -> None:
    """Prepare this process to import the library without torch, from its wheels if it has any.

    This affects the whole process, which should do nothing else.

    Args:
        library: the library.
        folder: an empty folder for the unpacked wheels.
    """
    placeholders.install(library.name)
    # The library would check the versions of its dependencies.
    check = ModuleType(f"{library.name}.dependency_versions_check")
    check.dep_version_check = lambda *_: None  # type: ignore[attr-defined]
    sys.modules[check.__name__] = check
    for wheel in library.wheels:
        with ZipFile(wheel) as archive:
            names = archive.namelist()
            archive.extractall(
                folder, [n for n in names if n.endswith(".py") or ".dist-info/" in n]
            )
    if library.wheels:
        sys.path.insert(0, str(folder))
        importlib.invalidate_caches()
