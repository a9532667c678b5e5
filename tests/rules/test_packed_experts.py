"""What PEFT does with experts that transformers keeps in FP8, and what is reported."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import pytest

pytest.importorskip("peft", reason="PEFT computes the update")

import peft
import torch
from transformers import FineGrainedFP8Config

from loracfg.base.from_checkpoint.quantised import packing
from loracfg.engine.fronts import validate
from loracfg.engine.options import Options
from tests.zoo import tiny_model

BLOCK: Final = (16, 16)
TARGETS: dict[str, Any] = {"target_modules": ["q_proj"], "target_parameters": ["gate_up_proj"]}


def integration() -> Any:
    """Return the FP8 integration of transformers 5; release 4 has no stacks of experts."""
    fp8: Any = pytest.importorskip("transformers.integrations.finegrained_fp8")
    if not hasattr(fp8, "FP8Experts"):
        pytest.skip("this transformers has no stacks of experts in FP8")
    return fp8


def quantised(experts: Any) -> Any:
    """Return a stack of experts in FP8, from the quantiser of transformers."""
    fp8 = integration()
    made = fp8.FP8Experts(experts.config, block_size=BLOCK)
    settings = FineGrainedFP8Config(weight_block_size=BLOCK)
    quantiser = fp8.Fp8Quantize(SimpleNamespace(quantization_config=settings))
    for name, value in experts.named_parameters():
        for part, found in quantiser.convert({name: value.data}).items():
            getattr(made, part).data = found
    return made


def test_an_update_of_experts_in_fp8_is_lost() -> None:
    modules = tiny_model("qwen3_moe").named_modules()
    experts = next(module for name, module in modules if name.endswith(".experts"))
    packed = quantised(experts)
    scale = packed.gate_up_proj_scale_inv.repeat_interleave(BLOCK[0], 1)
    scale = scale.repeat_interleave(BLOCK[1], 2)
    held = packed.gate_up_proj.float() * scale
    assert torch.allclose(held, experts.gate_up_proj, rtol=0.1, atol=1e-3)
    config = peft.LoraConfig(r=2, target_parameters=["gate_up_proj"], target_modules=[])
    wrapped = peft.get_peft_model(torch.nn.ModuleDict({"experts": packed}), config)
    one: Any
    (one,) = (m for m in wrapped.modules() if type(m).__name__ == "ParamWrapper")
    for factor in (*one.lora_A.parameters(), *one.lora_B.parameters()):
        torch.nn.init.normal_(factor, std=0.05)
    update = one.get_delta_weight("default")
    with one._activate_lora(["default"]):
        with_update = one.get_base_layer().gate_up_proj.float() * scale
    assert (with_update - held).norm() < update.norm() / 100


def test_experts_in_fp8_are_not_trained() -> None:
    """Their adapters are trained elsewhere: transformers gives these weights no gradient."""
    fp8 = integration()
    weight = torch.ones(16, 16).to(torch.float8_e4m3fn)
    context = SimpleNamespace(saved_tensors=(weight, torch.ones(1, 1)), block_size=BLOCK)
    _, *others = fp8.FP8LinearFunction.backward(context, torch.ones(2, 16))
    assert not any(one is not None for one in others)


@pytest.mark.parametrize(
    ("quantisation", "method"),
    [
        ({"quant_method": "fp8"}, "fp8"),
        ({"quant_method": "fp8", "modules_to_not_convert": ["lm_head", "mlp.gate"]}, "fp8"),
        ({"quant_method": "fp8", "modules_to_not_convert": ["model.layers.0.mlp.experts"]}, None),
        ({"quant_method": "fp8", "dequantize": True}, None),
        ({"quant_method": "fp8", "modules_to_not_convert": 5}, "fp8"),
        ({"quant_method": "bitsandbytes"}, None),
    ],
    ids=str,
)
def test_experts_in_fp8_are_named(quantisation: Any, method: str | None, tmp_path: Path) -> None:
    integration()
    config: Any = {"quantization_config": quantisation}
    assert packing(config) == method
    model = tiny_model("qwen3_moe")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wrapped = peft.get_peft_model(model, peft.LoraConfig(task_type="CAUSAL_LM", **TARGETS))
        wrapped.save_pretrained(str(tmp_path))
    base = tmp_path / "config.json"
    base.write_text(json.dumps(model.config.to_dict() | config))
    (report,) = validate(tmp_path, Options(base=str(base))).adapters
    assert report.status == "valid"
    codes = [one.code for one in report.diagnostics]
    assert codes.count("LC635") == (1 if method else 0)
