"""Creates a transcript in a child process and opens it in this one."""

from __future__ import annotations

import itertools
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from loracfg.base.derivation.source.library import Library
from loracfg.base.derivation.source.package import Package, read_index
from loracfg.child_environment import child_environment

_NUMBERS: Final = itertools.count(1)


class TranscriptionError(Exception):
    """A library could not be transcribed."""


@contextmanager
def transcribed(
    library: Library, names: Iterable[str] = (), *, with_parts: bool = False
) -> Iterator[Package]:
    """Create a transcript of a library, and delete it at the end of the `with` block.

    Args:
        library: the library.
        names: the model types, or classes for diffusers, to transcribe; all if empty.
        with_parts: whether to add the model types of inner configs.

    Raises:
        TranscriptionError: if the library cannot be transcribed.
    """
    with tempfile.TemporaryDirectory(prefix="loracfg-") as folder:
        made = Path(folder, "transcript")
        transcribe(library, made, names, with_parts=with_parts)
        with opened(made) as package:
            yield package


def transcribe(
    library: Library, folder: Path, names: Iterable[str] = (), *, with_parts: bool = False
) -> None:
    """Write a transcript into a folder, in a process that can import the library.

    Raises:
        TranscriptionError: if the library cannot be transcribed.
    """
    _run(library, "--out", str(folder), *["--with-parts"] * with_parts, "--", *names)


def model_types(library: Library) -> list[str]:
    """Return the model types of a release of transformers.

    Raises:
        TranscriptionError: if it cannot be imported.
    """
    return _run(library, "--list").split()


def _run(library: Library, *arguments: str) -> str:
    """Run this package's own command and return what it prints."""
    command = [sys.executable, "-m", __package__ or "", "--library", library.name]
    for wheel in library.wheels:
        command += ["--wheel", str(wheel)]
    if library.repository:
        command += ["--repository", library.repository.text()]
    done = subprocess.run(  # noqa: S603  # our own module
        [*command, *arguments],
        env=child_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no error was shown"])[-1]
        raise TranscriptionError(f"{library.name} cannot be transcribed: {last}")
    return done.stdout


@contextmanager
def opened(folder: Path) -> Iterator[Package]:
    """Make a transcript importable under a name that is unique in this process."""
    with tempfile.TemporaryDirectory(prefix="loracfg-") as home:
        name = f"loracfg_transcript_{next(_NUMBERS)}"
        Path(home, name).symlink_to(folder.resolve(), target_is_directory=True)
        sys.path.insert(0, home)
        try:
            yield Package(name)
        finally:
            sys.path.remove(home)
            for module in [m for m in sys.modules if m.partition(".")[0] == name]:
                del sys.modules[module]
            read_index.cache_clear()
