"""Runs the rules on a subject."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain, repeat
from typing import Final

from loracfg.analysis.noted import noted
from loracfg.analysis.phrases import plural
from loracfg.analysis.subject import Subject
from loracfg.crash import place_of, place_outside, show_traceback, words
from loracfg.named_tuple import NamedTuple
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
    runs = run_each(rules, subject, noted(subject))
    return [diagnostic for run in runs for diagnostic in run.diagnostics]


def run_each(rules: Sequence[Rule], subject: Subject, kinds: frozenset[str]) -> Iterator[RuleRun]:
    """Run rules in order, and yield the runs that found something.

    Later rules do not see tensors that a finding explains. A crash of a rule becomes a finding of
    LC901, and the other rules still run.

    Args:
        rules: the rules.
        subject: the subject that the first one sees.
        kinds: the kinds that are noted about it.
    """
    for rule in _candidates(rules, kinds):
        for run in run_rule(rule, subject):
            yield run
            for finding in run.findings:
                subject = subject.with_explained(finding.explains)


def run_rule(rule: Rule, subject: Subject) -> list[RuleRun]:
    """Run a rule, and return what it found and its crash, if there is either.

    What a rule found before it crashed is kept.
    """
    findings: list[Finding] = []
    crashes: list[Finding] = []
    try:
        findings.extend(rule.check(subject))
    except BaseException as error:  # a broken rule must not stop the others
        if not _is_crash(error, rule):
            raise
        show_traceback(error)
        crashes.append(crash_finding(error, rule))
    if findings and not rule.is_own:
        findings, malformed = _sound(findings, rule)
        crashes = malformed + crashes
    runs = [RuleRun(rule, findings, subject, rule)] if findings else []
    if crashes:
        crashed = find_rule(CRASH)
        assert crashed is not None
        runs.append(RuleRun(crashed, crashes, subject, rule))
    return runs


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


def _is_crash(error: BaseException, rule: Rule) -> bool:
    """Tell whether an exception is a bug in a rule.

    One of ours may find that a file changed while it read the values. A rule of another package may
    raise anything, such as `SystemExit`.
    """
    if rule.is_own:
        return isinstance(error, Exception) and not isinstance(error, OSError)
    return not isinstance(error, KeyboardInterrupt)


def _sound(findings: list[Finding], rule: Rule) -> tuple[list[Finding], list[Finding]]:
    """Return the sound findings of another package's rule, and one about the malformed ones."""
    from loracfg.rules.plugin_flaws import flaw_of_finding

    flaws = list(map(flaw_of_finding, findings))
    found = [flaw for flaw in flaws if flaw is not None]
    sound = [one for one, flaw in zip(findings, flaws, strict=True) if flaw is None]
    if not found:
        return sound, []
    message, help_text = f"the rule {rule.code} {found[0]}", _help(rule.code, _reported_to(rule))
    return sound, [Finding(message, Location(""), help_text, len(found))]


def crash_finding(error: BaseException, rule: Rule | None = None) -> Finding:
    """Return the finding for a crash of a rule, or of loracfg itself."""
    what, hidden = (f"the rule {rule.code}", rule.code) if rule else ("loracfg", CRASH)
    is_own = rule is None or rule.is_own
    place = place_of(error) if is_own else place_outside(error)
    traceback = "with the traceback that `--debug` prints"
    reported = f"{_reported_to(rule)} {traceback}"
    return Finding(
        f"{what} crashed in `{place}`: `{words(error)}`", Location(""), _help(hidden, reported)
    )


def _reported_to(rule: Rule | None) -> str:
    if rule is None or rule.is_own:
        return "report this bug"
    return f"report this bug to the authors of `{rule.module}`"


def _help(hidden: str, reported: str) -> str:
    return f"{reported}; `--ignore {hidden}` hides this finding"
