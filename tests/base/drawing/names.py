"""Keys that are drawn in a special way, and configs for types that need some keys."""

from __future__ import annotations

from typing import Any, Final

UNCHANGED: Final = frozenset(
    (
        "architectures",
        "attribute_map",
        "auto_map",
        "bad_words_ids",
        "base_model_ep_plan",
        "base_model_fsdp_plan",
        "base_model_pp_plan",
        "base_model_tp_plan",
        "begin_suppress_tokens",
        "chunk_size_feed_forward",
        "default_rope_type",
        "default_theta",
        "dropna",
        "dtype",
        "finetuning_task",
        "forced_decoder_ids",
        "gradient_checkpointing",
        "id2label",
        "ignore_keys_at_rope_validation",
        "initializer_factor",
        "initializer_range",
        "is_composition",
        "is_heterogeneous",
        "keys_to_ignore_at_inference",
        "label2id",
        "loss_type",
        "model_type",
        "name_or_path",
        "num_labels",
        "out_features",
        "out_indices",
        "output_attentions",
        "output_hidden_states",
        "per_layer_config",
        "prefix",
        "problem_type",
        "pruned_heads",
        "quantization_config",
        "return_dict",
        "rope_parameters",
        "rope_scaling",
        "stage_names",
        "sub_configs",
        "sub_configs_defaults",
        "suppress_tokens",
        "task_specific_params",
        "tf_legacy_loss",
        "tokenizer_class",
        "torch_dtype",
        "torchscript",
        "transformers_version",
        "use_bfloat16",
        "use_cache",
        "use_pretrained_backbone",
        "use_return_dict",
    )
)
"""Keys that are drawn in a special way, or that no module depends on."""

SEEDS: Final[dict[str, list[dict[str, Any]]]] = {
    "encoder-decoder": [{"encoder": {"model_type": "bert"}, "decoder": {"model_type": "bert"}}],
    "gemma4_assistant": [{"text_config": {"hidden_size_per_layer_input": 0}}],
    "nougat": [{"encoder": {"model_type": "donut-swin"}, "decoder": {"model_type": "mbart"}}],
    "rag": [{"question_encoder": {"model_type": "dpr"}, "generator": {"model_type": "bart"}}],
    "speech-encoder-decoder": [
        {"encoder": {"model_type": "wav2vec2"}, "decoder": {"model_type": "bert"}}
    ],
    "vision-encoder-decoder": [
        {"encoder": {"model_type": "vit"}, "decoder": {"model_type": "gpt2"}}
    ],
    "vision-text-dual-encoder": [
        {"vision_config": {"model_type": "clip"}, "text_config": {"model_type": "bert"}}
    ],
    **{
        name: [
            {
                "text_encoder": {"model_type": "t5"},
                "audio_encoder": {"model_type": "encodec"},
                "decoder": {"model_type": f"{name}_decoder"},
            }
        ]
        for name in ("musicgen", "musicgen_melody")
    },
}
"""Configs for types that need some keys."""

_VOCABULARY: Final = {"<image>": 3, "<|extra_200|>": 4, "<|visual token 000001|>": 5}
_MROPE: Final = {"rope_type": "default", "mrope_section": [24, 20, 20]}
_ROPE: Final = {"rope_type": "default", "rope_theta": 10_000.0}

REQUIRED: Final[dict[str, dict[str, Any]]] = {
    "autoformer": {"prediction_length": 12},
    "chameleon": {"vocabulary_map": _VOCABULARY},
    "cohere_compass_text": {
        "rope_parameters": {"full_attention": _ROPE, "sliding_attention": _ROPE}
    },
    "dbrx": {"attn_config": {"rope_theta": 10_000.0}},
    "diffusion_gemma_text": {"num_experts": 4, "top_k_experts": 2, "moe_intermediate_size": 64},
    "dots1": {"n_routed_experts": 8, "n_shared_experts": 1, "num_experts_per_tok": 2},
    "emu3": {"vocabulary_map": _VOCABULARY},
    "esm": {"vocab_size": 33, "pad_token_id": 1, "mask_token_id": 32},
    "hunyuan_v1_dense": {"head_dim": 128},
    "hunyuan_v1_moe": {"head_dim": 128},
    "hunyuan_vl_text": {"head_dim": 128},
    "informer": {"prediction_length": 12},
    "ministral": {"head_dim": 128},
    "moonshine_streaming": {"num_key_value_heads": 8},
    "nemotron": {"num_key_value_heads": 8},
    "qwen3_omni_moe_talker_text": {"shared_expert_intermediate_size": 512},
    "qwen3_vl_moe_text": {"rope_scaling": _MROPE},
    "qwen3_vl_text": {"rope_scaling": _MROPE},
    "timm_backbone": {"backbone": "resnet18"},
    "time_series_transformer": {"prediction_length": 12},
}
"""Keys without a default that models of a type need in one of the releases."""

SPELLED: Final = {
    "deepseek_ocr2_text": "mlp_layer_types",
    "lfm2_moe": "layer_types",
}
"""The required key with a word for each layer, which has no default, by type."""
