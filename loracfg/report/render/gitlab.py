"""GitLab's Code Quality report."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from loracfg.report.render.findings import findings
from loracfg.report.render.place import file_path, path_from_here
from loracfg.report.render.words import visible

if TYPE_CHECKING:
    from loracfg.report.model import AdapterReport, Diagnostic, Report

_SEVERITIES: Final = {"error": "major", "warning": "minor", "info": "info"}


def render(report: Report) -> str:
    """Return the JSON array that GitLab reads as a `codequality` artifact.

    GitLab wants a line for everything: findings without one get line 1.
    """
    issues = [_issue(adapter, d, fingerprint) for adapter, d, fingerprint in findings(report)]
    return json.dumps(issues, indent=2) + "\n"


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
    """Return code, name, message and tensor: GitLab shows nothing else of a finding."""
    text = f"{d.code} {d.name}: {d.message}"
    return f"{text} ({d.location.tensor})" if d.location.tensor else text
