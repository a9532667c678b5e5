"""For editors and grep: one line for each finding, and the summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loracfg.report.render.place import one_line
from loracfg.report.render.words import fixable_line, summary_line

if TYPE_CHECKING:
    from loracfg.report.report import Report


def render(report: Report) -> str:
    """Return `path:line:column: CODE severity name: message` lines and the summary.

    Lines of findings that `loracfg fix` repairs safely end with `[*]`.
    """
    lines = [one_line(adapter, d) for adapter in report.adapters for d in adapter.diagnostics]
    fixable = fixable_line(report)
    lines += [fixable] if fixable else []
    return "\n".join([*lines, summary_line(report)]) + "\n"
