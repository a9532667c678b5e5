"""Tiny bases on which options that mean modules are resolved: their configs, and their trees."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from loracfg.base.architecture import Architecture
from loracfg.base.catalogue import lookup
from tests import zoo

_TEXT: Final[dict[str, Any]] = {
    "hidden_size": 64,
    "intermediate_size": 128,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "vocab_size": 96,
    "pad_token_id": 0,
}
_VISION: Final[dict[str, Any]] = {
    "hidden_size": 64,
    "intermediate_size": 96,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
}

_CLASSES: Final = {
    "llama": "LlamaForCausalLM",
    "mistral": "MistralForCausalLM",
    "qwen2": "Qwen2ForCausalLM",
    "qwen3": "Qwen3ForCausalLM",
    "qwen3_moe": "Qwen3MoeForCausalLM",
    "gemma2": "Gemma2ForCausalLM",
    "phi3": "Phi3ForCausalLM",
    "gpt2": "GPT2LMHeadModel",
    "gpt_neox": "GPTNeoXForCausalLM",
    "falcon": "FalconForCausalLM",
    "bloom": "BloomForCausalLM",
    "opt": "OPTForCausalLM",
    "deepseek_v3": "DeepseekV3ForCausalLM",
    "mixtral": "MixtralForCausalLM",
}
_TOWERS: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "qwen2_vl": (
        "Qwen2VLForConditionalGeneration",
        {"text_config": _TEXT, "vision_config": {"depth": 2, "embed_dim": 64, "num_heads": 4}},
    ),
    "qwen2_5_vl": (
        "Qwen2_5_VLForConditionalGeneration",
        {"text_config": _TEXT, "vision_config": {"depth": 2, "hidden_size": 64, "num_heads": 4}},
    ),
    "qwen3_vl": (
        "Qwen3VLForConditionalGeneration",
        {
            "text_config": _TEXT,
            "vision_config": {
                "depth": 2,
                "hidden_size": 64,
                "num_heads": 4,
                "deepstack_visual_indexes": [0],
            },
        },
    ),
    "gemma3": (
        "Gemma3ForConditionalGeneration",
        {"text_config": _TEXT | {"head_dim": 16}, "vision_config": _VISION},
    ),
    "llava": (
        "LlavaForConditionalGeneration",
        {
            "text_config": _TEXT | {"model_type": "llama"},
            "vision_config": _VISION | {"model_type": "clip_vision_model"},
        },
    ),
    "mllama": (
        "MllamaForConditionalGeneration",
        {
            "text_config": _TEXT | {"cross_attention_layers": [1]},
            "vision_config": {
                "hidden_size": 64,
                "num_hidden_layers": 2,
                "num_global_layers": 1,
                "attention_heads": 4,
                "intermediate_size": 96,
                "vision_output_dim": 128,
                "intermediate_layers_indices": [0],
            },
        },
    ),
    "idefics3": (
        "Idefics3ForConditionalGeneration",
        {"text_config": _TEXT | {"model_type": "llama"}, "vision_config": _VISION},
    ),
    "glm4v": (
        "Glm4vForConditionalGeneration",
        {"text_config": _TEXT, "vision_config": {"depth": 2, "hidden_size": 64, "num_heads": 4}},
    ),
}

CONFIGS: Final[dict[str, dict[str, Any]]] = {
    **{
        name: zoo.CONFIGS[name] | {"model_type": name, "architectures": [class_name]}
        for name, class_name in _CLASSES.items()
    },
    **{
        name: config | {"model_type": name, "architectures": [class_name]}
        for name, (class_name, config) in _TOWERS.items()
    },
}
"""Configs of bases, by model type, as `config.json` has them."""

TEXT: Final = tuple(_CLASSES)
"""The names of bases without towers."""


@cache
def tree_of(name: str) -> Architecture:
    """Return the module tree of a base."""
    config = CONFIGS[name]
    return lookup.build(config, config["architectures"][0])
