"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): transformer_minimax_h3. Made by `python -m loracfg.base.transcriber`."""
from .attention import AttentionMixin, AttentionModuleMixin, FeedForward
from .cache_utils import CacheMixin
from .embeddings import TimestepEmbedding, Timesteps
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
MINIMAX_H3_MODALITY_NUM = 3

class MiniMaxH3RotaryPosEmbed(nn.Module):

    def __init__(self, rope_freq_dim=16, rope_theta=10000.0):
        super().__init__()
        self.rope_freq_dim = rope_freq_dim
        inv_freq = 1.0 / rope_theta ** (torch.arange(0, 2 * rope_freq_dim, 2, dtype=torch.float32) / (2 * rope_freq_dim))
        self.register_buffer('inv_freq', inv_freq, persistent=False)

class MiniMaxH3AdaLayerNormModulation(nn.Module):

    def __init__(self, time_embed_dim, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.linear = nn.Linear(time_embed_dim, 6 * hidden_size * MINIMAX_H3_MODALITY_NUM, bias=True)

class MiniMaxH3AdaLayerNormOut(nn.Module):

    def __init__(self, hidden_size, time_embed_dim, eps):
        super().__init__()
        self.norm = nn.RMSNorm(hidden_size, eps=eps)
        self.linear = nn.Linear(time_embed_dim, 2 * hidden_size, bias=True)

class MiniMaxH3AttnProcessor:
    _attention_backend = None
    _parallel_config = None

class MiniMaxH3Attention(nn.Module, AttentionModuleMixin):
    _default_processor_cls = MiniMaxH3AttnProcessor

    def __init__(self, hidden_size, heads, dim_head, qk_norm_eps=1e-05, processor=None):
        super().__init__()
        self.heads = heads
        self.head_dim = dim_head
        self.inner_dim = heads * dim_head
        self.use_bias = False
        self.to_q = nn.Linear(hidden_size, self.inner_dim, bias=False)
        self.to_k = nn.Linear(hidden_size, self.inner_dim, bias=False)
        self.to_v = nn.Linear(hidden_size, self.inner_dim, bias=False)
        self.norm_q = nn.RMSNorm(dim_head, eps=qk_norm_eps)
        self.norm_k = nn.RMSNorm(dim_head, eps=qk_norm_eps)
        self.to_out = nn.ModuleList([nn.Linear(self.inner_dim, hidden_size, bias=False), nn.Dropout(0.0)])
        if processor is None:
            processor = self._default_processor_cls()
        self.set_processor(processor)

class MiniMaxH3TokenRefinerBlock(nn.Module):

    def __init__(self, hidden_size, num_attention_heads, attention_head_dim, ffn_dim, norm_eps, qk_norm_eps):
        super().__init__()
        self.norm1 = nn.RMSNorm(hidden_size, eps=norm_eps)
        self.attn = MiniMaxH3Attention(hidden_size=hidden_size, heads=num_attention_heads, dim_head=attention_head_dim, qk_norm_eps=qk_norm_eps)
        self.norm2 = nn.RMSNorm(hidden_size, eps=norm_eps)
        self.ff = FeedForward(hidden_size, inner_dim=ffn_dim, activation_fn='swiglu', bias=False)

class MiniMaxH3TokenRefiner(nn.Module):

    def __init__(self, hidden_size, num_attention_heads, attention_head_dim, ffn_dim, num_layers, norm_eps, qk_norm_eps, final_norm_eps):
        super().__init__()
        self.refiner_blocks = nn.ModuleList([MiniMaxH3TokenRefinerBlock(hidden_size=hidden_size, num_attention_heads=num_attention_heads, attention_head_dim=attention_head_dim, ffn_dim=ffn_dim, norm_eps=norm_eps, qk_norm_eps=qk_norm_eps) for _ in range(num_layers)])
        self.final_norm = nn.RMSNorm(hidden_size, eps=final_norm_eps)
        self.gradient_checkpointing = False

class MiniMaxH3TransformerBlock(nn.Module):

    def __init__(self, hidden_size, num_attention_heads, attention_head_dim, ffn_dim, time_embed_dim, norm_eps, qk_norm_eps):
        super().__init__()
        self.norm1 = nn.RMSNorm(hidden_size, eps=norm_eps)
        self.attn = MiniMaxH3Attention(hidden_size=hidden_size, heads=num_attention_heads, dim_head=attention_head_dim, qk_norm_eps=qk_norm_eps)
        self.norm2 = nn.RMSNorm(hidden_size, eps=norm_eps)
        self.ff = FeedForward(hidden_size, inner_dim=ffn_dim, activation_fn='swiglu', bias=False)
        self.adaln_proj = MiniMaxH3AdaLayerNormModulation(time_embed_dim=time_embed_dim, hidden_size=hidden_size)

class MiniMaxH3Transformer3DModel(ModelMixin, ConfigMixin, AttentionMixin, CacheMixin):
    _keep_in_fp32_modules = ['proj_in', 'audio_proj_in', 'time_embedder', 'proj_out', 'audio_proj_out', 'rope']

    @register_to_config
    def __init__(self, num_attention_heads=56, attention_head_dim=128, hidden_size=5376, num_layers=50, num_refiner_layers=2, ffn_dim=14336, in_channels=24, audio_in_channels=32, patch_size=(1, 2, 2), text_dim=5120, freq_dim=256, time_embed_hidden_dim=5376, time_embed_dim=2688, rope_freq_dim=16, rope_theta=10000.0, norm_eps=1e-05, qk_norm_eps=1e-05, final_norm_eps=1e-05):
        super().__init__()
        video_patch_dim = in_channels * patch_size[0] * patch_size[1] * patch_size[2]
        self.proj_in = nn.Linear(video_patch_dim, hidden_size, bias=True)
        self.audio_proj_in = nn.Linear(audio_in_channels, hidden_size, bias=True)
        self.context_embedder = nn.Linear(text_dim, hidden_size, bias=True)
        self.time_proj = Timesteps(num_channels=freq_dim, flip_sin_to_cos=True, downscale_freq_shift=0)
        self.time_embedder = TimestepEmbedding(in_channels=freq_dim, time_embed_dim=time_embed_hidden_dim, out_dim=time_embed_dim)
        self.rope = MiniMaxH3RotaryPosEmbed(rope_freq_dim=rope_freq_dim, rope_theta=rope_theta)
        self.token_refiner = MiniMaxH3TokenRefiner(hidden_size=hidden_size, num_attention_heads=num_attention_heads, attention_head_dim=attention_head_dim, ffn_dim=ffn_dim, num_layers=num_refiner_layers, norm_eps=norm_eps, qk_norm_eps=qk_norm_eps, final_norm_eps=final_norm_eps)
        self.transformer_blocks = nn.ModuleList([MiniMaxH3TransformerBlock(hidden_size=hidden_size, num_attention_heads=num_attention_heads, attention_head_dim=attention_head_dim, ffn_dim=ffn_dim, time_embed_dim=time_embed_dim, norm_eps=norm_eps, qk_norm_eps=qk_norm_eps) for _ in range(num_layers)])
        self.norm_out = MiniMaxH3AdaLayerNormOut(hidden_size=hidden_size, time_embed_dim=time_embed_dim, eps=final_norm_eps)
        self.proj_out = nn.Linear(hidden_size, video_patch_dim, bias=True)
        self.audio_proj_out = nn.Linear(hidden_size, audio_in_channels, bias=True)
        self.gradient_checkpointing = False
