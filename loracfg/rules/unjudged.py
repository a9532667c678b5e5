"""Reports on adapters that no rule ran on: they cannot be read, or loracfg crashed first."""

from __future__ import annotations

from typing import Final

from loracfg.report.fault import Fault
from loracfg.report.report import CRASH, AdapterReport, HiddenFindings, Location, NotChecked
from loracfg.rules.choice import RuleChoice
from loracfg.rules.registry import find_rule
from loracfg.rules.rule import from_fault
from loracfg.rules.runner import crash_finding

CRASHED: Final = "loracfg crashed"
"""The reason for what was not checked because of a crash."""


def unreadable_report(code: str, path: str, message: str, help_text: str) -> AdapterReport:
    """Return the report on a path that cannot be read, with a finding of the rule `code`."""
    rule = find_rule(code)
    assert rule is not None
    finding = from_fault(Fault("error", message, Location(""), help_text))
    return AdapterReport(path, "error", (rule.diagnostic(finding),))


def crash_report(path: str, error: Exception, choice: RuleChoice) -> AdapterReport:
    """Return the report on an adapter that made loracfg crash."""
    rule = find_rule(CRASH)
    assert rule is not None
    found = (rule.diagnostic(crash_finding(error)),)
    listed = found if choice.lists(CRASH) else ()
    gap = NotChecked("the adapter", CRASHED)
    hidden = HiddenFindings.between(found, listed)
    return AdapterReport(path, "undetermined", listed, not_checked=(gap,), hidden=hidden)
