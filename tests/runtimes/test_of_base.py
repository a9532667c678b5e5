"""What engines see of an adapter together with its base, each with what comes near to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import pytest

from loracfg.base.architecture import Kind, Module
from loracfg.runtimes import of_base
from loracfg.runtimes.served import ServedAdapter
from tests.runtimes.making import NO_BASE, experts, pair, pairs, saved, served, with_modules

Q, V = (f"model.layers.{{}}.self_attn.{name}_proj" for name in "qv")
VISION: Final = 'base {"vision": 2}'
CHOSEN: Final = 'config {"layers_to_transform": [0, 1]}'
Test = Callable[[ServedAdapter], object]

LAYERS: Final = [
    ((), False),
    (("drop layers.1",), True),
    (("drop layers.0.*q_proj",), True),
    (pairs("lm_head", "model.norm"), False),
    ((*pairs(Q.format(0), Q.format(1)), 'base {"layers": 3}'), True),
    (pairs(Q.format(0), Q.format(1), Q.format(2)), False),
    (pairs("transformer.h.0.attn"), False),  # the base has no such module
    ((NO_BASE,), False),
    ((NO_BASE, CHOSEN), None),
    ((NO_BASE, "config text {"), False),
    ((NO_BASE, *pairs("lm_head")), False),
    ((NO_BASE, *pairs(Q.format(0))), False),
    ((NO_BASE, *pairs(Q.format(1))), None),
    ((NO_BASE, *pairs(Q.format(0), Q.format(2))), None),
    ((NO_BASE, *pairs(Q.format(0), Q.format(1), V.format(0))), None),
]
VOCABULARY: Final = [
    ((), False),
    ((saved("lm_head.weight", 32, 16),), False),
    ((saved("lm_head.weight", 31, 16),), True),
    ((saved("model.embed_tokens.weight", 33, 16),), True),
    ((saved("lm_head.weight", 32, 16), saved("model.embed_tokens.weight", 33, 16)), True),
    ((saved("lm_head.weight", 33),), False),
    ((saved("lm_head.weight", 33, 16, 1),), False),
    ((saved("lm_head.bias", 33, 1),), False),
    ((saved("model.norm.weight", 33, 16),), False),
    ((saved("lm_head.weight", 33, 16), NO_BASE), False),
    ((*pair("lm_head", 32),), False),
    ((*pair("lm_head", 33),), True),
    (
        (
            saved("model.embed_tokens.lora_embedding_A", 4, 33),
            saved("model.embed_tokens.lora_embedding_B", 16, 4),
        ),
        True,
    ),
    (("reshape q_proj.lora_B -> [32, 4]",), False),
    (("reshape q_proj.lora_B -> [32, 4]", *pair("lm_head", 33)), True),
]
HEADS: Final = [
    (of_base.has_own_head, (), True),
    (of_base.has_own_head, ('base {"tied": true}',), False),
    (of_base.has_own_head, (NO_BASE,), None),
    (of_base.is_tied, (), False),
    (of_base.is_tied, ('base {"tied": true}',), True),
    (of_base.is_tied, (NO_BASE,), None),
    (of_base.lacks_saved_head, (), False),
    (of_base.lacks_saved_head, (NO_BASE,), False),
    (of_base.lacks_saved_head, (NO_BASE, saved("score.weight", 2, 16)), None),
    (of_base.lacks_saved_head, (saved("score.weight", 2, 16),), True),
    (of_base.lacks_saved_head, (saved("score.weight", 2, 16), 'base {"labels": 2}'), False),
    (
        of_base.lacks_saved_head,
        (
            saved("score.weight", 2, 16),
            saved("classifier.weight", 2, 16),
            'base {"labels": 2}',
        ),
        True,
    ),
    (of_base.has_more_labels, (NO_BASE,), False),
    (of_base.has_more_labels, (NO_BASE, saved("score.weight", 2, 16)), None),
    (of_base.has_more_labels, (saved("score.weight", 2, 16),), False),
    (of_base.has_more_labels, (saved("score.weight", 3, 16), 'base {"labels": 3}'), False),
    (of_base.has_more_labels, (saved("score.weight", 4, 16), 'base {"labels": 3}'), True),
    (of_base.has_more_labels, (saved("score.weight", 17, 16), 'base {"labels": 18}'), False),
    (
        of_base.has_more_labels,
        (
            saved("score.weight", 4, 16),
            saved("classifier.weight", 2, 16),
            'base {"labels": 3}',
        ),
        True,
    ),
]
EXPERTS_AND_TOWERS: Final = [
    (of_base.has_experts, (), False),
    (of_base.has_experts, (NO_BASE,), None),
    (of_base.has_experts, ('base {"experts": 2}',), True),
    (of_base.shares_values, (), False),
    (of_base.shares_values, (NO_BASE,), False),
    (of_base.shares_values, pairs("model.layers.7.self_attn.q_proj"), False),
    (of_base.shares_values, (VISION, *pairs("vision_tower.layers.0.self_attn.q_proj")), True),
    (of_base.shares_values, (VISION, *pair("vision_tower.layers.0.self_attn.q_proj")), True),
    (of_base.shares_values, (VISION, *pairs("vision_tower")), False),
    (of_base.adapts_towers, (), False),
    (of_base.adapts_towers, (NO_BASE,), False),
    (of_base.adapts_towers, (NO_BASE, *pair("vision_tower.x")), None),
    (of_base.adapts_towers, (VISION,), False),
    (of_base.adapts_towers, (VISION, *pair("vision_tower.layers.0.self_attn.q_proj")), True),
    (of_base.adapts_towers, (VISION, *pair("projector")), True),
    (
        of_base.adapts_towers,
        (
            'base {"vision": 2, "renames": [["old", "projector"]]}',
            *pair("old"),
        ),
        True,
    ),
    (of_base.adapts_towers, (NO_BASE, *experts(0)), False),
]
TOKENS: Final = [
    (of_base.has_tokens, (), False),
    (of_base.has_tokens, ("file tokenizer_config.json {}",), False),
    (of_base.has_tokens, ("file added_tokens.json {}",), False),
    (of_base.has_tokens, ('file added_tokens.json {"<a>": 0}',), True),
    (of_base.has_tokens, ("file added_tokens.json x",), None),
    (of_base.has_tokens, ("file added_tokens.json x", "file tokenizer_config.json {}"), None),
    (of_base.adds_tokens, (), False),
    (of_base.adds_tokens, ("file added_tokens.json {}",), False),
    (of_base.adds_tokens, ("file added_tokens.json x",), None),
    (of_base.adds_tokens, ('file added_tokens.json {"<a>": 31}',), False),
    (of_base.adds_tokens, ('file added_tokens.json {"<a>": 32}',), True),
    (of_base.adds_tokens, ('file added_tokens.json {"<a>": 32}', NO_BASE), None),
]


def test_layers_without_factors() -> None:
    for lines, expected in LAYERS:
        assert of_base.lacks_layers(served(*lines)) is expected, lines


def test_rows_of_embeddings_and_the_head() -> None:
    for lines, expected in VOCABULARY:
        assert of_base.has_other_vocabulary(served(*lines)) is expected, lines


@pytest.mark.parametrize("table", [HEADS, EXPERTS_AND_TOWERS, TOKENS])
def test_features_of_adapter_and_base(
    table: list[tuple[Test, tuple[str, ...], bool | None]],
) -> None:
    for test, lines, expected in table:
        assert test(served(*lines)) is expected, lines


def test_uncertain_base_proves_nothing() -> None:
    found = replace(served(saved("score.weight", 2, 16)), certain=False)
    assert of_base.lacks_saved_head(found) is None
    assert of_base.lacks_saved_head(replace(served(), certain=False)) is False


def test_base_with_unknown_vocabulary() -> None:
    head = served(saved("lm_head.weight", 33, 16))
    assert of_base.has_other_vocabulary(with_modules(head, vocab_size=None)) is False


def test_head_that_is_not_a_layer_has_no_labels() -> None:
    head = Module("classifier", Kind.OTHER, "RobertaClassificationHead")
    found = with_modules(served(saved("classifier.weight", 2, 16)), head)
    assert of_base.has_more_labels(found) is False


def test_base_without_a_head() -> None:
    found = served()
    assert found.base
    modules = {path: one for path, one in found.base.modules.items() if path != "lm_head"}
    assert of_base.has_own_head(replace(found, base=replace(found.base, modules=modules))) is False


TRANSPOSED: Final = [
    ((), False, False),
    (((16, 48),), False, True),
    (((48, 16),), False, True),
    (((16, 16),), True, False),
    (((16, 16), (16, 48)), True, True),
]


def test_transposed_layers() -> None:
    for shapes, square, others in TRANSPOSED:
        paths = [f"h.{number}.c_attn" for number in range(len(shapes))]
        layers = [
            Module(path, Kind.CONV1D_GPT2, "Conv1D", {"weight": shape})
            for path, shape in zip(paths, shapes, strict=True)
        ]
        adapter = served(*(line for path in paths for line in pair(path)), *pair("nowhere"))
        found = with_modules(adapter, *layers)
        assert of_base.adapts_transposed(square=True)(found) is square, shapes
        assert of_base.adapts_transposed(square=False)(found) is others, shapes
        assert of_base.adapts_transposed(square=False)(replace(found, base=None)) is False, shapes
