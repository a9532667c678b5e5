"""SVG of terminals and of grids, as text that is the same on every machine."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import Final

COLUMN: Final = 7.8
"""Width of a character at 13 px, to which every run of text is fitted: fonts differ."""
_LINE: Final = 19
_MARGIN: Final = 18
_BAR: Final = 34
MONO: Final = 'ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace'
_ESCAPE: Final = re.compile(r"\x1b\[([\d;]*)m")
_COLOURS: Final = {
    "1": ("#ffffff", True),
    "1;31": ("#ff8f85", True),
    "1;32": ("#7ddba8", True),
    "1;33": ("#f0c06a", True),
    "1;36": ("#7fd3e6", True),
    "34": ("#8ab4f8", False),
}
"""The colour of each style of the terminal, and whether it is bold."""


def terminal(lines: Sequence[str], title: str) -> str:
    """Return a picture of a terminal with these lines, which may have ANSI styles."""
    longest = max(len(_ESCAPE.sub("", line)) for line in lines)
    width = round(longest * COLUMN) + 2 * _MARGIN
    height = _BAR + len(lines) * _LINE + _MARGIN
    dots = "".join(
        f'<circle cx="{20 + 20 * at}" cy="18" r="6" fill="{colour}"/>'
        for at, colour in enumerate(("#ff5f57", "#febc2e", "#28c840"))
    )
    rows = [_row(line, _BAR + (at + 1) * _LINE) for at, line in enumerate(lines)]
    return document(
        width,
        height,
        title,
        f"text{{font:13px {MONO};fill:#d6dbe1;white-space:pre}}.b{{font-weight:600}}",
        [f'<rect width="{width}" height="{height}" rx="10" fill="#171b21"/>', dots, *rows],
    )


def _row(line: str, y: int) -> str:
    """Return a line of text, each run at its column."""
    return "".join(
        f'<text x="{_MARGIN + column * COLUMN:.1f}" y="{y}" textLength="{len(text) * COLUMN:.1f}" '
        f'lengthAdjust="spacingAndGlyphs"{_style(style)}>{escape(text, quote=False)}</text>'
        for column, text, style in _runs(line)
    )


def _runs(line: str) -> Iterator[tuple[int, str, str]]:
    """Yield the column, the text and the style of each run without spaces at its ends."""
    column, style = 0, ""
    for at, part in enumerate(_ESCAPE.split(line)):
        if at % 2:
            style = "" if part in ("", "0") else part
            continue
        for found in re.finditer(r"\S+(?: \S+)*", part):
            yield column + found.start(), found[0], style
        column += len(part)


def _style(style: str) -> str:
    if style not in _COLOURS:
        return ""
    colour, is_bold = _COLOURS[style]
    return f' style="fill:{colour}"' + (' class="b"' if is_bold else "")


CELL: Final = 16
_GAP: Final = 2
_LABELS: Final = 132
FILLS: Final[Mapping[str, str]] = {
    "fits": "#3b8ea5",
    "missing": "#e8b04a",
    "wrong": "#d9635a",
    "none": "#8a939c",
}
"""The colours of cells, which can be told apart on light and on dark grounds."""


def grid(rows: Mapping[str, Sequence[str]], legend: Iterable[tuple[str, str]], title: str) -> str:
    """Return a picture with a row of cells for each label; a cell is a key of `FILLS`."""
    longest = max(map(len, rows.values()))
    width = _LABELS + longest * (CELL + _GAP) + _MARGIN
    parts = [f'<rect width="{width}" height="100%" rx="10" fill="#171b21"/>']
    y = _MARGIN
    for label, cells in rows.items():
        parts.append(f'<text x="{_LABELS - 8}" y="{y + 12}" text-anchor="end">{label}</text>')
        parts += (_cell(_LABELS + at * (CELL + _GAP), y, cell) for at, cell in enumerate(cells))
        y += CELL + _GAP
    numbers = (0, *range(7, longest, 8))
    parts += (
        f'<text x="{_LABELS + at * (CELL + _GAP) + CELL / 2:g}" y="{y + 14}" '
        f'text-anchor="middle" class="q">{at}</text>'
        for at in numbers
    )
    parts.append(f'<text x="{_LABELS - 8}" y="{y + 14}" text-anchor="end" class="q">layer</text>')
    y += 2 * CELL
    x = float(_LABELS)
    for kind, words in legend:
        parts += (_cell(x, y, kind), f'<text x="{x + CELL + 6:g}" y="{y + 12}">{words}</text>')
        x += CELL + 24 + len(words) * 7.3
    style = f"text{{font:12px {MONO};fill:#d6dbe1}}.q{{fill:#9da6af;font-size:11px}}"
    return document(width, y + CELL + _MARGIN, title, style, parts)


def _cell(x: float, y: float, kind: str) -> str:
    place = f'x="{x:g}" y="{y}" width="{CELL}" height="{CELL}" rx="3"'
    if kind == "none":
        return f'<rect {place} fill="none" stroke="{FILLS[kind]}" stroke-opacity=".5"/>'
    return f'<rect {place} fill="{FILLS[kind]}"/>'


def document(width: int, height: int, title: str, style: str, parts: Iterable[str]) -> str:
    """Return a picture of this size in pixels, with its title and its styles."""
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img">\n'
        f"<title>{escape(title)}</title>\n<style>{style}</style>\n{body}\n</svg>\n"
    )
