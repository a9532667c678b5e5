"""Keys that PEFT sorts when it saves: what is loaded differs where a plan says so."""

from __future__ import annotations

import re
from copy import deepcopy
from pathlib import Path
from typing import Any, Final

import pytest

from loracfg.training.planned import plan
from tests.planning.models import model_of

peft = pytest.importorskip("peft")

PATTERNS: Final[dict[str, dict[str, int]]] = {
    "the shorter key sorts first": {"self_attn.o_proj": 16, "o_proj": 3},
    "the longer key sorts first": {"layers.0.self_attn.q_proj": 16, "q_proj": 3},
    "a pattern": {r"model\.layers\.1\..*": 16, "k_proj": 3, "q_proj": 8},
    "three keys": {"self_attn.q_proj": 16, "q_proj": 3, r"layers\.0\..*": 8},
    "no module has both": {"q_proj": 16, "k_proj": 3},
    "the same value": {"self_attn.q_proj": 3, "q_proj": 3},
}


def scales(model: Any) -> dict[str, tuple[int, float]]:
    """Return the rank and scaling of each layer."""
    return {
        name: (layer.r["default"], layer.scaling["default"])
        for name, layer in model.named_modules()
        if hasattr(layer, "lora_A")
    }


def saved_and_loaded(values: dict[str, Any], folder: Path) -> tuple[Any, Any]:
    """Return the settings of layers in training, and when loaded; None if PEFT raises."""
    base: Any = model_of("llama")
    trained = peft.get_peft_model(deepcopy(base), peft.LoraConfig(**values))
    trained.save_pretrained(folder)
    try:
        loaded = peft.PeftModel.from_pretrained(deepcopy(base), str(folder))
    except RuntimeError:
        return scales(trained), None
    return scales(trained), scales(loaded)


@pytest.mark.parametrize("field", ["rank_pattern", "alpha_pattern"])
@pytest.mark.parametrize("name", PATTERNS)
def test_what_loads_differently_is_an_error(name: str, field: str, tmp_path: Path) -> None:
    base: Any = model_of("llama")
    base.config.save_pretrained(tmp_path / "base")
    values: dict[str, Any] = {
        "target_modules": ["q_proj", "k_proj", "o_proj"],
        "task_type": "CAUSAL_LM",
        field: PATTERNS[name],
    }
    trained, loaded = saved_and_loaded(values, tmp_path / "first")
    report = plan(values, base=str(tmp_path / "base"), class_name="LlamaForCausalLM").report
    errors = [one for one in report.diagnostics if one.severity == "error"]
    assert [one.code for one in errors] == ["LC334"] * (trained != loaded) * len(errors)
    assert bool(errors) == (trained != loaded)
    pattern = dict(PATTERNS[name])
    for error in errors:
        key, better = re.findall("`([^`]+)`", error.help or "")
        pattern = {better if one == key else one: value for one, value in pattern.items()}
    again, loaded = saved_and_loaded(values | {field: pattern}, tmp_path / "second")
    assert again == loaded == trained
