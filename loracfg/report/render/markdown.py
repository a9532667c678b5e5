"""Markdown for pull-request comments and job summaries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from loracfg.report.render.markdown_text import code, link, prose
from loracfg.report.render.place import adapter_path, place
from loracfg.report.render.summary_line import verdict_lines
from loracfg.report.render.words import FIXABLE, counted, fixable_line, summary_line
from loracfg.report.report import SEVERITIES, Tally

if TYPE_CHECKING:
    from loracfg.report.report import AdapterReport, Diagnostic, Report

LIMIT: Final = 60_000
"""The maximum bytes of a report; GitHub allows 65,536 characters, and users may add their own."""
SHOWN: Final = 10
"""The number of entries of a list that are not folded."""

_LAST: Final = 200
"""Bytes reserved for a last block, which says how much is left out."""
_BREAK: Final = "\n\n"
_BEGIN: Final = "<details>\n<summary>{}</summary>"
_END: Final = "</details>"

_MARKS: Final = {"error": "⛔", "invalid": "❌", "undetermined": "❔", "valid": "✅"}
"""The marks of the statuses, worst first."""


def render(report: Report) -> str:
    """Return headings and lists; long lists are folded, and entries that do not fit are counted.

    Adapters that need attention come first. Content of files is shown as text or code and never
    becomes a link, mention, image or HTML.
    """
    page = _Page()
    tally = Tally(report.adapters)
    page.add(_title(tally))
    if fixable := fixable_line(tally):
        page.add(prose(fixable.removeprefix(f"{FIXABLE} ")))
    flagged = [adapter for adapter in report.adapters if not _is_fine(adapter)]
    fine = [_entry(adapter) for adapter in report.adapters if _is_fine(adapter)]
    adapters = findings = 0
    for adapter in flagged:
        if page.add(_section(adapter)):
            adapters += 1
            findings += page.add_list(_findings(adapter), "finding")
    if flagged and fine:
        page.add("### Valid")
    adapters += page.add_list(fine, "adapter")
    all_findings = sum(len(adapter.diagnostics) for adapter in flagged)
    return page.text(_left_out(len(report.adapters) - adapters, all_findings - findings))


class _Page:
    """Blocks of Markdown; after the first block that does not fit, no more are added."""

    def __init__(self) -> None:
        self._blocks: list[str] = []
        self._room = LIMIT - _LAST

    def add(self, block: str) -> bool:
        """Add a block if it fits, and tell whether it did."""
        return self._add_lines([block]) == 1

    def add_list(self, items: list[str], noun: str) -> int:
        """Add the entries that fit, fold all but the first ones, and return how many fit."""
        shown = self._add_lines(items[:SHOWN])
        rest = items[SHOWN:]
        if not rest:
            return shown
        self._room -= len(_END) + len(_BREAK)
        if not self.add(_BEGIN.format(counted(len(rest), f"more {noun}"))):
            return shown
        shown += self._add_lines(rest)
        self._blocks.append(_END)
        return shown

    def text(self, last: str) -> str:
        """Return the page, ending with a block for which room was reserved; it may be empty."""
        return _BREAK.join([*self._blocks, *([last] if last else [])]) + "\n"

    def _add_lines(self, lines: list[str]) -> int:
        """Add as many of the first lines as fit, as one block."""
        taken = []
        for line in lines:
            self._room -= len(line.encode()) + len(_BREAK)
            if self._room < 0:
                break
            taken.append(line)
        if taken:
            self._blocks.append("\n".join(taken))
        return len(taken)


def _title(tally: Tally) -> str:
    mark = next((f"{mark} " for status, mark in _MARKS.items() if tally.counts[status]), "")
    return f"## {mark}loracfg · {summary_line(tally)}"


def _section(adapter: AdapterReport) -> str:
    """Return the heading of an adapter and its verdict."""
    lines = "\\\n".join(map(prose, verdict_lines(adapter)))
    return f"### {_status(adapter)}" + (f"\n\n{lines}" if lines else "")


def _status(adapter: AdapterReport) -> str:
    return f"{_MARKS[adapter.status]} {code(adapter_path(adapter))}: {adapter.status}"


def _entry(adapter: AdapterReport) -> str:
    """Return a list entry for an adapter without findings."""
    return "\n".join((f"- {_status(adapter)}", *_below(map(prose, verdict_lines(adapter)))))


def _is_fine(adapter: AdapterReport) -> bool:
    return adapter.status == "valid" and not adapter.diagnostics


def _findings(adapter: AdapterReport) -> list[str]:
    """Return an entry for each finding, most severe first."""
    ordered = sorted(adapter.diagnostics, key=lambda d: SEVERITIES.index(d.severity))
    return [_finding(adapter, d) for d in ordered]


def _finding(adapter: AdapterReport, d: Diagnostic) -> str:
    head = f"- **{d.severity}** {link(d.code, d.url)} {prose(f'{d.name}: {d.message}')}"
    return "\n".join((head, *_below(_details(adapter, d))))


def _details(adapter: AdapterReport, d: Diagnostic) -> Iterator[str]:
    """Yield the place of a finding, its notes, its help and its fix."""
    often = f", {counted(d.count, 'occurrence')}" if d.count > 1 else ""
    yield f"at {code(place(adapter, d.location))}{often}"
    for related in d.related:
        yield f"note: {prose(related.message)}, at {code(place(adapter, related.location))}"
    if d.help:
        yield f"help: {prose(d.help)}"
    if d.fix:
        yield f"fix ({'safe' if d.fix.safe else 'unsafe'}): {prose(d.fix.title)}"


def _below(lines: Iterable[str]) -> Iterator[str]:
    return (f"  - {line}" for line in lines)


def _left_out(adapters: int, findings: int) -> str:
    """Say how much did not fit on the page."""
    numbers = (adapters, "adapter"), (findings, "finding")
    rest = " and ".join(counted(number, noun) for number, noun in numbers if number)
    return f"Not shown: {rest}." if rest else ""
