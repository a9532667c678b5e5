"""How rules are run: what each sees, and how much of what it finds is shown."""

from __future__ import annotations

import pytest

from loracfg.adapter.read import read_adapter
from loracfg.report.model import Location
from loracfg.rules.rule import Finding, Rule
from loracfg.rules.runner import MAX_FINDINGS, run_rules
from loracfg.rules.subject import Subject
from loracfg.testing.examples import build


def subject() -> Subject:
    return Subject(read_adapter(build(())[0]))


@pytest.mark.parametrize(
    ("count", "end"),
    [
        (50, ""),
        (51, "; and 1 more finding of this rule"),
        (52, "; and 2 more findings of this rule"),
    ],
)
def test_a_report_shows_so_many_findings_of_a_rule(count: int, end: str) -> None:
    findings = [Finding(f"number {i}", Location("x"), "look") for i in range(count)]
    found = run_rules([Rule("LC998", "many", "info", lambda _: findings, "")], subject())
    assert len(found) == MAX_FINDINGS == 50
    assert [d.message for d in found[:-1]] == [f"number {i}" for i in range(49)]
    assert found[-1].message == f"number 49{end}"
    assert sum(d.count for d in found) == count
