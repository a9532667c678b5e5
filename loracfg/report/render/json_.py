"""The report as JSON, for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from loracfg.report.render.json_text import json_text
from loracfg.report.render.stream import Stream
from loracfg.report.report import Report

if TYPE_CHECKING:
    from loracfg.report.report import AdapterReport, Tally


_LINE: Final = "\n  "
_ITEM: Final = "\n    "


class JsonStream(Stream):
    """`Report.to_dict()` as indented ASCII JSON, in pieces.

    JSON has no NaN or infinity: such a number (a scaling, a value in a fix) becomes null.
    """

    between: ClassVar[str] = ","

    def opening(self, version: str) -> str:
        """Return what precedes the adapters."""
        start, found, _ = json_text(Report(version, ()).to_dict()).partition('"adapters": [')
        return start + found

    def piece(self, adapter: AdapterReport) -> str:
        """Return an item of the list of adapters."""
        return _ITEM + json_text(adapter.to_dict(), _ITEM)

    def closing(self, tally: Tally) -> str:
        """Return what follows the adapters."""
        end = f"{_LINE}]" if tally.adapters else "]"
        return f'{end},{_LINE}"summary": {json_text(tally.counts, _LINE)}\n}}\n'


STREAM: Final = JsonStream
