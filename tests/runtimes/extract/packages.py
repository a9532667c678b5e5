"""The Python files of released engines, kept in a cache that pip fills."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from loracfg.runtimes.versions import parts
from tests.releases.wheels import cache_folder, reason_of

_PLATFORMS: Final = ("manylinux1", "manylinux2014", *(f"manylinux_2_{n}" for n in range(17, 41)))
_SOURCES: Final = ("llama-cpp-python",)
"""Packages of which the sources are wanted, since the wheel lacks the converters."""
_KEPT: Final = (".py", "/llama-arch.cpp", "/llama-adapter.cpp", "/METADATA")


class DownloadError(Exception):
    """A package could not be had from the index."""


class Package:
    """The Python files of one release."""

    def __init__(self, path: Path) -> None:
        """Take an archive that `fetch` made."""
        self._archive = zipfile.ZipFile(path)
        self.names: Final = tuple(sorted(self._archive.namelist()))
        self._trees: dict[str, ast.Module] = {}

    def text(self, name: str) -> str:
        """Return the text of a file."""
        return self._archive.read(name).decode()

    def tree(self, name: str) -> ast.Module:
        """Return the syntax tree of a file."""
        if name not in self._trees:
            self._trees[name] = ast.parse(self.text(name))
        return self._trees[name]

    def below(self, folder: str) -> Iterator[str]:
        """Yield the Python files below a folder."""
        return (name for name in self.names if name.startswith(folder) and name.endswith(".py"))


def folder() -> Path:
    """Return where archives are kept."""
    return Path(os.environ.get("LORACFG_ENGINES") or cache_folder("engines"))


def find(engine: str, version: str) -> Package | None:
    """Return a release that was fetched before."""
    path = folder() / f"{engine}-{version}.zip"
    return Package(path) if path.exists() else None


def kept_versions(engine: str) -> list[str]:
    """Return the releases that were fetched before, oldest first."""
    found = [path.stem.removeprefix(f"{engine}-") for path in folder().glob(f"{engine}-*.zip")]
    return sorted((one for one in found if one[0].isdecimal()), key=parts)


def fetch(engine: str, version: str) -> Package:
    """Return a release, downloaded if it is not there; only its text is kept.

    Raises:
        DownloadError: if pip cannot download it.
    """
    path = folder() / f"{engine}-{version}.zip"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent) as scratch:
            found = _download(engine, version, Path(scratch))
            _keep(found, Path(scratch) / "kept.zip")
            (Path(scratch) / "kept.zip").replace(path)
    return Package(path)


def _download(engine: str, version: str, into: Path) -> Path:
    if engine in _SOURCES:
        chosen = ["--no-binary", ":all:"]
    else:
        platforms = [f"--platform={name}_x86_64" for name in _PLATFORMS]
        chosen = ["--only-binary", ":all:", "--python-version=3.12", *platforms]
    release = f"{engine}=={version}"
    pip("download", "-q", "--no-deps", "--no-cache-dir", *chosen, "-d", str(into), release)
    (found,) = (path for path in into.iterdir() if path.is_file())
    return found


def pip(*arguments: str) -> str:
    """Run pip, and return what it wrote; the last of the arguments is what to get.

    Raises:
        DownloadError: if it fails.
    """
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise DownloadError(f"pip cannot get {arguments[-1]}: {reason_of(done.stderr)}")
    return done.stdout


def _keep(package: Path, into: Path) -> None:
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as kept:
        for name, data in _files(package):
            kept.writestr(name, data)


def _files(package: Path) -> Iterator[tuple[str, bytes]]:
    if package.suffix == ".whl":
        with zipfile.ZipFile(package) as archive:
            for name in archive.namelist():
                if name.endswith(_KEPT):
                    yield name, archive.read(name)
        return
    with tarfile.open(package) as packed:
        for member in packed:
            file = packed.extractfile(member) if member.name.endswith(_KEPT) else None
            if file is not None:
                yield member.name.partition("/")[2], file.read()
