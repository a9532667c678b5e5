"""Ranks in the config are set to those of the tensors, with the shortest unique names."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest

from tests.repair.single import config_of, repaired

PATH: Final = "model.layers.{}.self_attn.{}_proj"


def made(**ranks: int) -> str:
    """Return the line of an adapter in which some layers have other ranks."""
    return f"made with {json.dumps({'rank_pattern': ranks})}"


def config(**values: Any) -> str:
    return f"config {json.dumps(values)}"


PLAIN: Final = config(rank_pattern={})
EIGHT: Final = {"q_proj": 8, "v_proj": 8}
OF_ONE: Final = {PATH.format(0, "q"): 8}


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ((made(**EIGHT), PLAIN), {"r": 8, "rank_pattern": {}}),
        ((made(q_proj=8), PLAIN), {"r": 4, "rank_pattern": {"q_proj": 8}}),
        ((made(q_proj=8, v_proj=2), PLAIN), {"r": 4, "rank_pattern": {"q_proj": 8, "v_proj": 2}}),
        ((made(**OF_ONE), PLAIN), {"rank_pattern": OF_ONE}),
        ((made(**EIGHT), config(rank_pattern={"q_proj": 2})), {"rank_pattern": EIGHT}),
        ((made(q_proj=8), config(rank_pattern={"q_proj": 2})), {"rank_pattern": {"q_proj": 8}}),
        (
            (made(q_proj=8), config(rank_pattern={"x": 2})),
            {"rank_pattern": {"q_proj": 8, "x": 2}},
        ),
        ((made(**OF_ONE), config(rank_pattern={"q_proj": 2})), None),  # one key, two ranks
        ((), None),
        ((made(q_proj=8), PLAIN, "config none"), None),
        ((made(q_proj=8), PLAIN, config(lora_alpha=4)), {"alpha_pattern": {"q_proj": 8}}),
        ((made(q_proj=8), PLAIN, config(lora_alpha=8)), {"alpha_pattern": {}}),
    ],
)
def test_ranks_of_tensors(lines: tuple[str, ...], found: dict[str, Any] | None) -> None:
    change = repaired("LC503", *lines)
    assert (change is None) == (found is None)
    if change and found:
        assert config_of(change).items() >= found.items()
        assert not change.safe
        assert ("`add_weighted_adapter`" in change.why) == bool(found.get("alpha_pattern"))
        assert ("`alpha_pattern`" in change.title) == bool(found.get("alpha_pattern"))


def test_layers_are_counted() -> None:
    lines = (made(q_proj=8), PLAIN)
    change = repaired("LC503", *lines)
    assert change is not None
    assert change.title == "set the rank of 2 layers in `rank_pattern`"
