"""The starting points for drawing configs of diffusers: published configs with fewer layers.

Only keys that differ from the constructor's defaults are listed. Widths are the published ones.
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
    "AutoencoderKLHunyuanImage": [
        {"in_channels": 3, "out_channels": 3, "latent_channels": 64, "layers_per_block": 2,
         "block_out_channels": [128, 256, 512, 512, 1024, 1024], "sample_size": 384,
         "spatial_compression_ratio": 32},
    ],
    "ControlNetUnionModel": [
        {**{k: v for k, v in _SDXL.items() if k not in _NOT_IN_CONTROLNET},
         "conditioning_embedding_out_channels": [16, 32, 96, 256]},
    ],
    "DreamLiteTransformer2DModel": [
        {"in_channels": 320, "cross_attention_dim": 2048, "num_attention_heads": 5,
         "attention_head_dim": 64},
    ],
    "EasyAnimateTransformer3DModel": [
        {"in_channels": 16, "out_channels": 16, "patch_size": 2, "num_layers": 3,
         "mmdit_layers": 2},
        {"in_channels": 33, "out_channels": 16, "patch_size": 2, "num_layers": 3,
         "mmdit_layers": 3, "text_embed_dim_t5": 4096, "add_norm_text_encoder": True},
    ],
    "HiDreamImageTransformer2DModel": [
        {"patch_size": 2, "in_channels": 16, "num_layers": 2, "num_single_layers": 3,
         "caption_channels": [4096, 4096], "axes_dims_rope": [64, 32, 32],
         "llama_layers": [0, 1, 2, 3, 31]},
    ],
    "HunyuanDiT2DControlNetModel": [
        {"transformer_num_layers": 4, "hidden_size": 1408, "patch_size": 2, "in_channels": 4,
         "activation_fn": "gelu-approximate", "sample_size": 128, "mlp_ratio": 4.3637},
    ],
    "HunyuanDiT2DModel": [
        {"num_layers": 4, "hidden_size": 1408, "patch_size": 2, "in_channels": 4,
         "activation_fn": "gelu-approximate", "sample_size": 128, "mlp_ratio": 4.3637},
    ],
    "LatteTransformer3DModel": [
        {"num_layers": 3, "attention_head_dim": 72, "in_channels": 4, "out_channels": 8,
         "patch_size": 2, "activation_fn": "gelu-approximate", "caption_channels": 4096,
         "cross_attention_dim": 1152, "norm_type": "ada_norm_single", "attention_bias": True,
         "norm_elementwise_affine": False},
    ],
    "LuminaNextDiT2DModel": [{"num_layers": 3, "num_kv_heads": 8}],
    "OmniGenTransformer2DModel": [
        {"num_layers": 2, "rope_scaling": {"long_factor": [1.0] * 48, "short_factor": [1.0] * 48,
         "type": "su"}},
    ],
    "Transformer2DModel": [
        {"in_channels": 320, "norm_type": "layer_norm", "cross_attention_dim": 768},
        {"in_channels": 4, "norm_type": "ada_norm_zero", "patch_size": 2, "sample_size": 32,
         "attention_head_dim": 72, "num_embeds_ada_norm": 1000, "out_channels": 8,
         "activation_fn": "gelu-approximate", "norm_elementwise_affine": False},
        {"in_channels": 4, "norm_type": "ada_norm_single", "patch_size": 2, "sample_size": 64,
         "attention_head_dim": 72, "cross_attention_dim": 1152, "caption_channels": 4096},
        {"num_vector_embeds": 2887, "norm_type": "ada_norm", "num_embeds_ada_norm": 100,
         "sample_size": 32},
    ],
    "TransformerTemporalModel": [{"in_channels": 320}],
    "WanVACETransformer3DModel": [
        {"num_layers": 4, "vace_layers": [0, 2]},
        {"num_layers": 4, "vace_layers": [0, 1, 3], "num_attention_heads": 12, "ffn_dim": 8960},
    ],
    "ZImageControlNetModel": [
        {"control_layers_places": [0, 1, 2], "control_in_dim": 16},
        {"control_layers_places": [0, 2], "control_refiner_layers_places": [0, 1],
         "control_in_dim": 33, "add_control_noise_refiner": "control_noise_refiner"},
    ],
    "Lumina2Transformer2DModel": [{"num_layers": 3, "cap_feat_dim": 2304}],
}  # fmt: skip
"""The starting points for a class, in addition to its defaults."""

WITHOUT_DEFAULTS: Final = frozenset(
    (
        "AutoencoderKLHunyuanImage",
        "ControlNetUnionModel",
        "DreamLiteTransformer2DModel",
        "EasyAnimateTransformer3DModel",
        "HiDreamImageTransformer2DModel",
        "HunyuanDiT2DControlNetModel",
        "HunyuanDiT2DModel",
        "LatteTransformer3DModel",
        "LuminaNextDiT2DModel",
        "OmniGenTransformer2DModel",
        "Transformer2DModel",
        "TransformerTemporalModel",
        "WanVACETransformer3DModel",
        "ZImageControlNetModel",
    )
)
"""Classes with constructors that reject their own defaults."""
