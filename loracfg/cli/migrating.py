"""Write the result of a migration."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

import click

from loracfg.cli.output import replace_file, stopping_cleanly
from loracfg.config import CONFIG_NAME
from loracfg.releases.migration.migration import Migration
from loracfg.repair.draft import Draft
from loracfg.repair.written_folder import write_folder
from loracfg.sources.source import Source
from loracfg.sources.unpacked_source import all_files_of

_BACKUP: Final = f"{CONFIG_NAME}.orig"


def save_in_place(folder: Path, migration: Migration) -> None:
    """Write the new config, and keep the old one under an unused name.

    Raises:
        LoracfgError: if it cannot be written; nothing has changed then.
        OSError: if the old one cannot be kept; nothing has changed then.
    """
    if migration.after == migration.before:
        return
    file, new = folder / CONFIG_NAME, migration.after.encode()
    backup = _free_name(folder)
    with stopping_cleanly():
        try:
            shutil.copy2(file, backup)
            replace_file(file, new)
        except BaseException:
            if file.read_bytes() != new:
                backup.unlink(missing_ok=True)
            raise
    click.echo(f"wrote `{file}`; the old config is `{backup}`", err=True)


def save_copy(source: Source, migration: Migration, output: Path) -> None:
    """Copy the adapter to a new folder, with the new config.

    Raises:
        LoracfgError: if `output` exists or cannot be written, or the adapter cannot be downloaded.
    """
    with stopping_cleanly(), all_files_of(source) as whole:
        write_folder(Draft(whole.files, migration.after), whole.home, output)
    click.echo(f"wrote `{output}`", err=True)
    warn_of_other_files(source)


def warn_of_other_files(source: Source) -> None:
    """Say why the copy of an adapter may lack other files, such as its model card."""
    if source.unlisted:
        click.echo(f"other files were not copied: {source.unlisted}", err=True)


def _free_name(folder: Path) -> Path:
    name, number = folder / _BACKUP, 1
    while name.exists():
        number += 1
        name = folder / f"{_BACKUP}{number}"
    return name
