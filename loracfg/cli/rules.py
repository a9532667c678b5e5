"""`loracfg rules`: list all rules."""

from __future__ import annotations

import json

import click


@click.command()
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to print the list.",
)
def rules(format_name: str) -> None:
    """List all rules."""
    from loracfg.cli.output import write
    from loracfg.rules.registry import all_rules

    if format_name == "json":
        data = [
            {
                "code": rule.code,
                "name": rule.name,
                "severity": rule.severity,
                "summary": rule.page.partition("\n")[0],
                "url": rule.url,
            }
            for rule in all_rules()
        ]
        write(json.dumps(data, indent=2) + "\n", None)
        return
    width = max(len(rule.name) for rule in all_rules())
    lines = [
        f"{r.code}  {r.severity:<7}  {r.name:<{width}}  {r.page.partition(chr(10))[0]}"
        for r in all_rules()
    ]
    write("\n".join(lines) + "\n", None)
