"""`loracfg rules`: list all rules."""

from __future__ import annotations

import click

from loracfg.cli.options import text_or_json


@click.command()
@text_or_json("Output format.")
def rules(format_name: str) -> None:
    """List all rules."""
    from loracfg.cli.output import write
    from loracfg.report.render.json_text import json_text
    from loracfg.rules.registry import all_rules

    if format_name == "json":
        data = [rule.summary() for rule in all_rules()]
        write(json_text(data) + "\n", None)
        return
    width = max(len(rule.name) for rule in all_rules())
    lines = [
        "{code}  {severity:<7}  {name:<{width}}  {summary}".format(width=width, **rule.summary())
        for rule in all_rules()
    ]
    write("\n".join(lines) + "\n", None)
