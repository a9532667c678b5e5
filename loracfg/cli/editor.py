"""`loracfg editor`: tell an editor about the schema for adapter configs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from loracfg.cli.mappings import Editor


@click.command()
@click.argument("editor", type=click.Choice(["vscode", "jetbrains", "neovim", "zed"]))
@click.option("--write", "to_files", is_flag=True, help="Write the settings and the schema.")
@click.option(
    "--directory",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=".",
    metavar="DIR",
    help="The folder that is opened in the editor.  [default: this one]",
)
@click.option("--url", "by_url", is_flag=True, help="Name the published schema, not a copy.")
def editor(editor: str, to_files: bool, directory: Path, by_url: bool) -> None:
    """Let an editor complete and check adapter_config.json.

    Prints the settings that map the file to its schema. With --write they are added to those of
    the project, and the schema is copied beside them, so that it works without a network.

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
    also = "" if by_url else f", with the schema in `{chosen.schema}`"
    click.echo(f"`--write` puts this into `{chosen.file}`{also}", err=True)


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
            f"`{settings}` {reason}", "it is unchanged; add what is printed above to it"
        ) from None
    _replace(settings, present, text.encode())


def _copy_schema(path: Path) -> None:
    """Copy the schema, over an older copy but over no other file."""
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
            raise LoracfgError(f"`{path}` is another file", "move it away")
    _replace(path, present, read_file(EDITOR))


def _address(editor: Editor, by_url: bool) -> str:
    from loracfg.config.schema.schema_files import EDITOR, URL

    return URL + EDITOR if by_url else editor.schema


def _read(path: Path) -> bytes:
    """Return what a file holds, nothing if there is none."""
    from loracfg.errors import LoracfgError

    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise LoracfgError(f"cannot read `{path}`: {error.strerror}") from None


def _replace(path: Path, present: bytes, wanted: bytes) -> None:
    """Write a file in one step, or leave it as it is, and say which."""
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
