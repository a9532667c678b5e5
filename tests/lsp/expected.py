"""What an editor must show for the findings of `validate`, converted in a different way."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from lsprotocol import types

from loracfg.report.render.words import visible
from loracfg.report.report import AdapterReport, Diagnostic, Location

Shown = tuple[str, str, str, tuple[int, int, int, int], tuple[str, ...], str]

_YAML_BREAK: Final = "\r\n|[\n\r\x85\u2028\u2029]"
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
        start, end = (blank, blank + 1) if blank < len(text) else (0, 0)
    else:
        breaks = _YAML_BREAK if document.suffix == ".yaml" else "\n"
        starts = [0, *(found.end() for found in re.finditer(breaks, text))]
        mark = text.startswith("\ufeff")

        def offset(line: int, column: int) -> int:
            at = starts[line - 1] if line <= len(starts) else len(text)
            return min(at + column - 1 + (mark and line == 1), len(text))

        start, end = offset(*region[:2]), offset(*region[2:])
        end = min(max(end, start + 1), len(text))
    return *_position(text, start), *_position(text, end)


def _position(text: str, offset: int) -> tuple[int, int]:
    """Return a position as the protocol counts: `\\n`, `\\r\\n` and `\\r` end lines."""
    starts = [0, *(found.end() for found in re.finditer("\r\n|\n|\r", text))]
    line = max(number for number, start in enumerate(starts) if start <= offset)
    return line, len(text[starts[line] : offset].encode("utf-16-le")) // 2


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
