"""Files that hold the piece of one process of a sharded run."""

from __future__ import annotations

import pytest

from loracfg.rules.lc607_sharded_slice import slices
from tests.rules.subjects import made_with, subject

ONE_LAYER = made_with(target_modules=["layers.0.self_attn.q_proj"])
ONE_TENSOR = made_with(target_modules="dummy-target-modules", modules_to_save=["lm_head"])


@pytest.mark.parametrize(
    ("a", "b", "count"),
    [
        ([2, 16], [12, 4], 2),
        ([1, 16], [6, 4], 4),
        ([4, 16], [24, 4], None),  # they are whole
        ([4, 16], [12, 4], None),
        ([1, 16], [12, 4], None),
        ([3, 16], [18, 4], None),
        ([8, 16], [48, 4], None),
        ([0, 16], [0, 4], None),
        ([2, 8], [12, 2], None),
        ([2, 16, 1], [12, 4, 1], None),
        ([2], [12], None),
        ([], [], None),
    ],
)
def test_each_tensor_is_the_same_part_of_its_rows(
    a: list[int], b: list[int], count: int | None
) -> None:
    shapes = (f"reshape lora_A -> {a}", f"reshape lora_B -> {b}")
    assert slices(subject(ONE_LAYER, *shapes)) == count
    assert slices(subject(ONE_LAYER, *shapes, "base none")) is None


def test_one_tensor_does_not_tell() -> None:
    assert slices(subject(ONE_TENSOR, "reshape lm_head -> [16, 16]")) is None
