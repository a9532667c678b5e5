"""What an editor must show for the findings of `validate`, converted in a different way."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from lsprotocol import types

from loracfg.report.render.words import visible
from loracfg.report.report import AdapterReport, Diagnostic, Location

Shown = tuple[str, str, str, tuple[int, int, int, int], tuple[str, ...], str]

SEVERITIES: Final = {1: "error", 2: "warning", 3: "info"}


def expected(report: AdapterReport, document: Path, text: str) -> list[Shown]:
    """Return what must be shown in a document with a text."""
    return sorted(_expected(one, document, text) for one in report.diagnostics)


def _expected(found: Diagnostic, document: Path, text: str) -> Shown:
    message = f"{visible(found.message)}\nhelp: {visible(found.help)}"
    related = [visible(one.message) for one in found.related if _can_open(one.location)]
    place = found.location
    if not _is_in(place, document) and _can_open(place):
        there = place.tensor or place.pointer or "the finding is in this file"
        related.insert(0, visible(there))
    return (
        found.code,
        found.severity,
        message if found.help else visible(found.message),
        _range(place, document, text),
        tuple(related),
        found.url,
    )


def _can_open(place: Location) -> bool:
    return bool(place.file) and "://" not in place.file


def _is_in(place: Location, document: Path) -> bool:
    return place.file in (document.name, str(document))


def _range(place: Location, document: Path, text: str) -> tuple[int, int, int, int]:
    region = place.region
    if region is None or not _is_in(place, document):
        blank = len(text) - len(text.lstrip("\ufeff \t\r\n"))
        if blank == len(text):
            return 0, 0, 0, 0
        line = text.count("\n", 0, blank)
        column = blank - text.rfind("\n", 0, blank) - 1
        return line, column, line, column + 1
    lines = text.removeprefix("\ufeff").split("\n")
    mark = len(text) - len(text.removeprefix("\ufeff"))

    def units(line: int, column: int) -> tuple[int, int]:
        before = lines[line - 1][: column - 1]
        return line - 1, len(before.encode("utf-16-le")) // 2 + (mark if line == 1 else 0)

    start, end = units(*region[:2]), units(*region[2:])
    if start == end:
        rest = lines[start[0]][region.column - 1 : region.column]
        if rest:
            end = units(region.line, region.column + 1)
        elif start[0] + 1 < len(lines):
            end = start[0] + 1, 0
    return *start, *end


def shown(found: types.Diagnostic) -> Shown:
    """Return a diagnostic in the same form."""
    assert found.severity is not None
    assert found.source == "loracfg"
    at = found.range
    return (
        str(found.code or ""),
        SEVERITIES[found.severity.value],
        found.message,
        (at.start.line, at.start.character, at.end.line, at.end.character),
        tuple(one.message for one in found.related_information or ()),
        found.code_description.href if found.code_description else "",
    )
