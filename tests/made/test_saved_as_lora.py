"""The advice to save an adapter as plain LoRA is given where PEFT's conversion keeps its effect."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any, Final

import pytest

from loracfg.analysis.saved_as_lora import SAVE_AS_LORA
from loracfg.engine.fronts import validate
from tests.planning.models import model_of

peft = pytest.importorskip("peft")

CONFIG: Final = {"r": 4, "lora_alpha": 8, "target_modules": ["q_proj", "k_proj"]}
CELLS: Final[dict[str, dict[str, Any]]] = {
    "plain": {},
    "ranks": {"rank_pattern": {"k_proj": 2}},
    "alphas": {"alpha_pattern": {"k_proj": 2}},
    "stabilised": {"use_rslora": True},
    "stabilised ranks": {"use_rslora": True, "rank_pattern": {"k_proj": 2}},
    "stabilised alphas": {"use_rslora": True, "alpha_pattern": {"k_proj": 2}},
    "magnitudes": {"use_dora": True},
    "biases": {"bias": "all"},
    "saved": {"modules_to_save": ["lm_head"]},
    "embedding": {"target_modules": ["q_proj", "embed_tokens"]},
    "tokens": {"trainable_token_indices": [1, 2]},
    "parameter": {"target_parameters": ["mlp.down_proj.weight"]},
    "layers": {"layers_to_transform": [0]},
}


@pytest.mark.filterwarnings("ignore::UserWarning")  # of PEFT, on converting
@pytest.mark.parametrize("init", ["pissa", "olora"])
@pytest.mark.parametrize("cell", CELLS)
def test_it_is_given_where_the_converted_adapter_does_the_same(
    cell: str, init: str, tmp_path: Path
) -> None:
    config = peft.LoraConfig(**{**CONFIG, "init_lora_weights": init, **CELLS[cell]})
    base: Any = model_of("llama")
    model = peft.get_peft_model(deepcopy(base), config).eval()
    model.save_pretrained(tmp_path / "initial")
    train(model)
    model.save_pretrained(tmp_path / "trained")
    report = validate(tmp_path / "trained")
    advice = next(one.help for one in report.adapters[0].diagnostics if one.code == "LC331")
    assert (SAVE_AS_LORA in str(advice)) == does_the_same(model, base, tmp_path)


def train(model: Any) -> None:
    import torch

    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for _, weight in sorted(model.named_parameters()):
            if weight.requires_grad:
                weight.add_(torch.randn(weight.shape, generator=generator) * 0.05)


def does_the_same(model: Any, base: Any, folder: Path) -> bool:
    """Tell whether the adapter, converted by PEFT, does the same on the unchanged base."""
    import torch

    tokens = torch.arange(6)[None]
    trained, initial, out = model(tokens).logits, folder / "initial", folder / "converted"
    try:
        model.save_pretrained(out, path_initial_model_for_weight_conversion=str(initial))
        converted = peft.PeftModel.from_pretrained(deepcopy(base), out).eval()
    except (KeyError, ValueError):
        return False
    return bool(torch.allclose(trained, converted(tokens).logits, atol=1e-5))
