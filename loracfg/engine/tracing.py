"""Trace a case: say what a rule did, or which rule explains a tensor."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from typing import Final

from loracfg.analysis.noted import DIFFERENCE, meaning
from loracfg.analysis.subject import Subject
from loracfg.engine.case import Case
from loracfg.engine.engine import Engine
from loracfg.errors import LoracfgError
from loracfg.named_tuple import NamedTuple
from loracfg.report.render.words import counted, visible
from loracfg.rules.registry import find_rule
from loracfg.rules.rule import Finding, GatedCheck, Rule
from loracfg.rules.runner import RuleRun, run_rule
from loracfg.sources.address import Address
from loracfg.sources.source import NOT_AN_ADAPTER, SourceError

_MAX_KINDS: Final = 8
_MAX_NAMES: Final = 2_000
"""How many tensor names to search for one like an unknown name."""
_CODE: Final = r"(?i)LC\d*"


class Trace(NamedTuple):
    """An adapter, the rule or tensor that was traced, and one sentence about it."""

    adapter: str
    about: str
    sentence: str


def resolve_names(names: Iterable[str]) -> list[Rule | str]:
    """Return the rules with these names; other names are those of tensors.

    Raises:
        LoracfgError: a name looks like a rule code, but there is no such rule.
    """
    resolved: list[Rule | str] = []
    for name in names:
        rule = find_rule(name)
        if rule is None and re.fullmatch(_CODE, name):
            raise LoracfgError(f"there is no rule `{name}`", "`loracfg rules` lists all rules")
        resolved.append(rule or name)
    return resolved


def trace(path: str | Address, asked: Sequence[Rule | str], engine: Engine) -> Iterator[Trace]:
    """Yield what each rule did and what explains each tensor, for the adapters at a path."""
    try:
        for case in engine.cases(path):
            yield from _trace(case, asked)
    except SourceError as error:
        yield Trace(str(path), "all rules", f"did not run, since {error.message}")


def _trace(case: Case, asked: Sequence[Rule | str]) -> Iterator[Trace]:
    for one in asked:
        if isinstance(one, Rule):
            yield Trace(case.name, f"{one.code} {one.name}", _of_rule(case, one))
        else:
            yield Trace(case.name, f"`{visible(one)}`", _of_tensor(case, one))


def _hint(found: RuleRun, case: Case) -> str:
    """Return a note if the finding is not listed."""
    is_listed = case.options.choice.lists(found.rule.code, found.ran.code)
    return "" if is_listed else " (hidden by `select` or `ignore`)"


def _of_rule(case: Case, rule: Rule) -> str:
    if case.subject.adapter.is_empty and rule.code != NOT_AN_ADAPTER:
        return "did not run, since the folder has no adapter"
    if rule.stage == "preview" and not case.options.preview:
        return "did not run: it is in preview; pass `--preview`"
    own = [_of_run(found, case) for found in case.findings if found.ran.code == rule.code]
    if own:
        return "; ".join(own)
    if not rule.may_find(case.noted):
        return f"did not run: {_reason(case, rule)}"
    would_find = [run for run in run_rule(rule, case.subject) if not run.is_crash]
    if not would_find:
        return f"ran and found nothing{_differences(case, rule)}"
    wanted = _explained(finding for run in would_find for finding in run.findings)
    earlier = "; ".join(_earlier_rules(case, wanted))
    return f"found nothing: {earlier or 'other rules explain what it would report'}"


def _differences(case: Case, rule: Rule) -> str:
    """Return how many tensors differ from the plan, for rules that look at them."""
    if not isinstance(rule.check, GatedCheck) or DIFFERENCE not in rule.check.kinds:
        return ""
    compared = case.subject.compared
    missing, unexpected = len(compared.missing), len(compared.unplanned)
    counts = (
        f"{missing} missing, {unexpected} unexpected, {len(compared.mismatched)} of other shapes"
    )
    return f" (tensors: {counts}; pass the name of one to trace it)"


def _of_run(found: RuleRun, case: Case) -> str:
    messages = "; ".join(finding.message for finding in found.findings)
    number = "crashed" if found.is_crash else counted(len(found.findings), "finding")
    return f"{number}{_hint(found, case)}: {visible(messages)}"


def _name(found: RuleRun) -> str:
    return f"{found.ran.code} {found.ran.name}"


def _reason(case: Case, rule: Rule) -> str:
    """Return what the adapter does not have that the rule looks for."""
    kinds = sorted(rule.check.kinds) if isinstance(rule.check, GatedCheck) else []
    if DIFFERENCE in kinds and case.plan is None:
        return "the tensors were not compared with a base"
    meanings = list(map(meaning, kinds[:_MAX_KINDS]))
    more = len(kinds) - len(meanings)
    if more:
        meanings.append(f"{more} more")
    return f"it looks at adapters with {' or '.join(meanings)}"


def _earlier_rules(case: Case, wanted: frozenset[str]) -> Iterator[str]:
    """Yield which rules explain the wanted tensors, and how many each explains."""
    for found in case.findings:
        taken = wanted & _explained(found.findings)
        wanted -= taken
        if taken:
            first = f"`{visible(min(taken))}`"
            what = f"{len(taken)} tensors, such as {first}" if len(taken) > 1 else first
            yield f"{_name(found)} explains {what}"


def _explained(findings: Iterable[Finding]) -> frozenset[str]:
    return frozenset().union(*(finding.explains for finding in findings))


def _of_tensor(case: Case, name: str) -> str:
    state = _state(case.subject, name)
    if state is None:
        return f"neither in the file nor expected in it{_like(case.subject, name)}"
    explaining = [
        f"{_name(found)} explains it{_hint(found, case)}: {visible(finding.message)}"
        for found in case.findings
        for finding in found.findings
        if name in finding.explains
    ]
    naming = [
        f"{_name(found)} names it{_hint(found, case)}"
        for found in case.findings
        if any(f.location.tensor == name and name not in f.explains for f in found.findings)
    ]
    return "; ".join([state, *(explaining or ["no rule explains it"]), *naming])


def _state(subject: Subject, name: str) -> str | None:
    """Return how a tensor of the file compares with the plan; None if neither has it."""
    shape = subject.adapter.shapes.get(name)
    expected = subject.plan.shapes.get(name) if subject.plan else None
    if shape is None:
        return (
            None if expected is None else f"not in the file, expected with shape {_size(expected)}"
        )
    if subject.plan is None:
        return f"in the file with shape {_size(shape)}, not compared with a base"
    if expected is None:
        return f"in the file with shape {_size(shape)}, not expected"
    if expected == shape:
        return f"in the file with shape {_size(shape)}, as expected"
    return f"in the file with shape {_size(shape)}, expected with shape {_size(expected)}"


def _size(shape: Sequence[int]) -> str:
    return f"`{list(shape)}`"


def _like(subject: Subject, name: str) -> str:
    names = list(subject.adapter.shapes)[:_MAX_NAMES]
    found = get_close_matches(name, names, n=1)
    return f"; the file has `{visible(found[0])}`" if found else ""
