"""`loracfg explain`: print the page of a rule."""

from __future__ import annotations

import click


@click.command()
@click.argument("code")
def explain(code: str) -> None:
    """Explain a rule, by its CODE or name."""
    from loracfg.cli.output import write
    from loracfg.errors import LoracfgError
    from loracfg.rules.registry import find_rule
    from loracfg.urls import visible_url

    rule = find_rule(code)
    if rule is None:
        shown = visible_url(code)
        raise LoracfgError(f"there is no rule `{shown}`", "`loracfg rules` lists all rules")
    head = f"{rule.code} {rule.name} ({rule.severity}, {rule.stage}, added in {rule.since})"
    write(f"{head}\n\n{rule.page}\n", None)
