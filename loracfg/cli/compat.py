"""`loracfg compat`: how inference engines handle an adapter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import click

from loracfg.cli.choices import with_settings
from loracfg.cli.options import text_or_json

if TYPE_CHECKING:
    from loracfg.runtimes.verdict import Verdict
    from loracfg.settings.keys import Value

_WIDTH: Final = 100
"""Columns of the table; reasons that need more go below it."""


@with_settings
@click.command()
@click.argument("path", metavar="PATH", type=click.Path())
@click.option(
    "--for",
    "runtimes",
    multiple=True,
    metavar="RUNTIME[==VERSION]",
    help="Only check this engine, e.g. vllm==0.33,max_lora_rank=64.  "
    "[default: the newest known version of each]",
)
@click.option(
    "--base",
    metavar="DIR|FILE|ID|URL",
    help="The base model, as for `validate`; some engines reject certain bases or modules.",
)
@click.option(
    "--online",
    is_flag=True,
    help="Read what is named by an id from the Hub if it is not in the cache.",
)
@text_or_json("Output format.")
def compat(path: str, runtimes: tuple[str, ...], format_name: str, **choices: Value) -> None:
    """Show how inference engines handle an adapter.

    An engine loads it, rejects it, or computes something different from PEFT. The answer is unknown
    if nobody has tried it. PATH is an adapter, as for `validate`. To also check that the adapter
    fits its base, use `validate --for`.

    \b
    Examples:
      loracfg compat adapter/
      loracfg compat adapter/ --base base/ --for vllm==0.31 --for sglang
    """  # noqa: D301  # \b is the character by which click keeps lines
    from loracfg.cli.choices import project_settings
    from loracfg.cli.output import write
    from loracfg.engine.fronts import compat as run

    verdicts = run(path, runtimes, project_settings(choices).options_for(path))
    if format_name == "json":
        from loracfg.report.render.json_text import json_text

        write(json_text([_data(verdict) for verdict in verdicts]) + "\n", None)
        return
    write("\n".join([*_table(verdicts), *_below(verdicts), *_ages(verdicts)]) + "\n", None)


def _table(verdicts: tuple[Verdict, ...]) -> Iterator[str]:
    """Yield a line for each engine, with its reason if it is short and the only one."""
    from loracfg.report.render.words import visible

    width = max(len(_name(verdict)) for verdict in verdicts)
    for verdict in verdicts:
        reasons = _reasons(verdict)
        row = f"{_name(verdict):<{width}}  {verdict.answer:<7}"
        if _is_short(verdict):
            row = f"{row}  {''.join(reasons)}"
        elif reasons:
            row = f"{row}  {len(reasons)} reason{'s' if len(reasons) > 1 else ''} below"
        yield visible(row.rstrip())


def _below(verdicts: tuple[Verdict, ...]) -> Iterator[str]:
    """Yield the reasons that do not fit in the table."""
    from loracfg.report.render.words import visible

    for verdict in verdicts:
        if not _is_short(verdict):
            yield ""
            yield visible(f"{verdict.runtime.shown}:")
            yield from (visible(f"  {reason}") for reason in _reasons(verdict))


def _ages(verdicts: tuple[Verdict, ...]) -> Iterator[str]:
    """Yield when all facts about each engine were last checked, and in which versions."""
    import textwrap

    from loracfg.report.render.words import visible

    found: dict[str, dict[str, str]] = {}
    for profile in (verdict.runtime.profile for verdict in verdicts):
        found.setdefault(f"{profile.checked}", {})[profile.title] = profile.tried
    yield ""
    for day, engines in sorted(found.items()):
        listed = ", ".join(f"{title} ({tried})" for title, tried in engines.items())
        yield from textwrap.wrap(visible(f"Last checked on {day}: {listed}"), _WIDTH)


def _name(verdict: Verdict) -> str:
    runtime = verdict.runtime
    return runtime.profile.title if runtime.state else runtime.shown


def _is_short(verdict: Verdict) -> bool:
    reasons = _reasons(verdict)
    return len(reasons) < 2 and sum(map(len, reasons)) <= _WIDTH - 35


def _reasons(verdict: Verdict) -> list[str]:
    from loracfg.runtimes.verdict import reason

    untried = verdict.runtime.untried
    return [
        *([untried] if untried else ()),
        *(reason(verdict, fact) for fact in verdict.facts),
        *(f"not known: {what}" for what in verdict.unknown if what != untried),
        *(f"if {what}" for what in verdict.assumed if verdict.answer == "loads"),
        *_without_effect(verdict),
    ]


def _without_effect(verdict: Verdict) -> Iterator[str]:
    """Say which of the given settings have no effect."""
    if verdict.idle:
        names = ", ".join(f"`{name}`" for name in verdict.idle)
        yield f"{names} {'has' if len(verdict.idle) == 1 else 'have'} no effect on a single adapter"


def _data(verdict: Verdict) -> dict[str, Any]:
    from loracfg.runtimes.verdict import reason

    profile = verdict.runtime.profile
    return {
        "runtime": profile.name,
        "version": verdict.runtime.state or verdict.runtime.version,
        "untried": verdict.runtime.untried or None,
        "checked": profile.checked.isoformat(),
        "checks": [
            {
                "by": check.by,
                "on": check.on.isoformat(),
                "what": check.what,
                "versions": list(check.versions),
            }
            for check in profile.checks
        ],
        "answer": verdict.answer,
        "reasons": [
            {
                "when": list(fact.when),
                "effect": fact.effect,
                "text": reason(verdict, fact),
                "message": fact.message or None,
                "what": fact.what or None,
                "help": fact.help or None,
                "evidence": fact.evidence,
            }
            for fact in verdict.facts
        ],
        "scale_factor": list(verdict.factors) if verdict.factors else None,
        "not_known": list(verdict.unknown),
        "assumed": list(verdict.assumed),
        "settings": {name: verdict.runtime.limits[name] for name in verdict.runtime.given},
        "without_effect": list(verdict.idle),
    }
