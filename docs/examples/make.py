"""Make the example adapters and their base with the real PEFT: python docs/examples/make.py.

`base/` is a Llama with two layers and 38 thousand weights, `adapter/` fits it, and
`edited-adapter/` is a copy whose config was edited.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import peft
import torch
from peft import LoraConfig, get_peft_model
from transformers import LlamaConfig, LlamaForCausalLM

from loracfg.config.history.releases import PEFT_RELEASE

HERE = Path(__file__).resolve().parent
TARGETS = ["q_proj", "v_proj"]


def main() -> None:
    """Write the three folders."""
    if peft.__version__ != PEFT_RELEASE:
        raise SystemExit(f"install peft {PEFT_RELEASE}; this is {peft.__version__}")
    torch.manual_seed(0)
    model = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=64,
            hidden_size=32,
            intermediate_size=48,
            num_hidden_layers=2,
            num_attention_heads=4,
            num_key_value_heads=2,
            max_position_embeddings=64,
        )
    )
    model.to(torch.bfloat16).save_pretrained(HERE / "base")
    (HERE / "base" / "generation_config.json").unlink(missing_ok=True)
    model.name_or_path = "example/llama-tiny"
    config = LoraConfig(r=4, lora_alpha=8, target_modules=TARGETS, task_type="CAUSAL_LM")
    adapter, edited = HERE / "adapter", HERE / "edited-adapter"
    get_peft_model(model, config).save_pretrained(adapter)
    (adapter / "README.md").unlink()
    _edit(adapter, target_modules=TARGETS)  # PEFT writes a set, in another order in each run
    shutil.copytree(adapter, edited, dirs_exist_ok=True)
    _edit(edited, r=8)


def _edit(adapter: Path, **values: object) -> None:
    path = adapter / "adapter_config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | values, indent=2, sort_keys=True))


if __name__ == "__main__":
    main()
