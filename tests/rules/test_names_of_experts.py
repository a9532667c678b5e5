"""Who names the experts of a base as layers is told the parameters, by the name of their option."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Final

import pytest

from loracfg.engine.options import Options
from loracfg.training.planned import plan
from loracfg.training.training_plan import TrainingPlan

BASE: Final = {
    "model_type": "gpt_oss",
    "architectures": ["GptOssForCausalLM"],
    "num_hidden_layers": 2,
    "hidden_size": 64,
    "intermediate_size": 64,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 16,
    "num_local_experts": 4,
    "vocab_size": 128,
}
AXOLOTL: Final = """\
base_model: base
adapter: lora
lora_r: 8
lora_alpha: 16
lora_target_modules: [{}]
lora_target_parameters: [{}]
datasets: [{{path: x, type: alpaca}}]
"""


def planned(folder: Path, modules: list[str], parameters: list[str]) -> TrainingPlan:
    base = folder / "base"
    base.mkdir(exist_ok=True)
    (base / "config.json").write_text(json.dumps(BASE))
    file = folder / "axolotl.yaml"
    file.write_text(AXOLOTL.format(", ".join(modules), ", ".join(parameters)))
    return plan(file, Options(base=str(base)))


@pytest.mark.parametrize("name", ["gate_proj", "up_proj", "down_proj", "gate_up_proj", "w1", "w2"])
def test_following_the_advice_trains_the_experts(name: str, tmp_path: Path) -> None:
    (found,) = (
        one
        for one in planned(tmp_path, ["q_proj", name], []).report.diagnostics
        if one.code == "LC629"
    )
    advice = str(found.help)
    assert advice.endswith(" in `lora_target_parameters`")
    *named, _ = re.findall(r"`([^`]+)`", advice)
    after = planned(tmp_path, ["q_proj"], named)
    assert "LC629" not in {one.code for one in after.report.diagnostics}
    assert after.report.status != "invalid"
    assert {target.name for target in after.targets} == {"q_proj", *named}
