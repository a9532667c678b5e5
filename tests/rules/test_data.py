"""The data of findings: named tuples of plain values, which identify the findings."""

from __future__ import annotations

from collections import Counter
from enum import Enum
from typing import Any, Final

import pytest

from loracfg.rules.registry import all_rules, find_rule
from loracfg.rules.rule import Finding, Rule
from loracfg.testing.building.examples import Example, examples
from loracfg.testing.building.judging import judged
from tests.rules.subjects import config, subject

_NUMBERS: Final = (
    *(2, 3, 4, 7, *range(10, 17), *range(18, 22)),
    *(401, *range(405, 420), *range(424, 430), 701),
)
WITHOUT_DATA: Final = {f"LC{number:03}" for number in _NUMBERS}
"""Rules without data: what they report is one place in a file, or a missing file."""
CASES = [
    pytest.param(rule, example, id=f"{rule.code}-{number}")
    for rule in all_rules()
    for number, example in enumerate(examples(rule.page))
    if example.fires
]


def is_plain(value: Any) -> bool:
    if isinstance(value, tuple | frozenset):
        return all(map(is_plain, value))
    return value is None or isinstance(value, bool | int | float | str | Enum)


@pytest.mark.parametrize(("rule", "example"), CASES)
def test_data_is_plain_and_identifies_findings(rule: Rule, example: Example) -> None:
    found = judged(*example.lines).diagnostics
    for one in found:
        assert (one.data is None) == (one.code in WITHOUT_DATA), one.data
        assert is_plain(one.data), one.data
    keys = Counter((one.code, one.location, one.data) for one in found if one.fix)
    assert set(keys.values()) <= {1}


def test_the_message_does_not_identify_a_finding() -> None:
    rule = find_rule("LC503")
    assert rule is not None
    (one,) = rule.check(subject(config(r=8)))
    (other,) = rule.check(subject(config(r=2)))
    assert isinstance(one, Finding)
    assert rule.key(one) == rule.key(one._replace(message="in different words", help="", count=9))
    assert rule.key(one) != rule.key(other)
    assert rule.key(one) != rule.key(one._replace(data=None))
    elsewhere = one._replace(location=subject().key("/lora_alpha"))
    assert rule.key(one) != rule.key(elsewhere)
