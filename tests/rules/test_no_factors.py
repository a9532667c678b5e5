"""Files without a LoRA factor, and what is there instead."""

from __future__ import annotations

import pytest

from loracfg.rules.tensors.lc504_no_factors import check
from tests.rules.subjects import config, subject

NORM = "tensor base_model.model.model.norm.{} F32 [16]"
UNLIKE_PEFT = ", and no known tool uses such names"
LIKE_WEIGHTS = "named like weights of a model: "


@pytest.mark.parametrize(
    ("ends", "words"),
    [
        (["weight"], f"the only tensor is not a LoRA factor, but it is {LIKE_WEIGHTS}"),
        (["bias"], f"the only tensor is not a LoRA factor, but it is {LIKE_WEIGHTS}"),
        (
            ["weight", "bias"],
            f"none of the 2 tensors is a LoRA factor, but they are {LIKE_WEIGHTS}",
        ),
        (["weight", "g_idx"], f"none of the 2 tensors is a LoRA factor{UNLIKE_PEFT}: "),
        (["g_idx"], f"the only tensor is not a LoRA factor{UNLIKE_PEFT}: "),
        (["lora_magnitude_vector"], "the only tensor is not a LoRA factor: "),
        (["g_idx", "lora_magnitude_vector"], "none of the 2 tensors is a LoRA factor: "),
    ],
)
def test_the_message_describes_the_names(ends: list[str], words: str) -> None:
    tensors = [NORM.format(end) for end in ends]
    (found,) = check(subject("drop .", *tensors, "base none"))
    assert found.message == f"{words}`base_model.model.model.norm.{ends[0]}`"
    assert found.count == len(found.explains) == len(ends)
    (of_base,) = check(subject("drop .", *tensors))
    assert len(of_base.explains) == len(ends) + 8  # including the missing ones


@pytest.mark.parametrize(
    "lines",
    [
        ("drop .",),
        ("drop lora_A",),
        ("drop lora_A", "base none"),
        ("drop .", NORM.format("weight"), "config text {"),
        ("drop .", NORM.format("weight"), config(target_modules="dummy-target-modules")),
        # one of them belongs to a module that is saved whole
        ("drop .", NORM.format("weight"), NORM.format("g_idx"), config(modules_to_save=["norm"])),
    ],
)
def test_files_with_factors_or_no_need_for_them(lines: tuple[str, ...]) -> None:
    assert list(check(subject(*lines))) == []
