"""`loracfg schema`: print the JSON Schema of a PEFT release's config files, or of ours."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import click

from loracfg.cli.options import LocalPath


@click.command()
@click.option("--peft", metavar="VERSION", help="PEFT release.  [default: the newest]")
@click.option(
    "--variant",
    type=click.Choice(["strict", "open", "editor", "settings"]),
    default="strict",
    show_default=True,
    help="strict: PEFT's type annotations; open: what PEFT loads; editor: all releases, with "
    "descriptions; settings: loracfg.toml.",
)
@click.option("--list", "to_list", is_flag=True, help="List the releases.")
@click.option(
    "--output",
    type=LocalPath(path_type=Path),
    metavar="FILE",
    help="Write the schema to this file.",
)
def schema(peft: str | None, variant: str, to_list: bool, output: Path | None) -> None:
    """Print the JSON Schema of adapter_config.json or loracfg.toml.

    --list prints a line for each release: its number, the first release with the same schema, and
    the number of keys in its files.

    \b
    Examples:
      loracfg schema --peft 0.12 > adapter_config.schema.json
      loracfg schema --variant settings --output loracfg.schema.json
      loracfg schema --variant editor --output .vscode/adapter_config.schema.json
    """  # noqa: D301  # \b is the character by which click keeps lines
    from loracfg.cli.output import write

    if peft is not None and (to_list or variant in ("editor", "settings")):
        _refuse_release(peft, "list" if to_list else f"{variant} schema")
    write(_listed() if to_list else _schema(peft, variant), output)


def _refuse_release(peft: str, what: str) -> NoReturn:
    from loracfg.errors import LoracfgError

    raise LoracfgError(
        f"`--peft` is `{peft}`, but the {what} covers all releases", "remove `--peft`"
    )


def _schema(peft: str | None, variant: str) -> str:
    from loracfg.config.history.releases import PEFT_RELEASE, find_release
    from loracfg.config.schema.schema_files import EDITOR, SETTINGS, file_name, read_file

    if variant in ("editor", "settings"):
        return read_file(EDITOR if variant == "editor" else SETTINGS).decode()
    release = PEFT_RELEASE if peft is None else find_release(peft)
    return read_file(file_name(release, variant)).decode()


def _listed() -> str:
    from loracfg.config.schema.catalog import read_catalog

    releases = read_catalog()["releases"].items()
    lines = (f"{name:<8}{entry['generation']:<8}{entry['keys']}" for name, entry in releases)
    return "\n".join(lines) + "\n"
