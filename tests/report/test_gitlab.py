"""GitLab's Code Quality report: an array of what docs.gitlab.com/ci/testing/code_quality lists."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hypothesis import given

from loracfg.report.render import render
from tests.report.samples import INVALID, Q_PROJ, VALID
from tests.report.strategies import reports

if TYPE_CHECKING:
    from loracfg.report.report import Report


def _issues(report: Report) -> list[dict[str, Any]]:
    issues: list[dict[str, Any]] = json.loads(render(report, "gitlab"))
    return issues


def test_no_findings_is_an_empty_array() -> None:
    assert _issues(VALID) == []


def test_severity_path_and_line() -> None:
    rank, shape, target = _issues(INVALID)
    assert [i["severity"] for i in (rank, shape, target)] == ["major", "major", "minor"]
    assert [i["check_name"] for i in (rank, shape, target)] == ["LC503", "LC603", "LC311"]
    assert rank["location"] == {"path": "adapters/bad/adapter_config.json", "lines": {"begin": 3}}
    assert shape["location"]["lines"] == {"begin": 1}
    assert Q_PROJ in shape["description"]


@given(reports)
def test_every_issue_has_what_gitlab_requires(report: Report) -> None:
    issues = _issues(report)
    notes = sum(a.hidden.total > 0 for a in report.adapters)
    assert len(issues) == sum(len(a.diagnostics) for a in report.adapters) + notes
    for issue in issues:
        assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["description"]
        assert issue["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert isinstance(issue["location"]["path"], str)
        assert type(issue["location"]["lines"]["begin"]) is int
    prints = [issue["fingerprint"] for issue in issues]
    assert len(set(prints)) == len(prints)
