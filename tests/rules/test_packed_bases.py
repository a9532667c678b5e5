"""Adapters on experts that the base keeps packed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from loracfg.rules.base.lc635_packed_experts import check
from tests.rules.subjects import config, subject

STACKS = ["mlp.experts.gate_up_proj", "mlp.experts.down_proj"]


def base(**values: Any) -> str:
    return f"base {json.dumps({'experts': 3, 'packed': 'mxfp4'} | values)}"


@pytest.mark.parametrize(
    ("fields", "count", "field"),
    [
        ({"target_parameters": STACKS[:1]}, 2, "target_parameters"),
        ({"target_parameters": STACKS}, 4, "target_parameters"),
        ({"target_parameters": [*STACKS, "o_proj.weight"]}, 4, "target_parameters"),
        ({"target_modules": "all-linear"}, 4, "target_modules"),
    ],
)
def test_parameters_of_packed_stacks_are_counted(
    fields: dict[str, Any], count: int, field: str
) -> None:
    (found,) = check(subject(config(**fields), base()))
    assert found.count == count
    assert f"finds none of the {count} parameters that `{field}` selects" in found.message
    assert found.message.endswith("such as `model.layers.0.mlp.experts.gate_up_proj`")
    assert found.location.pointer == f"/{field}"


@pytest.mark.parametrize(
    "lines",
    [
        (base(),),
        (config(target_parameters=["o_proj.weight"]), base()),
        (config(target_parameters=STACKS), base(packed=None)),
        (config(target_parameters=STACKS), base(), "base none"),
    ],
)
def test_other_adapters_and_bases(lines: tuple[str, ...]) -> None:
    assert list(check(subject(*lines))) == []
