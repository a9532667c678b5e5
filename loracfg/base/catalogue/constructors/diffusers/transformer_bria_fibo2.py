"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): transformer_bria_fibo2. Made by `python -m loracfg.base.transcriber`."""
from .attention import AttentionMixin, AttentionModuleMixin
from .normalization import RMSNorm
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
ADALN_EMBED_DIM = 256

class TimestepEmbedder(nn.Module):

    def __init__(self, out_size, mid_size=None, frequency_embedding_size=256):
        super().__init__()
        if mid_size is None:
            mid_size = out_size
        self.mlp = nn.Sequential(nn.Linear(frequency_embedding_size, mid_size, bias=True), nn.SiLU(), nn.Linear(mid_size, out_size, bias=True))
        self.frequency_embedding_size = frequency_embedding_size

class FeedForward(nn.Module):

    def __init__(self, dim, hidden_dim):
        super().__init__()
        self.w1 = nn.Linear(dim, hidden_dim, bias=False)
        self.w2 = nn.Linear(hidden_dim, dim, bias=False)
        self.w3 = nn.Linear(dim, hidden_dim, bias=False)

class FinalLayer(nn.Module):

    def __init__(self, hidden_size, out_channels):
        super().__init__()
        self.norm_final = nn.LayerNorm(hidden_size, elementwise_affine=False, eps=1e-06)
        self.linear = nn.Linear(hidden_size, out_channels, bias=True)
        self.adaLN_modulation = nn.Sequential(nn.SiLU(), nn.Linear(min(hidden_size, ADALN_EMBED_DIM), hidden_size, bias=True))

class RopeEmbedder:

    def __init__(self, theta=256.0, axes_dims=(16, 56, 56), axes_lens=(64, 128, 128)):
        self.theta = theta
        self.axes_dims = axes_dims
        self.axes_lens = axes_lens
        assert len(axes_dims) == len(axes_lens)
        self.freqs_cis = None

class BriaFibo2AttnProcessor:
    _attention_backend = None
    _parallel_config = None

class BriaFibo2Attention(nn.Module, AttentionModuleMixin):
    _default_processor_cls = BriaFibo2AttnProcessor

    def __init__(self, query_dim, heads, dim_head, kv_dim=None, eps=1e-05):
        super().__init__()
        self.heads = heads
        kv_dim = kv_dim or query_dim
        self.to_q = nn.Linear(query_dim, heads * dim_head, bias=False)
        self.to_k = nn.Linear(kv_dim, heads * dim_head, bias=False)
        self.to_v = nn.Linear(kv_dim, heads * dim_head, bias=False)
        self.to_out = nn.ModuleList([nn.Linear(heads * dim_head, query_dim, bias=False)])
        self.norm_q = RMSNorm(dim_head, eps=eps)
        self.norm_k = RMSNorm(dim_head, eps=eps)
        self.set_processor(self._default_processor_cls())

class BriaFibo2TransformerBlock(nn.Module):

    def __init__(self, dim, n_heads, norm_eps, cross_attention_dim=None):
        super().__init__()
        self.attention = BriaFibo2Attention(dim, n_heads, dim // n_heads, eps=norm_eps)
        self.feed_forward = FeedForward(dim=dim, hidden_dim=dim * 8 // 3 // 64 * 64)
        self.attention_norm1 = RMSNorm(dim, eps=norm_eps)
        self.ffn_norm1 = RMSNorm(dim, eps=norm_eps)
        self.attention_norm2 = RMSNorm(dim, eps=norm_eps)
        self.ffn_norm2 = RMSNorm(dim, eps=norm_eps)
        self.adaLN_modulation = nn.Sequential(nn.Linear(min(dim, ADALN_EMBED_DIM), 4 * dim, bias=True))
        if cross_attention_dim is not None:
            self.cross_attn_norm1 = RMSNorm(dim, eps=norm_eps)
            self.cross_attention = BriaFibo2Attention(dim, n_heads, dim // n_heads, kv_dim=cross_attention_dim, eps=norm_eps)
            self.cross_attn_norm2 = RMSNorm(dim, eps=norm_eps)
            self.cross_attn_gate = nn.Parameter(torch.zeros(1))
        else:
            self.cross_attention = None

class BriaFibo2PerceiverLayer(nn.Module):

    def __init__(self, dim, n_heads, cross_attention_dim, norm_eps):
        super().__init__()
        self.cross_attn_norm = RMSNorm(dim, eps=norm_eps)
        self.cross_attention = BriaFibo2Attention(dim, n_heads, dim // n_heads, kv_dim=cross_attention_dim, eps=norm_eps)
        self.self_attn_norm = RMSNorm(dim, eps=norm_eps)
        self.self_attention = BriaFibo2Attention(dim, n_heads, dim // n_heads, eps=norm_eps)
        self.ffn_norm = RMSNorm(dim, eps=norm_eps)
        self.ffn = FeedForward(dim=dim, hidden_dim=dim * 8 // 3 // 64 * 64)

class BriaFibo2PerceiverResampler(nn.Module):

    def __init__(self, dim, n_heads, cross_attention_dim, num_queries, num_layers, norm_eps):
        super().__init__()
        self.latent_queries = nn.Parameter(torch.randn(num_queries, dim) * 0.02)
        self.layers = nn.ModuleList([BriaFibo2PerceiverLayer(dim, n_heads, cross_attention_dim, norm_eps) for _ in range(num_layers)])
        self.norm_out = RMSNorm(dim, eps=norm_eps)

class BriaFibo2Transformer2DModel(ModelMixin, ConfigMixin, AttentionMixin):

    @register_to_config
    def __init__(self, in_channels=32, patch_size=2, dim=3584, n_layers=44, n_refiner_layers=2, n_heads=28, norm_eps=1e-05, cap_feat_dim=7680, injection_layer_ids=(6, 14, 22, 30, 38), perceiver_num_layers=2, min_num_gist_tokens=256, max_num_gist_tokens=512, gist_step=64, gist_min_text_len=256, gist_max_text_len=2048, rope_theta=256.0, t_scale=1000.0, axes_dims=(32, 48, 48), axes_lens=(2048, 512, 512)):
        super().__init__()
        self.gradient_checkpointing = False
        self.x_embedder = nn.Linear(patch_size * patch_size * in_channels, dim, bias=True)
        self.t_embedder = TimestepEmbedder(min(dim, ADALN_EMBED_DIM), mid_size=1024)
        self.rope_embedder = RopeEmbedder(theta=rope_theta, axes_dims=axes_dims, axes_lens=axes_lens)
        self.noise_refiner = nn.ModuleList([BriaFibo2TransformerBlock(dim, n_heads, norm_eps) for _ in range(n_refiner_layers)])
        self.perceiver = BriaFibo2PerceiverResampler(dim, n_heads, cap_feat_dim, max_num_gist_tokens, perceiver_num_layers, norm_eps)
        self.layers = nn.ModuleList([BriaFibo2TransformerBlock(dim, n_heads, norm_eps, cross_attention_dim=cap_feat_dim if i in injection_layer_ids else None) for i in range(n_layers)])
        self.final_layer = FinalLayer(dim, patch_size * patch_size * in_channels)
