"""Tiny bases of several architectures by the real classes, and adapters by the real PEFT."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from tests.made.make import Made

_SIZES: Final = {
    "vocab_size": 96,
    "hidden_size": 32,
    "intermediate_size": 56,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
}
_OLD: Final = {"vocab_size": 96, "n_embd": 32, "n_layer": 2, "n_head": 4}
_EXPERTS: Final = {"num_local_experts": 4, "num_experts_per_tok": 2}
_FALCON: Final = {key: _SIZES[key] for key in list(_SIZES)[:2]} | {
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
}


class Model(NamedTuple):
    """A model type, the sizes of a tiny one, and what adapters of it are for by default."""

    model_type: str
    sizes: dict[str, Any]
    targets: Sequence[str]


_ATTENTION: Final = ("q_proj", "v_proj")
MODELS: Final = {
    "GPT-2": Model("gpt2", _OLD, ["c_attn"]),
    "Falcon": Model("falcon", _FALCON, ["query_key_value"]),
    "BLOOM": Model("bloom", {**_OLD, "hidden_size": 32}, ["query_key_value"]),
    "OPT": Model("opt", {**_FALCON, "ffn_dim": 56, "word_embed_proj_dim": 32}, _ATTENTION),
    "GPT-J": Model("gptj", {**_OLD, "rotary_dim": 4}, _ATTENTION),
    "StableLM": Model("stablelm", _SIZES, _ATTENTION),
    "Mamba": Model(
        "mamba", {"vocab_size": 96, "hidden_size": 32, "num_hidden_layers": 2}, ["in_proj"]
    ),
    "Llama": Model("llama", _SIZES, _ATTENTION),
    "Qwen2": Model("qwen2", _SIZES, _ATTENTION),
    "Mixtral": Model("mixtral", _SIZES | _EXPERTS, _ATTENTION),
    "Gemma": Model("gemma", _SIZES | {"head_dim": 8}, _ATTENTION),
}


def make(name: str, root: Path, targets: Sequence[str] = (), **config: Any) -> Made:
    """Make an adapter of a model, by default for the modules that adapters of it are for."""
    import peft
    from transformers import AutoConfig, AutoModelForCausalLM

    model_type, sizes, usual = MODELS[name]
    base, adapter = root / "base", root / "adapter"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = AutoModelForCausalLM.from_config(  # type: ignore[no-untyped-call]
            AutoConfig.for_model(model_type, **sizes)
        )
        model.save_pretrained(base)
        wanted = peft.LoraConfig(
            r=8,
            lora_alpha=8,
            target_modules=list(targets or usual),
            task_type="CAUSAL_LM",
            base_model_name_or_path=str(base),
            **config,
        )
        peft.get_peft_model(model, wanted).save_pretrained(str(adapter))
    return Made(adapter, base)
