"""Factors and other tensors with shapes that do not fit."""

from __future__ import annotations

import pytest

from loracfg.adapter.header.tensor import Shape
from loracfg.analysis.factor_pairs import swapped_stacks
from loracfg.rules.base import lc605_expert_orientation, lc608_other_sizes
from loracfg.rules.tensors import lc511_unequal_ranks
from tests.rules.subjects import config, made_with, subject

PREFIX = "base_model.model.model."
Q = "layers.0.self_attn.q_proj.lora_"
STACK = made_with(target_modules=["v_proj"], target_parameters=["q_proj.weight"])
HEAD = made_with(modules_to_save=["lm_head"])


def reshaped(a: Shape, b: Shape, layer: str = "q_proj") -> tuple[str, str]:
    return f"reshape {layer}.lora_A -> {list(a)}", f"reshape {layer}.lora_B -> {list(b)}"


@pytest.mark.parametrize(
    ("a", "b", "blocks", "differ"),
    [
        ((4, 16), (24, 4), 0, False),
        ((4, 16), (24, 2), 0, True),
        ((4, 16), (24, 8), 0, True),
        # a factor of blocks
        ((4, 16), (24, 4), 3, False),
        ((6, 16), (24, 2), 3, False),
        ((6, 16), (24, 3), 3, True),
        ((6, 16), (24, 1), 3, True),
        # convolutions, the second of 2 groups
        ((4, 16, 3, 3), (24, 4, 1, 1), 0, False),
        ((4, 16, 3, 3), (24, 2, 1, 1), 0, False),
        ((4, 16, 3, 3), (24, 3, 1, 1), 0, True),
        ((4, 16, 3, 3), (2, 3, 1, 1), 0, True),
        ((4, 16, 3, 3), (24, 8, 1, 1), 0, True),
        ((4, 16, 3, 3), (24, 0, 1, 1), 0, True),
    ],
)
def test_factors_that_cannot_be_multiplied(a: Shape, b: Shape, blocks: int, differ: bool) -> None:
    bdlora = {"nblocks": blocks, "target_modules_bd_a": ["q_proj"]} if blocks else None
    lines = (*reshaped(a, b), "base none", config(use_bdlora=bdlora))
    found = list(lc511_unequal_ranks.check(subject(*lines)))
    assert [one.count for one in found] == ([4] if differ else [])
    assert all(one.location.tensor == f"{PREFIX}{Q}A.weight" for one in found)
    assert list(lc511_unequal_ranks.check(subject(*lines, "config text {"))) == []


def test_slices_are_not_cut_one_by_one() -> None:
    lines = (*reshaped((2, 16), (12, 4)), *reshaped((2, 16), (6, 4), "v_proj"))
    assert list(lc511_unequal_ranks.check(subject(*lines))) == []
    assert list(lc511_unequal_ranks.check(subject(*lines, "base none")))


@pytest.mark.parametrize(
    ("lines", "swapped"),
    [
        ((STACK, *reshaped((4, 24), (16, 4))), 2),
        ((STACK, *reshaped((4, 24), (16, 4)), "drop layers.1.self_attn.q_proj.lora_B"), 1),
        ((STACK, *reshaped((4, 24), (16, 4)), "drop layers.1.self_attn.q_proj.lora_A"), 1),
        ((STACK, *reshaped((4, 24), (16, 4)), "rename layers.1 -> layers.7"), 1),
        ((STACK, *reshaped((4, 24), (16, 4)), "base none"), 0),
        ((STACK,), 0),
        ((STACK, *reshaped((4, 16), (16, 4))), 0),
        ((STACK, *reshaped((4, 24), (24, 4))), 0),
        ((STACK, *reshaped((4, 23), (16, 4))), 0),
        ((STACK, *reshaped((4, 25), (16, 4))), 0),
        ((STACK, *reshaped((4, 24), (15, 4))), 0),
        ((STACK, *reshaped((4, 24), (17, 4))), 0),
        ((STACK, *reshaped((4, 12), (16, 4), "v_proj")), 0),  # it is not a parameter
    ],
)
def test_factors_of_parameters_may_be_swapped(lines: tuple[str, ...], swapped: int) -> None:
    adapter = subject(*lines)
    assert len(swapped_stacks(adapter)) == swapped
    found = list(lc605_expert_orientation.check(adapter))
    assert [one.count for one in found] == ([2 * swapped] if swapped else [])
    stacks = "1 stack of experts has" if swapped == 1 else "2 stacks of experts have"
    assert all(one.message.startswith(f"{stacks} swapped factors: A is `") for one in found)
    assert all(one.location.tensor == f"{PREFIX}{Q}A.weight" for one in found)


@pytest.mark.parametrize(
    ("lines", "count", "message"),
    [
        ((HEAD, 'base {"hidden": 32}'), 5, ": `16` for `32`"),
        ((HEAD, 'base {"hidden": 32}', "reshape lm_head -> [40, 32]"), 4, ": `16` for `32`"),
        ((HEAD, 'base {"hidden": 32}', "reshape lm_head -> [16]"), 4, ": `16` for `32`"),
        (("reshape lora_A -> [4, 16, 1]",), 4, ""),
        ((made_with(use_dora=True), "reshape magnitude -> [7]"), 4, ": `7` for `24`, `7` for `12`"),
        ((made_with(lora_bias=True), "reshape bias -> [7]"), 4, ": `7` for `24`, `7` for `12`"),
        (
            (
                made_with(target_modules=["q_proj", "v_proj", "down_proj"]),
                'base {"hidden": 32, "head_dim": 5, "kv_heads": 4, "inner": 28}',
            ),
            12,
            ": `16` for `32`, `24` for `20`, `12` for `20`",
        ),
    ],
)
def test_sizes_that_differ_are_named_once(lines: tuple[str, ...], count: int, message: str) -> None:
    (found,) = lc608_other_sizes.check(subject(*lines))
    assert found.count == len(found.explains) == count
    assert found.message == f"the sizes of {count} tensors do not match `LlamaForCausalLM`{message}"
    assert len(found.related) == max(message.count(" for "), 1)


def test_other_sizes_explain_missing_layers() -> None:
    (found,) = lc608_other_sizes.check(subject('base {"hidden": 32, "layers": 5}'))
    assert found.message.endswith("; it has `5` layers, but the file has tensors for `2`")
    assert found.count == 4
    assert len(found.explains) == 4 + 3 * 4


@pytest.mark.parametrize("lines", [(), ("base none",), (HEAD, "reshape lm_head -> [7, 16]")])
def test_other_tensors_alone_do_not_show_a_different_base(lines: tuple[str, ...]) -> None:
    assert list(lc608_other_sizes.check(subject(*lines))) == []
