"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): transformer_longcat_audio_dit. Made by `python -m loracfg.base.transcriber`."""
from .attention import AttentionModuleMixin
from .normalization import RMSNorm
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

class AudioDiTSinusPositionEmbedding(nn.Module):

    def __init__(self, dim):
        super().__init__()
        self.dim = dim

class AudioDiTTimestepEmbedding(nn.Module):

    def __init__(self, dim, freq_embed_dim=256):
        super().__init__()
        self.time_embed = AudioDiTSinusPositionEmbedding(freq_embed_dim)
        self.time_mlp = nn.Sequential(nn.Linear(freq_embed_dim, dim), nn.SiLU(), nn.Linear(dim, dim))

class AudioDiTRotaryEmbedding(nn.Module):

    def __init__(self, dim, max_position_embeddings=2048, base=100000.0):
        super().__init__()
        self.dim = dim
        self.max_position_embeddings = max_position_embeddings
        self.base = base

class AudioDiTGRN(nn.Module):

    def __init__(self, dim):
        super().__init__()
        self.gamma = nn.Parameter(torch.zeros(1, 1, dim))
        self.beta = nn.Parameter(torch.zeros(1, 1, dim))

class AudioDiTConvNeXtV2Block(nn.Module):

    def __init__(self, dim, intermediate_dim, dilation=1, kernel_size=7, bias=True, eps=1e-06):
        super().__init__()
        padding = dilation * (kernel_size - 1) // 2
        self.dwconv = nn.Conv1d(dim, dim, kernel_size=kernel_size, padding=padding, groups=dim, dilation=dilation, bias=bias)
        self.norm = nn.LayerNorm(dim, eps=eps)
        self.pwconv1 = nn.Linear(dim, intermediate_dim, bias=bias)
        self.act = nn.SiLU()
        self.grn = AudioDiTGRN(intermediate_dim)
        self.pwconv2 = nn.Linear(intermediate_dim, dim, bias=bias)

class AudioDiTEmbedder(nn.Module):

    def __init__(self, in_dim, out_dim):
        super().__init__()
        self.proj = nn.Sequential(nn.Linear(in_dim, out_dim), nn.SiLU(), nn.Linear(out_dim, out_dim))

class AudioDiTAdaLNMLP(nn.Module):

    def __init__(self, in_dim, out_dim, bias=True):
        super().__init__()
        self.mlp = nn.Sequential(nn.SiLU(), nn.Linear(in_dim, out_dim, bias=bias))

class AudioDiTAdaLayerNormZeroFinal(nn.Module):

    def __init__(self, dim, bias=True, eps=1e-06):
        super().__init__()
        self.silu = nn.SiLU()
        self.linear = nn.Linear(dim, dim * 2, bias=bias)
        self.norm = nn.LayerNorm(dim, elementwise_affine=False, eps=eps)

class AudioDiTSelfAttnProcessor:
    _attention_backend = None
    _parallel_config = None

class AudioDiTAttention(nn.Module, AttentionModuleMixin):

    def __init__(self, q_dim, kv_dim, heads, dim_head, dropout=0.0, bias=True, qk_norm=False, eps=1e-06, processor=None):
        super().__init__()
        kv_dim = q_dim if kv_dim is None else kv_dim
        self.heads = heads
        self.inner_dim = dim_head * heads
        self.to_q = nn.Linear(q_dim, self.inner_dim, bias=bias)
        self.to_k = nn.Linear(kv_dim, self.inner_dim, bias=bias)
        self.to_v = nn.Linear(kv_dim, self.inner_dim, bias=bias)
        self.qk_norm = qk_norm
        if qk_norm:
            self.q_norm = RMSNorm(self.inner_dim, eps=eps)
            self.k_norm = RMSNorm(self.inner_dim, eps=eps)
        self.to_out = nn.ModuleList([nn.Linear(self.inner_dim, q_dim, bias=bias), nn.Dropout(dropout)])
        self.set_processor(processor or AudioDiTSelfAttnProcessor())

class AudioDiTCrossAttnProcessor:
    _attention_backend = None
    _parallel_config = None

class AudioDiTFeedForward(nn.Module):

    def __init__(self, dim, mult=4.0, dropout=0.0, bias=True):
        super().__init__()
        inner_dim = int(dim * mult)
        self.ff = nn.Sequential(nn.Linear(dim, inner_dim, bias=bias), nn.GELU(approximate='tanh'), nn.Dropout(dropout), nn.Linear(inner_dim, dim, bias=bias))

class AudioDiTBlock(nn.Module):

    def __init__(self, dim, cond_dim, heads, dim_head, dropout=0.0, bias=True, qk_norm=False, eps=1e-06, cross_attn=True, cross_attn_norm=False, adaln_type='global', adaln_use_text_cond=True, ff_mult=4.0):
        super().__init__()
        self.adaln_type = adaln_type
        self.adaln_use_text_cond = adaln_use_text_cond
        if adaln_type == 'local':
            self.adaln_mlp = AudioDiTAdaLNMLP(dim, dim * 6, bias=True)
        elif adaln_type == 'global':
            self.adaln_scale_shift = nn.Parameter(torch.randn(dim * 6) / dim ** 0.5)
        self.self_attn = AudioDiTAttention(dim, None, heads, dim_head, dropout=dropout, bias=bias, qk_norm=qk_norm, eps=eps)
        self.use_cross_attn = cross_attn
        if cross_attn:
            self.cross_attn = AudioDiTAttention(dim, cond_dim, heads, dim_head, dropout=dropout, bias=bias, qk_norm=qk_norm, eps=eps, processor=AudioDiTCrossAttnProcessor())
            self.cross_attn_norm = nn.LayerNorm(dim, elementwise_affine=True, eps=eps) if cross_attn_norm else nn.Identity()
            self.cross_attn_norm_c = nn.LayerNorm(cond_dim, elementwise_affine=True, eps=eps) if cross_attn_norm else nn.Identity()
        self.ffn = AudioDiTFeedForward(dim=dim, mult=ff_mult, dropout=dropout, bias=bias)

class LongCatAudioDiTTransformer(ModelMixin, ConfigMixin):

    @register_to_config
    def __init__(self, dit_dim=1536, dit_depth=24, dit_heads=24, dit_text_dim=768, latent_dim=64, dropout=0.0, bias=True, cross_attn=True, adaln_type='global', adaln_use_text_cond=True, long_skip=True, text_conv=True, qk_norm=True, cross_attn_norm=False, eps=1e-06, use_latent_condition=True, ff_mult=4.0):
        super().__init__()
        dim = dit_dim
        dim_head = dim // dit_heads
        self.time_embed = AudioDiTTimestepEmbedding(dim)
        self.input_embed = AudioDiTEmbedder(latent_dim, dim)
        self.text_embed = AudioDiTEmbedder(dit_text_dim, dim)
        self.rotary_embed = AudioDiTRotaryEmbedding(dim_head, 2048, base=100000.0)
        self.blocks = nn.ModuleList([AudioDiTBlock(dim=dim, cond_dim=dim, heads=dit_heads, dim_head=dim_head, dropout=dropout, bias=bias, qk_norm=qk_norm, eps=eps, cross_attn=cross_attn, cross_attn_norm=cross_attn_norm, adaln_type=adaln_type, adaln_use_text_cond=adaln_use_text_cond, ff_mult=ff_mult) for _ in range(dit_depth)])
        self.norm_out = AudioDiTAdaLayerNormZeroFinal(dim, bias=bias, eps=eps)
        self.proj_out = nn.Linear(dim, latent_dim)
        if adaln_type == 'global':
            self.adaln_global_mlp = AudioDiTAdaLNMLP(dim, dim * 6, bias=True)
        self.text_conv = text_conv
        if text_conv:
            self.text_conv_layer = nn.Sequential(*[AudioDiTConvNeXtV2Block(dim, dim * 2, bias=bias, eps=eps) for _ in range(4)])
        self.use_latent_condition = use_latent_condition
        if use_latent_condition:
            self.latent_embed = AudioDiTEmbedder(latent_dim, dim)
            self.latent_cond_embedder = AudioDiTEmbedder(dim * 2, dim)
        self._initialize_weights(bias=bias)

    def _initialize_weights(self, bias=True):
        if self.config.adaln_type == 'local':
            for block in self.blocks:
                if bias:
                    pass
        elif self.config.adaln_type == 'global':
            if bias:
                pass
        if bias:
            pass
