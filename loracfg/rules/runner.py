"""Running the rules over a subject."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from loracfg.report.model import Diagnostic
from loracfg.rules.lc901_rule_crashed import crash_finding
from loracfg.rules.registry import find_rule
from loracfg.rules.rule import Finding, Rule
from loracfg.rules.subject import Subject


def run_rules(rules: Sequence[Rule], subject: Subject) -> list[Diagnostic]:
    """Run rules in order; each sees what the ones before it have not explained.

    A rule that crashes is reported as a finding of LC901, and the run goes on.
    """
    diagnostics = []
    for rule in rules:
        findings, rule_used = _findings(rule, subject)
        for finding in findings:
            diagnostics.append(rule_used.diagnostic(finding))
            subject = subject.explaining(finding.explains)
    return diagnostics


def _findings(rule: Rule, subject: Subject) -> tuple[Iterable[Finding], Rule]:
    try:
        return list(rule.check(subject)), rule
    except Exception as error:  # a broken rule must not take the others along
        crashed = find_rule("LC901")
        assert crashed is not None
        return [crash_finding(rule.code, error)], crashed
