"""Very long names take time in proportion to their length."""

from __future__ import annotations

import json
import random
import struct
import time
from collections.abc import Iterable, Sequence
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


def check(folder: Path, tensors: Iterable[str], targets: Sequence[str] = ("q_proj",)) -> None:
    """Check an adapter with these names, which must be invalid, in bounded time."""
    size = 4 * 8 * 64
    header = json.dumps(
        {
            name: {"dtype": "F32", "shape": [8, 64], "data_offsets": [i * size, (i + 1) * size]}
            for i, name in enumerate(tensors)
        }
    ).encode()
    with (folder / "adapter_model.safetensors").open("wb") as stream:
        stream.write(struct.pack("<Q", len(header)) + header)
        stream.truncate(8 + len(header) + header.count(b"dtype") * size)
    config = {"peft_type": "LORA", "r": 8, "lora_alpha": 16, "target_modules": targets}
    (folder / "adapter_config.json").write_text(json.dumps(config))
    base = folder / "base.json"
    base.write_text(json.dumps({"model_type": "llama", "architectures": ["LlamaForCausalLM"]}))

    start = time.process_time()
    (report,) = validate(folder, Options(base=str(base), runtimes=("vllm", "sglang"))).adapters
    assert time.process_time() - start < SECONDS
    assert report.status == "invalid"


@pytest.mark.parametrize("prefix", ["", "base_model.model."])
@pytest.mark.parametrize("step", STEPS)
def test_a_very_long_name_is_checked_quickly(step: str, prefix: str, tmp_path: Path) -> None:
    check(tmp_path, [prefix + step * (LENGTH // len(step)) + "lora_A.weight"])


@pytest.mark.parametrize("step", ["a.", "A"])
def test_a_long_name_of_no_module_is_compared_with_none(step: str, tmp_path: Path) -> None:
    path = f"base_model.model.{step * (60_000 // len(step))}:@"
    check(tmp_path, [f"{path}.lora_B.weight", f"{path}x.lora_A.weight"])


def test_many_names_like_many_others_are_checked_quickly(tmp_path: Path) -> None:
    draw = random.Random(1)  # noqa: S311  # the same names in each run
    names = ["".join(draw.choices("abcdefgh_", k=30)) for _ in range(2_000)]
    prefix = "base_model.model.model.layers.0.self_attn"
    tensors = [f"{prefix}.{name}.lora_A.weight" for name in names[:1_000]]
    check(tmp_path, tensors, ["q_proj", *names[1_000:]])
