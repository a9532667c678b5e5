"""A release of a library whose classes are transcribed: an installed one, or a wheel."""

from __future__ import annotations

import importlib.metadata
import sys
from pathlib import Path
from types import ModuleType
from typing import Final, NamedTuple
from zipfile import ZipFile

from loracfg.base.derivation.source import placeholders

NAMES: Final = ("transformers", "diffusers")


class Library(NamedTuple):
    """A library.

    Attributes:
        name: `transformers` or `diffusers`.
        wheel: the wheel that has its source; None for the installed one.
    """

    name: str
    wheel: Path | None = None


def make_importable(library: Library, folder: Path) -> None:
    """Let this process import the library, without torch, from its wheel if it has one.

    It changes the whole process, which should do nothing else.

    Args:
        library: the library.
        folder: an empty folder, into which the wheel is unpacked.
    """
    placeholders.install()
    if library.wheel is None:
        return
    with ZipFile(library.wheel) as archive:
        archive.extractall(folder)
    sys.path.insert(0, str(folder))
    importlib.metadata.MetadataPathFinder.invalidate_caches()
    # It compares what is installed with what this release of transformers was released with.
    check = ModuleType("transformers.dependency_versions_check")
    check.dep_version_check = lambda *_: None  # type: ignore[attr-defined]
    sys.modules[check.__name__] = check
