"""For a terminal: tables as aligned columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Final

from loracfg.audit.report.cell_text import row_texts
from loracfg.audit.report.question import NUMBERS, AuditDocument, AuditTable
from loracfg.inspection.contents_text import aligned
from loracfg.report.render.style import Paint, painter
from loracfg.report.render.words import visible

_MAX_CELL: Final = 60
_WIDTH: Final = 100
_CUT: Final = "..."


def render_text(document: AuditDocument, *, color: bool = False) -> str:
    """Return the tables for a terminal, with ANSI styles if `color`; long cells are cut."""
    paint = painter(color)
    head = "\n".join([paint("title", visible(document.title)), *map(visible, document.facts)])
    blocks = [head, *("\n".join(_lines(table, paint)) for table in document.tables)]
    return "\n\n".join(blocks) + "\n"


def _lines(table: AuditTable, paint: Paint) -> Iterator[str]:
    yield paint("title", visible(table.title))
    if not table.rows:
        yield f"  {visible(table.nothing)}"
        return
    heads = tuple(_shortened(column.heading) for column in table.columns)
    rows = [tuple(map(_shortened, row_texts(table, row))) for row in table.rows]
    to_left = [at for at, column in enumerate(table.columns) if column.kind not in NUMBERS]
    yield from (f"  {line}" for line in aligned([heads, *rows], paint, to_left))
    if more := more_rows(table):
        yield f"  {more}"
    yield from textwrap.wrap(
        visible(table.note), _WIDTH, initial_indent="  ", subsequent_indent="  "
    )


def _shortened(text: str) -> str:
    text = visible(text)
    return text if len(text) <= _MAX_CELL else text[: _MAX_CELL - len(_CUT)] + _CUT


def more_rows(table: AuditTable) -> str:
    """Say how many rows are not shown; empty if all are."""
    if table.total is None:
        return "and more; pass a larger `--limit`"
    left = table.total - len(table.rows)
    return f"and {left:,} more (`--limit`)" if left else ""
