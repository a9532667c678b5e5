"""`loracfg diff`: how two adapters differ."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from loracfg.cli.choices import with_settings
from loracfg.cli.options import text_or_json

if TYPE_CHECKING:
    from loracfg.settings.keys import Value


@with_settings
@click.command()
@click.argument("first", metavar="A", type=click.Path())
@click.argument("second", metavar="B", type=click.Path())
@click.option(
    "--base", metavar="DIR|FILE|ID|URL", help="The base model of both, as for `validate`."
)
@click.option(
    "--online",
    is_flag=True,
    help="Read what is named by an id from the Hub if it is not in the cache.",
)
@click.option(
    "--class", "class_name", metavar="NAME", help="Model class (default: the one in the config)."
)
@click.option("--data", is_flag=True, help="Also compare the tensor values (needs numpy).")
@text_or_json("Output format.")
def diff(first: str, second: str, format_name: str, **choices: Value) -> None:
    """Show how two adapters differ, and whether PEFT can hot-swap them.

    A and B are adapters, as for `validate`. Keys such as `peft_version` are ignored; values are
    compared only with --data. Exit status: 0 if they are equivalent, 1 if they differ in anything
    that can affect a result, 2 if one cannot be read.

    \b
    Examples:
      loracfg diff old-adapter/ new-adapter/
      loracfg diff old-adapter/ new-adapter/ --data
    """  # noqa: D301  # \b is the character by which click keeps lines
    from loracfg.cli.choices import project_settings
    from loracfg.cli.output import wants_color, write
    from loracfg.comparison.compared import compare

    settings = project_settings(choices)
    found = compare(*(settings.engine_for(path).open(path) for path in (first, second)))
    if format_name == "json":
        from loracfg.report.render.json_text import json_text

        write(json_text(found.to_dict()) + "\n", None)
    else:
        from loracfg.comparison.difference_text import render

        write(render(found, color=wants_color()), None)
    sys.exit(0 if found.is_alike else 1)
