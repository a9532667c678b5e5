"""Writing the adapter that a migration leads to."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

import click

from loracfg.config.model import CONFIG_NAME
from loracfg.errors import LoracfgError
from loracfg.releases.migration.plan import Migration

_BACKUP: Final = f"{CONFIG_NAME}.orig"


def save_in_place(folder: Path, migration: Migration) -> None:
    """Write the new config, and keep the old one under a name that was free."""
    if migration.after == migration.before:
        return
    file = folder / CONFIG_NAME
    backup = _free_name(folder)
    shutil.copy2(file, backup)
    _replace(file, migration.after)
    click.echo(f"wrote `{file}`; the old one is `{backup}`", err=True)


def save_copy(folder: Path, migration: Migration, output: Path) -> None:
    """Copy the adapter to a new folder, with the new config.

    Raises:
        LoracfgError: if there is something at `output` already.
    """
    if output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise LoracfgError(f"`{output}` exists", "give a folder that is new or empty")
    if output.resolve().is_relative_to(folder.resolve()):
        raise LoracfgError(f"`{output}` is inside `{folder}`", "give a folder outside of it")
    shutil.copytree(folder, output, dirs_exist_ok=True)
    _replace(output / CONFIG_NAME, migration.after)
    click.echo(f"wrote `{output}`", err=True)


def _free_name(folder: Path) -> Path:
    name, number = folder / _BACKUP, 1
    while name.exists():
        number += 1
        name = folder / f"{_BACKUP}{number}"
    return name


def _replace(file: Path, text: str) -> None:
    """Write a file so that no reader ever finds half of it."""
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(text.encode("utf-8", errors="surrogatepass"))
        shutil.copymode(file, name)
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
