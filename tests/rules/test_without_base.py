"""Sound adapters have no errors without a base, whichever base they are for."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from loracfg.adapter.directory import read_adapter
from loracfg.adapter.header.tensor import Tensor
from loracfg.base.search import ResolvedBase
from loracfg.config.model.lora_config import LoraConfig
from loracfg.engine.engine import Engine
from loracfg.planning.build import build_plan
from loracfg.planning.patterns import PatternBudget
from loracfg.report.report import AdapterReport
from loracfg.testing import DrawnAdapter, adapters
from loracfg.testing.building.judging import OPTIONS
from loracfg.testing.copies import Copy
from loracfg.testing.llama import BASE, llama
from loracfg.testing.memory_files import MemoryFiles


def judged(files: MemoryFiles) -> AdapterReport:
    return Engine(OPTIONS).open_read(read_adapter(files), ResolvedBase(None)).report


def errors(files: MemoryFiles) -> list[str]:
    return [one.message for one in judged(files).diagnostics if one.severity == "error"]


def made(config: dict[str, Any], **base: Any) -> Copy:
    """Return the adapter that PEFT creates for a config on a base with stacked experts."""
    read = LoraConfig.model_validate({"base_model_name_or_path": "example/moe", "r": 2} | config)
    plan = build_plan(read, llama(BASE | {"experts": 4} | base), PatternBudget())
    assert plan.failures == ()
    tensors = {name: Tensor(name, "F32", one.shape) for name, one in plan.tensors.items()}
    return Copy(json.loads(json.dumps(read.to_dict())), tensors)


PATTERN = r".*\.[01]\..*(v_proj|q_proj)"


@pytest.mark.parametrize(
    ("config", "base"),
    [
        ({"target_modules": PATTERN}, {"layers": 3}),
        ({"target_modules": r".*layers\.0\..*\.(q_proj|gate)"}, {}),
        ({"target_modules": r".*\.[01]\..*gate", "exclude_modules": ["layers.0.mlp.gate"]}, {}),
        ({"target_modules": ["0.mlp.gate"]}, {}),
        ({"target_modules": ["gate"], "rank_pattern": {"0.mlp.gate": 4}}, {}),
        ({"target_modules": r".*\.gate", "rank_pattern": {"gate": 4}}, {}),
        ({"target_modules": ["q_proj", "gate"], "layers_to_transform": [1]}, {}),
        ({"target_modules": ["q_proj", "gate"], "exclude_modules": ["gate"]}, {}),
        ({"target_modules": ["gate_proj", "up_proj"]}, {}),
        ({"target_modules": ["down_proj", "q_proj"]}, {}),
        ({"target_modules": ["0.mlp.experts.0.down_proj"]}, {}),
        ({"target_modules": ["gate_proj", "up_proj", "down_proj"], "r": 6}, {}),
        ({"target_modules": "(embed_tokens)", "ensure_weight_tying": True}, {"tied": True}),
        ({"target_modules": ["embed_tokens"], "ensure_weight_tying": True}, {"tied": True}),
    ],
    ids=json.dumps,
)
def test_more_is_adapted_than_is_named(config: dict[str, Any], base: dict[str, Any]) -> None:
    assert errors(made(config, **base).written()) == []


def test_a_router_has_the_rank_of_the_config_or_of_its_key() -> None:
    copy = made({"target_modules": ["gate"], "rank_pattern": {"gate": 4}})
    assert copy.reshape(r"gate\.lora_A", lambda shape: (3, shape[1]))
    assert copy.reshape(r"gate\.lora_B", lambda shape: (shape[0], 3))
    assert errors(copy.written()) == ["`rank_pattern[gate]` is `4`, but 2 layers have rank `3`"]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(adapters())
def test_drawn_adapters_have_no_errors(drawn: DrawnAdapter) -> None:
    assert errors(drawn.files) == []
