from __future__ import annotations

from typing import Any, Final

import pytest

from loracfg.base.catalogue import lookup
from loracfg.base.from_library.built import build
from loracfg.base.vocabulary import vocabulary_size, vocabulary_size_in

TEXT: Final = {
    "vocab_size": 99,
    "hidden_size": 16,
    "intermediate_size": 24,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "num_key_value_heads": 1,
    "head_dim": 8,
}
GEMMA: Final = {
    "model_type": "gemma3",
    "text_config": {"model_type": "gemma3_text", **TEXT},
    "vision_config": {
        "model_type": "siglip_vision_model",
        "hidden_size": 16,
        "intermediate_size": 24,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "image_size": 28,
        "patch_size": 14,
    },
    "mm_tokens_per_image": 4,
}


@pytest.mark.parametrize(
    ("config", "size"),
    [
        ({"vocab_size": 7, "text_config": {"vocab_size": 9}}, 7),
        ({"text_config": {"vocab_size": 9}}, 9),
        ({"vocab_size": None, "text_config": {"vocab_size": 9}}, 9),
        ({"vocab_size": True, "text_config": None}, None),
        ({"text_config": [9]}, None),
        ({}, None),
    ],
)
def test_in_files(config: dict[str, Any], size: int | None) -> None:
    assert vocabulary_size_in(config) == size


def test_of_plain_models() -> None:
    assert vocabulary_size(None) is None


def test_of_text_models_inside() -> None:
    """Gemma 3 keeps the size in `text_config`: catalogue and transformers read it from there."""
    name = "Gemma3ForConditionalGeneration"
    ours, theirs = lookup.build(GEMMA, name), build(GEMMA, name)
    assert ours.vocab_size == theirs.vocab_size == 99
