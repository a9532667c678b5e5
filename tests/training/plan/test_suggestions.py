"""Suggestions are values that PEFT accepts, and train what they say."""

from __future__ import annotations

from typing import Any

import pytest

from loracfg.base.search import ResolvedBase
from loracfg.engine.engine import Engine
from loracfg.planning.patterns import PatternBudget
from loracfg.training.base_targets import targets_in
from loracfg.training.suggestions import Suggestion, suggest
from tests.planning.models import architecture
from tests.training.plan.tiny import adapted

pytest.importorskip("peft", reason="suggestions are tried with PEFT")


def suggested(model: str, tokens: tuple[int, ...] = ()) -> dict[str, Suggestion]:
    base = architecture(model)
    case = Engine().open_planned({"r": 4, "target_modules": ["x"]}, base=ResolvedBase(base))
    assert case.config is not None
    return {one.title: one for one in suggest(case.config, base, tokens, PatternBudget())}


@pytest.mark.parametrize("model", ["llama", "gpt2", "bert", "t5", "qwen3_moe", "deepseek_v3"])
def test_numbers_are_those_of_peft(model: str) -> None:
    for one in suggested(model).values():
        assert one.source
        if one.modules is None:
            continue
        values: dict[str, Any] = {"r": 4, **one.config}
        if "target_parameters" in values:
            values["target_modules"] = []
        theirs = adapted(model, values)
        tuner = theirs.base_model
        found = len(tuner.targeted_module_names) + len(tuner.targeted_parameter_names)
        assert (found, theirs.get_nb_trainable_parameters()[0]) == (
            one.modules,
            one.trainable_parameters,
        ), one.title


def test_attention_of_llama() -> None:
    config = suggested("llama")["attention"].config
    assert config == {"target_modules": ["q_proj", "k_proj", "v_proj", "o_proj"]}


def test_fused_experts() -> None:
    config = suggested("qwen3_moe")["fused experts"].config
    assert config == {"target_parameters": ["experts.gate_up_proj", "experts.down_proj"]}
    named = {one.name: one.shape for one in targets_in(architecture("qwen3_moe")).parameters}
    assert len(named["experts.gate_up_proj"]) == 3


def test_new_tokens() -> None:
    found = suggested("llama", (96, 97))
    assert found["new tokens, only their rows"].config == {"trainable_token_indices": [96, 97]}
    assert found["new tokens, only their rows"].trainable_parameters == 64
    whole = found["new tokens, the whole embeddings"].config
    assert whole == {"modules_to_save": ["embed_tokens", "lm_head"]}
    assert "new tokens, only their rows" not in suggested("llama")
