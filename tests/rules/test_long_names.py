"""Very long names take time in proportion to their length."""

from __future__ import annotations

import json
import struct
import time
from pathlib import Path
from typing import Final

import pytest

from loracfg.engine.fronts import validate
from loracfg.engine.options import Options

LENGTH: Final = 400_000
SECONDS: Final = 3.0
"""Allow half a second; looking up each component separately once took 8 s and more."""
STEPS: Final = (
    "a.b.",
    "base_model.model.",
    "linear_qkv.",
    "layers.1.experts.2.w1.",
    "lora_A.weight.",
    "_lora.up.",
)


@pytest.mark.parametrize("prefix", ["", "base_model.model."])
@pytest.mark.parametrize("step", STEPS)
def test_a_very_long_name_is_checked_quickly(step: str, prefix: str, tmp_path: Path) -> None:
    name = prefix + step * (LENGTH // len(step)) + "lora_A.weight"
    entry = {name: {"dtype": "F32", "shape": [8, 64], "data_offsets": [0, 2048]}}
    header = json.dumps(entry).encode()
    data = struct.pack("<Q", len(header)) + header + bytes(2048)
    (tmp_path / "adapter_model.safetensors").write_bytes(data)
    config = {"peft_type": "LORA", "r": 8, "lora_alpha": 16, "target_modules": ["q_proj"]}
    (tmp_path / "adapter_config.json").write_text(json.dumps(config))
    base = tmp_path / "base.json"
    base.write_text(json.dumps({"model_type": "llama", "architectures": ["LlamaForCausalLM"]}))

    start = time.process_time()
    (report,) = validate(tmp_path, Options(base=str(base), runtimes=("vllm", "sglang"))).adapters
    assert time.process_time() - start < SECONDS
    assert report.status == "invalid"
