"""The rows of the notes on engines, as adapters that PEFT makes, changed as the rows say."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.made.make import Made, make, save_base
from tests.made.recipes import Recipe
from tests.zoo import tiny_model

Change = Callable[[Path], None]
"""What is done to the folder of an adapter that PEFT saved."""

PLAIN: Final[dict[str, Any]] = {"r": 8, "lora_alpha": 8, "target_modules": ["q_proj", "v_proj"]}
"""A scale of 1, which diffusers gives every adapter."""

WEIGHTS: Final = "adapter_model.safetensors"
OTHER_BASE: Final = {"hidden_size": 64, "num_attention_heads": 8, "num_key_value_heads": 4}
METADATA: Final = {"r": 8, "lora_alpha": 8}


@dataclass(frozen=True)
class Row:
    """How to make one adapter, and what to change of it; `served_on` are changes of its base."""

    config: dict[str, Any] = field(default_factory=dict)
    change: Change | None = None
    model_type: str = "llama"
    head: str | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    served_on: dict[str, Any] = field(default_factory=dict)
    rows_added: int = 0


def config(**values: Any) -> Change:
    """Change keys of the config; `...` removes one."""

    def change(folder: Path) -> None:
        path = folder / "adapter_config.json"
        found = json.loads(path.read_text()) | values
        path.write_text(json.dumps({k: v for k, v in found.items() if v is not ...}))

    return change


def tensors(change: Callable[[dict[str, Any]], dict[str, Any]], **metadata: str) -> Change:
    """Change the tensors of the weight file."""

    def apply(folder: Path) -> None:
        from safetensors.torch import load_file, save_file

        changed = change(load_file(folder / WEIGHTS))
        save_file(changed, folder / WEIGHTS, {"format": "pt", **metadata})

    return apply


def renamed(old: str, new: str) -> Change:
    """Rename tensors."""
    return tensors(lambda found: {re.sub(old, new, name): t for name, t in found.items()})


def dropped(pattern: str) -> Change:
    """Remove tensors."""
    return tensors(lambda found: {n: t for n, t in found.items() if not re.search(pattern, n)})


def cast(dtype: str) -> Change:
    """Give all tensors another dtype."""

    def change(found: dict[str, Any]) -> dict[str, Any]:
        import torch

        return {name: tensor.to(getattr(torch, dtype)) for name, tensor in found.items()}

    return tensors(change)


def with_metadata(**values: Any) -> Change:
    """Write the config into the metadata, as diffusers does."""
    return tensors(lambda found: found, lora_adapter_metadata=json.dumps(METADATA | values))


def pickled(*, keep: bool) -> Change:
    """Write `adapter_model.bin`, beside the other file or in its place."""

    def change(folder: Path) -> None:
        import torch
        from safetensors.torch import load_file

        torch.save(load_file(folder / WEIGHTS), folder / "adapter_model.bin")
        if not keep:
            (folder / WEIGHTS).unlink()

    return change


def with_layer(found: dict[str, Any]) -> dict[str, Any]:
    """Add the tensors of a layer that the base does not have."""
    copies = {n.replace(".1.", ".2."): t.clone() for n, t in found.items() if ".layers.1." in n}
    return found | copies


def with_single_experts(found: dict[str, Any]) -> dict[str, Any]:
    """Add the factors of every expert of a small Mixtral, as transformers 4 names them."""
    import torch

    sizes = {"w1": (32, 56), "w2": (56, 32), "w3": (32, 56)}
    for layer in range(2):
        for expert in range(4):
            for name, (into, out) in sizes.items():
                stem = f"base_model.model.model.layers.{layer}.block_sparse_moe.experts.{expert}"
                found[f"{stem}.{name}.lora_A.weight"] = torch.zeros(8, into)
                found[f"{stem}.{name}.lora_B.weight"] = torch.zeros(out, 8)
    return found


def single_experts(folder: Path) -> None:
    """Make it an adapter of a Mixtral that was trained with transformers 4."""
    tensors(with_single_experts)(folder)
    config(target_modules=["q_proj", "v_proj", "w1", "w2", "w3"])(folder)


def write(name: str, text: str) -> Change:
    """Add a file."""

    def change(folder: Path) -> None:
        (folder / name).write_text(text)

    return change


def copied(folder: Path) -> None:
    """Add another weight file."""
    shutil.copy(folder / WEIGHTS, folder / "other.safetensors")


DEFAULT: Final[dict[str, Row]] = {
    "plain, r 8, alpha 16": Row({"lora_alpha": 16}),
    "use_rslora": Row({"use_rslora": True}),
    "alpha_pattern": Row({"alpha_pattern": {"v_proj": 32}}),
    "rank_pattern (within max rank)": Row({"rank_pattern": {"v_proj": 4}}),
    "use_dora": Row({"use_dora": True}),
    "DoRA tensors, flag off": Row({"use_dora": True}, config(use_dora=False)),
    "lora_bias": Row({"lora_bias": True}, changes={"attention_bias": True}),
    "bias all / lora_only": Row({"bias": "all"}, changes={"attention_bias": True}),
    "modules_to_save lm_head / embed_tokens": Row({"modules_to_save": ["lm_head"]}),
    "modules_to_save norms": Row({"modules_to_save": ["input_layernorm"]}),
    "modules_to_save score (seq-cls)": Row({"task_type": "SEQ_CLS"}, head="SEQ_CLS"),
    "trainable_token_indices": Row({"trainable_token_indices": [1, 2]}),
    "embed_tokens LoRA": Row({"target_modules": ["q_proj", "v_proj", "embed_tokens"]}),
    "lm_head LoRA, untied": Row({"target_modules": ["q_proj", "v_proj", "lm_head"]}),
    "lm_head LoRA, tied base": Row(
        {"target_modules": ["q_proj", "v_proj", "lm_head"]}, changes={"tie_word_embeddings": True}
    ),
    "resized vocab (embeddings saved)": Row(rows_added=4),
    "regex target_modules": Row({"target_modules": r".*\.(q|v)_proj"}),
    "all-linear (full paths since saved)": Row({"target_modules": "all-linear"}),
    "layers_to_transform / partial layers": Row({"layers_to_transform": [0]}),
    "q_proj only / k,v without q / up without gate": Row({"target_modules": ["q_proj"]}),
    "layer_replication": Row({"layer_replication": [[0, 2], [0, 2]]}),
    "aLoRA tokens": Row({"alora_invocation_tokens": [1, 2], "task_type": "CAUSAL_LM"}),
    "pissa / olora / corda / loftq unconverted": Row({"init_lora_weights": "pissa"}),
    "target_parameters, fused experts": Row(
        {
            "target_modules": [],
            "target_parameters": ["experts.gate_up_proj", "experts.down_proj"],
        },
        model_type="qwen3_moe",
    ),
    "old per-expert MoE keys": Row({}, single_experts, model_type="mixtral"),
    "wrong module path prefix": Row(
        {}, renamed(r"^base_model\.model\.", "base_model.model.language_model.")
    ),
    "base_model.model. missing": Row({}, renamed(r"^base_model\.model\.", "")),
    "adapter name in key (.default.)": Row({}, renamed(r"\.weight$", ".default.weight")),
    "config r != tensor rank": Row({}, config(r=4)),
    "dims smaller than base": Row(served_on=OTHER_BASE),
    "target_modules narrower than tensors": Row({}, config(target_modules=["v_proj"])),
    "extra layer tensors": Row({}, tensors(with_layer)),
    "lora_A without lora_B": Row({}, dropped(r"layers\.1.*v_proj\.lora_B")),
    "lora_alpha missing": Row({"r": 16, "lora_alpha": 32}, config(lora_alpha=...)),
    "peft_type missing": Row({}, config(peft_type=...)),
    "unknown config key": Row({}, config(not_a_key=1)),
    "r below 8 or not multiple of 16": Row({"r": 4, "lora_alpha": 4}),
    "float lora_alpha (16.0)": Row({"lora_alpha": 8.0}),
    "lora_alpha 0": Row({}, config(lora_alpha=0)),
    "adapter_model.bin only": Row({}, pickled(keep=False)),
    "both .bin and .safetensors": Row({}, pickled(keep=True)),
    "second *.safetensors in dir": Row({}, copied),
    "int8 / float8 tensors": Row({}, cast("float8_e4m3fn")),
    "added_tokens.json beyond vocab": Row({}, write("added_tokens.json", '{"<x>": 96}')),
}
"""Every row of the notes."""

_UNSCRAMBLED: Final = {"target_modules": ["v_proj", "o_proj"]}

SPECIAL: Final[dict[tuple[str, str], Row]] = {
    ("dif", "config r != tensor rank"): Row({}, with_metadata(r=4)),
    ("dif", "unknown config key"): Row({}, with_metadata(not_a_key=1)),
    ("Oll", "regex target_modules"): Row({"target_modules": r".*\.(v|o)_proj"}),
    ("Oll", "embed_tokens LoRA"): Row({"target_modules": ["v_proj", "embed_tokens"]}),
    ("Oll", "lm_head LoRA, untied"): Row({"target_modules": ["v_proj", "lm_head"]}),
    ("Oll", "q_proj only / k,v without q / up without gate"): Row({"target_modules": ["up_proj"]}),
    ("Oll", "target_modules narrower than tensors"): Row(
        _UNSCRAMBLED, config(target_modules=["o_proj"])
    ),
}
"""Rows that say something else of one column."""


def row_for(column: str, name: str) -> Row:
    """Return the row as it is for a column; Ollama scrambles `q_proj`, which is another row."""
    row = SPECIAL.get((column, name), DEFAULT[name])
    if column == "Oll" and "target_modules" not in row.config and not name.startswith("plain"):
        return Row(
            _UNSCRAMBLED | row.config,
            row.change,
            row.model_type,
            row.head,
            row.changes,
            row.served_on,
            row.rows_added,
        )
    return row


def build(row: Row, root: Path, name: str) -> Made:
    """Make the adapter of a row below a folder, and the base that it is served on."""
    recipe = Recipe(PLAIN | row.config, row.head, row.changes)
    made = _resized(row, recipe, root, name) if row.rows_added else None
    made = made or _made(row, recipe, root, name)
    if row.change:
        row.change(made.adapter)
    if not row.served_on:
        return made
    served = Recipe(changes=row.changes | row.served_on)
    model = tiny_model(row.model_type, None, **served.changes)
    return Made(made.adapter, save_base(model, row.model_type, served, root))


def _made(row: Row, recipe: Recipe, root: Path, name: str) -> Made:
    if row.model_type == "mixtral":
        base = root / "bases" / "mixtral"
        _write_mixtral(base)
        return Made(_made(Row(row.config), recipe, root, name).adapter, base)
    found = make(row.model_type, recipe, root, name)
    assert isinstance(found, Made), found
    return found


def _write_mixtral(folder: Path) -> None:
    from transformers import MixtralConfig

    MixtralConfig(
        vocab_size=96,
        hidden_size=32,
        intermediate_size=56,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        num_local_experts=4,
        architectures=["MixtralForCausalLM"],
    ).save_pretrained(folder)


def _resized(row: Row, recipe: Recipe, root: Path, name: str) -> Made:
    """Make an adapter of a model whose vocabulary grew before it was trained."""
    import peft

    model = tiny_model(row.model_type)
    base = save_base(model, row.model_type, Recipe(), root)
    model.resize_token_embeddings(model.config.vocab_size + row.rows_added)
    adapter = root / "adapters" / row.model_type / name
    wrapped = peft.get_peft_model(model, peft.LoraConfig(**recipe.config))
    wrapped.save_pretrained(str(adapter), save_embedding_layers=True)
    return Made(adapter, base)
