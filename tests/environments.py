"""Environments of other packages than the tests have, each a folder made by venv and pip."""

from __future__ import annotations

import shutil
import subprocess
import venv
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest


def python_in(folder: Path, command: str) -> Path:
    """Return the interpreter of an environment, or skip the calling test if `command` made none."""
    python = _python(folder)
    if not python.exists():
        pytest.skip(f"{python} is missing; `{command}` makes it")
    return python


def make(folder: Path, installs: Iterable[Sequence[str]]) -> None:
    """Make an environment unless it is there; `installs` are arguments of `pip install`.

    Nothing stays of one that fails. pip's own settings (`PIP_INDEX_URL` and so on) hold.

    Raises:
        CalledProcessError: if pip cannot install what is wanted.
    """
    python = _python(folder)
    if python.exists():
        return
    venv.create(folder, with_pip=True)
    try:
        for arguments in installs:
            subprocess.run([python, "-m", "pip", "install", *arguments], check=True)
    except BaseException:
        shutil.rmtree(folder)
        raise


def _python(folder: Path) -> Path:
    return folder / "bin" / "python"
