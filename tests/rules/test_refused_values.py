"""Values that PEFT fails on, including numbers that are not finite: one finding each."""

from __future__ import annotations

from typing import Any

import pytest

from loracfg.testing.building.judging import judged
from tests.rules.subjects import config

NAN = float("nan")


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"r": NAN}, {("LC017", "/r")}),
        ({"r": "x"}, {("LC103", "/r")}),
        ({"r": NAN, "lora_alpha": "x"}, {("LC017", "/r"), ("LC103", "/lora_alpha")}),
        ({"target_modules": [NAN]}, {("LC017", "/target_modules/0")}),
        ({"r": -1, "lora_alpha": NAN}, {("LC105", "/r"), ("LC017", "/lora_alpha")}),
        (
            {"alpha_pattern": {"q_proj": NAN, "v_proj": "x"}},
            {("LC017", "/alpha_pattern/q_proj"), ("LC103", "/alpha_pattern/v_proj")},
        ),
        (
            {"r": "x", "rank_pattern": {"q_proj": NAN}},
            {("LC103", "/r"), ("LC017", "/rank_pattern/q_proj")},
        ),
    ],
)
def test_a_number_that_is_not_finite_is_reported_at_its_own_place(
    fields: dict[str, Any], found: set[tuple[str, str]]
) -> None:
    diagnostics = judged(config(**fields)).diagnostics
    assert {(one.code, one.location.pointer) for one in diagnostics} == found
    assert len(diagnostics) == len(found)
    for one in diagnostics:
        assert (one.help == "write a finite number") is (one.code == "LC017")
