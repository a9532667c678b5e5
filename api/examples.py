"""Example requests in the OpenAPI document; tests send each of them."""

from __future__ import annotations

from typing import Any, Final

_LAYER: Final = "base_model.model.model.layers.0.self_attn.q_proj"
_CONFIG: Final = {
    "peft_type": "LORA",
    "task_type": "CAUSAL_LM",
    "r": 8,
    "lora_alpha": 16,
    "target_modules": ["q_proj"],
}
_HEADER: Final = {
    f"{_LAYER}.lora_A.weight": {"dtype": "F32", "shape": [8, 64], "data_offsets": [0, 2048]},
    f"{_LAYER}.lora_B.weight": {"dtype": "F32", "shape": [64, 8], "data_offsets": [2048, 4096]},
}
_BASE: Final = {
    "config": {
        "model_type": "llama",
        "architectures": ["LlamaForCausalLM"],
        "hidden_size": 64,
        "num_attention_heads": 4,
        "num_hidden_layers": 1,
    }
}

VALIDATION: Final[dict[str, dict[str, Any]]] = {
    "fits": {"config": _CONFIG, "weights": {"header": _HEADER}, "base": _BASE},
    "wrong rank": {"config": {**_CONFIG, "r": 4}, "weights": {"header": _HEADER}, "base": _BASE},
    "base by model type": {"config": _CONFIG, "weights": {"header": _HEADER}, "base": "llama"},
    "first bytes": {
        "name": "adapter",
        "config": '{"peft_type": "LORA", "r": 8}',
        "weights": {"head": "AgAAAAAAAAB7fQ==", "size": 10},
        "options": {"peft": "0.12", "ignore": ["LC3", "unnamed-base"]},
    },
}
PLAN: Final[dict[str, dict[str, Any]]] = {
    "rank 8": {"config": _CONFIG, "base": _BASE},
    "misspelt": {"config": {**_CONFIG, "target_modules": ["q_prj"]}, "base": _BASE},
    "memory": {
        "config": _CONFIG,
        "base": "llama",
        "training": {"dtype": "bfloat16", "optimizer": "adamw_8bit", "quantization": "4bit"},
        "suggest": True,
    },
}
MIGRATION: Final[dict[str, dict[str, Any]]] = {
    "to an older release": {"config": {**_CONFIG, "use_dora": False}, "to": "0.8.2"}
}
