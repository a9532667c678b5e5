"""Tensors that are missing or have wrong shapes, if no other rule explains them."""

from __future__ import annotations

import pytest

from loracfg.rules.base import lc620_unstacked_experts, lc690_missing_tensors, lc692_other_shapes
from tests.rules.subjects import made_with, on_base, planned, subject

VELORA = made_with(velora_config={"num_groups": 4})
NORM = "tensor base_model.model.model.norm.weight F32 [{}]"
Q = "base_model.model.model.layers.{}.self_attn.q_proj.lora_velora_embed"


@pytest.mark.parametrize(
    ("lines", "count", "related"),
    [
        ((VELORA,), 0, 0),
        ((VELORA, "reshape lora_velora_embed -> [7]"), 4, 3),
        ((VELORA, "reshape layers.1.*lora_velora_embed -> [7]"), 2, 2),
        ((VELORA, "reshape q_proj.lora_velora_embed -> [7]", NORM.format(17)), 3, 3),
        ((NORM.format(16),), 0, 0),
        ((NORM.format(17),), 1, 1),
        ((NORM.format(15),), 1, 1),
        ((NORM.format(17), "base none"), 0, 0),
    ],
)
def test_other_shapes(lines: tuple[str, ...], count: int, related: int) -> None:
    found = list(lc692_other_shapes.check(subject(*lines)))
    assert [one.count for one in found] == ([count] if count else [])
    for one in found:
        assert len(one.explains) == count
        assert len(one.related) == related
        assert one.location == one.related[0].location


@pytest.mark.parametrize(
    ("lines", "count", "first"),
    [
        ((VELORA,), 0, None),
        ((VELORA, "drop lora_velora_embed"), 4, Q.format(0)),
        ((VELORA, "drop layers.1.self_attn.q_proj.lora_velora_embed"), 1, Q.format(1)),
        ((VELORA, "drop lora_velora_embed", "base none"), 0, None),
    ],
)
def test_missing_tensors(lines: tuple[str, ...], count: int, first: str | None) -> None:
    adapter = subject(*lines)
    found = list(lc690_missing_tensors.check(adapter))
    assert [one.count for one in found] == ([count] if count else [])
    for one in found:
        assert len(one.explains) == count
        assert one.location.tensor == first
        assert one.message.endswith(f"missing from the file: `variant state`, such as `{first}`")
    assert list(lc690_missing_tensors.check(on_base(adapter, certain=False))) == []


def test_tensors_of_single_experts_are_counted() -> None:
    layers = "base_model.model.model.layers"
    names = [f"{layers}.{layer}.mlp.experts.0.down_proj.lora_A.weight" for layer in (1, 0)]
    adapter = subject(*(f"tensor {name} F32 [4, 20]" for name in names))
    assert list(lc620_unstacked_experts.check(adapter)) == []
    (found,) = lc620_unstacked_experts.check(planned(adapter, unstacked=True))
    assert found.count == 2
    assert found.location.tensor == names[0]
