"""Tiny configs of models that hold a text model, whose modules releases of transformers rename."""

from __future__ import annotations

from typing import Any, Final

_TEXT: Final[dict[str, Any]] = {
    "vocab_size": 99,
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 64,
    "pad_token_id": 0,
    "bos_token_id": 1,
    "eos_token_id": 2,
}
_VISION: Final[dict[str, Any]] = {
    "hidden_size": 24,
    "intermediate_size": 40,
    "num_hidden_layers": 2,
    "num_attention_heads": 3,
    "image_size": 16,
    "patch_size": 8,
}
_CLIP: Final = _VISION | {"model_type": "clip_vision_model"}
_SIGLIP: Final = _VISION | {"model_type": "siglip_vision_model"}
_PIXTRAL: Final = _VISION | {"model_type": "pixtral", "num_attention_heads": 2, "head_dim": 12}
_QWEN: Final = _TEXT | {"rope_scaling": {"type": "mrope", "mrope_section": [1, 1, 2]}}
_QWEN_VISION: Final[dict[str, Any]] = {"depth": 2, "num_heads": 3, "patch_size": 8}


def _text(model_type: str, **values: Any) -> dict[str, Any]:
    return {**_TEXT, "head_dim": 10, "model_type": model_type, **values}


CONFIGS: Final[dict[str, dict[str, Any]]] = {
    "LlavaForConditionalGeneration": {
        "model_type": "llava",
        "text_config": _text("llama"),
        "vision_config": _CLIP,
    },
    "LlavaForConditionalGeneration with Pixtral": {
        "model_type": "llava",
        "text_config": _text("mistral"),
        "vision_config": _PIXTRAL,
    },
    "LlavaNextForConditionalGeneration": {
        "model_type": "llava_next",
        "text_config": _text("llama"),
        "vision_config": _CLIP,
    },
    "Qwen2VLForConditionalGeneration": {
        "model_type": "qwen2_vl",
        **_QWEN,
        "vision_config": _QWEN_VISION | {"embed_dim": 24, "hidden_size": 32, "mlp_ratio": 2},
    },
    "Qwen2_5_VLForConditionalGeneration": {
        "model_type": "qwen2_5_vl",
        **_QWEN,
        "vision_config": _QWEN_VISION
        | {
            "hidden_size": 24,
            "out_hidden_size": 32,
            "intermediate_size": 40,
            "fullatt_block_indexes": [1],
        },
    },
    "Gemma3ForConditionalGeneration": {
        "model_type": "gemma3",
        "text_config": _text("gemma3_text"),
        "vision_config": _SIGLIP,
        "mm_tokens_per_image": 4,
    },
    "Idefics3ForConditionalGeneration": {
        "model_type": "idefics3",
        "text_config": _text("llama"),
        "vision_config": _VISION | {"model_type": "idefics3_vision"},
    },
    "SmolVLMForConditionalGeneration": {
        "model_type": "smolvlm",
        "text_config": _text("llama"),
        "vision_config": _VISION | {"model_type": "smolvlm_vision"},
    },
    "PaliGemmaForConditionalGeneration": {
        "model_type": "paligemma",
        "text_config": _text("gemma"),
        "vision_config": _SIGLIP | {"projection_dim": 32},
        "projection_dim": 32,
    },
    "MllamaForConditionalGeneration": {
        "model_type": "mllama",
        "text_config": _TEXT
        | {
            "model_type": "mllama_text_model",
            "cross_attention_layers": [1],
            "rope_scaling": {"rope_type": "default"},
        },
        "vision_config": {
            "model_type": "mllama_vision_model",
            "hidden_size": 24,
            "intermediate_size": 40,
            "num_hidden_layers": 2,
            "num_global_layers": 1,
            "attention_heads": 3,
            "image_size": 16,
            "patch_size": 8,
            "vision_output_dim": 48,
            "intermediate_layers_indices": [0],
            "supported_aspect_ratios": [[1, 1]],
            "max_num_tiles": 1,
        },
    },
    "InternVLForConditionalGeneration": {
        "model_type": "internvl",
        "text_config": _text("qwen2"),
        "vision_config": _VISION
        | {"model_type": "internvl_vision", "image_size": [16, 16], "patch_size": [8, 8]},
    },
    "AyaVisionForConditionalGeneration": {
        "model_type": "aya_vision",
        "text_config": _text("cohere2"),
        "vision_config": _SIGLIP,
    },
    "Mistral3ForConditionalGeneration": {
        "model_type": "mistral3",
        "text_config": _text("mistral"),
        "vision_config": _PIXTRAL,
    },
    "VideoLlavaForConditionalGeneration": {
        "model_type": "video_llava",
        "text_config": _text("llama"),
        "vision_config": _CLIP,
    },
}
"""By model class; what follows the class tells two of one class apart."""

_OF_QWEN: Final = {"model.language_model.": "model.", "model.visual.": "visual."}
_OF_OTHERS: Final = {
    "model.language_model.": "language_model.model.",
    "model.vision_tower.": "vision_tower.",
    "model.vision_model.": "vision_model.",
    "model.video_tower.": "video_tower.",
    "model.image_tower.": "image_tower.",
}


def before_452(path: str, class_name: str) -> str:
    """Return where transformers before 4.52 had a module of transformers 4.57."""
    for new, old in (_OF_QWEN if class_name.startswith("Qwen") else _OF_OTHERS).items():
        if path.startswith(new) and not class_name.startswith(("Idefics3", "SmolVLM")):
            return old + path.removeprefix(new)
    return path
