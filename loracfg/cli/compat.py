"""`loracfg compat`: what each engine makes of an adapter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from loracfg.runtimes.verdict import Verdict


@click.command()
@click.argument("path", metavar="PATH", type=click.Path())
@click.option(
    "--for",
    "runtimes",
    multiple=True,
    metavar="RUNTIME[==VERSION]",
    help="One engine, as vllm==0.33,max_lora_rank=64.  [default: the newest known of each]",
)
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to print the answers.",
)
def compat(path: str, runtimes: tuple[str, ...], format_name: str) -> None:
    """Tell what engines make of an adapter: load, refuse, or compute something else.

    PATH is an adapter directory. What nobody has tried is said to be unknown. Only the adapter's
    features are judged; whether it fits its base is for `validate`, which takes --for too.

    \b
    Examples:
      loracfg compat adapter/
      loracfg compat adapter/ --for vllm==0.31 --for sglang
    """  # noqa: D301  # \b is the character by which click keeps lines
    from loracfg.cli.output import write
    from loracfg.compat import compat as run

    verdicts = run(path, runtimes)
    if format_name == "json":
        import json

        write(json.dumps([_data(verdict) for verdict in verdicts], indent=2) + "\n", None)
        return
    write("\n".join(_lines(verdicts)) + "\n", None)


def _lines(verdicts: list[Verdict]) -> list[str]:
    from loracfg.report.render.words import visible

    shown = [verdict.runtime.shown for verdict in verdicts]
    width = max(map(len, shown))
    lines = []
    for name, verdict in zip(shown, verdicts, strict=True):
        first, *others = _reasons(verdict) or [""]
        lines.append(visible(f"{name:<{width}}  {verdict.answer:<7}  {first}".rstrip()))
        lines += [visible(" " * (width + 11) + other) for other in others]
    return lines


def _reasons(verdict: Verdict) -> list[str]:
    from loracfg.runtimes.verdict import reason, shown_unknown

    return [
        *(reason(verdict, fact) for fact in verdict.facts),
        *(f"not known: {what}" for what in shown_unknown(verdict)),
    ]


def _data(verdict: Verdict) -> dict[str, Any]:
    from loracfg.runtimes.verdict import shown_unknown

    profile = verdict.runtime.profile
    return {
        "runtime": profile.name,
        "version": verdict.runtime.version,
        "checked": profile.checked.isoformat(),
        "answer": verdict.answer,
        "reasons": [
            {
                "when": list(fact.when),
                "effect": fact.effect,
                "message": fact.message or None,
                "what": fact.what or None,
                "help": fact.help or None,
                "evidence": fact.evidence,
            }
            for fact in verdict.facts
        ],
        "scale_factor": list(verdict.factors) if verdict.factors else None,
        "not_known": shown_unknown(verdict),
    }
