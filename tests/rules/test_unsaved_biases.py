"""Biases of the base that the config trains, but that are not in the file."""

from __future__ import annotations

import pytest

from loracfg.rules.base.lc615_unsaved_biases import check
from tests.rules.subjects import made_with, subject

BIASES = 'base {"biases": true}'
ONE = "tensor base_model.model.model.layers.0.self_attn.q_proj.base_layer.bias F32 [24]"
OTHER = "tensor base_model.model.model.layers.0.self_attn.k_proj.bias F32 [12]"


@pytest.mark.parametrize(
    ("bias", "lines", "count"),
    [
        ("lora_only", (BIASES,), 4),
        ("all", (BIASES,), 14),
        ("all", (BIASES, "drop layers.1"), 14),
        ("none", (BIASES,), 0),
        ("all", (), 0),
        ("all", ("base none",), 0),
        ("all", (BIASES, ONE), 0),
        ("all", (BIASES, ONE, OTHER), 0),
    ],
)
def test_a_file_without_a_bias(bias: str, lines: tuple[str, ...], count: int) -> None:
    found = list(check(subject(made_with(bias=bias), *lines)))
    assert [one.count for one in found] == ([count] if count else [])
    for one in found:
        assert one.message == (
            f'`bias` is `"{bias}"`, but the file has `0` of `{count}` trained biases'
        )
        assert len(one.explains) == count
        assert all(name.endswith("bias") for name in one.explains)
