"""Empty or flat tensors, saved by a sharded run without being gathered."""

from __future__ import annotations

import pytest

from loracfg.rules.tensors import lc508_flattened_factor
from loracfg.rules.weights import lc421_empty_tensors
from tests.rules.subjects import made_with, subject

DORA = made_with(use_dora=True)
NORM = "tensor base_model.model.model.norm.weight F32 [16]"
Q = "base_model.model.model.layers.{}.self_attn.q_proj.lora_{}"


@pytest.mark.parametrize(
    ("lines", "count"),
    [
        ((DORA, NORM), 0),
        (("reshape lora_A -> [64]",), 4),
        (("reshape lora_A -> []",), 4),
        (("reshape lora_A -> [64]", "reshape lora_B -> [96]", NORM), 8),
        ((DORA, "reshape q_proj.lora_A -> [64]"), 2),  # magnitudes are vectors
        (("reshape q_proj.lora_A -> [4, 16, 1]",), 0),
        ((made_with(target_modules=["embed_tokens"]), "reshape lora_embedding -> [64]"), 2),
        (("drop .", NORM), 0),
    ],
)
def test_factors_with_fewer_than_two_dimensions(lines: tuple[str, ...], count: int) -> None:
    adapter = subject(*lines)
    found = list(lc508_flattened_factor.check(adapter))
    assert [one.count for one in found] == ([count] if count else [])
    assert all(len(one.explains) == count for one in found)
    assert (
        list(lc508_flattened_factor.check(adapter.with_explained(frozenset(adapter.adapter.names))))
        == []
    )


@pytest.mark.parametrize(
    ("lines", "count", "explained"),
    [
        ((DORA,), 0, ()),
        (("reshape q_proj.lora_B -> [0]",), 2, ("A.weight", "B.weight")),
        (("reshape q_proj.lora_B -> [24, 0]",), 2, ("A.weight", "B.weight")),
        (("reshape q_proj.lora_. -> [0]",), 4, ("A.weight", "B.weight")),
        (
            (DORA, "reshape q_proj.lora_magnitude -> [0]"),
            2,
            ("A.weight", "B.weight", "magnitude_vector"),
        ),
    ],
)
def test_empty_tensors_explain_their_layers(
    lines: tuple[str, ...], count: int, explained: tuple[str, ...]
) -> None:
    adapter = subject(*lines)
    found = list(lc421_empty_tensors.check(adapter))
    assert [one.count for one in found] == ([count] if count else [])
    names = {Q.format(layer, end) for layer in (0, 1) for end in explained}
    assert all(one.explains == names for one in found)
    assert all(one.location.tensor in names for one in found)
    assert list(lc421_empty_tensors.check(adapter.with_explained(frozenset(names)))) == []


def test_an_empty_tensor_outside_layers_explains_only_itself() -> None:
    (found,) = lc421_empty_tensors.check(subject(NORM.replace("16", "0, 16")))
    assert found.explains == {"base_model.model.model.norm.weight"}


def test_all_tensors_may_be_empty() -> None:
    (found,) = lc421_empty_tensors.check(subject("reshape . -> [0]"))
    assert found.count == 8


def test_the_first_tensor_is_shown() -> None:
    first = Q.format(0, "A.weight")
    pieces = ("reshape 0.self_attn.q_proj.lora_A -> [64]", "reshape 1.self_attn.q_proj -> [32]")
    (flat,) = lc508_flattened_factor.check(subject(*pieces))
    assert flat.location.tensor == first
    assert "the shape is `(64,)`" in flat.message
    empty = ("reshape 0.self_attn.q_proj.lora_A -> [0]", "reshape 1.self_attn.q_proj -> [0, 2]")
    (found,) = lc421_empty_tensors.check(subject(*empty))
    assert found.location.tensor == first
    assert "the shape is `(0,)`" in found.message
