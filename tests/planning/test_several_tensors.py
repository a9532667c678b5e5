"""Linear layers that return several tensors: PEFT loads them, but fails when they run."""

from __future__ import annotations

from typing import Any, Final

import pytest
import torch

from loracfg.base.from_library.live_model import architecture_of
from loracfg.config.model.lora_config import LoraConfig
from loracfg.planning.build import build_plan
from loracfg.planning.patterns import PatternBudget

peft = pytest.importorskip("peft")
transformers = pytest.importorskip("transformers")

SIZES: Final[dict[str, Any]] = {
    "vocab_size": 96,
    "hidden_size": 32,
    "intermediate_size": 56,
    "num_hidden_layers": 1,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "num_local_experts": 4,
    "pad_token_id": 0,
}
ROUTERS: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "phimoe": ("mlp.router", {}),
    "llama4_text": ("feed_forward.router", {"head_dim": 8, "interleave_moe_layer_step": 1}),
}


@pytest.mark.parametrize("model_type", ROUTERS)
def test_a_router_that_returns_several_tensors_is_refused(model_type: str) -> None:
    name, more = ROUTERS[model_type]
    config = transformers.AutoConfig.for_model(model_type, **SIZES, **more)
    model = transformers.AutoModelForCausalLM.from_config(config)
    base = architecture_of(model)
    inputs = torch.tensor([[1, 2, 3]])
    model(input_ids=inputs)
    (failure,) = build_plan(LoraConfig(target_modules="all-linear"), base, PatternBudget()).failures
    assert (failure.kind, failure.path) == ("unsupported-layer", f"model.layers.0.{name}")
    wrapped = peft.get_peft_model(model, peft.LoraConfig(target_modules="all-linear"))
    with pytest.raises(AttributeError, match="'tuple' object has no attribute 'dtype'"):
        wrapped(input_ids=inputs)


@pytest.mark.parametrize("model_type", ROUTERS)
def test_its_neighbours_are_not(model_type: str) -> None:
    _, more = ROUTERS[model_type]
    config = transformers.AutoConfig.for_model(model_type, **SIZES, **more)
    model = transformers.AutoModelForCausalLM.from_config(config)
    given = LoraConfig(target_modules="all-linear", exclude_modules=["router"])
    assert build_plan(given, architecture_of(model), PatternBudget()).failures == ()
    wrapped = peft.get_peft_model(model, given.to_peft())
    wrapped(input_ids=torch.tensor([[1, 2, 3]]))
