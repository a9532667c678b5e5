"""SARIF 2.1.0, for code scanning."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from loracfg.report.render.findings import findings
from loracfg.report.render.json_text import json_text
from loracfg.report.render.place import adapter_path, file_path, path_from_here
from loracfg.report.render.summary_line import hidden_words, not_checked_lines
from loracfg.report.render.words import visible
from loracfg.urls import is_url, redacted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loracfg.report.report import AdapterReport, Diagnostic, Location, Region, Report


_SCHEMA: Final = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_ROOT: Final = "%SRCROOT%"
_OF_URLS: Final = "/:?#[]@!$&'()*+,;=%~"
"""Characters with a meaning in a URL."""
_LEVELS: Final = {"error": "error", "warning": "warning", "info": "note"}


def render(report: Report) -> str:
    """Return a log with one run, valid against the OASIS schema (errata 01).

    Files inside the current directory are relative to `%SRCROOT%`, others have `file:` URIs, and
    URLs stay as they are. A
    finding without a region refers to the whole file. A tensor is a logical location.
    """
    return json_text({"$schema": _SCHEMA, "version": "2.1.0", "runs": [_run(report)]}) + "\n"


def _run(report: Report) -> dict[str, Any]:
    rules = _rules(report)
    indices = {rule["id"]: index for index, rule in enumerate(rules)}
    driver: dict[str, Any] = {"name": "loracfg", "rules": rules}
    if report.tool_version:
        driver["version"] = visible(report.tool_version)
    return {
        "tool": {"driver": driver},
        "invocations": [
            {
                "executionSuccessful": not any(
                    a.status == "error" or a.has_crash for a in report.adapters
                ),
                "toolExecutionNotifications": [
                    note for adapter in report.adapters for note in _notifications(adapter)
                ],
            }
        ],
        "originalUriBaseIds": {
            _ROOT: {"description": {"text": "The directory in which loracfg ran."}}
        },
        "columnKind": "unicodeCodePoints",
        "results": [
            _result(adapter, d, fingerprint, indices)
            for adapter, d, fingerprint in findings(report)
        ],
    }


def _rules(report: Report) -> list[dict[str, Any]]:
    """Return a descriptor for each rule that occurs, sorted by code."""
    found: dict[str, Diagnostic] = {}
    for adapter in report.adapters:
        for d in adapter.diagnostics:
            found.setdefault(visible(d.code), d)
    return [_rule(code, found[code]) for code in sorted(found)]


def _rule(code: str, d: Diagnostic) -> dict[str, Any]:
    title = {"text": visible(d.name).replace("-", " ") or code}
    rule: dict[str, Any] = {
        "id": code,
        "name": visible(d.name),
        "shortDescription": title,
        "fullDescription": title,
        "defaultConfiguration": {"level": _LEVELS[d.severity]},
    }
    if d.url:
        url = _quoted(d.url, safe=":/?#[]@!$&'()*+,;=%")
        rule |= {"helpUri": url, "help": {"text": f"Run `loracfg explain {code}`, or see {url}."}}
    return rule


def _result(
    adapter: AdapterReport, d: Diagnostic, fingerprint: str, indices: dict[str, int]
) -> dict[str, Any]:
    code = visible(d.code)
    return {
        "ruleId": code,
        "ruleIndex": indices[code],
        "level": _LEVELS[d.severity],
        "message": _message(d.message, f"help: {d.help}" if d.help else ""),
        "locations": [_location(adapter, d.location)],
        "relatedLocations": [
            {"id": index, **_location(adapter, r.location), "message": _message(r.message)}
            for index, r in enumerate(d.related, 1)
        ],
        "occurrenceCount": max(d.count, 1),
        "partialFingerprints": _fingerprints(d.location, fingerprint),
    }


def _fingerprints(location: Location, fingerprint: str) -> dict[str, str]:
    """Return the fingerprints of a result.

    GitHub only compares `primaryLocationLineHash`. Its upload action adds the key to results with a
    line, and warns if it finds a different value there.
    """
    own = {"loracfg/v1": fingerprint}
    return own if location.region else own | {"primaryLocationLineHash": fingerprint}


def _location(adapter: AdapterReport, location: Location) -> dict[str, Any]:
    physical: dict[str, Any] = {
        "artifactLocation": _artifact(file_path(adapter, location), directory=not location.file)
    }
    if location.region:
        physical["region"] = _region(location.region)
    data: dict[str, Any] = {"physicalLocation": physical}
    if location.tensor:
        tensor = {"fullyQualifiedName": visible(location.tensor), "kind": "tensor"}
        data["logicalLocations"] = [tensor]
    elif location.pointer:
        key = {"fullyQualifiedName": visible(location.pointer), "kind": "property"}
        data["logicalLocations"] = [key]
    return data


def _artifact(path: str, *, directory: bool) -> dict[str, Any]:
    resolved = path_from_here(redacted(path))
    end = "/" if directory and not resolved.endswith("/") else ""
    if is_url(resolved):
        return {"uri": _quoted(resolved, safe=_OF_URLS) + end}
    if PurePath(resolved).is_absolute():
        start = "file://" if resolved.startswith("/") else "file:///"
        return {"uri": start + _quoted(resolved, safe="/:") + end}
    return {"uri": _quoted(resolved, safe="/") + end, "uriBaseId": _ROOT}


def _quoted(text: str, safe: str) -> str:
    """Percent-encode a text; bytes of a file name that are not UTF-8 are kept."""
    try:
        data = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        data = text.encode("utf-8", "surrogatepass")
    return quote(data, safe)


def _region(region: Region) -> dict[str, Any]:
    return {
        "startLine": max(region.line, 1),
        "startColumn": max(region.column, 1),
        "endLine": max(region.end_line, 1),
        "endColumn": max(region.end_column, 1),
    }


def _message(*parts: str) -> dict[str, Any]:
    """Return a message with one line per part, in which no file name or key becomes a link."""
    text = "\n".join(visible(part) for part in parts if part)
    return {"text": text.replace("](", "] (")}


def _notifications(adapter: AdapterReport) -> Iterator[dict[str, Any]]:
    if adapter.status == "error":
        errors = [d.message for d in adapter.diagnostics if d.severity == "error"]
        texts = errors or ["the adapter could not be checked"]
        yield from (_notification(adapter, "error", text) for text in texts)
    yield from (_notification(adapter, "note", text) for text in not_checked_lines(adapter))
    if hidden := hidden_words(adapter):
        yield _notification(adapter, "note", f"{adapter.status}; {hidden}")


def _notification(adapter: AdapterReport, level: str, text: str) -> dict[str, Any]:
    artifact = _artifact(adapter_path(adapter), directory=True)
    return {
        "level": level,
        "message": _message(text),
        "locations": [{"physicalLocation": {"artifactLocation": artifact}}],
    }
