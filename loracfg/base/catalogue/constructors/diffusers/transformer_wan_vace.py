"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): transformer_wan_vace. Made by `python -m loracfg.base.transcriber`."""
from .attention import AttentionMixin, FeedForward
from .cache_utils import CacheMixin
from .normalization import FP32LayerNorm
from .transformer_wan import WanAttention, WanAttnProcessor, WanRotaryPosEmbed, WanTimeTextImageEmbedding, WanTransformerBlock
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
import math

class WanVACETransformerBlock(nn.Module):

    def __init__(self, dim, ffn_dim, num_heads, qk_norm='rms_norm_across_heads', cross_attn_norm=False, eps=1e-06, added_kv_proj_dim=None, apply_input_projection=False, apply_output_projection=False):
        super().__init__()
        self.proj_in = None
        if apply_input_projection:
            self.proj_in = nn.Linear(dim, dim)
        self.norm1 = FP32LayerNorm(dim, eps, elementwise_affine=False)
        self.attn1 = WanAttention(dim=dim, heads=num_heads, dim_head=dim // num_heads, eps=eps, processor=WanAttnProcessor())
        self.attn2 = WanAttention(dim=dim, heads=num_heads, dim_head=dim // num_heads, eps=eps, added_kv_proj_dim=added_kv_proj_dim, processor=WanAttnProcessor(), is_cross_attention=True)
        self.norm2 = FP32LayerNorm(dim, eps, elementwise_affine=True) if cross_attn_norm else nn.Identity()
        self.ffn = FeedForward(dim, inner_dim=ffn_dim, activation_fn='gelu-approximate')
        self.norm3 = FP32LayerNorm(dim, eps, elementwise_affine=False)
        self.proj_out = None
        if apply_output_projection:
            self.proj_out = nn.Linear(dim, dim)
        self.scale_shift_table = nn.Parameter(torch.randn(1, 6, dim) / dim ** 0.5)

class WanVACETransformer3DModel(ModelMixin, ConfigMixin, CacheMixin, AttentionMixin):
    _keep_in_fp32_modules = ['rope', 'time_embedder', 'scale_shift_table', 'norm1', 'norm2', 'norm3']

    @register_to_config
    def __init__(self, patch_size=(1, 2, 2), num_attention_heads=40, attention_head_dim=128, in_channels=16, out_channels=16, text_dim=4096, freq_dim=256, ffn_dim=13824, num_layers=40, cross_attn_norm=True, qk_norm='rms_norm_across_heads', eps=1e-06, image_dim=None, added_kv_proj_dim=None, rope_max_seq_len=1024, pos_embed_seq_len=None, vace_layers=[0, 5, 10, 15, 20, 25, 30, 35], vace_in_channels=96):
        super().__init__()
        inner_dim = num_attention_heads * attention_head_dim
        out_channels = out_channels or in_channels
        if max(vace_layers) >= num_layers:
            raise ValueError(f'VACE layers {vace_layers} exceed the number of transformer layers {num_layers}.')
        if 0 not in vace_layers:
            raise ValueError('VACE layers must include layer 0.')
        self.rope = WanRotaryPosEmbed(attention_head_dim, patch_size, rope_max_seq_len)
        self.patch_embedding = nn.Conv3d(in_channels, inner_dim, kernel_size=patch_size, stride=patch_size)
        self.vace_patch_embedding = nn.Conv3d(vace_in_channels, inner_dim, kernel_size=patch_size, stride=patch_size)
        self.condition_embedder = WanTimeTextImageEmbedding(dim=inner_dim, time_freq_dim=freq_dim, time_proj_dim=inner_dim * 6, text_embed_dim=text_dim, image_embed_dim=image_dim, pos_embed_seq_len=pos_embed_seq_len)
        self.blocks = nn.ModuleList([WanTransformerBlock(inner_dim, ffn_dim, num_attention_heads, qk_norm, cross_attn_norm, eps, added_kv_proj_dim) for _ in range(num_layers)])
        self.vace_blocks = nn.ModuleList([WanVACETransformerBlock(inner_dim, ffn_dim, num_attention_heads, qk_norm, cross_attn_norm, eps, added_kv_proj_dim, apply_input_projection=i == 0, apply_output_projection=True) for i in range(len(vace_layers))])
        self.norm_out = FP32LayerNorm(inner_dim, eps, elementwise_affine=False)
        self.proj_out = nn.Linear(inner_dim, out_channels * math.prod(patch_size))
        self.scale_shift_table = nn.Parameter(torch.randn(1, 2, inner_dim) / inner_dim ** 0.5)
        self.gradient_checkpointing = False
