"""The gate on ratios: what has grown is named, and other Pythons do not count."""

from __future__ import annotations

import json
from typing import Any

import pytest

from docs.benchmark_ratios import HISTORY, RATIOS, compare


def record(python: str, **ratios: float) -> dict[str, Any]:
    return {"python": python, "ratios": ratios}


@pytest.mark.parametrize(("ratio", "grown"), [(12.9, False), (13.1, True)])
def test_a_ratio_may_not_grow_by_more_than_noise(ratio: float, grown: bool) -> None:
    history = [record("3.11", start=value) for value in (99, 9, 10, 10, 11, 90)]
    assert bool(list(compare({"start": ratio}, history, "3.11"))) == grown


def test_records_of_other_pythons_are_left_out() -> None:
    assert list(compare({"start": 50}, [record("3.12", start=1)], "3.13")) == []


def test_the_history_has_every_ratio() -> None:
    lines = HISTORY.read_text("utf-8").splitlines()
    assert lines
    for line in lines:
        assert json.loads(line)["ratios"].keys() == RATIOS.keys()
