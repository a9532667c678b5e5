"""Which tensors of a file are read as alphas."""

from __future__ import annotations

import pytest

from loracfg.testing.building.judging import judged

Q = "base_model.model.model.layers.0.self_attn.q_proj"
FACTOR = "tensor lora_unet_q.lora_down.weight F32 [4, 16]"


@pytest.mark.parametrize(
    ("tensors", "count"),
    [
        ((f"{Q}.alpha F32 []",), 1),
        ((f"{Q}.alpha F32 [1]",), 1),
        ((f"{Q}.alpha F32 []", f"{Q.replace('0', '1')}.alpha F32 []"), 2),
        ((f"{Q}.alpha F32 [2]",), 0),
        ((f"{Q}.alpha F32 [0]",), 0),
        ((f"{Q}.alpha F32 [1, 1]",), 0),
        ((f"{Q}.scale F32 []",), 0),
        ((f"{Q.replace('q_proj', 'k_proj')}.alpha F32 []",), 0),  # without factors next to it
        ((f"{Q.removeprefix('base_model.model.')}.alpha F32 []",), 0),
    ],
)
def test_one_number_next_to_the_factors_of_a_layer_is_its_alpha(
    tensors: tuple[str, ...], count: int
) -> None:
    found = judged(*(f"tensor {tensor}" for tensor in tensors)).diagnostics
    assert sum(one.count for one in found if one.code == "LC530") == count


@pytest.mark.parametrize(
    ("lines", "count"),
    [
        ((FACTOR, "tensor lora_unet_q.alpha F32 []"), 1),
        ((FACTOR, "tensor lora_unet_q.alpha F32 [1]"), 1),
        ((FACTOR, "tensor lora_unet_q.alpha F32 [2]"), 0),
        ((FACTOR, "tensor lora_unet_q F32 []"), 0),
        ((FACTOR, "tensor lora_unet_k.alpha F32 []"), 0),
        (("tensor lora_unet_q.alpha F32 []",), 0),
        (
            (
                *(FACTOR, "tensor lora_unet_q.alpha F32 []"),
                *(FACTOR.replace("q.", "k."), "tensor lora_unet_k.alpha F32 [2]"),
            ),
            1,
        ),
    ],
)
def test_one_number_next_to_kohyas_first_factor_is_its_alpha(
    lines: tuple[str, ...], count: int
) -> None:
    report = judged(*lines, "values . 0.5", "values lora_unet_.(.alpha)?$ all 16")
    found = [one for one in report.diagnostics if one.code == "LC437"]
    assert sum(one.count for one in found) == count
    assert all(one.fix for one in found)  # all alphas are this one
