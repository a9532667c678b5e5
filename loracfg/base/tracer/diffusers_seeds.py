"""Where draws of diffusers' configs begin: configs as published, by class, with fewer layers.

Only keys that differ from the defaults of the constructor are given. Widths are those published.
"""

from __future__ import annotations

from typing import Any, Final

Seed = dict[str, Any]

_CROSS_DOWN: Final = "CrossAttnDownBlock2D"
_CROSS_UP: Final = "CrossAttnUpBlock2D"

_SD15: Final[Seed] = {"sample_size": 64, "cross_attention_dim": 768}
_SD21: Final[Seed] = {
    "sample_size": 96,
    "attention_head_dim": [5, 10, 20, 20],
    "cross_attention_dim": 1024,
    "use_linear_projection": True,
    "upcast_attention": True,
}
_SDXL: Final[Seed] = {
    "sample_size": 128,
    "block_out_channels": [320, 640, 1280],
    "down_block_types": ["DownBlock2D", _CROSS_DOWN, _CROSS_DOWN],
    "up_block_types": [_CROSS_UP, _CROSS_UP, "UpBlock2D"],
    "attention_head_dim": [5, 10, 20],
    "cross_attention_dim": 2048,
    "transformer_layers_per_block": [1, 2, 3],
    "use_linear_projection": True,
    "upcast_attention": None,
    "addition_embed_type": "text_time",
    "addition_time_embed_dim": 256,
    "projection_class_embeddings_input_dim": 2816,
}
_REFINER: Final[Seed] = {
    "sample_size": 128,
    "block_out_channels": [384, 768, 1536, 1536],
    "down_block_types": ["DownBlock2D", _CROSS_DOWN, _CROSS_DOWN, "DownBlock2D"],
    "up_block_types": ["UpBlock2D", _CROSS_UP, _CROSS_UP, "UpBlock2D"],
    "attention_head_dim": [6, 12, 24, 24],
    "transformer_layers_per_block": 2,
    "use_linear_projection": True,
    "addition_embed_type": "text_time",
    "addition_time_embed_dim": 256,
    "projection_class_embeddings_input_dim": 2560,
}
_UPSCALER: Final[Seed] = {
    "sample_size": 128,
    "in_channels": 7,
    "block_out_channels": [256, 512, 512, 1024],
    "down_block_types": ["DownBlock2D", _CROSS_DOWN, _CROSS_DOWN, _CROSS_DOWN],
    "up_block_types": [_CROSS_UP, _CROSS_UP, _CROSS_UP, "UpBlock2D"],
    "cross_attention_dim": 1024,
    "only_cross_attention": [True, True, True, False],
    "num_class_embeds": 1000,
    "use_linear_projection": True,
}
_UNCLIP: Final[Seed] = {
    **_SD21,
    "class_embed_type": "projection",
    "projection_class_embeddings_input_dim": 2048,
}
_KOLORS: Final[Seed] = {
    **_SDXL,
    "encoder_hid_dim": 4096,
    "encoder_hid_dim_type": "text_proj",
    "projection_class_embeddings_input_dim": 5632,
}

_FLUX: Final[Seed] = {"num_layers": 3, "num_single_layers": 4}
_SD35: Final[Seed] = {
    "num_layers": 4,
    "num_attention_heads": 24,
    "caption_projection_dim": 1536,
    "pos_embed_max_size": 384,
    "dual_attention_layers": [0, 1, 2],
    "qk_norm": "rms_norm",
}
_WAN_I2V: Final[Seed] = {
    "num_layers": 3,
    "in_channels": 36,
    "image_dim": 1280,
    "added_kv_proj_dim": 5120,
}
_VAE: Final[Seed] = {
    "block_out_channels": [128, 256, 512, 512],
    "down_block_types": ["DownEncoderBlock2D"] * 4,
    "up_block_types": ["UpDecoderBlock2D"] * 4,
    "layers_per_block": 2,
    "sample_size": 256,
}

_NOT_IN_CONTROLNET: Final = ("sample_size", "up_block_types")

SEEDS: Final[dict[str, list[Seed]]] = {
    "UNet2DConditionModel": [
        _SD15,
        _SD21,
        _SDXL,
        {**_SD15, "in_channels": 9},
        {**_SDXL, "time_cond_proj_dim": 256},
        {**_SD15, "time_cond_proj_dim": 256},
        _REFINER,
        _UPSCALER,
        _UNCLIP,
        _KOLORS,
    ],
    "FluxTransformer2DModel": [_FLUX, {**_FLUX, "guidance_embeds": True}],
    "SD3Transformer2DModel": [
        _SD35,
        {"num_layers": 4, "num_attention_heads": 24, "caption_projection_dim": 1536},
        {**_SD35, "num_attention_heads": 38, "caption_projection_dim": 2432,
         "dual_attention_layers": []},
    ],
    "WanTransformer3DModel": [
        {"num_layers": 3},
        {"num_layers": 4, "num_attention_heads": 12, "ffn_dim": 8960},
        _WAN_I2V,
        {**_WAN_I2V, "pos_embed_seq_len": 514},
        {"num_layers": 3, "num_attention_heads": 24, "ffn_dim": 14336, "in_channels": 48,
         "out_channels": 48},
    ],
    "AutoencoderKL": [
        _VAE,
        {**_VAE, "latent_channels": 16, "use_quant_conv": False, "use_post_quant_conv": False,
         "scaling_factor": 0.3611, "shift_factor": 0.1159},
    ],
    "ControlNetModel": [
        *(
            {key: value for key, value in seed.items() if key not in _NOT_IN_CONTROLNET}
            for seed in (_SD15, _SD21, _SDXL)
        ),
    ],
    "PixArtTransformer2DModel": [
        {"num_layers": 3, "caption_channels": 4096, "sample_size": 64},
        {"num_layers": 3, "caption_channels": 4096, "sample_size": 128,
         "use_additional_conditions": False},
    ],
    "HunyuanVideoTransformer3DModel": [{"num_layers": 3, "num_single_layers": 4}],
    "QwenImageTransformer2DModel": [{"num_layers": 3}],
    "SanaTransformer2DModel": [
        {"num_layers": 3},
        {"num_layers": 3, "guidance_embeds": True, "qk_norm": "rms_norm_across_heads"},
    ],
    "CogVideoXTransformer3DModel": [
        {"num_layers": 3},
        {"num_layers": 3, "num_attention_heads": 48, "use_rotary_positional_embeddings": True},
        {"num_layers": 3, "num_attention_heads": 48, "use_rotary_positional_embeddings": True,
         "in_channels": 32, "use_learned_positional_embeddings": True},
        {"num_layers": 3, "num_attention_heads": 48, "use_rotary_positional_embeddings": True,
         "patch_size_t": 2, "patch_bias": False},
    ],
    "LTXVideoTransformer3DModel": [{"num_layers": 3}],
    "AuraFlowTransformer2DModel": [{"num_mmdit_layers": 2, "num_single_dit_layers": 3}],
    "Lumina2Transformer2DModel": [{"num_layers": 3, "cap_feat_dim": 2304}],
}  # fmt: skip
"""The classes that the catalogue has of diffusers, with what draws begin at."""
