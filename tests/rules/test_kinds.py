"""The kinds of things noted about an adapter, which decide what rules run."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from loracfg.adapter.directory import read_adapter
from loracfg.adapter.tensor_names import Part
from loracfg.analysis import noted as kinds
from loracfg.analysis.noted import changed, noted, tensor_of
from loracfg.testing.building.examples import build
from tests.rules.subjects import config, made_with, subject

Q = "base_model.model.model.layers.0.self_attn.q_proj"


def of(*lines: str) -> set[str]:
    """Return the kinds noted for an adapter, without those for every adapter."""
    own = noted(subject("config {}"))
    return set(noted(subject(*lines)) - own)


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ((), set()),
        (("base none",), {kinds.UNLIKE_PLAN}),
        ((made_with(lora_alpha=16),), {changed("lora_alpha")}),
        ((config(lora_alpha="x"),), {"wrong-type", kinds.UNLIKE_PLAN}),
        (("config text {",), {"truncated-json", kinds.UNLIKE_PLAN}),
        ((config(use_rslora=True),), {changed("use_rslora")}),
        ((config(use_rslora=True, loftq_config={}),), {changed("use_rslora")}),
        (
            (config(target_modules=[]),),
            {"no-targets", kinds.UNLIKE_PLAN},
        ),
        (
            (config(target_modules=["norm", "q_proj", "v_proj"]),),
            {"unsupported-layer", kinds.UNLIKE_PLAN},
        ),
        (
            (config(target_modules=["norm", "q_proj"]), "drop v_proj"),
            {"unsupported-layer", kinds.UNLIKE_PLAN},
        ),
        (("reshape q_proj.lora_B -> [2, 4]",), {kinds.DIFFERENCE, kinds.UNLIKE_PLAN}),
        (("drop q_proj",), {kinds.DIFFERENCE, kinds.UNLIKE_PLAN}),
        (
            (f"tensor {Q}.alpha F32 []",),
            {kinds.DIFFERENCE, kinds.UNLIKE_PLAN, tensor_of(Part.BASE)},
        ),
        (
            ("rename q_proj -> c_attn",),
            {kinds.DIFFERENCE, kinds.UNLIKE_PLAN, kinds.LOST},
        ),
        (
            ("rename layers.0 -> _orig_mod.layers.0", "base none"),
            {kinds.WRAPPED_NAME, kinds.UNLIKE_PLAN},
        ),
        (("rename ^base_model.model. ->", "base none"), {kinds.MISPLACED, kinds.UNLIKE_PLAN}),
        (
            (r"rename \.weight$ -> .sql.weight", "base none"),
            {kinds.ADAPTER_NAME, kinds.UNLIKE_PLAN},
        ),
        (("rename self_attn -> lora_attn", "base none"), {kinds.CONFUSING, kinds.UNLIKE_PLAN}),
        (("file tokenizer.json {}",), {kinds.OTHER_FILES}),
        (
            ('file tokenizer.json {"added_tokens": []}',),
            {kinds.TOKENIZER, kinds.OTHER_FILES},
        ),
        (("link adapter_config.json",), {kinds.LINK}),
    ],
)
def test_noted_kinds(lines: tuple[str, ...], found: set[str]) -> None:
    assert of(*lines) == found


def test_options_are_noted() -> None:
    usual = subject()
    assert {kinds.VALUES, kinds.RELEASE, kinds.VERDICTS}.isdisjoint(noted(usual))
    assert kinds.RELEASE in noted(replace(usual, release="0.12.0"))
    with_values = read_adapter(build(("values . 1",))[0], with_values=True)
    assert kinds.VALUES in noted(replace(usual, adapter=with_values))
    verdicts: Any = ("what vllm does",)
    assert kinds.VERDICTS in noted(replace(usual, verdicts=verdicts))
