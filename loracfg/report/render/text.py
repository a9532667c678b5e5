"""Text for people: every finding with the line it refers to, and a verdict for each adapter."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from loracfg.named_tuple import NamedTuple
from loracfg.report.render.place import adapter_path, place
from loracfg.report.render.snippet import snippet
from loracfg.report.render.stream import Stream
from loracfg.report.render.style import Paint, painter
from loracfg.report.render.summary_line import verdict_lines
from loracfg.report.render.words import FIXABLE, counted, fixable_line, summary_line, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loracfg.report.report import AdapterReport, Diagnostic, Location, Tally


class _Page(NamedTuple):
    """The adapter, source lines and styles with which findings are rendered."""

    adapter: AdapterReport
    sources: dict[str, list[str]]
    paint: Paint


class TextStream(Stream):
    """The report for a terminal: findings and a verdict for each adapter, and a summary."""

    between: ClassVar[str] = "\n"

    def piece(self, adapter: AdapterReport) -> str:
        """Return the findings and the verdict of an adapter."""
        paint = painter(self.color)
        blocks = findings(adapter, paint)
        if not self.quiet:
            blocks.append(_verdict(adapter, paint))
        return "\n\n".join(blocks) + "\n" if blocks else ""

    def closing(self, tally: Tally) -> str:
        """Return the summary."""
        if self.quiet:
            return ""
        fixable = fixable_line(tally)
        summary = painter(self.color)("title", summary_line(tally))
        last = [*_hint(tally), *([fixable] if fixable else []), summary]
        return ("\n" if tally.adapters else "") + "\n".join(last) + "\n"


STREAM: Final = TextStream


def findings(adapter: AdapterReport, paint: Paint) -> list[str]:
    """Return each finding of an adapter with the line it refers to."""
    if not adapter.diagnostics:
        return []
    sources = {file: text.split("\n") for file, text in adapter.sources.items()}
    page = _Page(adapter, sources, paint)
    return ["\n".join(_finding(page, d)) for d in adapter.diagnostics]


def _finding(page: _Page, d: Diagnostic) -> Iterator[str]:
    paint, margin = page.paint, " " * _gutter(d)
    label = paint(d.severity, f"{d.severity}[{visible(d.code)}]")
    mark = f" {FIXABLE}" if d.fix and d.fix.safe else ""
    yield f"{label} {paint('title', f'{visible(d.name)}: {visible(d.message)}')}{mark}"
    yield from _place(page, d.location, margin, d.severity)
    for related in d.related:
        yield f"{margin} {paint('title', 'note')}: {visible(related.message)}"
        yield from _place(page, related.location, margin, "info")
    if d.count > 1:
        yield f"{margin} {paint('frame', '=')} note: {counted(d.count, 'occurrence')}"
    if d.help:
        yield f"{margin} {paint('frame', '=')} {paint('title', 'help')}: {visible(d.help)}"
    if d.fix:
        title = f"{visible(d.fix.title)} ({'safe' if d.fix.safe else 'unsafe'})"
        yield f"{margin} {paint('frame', '=')} {paint('title', 'fix')}: {title}"


def _gutter(d: Diagnostic) -> int:
    """Return the width of the longest line number that the finding shows."""
    locations = [d.location, *(related.location for related in d.related)]
    return max(len(str(at.region.line)) if at.region else 1 for at in locations)


def _place(page: _Page, location: Location, margin: str, role: str) -> Iterator[str]:
    paint, region = page.paint, location.region
    yield f"{margin}{paint('frame', '-->')} {place(page.adapter, location)}"
    shown = snippet(page.sources.get(location.file, []), region) if region else None
    if region and shown:
        bar = paint("frame", "|")
        number = paint("frame", f"{region.line:>{len(margin)}}")
        yield f"{margin} {bar}"
        yield f"{number} {bar} {shown.text}".rstrip()
        yield f"{margin} {bar} {' ' * shown.offset}{paint(role, '^' * shown.length)}"


def _verdict(adapter: AdapterReport, paint: Paint) -> str:
    path = paint("title", visible(adapter_path(adapter)))
    lines = [f"{path}: {paint(adapter.status, adapter.status)}"]
    lines += (f"  {line}" for line in verdict_lines(adapter))
    return "\n".join(lines)


def _hint(tally: Tally) -> list[str]:
    codes = {code for code, _ in tally.found}
    if not codes:
        return []
    code = visible(codes.pop()) if len(codes) == 1 else "CODE"
    return [f"Run `loracfg explain {code}` for more."]
