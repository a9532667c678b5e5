"""Rules as data, and the findings that they make from faults."""

from __future__ import annotations

import pytest

from loracfg.report.fault import Fault
from loracfg.report.report import Location
from loracfg.rules.registry import find_rule
from loracfg.rules.rule import GatedCheck, Rule, from_fault, reporting


@pytest.mark.parametrize(
    ("tensor", "explained"), [(None, {"other"}), ("factor", {"factor", "other"})]
)
def test_fault_explains_the_tensor_at_its_location(tensor: str | None, explained: set[str]) -> None:
    fault = Fault("some-kind", "it is so", Location("file", tensor=tensor), "do this", count=3)
    finding = from_fault(fault, frozenset({"other"}))
    assert finding.explains == explained
    assert (finding.message, finding.help, finding.count) == ("it is so", "do this", 3)
    assert finding.location is fault.location


def test_summary_of_a_rule() -> None:
    rule = find_rule("untrained-layers")
    assert rule
    assert rule.summary() == {
        "code": "LC433",
        "name": "untrained-layers",
        "severity": "warning",
        "stage": "stable",
        "since": "0.1.0",
        "summary": "Some layers have a factor that is zero, so they change nothing.",
        "url": "https://loracfg.readthedocs.io/rules/LC433",
    }


def test_rule_runs_if_one_of_its_kinds_was_noted() -> None:
    check = reporting("first", "second")
    assert isinstance(check, GatedCheck)
    rule = Rule("LC998", "some", "info", check, "")
    assert rule.may_find(frozenset({"second", "third"}))
    assert not rule.may_find(frozenset({"third"}))
    assert rule._replace(check=check.check).may_find(frozenset())
