"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): transformer_helios. Made by `python -m loracfg.base.transcriber`."""
from .attention import AttentionMixin, AttentionModuleMixin, FeedForward
from .cache_utils import CacheMixin
from .embeddings import PixArtAlphaTextProjection, TimestepEmbedding, Timesteps
from .normalization import FP32LayerNorm
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import functional as F, nn
from loracfg.base.catalogue.stand_ins.turns import range
import math

class HeliosOutputNorm(nn.Module):

    def __init__(self, dim, eps=1e-06, elementwise_affine=False):
        super().__init__()
        self.scale_shift_table = nn.Parameter(torch.randn(1, 2, dim) / dim ** 0.5)
        self.norm = FP32LayerNorm(dim, eps, elementwise_affine=False)

class HeliosAttnProcessor:
    _attention_backend = None
    _parallel_config = None

    def __init__(self):
        if not hasattr(F, 'scaled_dot_product_attention'):
            raise ImportError('HeliosAttnProcessor requires PyTorch 2.0. To use it, please upgrade PyTorch to version 2.0 or higher.')

class HeliosAttention(torch.nn.Module, AttentionModuleMixin):
    _default_processor_cls = HeliosAttnProcessor

    def __init__(self, dim, heads=8, dim_head=64, eps=1e-05, dropout=0.0, added_kv_proj_dim=None, cross_attention_dim_head=None, processor=None, is_cross_attention=None, is_amplify_history=False, history_scale_mode='per_head'):
        super().__init__()
        self.inner_dim = dim_head * heads
        self.heads = heads
        self.added_kv_proj_dim = added_kv_proj_dim
        self.cross_attention_dim_head = cross_attention_dim_head
        self.kv_inner_dim = self.inner_dim if cross_attention_dim_head is None else cross_attention_dim_head * heads
        self.to_q = torch.nn.Linear(dim, self.inner_dim, bias=True)
        self.to_k = torch.nn.Linear(dim, self.kv_inner_dim, bias=True)
        self.to_v = torch.nn.Linear(dim, self.kv_inner_dim, bias=True)
        self.to_out = torch.nn.ModuleList([torch.nn.Linear(self.inner_dim, dim, bias=True), torch.nn.Dropout(dropout)])
        self.norm_q = torch.nn.RMSNorm(dim_head * heads, eps=eps, elementwise_affine=True)
        self.norm_k = torch.nn.RMSNorm(dim_head * heads, eps=eps, elementwise_affine=True)
        self.add_k_proj = self.add_v_proj = None
        if added_kv_proj_dim is not None:
            self.add_k_proj = torch.nn.Linear(added_kv_proj_dim, self.inner_dim, bias=True)
            self.add_v_proj = torch.nn.Linear(added_kv_proj_dim, self.inner_dim, bias=True)
            self.norm_added_k = torch.nn.RMSNorm(dim_head * heads, eps=eps)
        if is_cross_attention is not None:
            self.is_cross_attention = is_cross_attention
        else:
            self.is_cross_attention = cross_attention_dim_head is not None
        self.set_processor(processor)
        self.is_amplify_history = is_amplify_history
        if is_amplify_history:
            if history_scale_mode == 'scalar':
                self.history_key_scale = nn.Parameter(torch.ones(1))
            elif history_scale_mode == 'per_head':
                self.history_key_scale = nn.Parameter(torch.ones(heads))
            else:
                raise ValueError(f'Unknown history_scale_mode: {history_scale_mode}')
            self.history_scale_mode = history_scale_mode
            self.max_scale = 10.0

class HeliosTimeTextEmbedding(nn.Module):

    def __init__(self, dim, time_freq_dim, time_proj_dim, text_embed_dim):
        super().__init__()
        self.timesteps_proj = Timesteps(num_channels=time_freq_dim, flip_sin_to_cos=True, downscale_freq_shift=0)
        self.time_embedder = TimestepEmbedding(in_channels=time_freq_dim, time_embed_dim=dim)
        self.act_fn = nn.SiLU()
        self.time_proj = nn.Linear(dim, time_proj_dim)
        self.text_embedder = PixArtAlphaTextProjection(text_embed_dim, dim, act_fn='gelu_tanh')

class HeliosRotaryPosEmbed(nn.Module):

    def __init__(self, rope_dim, theta):
        super().__init__()
        self.DT, self.DY, self.DX = rope_dim
        self.theta = theta
        self.register_buffer('freqs_base_t', self._get_freqs_base(self.DT), persistent=False)
        self.register_buffer('freqs_base_y', self._get_freqs_base(self.DY), persistent=False)
        self.register_buffer('freqs_base_x', self._get_freqs_base(self.DX), persistent=False)

    def _get_freqs_base(self, dim):
        return 1.0 / self.theta ** (torch.arange(0, dim, 2, dtype=torch.float32)[:dim // 2] / dim)

class HeliosTransformerBlock(nn.Module):

    def __init__(self, dim, ffn_dim, num_heads, qk_norm='rms_norm_across_heads', cross_attn_norm=False, eps=1e-06, added_kv_proj_dim=None, guidance_cross_attn=False, is_amplify_history=False, history_scale_mode='per_head'):
        super().__init__()
        self.norm1 = FP32LayerNorm(dim, eps, elementwise_affine=False)
        self.attn1 = HeliosAttention(dim=dim, heads=num_heads, dim_head=dim // num_heads, eps=eps, cross_attention_dim_head=None, processor=HeliosAttnProcessor(), is_amplify_history=is_amplify_history, history_scale_mode=history_scale_mode)
        self.attn2 = HeliosAttention(dim=dim, heads=num_heads, dim_head=dim // num_heads, eps=eps, added_kv_proj_dim=added_kv_proj_dim, cross_attention_dim_head=dim // num_heads, processor=HeliosAttnProcessor())
        self.norm2 = FP32LayerNorm(dim, eps, elementwise_affine=True) if cross_attn_norm else nn.Identity()
        self.ffn = FeedForward(dim, inner_dim=ffn_dim, activation_fn='gelu-approximate')
        self.norm3 = FP32LayerNorm(dim, eps, elementwise_affine=False)
        self.scale_shift_table = nn.Parameter(torch.randn(1, 6, dim) / dim ** 0.5)
        self.guidance_cross_attn = guidance_cross_attn

class HeliosTransformer3DModel(ModelMixin, ConfigMixin, CacheMixin, AttentionMixin):
    _keep_in_fp32_modules = ['time_embedder', 'scale_shift_table', 'norm1', 'norm2', 'norm3', 'history_key_scale']

    @register_to_config
    def __init__(self, patch_size=(1, 2, 2), num_attention_heads=40, attention_head_dim=128, in_channels=16, out_channels=16, text_dim=4096, freq_dim=256, ffn_dim=13824, num_layers=40, cross_attn_norm=True, qk_norm='rms_norm_across_heads', eps=1e-06, added_kv_proj_dim=None, rope_dim=(44, 42, 42), rope_theta=10000.0, guidance_cross_attn=True, zero_history_timestep=True, has_multi_term_memory_patch=True, is_amplify_history=False, history_scale_mode='per_head'):
        super().__init__()
        inner_dim = num_attention_heads * attention_head_dim
        out_channels = out_channels or in_channels
        self.rope = HeliosRotaryPosEmbed(rope_dim=rope_dim, theta=rope_theta)
        self.patch_embedding = nn.Conv3d(in_channels, inner_dim, kernel_size=patch_size, stride=patch_size)
        self.zero_history_timestep = zero_history_timestep
        if has_multi_term_memory_patch:
            self.patch_short = nn.Conv3d(in_channels, inner_dim, kernel_size=patch_size, stride=patch_size)
            self.patch_mid = nn.Conv3d(in_channels, inner_dim, kernel_size=tuple((2 * p for p in patch_size)), stride=tuple((2 * p for p in patch_size)))
            self.patch_long = nn.Conv3d(in_channels, inner_dim, kernel_size=tuple((4 * p for p in patch_size)), stride=tuple((4 * p for p in patch_size)))
        self.condition_embedder = HeliosTimeTextEmbedding(dim=inner_dim, time_freq_dim=freq_dim, time_proj_dim=inner_dim * 6, text_embed_dim=text_dim)
        self.blocks = nn.ModuleList([HeliosTransformerBlock(inner_dim, ffn_dim, num_attention_heads, qk_norm, cross_attn_norm, eps, added_kv_proj_dim, guidance_cross_attn=guidance_cross_attn, is_amplify_history=is_amplify_history, history_scale_mode=history_scale_mode) for _ in range(num_layers)])
        self.norm_out = HeliosOutputNorm(inner_dim, eps, elementwise_affine=False)
        self.proj_out = nn.Linear(inner_dim, out_channels * math.prod(patch_size))
        self.gradient_checkpointing = False
