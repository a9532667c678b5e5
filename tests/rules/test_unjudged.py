"""Reports on adapters that no rule ran on."""

from __future__ import annotations

from loracfg.rules.choice import choice_of
from loracfg.rules.unjudged import CRASHED, crash_report, unreadable_report


def test_a_crash_is_listed_unless_it_is_ignored() -> None:
    for ignored, listed in (((), 1), (("LC901",), 0), (("LC001",), 1)):
        report = crash_report("a", ValueError("why"), choice_of((), ignored))
        assert (report.path, report.status) == ("a", "undetermined")
        assert len(report.diagnostics) == listed
        assert report.hidden.total == 1 - listed
        assert [(gap.what, gap.why) for gap in report.not_checked] == [("the adapter", CRASHED)]


def test_unreadable_path_is_an_error_of_its_rule() -> None:
    report = unreadable_report("LC001", "a", "there is none", "look")
    (found,) = report.diagnostics
    assert (report.path, report.status) == ("a", "error")
    assert (found.code, found.message, found.help, found.severity) == (
        *("LC001", "there is none", "look"),
        "error",
    )
