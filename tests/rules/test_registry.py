"""Rules are only imported when they may find something."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loracfg.adapter.directory import read_adapter
from loracfg.adapter.files import Files
from loracfg.analysis.noted import noted
from loracfg.analysis.subject import Subject
from loracfg.base.search import ResolvedBase
from loracfg.engine.engine import Engine
from loracfg.engine.options import Options
from loracfg.rules.building.retired import RETIRED
from loracfg.rules.registry import all_rules, import_rules
from loracfg.rules.rule import GatedCheck, Rule
from loracfg.testing import DrawnAdapter, adapters, spoilt_adapters
from loracfg.testing.building.examples import build, examples
from loracfg.testing.building.judging import OPTIONS
from loracfg.testing.building.surroundings import (
    has_values,
    live_of,
    policy_of,
    release_of,
    resolved_of,
    runtimes_of,
)

CASES = [
    pytest.param(example.lines, id=f"{rule.code}-{number}")
    for rule in import_rules()
    for number, example in enumerate(examples(rule.page))
]


def kinds_of(rule: Rule) -> frozenset[str] | None:
    return rule.check.kinds if isinstance(rule.check, GatedCheck) else None


def test_table_matches_the_declarations() -> None:
    named = [
        [(*rule[:3], rule.module, kinds_of(rule)) for rule in f()]
        for f in (all_rules, import_rules)
    ]
    assert named[0] == named[1]


def test_no_code_is_used_again() -> None:
    codes = {rule.code for rule in import_rules()}
    used = sorted(codes.intersection(RETIRED))
    assert not used, "codes are never reused: take one after the last of its sequence"


def test_codes_of_removed_rules_are_retired() -> None:
    """A code between two others of a sequence is free because its rule was removed."""
    codes = {rule.code for rule in import_rules()}
    numbers = {int(code[2:]) for code in codes}
    alone = {one + 1 for one in numbers if {one + 1, one + 2} & numbers == {one + 2}}
    gaps = {f"LC{number:03}" for number in alone if number % 10 != 9}  # a sequence may end there
    missing = sorted(gaps.difference(RETIRED))
    assert not missing, "add them to `RETIRED` in loracfg/rules/building/retired.py"


def subject(
    files: Files, resolved: ResolvedBase, options: Options, lines: tuple[str, ...] = ()
) -> Subject:
    adapter = read_adapter(files, with_values=options.data)
    live = live_of(lines, adapter.shapes)
    return Engine(options).open_read(adapter, resolved, live=live).subject


def findings_of_skipped_rules(seen: Subject) -> list[str]:
    """Return the codes of skipped rules that would have found something."""
    skipped = [rule for rule in import_rules() if not rule.may_find(noted(seen))]
    assert skipped
    return [rule.code for rule in skipped if list(rule.check(seen))]


@pytest.mark.parametrize("lines", CASES)
def test_skipped_rules_would_find_nothing(lines: tuple[str, ...]) -> None:
    files, base = build(lines)
    options = OPTIONS._replace(
        peft=release_of(lines),
        data=has_values(lines),
        runtimes=runtimes_of(lines),
        policy=policy_of(lines),
    )
    seen = subject(files, resolved_of(lines, base), options, lines)
    assert findings_of_skipped_rules(seen) == []


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(st.one_of(adapters(), spoilt_adapters()), st.booleans())
def test_skipped_rules_would_find_nothing_in_drawn_adapters(
    drawn: DrawnAdapter, has_base: bool
) -> None:
    resolved = ResolvedBase(drawn.base if has_base else None)
    assert findings_of_skipped_rules(subject(drawn.files, resolved, OPTIONS)) == []
