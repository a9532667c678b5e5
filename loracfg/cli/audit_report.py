"""`loracfg audit report` and `loracfg audit diff`: what audits found."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from loracfg.cli.options import LocalPath, finite

if TYPE_CHECKING:
    from loracfg.audit.report.question import AuditDocument

_ROWS: Final = 20
_OWN_ROWS: Final = 1_000
_OWN_MEMORY: Final = 3 << 30
"""The bytes that a query of a user's may take: those that DuckDB counts, and half as many more."""
_SECONDS: Final = 60.0
_LONGEST: Final = 7 * 24 * 3600.0
_FOLDER: Final = LocalPath(path_type=Path)


@click.command()
@click.argument("folder", metavar="DIR", type=_FOLDER)
@click.option(
    "--only",
    "questions",
    multiple=True,
    metavar="QUESTION",
    help="Only answer this question, such as `codes`, `bases` or `duplicates`.",
)
@click.option(
    "--peft",
    "releases",
    multiple=True,
    metavar="VERSION",
    help="Show which adapters load in this PEFT release.",
)
@click.option(
    "--for",
    "engines",
    multiple=True,
    metavar="ENGINE[==VERSION]",
    help="Show which adapters load in this engine. The audit must have asked for it.",
)
@click.option("--sql", metavar="QUERY", help="Answer a query of your own over the table `results`.")
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    metavar="ROWS",
    help=f"Rows of each table.  [default: {_ROWS}; with --sql: {_OWN_ROWS:,}]",
)
@click.option(
    "--timeout",
    type=click.FloatRange(0, _LONGEST, min_open=True),
    callback=finite,
    default=_SECONDS,
    show_default=True,
    metavar="SECONDS",
    help="Stop a query of --sql after this time.",
)
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["text", "markdown", "json", "html"]),
    default="text",
    show_default=True,
    help="Output format; html is a page with plots.",
)
@click.option("--output", type=_FOLDER, metavar="FILE", help="Write to this file.")
def report(
    folder: Path,
    questions: tuple[str, ...],
    releases: tuple[str, ...],
    engines: tuple[str, ...],
    sql: str | None,
    limit: int | None,
    timeout: float,
    format_name: str,
    output: Path | None,
) -> None:
    """Show what an audit found.

    DIR is the --output of `loracfg audit`. The report says which adapters are broken and why, by
    base and by code, where they load, which are duplicates, and what broke since the run before.
    With --only, --peft or --for, it only has these answers. Needs duckdb (the extra `audit`).

    \b
    Examples:
      loracfg audit report fleet/
      loracfg audit report fleet/ --peft 0.12 --for vllm
      loracfg audit report fleet/ --format html --output fleet.html
      loracfg audit report fleet/ --sql "SELECT source FROM results WHERE len(ranks) > 1"
    """  # noqa: D301  # \b is the character by which click keeps lines
    from loracfg.audit.memory_bound import memory_bound
    from loracfg.audit.report.audit_documents import Wanted, own_answer, report_on

    if sql is not None and (questions or releases or engines):
        raise click.UsageError("--sql cannot be combined with --only, --peft or --for")
    if sql is None:
        _check(questions)
        wanted = Wanted(questions, releases, engines, limit or _ROWS)
        document = report_on(folder, wanted)
    else:
        with memory_bound(_OWN_MEMORY):
            document = own_answer(folder, sql, limit or _OWN_ROWS, timeout)
    _write(document, format_name, output)


@click.command()
@click.argument("old", metavar="OLD", type=_FOLDER)
@click.argument("new", metavar="[NEW]", required=False, type=_FOLDER)
@click.option("--strict", is_flag=True, help="Also exit 1 if an adapter is unreadable or gone.")
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=_ROWS,
    show_default=True,
    metavar="ROWS",
    help="Rows of each table.",
)
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    show_default=True,
    help="Output format.",
)
@click.option("--output", type=_FOLDER, metavar="FILE", help="Write to this file.")
def diff(
    old: Path, new: Path | None, strict: bool, limit: int, format_name: str, output: Path | None
) -> None:
    """Show what changed between two audits.

    OLD and NEW are folders that `loracfg audit` wrote; their newest runs are compared. Without NEW,
    the two newest runs in OLD are. Exit status: 1 if an adapter is newly broken, that is, has
    an error now and had none before; else 0.

    \b
    Examples:
      loracfg audit diff fleet/
      loracfg audit diff monday/ tuesday/ --format markdown
    """  # noqa: D301  # \b is the character by which click keeps lines
    from loracfg.audit.report.audit_documents import difference_of

    found = difference_of(old, new, limit)
    _write(found.document, format_name, output)
    is_strictly_worse = strict and (found.unreadable or found.gone)
    sys.exit(1 if found.broken or is_strictly_worse else 0)


def _check(questions: tuple[str, ...]) -> None:
    """Refuse unknown names of questions."""
    from loracfg.audit.report.audit_documents import QUESTION_NAMES

    for name in questions:
        if name not in QUESTION_NAMES:
            known = ", ".join(QUESTION_NAMES)
            raise click.BadParameter(f"`{name}` is not one of {known}", param_hint="--only")


def _write(document: AuditDocument, format_name: str, output: Path | None) -> None:
    from loracfg.cli.output import wants_color, write

    write(_rendered(document, format_name, color=output is None and wants_color()), output)


def _rendered(document: AuditDocument, format_name: str, *, color: bool) -> str:
    if format_name == "json":
        from loracfg.audit.report.tables_json import render_json

        return render_json(document)
    if format_name == "markdown":
        from loracfg.audit.report.tables_markdown import render_markdown

        return render_markdown(document)
    if format_name == "html":
        from loracfg.audit.report.report_page import render_page

        return render_page(document)
    from loracfg.audit.report.tables_text import render_text

    return render_text(document, color=color)
