"""For a terminal: what an adapter contains, on one screen."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Final

from loracfg.inspection.contents import Inspection, Share
from loracfg.inspection.gather import merged
from loracfg.inspection.wording import columns_of, facts, headline, judgement
from loracfg.report.render.style import Paint, painter
from loracfg.report.render.words import bytes_words, counted, visible

MAX_GROUPS: Final = 24
_MAX_PATTERN: Final = 56


def render(inspection: Inspection, *, color: bool = False) -> str:
    """Return the page for a terminal, with ANSI styles if `color`."""
    paint = painter(color)
    report = inspection.report
    path = paint("title", visible(report.path))
    lines = [*facts(inspection), judgement(report)]
    blocks = ["\n".join([f"{path}: {headline(inspection)}", *_indented(lines)])]
    blocks += ["\n".join(_indented(table)) for table in _tables(inspection, paint)]
    notes = [f"{paint('title', 'note')}: {visible(note.message)}" for note in inspection.notes]
    blocks += ["\n".join(notes)] if notes else []
    return "\n\n".join(blocks) + "\n"


def _indented(lines: Sequence[str]) -> Iterator[str]:
    return (f"  {line}" for line in lines)


def _tables(inspection: Inspection, paint: Paint) -> Iterator[list[str]]:
    groups = inspection.groups
    groups = groups if len(groups) <= MAX_GROUPS else merged(groups)
    shown = groups[:MAX_GROUPS]
    if shown:
        columns = columns_of(shown, _MAX_PATTERN)
        rows = (tuple(cell(group) for _, cell in columns) for group in shown)
        lines = aligned([tuple(head for head, _ in columns), *rows], paint)
        left = len(groups) - len(shown)
        yield (
            [*lines, f"and {counted(left, 'more group')} (see `--format json`)"] if left else lines
        )
    if inspection.roles:
        yield aligned([("Tensors", "Count", "Parameters", "Size"), *_shares(inspection)], paint)


def _shares(inspection: Inspection) -> Iterator[tuple[str, ...]]:
    total = [inspection.total] if len(inspection.roles) > 1 else []
    return map(_share, (*inspection.roles, *total))


def _share(share: Share) -> tuple[str, ...]:
    return (share.name, f"{share.tensors:,}", f"{share.parameters:,}", bytes_words(share.bytes))


def aligned(
    rows: Sequence[tuple[str, ...]], paint: Paint, to_left: Collection[int] = (0,)
) -> list[str]:
    """Return the lines of a table; columns are aligned right, those in `to_left` left."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    head, *others = [
        "  ".join(
            cell.ljust(width) if at in to_left else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    return [paint("title", head), *others]
