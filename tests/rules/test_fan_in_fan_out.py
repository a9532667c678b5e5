"""Which layers decide whether `fan_in_fan_out` is right; tests/made compares with PEFT."""

from __future__ import annotations

import pytest

from loracfg.rules.base.lc623_wrong_fan_in_fan_out import check
from tests.rules.subjects import config, made_with, subject

WRONG = config(fan_in_fan_out=True)


@pytest.mark.parametrize(
    ("lines", "count"),
    [
        ((), 4),
        (("base none",), 0),
        (
            (made_with(target_modules=["q_proj", "embed_tokens"]),),
            2,
        ),  # the embedding does not count
        ((made_with(target_modules=["embed_tokens", "q_proj"], layers_to_transform=[1]),), 1),
        ((made_with(target_modules=["embed_tokens"]),), 0),
        ((made_with(target_modules=["v_proj"], target_parameters=["q_proj.weight"]),), 0),
    ],
)
def test_linear_layers_need_false(lines: tuple[str, ...], count: int) -> None:
    found = list(check(subject(WRONG, *lines)))
    assert [one.count for one in found] == ([count] if count else [])
    assert all(one.message.endswith("`Linear`") for one in found)
    assert list(check(subject(*lines))) == []
