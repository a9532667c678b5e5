"""`loracfg inspect`: what an adapter holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from loracfg.inspection.contents import Inspection


@click.command()
@click.argument("path", metavar="PATH", type=click.Path())
@click.option(
    "--base",
    metavar="DIR|FILE|ID",
    help="The base model, as for `validate`.",
)
@click.option("--class", "class_name", metavar="NAME", help="Model class, if not the usual one.")
@click.option("--data", is_flag=True, help="Look at the values of the tensors too (needs numpy).")
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["text", "json", "html"]),
    default="text",
    show_default=True,
    help="How to show it; html is a page with a picture of layers and modules.",
)
@click.option(
    "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write it to a file."
)
def inspect(
    path: str,
    base: str | None,
    class_name: str | None,
    data: bool,
    format_name: str,
    output: Path | None,
) -> None:
    """Show what an adapter holds: modules, ranks, scales, sizes, and what loads it.

    PATH is an adapter, as for `validate`. Without --base, the base that the adapter names is used,
    if it is here or in the local cache. The exit status is 2 only if there is nothing to show:
    whether the adapter is sound is for `validate`.

    \b
    Examples:
      loracfg inspect adapter/
      loracfg inspect adapter/ --base base/ --format html --output adapter.html
    """  # noqa: D301  # \b is the character by which click keeps lines
    from loracfg.cli.output import wants_color, write
    from loracfg.inspection.inspected import inspect as run

    found = run(path, base=base, class_name=class_name, data=data)
    write(_shown(found, format_name, color=output is None and wants_color()), output)


def _shown(found: Inspection, format_name: str, *, color: bool) -> str:
    if format_name == "json":
        import json

        return json.dumps(found.to_dict(), indent=2) + "\n"
    if format_name == "html":
        from loracfg.inspection.html_page import render as render_page

        return render_page(found)
    from loracfg.inspection.contents_text import render

    return render(found, color=color)
