"""Layers with a weight that torch computes from other parameters."""

from __future__ import annotations

import pytest
from torch import nn

from loracfg.base.from_library.live_model import architecture_of
from loracfg.config.model.lora_config import LoraConfig
from loracfg.planning.build import build_plan
from loracfg.planning.patterns import PatternBudget

peft = pytest.importorskip("peft")


@pytest.mark.filterwarnings("ignore:.*weight_norm:FutureWarning")
def test_the_older_weight_norm_gives_the_computed_weight() -> None:
    def normed() -> nn.Module:
        layers = {"conv": nn.Conv1d(4, 8, 3), "lin": nn.Linear(6, 10)}
        return nn.ModuleDict({n: nn.utils.weight_norm(one) for n, one in layers.items()})

    built = architecture_of(normed())

    assert built.modules["conv"].weight == (8, 4, 3)
    assert built.modules["lin"].features == (6, 10)
    config = LoraConfig(r=4, target_modules=["conv", "lin"], bias="all")
    real = peft.get_peft_model_state_dict(peft.get_peft_model(normed(), config.to_peft()))
    planned = build_plan(config, built, PatternBudget()).shapes
    assert planned == {name: tuple(tensor.shape) for name, tensor in real.items()}
