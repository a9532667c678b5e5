"""Tiny models of many types, with dimensions that differ wherever the architecture lets them.

Where two dimensions coincide, a wrong shape can pass for a right one; so hidden, intermediate and
vocabulary sizes differ, heads times head size is not the hidden size, and key-value heads are fewer
than heads, in every type whose config can say so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from transformers import PreTrainedConfig, PreTrainedModel

_DECODER: Final[dict[str, Any]] = {
    "vocab_size": 96,
    "hidden_size": 32,
    "intermediate_size": 56,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 64,
    "bos_token_id": 1,
    "eos_token_id": 2,
    "pad_token_id": 0,
}
_OWN_HEAD_SIZE: Final = _DECODER | {"head_dim": 10}
_GPT2: Final = {
    "vocab_size": 96,
    "n_embd": 32,
    "n_layer": 2,
    "n_head": 4,
    "n_inner": 56,
    "n_positions": 48,
    "bos_token_id": 1,
    "eos_token_id": 2,
}
_ENCODER: Final = {
    "vocab_size": 96,
    "hidden_size": 32,
    "intermediate_size": 56,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "max_position_embeddings": 40,
    "num_labels": 3,
}

FLUX: Final[dict[str, Any]] = {
    "patch_size": 1,
    "in_channels": 4,
    "num_layers": 1,
    "num_single_layers": 1,
    "attention_head_dim": 16,
    "num_attention_heads": 2,
    "joint_attention_dim": 24,
    "pooled_projection_dim": 20,
    "axes_dims_rope": (4, 4, 8),
}
"""Arguments of `FluxTransformer2DModel` of diffusers."""

CONFIGS: Final[dict[str, dict[str, Any]]] = {
    "llama": _DECODER,
    "mistral": _OWN_HEAD_SIZE | {"sliding_window": 16},
    "qwen2": _DECODER,
    "qwen3": _OWN_HEAD_SIZE,
    "qwen3_moe": _OWN_HEAD_SIZE
    | {
        "moe_intermediate_size": 24,
        "num_experts": 4,
        "num_experts_per_tok": 2,
        "mlp_only_layers": [0],
    },
    "gemma2": _OWN_HEAD_SIZE | {"query_pre_attn_scalar": 10, "sliding_window": 16},
    "phi3": _DECODER | {"original_max_position_embeddings": 64},
    "gpt2": _GPT2,
    "gpt_neox": {k: v for k, v in _DECODER.items() if k != "num_key_value_heads"},
    "opt": {
        "vocab_size": 96,
        "hidden_size": 32,
        "ffn_dim": 56,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "max_position_embeddings": 40,
        "word_embed_proj_dim": 24,
    },
    "falcon": {
        "vocab_size": 96,
        "hidden_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_kv_heads": 2,
        "new_decoder_architecture": True,
        "ffn_hidden_size": 56,
        "bos_token_id": 1,
        "eos_token_id": 2,
    },
    "bloom": {
        "vocab_size": 96,
        "hidden_size": 32,
        "n_layer": 2,
        "n_head": 4,
        "bos_token_id": 1,
        "eos_token_id": 2,
    },
    "bert": _ENCODER,
    "distilbert": {
        "vocab_size": 96,
        "dim": 32,
        "hidden_dim": 56,
        "n_layers": 2,
        "n_heads": 4,
        "max_position_embeddings": 40,
    },
    "t5": {
        "vocab_size": 96,
        "d_model": 32,
        "d_ff": 56,
        "d_kv": 10,
        "num_layers": 2,
        "num_heads": 4,
        "feed_forward_proj": "gated-gelu",
    },
    "bart": {
        "vocab_size": 96,
        "d_model": 32,
        "encoder_ffn_dim": 56,
        "decoder_ffn_dim": 48,
        "encoder_layers": 2,
        "decoder_layers": 2,
        "encoder_attention_heads": 4,
        "decoder_attention_heads": 4,
        "max_position_embeddings": 40,
    },
    "whisper": {
        "vocab_size": 96,
        "d_model": 32,
        "encoder_ffn_dim": 56,
        "decoder_ffn_dim": 48,
        "encoder_layers": 2,
        "decoder_layers": 2,
        "encoder_attention_heads": 4,
        "decoder_attention_heads": 4,
        "num_mel_bins": 20,
        "max_source_positions": 30,
        "max_target_positions": 28,
        "pad_token_id": 0,
        "bos_token_id": 1,
        "eos_token_id": 2,
        "decoder_start_token_id": 3,
    },
    "vit": {
        "hidden_size": 32,
        "intermediate_size": 56,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "image_size": 24,
        "patch_size": 6,
        "num_labels": 5,
    },
    "deepseek_v3": _DECODER
    | {
        "num_key_value_heads": 4,
        "moe_intermediate_size": 24,
        "n_routed_experts": 4,
        "n_shared_experts": 1,
        "num_experts_per_tok": 2,
        "n_group": 2,
        "topk_group": 1,
        "first_k_dense_replace": 1,
        "kv_lora_rank": 12,
        "q_lora_rank": 20,
        "qk_rope_head_dim": 4,
        "qk_nope_head_dim": 6,
        "v_head_dim": 10,
    },
    "mixtral": _OWN_HEAD_SIZE | {"num_local_experts": 4, "num_experts_per_tok": 2},
    "gpt_oss": _OWN_HEAD_SIZE | {"num_local_experts": 4, "num_experts_per_tok": 2},
    "mamba": {
        "vocab_size": 96,
        "hidden_size": 32,
        "state_size": 6,
        "num_hidden_layers": 2,
        "expand": 2,
        "conv_kernel": 4,
        "time_step_rank": 5,
    },
}
"""What each config says besides its type's defaults, by model type."""

_AUTO_CLASSES: Final = {
    "CAUSAL_LM": "AutoModelForCausalLM",
    "SEQ_2_SEQ_LM": "AutoModelForSeq2SeqLM",
    "SEQ_CLS": "AutoModelForSequenceClassification",
    "TOKEN_CLS": "AutoModelForTokenClassification",
    "QUESTION_ANS": "AutoModelForQuestionAnswering",
    "FEATURE_EXTRACTION": "AutoModel",
    "MASKED_LM": "AutoModelForMaskedLM",
    "SPEECH_SEQ_2_SEQ": "AutoModelForSpeechSeq2Seq",
    "IMAGE_CLS": "AutoModelForImageClassification",
}

_DEFAULT_HEADS: Final = {
    "bert": "MASKED_LM",
    "distilbert": "MASKED_LM",
    "t5": "SEQ_2_SEQ_LM",
    "bart": "SEQ_2_SEQ_LM",
    "whisper": "SPEECH_SEQ_2_SEQ",
    "vit": "IMAGE_CLS",
}


def default_head(model_type: str) -> str:
    """Return the head that a model of a type usually has."""
    return _DEFAULT_HEADS.get(model_type, "CAUSAL_LM")


def tiny_config(model_type: str, **changes: Any) -> PreTrainedConfig:
    """Return a config of two layers and small sizes, as the class that transformers has for it."""
    from transformers import AutoConfig

    config: PreTrainedConfig = AutoConfig.for_model(model_type, **CONFIGS[model_type] | changes)
    return config


def tiny_model(model_type: str, head: str | None = None, **changes: Any) -> PreTrainedModel:
    """Return a tiny model with random weights, the same ones every time.

    Args:
        model_type: one of `CONFIGS`.
        head: a PEFT task type, or `MASKED_LM`, `SPEECH_SEQ_2_SEQ`, `IMAGE_CLS`; by default the
            head that a model of the type usually has.
        changes: config values.
    """
    import torch
    import transformers

    auto_class = getattr(transformers, _AUTO_CLASSES[head or default_head(model_type)])
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model: PreTrainedModel = auto_class.from_config(
            tiny_config(model_type, **changes), attn_implementation="eager"
        )
    return model
