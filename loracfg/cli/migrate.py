"""`loracfg migrate`: convert an adapter's config to a different PEFT release."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from loracfg.cli.choices import with_settings
from loracfg.cli.options import LocalPath, text_or_json

if TYPE_CHECKING:
    from loracfg.releases.migration.migration import Migration
    from loracfg.settings.keys import Value


@with_settings
@click.command()
@click.argument("path", metavar="PATH")
@click.option(
    "--to", "target", required=True, metavar="VERSION", help="PEFT release to convert to."
)
@click.option(
    "--from",
    "source",
    metavar="VERSION",
    help="Treat the file as written by this release (default: detected).",
)
@click.option(
    "--online",
    is_flag=True,
    help="Read what is named by an id from the Hub if it is not in the cache.",
)
@click.option("--write", is_flag=True, help="Replace the config, and keep a backup of the old one.")
@click.option(
    "--output",
    type=LocalPath(path_type=Path),
    metavar="DIR",
    help="Write the whole adapter to this new folder.",
)
@click.option("--allow-lossy", is_flag=True, help="Write the config even if something is lost.")
@text_or_json("Output format.")
def migrate(
    path: str,
    target: str,
    source: str | None,
    write: bool,
    output: Path | None,
    allow_lossy: bool,
    format_name: str,
    **choices: Value,
) -> None:
    """Convert an adapter's config to a different PEFT release.

    PATH is an adapter, as for `validate`. The changes are only printed without --write, which needs
    a folder, or --output. A change that loses something needs --allow-lossy. The weights are never
    changed. From web servers and the Hub, only the config and the weights are copied.

    \b
    Examples:
      loracfg migrate adapter/ --to 0.12.0
      loracfg migrate adapter/ --to 0.12.0 --output adapter-0.12/
    """  # noqa: D301  # \b is the character by which click keeps lines
    from loracfg.cli.choices import project_settings
    from loracfg.cli.migrating import save_copy, save_in_place
    from loracfg.cli.output import write as write_out
    from loracfg.config import CONFIG_NAME
    from loracfg.engine.fronts import engine_for
    from loracfg.engine.fronts import plan_migration_of as plan
    from loracfg.errors import LoracfgError

    if write and output:
        raise LoracfgError("`--write` and `--output` cannot be combined", "remove one of them")
    online = project_settings(choices).options_for(path).online
    case = engine_for(online=online).open(path)
    adapter = case.source
    assert adapter is not None  # a path names it
    folder = adapter.in_folder("but `--write` needs a folder") if write else None
    if output and adapter.is_alone:
        adapter.in_folder("but `--output` needs a config")
    migration = plan(case, target, source)
    allowed = _report(migration, allow_lossy=allow_lossy)
    write_out(_shown(migration, adapter.named(CONFIG_NAME), format_name), None)
    if not allowed:
        sys.exit(1)
    if folder:
        save_in_place(folder, migration)
    if output:
        save_copy(adapter, migration, output)


def _shown(migration: Migration, file: str, format_name: str) -> str:
    if format_name == "json":
        from loracfg.report.render.json_text import json_text

        return json_text(migration.to_dict()) + "\n"
    from loracfg.document.text_diff import unified_diff
    from loracfg.report.render.words import visible_diff

    return visible_diff(unified_diff(migration.before, migration.after, file))


def _report(migration: Migration, *, allow_lossy: bool) -> bool:
    """Print on standard error what the change costs; return whether it may be written."""
    from loracfg.releases.migration.migrated_config import Loss
    from loracfg.report.render.words import counted, visible

    impossible, lossy = migration.of(Loss.IMPOSSIBLE), migration.of(Loss.LOSSY)
    for step in (*impossible, *lossy):
        click.echo(f"{step.loss.value}: {visible(step.reason)}", err=True)
    for what in migration.unchecked:
        click.echo(f"not checked: {visible(what)}", err=True)
    losses = [counted(len(migration.of(Loss.LOSSLESS)), "lossless change")]
    losses += [f"{len(lossy)} lossy"] if lossy else []
    losses += [f"{len(impossible)} impossible"] if impossible else []
    total = ", ".join(losses) if migration.steps else "nothing to change"
    click.echo(f"PEFT {migration.source} to {migration.target}: {total}", err=True)
    if impossible:
        click.echo("nothing written: no config of that release has the same effect", err=True)
    elif lossy and not allow_lossy:
        click.echo("nothing written; pass `--allow-lossy` to accept the loss", err=True)
    return not impossible and (allow_lossy or not lossy)
