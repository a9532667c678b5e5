"""Reports on adapters that no rules ran on: they cannot be read, or loracfg failed before."""

from __future__ import annotations

from typing import Final

from loracfg.report.fault import Fault
from loracfg.report.report import CRASH, AdapterReport, HiddenFindings, Location, NotChecked
from loracfg.rules.choice import RuleChoice
from loracfg.rules.registry import find_rule
from loracfg.rules.rule import from_fault
from loracfg.rules.runner import crash_finding

OURS: Final = "loracfg has a defect"
"""Why something was not checked, if that is due to loracfg."""


def unreadable(code: str, path: str, message: str, help_text: str) -> AdapterReport:
    """Return the report on a path at which nothing can be judged, by the rule that says so."""
    rule = find_rule(code)
    assert rule is not None
    finding = from_fault(Fault("error", message, Location(""), help_text))
    return AdapterReport(path, "error", (rule.diagnostic(finding),))


def crashed(path: str, error: Exception, choice: RuleChoice) -> AdapterReport:
    """Return the report on an adapter that loracfg failed on."""
    rule = find_rule(CRASH)
    assert rule is not None
    found = (rule.diagnostic(crash_finding(error)),)
    listed = found if choice.lists(CRASH) else ()
    gap = NotChecked("the adapter", OURS)
    hidden = HiddenFindings.between(found, listed)
    return AdapterReport(path, "undetermined", listed, not_checked=(gap,), hidden=hidden)
