"""Pairs of factors: their rank, and whether they are transposed or swapped."""

from __future__ import annotations

import pytest

from loracfg.adapter.header.tensor import Shape
from loracfg.analysis.factor_pairs import (
    FactorPair,
    factors,
    is_stack,
    is_transposed,
    orientation,
    pairs_where,
    transposed_stacks,
)
from loracfg.testing.building.judging import codes, judged
from loracfg.testing.copies import Copy
from tests.rules.subjects import EMBEDDING, config, made_with, pair, planned, subject, subject_on
from tests.rules.test_one_cause import sound_experts

Q = "model.layers.0.self_attn.q_proj"
EXPERTS = "model.layers.0.mlp.experts"
NO_BASE = "base none"


def test_factors_agree_if_both_have_the_same_rank() -> None:
    ranks = {(a, b): pair((a, 16), (24, b)).agree for a in (3, 4, 5) for b in (3, 4, 5)}
    assert {found for found, agree in ranks.items() if agree} == {(3, 3), (4, 4), (5, 5)}


def test_factors_with_kernels_are_convolutions() -> None:
    shapes: list[Shape] = [(4, 16), (4, 16, 3), (4, 16, 3, 3)]
    assert [pair(a, (24, 4)).is_convolution for a in shapes] == [False, True, True]


def ranks(found: FactorPair, configured: int, *lines: str) -> bool:
    return found.has_rank(configured, subject(*lines, NO_BASE))


def linear(rank: int) -> FactorPair:
    """Return the factors of a layer with 16 inputs and 24 outputs."""
    return pair((rank, 16), (24, rank))


def test_a_layer_has_the_configured_rank() -> None:
    found = [rank for rank in (15, 16, 19, 20, 21, 24) if ranks(linear(rank), 20)]
    assert found == [20]


def test_a_decomposition_limits_the_rank_to_the_size_of_the_layer() -> None:
    initial = config(init_lora_weights="pissa")
    of_20 = [rank for rank in (15, 16, 17, 20, 24) if ranks(linear(rank), 20, initial)]
    assert of_20 == [16]
    assert ranks(linear(4), 4, initial)
    embedding = pair((20, 32), (16, 20), parts=EMBEDDING)
    assert ranks(embedding, 20, initial)
    assert not ranks(pair((16, 32), (16, 16), parts=EMBEDDING), 20, initial)
    assert not ranks(pair((24, 32), (16, 24), parts=EMBEDDING), 20, initial)
    assert ranks(pair((20, 16, 3, 3), (24, 20, 1, 1)), 20, initial)
    assert not ranks(pair((16, 16, 3, 3), (24, 16, 1, 1)), 20, initial)


@pytest.mark.parametrize(
    "line",
    [config(init_lora_weights=7), config(init_lora_weights="pissa", lora_bias=True)],
    ids=["unusable", "in conflict"],
)
def test_either_rank_is_right_if_the_decomposition_is_unknown(line: str) -> None:
    assert [rank for rank in (15, 16, 17, 20, 24) if ranks(linear(rank), 20, line)] == [16, 20]


def test_transposed_factors_have_the_rank_in_place_of_the_layers_size() -> None:
    found = subject(NO_BASE)
    shapes: dict[tuple[Shape, Shape], bool] = {
        ((16, 4), (4, 24)): True,
        ((3, 4), (4, 24)): True,
        ((4, 16), (24, 4)): False,
        ((4, 4), (4, 24)): False,  # A has the configured rank as it is
        ((16, 5), (5, 24)): False,
        ((16, 4), (5, 24)): False,
        ((16, 5), (4, 24)): False,
        ((16, 4, 1), (4, 24)): False,
        ((16, 4), (4, 24, 1)): False,
        ((16, 4, 1), (4, 24, 1)): False,
    }
    assert {one: is_transposed(pair(*one, Q), found) for one in shapes} == shapes
    assert not is_transposed(pair((16, 4), (4, 24), "lm_head"), found)  # its rank is unknown


def test_blocks_and_stacks_are_not_transposed() -> None:
    blocks = config(use_bdlora={"nblocks": 4, "match_strict": False})
    assert not is_transposed(pair((16, 4), (4, 24), Q), subject(NO_BASE, blocks))
    stack = config(target_modules=[], target_parameters=["q_proj.weight"])
    assert not is_transposed(pair((16, 4), (4, 24), Q), subject(NO_BASE, stack))


def stacks() -> Copy:
    """Return an adapter of a base with 4 experts: rank 2, 16 inputs and 40 outputs."""
    return sound_experts({"r": 2, "target_modules": [], "target_parameters": ["gate_up_proj"]})[0]


def count_transposed(a_shape: Shape, b_shape: Shape, *, with_base: bool, others: int = 0) -> int:
    """Return how many stacks are found to be transposed in an adapter with these shapes."""
    copy, (_, base) = stacks(), sound_experts({})
    copy.reshape("lora_A", lambda _: a_shape)
    copy.reshape("lora_B", lambda _: b_shape)
    seen = subject_on(copy.written(), base if with_base else None)
    return len(transposed_stacks(seen, [linear(4)] * others))


def test_transposed_stacks_have_the_reverse_of_the_planned_shapes() -> None:
    shapes = {name.rpartition("lora_")[2]: t.shape for name, t in stacks().tensors.items()}
    assert shapes == {"A.weight": (8, 16), "B.weight": (40, 8)}
    assert count_transposed((16, 8), (8, 40), with_base=True) == 2
    assert count_transposed((8, 16), (40, 8), with_base=True) == 0
    for size in (39, 44):
        assert count_transposed((16, 8), (8, size), with_base=True) == 0
    for size in (15, 20):
        assert count_transposed((size, 8), (8, 40), with_base=True) == 0


def test_without_a_base_stacks_are_transposed_if_other_layers_are() -> None:
    assert count_transposed((16, 8), (8, 40), with_base=False) == 0
    assert count_transposed((16, 8), (8, 40), with_base=False, others=1) == 2
    assert count_transposed((16, 7), (8, 40), with_base=False, others=1) == 0
    assert count_transposed((16, 9), (8, 40), with_base=False, others=1) == 0
    assert (
        count_transposed((8, 8), (8, 8), with_base=False, others=1) == 0
    )  # the ranks are equal already


def test_other_layers_are_not_transposed_stacks() -> None:
    found = subject("reshape lora_A -> [16, 4]", "reshape lora_B -> [4, 24]")
    assert transposed_stacks(found, [linear(4)]) == []


def test_a_layer_with_different_sizes_shows_the_orientation() -> None:
    found = subject(made_with(target_modules=["q_proj", "k_proj"]), 'base {"heads": 2}')
    q, k = Q, Q.replace("q_proj", "k_proj")
    assert found.plan
    sizes = {path: found.plan.shapes[f"base_model.model.{path}.lora_B.weight"] for path in (q, k)}
    assert sizes == {q: (12, 4), k: (12, 4)}
    swapped, other = pair((12, 4), (4, 16), q), pair((12, 4), (4, 16), k)
    transposed, unfit = pair((16, 4), (4, 12), k), pair((16, 4), (4, 13), k)
    assert orientation([swapped, other], found) == "swapped"
    assert orientation([transposed], found) == "transposed"
    assert orientation([swapped, transposed], found) is None
    assert orientation([transposed, unfit], found) is None
    assert orientation([unfit, transposed], found) is None
    assert orientation([unfit, swapped], found) is None
    assert orientation([transposed], subject(NO_BASE)) is None


def test_a_square_layer_does_not_show_the_orientation() -> None:
    found = subject(made_with(target_modules=["q_proj"]), 'base {"head_dim": 4}')
    square = pair((16, 4), (4, 16), Q)
    assert orientation([square], found) is None
    wide = pair((16, 4), (4, 24), Q.replace("0", "1"))
    both = subject(made_with(target_modules=["q_proj"]))
    assert orientation([wide], both) == "transposed"


def test_factors_are_pairs_with_two_or_more_dimensions() -> None:
    lines = (
        "reshape layers.0.*q_proj.lora_A -> [4]",
        "reshape layers.0.*v_proj.lora_B -> [12]",
        "reshape layers.1.*q_proj.lora_A -> [4, 16, 1]",
    )
    found = {one.module: (one.a_shape, one.b_shape) for one in factors(subject(*lines, NO_BASE))}
    assert found == {
        "model.layers.1.self_attn.q_proj": ((4, 16, 1), (24, 4)),
        "model.layers.1.self_attn.v_proj": ((4, 16), (12, 4)),
    }


def test_all_pairs_that_match_are_returned_in_order() -> None:
    found = pairs_where(lambda one, _: one.b_shape[0] == 12, subject(NO_BASE))
    assert [one.module for one in found] == [
        "model.layers.0.self_attn.v_proj",
        "model.layers.1.self_attn.v_proj",
    ]
    assert pairs_where(lambda one, _: one.b_shape[0] == 13, subject(NO_BASE)) == []


def test_target_parameters_have_a_stack_of_factors() -> None:
    copy, base = sound_experts({"r": 2, "target_modules": "all-linear"})
    found = subject_on(copy.written(), base)
    assert is_stack(found, EXPERTS)  # a parameter in the plan
    assert not is_stack(found, Q)
    assert not is_stack(found, "model.layers.0.mlp")
    assert not is_stack(
        subject(config(target_modules="all-linear")), EXPERTS
    )  # a base without experts


def test_without_a_base_the_config_shows_what_may_be_a_stack() -> None:
    every = subject(NO_BASE, config(target_modules="all-linear"))
    assert is_stack(every, EXPERTS)
    assert not is_stack(every, Q)
    plain = subject(NO_BASE)
    assert not is_stack(plain, EXPERTS)
    assert not is_stack(plain, Q)
    named = subject(NO_BASE, config(target_parameters=["experts.gate_up_proj"]))
    assert is_stack(named, EXPERTS)
    assert not is_stack(named, Q)  # `target_modules` selects it
    assert is_stack(named, "lm_head")  # nothing else does
    assert is_stack(planned(named, selection=None), Q)
    both = subject(NO_BASE, config(target_parameters=["q_proj.weight"]))
    assert is_stack(both, Q)


FUSED = ("base none", "reshape lora_A -> [8, 16]")


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("LC509", (*FUSED, "reshape lora_B -> [16, 4, 1]")),
        ("LC509", (*FUSED, "reshape lora_B -> [16, 8, 1]", config(r=8))),
        ("LC511", (*FUSED, "reshape lora_B -> [16, 3, 1]")),
        ("LC511", (*FUSED, "reshape lora_B -> [16, 4, 2]")),
        ("LC511", (*FUSED, "reshape lora_B -> [16, 4, 1, 1]")),
        ("", ("base none", "reshape lora_A -> [4, 16, 3]", "reshape lora_B -> [16, 4, 1]")),
    ],
)
def test_the_factors_of_a_grouped_convolution_are_fused(code: str, lines: tuple[str, ...]) -> None:
    assert "".join(codes(*lines)) == code


def test_the_place_is_the_first_fused_layer() -> None:
    first, second = "reshape q_proj.lora_B -> [16, 4, 1]", "reshape v_proj.lora_B -> [12, 4, 1]"
    (found,) = judged(*FUSED, first, second).diagnostics
    assert found.code == "LC509"
    assert found.location.tensor == f"base_model.model.{Q}.lora_B.weight"
    assert found.message.endswith("B is `(16, 4, 1)`")
    assert found.count == 8
