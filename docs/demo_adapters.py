"""Adapters of real sizes that take no space, for the pictures and the commands in the docs.

They are for a base with the sizes of Llama 3.1 8B. Headers, names and shapes are those that PEFT
would save; the data of tensors are holes in the files.
"""

from __future__ import annotations

import json
import math
import re
import struct
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from loracfg import Engine, LoraConfig, Options
from loracfg.adapter.header.tensor import Shape

BASE: Final[Mapping[str, Any]] = {
    "architectures": ["LlamaForCausalLM"],
    "hidden_size": 4096,
    "intermediate_size": 14336,
    "max_position_embeddings": 131072,
    "model_type": "llama",
    "num_attention_heads": 32,
    "num_hidden_layers": 32,
    "num_key_value_heads": 8,
    "rms_norm_eps": 1e-05,
    "tie_word_embeddings": False,
    "torch_dtype": "bfloat16",
    "vocab_size": 128256,
}
SETTINGS: Final[Mapping[str, Any]] = {
    "base_model_name_or_path": "meta-llama/Llama-3.1-8B",
    "target_modules": [
        *("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
    ],
    "r": 16,
    "lora_alpha": 32,
    "task_type": "CAUSAL_LM",
    "inference_mode": True,
}
"""The config of an adapter, unless a page has other settings."""
_BYTES: Final = {"F32": 4, "BF16": 2}


def write_base(folder: Path, changes: Mapping[str, Any] | None = None) -> None:
    """Write the config of the base."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps({**BASE, **(changes or {})}, indent=2)
    (folder / "config.json").write_text(f"{text}\n", "utf-8")


def write_adapter(
    folder: Path, base: Path, settings: Mapping[str, Any], edits: Iterable[str] = ()
) -> None:
    """Write what PEFT saves for a config on a base, and then edit it.

    An edit is `config JSON`, `config without KEY`, `drop REGEX` or `rename REGEX -> TEXT`, the last
    two for tensors.
    """
    config = LoraConfig(**{**SETTINGS, **settings})
    plan = Engine(Options(base=base)).open_config(config).plan
    if plan is None:
        raise ValueError(f"there is no plan for {folder} on {base}")
    config.save_pretrained(folder)
    shapes = dict(plan.shapes)
    for edit in edits:
        shapes = _edited(shapes, folder / "adapter_config.json", edit)
    (folder / "adapter_model.safetensors").write_bytes(header_of(shapes))
    with (folder / "adapter_model.safetensors").open("r+b") as file:
        file.truncate(file.seek(0, 2) + sum(map(_size, shapes.values())))


def _edited(shapes: dict[str, Shape], config: Path, edit: str) -> dict[str, Shape]:
    """Return the shapes after an edit, which may be one of the config instead."""
    if found := re.fullmatch("drop (.+)", edit):
        return {name: shape for name, shape in shapes.items() if not re.search(found[1], name)}
    if found := re.fullmatch("rename (.+) -> (.*)", edit):
        return {re.sub(found[1], found[2], name): shape for name, shape in shapes.items()}
    values = json.loads(config.read_text("utf-8"))
    if found := re.fullmatch(r"config without (\w+)", edit):
        values.pop(found[1])
    elif found := re.fullmatch(r"config (\{.*\})", edit):
        values |= json.loads(found[1])
    else:
        raise ValueError(f"`{edit}` is not an edit")
    config.write_text(json.dumps(values, indent=2), "utf-8")
    return shapes


def header_of(shapes: Mapping[str, Shape], dtype: str = "F32") -> bytes:
    """Return the header of a safetensors file with these tensors, one after the other."""
    entries: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    start = 0
    for name, shape in shapes.items():
        end = start + _size(shape, dtype)
        entries[name] = {"dtype": dtype, "shape": list(shape), "data_offsets": [start, end]}
        start = end
    text = json.dumps(entries, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text


def _size(shape: Shape, dtype: str = "F32") -> int:
    return math.prod(shape) * _BYTES[dtype]
