"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): transformer_wan_animate_2. Made by `python -m loracfg.base.transcriber`."""
from .attention import AttentionMixin, AttentionModuleMixin
from .embeddings import Timesteps
from .normalization import FP32LayerNorm
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
import math

class WanAnimate2AttnProcessor:
    _attention_backend = None
    _parallel_config = None

class WanAnimate2CrossAttnProcessor:
    _attention_backend = None
    _parallel_config = None

class WanAnimate2Attention(torch.nn.Module, AttentionModuleMixin):
    _default_processor_cls = WanAnimate2AttnProcessor

    def __init__(self, dim, heads, eps=1e-06, dropout=0.0, added_kv_proj_dim=None, processor=None, is_cross_attention=False):
        super().__init__()
        self.heads = heads
        self.added_kv_proj_dim = added_kv_proj_dim
        self.is_cross_attention = is_cross_attention
        self.use_bias = True
        self.to_q = torch.nn.Linear(dim, dim, bias=True)
        self.to_k = torch.nn.Linear(dim, dim, bias=True)
        self.to_v = torch.nn.Linear(dim, dim, bias=True)
        self.to_out = torch.nn.ModuleList([torch.nn.Linear(dim, dim, bias=True), torch.nn.Dropout(dropout)])
        self.norm_q = torch.nn.RMSNorm(dim, eps=eps, elementwise_affine=True)
        self.norm_k = torch.nn.RMSNorm(dim, eps=eps, elementwise_affine=True)
        self.add_k_proj = self.add_v_proj = None
        if added_kv_proj_dim is not None:
            self.add_k_proj = torch.nn.Linear(added_kv_proj_dim, dim, bias=True)
            self.add_v_proj = torch.nn.Linear(added_kv_proj_dim, dim, bias=True)
            self.norm_added_k = torch.nn.RMSNorm(dim, eps=eps, elementwise_affine=True)
        self.set_processor(processor if processor is not None else self._default_processor_cls())

class WanAnimate2TransformerBlock(nn.Module):

    def __init__(self, dim, ffn_dim, num_heads, cross_attn_norm=False, eps=1e-06, refer_stride=1, use_img_emb=True):
        super().__init__()
        self.refer_stride = refer_stride
        self.norm1 = FP32LayerNorm(dim, eps, elementwise_affine=False)
        self.self_attn = WanAnimate2Attention(dim=dim, heads=num_heads, eps=eps, processor=WanAnimate2AttnProcessor())
        self.norm3 = FP32LayerNorm(dim, eps, elementwise_affine=True) if cross_attn_norm else nn.Identity()
        self.cross_attn = WanAnimate2Attention(dim=dim, heads=num_heads, eps=eps, added_kv_proj_dim=dim if use_img_emb else None, is_cross_attention=True, processor=WanAnimate2CrossAttnProcessor())
        self.norm2 = FP32LayerNorm(dim, eps, elementwise_affine=False)
        self.ffn = nn.Sequential(nn.Linear(dim, ffn_dim), nn.GELU(approximate='tanh'), nn.Linear(ffn_dim, dim))
        self.modulation = nn.Parameter(torch.randn(1, 6, dim) / dim ** 0.5)

class Head(nn.Module):

    def __init__(self, dim, out_dim, patch_size, eps=1e-06):
        super().__init__()
        self.dim = dim
        self.out_dim = out_dim
        self.patch_size = patch_size
        self.eps = eps
        out_dim = math.prod(patch_size) * out_dim
        self.norm = FP32LayerNorm(dim, eps, elementwise_affine=False)
        self.head = nn.Linear(dim, out_dim)
        self.modulation = nn.Parameter(torch.randn(1, 2, dim) / dim ** 0.5)

class MLPProj(torch.nn.Module):

    def __init__(self, in_dim, out_dim):
        super().__init__()
        self.proj = torch.nn.Sequential(torch.nn.LayerNorm(in_dim), torch.nn.Linear(in_dim, in_dim), torch.nn.GELU(), torch.nn.Linear(in_dim, out_dim), torch.nn.LayerNorm(out_dim))

class WanAnimate2Transformer3DModel(ModelMixin, ConfigMixin, AttentionMixin):
    _keep_in_fp32_modules = ['time_embedding', 'time_projection', 'scale_shift_table', 'norm1', 'norm2', 'norm3', 'modulation']

    @register_to_config
    def __init__(self, patch_size=(1, 2, 2), text_len=512, in_dim=36, dim=5120, ffn_dim=13824, freq_dim=256, text_dim=4096, out_dim=16, num_heads=40, num_layers=40, cross_attn_norm=True, eps=1e-06, use_img_emb=True, refer_offset_t=1, refer_offset_h=0, refer_offset_w=-1, refer_stride=1):
        super().__init__()
        if dim % num_heads != 0 or dim // num_heads % 2 != 0:
            raise ValueError(f'`dim` ({dim}) must split into an even head size across `num_heads` ({num_heads}).')
        self.patch_embedding = nn.Conv3d(in_dim, dim, kernel_size=patch_size, stride=patch_size)
        self.text_embedding = nn.Sequential(nn.Linear(text_dim, dim), nn.GELU(approximate='tanh'), nn.Linear(dim, dim))
        self.timesteps_proj = Timesteps(num_channels=freq_dim, flip_sin_to_cos=True, downscale_freq_shift=0)
        self.time_embedding = nn.Sequential(nn.Linear(freq_dim, dim), nn.SiLU(), nn.Linear(dim, dim))
        self.time_projection = nn.Sequential(nn.SiLU(), nn.Linear(dim, dim * 6))
        self.blocks = nn.ModuleList([WanAnimate2TransformerBlock(dim, ffn_dim, num_heads, cross_attn_norm, eps, refer_stride, use_img_emb=use_img_emb) for _ in range(num_layers)])
        self.head = Head(dim, out_dim, patch_size, eps)
        if use_img_emb:
            self.img_emb = MLPProj(1280, dim)
        self.gradient_checkpointing = False
        self.block_masks = {}
        self.rope_freqs_cache = {}
