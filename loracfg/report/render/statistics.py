"""How often each rule found something, without the findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loracfg.report.render.json_text import json_text
from loracfg.report.render.words import FIXABLE, fixable_line, summary_line, visible

if TYPE_CHECKING:
    from loracfg.report.report import Tally


def statistics_text(tally: Tally, *, as_json: bool = False) -> str:
    """Return a line for each rule that found something, the most frequent first, and a summary.

    As JSON, it is a list of objects, as ruff has it.
    """
    rows = sorted(tally.found.items(), key=lambda row: (-row[1], row[0]))
    if as_json:
        data = [
            {"code": code, "name": name, "count": count, "fixable": tally.fixable[code, name]}
            for (code, name), count in rows
        ]
        return json_text(data) + "\n"
    width = max((len(str(count)) for _, count in rows), default=0)
    lines = [
        f"{count:>{width}}  {visible(code)}  {_mark(tally.fixable[code, name])}  {visible(name)}"
        for (code, name), count in rows
    ]
    fixable = fixable_line(tally)
    return "\n".join([*lines, *([fixable] if fixable else []), summary_line(tally)]) + "\n"


def _mark(fixable: int) -> str:
    return FIXABLE if fixable else " " * len(FIXABLE)
