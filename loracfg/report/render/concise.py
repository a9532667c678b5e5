"""One line per finding and a summary, for editors and grep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from loracfg.report.render.place import adapter_path, one_line
from loracfg.report.render.stream import Stream
from loracfg.report.render.summary_line import unchecked_policy_lines
from loracfg.report.render.words import fixable_line, summary_line, visible

if TYPE_CHECKING:
    from loracfg.report.report import AdapterReport, Tally


class ConciseStream(Stream):
    """`path:line:column: CODE severity name: message` lines, and a summary.

    The line of a finding with a safe fix ends with `[*]`. What a policy is about and was not
    checked has a line too.
    """

    def piece(self, adapter: AdapterReport) -> str:
        """Return a line for each finding of an adapter."""
        lines = [one_line(adapter, found) for found in adapter.diagnostics]
        if not self.quiet:
            path = visible(adapter_path(adapter))
            lines += [f"{path}: {line}" for line in unchecked_policy_lines(adapter)]
        return "".join(f"{line}\n" for line in lines)

    def closing(self, tally: Tally) -> str:
        """Return the summary."""
        fixable = fixable_line(tally)
        lines = [*([fixable] if fixable else []), summary_line(tally)]
        return "" if self.quiet else "\n".join(lines) + "\n"


STREAM: Final = ConciseStream
