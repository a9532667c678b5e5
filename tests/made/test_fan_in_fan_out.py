"""`fan_in_fan_out` that is not what the layers are: PEFT sets it as the finding says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from loracfg.engine.fronts import validate
from loracfg.engine.options import Options
from loracfg.report.report import Diagnostic
from tests.made.make import Made, make
from tests.made.recipes import Recipe
from tests.zoo import tiny_model


def made(model_type: str, targets: list[str], root: Path) -> Made:
    recipe = Recipe({"target_modules": targets, "init_lora_weights": False})
    found = make(model_type, recipe, root, "-".join(["fan", *targets]))
    assert isinstance(found, Made)
    return found


def flip(adapter: Path) -> bool:
    """Turn the value of the file round, and return what it was."""
    path = adapter / "adapter_config.json"
    config = json.loads(path.read_text())
    was: bool = config["fan_in_fan_out"]
    path.write_text(json.dumps(config | {"fan_in_fan_out": not was}))
    return was


def findings(adapter: Made) -> list[Diagnostic]:
    options = Options(base=str(adapter.base), select=("LC623",))
    return list(validate(adapter.adapter, options).adapters[0].diagnostics)


@pytest.mark.parametrize(
    ("model_type", "targets", "is_transposed"),
    [("gpt2", ["c_attn"], True), ("llama", ["q_proj"], False)],
)
def test_wrong_value(model_type: str, targets: list[str], is_transposed: bool, root: Path) -> None:
    from peft import LoraConfig, PeftModel

    adapter = made(model_type, targets, root)
    assert findings(adapter) == []
    inputs = torch.tensor([[1, 2, 3]])
    loaded = PeftModel.from_pretrained(tiny_model(model_type), str(adapter.adapter)).eval()
    expected = loaded(input_ids=inputs).logits
    assert flip(adapter.adapter) is is_transposed
    (finding,) = findings(adapter)
    assert finding.severity == "info"
    right, wrong = json.dumps(is_transposed), json.dumps(not is_transposed)
    assert finding.message.startswith(f"`fan_in_fan_out` is `{wrong}`, but ")
    assert finding.message.endswith("`Conv1D`" if is_transposed else "`Linear`")
    assert f"set `fan_in_fan_out` to `{right}`" in finding.help
    assert finding.fix is not None
    assert [edit.value for edit in finding.fix.edits] == [is_transposed]
    with pytest.warns(UserWarning, match=f"Setting fan_in_fan_out to {is_transposed}"):
        corrected = PeftModel.from_pretrained(tiny_model(model_type), str(adapter.adapter)).eval()
    config = corrected.peft_config["default"]
    assert isinstance(config, LoraConfig)
    assert config.fan_in_fan_out is is_transposed
    assert torch.equal(corrected(input_ids=inputs).logits, expected)


def test_layers_of_both_kinds_want_both_values(root: Path) -> None:
    adapter = made("gpt2", ["c_attn", "lm_head"], root)
    assert findings(adapter) == []
    flip(adapter.adapter)
    assert findings(adapter) == []
