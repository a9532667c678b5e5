"""`loracfg inspect`: what an adapter contains."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from loracfg.cli.choices import with_settings
from loracfg.cli.options import LocalPath

if TYPE_CHECKING:
    from loracfg.inspection.contents import Inspection
    from loracfg.settings.keys import Value


@with_settings
@click.command()
@click.argument("path", metavar="PATH", type=click.Path())
@click.option(
    "--base",
    metavar="DIR|FILE|ID|URL",
    help="The base model, as for `validate`.",
)
@click.option(
    "--online",
    is_flag=True,
    help="Read what is named by an id from the Hub if it is not in the cache.",
)
@click.option(
    "--class", "class_name", metavar="NAME", help="Model class (default: the one in the config)."
)
@click.option("--data", is_flag=True, help="Also read the tensor values (needs numpy).")
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["text", "json", "html"]),
    default="text",
    show_default=True,
    help="Output format; html is a page with a picture of the layers and modules.",
)
@click.option(
    "--output", type=LocalPath(path_type=Path), metavar="FILE", help="Write to this file."
)
def inspect(path: str, format_name: str, output: Path | None, **choices: Value) -> None:
    """Show the modules, ranks, scales and sizes of an adapter, and where it loads.

    PATH is an adapter, as for `validate`. Without --base, the base named in the adapter's config is
    used if it is a local folder or in the local cache. The exit status is 2 only if there is
    nothing to show; to check the adapter, use `validate`.

    \b
    Examples:
      loracfg inspect adapter/
      loracfg inspect adapter/ --base base/ --format html --output adapter.html
    """  # noqa: D301  # \b is the character by which click keeps lines
    from loracfg.cli.choices import project_settings
    from loracfg.cli.output import wants_color, write
    from loracfg.inspection.inspected import inspect as run

    found = run(path, project_settings(choices).options_for(path))
    write(_shown(found, format_name, color=output is None and wants_color()), output)


def _shown(found: Inspection, format_name: str, *, color: bool) -> str:
    if format_name == "json":
        from loracfg.report.render.json_text import json_text

        return json_text(found.to_dict()) + "\n"
    if format_name == "html":
        from loracfg.inspection.html_page import render as render_page

        return render_page(found)
    from loracfg.inspection.contents_text import render

    return render(found, color=color)
