"""`loracfg editor`: set up an editor for adapter configs."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from loracfg.editors.setup import EditorSetup


@click.command()
@click.argument(
    "editor", type=click.Choice(["vscode", "jetbrains", "neovim", "zed", "helix", "emacs"])
)
@click.option("--write", "to_files", is_flag=True, help="Write the settings.")
@click.option(
    "--directory",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=".",
    metavar="DIR",
    help="Project folder as opened in the editor.  [default: the current one]",
)
@click.option(
    "--schema", "only_schema", is_flag=True, help="Use the JSON Schema, without the server."
)
@click.option(
    "--url", "by_url", is_flag=True, help="With --schema: refer to the published one, not a copy."
)
def editor(editor: str, to_files: bool, directory: Path, only_schema: bool, by_url: bool) -> None:
    """Set up an editor to check and complete adapter configs.

    Prints the settings that make the editor start the language server, `loracfg lsp`, or adds them
    to the project's settings with --write. Install the server with `pip install 'loracfg[lsp]'`.

    With --schema, they map adapter_config.json to a copy of its JSON Schema, for people without the
    server, and always for Zed, which only starts servers of its extensions. A folder has one or the
    other, since both find some mistakes.

    \b
    Examples:
      loracfg editor neovim --write
      loracfg editor vscode --schema --write --directory project/
    """  # noqa: D301  # \b is the character by which click keeps lines
    from loracfg.cli.output import write

    chosen = _setup(editor, only_schema, by_url)
    if to_files:
        _write(chosen, directory)
    else:
        write(chosen.settings.text, None)
        also = f", and the schema to `{chosen.schema}`" if chosen.schema else ""
        click.echo(f"pass `--write` to write this to `{chosen.settings.path}`{also}", err=True)
    if chosen.next_step:
        click.echo(f"then {chosen.next_step}", err=True)
    if chosen.schema is None and not by_url and find_spec("pygls") is None:
        click.echo("the server is not installed here: `pip install 'loracfg[lsp]'`", err=True)


def _setup(editor: str, only_schema: bool, by_url: bool) -> EditorSetup:
    """Return the set-up that the options choose."""
    from loracfg.editors.schema_setups import SCHEMA_SETUPS
    from loracfg.editors.server_setups import SERVER_SETUPS
    from loracfg.errors import LoracfgError

    has_server, has_schema = editor in SERVER_SETUPS, editor in SCHEMA_SETUPS
    if only_schema and not has_schema:
        others = ", ".join(f"`{one}`" for one in SCHEMA_SETUPS)
        raise LoracfgError(f"there is no `--schema` for {editor}", f"only for {others}")
    if has_server and not only_schema:
        if by_url:
            raise click.UsageError("`--url` is for `--schema`")
        return SERVER_SETUPS[editor]
    return SCHEMA_SETUPS[editor](by_url)


def _write(setup: EditorSetup, folder: Path) -> None:
    from loracfg.cli.output import write
    from loracfg.editors.setup import UnmergeableError
    from loracfg.errors import LoracfgError

    if setup.schema:
        _copy_schema(folder / setup.schema, folder)
    for file in (setup.settings, *setup.others):
        path = folder / file.path
        present = _read(path)
        try:
            text = file.with_ours(present.decode())
        except (UnmergeableError, UnicodeDecodeError) as error:
            write(setup.settings.text, None)
            reason = error if isinstance(error, UnmergeableError) else "is not UTF-8"
            raise LoracfgError(
                f"`{path}` {reason}", "it is unchanged; add the text above by hand"
            ) from None
        if text:
            _replace(path, present, text.encode(), folder)


def _copy_schema(path: Path, folder: Path) -> None:
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
    _replace(path, present, read_file(EDITOR), folder)


def _read(path: Path) -> bytes:
    """Return the content of a file, or nothing if it does not exist."""
    from loracfg.errors import LoracfgError

    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise LoracfgError(f"cannot read `{path}`: {error.strerror}") from None


def _replace(path: Path, present: bytes, wanted: bytes, folder: Path) -> None:
    """Write a file in one step unless it is up to date, and say which.

    Raises:
        LoracfgError: it cannot be written, or a link leads out of the folder.
    """
    from loracfg.cli.output import replace_file
    from loracfg.errors import LoracfgError

    if present == wanted:
        click.echo(f"`{path}` is up to date", err=True)
        return
    place = path.resolve()  # settings are often links
    if not place.is_relative_to(folder.resolve()):
        message = f"`{path}` leads to `{place}`, outside of the project"
        raise LoracfgError(message, "it is unchanged; add the text by hand")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LoracfgError(f"cannot write `{path}`: {error.strerror}") from None
    replace_file(place, wanted)
    click.echo(f"wrote `{path}`", err=True)
