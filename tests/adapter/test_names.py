"""The fast parser of tensor names gives the same result as the grammar."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loracfg.adapter.tensor_names import PREFIX, Part, parse_by_grammar, parse_name

STEPS = st.sampled_from(
    [
        "lora_A",
        "lora_B",
        "weight",
        "bias",
        "default",
        "base_layer",
        "q_proj",
        "lora_",
        "lora_embedding_A",
        "lora_magnitude_vector",
        "lora_monteclora_sampler",
        "token_adapter",
        "trainable_tokens_delta",
        "token_adapter_",
        "model",
        "\n",
        "",
        "0",
    ]
)
NAMES = st.lists(STEPS, max_size=7).map(".".join)
ENDS = st.sampled_from(["", ".lora_A.weight", ".lora_B.weight"])


@given(st.sampled_from(["", PREFIX, PREFIX * 2]), NAMES, ENDS)
def test_both_ways_give_the_same(prefix: str, middle: str, end: str) -> None:
    name = prefix + middle + end
    assert parse_name(name) == parse_by_grammar(name, PREFIX if prefix else "")


@pytest.mark.parametrize(
    ("name", "path", "part"),
    [
        ("base_model.model.q.lora_A.weight", "q", Part.A),
        ("base_model.model.q.lora_A.lora_B.weight", "q", Part.A),
        ("base_model.model.lora_A.weight", "lora_A", Part.BASE),
        ("base_model.model.q.lora_B.default.weight", "q", Part.B),
    ],
)
def test_names(name: str, path: str, part: Part) -> None:
    found = parse_name(name)
    assert (found.prefix, found.path, found.part) == (PREFIX, path, part)
