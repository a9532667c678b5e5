"""GitLab's Code Quality report."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from loracfg.report.render.findings import findings
from loracfg.report.render.json_text import json_text
from loracfg.report.render.place import adapter_path, file_path, path_from_here
from loracfg.report.render.summary_line import hidden_words
from loracfg.report.render.words import visible

if TYPE_CHECKING:
    from loracfg.report.report import AdapterReport, Diagnostic, Report

_SEVERITIES: Final = {"error": "major", "warning": "minor", "info": "info"}


def render(report: Report) -> str:
    """Return the JSON array that GitLab reads as a `codequality` artifact.

    GitLab requires a line for every finding; those without one get line 1.
    """
    issues = [_issue(adapter, d, fingerprint) for adapter, d, fingerprint in findings(report)]
    issues += [
        _hidden(adapter, n) for n, adapter in enumerate(report.adapters) if adapter.hidden.total
    ]
    return json_text(issues) + "\n"


def _hidden(adapter: AdapterReport, number: int) -> dict[str, Any]:
    """Return an issue that says how many findings of an adapter are hidden."""
    path = visible(path_from_here(adapter_path(adapter)))
    return {
        "description": f"{adapter.status}; {hidden_words(adapter)}",
        "check_name": "hidden",
        "fingerprint": sha256(f"hidden\0{path}\0{number}".encode()).hexdigest(),
        "severity": "info",
        "location": {"path": path, "lines": {"begin": 1}},
    }


def _issue(adapter: AdapterReport, d: Diagnostic, fingerprint: str) -> dict[str, Any]:
    region = d.location.region
    return {
        "description": visible(_description(d)),
        "check_name": visible(d.code),
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[d.severity],
        "location": {
            "path": visible(path_from_here(file_path(adapter, d.location))),
            "lines": {"begin": region.line if region else 1},
        },
    }


def _description(d: Diagnostic) -> str:
    """Return code, name, message and tensor, since GitLab shows nothing else of a finding."""
    text = f"{d.code} {d.name}: {d.message}"
    return f"{text} ({d.location.tensor})" if d.location.tensor else text
