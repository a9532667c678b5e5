"""Checkpoints with only headers, and holes in the file for the data."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path

from loracfg.adapter.header.safetensors_file import DTYPE_BITS
from loracfg.adapter.header.tensor import Shape, Tensor

Entry = Shape | tuple[str, Shape]
"""A shape (in BF16), or a dtype and a shape."""


def tensors_of(entries: Mapping[str, Entry]) -> dict[str, Tensor]:
    """Return tensors by name."""
    return {name: Tensor(name, *_typed(entry)) for name, entry in entries.items()}


def write_checkpoint(path: Path, entries: Mapping[str, Entry]) -> None:
    """Write a safetensors file with these tensors, without using disk space for their data."""
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    end = 0
    for name, entry in entries.items():
        dtype, shape = _typed(entry)
        size = math.prod(shape) * DTYPE_BITS[dtype] // 8
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [end, end + size]}
        end += size
    data = json.dumps(header).encode()
    with path.open("wb") as stream:
        stream.write(len(data).to_bytes(8, "little") + data)
        stream.truncate(8 + len(data) + end)


def write_index(folder: Path, shards: Mapping[str, Mapping[str, Entry]]) -> None:
    """Write shards by file name, and their index."""
    for name, entries in shards.items():
        write_checkpoint(folder / name, entries)
    weight_map = {tensor: name for name, entries in shards.items() for tensor in entries}
    index = {"metadata": {}, "weight_map": weight_map}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))


def llama(layers: int = 32, hidden: int = 4096, prefix: str = "model.") -> dict[str, Entry]:
    """Return the tensors of a Llama checkpoint, by default with the sizes of Llama-3-8B."""
    key, inner, vocab = hidden // 4, hidden * 7 // 2, 128256
    layer: dict[str, Entry] = {
        "self_attn.q_proj.weight": (hidden, hidden),
        "self_attn.k_proj.weight": (key, hidden),
        "self_attn.v_proj.weight": (key, hidden),
        "self_attn.o_proj.weight": (hidden, hidden),
        "mlp.gate_proj.weight": (inner, hidden),
        "mlp.up_proj.weight": (inner, hidden),
        "mlp.down_proj.weight": (hidden, inner),
        "input_layernorm.weight": (hidden,),
        "post_attention_layernorm.weight": (hidden,),
    }
    entries: dict[str, Entry] = {f"{prefix}embed_tokens.weight": (vocab, hidden)}
    for index in range(layers):
        entries |= {f"{prefix}layers.{index}.{name}": shape for name, shape in layer.items()}
    return entries | {f"{prefix}norm.weight": (hidden,), "lm_head.weight": (vocab, hidden)}


def _typed(entry: Entry) -> tuple[str, Shape]:
    if len(entry) == 2 and isinstance(entry[1], tuple):
        return str(entry[0]), entry[1]
    return "BF16", tuple(size for size in entry if isinstance(size, int))
