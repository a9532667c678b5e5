"""One line per finding and a summary, for editors and grep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loracfg.report.render.place import one_line
from loracfg.report.render.words import fixable_line, summary_line

if TYPE_CHECKING:
    from loracfg.report.report import Report


def render(report: Report) -> str:
    """Return `path:line:column: CODE severity name: message` lines and the summary.

    The line of a finding with a safe fix ends with `[*]`.
    """
    lines = [one_line(adapter, d) for adapter in report.adapters for d in adapter.diagnostics]
    fixable = fixable_line(report)
    lines += [fixable] if fixable else []
    return "\n".join([*lines, summary_line(report)]) + "\n"
