"""The one way from a path to why rules found what they did: for one rule, or for one tensor."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Final, NamedTuple

from loracfg.analysis.noted import noted
from loracfg.analysis.subject import Subject
from loracfg.errors import LoracfgError
from loracfg.report.render.words import counted, visible
from loracfg.rules.choice import Choice, choice_of
from loracfg.rules.making import make
from loracfg.rules.registry import all_rules, find_rule
from loracfg.rules.rule import Finding, Noted, Rule
from loracfg.rules.runner import Found, found_by
from loracfg.sources.source import Source, SourceError, open_sources
from loracfg.validation import Options, find_base, subject_of

ON_NOTHING: Final = "LC002"
"""The one rule that runs where there is no adapter."""

_MAX_KINDS: Final = 8
_MAX_NAMES: Final = 2_000
"""Names of tensors among which one like an unknown name is looked for."""
_CODE: Final = r"(?i)LC\d*"


class Trace(NamedTuple):
    """An adapter, what was asked for, and what is known of it in one sentence."""

    adapter: str
    about: str
    sentence: str


def asked_for(names: Iterable[str]) -> list[Rule | str]:
    """Return the rules and tensors of these names; what names no rule is a tensor.

    Raises:
        LoracfgError: if something looks like the code of a rule, and there is none.
    """
    asked: list[Rule | str] = []
    for name in names:
        rule = find_rule(name)
        if rule is None and re.fullmatch(_CODE, name):
            raise LoracfgError(f"there is no rule `{name}`", "`loracfg rules` lists all rules")
        asked.append(rule or name)
    return asked


def trace(home: Path, asked: Sequence[Rule | str], options: Options) -> Iterator[Trace]:
    """Judge what is at a path; say of each rule what it did, of each tensor what explains it."""
    try:
        for source in open_sources(home):
            yield from _trace(source, asked, options)
    except SourceError as error:
        yield Trace(str(home), "all rules", f"did not run, since {error.message}")


def _trace(source: Source, asked: Sequence[Rule | str], options: Options) -> Iterator[Trace]:
    run = _run(source, options)
    for one in asked:
        if isinstance(one, Rule):
            yield Trace(source.name, f"{one.code} {one.name}", _of_rule(run, one))
        else:
            yield Trace(source.name, f"`{visible(one)}`", _of_tensor(run, one))


class _Run(NamedTuple):
    """The subject before any rule has run, what the rules found, and what is listed of it."""

    subject: Subject
    found: tuple[Found, ...]
    choice: Choice

    def is_listed(self, found: Found) -> bool:
        return self.choice.lists(found.rule.code, found.ran.code)

    def hint(self, found: Found) -> str:
        return "" if self.is_listed(found) else " (hidden by `select` or `ignore`)"


def _run(source: Source, options: Options) -> _Run:
    adapter = source.read(with_values=options.data)
    resolved = find_base(adapter, options)
    options, budget = options.for_adapter()
    made = make(adapter, resolved.architecture, budget)
    subject, _, _ = subject_of(adapter, resolved, made, options)
    found = tuple(found_by(all_rules(), subject))
    return _Run(subject, found, choice_of(options.select, options.ignore))


def _of_rule(run: _Run, rule: Rule) -> str:
    if run.subject.adapter.is_empty and rule.code != ON_NOTHING:
        return "did not run, since the folder holds no adapter"
    own = next((found for found in run.found if found.ran.code == rule.code), None)
    if own is not None:
        messages = "; ".join(finding.message for finding in own.findings)
        number = "crashed" if own.is_crash else counted(len(own.findings), "finding")
        return f"{number}{run.hint(own)}: {visible(messages)}"
    if not rule.may_find(noted(run.subject)):
        return f"did not run, since nothing was noted that it is about: {_kinds(rule)}"
    earlier = _silencing(run, rule)
    if earlier is None:
        return "ran and found nothing"
    explained = _explained(earlier.findings)
    number, first = counted(len(explained), "tensor"), visible(min(explained))
    return f"found nothing, since {_name(earlier)} explains {number}, such as `{first}`"


def _name(found: Found) -> str:
    return f"{found.ran.code} {found.ran.name}"


def _kinds(rule: Rule) -> str:
    kinds = sorted(rule.check.kinds) if isinstance(rule.check, Noted) else []
    more = f" and {len(kinds) - _MAX_KINDS} more" if len(kinds) > _MAX_KINDS else ""
    return ", ".join(f"`{kind}`" for kind in kinds[:_MAX_KINDS]) + more


def _silencing(run: _Run, rule: Rule) -> Found | None:
    """Return what explains the tensors that a rule would have reported, if it would have."""
    seen = run.subject
    if not list(rule.check(seen)):
        return None
    for found in run.found:
        if explained := _explained(found.findings):
            seen = seen.explaining(explained)
            if not list(rule.check(seen)):
                return found
    return None


def _explained(findings: Iterable[Finding]) -> frozenset[str]:
    return frozenset().union(*(finding.explains for finding in findings))


def _of_tensor(run: _Run, name: str) -> str:
    state = _state(run.subject, name)
    if state is None:
        return f"neither in the file nor expected in it{_like(run.subject, name)}"
    explaining = [
        f"{_name(found)} explains it{run.hint(found)}: {visible(finding.message)}"
        for found in run.found
        for finding in found.findings
        if name in finding.explains
    ]
    naming = [
        f"{_name(found)} names it{run.hint(found)}"
        for found in run.found
        if any(f.location.tensor == name and name not in f.explains for f in found.findings)
    ]
    return "; ".join([state, *(explaining or ["no rule explains it"]), *naming])


def _state(subject: Subject, name: str) -> str | None:
    """Say how file and plan differ about a tensor; None if neither has it."""
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
