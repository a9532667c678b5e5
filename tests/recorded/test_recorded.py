"""What was recorded is still said; `python -m tests.recorded` records it again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from loracfg.config.history.releases import PEFT_RELEASE, specifier
from tests.recorded.answers import answer, with_past_engines
from tests.recorded.cases import Case, read_cases


@pytest.fixture(autouse=True)
def _past_engines() -> Iterator[None]:
    with with_past_engines():
        yield


@pytest.mark.parametrize("case", list(read_cases()), ids=lambda case: case.name)
def test_answer_is_as_recorded(case: Case) -> None:
    found = answer(case.lines)
    assert found == case.answer, "if you meant it, run `python -m tests.recorded`; read its diff"
    assert not any(line.startswith("LC901") for line in found), "a rule crashed"


def test_newest_release_is_not_named_as_the_writer() -> None:
    """Otherwise, most answers would change with every release."""
    named = f'written_by {{"peft": "{specifier((PEFT_RELEASE,))}"'
    assert not [case.name for case in read_cases() if named in case.answer[0]]
