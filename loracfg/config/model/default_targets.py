"""PEFT's default targets by model type, for a `target_modules` that is null.

Source: `TRANSFORMERS_MODELS_TO_LORA_TARGET_MODULES_MAPPING` in `peft/utils/constants.py`, 0.21.2.
"""

from __future__ import annotations

from typing import Final

_QV = ("q_proj", "v_proj")
_QUERY_VALUE = ("query", "value")
_QKV = ("query_key_value",)

TARGET_MODULES: Final[dict[str, tuple[str, ...] | str]] = {
    "bart": _QV,
    "bert": _QUERY_VALUE,
    "blip-2": ("q", "v", "q_proj", "v_proj"),
    "bloom": _QKV,
    "btlm": ("c_proj", "c_attn"),
    "chatglm": _QKV,
    "codegen": ("qkv_proj",),
    "deberta": ("in_proj",),
    "deberta-v2": ("query_proj", "value_proj"),
    "electra": _QUERY_VALUE,
    "falcon": _QKV,
    "gemma": _QV,
    "gemma2": _QV,
    "gemma3_text": _QV,
    "gemma4": r".*language_model\..*\.(q_proj|v_proj)",
    "gpt2": ("c_attn",),
    "gpt_bigcode": ("c_attn",),
    "gpt_neo": _QV,
    "gpt_neox": _QKV,
    "gptj": _QV,
    "layoutlm": _QUERY_VALUE,
    "llama": _QV,
    "llama4": _QV,
    "mistral": _QV,
    "mixtral": _QV,
    "mpt": ("Wqkv",),
    "mt5": ("q", "v"),
    "nemotron_h": ("q_proj", "k_proj", "v_proj", "o_proj"),
    "opt": _QV,
    "phi": ("q_proj", "v_proj", "fc1", "fc2"),
    "qwen2": _QV,
    "qwen3": _QV,
    "RefinedWeb": _QKV,
    "RefinedWebModel": _QKV,
    "roberta": _QUERY_VALUE,
    "rwkv": ("key", "value", "receptance", "output"),
    "rwkv7": ("r_proj", "k_proj", "v_proj", "o_proj", "key", "value"),
    "stablelm": _QV,
    "t5": ("q", "v"),
    "xlm-roberta": _QUERY_VALUE,
}

EMBEDDING_NAMES: Final = ("embed_tokens", "lm_head")
"""Targets that make PEFT save whole embeddings (`EMBEDDING_LAYER_NAMES`)."""

ALL_LINEAR: Final = "all-linear"
"""Targets every linear layer except the output embedding; not case-sensitive."""

TASK_HEADS: Final = {
    "SEQ_CLS": ("classifier", "score"),
    "TOKEN_CLS": ("classifier", "score"),
    "QUESTION_ANS": ("qa_outputs",),
}
"""Heads that PEFT adds to `modules_to_save` for a task (`peft/peft_model.py`)."""
