"""The library releases that the catalogue is built from, and their wheels."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from loracfg.base.derivation.source.library import Library
from loracfg.named_tuple import NamedTuple

FOLDER: Final = "LORACFG_LIBRARIES"
"""The variable for the folder with the wheels, if not `~/.cache/loracfg/libraries`."""


class Release(NamedTuple):
    """A release, with the dependencies that it needs in specific releases.

    Attributes:
        library: the name of the library.
        requirements: the library, then its dependencies.
    """

    library: str
    requirements: tuple[str, ...]


RELEASES: Final = {
    "5": Release("transformers", ("transformers==5.23.0", "huggingface_hub==2.4.0")),
    "4": Release("transformers", ("transformers==4.57.6", "huggingface_hub==0.36.2")),
    "diffusers": Release("diffusers", ("diffusers==0.42.1", "huggingface_hub==2.4.0")),
}
"""The release of each layout of the catalogue."""

NEXT: Final = "transformers==5.24.0"
"""The release after that of layout 5; only the names of its new model types are known."""


class DownloadError(Exception):
    """A wheel could not be downloaded."""


def library_of(layout: str, wheel: Path | None = None) -> Library:
    """Return the library of a layout, with its wheels.

    Args:
        layout: the layout.
        wheel: a wheel of the library to use instead of the released one.

    Raises:
        DownloadError: if a wheel is neither there nor can be downloaded.
    """
    name, requirements = RELEASES[layout]
    wheels = [wheel or find_wheel(requirements[0]), *map(find_wheel, requirements[1:])]
    return Library(name, tuple(wheels))


def find_wheel(requirement: str) -> Path:
    """Return the wheel of a release such as `transformers==5.23.0`, downloaded once.

    Raises:
        DownloadError: if it is neither there nor can be downloaded.
    """
    folder = Path(os.environ.get(FOLDER) or _cache() / "libraries")
    path = folder / f"{requirement.replace('==', '-')}-py3-none-any.whl"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as made:
            _pip("download", "--no-deps", "--ignore-requires-python", "-d", made, requirement)
            Path(made, path.name).replace(path)
    return path


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "loracfg"


def _pip(*arguments: str) -> None:
    command: Sequence[str] = (sys.executable, "-P", "-m", "pip", "--disable-pip-version-check")
    done = subprocess.run(  # noqa: S603  # our own arguments
        [*command, *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode:
        why = (done.stderr.strip().splitlines() or ["no error was shown"])[-1]
        raise DownloadError(f"{arguments[-1]} cannot be downloaded: {why}")
