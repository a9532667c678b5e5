"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): transformer_lumina2. Made by `python -m loracfg.base.transcriber`."""
from .attention import LuminaFeedForward
from .attention_processor import Attention
from .embeddings import TimestepEmbedding, Timesteps, get_1d_rotary_pos_embed
from .normalization import LuminaLayerNormContinuous, LuminaRMSNormZero, RMSNorm
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import functional as F, nn
from loracfg.base.catalogue.stand_ins.turns import range

class Lumina2CombinedTimestepCaptionEmbedding(nn.Module):

    def __init__(self, hidden_size=4096, cap_feat_dim=2048, frequency_embedding_size=256, norm_eps=1e-05):
        super().__init__()
        self.time_proj = Timesteps(num_channels=frequency_embedding_size, flip_sin_to_cos=True, downscale_freq_shift=0.0)
        self.timestep_embedder = TimestepEmbedding(in_channels=frequency_embedding_size, time_embed_dim=min(hidden_size, 1024))
        self.caption_embedder = nn.Sequential(RMSNorm(cap_feat_dim, eps=norm_eps), nn.Linear(cap_feat_dim, hidden_size, bias=True))

class Lumina2AttnProcessor2_0:

    def __init__(self):
        if not hasattr(F, 'scaled_dot_product_attention'):
            raise ImportError('AttnProcessor2_0 requires PyTorch 2.0, to use it, please upgrade PyTorch to 2.0.')

class Lumina2TransformerBlock(nn.Module):

    def __init__(self, dim, num_attention_heads, num_kv_heads, multiple_of, ffn_dim_multiplier, norm_eps, modulation=True):
        super().__init__()
        self.head_dim = dim // num_attention_heads
        self.modulation = modulation
        self.attn = Attention(query_dim=dim, cross_attention_dim=None, dim_head=dim // num_attention_heads, qk_norm='rms_norm', heads=num_attention_heads, kv_heads=num_kv_heads, eps=1e-05, bias=False, out_bias=False, processor=Lumina2AttnProcessor2_0())
        self.feed_forward = LuminaFeedForward(dim=dim, inner_dim=4 * dim, multiple_of=multiple_of, ffn_dim_multiplier=ffn_dim_multiplier)
        if modulation:
            self.norm1 = LuminaRMSNormZero(embedding_dim=dim, norm_eps=norm_eps, norm_elementwise_affine=True)
        else:
            self.norm1 = RMSNorm(dim, eps=norm_eps)
        self.ffn_norm1 = RMSNorm(dim, eps=norm_eps)
        self.norm2 = RMSNorm(dim, eps=norm_eps)
        self.ffn_norm2 = RMSNorm(dim, eps=norm_eps)

class Lumina2RotaryPosEmbed(nn.Module):

    def __init__(self, theta, axes_dim, axes_lens=(300, 512, 512), patch_size=2):
        super().__init__()
        self.theta = theta
        self.axes_dim = axes_dim
        self.axes_lens = axes_lens
        self.patch_size = patch_size
        self.freqs_cis = self._precompute_freqs_cis(axes_dim, axes_lens, theta)

    def _precompute_freqs_cis(self, axes_dim, axes_lens, theta):
        freqs_cis = []
        freqs_dtype = torch.float32 if torch.backends.mps.is_available() else torch.float64
        for i, (d, e) in enumerate(zip(axes_dim, axes_lens)):
            emb = get_1d_rotary_pos_embed(d, e, theta=self.theta, freqs_dtype=freqs_dtype)
            freqs_cis.append(emb)
        return freqs_cis

class Lumina2Transformer2DModel(ModelMixin, ConfigMixin):

    @register_to_config
    def __init__(self, sample_size=128, patch_size=2, in_channels=16, out_channels=None, hidden_size=2304, num_layers=26, num_refiner_layers=2, num_attention_heads=24, num_kv_heads=8, multiple_of=256, ffn_dim_multiplier=None, norm_eps=1e-05, scaling_factor=1.0, axes_dim_rope=(32, 32, 32), axes_lens=(300, 512, 512), cap_feat_dim=1024):
        super().__init__()
        self.out_channels = out_channels or in_channels
        self.rope_embedder = Lumina2RotaryPosEmbed(theta=10000, axes_dim=axes_dim_rope, axes_lens=axes_lens, patch_size=patch_size)
        self.x_embedder = nn.Linear(in_features=patch_size * patch_size * in_channels, out_features=hidden_size)
        self.time_caption_embed = Lumina2CombinedTimestepCaptionEmbedding(hidden_size=hidden_size, cap_feat_dim=cap_feat_dim, norm_eps=norm_eps)
        self.noise_refiner = nn.ModuleList([Lumina2TransformerBlock(hidden_size, num_attention_heads, num_kv_heads, multiple_of, ffn_dim_multiplier, norm_eps, modulation=True) for _ in range(num_refiner_layers)])
        self.context_refiner = nn.ModuleList([Lumina2TransformerBlock(hidden_size, num_attention_heads, num_kv_heads, multiple_of, ffn_dim_multiplier, norm_eps, modulation=False) for _ in range(num_refiner_layers)])
        self.layers = nn.ModuleList([Lumina2TransformerBlock(hidden_size, num_attention_heads, num_kv_heads, multiple_of, ffn_dim_multiplier, norm_eps, modulation=True) for _ in range(num_layers)])
        self.norm_out = LuminaLayerNormContinuous(embedding_dim=hidden_size, conditioning_embedding_dim=min(hidden_size, 1024), elementwise_affine=False, eps=1e-06, bias=True, out_dim=patch_size * patch_size * self.out_channels)
        self.gradient_checkpointing = False
