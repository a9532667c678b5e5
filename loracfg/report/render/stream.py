"""A format in which each adapter is written as soon as it is validated."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from loracfg.report.report import AdapterReport, Tally


class Stream:
    """The text of a report in pieces: one for each adapter, with text before and after them."""

    between: ClassVar[str] = ""
    """What stands between the pieces that are not empty."""

    def __init__(self, *, color: bool = False, quiet: bool = False) -> None:
        """Choose ANSI styles with `color`, and only findings with `quiet`, if the format can."""
        self.color, self.quiet = color, quiet

    def opening(self, version: str) -> str:  # formats may need it
        """Return the text before the adapters."""
        return ""

    def piece(self, adapter: AdapterReport) -> str:
        """Return the text for an adapter."""
        raise NotImplementedError

    def closing(self, tally: Tally) -> str:
        """Return the text after the adapters."""
        return ""
