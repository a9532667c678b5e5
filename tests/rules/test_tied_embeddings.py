"""Adapters on one of the layers that share the weight of the input embedding."""

from __future__ import annotations

from dataclasses import replace

import pytest

from loracfg.rules.base.lc619_tied_embedding import check
from loracfg.testing.building.examples import build
from loracfg.testing.building.judging import codes, judged
from tests.rules.subjects import config, made_with, subject_on

TIED = 'base {"tied": true}'
OLD = {
    "peft_type": "LORA",
    "task_type": "CAUSAL_LM",
    "base_model_name_or_path": "example/llama",
    "auto_mapping": None,
    "revision": None,
    "r": 4,
    "lora_alpha": 8,
    "lora_dropout": 0.0,
    "bias": "none",
    "fan_in_fan_out": False,
    "inference_mode": True,
    "init_lora_weights": True,
    "layers_to_transform": None,
    "layers_pattern": None,
    "target_modules": ["q_proj", "v_proj"],
    "modules_to_save": ["embed_tokens"],
}
"""What PEFT 0.5 writes."""


@pytest.mark.parametrize(
    ("fields", "place", "changed", "count"),
    [
        (
            {"modules_to_save": ["lm_head"]},
            "modules_to_save",
            "`lm_head`, whose weight is tied to `model.embed_tokens`",
            1,
        ),
        (
            {"target_modules": ["q_proj", "embed_tokens"]},
            "target_modules",
            "`model.embed_tokens`, whose weight is tied to `lm_head`",
            1,
        ),
        (
            {"modules_to_save": ["lm_head", "embed_tokens"]},
            "modules_to_save",
            "`lm_head` and `model.embed_tokens`, whose weight is tied in the base",
            2,
        ),
    ],
)
def test_changed_ends_of_a_tie(
    fields: dict[str, list[str]], place: str, changed: str, count: int
) -> None:
    (found,) = (d for d in judged(TIED, made_with(**fields)).diagnostics if d.code == "LC619")
    assert found.message == f"the adapter changes {changed}"
    assert (found.location.pointer, found.count) == (f"/{place}", count)
    assert found.help == "keep the adapter unmerged, or train with `ensure_weight_tying`"


@pytest.mark.parametrize(
    "lines",
    [
        (TIED,),
        (TIED, made_with(modules_to_save=["lm_head"], ensure_weight_tying=True)),
        (TIED, made_with(trainable_token_indices=[1])),
        (made_with(modules_to_save=["embed_tokens"]),),
        (TIED, made_with(modules_to_save=["lm_head"]), "base none"),
    ],
)
def test_nothing_is_found_if_tied_layers_stay_equal(lines: tuple[str, ...]) -> None:
    assert not {"LC619", "LC637", "LC901"} & set(codes(*lines))


def test_a_weight_that_was_trained_in_place_is_one_finding() -> None:
    made = made_with(modules_to_save=["embed_tokens"])
    (found,) = judged(TIED, made, "config none", config(**OLD)).diagnostics
    assert found.code == "LC637"
    assert found.message == (
        "PEFT before 0.6 saved `model.embed_tokens`, but also trained the weight of `lm_head`, "
        "which is not in the file"
    )
    assert found.location.pointer == "/modules_to_save"


def test_a_tie_to_an_embedding_that_is_not_known() -> None:
    files, base = build((TIED, made_with(modules_to_save=["lm_head"])))
    assert base is not None
    (found,) = check(subject_on(files, replace(base, input_embeddings=None)))
    assert found.message == "the adapter changes `lm_head`, whose weight is tied in the base"
