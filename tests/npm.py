"""Packages of npm that tests use, installed from lock files."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

import pytest

INSTALL_SECONDS: Final = 120
PATIENCE: Final = ("--fetch-retries=1", "--fetch-timeout=20000")
UNREACHABLE: Final = (
    "ENOTFOUND",
    "EAI_AGAIN",
    "ECONNREFUSED",
    "ECONNRESET",
    "ETIMEDOUT",
    "ERR_SOCKET_TIMEOUT",
)


def installed(home: Path) -> Path:
    """Return a folder with the packages of the lock file in another, installed on first use.

    Skips the calling test where that cannot be. Several processes may call this at once.
    """
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("node and npm are not on this machine")
    lock = (home / "package-lock.json").read_bytes()
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    place = caches / "loracfg-tests" / hashlib.sha256(lock).hexdigest()[:16]
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=place.parent) as new:
            _install(home, Path(new) / "packages")
            try:
                (Path(new) / "packages").rename(place)
            except OSError:
                assert place.exists()  # another process was first
    return place


def _install(home: Path, folder: Path) -> None:
    folder.mkdir()
    for name in ("package.json", "package-lock.json"):
        shutil.copy(home / name, folder)
    try:
        done = subprocess.run(
            ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", *PATIENCE],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=INSTALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        pytest.skip(f"the npm registry takes more than {INSTALL_SECONDS} s")
    if any(code in done.stderr for code in UNREACHABLE):
        pytest.skip("no npm registry is reachable, so its packages cannot be installed")
    assert done.returncode == 0, done.stderr
