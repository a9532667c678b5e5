"""Text for people: every finding with the line it refers to, and a verdict for each adapter."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from loracfg.report.render.place import adapter_path, place
from loracfg.report.render.snippet import snippet
from loracfg.report.render.style import Paint, painter
from loracfg.report.render.summary_line import verdict_lines
from loracfg.report.render.words import FIXABLE, counted, fixable_line, summary_line, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loracfg.report.report import AdapterReport, Diagnostic, Location, Report


class _Page(NamedTuple):
    """The adapter, source lines and styles with which findings are rendered."""

    adapter: AdapterReport
    sources: dict[str, list[str]]
    paint: Paint


def render(report: Report, *, color: bool = False) -> str:
    """Return the report for a terminal, with ANSI styles if `color` is set."""
    paint = painter(color)
    blocks: list[str] = []
    for adapter in report.adapters:
        blocks += findings(adapter, paint)
        blocks.append(_verdict(adapter, paint))
    fixable = fixable_line(report)
    last = [*_hint(report), *([fixable] if fixable else []), paint("title", summary_line(report))]
    blocks.append("\n".join(last))
    return "\n\n".join(blocks) + "\n"


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


def _hint(report: Report) -> list[str]:
    codes = {d.code for adapter in report.adapters for d in adapter.diagnostics}
    if not codes:
        return []
    code = visible(codes.pop()) if len(codes) == 1 else "CODE"
    return [f"Run `loracfg explain {code}` for more."]
