"""Suggestions are values that PEFT accepts, and train what they say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from loracfg.base.architecture import Architecture
from loracfg.base.search import ResolvedBase
from loracfg.engine.engine import Engine
from loracfg.planning.patterns import PatternBudget
from loracfg.training.base_targets import targets_in
from loracfg.training.suggestions import Suggestion, suggest
from tests.cli.running import call, write_adapter, write_base
from tests.planning.models import architecture
from tests.training.plan.tiny import adapted
from tests.training.trainer_files.bases import tree_of

pytest.importorskip("peft", reason="suggestions are tried with PEFT")


def suggested(model: str, tokens: tuple[int, ...] = (), **more: Any) -> dict[str, Suggestion]:
    return suggested_in(architecture(model), tokens, **more)


def suggested_in(
    base: Architecture, tokens: tuple[int, ...] = (), **more: Any
) -> dict[str, Suggestion]:
    values = {"r": 4, "target_modules": ["x"], **more}
    case = Engine().open_planned(values, base=ResolvedBase(base))
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


def test_towers_can_be_left_out() -> None:
    found = suggested_in(tree_of("qwen2_vl"))
    assert found["attention"].config == {"target_modules": ["q_proj", "k_proj", "v_proj", "o_proj"]}
    one = found["without `model.visual`"]
    assert one.config == {"exclude_modules": ".*model[.]visual.*"}
    assert one.modules is None


def test_what_the_config_rules_out_has_no_numbers() -> None:
    """PEFT rejects DoRA of parameters."""
    values = {"r": 4, "use_dora": True, "target_modules": [], "lora_dropout": 0.0}
    with pytest.raises(ValueError, match="does not work with use_dora"):
        adapted("qwen3_moe", values | {"target_parameters": ["experts.down_proj"]})
    found = suggested("qwen3_moe", use_dora=True)
    assert found["fused experts"].trainable_parameters is None
    assert found["attention"].trainable_parameters


def test_suggestions_in_words(tmp_path: Path) -> None:
    base, adapter = write_base(tmp_path / "base"), write_adapter(tmp_path / "adapter")
    (adapter / "added_tokens.json").write_text(json.dumps({"<a>": 32, "<b>": 33, "<c>": 3}))
    out = call("plan", adapter, "--base", base, "--suggest").out
    assert (
        '  attention: "target_modules": ["q_proj", "k_proj", "v_proj", "o_proj"]\n'
        "    8 modules, 1,088 parameters\n    source: LoRA adapts attention weights alone"
    ) in out
    assert (
        '  new tokens, only their rows: "trainable_token_indices": [32, 33]\n    32 parameters\n'
    ) in out
    assert (
        '  new tokens, the whole embeddings: "modules_to_save": ["embed_tokens", "lm_head"]\n'
        "    source: PEFT"
    ) in out
    assert "What could be targeted" not in call("plan", adapter, "--base", base).out
    assert "source: " not in call("plan", adapter, "--suggest").out  # without a base


def test_layers_in_saved_modules_are_not_left_out(tmp_path: Path) -> None:
    options = ("--r", "4", "--target-modules", "q_proj", "--modules-to-save", "mlp")
    out = call("plan", "--base", write_base(tmp_path), *options).out
    assert "that are not adapted: `k_proj` (2), `v_proj` (2), `o_proj` (2); QLoRA" in out
