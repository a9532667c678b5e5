"""Plots of tables: bars in SVG, in which all text is text."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Final

from loracfg.audit.report.cell_text import row_texts
from loracfg.audit.report.question import AuditTable
from loracfg.inspection.markup import NOTHING, Markup, joined, tag, text

_MOST: Final = 20
"""The most bars of a plot."""
_ROW: Final = 22
_BAR: Final = 14
_LABEL: Final = 210
_BARS: Final = 480
_WIDTH: Final = 780
_MAX_LABEL: Final = 30

_TONES: Final = {
    "valid": "good",
    "loads": "good",
    "repaired": "good",
    "undetermined": "warning",
    "differs": "warning",
    "changed": "warning",
    "invalid": "error",
    "broken": "error",
    "fails": "error",
    "raises": "error",
    "error": "quiet",
    "unreadable": "quiet",
    "unknown": "quiet",
}
"""The colour of a part, or of the only part of a bar by what the bar stands for."""


def plot(table: AuditTable) -> Markup:
    """Return the plot of a table with a legend, or nothing if it has none."""
    bars = table.bars
    if bars is None or not table.rows:
        return NOTHING
    keys = [column.key for column in table.columns]
    by = [keys.index(key) for key in bars.by]
    parts = [keys.index(part) for part in bars.parts]
    shown = [(row, [_number(row[part]) for part in parts]) for row in table.rows[:_MOST]]
    most = max(sum(numbers) for _, numbers in shown) or 1
    lines = []
    for at, (row, numbers) in enumerate(shown):
        toned = bars.parts if len(parts) > 1 else (f"{row[by[0]]}",)
        tones = [_TONES.get(one, "plain") for one in toned]
        texts = row_texts(table, row)
        lines.append(_bar(at, " ".join(texts[key] for key in by), numbers, tones, most))
    title = f"{table.title}: a plot of the first columns of the table below"
    drawing = tag(
        "svg",
        *lines,
        viewBox=f"0 0 {_WIDTH} {len(shown) * _ROW}",
        role="img",
        aria_label=title,
        class_="plot",
    )
    headings = [table.columns[part].heading for part in parts]
    return tag("figure", _legend(bars.parts, headings) if len(parts) > 1 else NOTHING, drawing)


def _bar(at: int, label: str, numbers: Sequence[int], tones: Sequence[str], most: int) -> Markup:
    top = at * _ROW + (_ROW - _BAR) / 2
    base = at * _ROW + _ROW / 2
    ends = [_LABEL + _BARS * end / most for end in accumulate(numbers, initial=0)]
    blocks = [
        tag(
            "rect",
            x=f"{start:.1f}",
            y=f"{top:.1f}",
            width=f"{end - start:.1f}",
            height=f"{_BAR}",
            class_=f"tone-{tone}",
        )
        for start, end, tone in zip(ends[:-1], ends[1:], tones, strict=True)
        if end - start > 0
    ]
    name = tag(
        "text", text(_shortened(label)), x=f"{_LABEL - 8}", y=f"{base:.1f}", class_="bar-label"
    )
    count = tag(
        "text",
        text(f"{sum(numbers):,}"),
        x=f"{ends[-1] + 6:.1f}",
        y=f"{base:.1f}",
        class_="bar-count",
    )
    return tag("g", name, *blocks, count)


def _legend(parts: Sequence[str], headings: Sequence[str]) -> Markup:
    entries = (
        tag("li", tag("i", class_=f"tone-{_TONES.get(part, 'plain')}"), text(heading))
        for part, heading in zip(parts, headings, strict=True)
    )
    return tag("ul", joined(entries), class_="legend")


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _shortened(label: str) -> str:
    return label if len(label) <= _MAX_LABEL else f"{label[: _MAX_LABEL - 3]}..."
