"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): controlnet_cosmos. Made by `python -m loracfg.base.transcriber`."""
from .transformer_cosmos import CosmosEmbedding, CosmosLearnablePositionalEmbed, CosmosPatchEmbed, CosmosRotaryPosEmbed, CosmosTransformerBlock
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

class CosmosControlNetModel(ModelMixin, ConfigMixin):
    _keep_in_fp32_modules = ['learnable_pos_embed']

    @register_to_config
    def __init__(self, n_controlnet_blocks=4, in_channels=130, latent_channels=18, model_channels=2048, num_attention_heads=32, attention_head_dim=128, mlp_ratio=4.0, text_embed_dim=1024, adaln_lora_dim=256, patch_size=(1, 2, 2), max_size=(128, 240, 240), rope_scale=(2.0, 1.0, 1.0), extra_pos_embed_type=None, img_context_dim_in=None, img_context_dim_out=2048, use_crossattn_projection=False, crossattn_proj_in_channels=1024, encoder_hidden_states_channels=1024):
        super().__init__()
        self.patch_embed = CosmosPatchEmbed(in_channels, model_channels, patch_size, bias=False)
        self.patch_embed_base = CosmosPatchEmbed(latent_channels, model_channels, patch_size, bias=False)
        self.time_embed = CosmosEmbedding(model_channels, model_channels)
        self.learnable_pos_embed = None
        if extra_pos_embed_type == 'learnable':
            self.learnable_pos_embed = CosmosLearnablePositionalEmbed(hidden_size=model_channels, max_size=max_size, patch_size=patch_size)
        self.img_context_proj = None
        if img_context_dim_in is not None and img_context_dim_in > 0:
            self.img_context_proj = nn.Sequential(nn.Linear(img_context_dim_in, img_context_dim_out, bias=True), nn.GELU())
        self.crossattn_proj = None
        if use_crossattn_projection:
            self.crossattn_proj = nn.Sequential(nn.Linear(crossattn_proj_in_channels, encoder_hidden_states_channels, bias=True), nn.GELU())
        self.rope = CosmosRotaryPosEmbed(hidden_size=attention_head_dim, max_size=max_size, patch_size=patch_size, rope_scale=rope_scale)
        self.control_blocks = nn.ModuleList([CosmosTransformerBlock(num_attention_heads=num_attention_heads, attention_head_dim=attention_head_dim, cross_attention_dim=text_embed_dim, mlp_ratio=mlp_ratio, adaln_lora_dim=adaln_lora_dim, qk_norm='rms_norm', out_bias=False, img_context=img_context_dim_in is not None and img_context_dim_in > 0, before_proj=block_idx == 0, after_proj=True) for block_idx in range(n_controlnet_blocks)])
        self.gradient_checkpointing = False
