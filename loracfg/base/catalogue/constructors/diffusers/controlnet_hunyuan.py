"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): controlnet_hunyuan. Made by `python -m loracfg.base.transcriber`."""
from .controlnet import zero_module
from .embeddings import HunyuanCombinedTimestepTextSizeStyleEmbedding, PatchEmbed, PixArtAlphaTextProjection
from .hunyuan_transformer_2d import HunyuanDiTBlock
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

class HunyuanDiT2DControlNetModel(ModelMixin, ConfigMixin):

    @register_to_config
    def __init__(self, conditioning_channels=3, num_attention_heads=16, attention_head_dim=88, in_channels=None, patch_size=None, activation_fn='gelu-approximate', sample_size=32, hidden_size=1152, transformer_num_layers=40, mlp_ratio=4.0, cross_attention_dim=1024, cross_attention_dim_t5=2048, pooled_projection_dim=1024, text_len=77, text_len_t5=256, use_style_cond_and_image_meta_size=True):
        super().__init__()
        self.num_heads = num_attention_heads
        self.inner_dim = num_attention_heads * attention_head_dim
        self.text_embedder = PixArtAlphaTextProjection(in_features=cross_attention_dim_t5, hidden_size=cross_attention_dim_t5 * 4, out_features=cross_attention_dim, act_fn='silu_fp32')
        self.text_embedding_padding = nn.Parameter(torch.randn(text_len + text_len_t5, cross_attention_dim, dtype=torch.float32))
        self.pos_embed = PatchEmbed(height=sample_size, width=sample_size, in_channels=in_channels, embed_dim=hidden_size, patch_size=patch_size, pos_embed_type=None)
        self.time_extra_emb = HunyuanCombinedTimestepTextSizeStyleEmbedding(hidden_size, pooled_projection_dim=pooled_projection_dim, seq_len=text_len_t5, cross_attention_dim=cross_attention_dim_t5, use_style_cond_and_image_meta_size=use_style_cond_and_image_meta_size)
        self.controlnet_blocks = nn.ModuleList([])
        self.blocks = nn.ModuleList([HunyuanDiTBlock(dim=self.inner_dim, num_attention_heads=self.config.num_attention_heads, activation_fn=activation_fn, ff_inner_dim=int(self.inner_dim * mlp_ratio), cross_attention_dim=cross_attention_dim, qk_norm=True, skip=False) for layer in range(transformer_num_layers // 2 - 1)])
        self.input_block = zero_module(nn.Linear(hidden_size, hidden_size))
        for _ in range(len(self.blocks)):
            controlnet_block = nn.Linear(hidden_size, hidden_size)
            controlnet_block = zero_module(controlnet_block)
            self.controlnet_blocks.append(controlnet_block)
