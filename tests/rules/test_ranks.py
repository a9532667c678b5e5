"""Layers with a different rank than the config gives them."""

from __future__ import annotations

import pytest

from loracfg.adapter.header.tensor import Shape
from loracfg.analysis.other_ranks import is_merged_config, mismatched_ranks
from loracfg.config import CONFIG_NAME
from loracfg.report.report import Diagnostic, Edit
from loracfg.rules.tensors.lc503_rank_mismatch import _Cause, _stacked_factors
from loracfg.testing.building.judging import judged
from tests.repair.single import repaired
from tests.rules.subjects import config, made_with, subject, subject_on
from tests.rules.test_one_cause import codes, sound_experts

V = "base_model.model.model.layers.0.self_attn.v_proj"
RANKS = made_with(rank_pattern={"v_proj": 2})
TIED = made_with(target_modules=["embed_tokens"], ensure_weight_tying=True)


def of_ranks(*lines: str) -> list[Diagnostic]:
    return [one for one in judged(*lines).diagnostics if one.code == "LC503"]


@pytest.mark.parametrize(
    ("code", "lines", "message", "help_", "pointer"),
    [
        (
            "LC503",
            (config(r=8),),
            "`r` is `8`, but 4 layers have rank `4`",
            "set `r` to `4`",
            "/r",
        ),
        (
            "LC503",
            (RANKS, config(rank_pattern={})),
            "`r` is `4`, but 2 layers have rank `2`",
            "give these modules rank `2` in `rank_pattern`, and their alpha in `alpha_pattern` if "
            "it was not `8`",
            "/r",
        ),
        (
            "LC503",
            (RANKS, config(rank_pattern={}, lora_alpha=4)),
            "`r` is `4`, but 2 layers have rank `2`",
            "give these modules rank `2` in `rank_pattern` and alpha `2` in `alpha_pattern`, as "
            "for an adapter from `add_weighted_adapter`",
            "/r",
        ),
        (
            "LC503",
            (RANKS, config(rank_pattern={"v_proj": 3})),
            "`rank_pattern[v_proj]` is `3`, but 2 layers have rank `2`",
            "set `rank_pattern[v_proj]` to `2`",
            "/rank_pattern/v_proj",
        ),
        (
            "LC503",
            (RANKS, config(rank_pattern={"v_proj": 3}), "drop q_proj"),
            "`rank_pattern[v_proj]` is `3`, but 2 layers have rank `2`",
            "set `rank_pattern[v_proj]` to `2`",
            "/rank_pattern/v_proj",
        ),
        (
            "LC503",
            (
                made_with(r=1, rank_pattern={"layers.0.self_attn.v_proj": 2}),
                config(rank_pattern={}),
            ),
            "`r` is `1`, but 1 layer has rank `2`",
            "give these modules rank `2` in `rank_pattern`, and their alpha in `alpha_pattern` if "
            "it was not `8`",
            "/r",
        ),
    ],
)
def test_a_different_rank_is_reported_at_the_config_value(
    code: str, lines: tuple[str, ...], message: str, help_: str, pointer: str
) -> None:
    (found,) = of_ranks(*lines, "base none")
    assert found.code == code
    assert (found.message, found.help, found.location.pointer) == (message, help_, pointer)
    # there is an edit of the config if it repairs everything
    edits = [(edit.pointer, edit.value) for edit in found.fix.edits] if found.fix else []
    is_edit = help_.startswith("set ")
    assert bool(edits) == is_edit


def test_each_wrong_config_value_is_found() -> None:
    both = (RANKS, config(r=8, rank_pattern={"v_proj": 3}), "base none")
    first, second = of_ranks(*both)
    assert (first.location.pointer, first.count) == ("/r", 4)
    assert (second.location.pointer, second.count) == ("/rank_pattern/v_proj", 4)
    assert first.help.startswith("give these modules rank `4`")  # not all layers do
    assert second.help == "set `rank_pattern[v_proj]` to `2`"
    (related,) = second.related
    assert related.location.tensor == f"{V}.lora_A.weight"
    assert related.message == "this factor has shape `(2, 16)`"


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("LC105", (config(r=-1),)),  # which is not a rank
        ("LC511", ("reshape q_proj.lora_B -> [24, 2]",)),  # nor has a pair with unequal ranks
        ("LC510", ("reshape lora_A -> [16, 4]", "reshape lora_B -> [4, 16]", "drop v_proj")),
    ],
)
def test_other_faults_are_not_a_rank_mismatch(code: str, lines: tuple[str, ...]) -> None:
    found = [one.code for one in judged(*lines, "base none").diagnostics]
    assert found == [code]


def test_stacks_have_a_rank_for_each_expert() -> None:
    for wrong in (1, 3):
        copy, base = sound_experts({"r": 2, "target_modules": "all-linear"})
        copy.config["r"] = wrong
        assert codes(copy, base) == ["LC503"]
        assert not any(
            "experts" in p.module for p in mismatched_ranks(subject_on(copy.written(), base))
        )


def stacks(shape: Shape, configured: int) -> int:
    """Return how many factors of stacks are off by the ratio of 2 to the configured rank."""
    copy, base = sound_experts({"r": 2, "target_modules": "all-linear"})
    copy.config["r"] = configured
    copy.reshape(r"experts\.base_layer\.lora_A", lambda _: shape)
    found = _stacked_factors(subject_on(copy.written(), base), _Cause(None, configured, 2))
    return sum("experts.base_layer.lora_A" in name for name in found)


def test_stacks_are_off_by_the_same_ratio_as_the_rank() -> None:
    assert stacks((16, 16), 3) == stacks((16, 16), 1) == 2
    for shape in ((17, 16), (15, 16), (16, 17), (16, 15), (24, 16), (16, 16, 1), (16,)):
        assert stacks(shape, 3) == 0, shape


def test_other_layers_off_by_the_same_ratio_have_their_own_finding() -> None:
    both = (RANKS, config(r=8, rank_pattern={"v_proj": 4}))
    assert [one.count for one in of_ranks(*both)] == [4, 4]


def test_the_edit_of_a_rank_is_unsafe() -> None:
    change = repaired("LC503", config(r=8))
    assert change is not None
    assert change.edits == (Edit(CONFIG_NAME, "/r", 4),)
    assert not change.safe
    some = repaired("LC503", RANKS, config(rank_pattern={}))
    assert some is not None
    assert some.edits == ()  # `r` is right for other layers


def test_tied_layers_have_the_rank_of_the_embedding() -> None:
    head = [
        f"tensor base_model.model.lm_head.lora_{part} F32 {shape}"
        for part, shape in (("A.weight", "[6, 16]"), ("B.weight", "[32, 6]"))
    ]
    alone = (TIED, *head, "base none")
    assert len(mismatched_ranks(subject(*alone))) == 1
    above = ("reshape embedding_A -> [8, 32]", "reshape embedding_B -> [16, 8]", config(r=8))
    assert [p.module for p in mismatched_ranks(subject(*alone, *above))] == ["lm_head"]
    same = ("reshape embedding_A -> [6, 32]", "reshape embedding_B -> [16, 6]")
    assert [p.module for p in mismatched_ranks(subject(*alone, *same))] == []
    untied = config(ensure_weight_tying=False)
    assert len(mismatched_ranks(subject(*alone, *same, untied))) == 2
    # the rank of any of several embeddings is enough
    other = [
        f"tensor base_model.model.other.lora_embedding_{part} F32 {shape}"
        for part, shape in (("A", "[4, 32]"), ("B", "[16, 4]"))
    ]
    several = [p.module for p in mismatched_ranks(subject(*alone, *same, *other))]
    assert "lm_head" not in several


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("[6, 16]", "[32, 6]", []),
        ("[6, 17]", "[32, 6]", ["LC608"]),  # the same rank, but a different number of inputs
        ("[6, 16]", "[33, 6]", ["LC606"]),
        ("[4, 16]", "[32, 4]", ["LC608"]),
        ("[5, 16]", "[32, 5]", ["LC503"]),
        ("[7, 16]", "[32, 7]", ["LC503"]),
    ],
)
def test_a_tied_layer_of_a_base_has_the_planned_rank(a: str, b: str, expected: list[str]) -> None:
    made = made_with(
        target_modules=["embed_tokens"], ensure_weight_tying=True, rank_pattern={"embed_tokens": 6}
    )
    factors = zip(("A.weight", "B.weight"), (a, b), strict=True)
    head = [f"tensor base_model.model.lm_head.lora_{end} F32 {shape}" for end, shape in factors]
    found = [one.code for one in judged(made, 'base {"tied": true}', *head).diagnostics]
    assert [code for code in found if code != "LC630"] == expected


def test_a_tied_layer_may_have_its_rank_even_if_the_embedding_does_not() -> None:
    made = made_with(
        target_modules=["embed_tokens"], ensure_weight_tying=True, rank_pattern={"embed_tokens": 6}
    )
    head = [
        f"tensor base_model.model.lm_head.lora_{end} F32 {shape}"
        for end, shape in (("A.weight", "[6, 16]"), ("B.weight", "[32, 6]"))
    ]
    other = ("reshape embedding_A -> [5, 32]", "reshape embedding_B -> [16, 5]")
    found = mismatched_ranks(subject(made, 'base {"tied": true}', *head, *other))
    assert [one.module for one in found] == ["model.embed_tokens"]


def merged(**values: object) -> bool:
    return is_merged_config(subject(config(**{"r": 4, "lora_alpha": 4} | values), "base none"))


def test_the_config_of_a_merge_has_alpha_equal_to_r() -> None:
    assert merged()
    assert not merged(lora_alpha=5)
    assert not merged(lora_alpha=3)
    assert not merged(rank_pattern={"v_proj": 4})
    assert not merged(alpha_pattern={"v_proj": 4})
    assert not merged(use_rslora=True)
