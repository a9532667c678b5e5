"""Weights that several modules share, in files of PEFT before 0.6 that have only some of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from loracfg.analysis.subject import Subject
from loracfg.analysis.tied_weights import SharedWeight, trained_in_place
from tests.rules.subjects import config, made_with, on_base, planned, subject

EMBEDDING = "model.embed_tokens"
FIELDS = {
    "peft_type": "LORA",
    "task_type": "CAUSAL_LM",
    "r": 4,
    "lora_alpha": 8,
    "target_modules": ["q_proj", "v_proj"],
    "revision": None,
    "bias": "none",
    "fan_in_fan_out": False,
    "inference_mode": True,
    "lora_dropout": 0.0,
    "init_lora_weights": True,
    "layers_pattern": None,
    "layers_to_transform": None,
    "auto_mapping": None,
    "base_model_name_or_path": "example/llama",
}
"""The config that PEFT 0.4 and 0.5 write."""


def saved(*names: str, is_old: bool = True, tied: bool = True) -> Subject:
    made = made_with(modules_to_save=names)
    old = ("config none", config(**FIELDS, modules_to_save=names)) if is_old else ()
    return subject(made, *old, f'base {{"tied": {str(tied).lower()}}}')


@pytest.mark.parametrize(
    ("adapter", "shared"),
    [
        (saved("embed_tokens"), SharedWeight([EMBEDDING], ["lm_head"])),
        (saved("lm_head"), SharedWeight(["lm_head"], [EMBEDDING])),
        (saved("embed_tokens", "lm_head"), None),
        (saved("norm"), None),
        (saved("embed_tokens", tied=False), None),
        (saved("embed_tokens", is_old=False), None),
        (subject("base none"), None),
    ],
)
def test_a_tied_weight_was_trained_in_the_base_too(
    adapter: Subject, shared: SharedWeight | None
) -> None:
    assert trained_in_place(adapter) == shared
    assert trained_in_place(on_base(adapter, certain=False)) is None


def on(adapter: Subject, **others: object) -> Subject:
    """Return the same adapter on a different base."""
    assert adapter.plan
    base = replace(adapter.plan.base, **others)  # type: ignore[arg-type]  # any field of it
    return planned(adapter, plan=replace(adapter.plan, base=base))


def test_modules_under_several_paths_share_a_weight() -> None:
    alone = saved("embed_tokens", tied=False)
    aliases = {"encoder.embed": EMBEDDING, "encoder.norm": "model.norm"}
    assert trained_in_place(on(alone, aliases=aliases)) == SharedWeight(
        [EMBEDDING], ["encoder.embed"]
    )
    others = {"encoder.norm": "model.norm", "encoder.head": "lm_head"}
    assert trained_in_place(on(alone, aliases=others)) is None
    assert trained_in_place(on(saved("embed_tokens"), input_embeddings=None)) is None
