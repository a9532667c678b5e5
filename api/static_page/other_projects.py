"""Gets Pyodide and the wheels that the page contains: from folders, a cache, npm and PyPI."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from loracfg_api.static_page.locked import PYODIDE, PYODIDE_DIGESTS, WHEELS

from loracfg.errors import LoracfgError

_SECONDS: Final = 600
_PYTHON: Final = "3.14"
_ABI: Final = "cp314"
_PLATFORM: Final = "pyemscripten_2026_0_wasm32"
_NPM: Final = f"npm pack pyodide@{PYODIDE}"
_PIP: Final = (
    f"pip download --no-deps --only-binary :all: --python-version {_PYTHON} --implementation cp "
    f"--abi {_ABI} --platform {_PLATFORM}"
)
_WHEEL_DIGESTS: Final = {wheel.file: wheel.digest for wheel in WHEELS}


def pyodide_folder(given: Path | None) -> Path:
    """Return a folder with the files of Pyodide that the page needs.

    Args:
        given: the unpacked npm package (default: from the cache or from npm).

    Raises:
        LoracfgError: if the files are missing, not those of the release, or cannot be downloaded.
    """
    if given is None:
        return _cached(f"pyodide-{PYODIDE}", PYODIDE_DIGESTS, _download_pyodide)
    folder = given / "package" if (given / "package" / "pyodide.mjs").is_file() else given
    advice = f"run `{_NPM}`, unpack the file, and pass its folder `package`"
    _check(folder, PYODIDE_DIGESTS, f"Pyodide {PYODIDE}", advice)
    return folder


def wheel_files(given: Path | None) -> list[Path]:
    """Return the wheels that the page needs.

    Args:
        given: a folder with them (default: from the cache or from PyPI).

    Raises:
        LoracfgError: if they are missing, not those of the release, or cannot be downloaded.
    """
    if given is None:
        folder = _cached("wheels", _WHEEL_DIGESTS, _download_wheels)
    else:
        folder = given
        names = " ".join(f"{wheel.project}=={wheel.version}" for wheel in WHEELS)
        advice = f"run `{_PIP} {names}` in an empty folder, and pass that"
        _check(folder, _WHEEL_DIGESTS, "the wheels of the page", advice)
    return [folder / name for name in _WHEEL_DIGESTS]


def _cached(name: str, digests: Mapping[str, str], download: Callable[[Path], None]) -> Path:
    """Return a folder of the cache, which is downloaded if its files are not there."""
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    place = caches / "loracfg" / "page" / name
    if _wrong_files(place, digests):
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=place.parent) as work:
            download(Path(work))
            _check(Path(work), digests, "what was downloaded", "try again, or report it")
            shutil.rmtree(place, ignore_errors=True)
            shutil.copytree(work, place, dirs_exist_ok=True)
    return place


def _check(folder: Path, digests: Mapping[str, str], what: str, advice: str) -> None:
    wrong = _wrong_files(folder, digests)
    if wrong:
        raise LoracfgError(f"`{folder / wrong[0]}` is missing or not of {what}", advice)


def _wrong_files(folder: Path, digests: Mapping[str, str]) -> list[str]:
    """Return the files that are missing or have a different digest."""
    return [name for name, digest in digests.items() if _digest_of(folder / name) != digest]


def _digest_of(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None


def _download_pyodide(folder: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        advice = f"install npm, or run `{_NPM}` elsewhere and pass the folder with `--pyodide`"
        raise LoracfgError("npm is not installed, so Pyodide cannot be downloaded", advice)
    command = [npm, "pack", "--silent", "--pack-destination", str(folder), f"pyodide@{PYODIDE}"]
    _run(command, folder, "Pyodide", "pass its folder with `--pyodide`")
    (packed,) = folder.glob("*.tgz")
    with tarfile.open(packed) as archive:
        archive.extractall(folder, filter="data")
    packed.unlink()
    for name in PYODIDE_DIGESTS:
        (folder / "package" / name).rename(folder / name)
    shutil.rmtree(folder / "package")


def _download_wheels(folder: Path) -> None:
    names = folder / "requirements.txt"
    lines = (f"{w.project}=={w.version} --hash=sha256:{w.digest}\n" for w in WHEELS)
    names.write_text("".join(lines))
    options = [*_PIP.split()[1:], "--quiet", "--disable-pip-version-check", "--require-hashes"]
    command = [sys.executable, "-m", "pip", *options, "-r", str(names), "-d", str(folder)]
    _run(command, folder, "pydantic", "pass the folder of its wheels with `--wheels`")
    names.unlink()


def _run(command: list[str], folder: Path, what: str, advice: str) -> None:
    try:
        done = subprocess.run(  # noqa: S603  # npm and pip, as the user would run them
            command, cwd=folder, capture_output=True, text=True, timeout=_SECONDS, check=False
        )
        said = done.stderr.strip().splitlines() or ["it ended without a word"]
        failed = done.returncode != 0
    except (OSError, subprocess.TimeoutExpired) as error:
        said, failed = [str(error)], True
    if failed:
        raise LoracfgError(f"{what} cannot be downloaded: {said[-1]}", f"try again, or {advice}")
