"""One line per finding and a summary, for editors and grep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from loracfg.report.render.place import one_line
from loracfg.report.render.stream import Stream
from loracfg.report.render.words import fixable_line, summary_line

if TYPE_CHECKING:
    from loracfg.report.report import AdapterReport, Tally


class ConciseStream(Stream):
    """`path:line:column: CODE severity name: message` lines, and a summary.

    The line of a finding with a safe fix ends with `[*]`.
    """

    def piece(self, adapter: AdapterReport) -> str:
        """Return a line for each finding of an adapter."""
        return "".join(f"{one_line(adapter, found)}\n" for found in adapter.diagnostics)

    def closing(self, tally: Tally) -> str:
        """Return the summary."""
        fixable = fixable_line(tally)
        lines = [*([fixable] if fixable else []), summary_line(tally)]
        return "" if self.quiet else "\n".join(lines) + "\n"


STREAM: Final = ConciseStream
