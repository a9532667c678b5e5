"""Fused layers with several times the rank of the other layers, but the same alpha."""

from __future__ import annotations

import math
from typing import Any

import pytest

from loracfg.config import CONFIG_NAME
from loracfg.report.report import Diagnostic, Edit
from loracfg.testing.building.judging import judged
from tests.repair.single import repaired
from tests.rules.subjects import config, made_with


def found(layer: str, rank: int, *lines: str, **others: Any) -> Any:
    values = {"rank_pattern": {layer: rank}, "target_modules": [layer, "v_proj"]}
    report = judged(
        made_with(rank_pattern={"q_proj": rank}),
        config(**values | others),
        f"rename q_proj -> {layer}",
        "base none",
        *lines,
    )
    return [one for one in report.diagnostics if one.code == "LC340"]


@pytest.mark.parametrize(
    ("layer", "rank", "fires"),
    [
        *(("qkv_proj", 11, False), ("qkv_proj", 12, True), ("qkv_proj", 13, False)),
        *(("qkv_proj", 8, False), ("qkv_proj", 16, False), ("q_proj", 12, False)),
        *(("to_qkv", 8, False), ("to_qkv", 12, True), ("to_qkv", 16, False)),
        *(("gate_up_proj", 7, False), ("gate_up_proj", 8, True), ("gate_up_proj", 9, False)),
        *(("gate_up_proj", 12, False), ("kv_proj", 8, True), ("kv_proj", 12, False)),
        *(("linear1", 8, False), ("linear1", 11, False), ("linear1", 12, True)),
        *(("linear1", 15, False), ("linear1", 16, True), ("linear1", 17, False)),
        ("linear1", 20, False),
    ],
)
def test_fused_ranks_are_exact_multiples(layer: str, rank: int, fires: bool) -> None:
    assert len(found(layer, rank)) == fires


@pytest.mark.parametrize(
    ("others", "fires"),
    [
        ({"lora_alpha": -8}, True),
        ({"lora_alpha": 1}, True),
        ({"lora_alpha": -1}, True),
        ({"lora_alpha": 0}, False),
        ({"alpha_pattern": {"qkv_proj": 24}}, False),
        ({"alpha_pattern": {"v_proj": 24}}, True),
        ({"rank_pattern": {"v_proj": 4}, "r": 12}, False),
    ],
)
def test_the_fused_layer_has_the_alpha_of_all_layers(others: dict[str, Any], fires: bool) -> None:
    assert len(found("qkv_proj", 12, **others)) == fires


@pytest.mark.parametrize(
    ("others", "alpha", "scaling"),
    [
        ({}, 24, "0.6667"),
        ({"use_rslora": True}, 8 * math.sqrt(3), "2.309"),
    ],
)
def test_the_advised_alpha_gives_the_original_scaling(
    others: dict[str, Any], alpha: float, scaling: str
) -> None:
    (one,) = found("qkv_proj", 12, **others)
    assert one.message.endswith(f"so the scaling is `{scaling}`")
    assert f"to `{alpha:g}` in `alpha_pattern`" in one.help
    assert one.fix.edits == (Edit(CONFIG_NAME, "/alpha_pattern/qkv_proj", alpha),)
    assert one.fix.safe is False
    rank = math.sqrt(12) if others else 12
    assert alpha / rank == pytest.approx(8 / (2 if others else 4))  # that of the other layers


def test_layers_of_each_key_are_counted() -> None:
    both = {r"layers\.0.*qkv_proj": 12, "qkv_proj": 12}
    found_by_key: list[Diagnostic] = found("qkv_proj", 12, rank_pattern=both)
    assert [one.count for one in found_by_key] == [1, 1]
    (one,) = found("qkv_proj", 12)
    assert one.count == 2


def test_no_fix_adds_a_field() -> None:
    made = made_with(rank_pattern={"q_proj": 12})
    renamed = config(rank_pattern={"qkv_proj": 12}, target_modules=["qkv_proj", "v_proj"])
    lines = (made, renamed, "rename q_proj -> qkv_proj", "base none")
    assert repaired("LC340", *lines)
    assert repaired("LC340", *lines, 'config without "alpha_pattern"') is None
