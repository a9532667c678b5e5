"""The plan of any config is what the real PEFT saves and loads, or both reject the config."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loracfg.config.model.lora_config import LoraConfig
from loracfg.config.model.validation_context import FIELDS_ONLY
from loracfg.testing.plans import configs
from tests.planning.models import architecture, model_of
from tests.planning.real import Refusal, planned, read_back, reloaded, save, saved, wrapped

pytest.importorskip("peft", reason="the plan is compared with PEFT's")

MODELS: Final = ("llama", "llama-tied", "gpt2", "bert-tokens", "t5", "qwen3_moe", "modules")


@pytest.mark.slow
@pytest.mark.parametrize("model", MODELS)
@settings(
    max_examples=max(25, settings().max_examples // 4),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(st.data())
def test_plan_of_a_drawn_config(model: str, data: st.DataObject) -> None:
    values: dict[str, Any] = data.draw(configs(architecture(model)))
    check_plan(model, LoraConfig.model_validate(values, context=FIELDS_ONLY))


def test_patterns_that_match_the_same_module_count_in_their_order() -> None:
    """PEFT sorts them when it saves, and then fails to load what it saved."""
    for ranks in ({"gate_proj": 2, "(gate_proj)": 1}, {"(gate_proj)": 1, "gate_proj": 2}):
        check_plan("llama", LoraConfig(r=1, target_modules=["gate_proj"], rank_pattern=ranks))


def check_plan(model: str, config: LoraConfig) -> None:
    """Compare what is planned for a config, and for what PEFT makes of it when it saves."""
    base = architecture(model)
    adapted = wrapped(model_of(model), config)
    real, ours = saved(adapted), planned(config, base)
    if isinstance(real, Refusal):
        assert ours == real
        return
    with TemporaryDirectory() as folder:
        save(adapted, Path(folder))
        again = saved(reloaded(model_of(model), Path(folder)))
        later = planned(read_back(Path(folder)), base)
    if isinstance(again, Refusal):
        assert later != real, again
    else:
        assert ours == real
        assert later == again
