"""`loracfg editor`: set up an editor to use the schema for adapter configs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from loracfg.cli.mappings import Editor


@click.command()
@click.argument("editor", type=click.Choice(["vscode", "jetbrains", "neovim", "zed"]))
@click.option(
    "--write", "to_files", is_flag=True, help="Write the settings and a copy of the schema."
)
@click.option(
    "--directory",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=".",
    metavar="DIR",
    help="Project folder as opened in the editor.  [default: the current one]",
)
@click.option(
    "--url", "by_url", is_flag=True, help="Refer to the published schema instead of a copy."
)
def editor(editor: str, to_files: bool, directory: Path, by_url: bool) -> None:
    """Set up an editor to complete and check adapter_config.json.

    Prints the settings that map the file to its schema. With --write, they are added to the
    project's settings and the schema is copied next to them, so that it works offline.

    \b
    Examples:
      loracfg editor vscode
      loracfg editor zed --write --directory project/
    """  # noqa: D301  # \b is the character by which click keeps lines
    from loracfg.cli.mappings import EDITORS
    from loracfg.cli.output import write

    chosen = EDITORS[editor]
    if to_files:
        _write(chosen, directory, by_url)
        return
    write(chosen.new(_address(chosen, by_url)), None)
    also = "" if by_url else f", and the schema to `{chosen.schema}`"
    click.echo(f"pass `--write` to write this to `{chosen.file}`{also}", err=True)


def _write(editor: Editor, folder: Path, by_url: bool) -> None:
    from loracfg.cli.mappings import UnmergeableError
    from loracfg.cli.output import write
    from loracfg.errors import LoracfgError

    if not by_url:
        _copy_schema(folder / editor.schema)
    address, settings = _address(editor, by_url), folder / editor.file
    present = _read(settings)
    try:
        text = editor.with_mapping(present.decode(), address)
    except (UnmergeableError, UnicodeDecodeError) as error:
        write(editor.new(address), None)
        reason = error if isinstance(error, UnmergeableError) else "is not UTF-8"
        raise LoracfgError(
            f"`{settings}` {reason}", "it is unchanged; add the text above by hand"
        ) from None
    _replace(settings, present, text.encode())


def _copy_schema(path: Path) -> None:
    """Copy the schema; replace an older copy, but no other file."""
    import json

    from loracfg.config.schema.schema_files import EDITOR, URL, read_file
    from loracfg.errors import LoracfgError

    present = _read(path)
    if present:
        try:
            known = json.loads(present)["$id"] == URL + EDITOR
        except (ValueError, TypeError, KeyError, RecursionError):
            known = False
        if not known:
            raise LoracfgError(f"`{path}` exists and is not a copy of the schema", "move it")
    _replace(path, present, read_file(EDITOR))


def _address(editor: Editor, by_url: bool) -> str:
    from loracfg.config.schema.schema_files import EDITOR, URL

    return URL + EDITOR if by_url else editor.schema


def _read(path: Path) -> bytes:
    """Return the content of a file, or nothing if it does not exist."""
    from loracfg.errors import LoracfgError

    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise LoracfgError(f"cannot read `{path}`: {error.strerror}") from None


def _replace(path: Path, present: bytes, wanted: bytes) -> None:
    """Write a file in one step unless it is up to date, and say which."""
    from loracfg.cli.output import replace_file
    from loracfg.errors import LoracfgError

    if present == wanted:
        click.echo(f"`{path}` is up to date", err=True)
        return
    target = path.resolve()  # settings are often links
    try:
        target.parent.mkdir(exist_ok=True)
    except OSError as error:
        raise LoracfgError(f"cannot write `{path}`: {error.strerror}") from None
    replace_file(target, wanted)
    click.echo(f"wrote `{path}`", err=True)
