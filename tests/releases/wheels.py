"""The wheels of PEFT releases, cached after downloading them from the package index."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Final

import pytest

DOWNLOADS: Final = 4
"""Wheels fetched at a time by `wheels`."""

_PATIENCE: Final = ("--retries", "1", "--timeout", "30", "--disable-pip-version-check")


def cache_folder(name: str) -> Path:
    """Return loracfg's folder of that name in the user's cache; it need not exist."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "loracfg" / name


def wheel(release: str) -> Path:
    """Return the wheel of a release; skip the calling test without an index, or else fail it.

    Wheels are in `$LORACFG_WHEELS`, or else in `~/.cache/loracfg/wheels`, and downloaded once.
    Processes may ask for the same wheel at the same time. A test that fails for want of a wheel
    says only that, without a traceback.
    """
    folder = Path(os.environ.get("LORACFG_WHEELS") or cache_folder("wheels"))
    path = folder / f"peft-{release}-py3-none-any.whl"
    if not path.exists():
        _download(release, path)
    return path


def wheels(releases: Iterable[str]) -> list[Path]:
    """Return the wheels of several releases, in order; the missing are fetched together."""
    with ThreadPoolExecutor(DOWNLOADS) as pool:
        return list(pool.map(wheel, releases))


def released_versions() -> tuple[str, ...]:
    """Return every version of PEFT on the index but pre-releases, oldest first, or skip."""
    versions, problem = _listing()
    if problem:
        pytest.skip(f"no package index is reachable: {problem}")
    return versions


def _download(release: str, path: Path) -> None:
    versions, problem = _listing()
    if problem:
        pytest.skip(_missing(path, f"no package index is reachable: {problem}"))
    if release not in versions:
        pytest.fail(_missing(path, f"the package index has no PEFT {release}"), pytrace=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        done = _pip("download", "--no-deps", "--ignore-requires-python", "--only-binary=peft",
                    "-d", folder, f"peft=={release}")  # fmt: skip
        if done.returncode:
            pytest.fail(_missing(path, f"pip fails: {reason_of(done.stderr)}"), pytrace=False)
        (Path(folder) / path.name).replace(path)


def _missing(path: Path, why: str) -> str:
    where = f"it is not in {path.parent}, and {why}"
    return f"missing wheel {path.name}: {where}; copy it there, or set LORACFG_WHEELS to its folder"


@cache
def _listing() -> tuple[tuple[str, ...], str]:
    """Return the versions on the index, or the reason that there is none."""
    done = _pip("index", "versions", "--ignore-requires-python", "peft")
    for line in done.stdout.splitlines():
        head, _, names = line.partition("Available versions: ")
        if not head and names:
            return tuple(reversed(names.split(", "))), ""
    return (), reason_of(done.stderr)


def _pip(command: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pip", *command.split(), *arguments, *_PATIENCE],
        capture_output=True,
        text=True,
        check=False,
    )


def reason_of(errors: str) -> str:
    """Return the one line that tells most of what pip wrote to standard error."""
    lines = errors.strip().splitlines() or ["pip failed without a word"]
    # The last line says only that nothing was found; why is in a warning before it.
    causes = [line.partition("connection broken by ")[2] for line in lines]
    return next(filter(None, causes), lines[-1]).removeprefix("ERROR: ")
