"""Diagnostics of the Language Server Protocol from findings."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Final

from lsprotocol.types import (
    CodeDescription,
    Diagnostic,
    DiagnosticRelatedInformation,
    DiagnosticSeverity,
    DiagnosticTag,
    Position,
    Range,
)
from lsprotocol.types import Location as ClientLocation

from loracfg.lsp.text_positions import TextPositions
from loracfg.report.render.words import visible
from loracfg.urls import is_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loracfg.lsp.buffers import Buffer
    from loracfg.report.report import Diagnostic as Finding
    from loracfg.report.report import Location, Region

SOURCE: Final = "loracfg"
_SEVERITIES: Final = {
    "error": DiagnosticSeverity.Error,
    "warning": DiagnosticSeverity.Warning,
    "info": DiagnosticSeverity.Information,
}
_YAML: Final = frozenset({".yaml", ".yml"})
UNUSED: Final = frozenset({"LC101", "LC102", "LC618", "LC629"})
"""Rules that find keys and entries without effect."""
DEPRECATED: Final = frozenset({"LC107"})
"""Rules that find keys of older releases."""
_START: Final = Range(Position(0, 0), Position(0, 0))


class DocumentPlaces:
    """Where findings are, as an editor that shows a document needs it."""

    def __init__(self, buffer: Buffer, positions: TextPositions) -> None:
        """Create it for a version of a document."""
        self._buffer, self._positions = buffer, positions
        self._is_yaml = PurePath(buffer.name).suffix.lower() in _YAML

    def range_of(self, location: Location) -> Range:
        """Return a range in the document: that of a finding in it, or else its first character."""
        if location.region is not None and self.is_here(location):
            return self._positions.range_of(location.region, is_yaml=self._is_yaml)
        return self._positions.range(*_first_character(self._positions.text))

    def is_here(self, location: Location) -> bool:
        """Tell whether a location is in the document."""
        if location.elsewhere:
            return self._buffer.path is not None and Path(location.file) == self._buffer.path
        return location.file == self._buffer.name

    def elsewhere(self, location: Location) -> ClientLocation | None:
        """Return a location in another file; None if an editor cannot open that."""
        if is_url(location.file):
            return None
        folder = self._buffer.folder
        path = Path(location.file)
        if not path.is_absolute():
            if folder is None or not location.file:
                return None
            path = folder / path
        return ClientLocation(path.as_uri(), _range_elsewhere(location.region))


def published(
    findings: tuple[Finding, ...], buffer: Buffer, positions: TextPositions
) -> list[Diagnostic]:
    """Return the diagnostics of a version of a document.

    A finding in another file, such as the weight file, is at the first character of the document,
    with the other place as related information.
    """
    places = DocumentPlaces(buffer, positions)
    return [_diagnostic(one, places, buffer) for one in findings]


def _diagnostic(found: Finding, places: DocumentPlaces, buffer: Buffer) -> Diagnostic:
    related = list(_related(found, places, buffer))
    return Diagnostic(
        range=places.range_of(found.location),
        message=visible_message(found),
        severity=_SEVERITIES[found.severity],
        code=found.code or None,
        code_description=CodeDescription(found.url) if found.url else None,
        source=SOURCE,
        tags=_tags(found),
        related_information=related or None,
    )


def visible_message(found: Finding) -> str:
    """Return the message of a finding, with what to do on a line of its own."""
    message = visible(found.message)
    return f"{message}\nhelp: {visible(found.help)}" if found.help else message


def _tags(found: Finding) -> list[DiagnosticTag] | None:
    if found.code in UNUSED:
        return [DiagnosticTag.Unnecessary]
    return [DiagnosticTag.Deprecated] if found.code in DEPRECATED else None


def _related(
    found: Finding, places: DocumentPlaces, buffer: Buffer
) -> Iterator[DiagnosticRelatedInformation]:
    if not places.is_here(found.location) and (there := places.elsewhere(found.location)):
        words = found.location.tensor or found.location.pointer or "the finding is in this file"
        yield DiagnosticRelatedInformation(there, visible(words))
    for one in found.related:
        here = places.is_here(one.location)
        at = ClientLocation(buffer.uri, places.range_of(one.location)) if here else None
        at = at or places.elsewhere(one.location)
        if at is not None:
            yield DiagnosticRelatedInformation(at, visible(one.message))


def _range_elsewhere(region: Region | None) -> Range:
    """Return a range in a file that is not open; its columns are counted in characters."""
    if region is None:
        return _START
    start = Position(region.line - 1, region.column - 1)
    return Range(start, Position(region.end_line - 1, region.end_column - 1))


def _first_character(text: str) -> tuple[int, int]:
    """Return where the first character that is not blank begins and ends."""
    start = len(text) - len(text.lstrip("\ufeff \t\r\n"))
    return (start, start + 1) if start < len(text) else (0, 0)
