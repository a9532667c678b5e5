"""Layers with settings that models of transformers seldom have, against PEFT."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
import torch
from torch import Tensor, nn

pytest.importorskip("peft", reason="the injector is compared with PEFT")

import peft

from loracfg.config.model.lora_config import LoraConfig
from loracfg.injector import inject, merge, state_dict
from tests.injector.agreement import assert_close
from tests.injector.pair import Pair, align_adapter

pytestmark = pytest.mark.filterwarnings("ignore:.*:UserWarning")


class Scaled(nn.Embedding):
    """An embedding that multiplies what it looks up, as Gemma's."""

    def __init__(self) -> None:
        super().__init__(12, 6, padding_idx=3)
        self.embed_scale = torch.tensor(2.5)

    def forward(self, tokens: Tensor) -> Tensor:
        return super().forward(tokens) * self.embed_scale


TOKENS = torch.tensor([[1, 2, 3], [4, 5, 11]])
CASES: list[tuple[nn.Module, Tensor, dict[str, Any]]] = [
    (Scaled(), TOKENS, {}),
    (Scaled(), TOKENS, {"use_dora": True}),
    (Scaled(), TOKENS, {"target_modules": ["other"], "trainable_token_indices": {"part": [2, 5]}}),
    *(
        (nn.Conv2d(4, 6, 3, stride=2, padding=1, groups=groups), torch.randn(2, 4, 9, 8), options)
        for groups in (1, 2)
        for options in ({}, {"use_dora": True}, {"lora_dropout": 0.2, "use_dora": True})
    ),
    (nn.Conv1d(4, 6, 3, padding="same"), torch.randn(2, 4, 9), {"lora_bias": True}),
    (nn.Conv3d(4, 6, 3, stride=2, padding=(1, 0, 1)), torch.randn(2, 4, 7, 8, 6), {}),
]


@pytest.mark.parametrize(("layer", "x", "options"), CASES)
@pytest.mark.parametrize("training", [False, True])
def test_results(layer: nn.Module, x: Tensor, options: dict[str, Any], training: bool) -> None:
    base = nn.ModuleDict({"part": deepcopy(layer), "other": nn.Linear(3, 3)})
    values = {"r": 4, "target_modules": ["part"]} | options
    ours, config = deepcopy(base), LoraConfig.model_validate(values)
    inject(ours, config)
    theirs: Any = peft.get_peft_model(deepcopy(base), config.to_peft())
    pair = Pair("one", theirs, ours, (None, None))
    align_adapter(pair, "default", 3)
    ours.train(training)
    theirs.train(training)
    torch.manual_seed(1)
    found = ours["part"](x)
    torch.manual_seed(1)
    expected = theirs.base_model.model["part"](x)
    assert_close(found, expected, "a result", 1e-6)
    assert not torch.allclose(found, base["part"](x))


def test_padding_and_stride_are_merged() -> None:
    base = nn.ModuleDict({"part": nn.Conv2d(4, 6, 3, stride=2, padding=1)}).eval()
    x = torch.randn(2, 4, 9, 8)
    inject(base, LoraConfig(r=4, target_modules=["part"]))
    for tensor in state_dict(base).values():
        tensor.normal_()
    before = base["part"](x)
    merge(base)
    assert_close(base["part"](x), before, "a result", 1e-5)
