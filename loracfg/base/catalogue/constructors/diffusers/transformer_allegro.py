"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): transformer_allegro. Made by `python -m loracfg.base.transcriber`."""
from .attention import FeedForward
from .attention_processor import AllegroAttnProcessor2_0, Attention
from .cache_utils import CacheMixin
from .embeddings import PatchEmbed, PixArtAlphaTextProjection
from .normalization import AdaLayerNormSingle
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

class AllegroTransformerBlock(nn.Module):

    def __init__(self, dim, num_attention_heads, attention_head_dim, dropout=0.0, cross_attention_dim=None, activation_fn='geglu', attention_bias=False, norm_elementwise_affine=True, norm_eps=1e-05):
        super().__init__()
        self.norm1 = nn.LayerNorm(dim, elementwise_affine=norm_elementwise_affine, eps=norm_eps)
        self.attn1 = Attention(query_dim=dim, heads=num_attention_heads, dim_head=attention_head_dim, dropout=dropout, bias=attention_bias, cross_attention_dim=None, processor=AllegroAttnProcessor2_0())
        self.norm2 = nn.LayerNorm(dim, elementwise_affine=norm_elementwise_affine, eps=norm_eps)
        self.attn2 = Attention(query_dim=dim, cross_attention_dim=cross_attention_dim, heads=num_attention_heads, dim_head=attention_head_dim, dropout=dropout, bias=attention_bias, processor=AllegroAttnProcessor2_0())
        self.norm3 = nn.LayerNorm(dim, elementwise_affine=norm_elementwise_affine, eps=norm_eps)
        self.ff = FeedForward(dim, dropout=dropout, activation_fn=activation_fn)
        self.scale_shift_table = nn.Parameter(torch.randn(6, dim) / dim ** 0.5)

class AllegroTransformer3DModel(ModelMixin, ConfigMixin, CacheMixin):

    @register_to_config
    def __init__(self, patch_size=2, patch_size_t=1, num_attention_heads=24, attention_head_dim=96, in_channels=4, out_channels=4, num_layers=32, dropout=0.0, cross_attention_dim=2304, attention_bias=True, sample_height=90, sample_width=160, sample_frames=22, activation_fn='gelu-approximate', norm_elementwise_affine=False, norm_eps=1e-06, caption_channels=4096, interpolation_scale_h=2.0, interpolation_scale_w=2.0, interpolation_scale_t=2.2):
        super().__init__()
        self.inner_dim = num_attention_heads * attention_head_dim
        interpolation_scale_t = interpolation_scale_t if interpolation_scale_t is not None else (sample_frames - 1) // 16 + 1 if sample_frames % 2 == 1 else sample_frames // 16
        interpolation_scale_h = interpolation_scale_h if interpolation_scale_h is not None else sample_height / 30
        interpolation_scale_w = interpolation_scale_w if interpolation_scale_w is not None else sample_width / 40
        self.pos_embed = PatchEmbed(height=sample_height, width=sample_width, patch_size=patch_size, in_channels=in_channels, embed_dim=self.inner_dim, pos_embed_type=None)
        self.transformer_blocks = nn.ModuleList([AllegroTransformerBlock(self.inner_dim, num_attention_heads, attention_head_dim, dropout=dropout, cross_attention_dim=cross_attention_dim, activation_fn=activation_fn, attention_bias=attention_bias, norm_elementwise_affine=norm_elementwise_affine, norm_eps=norm_eps) for _ in range(num_layers)])
        self.norm_out = nn.LayerNorm(self.inner_dim, elementwise_affine=False, eps=1e-06)
        self.scale_shift_table = nn.Parameter(torch.randn(2, self.inner_dim) / self.inner_dim ** 0.5)
        self.proj_out = nn.Linear(self.inner_dim, patch_size * patch_size * out_channels)
        self.adaln_single = AdaLayerNormSingle(self.inner_dim, use_additional_conditions=False)
        self.caption_projection = PixArtAlphaTextProjection(in_features=caption_channels, hidden_size=self.inner_dim)
        self.gradient_checkpointing = False
