"""Markdown for job summaries and issues."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from loracfg.audit.report.cell_text import row_texts
from loracfg.audit.report.question import NUMBERS, AuditDocument, AuditTable, Kind
from loracfg.audit.report.tables_text import more_rows
from loracfg.report.render.markdown_text import code, prose

_AS_CODE: Final[tuple[Kind, ...]] = ("name", "code", "value", "names", "releases")


def render_markdown(document: AuditDocument) -> str:
    """Return headings and tables; what files contain never becomes a link, mention or HTML."""
    head = [f"## {prose(document.title)}", *(prose(fact) for fact in document.facts)]
    blocks = [*head, *("\n\n".join(_blocks(table)) for table in document.tables)]
    return "\n\n".join(blocks) + "\n"


def _blocks(table: AuditTable) -> Iterator[str]:
    yield f"### {prose(table.title)}"
    if not table.rows:
        yield prose(table.nothing)
        return
    rules = ("--:" if column.kind in NUMBERS else ":--" for column in table.columns)
    lines = [_row(prose(column.heading) for column in table.columns), _row(rules)]
    lines += [
        _row(map(_cell, row_texts(table, row), (column.kind for column in table.columns)))
        for row in table.rows
    ]
    yield "\n".join(lines)
    if more := more_rows(table):
        yield prose(more)
    if table.note:
        yield prose(table.note)


def _cell(text: str, kind: Kind) -> str:
    if not text:
        return ""
    shown = code(text) if kind in _AS_CODE else prose(text)
    return shown.replace("|", "\\|")  # in tables, also in code


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
