"""Runs the rules on a subject."""

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
"""How many findings of one rule a report shows; only hostile or garbled files have more."""
_KINDS: Final = 64
"""How many sets of kinds have their rules cached; most adapters share a few sets."""


class RuleRun(NamedTuple):
    """The findings of one run of a rule, and the subject that it ran on.

    `ran` is the rule that ran. `rule` is the rule that the findings belong to: the same one, or
    LC901 if it crashed. `fixes` are the fixes of the first findings, None if there is no fix
    (see `loracfg.repair.offer`).
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
    """Run rules in order, and return their findings as diagnostics."""
    return [diagnostic for run in run_each(rules, subject) for diagnostic in run.diagnostics]


def run_each(rules: Sequence[Rule], subject: Subject) -> Iterator[RuleRun]:
    """Run rules in order, and yield the runs that found something.

    Later rules do not see tensors that a finding explains. A crash of a rule becomes a finding of
    LC901, and the other rules still run.
    """
    for rule in _candidates(rules, noted(subject)):
        findings, rule_used = _findings(rule, subject)
        if findings:
            yield RuleRun(rule_used, findings, subject, rule)
        for finding in findings:
            subject = subject.with_explained(finding.explains)


def _candidates(rules: Sequence[Rule], kinds: frozenset[str]) -> Sequence[Rule]:
    """Return the rules that may find something, given the kinds that were noted."""
    for preview in (False, True):
        if rules is rules_to_run(preview=preview):
            return _cached_candidates(kinds, preview=preview)
    return [rule for rule in rules if rule.may_find(kinds)]


@lru_cache(_KINDS)
def _cached_candidates(kinds: frozenset[str], *, preview: bool) -> tuple[Rule, ...]:
    return tuple(rule for rule in rules_to_run(preview=preview) if rule.may_find(kinds))


def _capped(findings: list[Finding]) -> list[Finding]:
    """Return the first `MAX_FINDINGS` findings; the last one says how many more there are."""
    if len(findings) <= MAX_FINDINGS:
        return findings
    rest = len(findings) - MAX_FINDINGS
    last = findings[MAX_FINDINGS - 1]
    message = f"{last.message}; and {plural(rest, 'more finding')} of this rule"
    return [*findings[: MAX_FINDINGS - 1], last._replace(message=message, count=rest + 1)]


def _findings(rule: Rule, subject: Subject) -> tuple[list[Finding], Rule]:
    try:
        return list(rule.check(subject)), rule
    except OSError:  # a file changed while the rule read its values
        raise
    except Exception as error:  # a broken rule must not stop the others
        show_traceback(error)
        crashed = find_rule(CRASH)
        assert crashed is not None
        return [crash_finding(error, rule.code)], crashed


def crash_finding(error: Exception, code: str | None = None) -> Finding:
    """Return the finding for a crash of the rule with this code, or of loracfg itself."""
    what, hidden = (f"the rule {code}", code) if code else ("loracfg", CRASH)
    return Finding(
        f"{what} crashed in `{place_of(error)}`: `{words(error)}`",
        Location(""),
        "report this bug with the traceback that `--debug` prints; "
        f"`--ignore {hidden}` hides this finding",
    )
