"""The runner: what each rule sees, and how many of its findings a report shows."""

from __future__ import annotations

import pytest

from loracfg.adapter.directory import read_adapter
from loracfg.analysis.noted import LOST, UNLIKE_PLAN
from loracfg.analysis.subject import Subject
from loracfg.report.report import Location
from loracfg.rules.rule import Finding, GatedCheck, Rule
from loracfg.rules.runner import MAX_FINDINGS, run_each, run_rules
from loracfg.testing.building.examples import build


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
def test_findings_of_a_rule_are_capped(count: int, end: str) -> None:
    findings = [Finding(f"number {i}", Location("x"), "look") for i in range(count)]
    found = run_rules([Rule("LC998", "many", "info", lambda _: findings, "")], subject())
    assert len(found) == MAX_FINDINGS == 50
    assert [d.message for d in found[:-1]] == [f"number {i}" for i in range(49)]
    assert found[-1].message == f"number 49{end}"
    assert sum(d.count for d in found) == count


def test_rules_that_find_nothing_or_crash() -> None:
    def crash(_: Subject) -> list[Finding]:
        raise ValueError("no such thing")

    finding = Finding("a message", Location("x"), "look", explains=frozenset({"a.tensor"}))
    one, none, broken, last = (
        Rule(f"LC99{number}", "made", "info", check, "")
        for number, check in enumerate(
            (lambda _: [finding], lambda _: [], crash, lambda _: [finding])
        )
    )
    first, crashed, second = run_each([one, none, broken, last], subject(), frozenset())
    assert [found.is_crash for found in (first, crashed, second)] == [False, True, False]
    assert [found.ran for found in (first, crashed, second)] == [one, broken, last]
    assert [found.rule.code for found in (first, crashed, second)] == ["LC990", "LC901", "LC993"]
    assert crashed.findings[0].message.startswith("the rule LC992 crashed in ")
    assert not first.subject.explained
    assert second.subject.explained == {"a.tensor"}


def test_rules_only_run_if_their_kind_was_noted() -> None:
    ran: list[str] = []

    def check(_: Subject) -> list[Finding]:
        ran.append("check")
        return []

    rules = [
        Rule("LC990", "made", "info", GatedCheck([kind], check), "") for kind in (UNLIKE_PLAN, LOST)
    ]
    assert run_rules(rules, subject()) == []
    assert ran == ["check"]  # there is no plan, and no module is lost


def test_file_that_changes_while_it_is_read_is_not_a_crash() -> None:
    def check(_: Subject) -> list[Finding]:
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011  # with any message
        run_rules([Rule("LC990", "made", "info", check, "")], subject())


def test_traceback_of_a_crash_is_printed_for_debugging(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def check(_: Subject) -> list[Finding]:
        raise ValueError("no such thing")

    monkeypatch.setenv("LORACFG_DEBUG", "1")
    run_rules([Rule("LC990", "made", "info", check, "")], subject())
    assert "ValueError: no such thing" in capsys.readouterr().err
