"""An adapter and a base of Llama-3-8B's sizes, headers only.

    python -m tests.llama8b DIR
    python -m tests.llama8b DIR 'drop layers.31.*lora_B' 'rename q_proj -> query'

Makes `DIR/adapter` and `DIR/base`. The tensors' data are holes in the files, so that 16 GB take no
space; all sizes and offsets are those of the real checkpoint, in four shards. Lines spoil the
tensors of the adapter: `drop` and `rename`, as in the examples on the pages of rules.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from loracfg.adapter.header.tensor import Shape
from loracfg.config.model.lora_config import LoraConfig
from tests.base.headers import Entry, llama, write_checkpoint, write_index

LAYERS: Final = 32
RANK: Final = 16
SHARDS: Final = 4
LAYER_NAMES: Final = {
    "self_attn.q_proj": (4096, 4096),
    "self_attn.k_proj": (1024, 4096),
    "self_attn.v_proj": (1024, 4096),
    "self_attn.o_proj": (4096, 4096),
    "mlp.gate_proj": (14336, 4096),
    "mlp.up_proj": (14336, 4096),
    "mlp.down_proj": (4096, 14336),
}
"""The linear layers of a block, each (out, in)."""

TENSORS: Final = LAYERS * len(LAYER_NAMES) * 2

CONFIG: Final[dict[str, Any]] = {
    "architectures": ["LlamaForCausalLM"],
    "attention_bias": False,
    "attention_dropout": 0.0,
    "bos_token_id": 128000,
    "eos_token_id": 128001,
    "hidden_act": "silu",
    "hidden_size": 4096,
    "initializer_range": 0.02,
    "intermediate_size": 14336,
    "max_position_embeddings": 8192,
    "model_type": "llama",
    "num_attention_heads": 32,
    "num_hidden_layers": LAYERS,
    "num_key_value_heads": 8,
    "pretraining_tp": 1,
    "rms_norm_eps": 1e-05,
    "rope_scaling": None,
    "rope_theta": 500000.0,
    "tie_word_embeddings": False,
    "torch_dtype": "bfloat16",
    "transformers_version": "4.40.0.dev0",
    "use_cache": True,
    "vocab_size": 128256,
}


def make(folder: Path, lines: Iterable[str] = ()) -> tuple[Path, Path]:
    """Write the adapter, spoilt by these lines, and the base; return their folders."""
    adapter, base = folder / "adapter", folder / "base"
    write_base(base)
    write_adapter(adapter, lines)
    return adapter, base


def make_without_checkpoint(folder: Path) -> tuple[Path, Path]:
    """Write the adapter, and of the base only its config; return their folders."""
    adapter, base = folder / "adapter", folder / "base"
    write_config(base)
    write_adapter(adapter)
    return adapter, base


def write_config(folder: Path) -> None:
    """Write the config of the base."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(CONFIG, indent=2) + "\n")


def write_base(folder: Path) -> None:
    """Write the base: its config, an index and the headers of the shards."""
    write_config(folder)
    entries = list(llama(LAYERS).items())
    size = -(-len(entries) // SHARDS)
    shards: dict[str, dict[str, Entry]] = {
        f"model-{i + 1:05}-of-{SHARDS:05}.safetensors": dict(entries[i * size : (i + 1) * size])
        for i in range(SHARDS)
    }
    write_index(folder, shards)


def write_adapter(folder: Path, lines: Iterable[str] = ()) -> None:
    """Write the adapter: rank 16 on the seven linear layers of each block."""
    folder.mkdir(parents=True, exist_ok=True)
    config = LoraConfig(
        base_model_name_or_path="meta-llama/Meta-Llama-3-8B",
        target_modules=[name.rpartition(".")[2] for name in LAYER_NAMES],
        r=RANK,
        lora_alpha=2 * RANK,
        lora_dropout=0.05,
        task_type="CAUSAL_LM",
        inference_mode=True,
    )
    config.save_pretrained(folder)
    entries: dict[str, Entry] = {}
    for layer in range(LAYERS):
        for name, (out, into) in LAYER_NAMES.items():
            stem = f"base_model.model.model.layers.{layer}.{name}"
            shapes: dict[str, Shape] = {"lora_A": (RANK, into), "lora_B": (out, RANK)}
            entries |= {f"{stem}.{factor}.weight": ("F32", s) for factor, s in shapes.items()}
    for line in lines:
        entries = spoilt(entries, line)
    write_checkpoint(folder / "adapter_model.safetensors", entries)


def spoilt(entries: Mapping[str, Entry], line: str) -> dict[str, Entry]:
    """Return tensors without some, or with other names: `drop REGEX`, `rename REGEX -> TEXT`."""
    if match := re.fullmatch("drop (.+)", line):
        return {name: one for name, one in entries.items() if not re.search(match[1], name)}
    if match := re.fullmatch("rename (.+) -> (.*)", line):
        return {re.sub(match[1], match[2], name): one for name, one in entries.items()}
    raise SystemExit(f"`{line}` is neither `drop REGEX` nor `rename REGEX -> TEXT`")


if __name__ == "__main__":
    for made in make(Path(sys.argv[1]), sys.argv[2:]):
        sys.stdout.write(f"{made}\n")
