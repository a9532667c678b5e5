"""`target_modules` at null, for which PEFT has targets by the type of the model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import peft
import pytest
import torch
from safetensors.torch import load_file

from loracfg.engine.fixing import fix
from loracfg.engine.fronts import validate
from loracfg.engine.options import Options
from loracfg.report.report import AdapterReport
from tests.zoo import tiny_model

pytestmark = pytest.mark.filterwarnings("ignore:Setting `save_embedding_layers`")

Case = tuple[str, dict[str, Any], list[str]]
CASES: list[Case] = [
    ("llama", {"target_modules": ["q_proj", "v_proj", "down_proj"]}, ["LC520"]),
    ("llama", {"target_modules": ["q_proj", "v_proj", "embed_tokens"]}, ["LC520"]),
    ("llama", {"target_modules": "all-linear", "rank_pattern": {"q_proj": 2}}, ["LC520"]),
    ("llama", {"target_modules": ["q_proj", "v_proj", "o_proj"], "use_dora": True}, ["LC520"]),
    ("gpt2", {"target_modules": ["c_attn", "c_proj"], "bias": "lora_only"}, ["LC520"]),
    ("llama", {"target_modules": ["k_proj", "o_proj"]}, ["LC519"]),
    ("llama", {"target_modules": ["q_proj", "v_proj"]}, []),
]


def null(folder: Path, kind: str, config: dict[str, Any]) -> Path:
    """Save a base and an adapter of it, whose config then has null for its targets."""
    model = tiny_model(kind)
    model.save_pretrained(folder / "base")
    made = peft.LoraConfig(
        r=4, task_type="CAUSAL_LM", fan_in_fan_out=kind == "gpt2", init_lora_weights=False, **config
    )
    peft.get_peft_model(model, made).save_pretrained(str(folder / "adapter"))
    path = folder / "adapter" / "adapter_config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"target_modules": None}))
    return folder


def judged(folder: Path, adapter: str = "adapter") -> AdapterReport:
    return validate(folder / adapter, Options(base=str(folder / "base"))).adapters[0]


@pytest.mark.parametrize(("kind", "config", "codes"), CASES)
def test_layers_beyond_the_targets_of_the_model_type(
    kind: str, config: dict[str, Any], codes: list[str], tmp_path: Path
) -> None:
    report = judged(null(tmp_path, kind, config))
    found = [d for d in report.diagnostics if d.severity != "info"]
    assert [d.code for d in found] == codes
    assert all(d.location.pointer == "/target_modules" for d in found)
    assert all("`null`" in d.message for d in found)


@pytest.mark.parametrize(("kind", "config", "codes"), [c for c in CASES if c[2] == ["LC520"]])
def test_safe_repair_names_what_was_trained(
    kind: str, config: dict[str, Any], codes: list[str], tmp_path: Path
) -> None:
    folder = null(tmp_path, kind, config)
    fix(folder / "adapter", Options(base=str(folder / "base"))).write(folder / "fixed")
    assert judged(folder, "fixed").status == "valid"
    loaded = peft.PeftModel.from_pretrained(tiny_model(kind), str(folder / "fixed"))
    state = peft.get_peft_model_state_dict(loaded)
    saved = load_file(folder / "adapter" / "adapter_model.safetensors")
    assert state.keys() == saved.keys()
    assert all(torch.equal(state[name], tensor) for name, tensor in saved.items())
