"""Write the result of a migration."""

from __future__ import annotations

import os
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import BinaryIO, Final

import click

from loracfg.adapter.files import open_regular
from loracfg.cli.output import replace_file, stopping_cleanly
from loracfg.config import CONFIG_NAME
from loracfg.new_files import create
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
    with open_regular(file) as stream:
        mode, old = os.fstat(stream.fileno()).st_mode, stream.read()
    with stopping_cleanly():
        backup, copy = _create_backup(folder, mode)
        try:
            with copy:
                copy.write(old)
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


def _create_backup(folder: Path, mode: int) -> tuple[Path, BinaryIO]:
    for number in count(1):
        path = folder / (_BACKUP if number == 1 else f"{_BACKUP}{number}")
        with suppress(FileExistsError):
            return path, create(path, mode)
    raise AssertionError
