"""Pairs of factors: the rank that they have, and whether they are the right way round."""

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
ALONE = "base none"


def test_factors_agree_if_both_have_the_same_rank() -> None:
    ranks = {(a, b): pair((a, 16), (24, b)).agree for a in (3, 4, 5) for b in (3, 4, 5)}
    assert {found for found, agree in ranks.items() if agree} == {(3, 3), (4, 4), (5, 5)}


def test_factors_with_kernels_are_convolutions() -> None:
    shapes: list[Shape] = [(4, 16), (4, 16, 3), (4, 16, 3, 3)]
    assert [pair(a, (24, 4)).is_convolution for a in shapes] == [False, True, True]


def ranks(found: FactorPair, configured: int, *lines: str) -> bool:
    return found.has_rank(configured, subject(*lines, ALONE))


def linear(rank: int) -> FactorPair:
    """Return the factors of a layer with 16 inputs and 24 outputs."""
    return pair((rank, 16), (24, rank))


def test_a_layer_has_the_configured_rank() -> None:
    found = [rank for rank in (15, 16, 19, 20, 21, 24) if ranks(linear(rank), 20)]
    assert found == [20]


def test_a_decomposition_gives_no_more_than_the_size_of_a_layer() -> None:
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
def test_both_ranks_will_do_where_the_decomposition_is_not_known(line: str) -> None:
    assert [rank for rank in (15, 16, 17, 20, 24) if ranks(linear(rank), 20, line)] == [16, 20]


def test_transposed_factors_have_the_rank_where_their_layer_has_its_size() -> None:
    found = subject(ALONE)
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
    assert not is_transposed(pair((16, 4), (4, 24), "lm_head"), found)  # of which no rank is known


def test_what_is_narrower_by_its_config_is_not_transposed() -> None:
    blocks = config(use_bdlora={"nblocks": 4, "match_strict": False})
    assert not is_transposed(pair((16, 4), (4, 24), Q), subject(ALONE, blocks))
    stack = config(target_modules=[], target_parameters=["q_proj.weight"])
    assert not is_transposed(pair((16, 4), (4, 24), Q), subject(ALONE, stack))


def stacks() -> Copy:
    """Return an adapter of a base with 4 experts: rank 2, 16 inputs and 40 outputs."""
    return sound_experts({"r": 2, "target_modules": [], "target_parameters": ["gate_up_proj"]})[0]


def turned(a_shape: Shape, b_shape: Shape, *, with_base: bool, others: int = 0) -> int:
    """Return how many stacks of an adapter are found to be turned; all have these shapes."""
    copy, (_, base) = stacks(), sound_experts({})
    copy.reshape("lora_A", lambda _: a_shape)
    copy.reshape("lora_B", lambda _: b_shape)
    seen = subject_on(copy.written(), base if with_base else None)
    return len(transposed_stacks(seen, [linear(4)] * others))


def test_turned_stacks_have_the_shapes_of_the_plan_the_other_way_round() -> None:
    shapes = {name.rpartition("lora_")[2]: t.shape for name, t in stacks().tensors.items()}
    assert shapes == {"A.weight": (8, 16), "B.weight": (40, 8)}
    assert turned((16, 8), (8, 40), with_base=True) == 2
    assert turned((8, 16), (40, 8), with_base=True) == 0
    for size in (39, 44):
        assert turned((16, 8), (8, size), with_base=True) == 0
    for size in (15, 20):
        assert turned((size, 8), (8, 40), with_base=True) == 0


def test_without_a_base_stacks_are_turned_if_other_layers_are() -> None:
    assert turned((16, 8), (8, 40), with_base=False) == 0
    assert turned((16, 8), (8, 40), with_base=False, others=1) == 2
    assert turned((16, 7), (8, 40), with_base=False, others=1) == 0
    assert turned((16, 9), (8, 40), with_base=False, others=1) == 0
    assert turned((8, 8), (8, 8), with_base=False, others=1) == 0  # they agree as they are


def test_only_stacks_are_turned_stacks() -> None:
    found = subject("reshape lora_A -> [16, 4]", "reshape lora_B -> [4, 24]")
    assert transposed_stacks(found, [linear(4)]) == []


def test_a_layer_whose_sizes_differ_tells_how_factors_lie() -> None:
    found = subject(made_with(target_modules=["q_proj", "k_proj"]), 'base {"heads": 2}')
    q, k = Q, Q.replace("q_proj", "k_proj")
    assert found.plan
    sizes = {path: found.plan.shapes[f"base_model.model.{path}.lora_B.weight"] for path in (q, k)}
    assert sizes == {q: (12, 4), k: (12, 4)}
    exchanged, other = pair((12, 4), (4, 16), q), pair((12, 4), (4, 16), k)
    transposed, unfit = pair((16, 4), (4, 12), k), pair((16, 4), (4, 13), k)
    assert orientation([exchanged, other], found) == "swapped"
    assert orientation([transposed], found) == "turned"
    assert orientation([exchanged, transposed], found) is None
    assert orientation([transposed, unfit], found) is None
    assert orientation([unfit, transposed], found) is None
    assert orientation([unfit, exchanged], found) is None
    assert orientation([transposed], subject(ALONE)) is None


def test_a_square_layer_does_not_tell_how_factors_lie() -> None:
    found = subject(made_with(target_modules=["q_proj"]), 'base {"head_dim": 4}')
    square = pair((16, 4), (4, 16), Q)
    assert orientation([square], found) is None
    wide = pair((16, 4), (4, 24), Q.replace("0", "1"))
    both = subject(made_with(target_modules=["q_proj"]))
    assert orientation([wide], both) == "turned"


def test_factors_are_pairs_of_two_dimensions_or_more() -> None:
    lines = (
        "reshape layers.0.*q_proj.lora_A -> [4]",
        "reshape layers.0.*v_proj.lora_B -> [12]",
        "reshape layers.1.*q_proj.lora_A -> [4, 16, 1]",
    )
    found = {one.module: (one.a_shape, one.b_shape) for one in factors(subject(*lines, ALONE))}
    assert found == {
        "model.layers.1.self_attn.q_proj": ((4, 16, 1), (24, 4)),
        "model.layers.1.self_attn.v_proj": ((4, 16), (12, 4)),
    }


def test_all_pairs_of_a_kind_that_fails_are_returned_in_order() -> None:
    found = pairs_where(lambda one, _: one.b_shape[0] == 12, subject(ALONE))
    assert [one.module for one in found] == [
        "model.layers.0.self_attn.v_proj",
        "model.layers.1.self_attn.v_proj",
    ]
    assert pairs_where(lambda one, _: one.b_shape[0] == 13, subject(ALONE)) == []


def test_parameters_that_are_targets_have_a_stack_of_factors() -> None:
    copy, base = sound_experts({"r": 2, "target_modules": "all-linear"})
    found = subject_on(copy.written(), base)
    assert is_stack(found, EXPERTS)  # which the plan takes for a parameter
    assert not is_stack(found, Q)
    assert not is_stack(found, "model.layers.0.mlp")
    assert not is_stack(subject(config(target_modules="all-linear")), EXPERTS)  # which has none


def test_without_a_base_the_config_tells_what_may_be_a_stack() -> None:
    every = subject(ALONE, config(target_modules="all-linear"))
    assert is_stack(every, EXPERTS)
    assert not is_stack(every, Q)
    plain = subject(ALONE)
    assert not is_stack(plain, EXPERTS)
    assert not is_stack(plain, Q)
    named = subject(ALONE, config(target_parameters=["experts.gate_up_proj"]))
    assert is_stack(named, EXPERTS)
    assert not is_stack(named, Q)  # `target_modules` selects it
    assert is_stack(named, "lm_head")  # nothing else does
    assert is_stack(planned(named, selection=None), Q)
    both = subject(ALONE, config(target_parameters=["q_proj.weight"]))
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
def test_a_grouped_convolution_of_two_factors_is_merged(code: str, lines: tuple[str, ...]) -> None:
    assert "".join(codes(*lines)) == code


def test_a_merged_layer_is_shown_by_the_first() -> None:
    first, second = "reshape q_proj.lora_B -> [16, 4, 1]", "reshape v_proj.lora_B -> [12, 4, 1]"
    (found,) = judged(*FUSED, first, second).diagnostics
    assert found.code == "LC509"
    assert found.location.tensor == f"base_model.model.{Q}.lora_B.weight"
    assert found.message.endswith("B is `(16, 4, 1)`")
    assert found.count == 8
