"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): transformer_stable_audio3. Made by `python -m loracfg.base.transcriber`."""
from .attention import AttentionMixin, AttentionModuleMixin
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

class StableAudio3RMSNorm(nn.Module):

    def __init__(self, dim, eps=1e-06, force_fp32=True):
        super().__init__()
        self.eps = eps
        self.force_fp32 = force_fp32
        self.gamma = nn.Parameter(torch.ones(dim))

class StableAudio3ExpoFourierFeatures(nn.Module):

    def __init__(self, dim, min_freq=0.5, max_freq=10000.0):
        super().__init__()
        self.dim = dim
        self.min_freq = min_freq
        self.max_freq = max_freq

class StableAudio3RotaryEmbedding(nn.Module):

    def __init__(self, dim, base=10000):
        super().__init__()
        inv_freq = 1.0 / base ** (torch.arange(0, dim, 2).float() / dim)
        self.register_buffer('inv_freq', inv_freq, persistent=True)

class StableAudio3FeedForward(nn.Module):

    def __init__(self, dim, mult=4.0):
        super().__init__()
        inner = int(dim * mult)
        self.proj_in = nn.Linear(dim, inner * 2, bias=True)
        self.proj_out = nn.Linear(inner, dim, bias=True)

class StableAudio3SelfAttnProcessor:
    _attention_backend = None
    _parallel_config = None

class StableAudio3CrossAttnProcessor:
    _attention_backend = None
    _parallel_config = None

class StableAudio3SelfAttention(nn.Module, AttentionModuleMixin):
    _default_processor_cls = StableAudio3SelfAttnProcessor

    def __init__(self, dim, dim_heads=64, use_differential=True, processor=None):
        super().__init__()
        self.dim_heads = dim_heads
        self.heads = dim // dim_heads
        self.use_differential = use_differential
        n_proj = 5 if use_differential else 3
        self.to_qkv = nn.Linear(dim, dim * n_proj, bias=False)
        self.to_out = nn.Linear(dim, dim, bias=False)
        self.q_norm = StableAudio3RMSNorm(dim_heads)
        self.k_norm = StableAudio3RMSNorm(dim_heads)
        if processor is None:
            processor = self._default_processor_cls()
        self.set_processor(processor)

class StableAudio3CrossAttention(nn.Module, AttentionModuleMixin):
    _default_processor_cls = StableAudio3CrossAttnProcessor

    def __init__(self, dim, context_dim, dim_heads=64, use_differential=True, processor=None):
        super().__init__()
        self.dim_heads = dim_heads
        self.heads = dim // dim_heads
        self.use_differential = use_differential
        n_q = 2 if use_differential else 1
        n_kv = 3 if use_differential else 2
        self.to_q = nn.Linear(dim, dim * n_q, bias=False)
        self.to_kv = nn.Linear(context_dim, dim * n_kv, bias=False)
        self.to_out = nn.Linear(dim, dim, bias=False)
        self.q_norm = StableAudio3RMSNorm(dim_heads)
        self.k_norm = StableAudio3RMSNorm(dim_heads)
        if processor is None:
            processor = self._default_processor_cls()
        self.set_processor(processor)

class StableAudio3DiTBlock(nn.Module):

    def __init__(self, dim, context_dim, dim_heads=64, use_differential=True, ff_mult=4.0, local_add_cond_dim=257):
        super().__init__()
        self.pre_norm = StableAudio3RMSNorm(dim)
        self.self_attn = StableAudio3SelfAttention(dim, dim_heads=dim_heads, use_differential=use_differential)
        self.cross_attend_norm = StableAudio3RMSNorm(dim)
        self.cross_attn = StableAudio3CrossAttention(dim, context_dim=context_dim, dim_heads=dim_heads, use_differential=use_differential)
        self.ff_norm = StableAudio3RMSNorm(dim)
        self.ff = StableAudio3FeedForward(dim, mult=ff_mult)
        self.to_scale_shift_gate = nn.Parameter(torch.randn(6 * dim) / dim ** 0.5)
        self.to_local_embed = nn.Sequential(nn.Linear(local_add_cond_dim, dim, bias=True), nn.SiLU(), nn.Linear(dim, dim, bias=True))

class StableAudio3DiTModel(ModelMixin, ConfigMixin, AttentionMixin):

    @register_to_config
    def __init__(self, io_channels=256, patch_size=1, embed_dim=1536, depth=24, num_heads=24, cond_token_dim=768, global_cond_dim=768, local_add_cond_dim=257, timestep_features_dim=256, ff_mult=4.0, num_memory_tokens=64, use_differential_attention=True):
        super().__init__()
        dim_heads = embed_dim // num_heads
        self.timestep_features = StableAudio3ExpoFourierFeatures(timestep_features_dim)
        self.to_timestep_embed = nn.Sequential(nn.Linear(timestep_features_dim, embed_dim, bias=True), nn.SiLU(), nn.Linear(embed_dim, embed_dim, bias=True))
        self.prompt_padding_embedding = nn.Parameter(torch.zeros(cond_token_dim))
        self.to_cond_embed = nn.Sequential(nn.Linear(cond_token_dim, embed_dim, bias=False), nn.SiLU(), nn.Linear(embed_dim, embed_dim, bias=False))
        self.to_global_embed = nn.Sequential(nn.Linear(global_cond_dim, embed_dim, bias=False), nn.SiLU(), nn.Linear(embed_dim, embed_dim, bias=False))
        self.global_cond_embedder = nn.Sequential(nn.Linear(embed_dim, embed_dim, bias=True), nn.SiLU(), nn.Linear(embed_dim, 6 * embed_dim, bias=True))
        dim_in = io_channels * patch_size
        self.preprocess_conv = nn.Conv1d(io_channels, io_channels, 1, bias=False)
        self.postprocess_conv = nn.Conv1d(io_channels, io_channels, 1, bias=False)
        self.proj_in = nn.Linear(dim_in, embed_dim, bias=False)
        self.proj_out = nn.Linear(embed_dim, dim_in, bias=False)
        if num_memory_tokens > 0:
            self.memory_tokens = nn.Parameter(torch.randn(num_memory_tokens, embed_dim) * 0.02)
        self.rotary_pos_emb = StableAudio3RotaryEmbedding(dim_heads // 2)
        self.transformer_blocks = nn.ModuleList([StableAudio3DiTBlock(dim=embed_dim, context_dim=embed_dim, dim_heads=dim_heads, use_differential=use_differential_attention, ff_mult=ff_mult, local_add_cond_dim=local_add_cond_dim) for _ in range(depth)])
        self.gradient_checkpointing = False
