"""Adapters from `add_weighted_adapter`, with a config without the ranks of some layers."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("peft", reason="PEFT merges the adapters")

import torch

from loracfg.engine.fixing import fix
from loracfg.engine.options import Options
from tests.injector.inputs import inputs
from tests.made.make import save_base
from tests.made.recipes import Recipe
from tests.zoo import tiny_model


def given(model: Any) -> Any:
    model.eval()
    with torch.no_grad():
        return model(**inputs("llama")).logits


def test_merged_layers_keep_their_scale(tmp_path: Path) -> None:
    import peft

    torch.manual_seed(5)
    base = tiny_model("llama", None)
    folder = save_base(base, "llama", Recipe(), tmp_path)
    config = peft.LoraConfig(
        r=4,
        lora_alpha=16,
        target_modules=["q_proj", "v_proj"],
        rank_pattern={"v_proj": 2},
        init_lora_weights=False,
        base_model_name_or_path=str(folder),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = peft.get_peft_model(tiny_model("llama", None), config, adapter_name="one")
        model.add_adapter("two", config)
        model.add_weighted_adapter(["one", "two"], [0.5, 0.5], "merged", "linear")
        model.set_adapter("merged")
        wanted = given(model)
        model.save_pretrained(str(tmp_path), selected_adapters=["merged"])
    options = Options(base=str(folder))
    safe = fix(tmp_path / "merged", options)
    assert [step.code for step in safe.offered] == ["LC503"]
    (finding,) = (d for d in safe.before.diagnostics if d.code == "LC503")
    assert "alpha `2` in `alpha_pattern`" in finding.help
    repaired = fix(tmp_path / "merged", options, unsafe=True)
    repaired.write(tmp_path / "fixed")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        loaded = peft.PeftModel.from_pretrained(tiny_model("llama", None), str(tmp_path / "fixed"))
    assert torch.allclose(given(loaded), wanted, atol=1e-6)
