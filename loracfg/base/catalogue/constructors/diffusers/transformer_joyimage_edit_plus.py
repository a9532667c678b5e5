"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): transformer_joyimage_edit_plus. Made by `python -m loracfg.base.transcriber`."""
from .attention import AttentionMixin, AttentionModuleMixin, FeedForward
from .embeddings import PixArtAlphaTextProjection, TimestepEmbedding, Timesteps
from .normalization import FP32LayerNorm
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
import math

class JoyImageEditPlusModulate(nn.Module):

    def __init__(self, hidden_size, factor, dtype=None, device=None):
        super().__init__()
        self.factor = factor
        self.modulate_table = nn.Parameter(torch.zeros(1, factor, hidden_size, dtype=dtype, device=device) / hidden_size ** 0.5, requires_grad=True)

class JoyImageEditPlusAttnProcessor:
    _attention_backend = None
    _parallel_config = None

class JoyImageEditPlusAttention(nn.Module, AttentionModuleMixin):
    _default_processor_cls = JoyImageEditPlusAttnProcessor

    def __init__(self, dim, num_attention_heads, attention_head_dim, eps=1e-06, processor=None):
        super().__init__()
        self.heads = num_attention_heads
        self.head_dim = attention_head_dim
        inner_dim = num_attention_heads * attention_head_dim
        self.img_attn_qkv = nn.Linear(dim, inner_dim * 3, bias=True)
        self.img_attn_q_norm = nn.RMSNorm(attention_head_dim, eps=eps)
        self.img_attn_k_norm = nn.RMSNorm(attention_head_dim, eps=eps)
        self.img_attn_proj = nn.Linear(inner_dim, dim, bias=True)
        self.txt_attn_qkv = nn.Linear(dim, inner_dim * 3, bias=True)
        self.txt_attn_q_norm = nn.RMSNorm(attention_head_dim, eps=eps)
        self.txt_attn_k_norm = nn.RMSNorm(attention_head_dim, eps=eps)
        self.txt_attn_proj = nn.Linear(inner_dim, dim, bias=True)
        if processor is None:
            processor = self._default_processor_cls()
        self.set_processor(processor)

class JoyImageEditPlusTransformerBlock(nn.Module):

    def __init__(self, dim, num_attention_heads, attention_head_dim, mlp_width_ratio=4.0, eps=1e-06):
        super().__init__()
        self.dim = dim
        self.num_attention_heads = num_attention_heads
        self.attention_head_dim = attention_head_dim
        mlp_hidden_dim = int(dim * mlp_width_ratio)
        self.img_mod = JoyImageEditPlusModulate(dim, factor=6)
        self.img_norm1 = FP32LayerNorm(dim, elementwise_affine=False, eps=eps)
        self.img_norm2 = FP32LayerNorm(dim, elementwise_affine=False, eps=eps)
        self.img_mlp = FeedForward(dim, inner_dim=mlp_hidden_dim, activation_fn='gelu-approximate')
        self.txt_mod = JoyImageEditPlusModulate(dim, factor=6)
        self.txt_norm1 = FP32LayerNorm(dim, elementwise_affine=False, eps=eps)
        self.txt_norm2 = FP32LayerNorm(dim, elementwise_affine=False, eps=eps)
        self.txt_mlp = FeedForward(dim, inner_dim=mlp_hidden_dim, activation_fn='gelu-approximate')
        self.attn = JoyImageEditPlusAttention(dim, num_attention_heads, attention_head_dim, eps=eps)

class JoyImageEditPlusTimeTextImageEmbedding(nn.Module):

    def __init__(self, dim, time_freq_dim, time_proj_dim, text_embed_dim):
        super().__init__()
        self.timesteps_proj = Timesteps(num_channels=time_freq_dim, flip_sin_to_cos=True, downscale_freq_shift=0)
        self.time_embedder = TimestepEmbedding(in_channels=time_freq_dim, time_embed_dim=dim)
        self.act_fn = nn.SiLU()
        self.time_proj = nn.Linear(dim, time_proj_dim)
        self.text_embedder = PixArtAlphaTextProjection(text_embed_dim, dim, act_fn='gelu_tanh')

class JoyImageEditPlusTransformer3DModel(ModelMixin, ConfigMixin, AttentionMixin):
    _keep_in_fp32_modules = ['time_embedder', 'norm1', 'norm2', 'norm_out']

    @register_to_config
    def __init__(self, patch_size=[1, 2, 2], in_channels=16, out_channels=None, hidden_size=3072, num_attention_heads=24, text_dim=4096, mlp_width_ratio=4.0, num_layers=20, rope_dim_list=[16, 56, 56], rope_type='rope', theta=256):
        super().__init__()
        self.out_channels = out_channels or in_channels
        attention_head_dim = hidden_size // num_attention_heads
        if hidden_size % num_attention_heads != 0:
            raise ValueError(f'hidden_size ({hidden_size}) must be divisible by num_attention_heads ({num_attention_heads})')
        self.img_in = nn.Conv3d(in_channels, hidden_size, kernel_size=patch_size, stride=patch_size)
        self.condition_embedder = JoyImageEditPlusTimeTextImageEmbedding(dim=hidden_size, time_freq_dim=256, time_proj_dim=hidden_size * 6, text_embed_dim=text_dim)
        self.double_blocks = nn.ModuleList([JoyImageEditPlusTransformerBlock(dim=hidden_size, num_attention_heads=num_attention_heads, attention_head_dim=attention_head_dim, mlp_width_ratio=mlp_width_ratio) for _ in range(num_layers)])
        self.norm_out = FP32LayerNorm(hidden_size, elementwise_affine=False, eps=1e-06)
        self.proj_out = nn.Linear(hidden_size, self.out_channels * math.prod(patch_size))
        self.gradient_checkpointing = False
        for block in self.double_blocks:
            block.attn.set_processor(JoyImageEditPlusAttnProcessor())
