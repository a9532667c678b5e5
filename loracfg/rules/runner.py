"""Running the rules over a subject."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain, repeat
from typing import Final, NamedTuple

from loracfg.analysis.noted import noted
from loracfg.analysis.phrases import plural
from loracfg.analysis.subject import Subject
from loracfg.crash import place_of, show_traceback, words
from loracfg.report.report import CRASH, Diagnostic, Fix, Location
from loracfg.rules.registry import find_rule, rules_to_run
from loracfg.rules.rule import Finding, Rule

MAX_FINDINGS: Final = 50
"""Findings of one rule that a report shows; only a hostile or garbled file has more."""
_KINDS: Final = 64
"""Sets of kinds for which it is kept which rules may find something; adapters share most sets."""


class RuleRun(NamedTuple):
    """What was found when a rule ran, and the subject that it saw.

    The findings are of `rule`: of the one that `ran`, or of LC901 if that crashed. `fixes` are what
    repairs the first of them (see `loracfg.repair.offer`), None for those that nothing does.
    """

    rule: Rule
    findings: list[Finding]
    subject: Subject
    ran: Rule
    fixes: tuple[Fix | None, ...] = ()

    @property
    def is_crash(self) -> bool:
        """Whether the rule crashed."""
        return self.rule is not self.ran

    @property
    def diagnostics(self) -> Iterator[Diagnostic]:
        """The findings as a report lists them."""
        return map(self.rule.diagnostic, _capped(self.findings), chain(self.fixes, repeat(None)))


def run_rules(rules: Sequence[Rule], subject: Subject) -> list[Diagnostic]:
    """Run rules in order, and return what they find."""
    return [diagnostic for found in found_by(rules, subject) for diagnostic in found.diagnostics]


def found_by(rules: Sequence[Rule], subject: Subject) -> Iterator[RuleRun]:
    """Run rules in order, and yield what they find; each sees what is not explained yet.

    A rule that crashes is reported as a finding of LC901, and the run goes on.
    """
    for rule in _that_may_find(rules, noted(subject)):
        findings, rule_used = _findings(rule, subject)
        if findings:
            yield RuleRun(rule_used, findings, subject, rule)
        for finding in findings:
            subject = subject.with_explained(finding.explains)


def _that_may_find(rules: Sequence[Rule], kinds: frozenset[str]) -> Sequence[Rule]:
    """Return the rules that may find something, by the kinds of what was noted."""
    for preview in (False, True):
        if rules is rules_to_run(preview=preview):
            return _of_all_that_may_find(kinds, preview=preview)
    return [rule for rule in rules if rule.may_find(kinds)]


@lru_cache(_KINDS)
def _of_all_that_may_find(kinds: frozenset[str], *, preview: bool) -> tuple[Rule, ...]:
    return tuple(rule for rule in rules_to_run(preview=preview) if rule.may_find(kinds))


def _capped(findings: list[Finding]) -> list[Finding]:
    """Keep the first findings of a file that has very many, and say how many there are."""
    if len(findings) <= MAX_FINDINGS:
        return findings
    rest = len(findings) - MAX_FINDINGS
    last = findings[MAX_FINDINGS - 1]
    message = f"{last.message}; and {plural(rest, 'more finding')} of this rule"
    return [*findings[: MAX_FINDINGS - 1], last._replace(message=message, count=rest + 1)]


def _findings(rule: Rule, subject: Subject) -> tuple[list[Finding], Rule]:
    try:
        return list(rule.check(subject)), rule
    except OSError:  # it read values of a file that was changed meanwhile
        raise
    except Exception as error:  # a broken rule must not take the others along
        show_traceback(error)
        crashed = find_rule(CRASH)
        assert crashed is not None
        return [crash_finding(error, rule.code)], crashed


def crash_finding(error: Exception, code: str | None = None) -> Finding:
    """Return the finding for what raised: the rule of this code, or all of loracfg."""
    what, hidden = (f"the rule {code}", code) if code else ("loracfg", CRASH)
    return Finding(
        f"{what} crashed in `{place_of(error)}`: `{words(error)}`",
        Location(""),
        "report it to loracfg with the traceback that `--debug` prints; "
        f"`--ignore {hidden}` hides this finding",
    )
