"""Settings for generation: transformers rejects some when it creates a model that generates."""

from __future__ import annotations

from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loracfg.base.catalogue import lookup
from loracfg.base.class_builder import CannotBuildError
from tests.base.law import BAD, compare

SMALL: Final = {
    "model_type": "llama",
    "hidden_size": 8,
    "intermediate_size": 8,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "vocab_size": 8,
}
REFUSED: Final[list[dict[str, Any]]] = [
    {"num_return_sequences": 2},
    {"num_return_sequences": 3, "num_beams": 2},
    {"num_return_sequences": 3, "num_beams": 2, "do_sample": True},
    {"num_return_sequences": "2", "num_beams": 2},
    {"num_return_sequences": 0},
    {"early_stopping": "always"},
    {"early_stopping": []},
    {"max_new_tokens": 0},
    {"max_new_tokens": "8"},
    {"cache_implementation": "none"},
    {"compile_config": {}},
]
TAKEN: Final[list[dict[str, Any]]] = [
    {"num_return_sequences": 2, "num_beams": 2},
    {"num_return_sequences": 2, "do_sample": True},
    {"num_return_sequences": 2, "do_sample": 0},
    {"num_return_sequences": None, "num_beams": None},
    {"num_return_sequences": 1, "num_beams": "x"},
    {"early_stopping": "never", "max_new_tokens": 1, "cache_implementation": "hybrid"},
    {"early_stopping": 1.0},
    {"temperature": "hot", "top_k": [], "compile_config": None, "watermarking_config": None},
]
REFUSED_BY_5: Final[list[dict[str, Any]]] = [
    {"max_new_tokens": 0},
    {"max_new_tokens": "8"},
    {"cache_implementation": "dynamic_full"},
    {"compile_config": {}},
    {"assistant_ensemble_weight": 1.0},
]
TAKEN_BY_5: Final[list[dict[str, Any]]] = [
    {"num_return_sequences": 2},
    {"early_stopping": "always"},
    {"cache_implementation": "paged"},
    {"assistant_ensemble_weight": 0.5},
]
VALUE: Final[st.SearchStrategy[Any]] = st.sampled_from(
    [None, True, False, 0, 1, 2, 3, 0.5, -1, "never", "static", "paged", [], {}]
)
SETTINGS: Final = st.dictionaries(
    st.sampled_from(
        [
            *("num_return_sequences", "num_beams", "do_sample", "early_stopping"),
            *("max_new_tokens", "cache_implementation", "compile_config", "temperature"),
            *("assistant_ensemble_weight", "suppress_tokens", "forced_eos_token_id"),
        ]
    ),
    VALUE,
    max_size=4,
)


@pytest.mark.parametrize(
    ("layout", "chosen"),
    [*(("4", one) for one in REFUSED), *(("5", one) for one in REFUSED_BY_5)],
    ids=str,
)
def test_what_is_refused(layout: str, chosen: dict[str, Any]) -> None:
    config = SMALL | chosen
    with pytest.raises(CannotBuildError, match="rejects this config"):
        lookup.build(config, "LlamaForCausalLM", layout)
    assert lookup.build(config, "LlamaModel", layout).modules, "it does not generate"


@pytest.mark.parametrize(
    ("layout", "chosen"),
    [*(("4", one) for one in TAKEN), *(("5", one) for one in TAKEN_BY_5)],
    ids=str,
)
def test_what_is_taken(layout: str, chosen: dict[str, Any]) -> None:
    assert lookup.build(SMALL | chosen, "LlamaForCausalLM", layout).modules


def test_a_watermark_is_declined() -> None:
    with pytest.raises(CannotBuildError, match="watermarking_config"):
        lookup.build({**SMALL, "watermarking_config": {}}, "LlamaForCausalLM", "4")


@pytest.mark.parametrize("tokens", [None, [], [1, 2], [[1]]])
def test_suppressed_tokens_are_compared_with_the_library(tokens: list[Any] | None) -> None:
    config = {"model_type": "whisper", "d_model": 8, "encoder_layers": 1, "decoder_layers": 1}
    config |= {"encoder_attention_heads": 2, "decoder_attention_heads": 2, "vocab_size": 60000}
    config["suppress_tokens"] = tokens
    result, why = compare(config, "WhisperForConditionalGeneration")
    assert result in ("equal", "refused"), why


@given(SETTINGS)
@settings(deadline=None, max_examples=50)
def test_the_library_agrees(drawn: dict[str, Any]) -> None:
    result, why = compare(SMALL | drawn, "LlamaForCausalLM")
    assert result not in BAD, why
    assert result != "declined", why
