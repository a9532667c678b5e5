"""Files with the slice of one process of a sharded run."""

from __future__ import annotations

import pytest

from loracfg.analysis.other_sizes import slices
from loracfg.rules.base.lc607_sharded_slice import check
from loracfg.testing.building.judging import codes
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
    lines = (ONE_LAYER, f"reshape lora_A -> {a}", f"reshape lora_B -> {b}")
    adapter = subject(*lines)
    assert slices(adapter) == count
    assert len(list(check(adapter))) == (count is not None)
    assert slices(subject(*lines, "base none")) is None


def test_one_tensor_is_not_enough() -> None:
    assert slices(subject(ONE_TENSOR, "reshape lm_head -> [16, 16]")) is None


def test_sizes_that_do_not_divide_are_not_slices() -> None:
    made = made_with(target_modules=["layers.0.self_attn.q_proj"], r=5)
    assert slices(subject(made, "reshape lora_A -> [2, 16]", "reshape lora_B -> [11, 5]")) is None


def test_numbers_are_not_slices_of_vectors() -> None:
    assert slices(subject(made_with(use_dora=True), "reshape . -> []")) is None


@pytest.mark.parametrize(
    ("lines", "fires"),
    [
        (
            ("drop v_proj|lora_B", "reshape lora_A -> [2, 16]"),
            False,
        ),  # none is whole, but some are missing
        (("reshape lora_A -> [2, 16]", "reshape lora_B -> [4, 4]"), False),  # of several divisors
        (("reshape lora_A -> [2, 16]", "reshape q_proj.lora_B -> [12, 4]"), False),
        (
            (
                "reshape lora_A -> [2, 16]",
                "reshape q_proj.lora_B -> [12, 4]",
                "reshape v_proj.lora_B -> [6, 4]",
            ),
            True,
        ),
        (
            (
                "reshape lora_A -> [3, 16]",
                "reshape q_proj.lora_B -> [12, 4]",
                "reshape v_proj.lora_B -> [6, 4]",
            ),
            False,
        ),
    ],
)
def test_all_tensors_are_slices_of_one_divisor(lines: tuple[str, ...], fires: bool) -> None:
    assert ("LC607" in codes(*lines)) == fires
