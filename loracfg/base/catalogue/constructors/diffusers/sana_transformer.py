"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): sana_transformer. Made by `python -m loracfg.base.transcriber`."""
from .attention import AttentionMixin
from .attention_processor import Attention, SanaLinearAttnProcessor2_0
from .embeddings import PatchEmbed, PixArtAlphaTextProjection, TimestepEmbedding, Timesteps
from .normalization import AdaLayerNormSingle, RMSNorm
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import functional as F, nn
from loracfg.base.catalogue.stand_ins.turns import range

class GLUMBConv(nn.Module):

    def __init__(self, in_channels, out_channels, expand_ratio=4, norm_type=None, residual_connection=True):
        super().__init__()
        hidden_channels = int(expand_ratio * in_channels)
        self.norm_type = norm_type
        self.residual_connection = residual_connection
        self.nonlinearity = nn.SiLU()
        self.conv_inverted = nn.Conv2d(in_channels, hidden_channels * 2, 1, 1, 0)
        self.conv_depth = nn.Conv2d(hidden_channels * 2, hidden_channels * 2, 3, 1, 1, groups=hidden_channels * 2)
        self.conv_point = nn.Conv2d(hidden_channels, out_channels, 1, 1, 0, bias=False)
        self.norm = None
        if norm_type == 'rms_norm':
            self.norm = RMSNorm(out_channels, eps=1e-05, elementwise_affine=True, bias=True)

class SanaModulatedNorm(nn.Module):

    def __init__(self, dim, elementwise_affine=False, eps=1e-06):
        super().__init__()
        self.norm = nn.LayerNorm(dim, elementwise_affine=elementwise_affine, eps=eps)

class SanaCombinedTimestepGuidanceEmbeddings(nn.Module):

    def __init__(self, embedding_dim):
        super().__init__()
        self.time_proj = Timesteps(num_channels=256, flip_sin_to_cos=True, downscale_freq_shift=0)
        self.timestep_embedder = TimestepEmbedding(in_channels=256, time_embed_dim=embedding_dim)
        self.guidance_condition_proj = Timesteps(num_channels=256, flip_sin_to_cos=True, downscale_freq_shift=0)
        self.guidance_embedder = TimestepEmbedding(in_channels=256, time_embed_dim=embedding_dim)
        self.silu = nn.SiLU()
        self.linear = nn.Linear(embedding_dim, 6 * embedding_dim, bias=True)

class SanaAttnProcessor2_0:

    def __init__(self):
        if not hasattr(F, 'scaled_dot_product_attention'):
            raise ImportError('SanaAttnProcessor2_0 requires PyTorch 2.0, to use it, please upgrade PyTorch to 2.0.')

class SanaTransformerBlock(nn.Module):

    def __init__(self, dim=2240, num_attention_heads=70, attention_head_dim=32, dropout=0.0, num_cross_attention_heads=20, cross_attention_head_dim=112, cross_attention_dim=2240, attention_bias=True, norm_elementwise_affine=False, norm_eps=1e-06, attention_out_bias=True, mlp_ratio=2.5, qk_norm=None):
        super().__init__()
        self.norm1 = nn.LayerNorm(dim, elementwise_affine=False, eps=norm_eps)
        self.attn1 = Attention(query_dim=dim, heads=num_attention_heads, dim_head=attention_head_dim, kv_heads=num_attention_heads if qk_norm is not None else None, qk_norm=qk_norm, dropout=dropout, bias=attention_bias, cross_attention_dim=None, processor=SanaLinearAttnProcessor2_0())
        if cross_attention_dim is not None:
            self.norm2 = nn.LayerNorm(dim, elementwise_affine=norm_elementwise_affine, eps=norm_eps)
            self.attn2 = Attention(query_dim=dim, qk_norm=qk_norm, kv_heads=num_cross_attention_heads if qk_norm is not None else None, cross_attention_dim=cross_attention_dim, heads=num_cross_attention_heads, dim_head=cross_attention_head_dim, dropout=dropout, bias=True, out_bias=attention_out_bias, processor=SanaAttnProcessor2_0())
        self.ff = GLUMBConv(dim, dim, mlp_ratio, norm_type=None, residual_connection=False)
        self.scale_shift_table = nn.Parameter(torch.randn(6, dim) / dim ** 0.5)

class SanaTransformer2DModel(ModelMixin, AttentionMixin, ConfigMixin):

    @register_to_config
    def __init__(self, in_channels=32, out_channels=32, num_attention_heads=70, attention_head_dim=32, num_layers=20, num_cross_attention_heads=20, cross_attention_head_dim=112, cross_attention_dim=2240, caption_channels=2304, mlp_ratio=2.5, dropout=0.0, attention_bias=False, sample_size=32, patch_size=1, norm_elementwise_affine=False, norm_eps=1e-06, interpolation_scale=None, guidance_embeds=False, guidance_embeds_scale=0.1, qk_norm=None, timestep_scale=1.0):
        super().__init__()
        out_channels = out_channels or in_channels
        inner_dim = num_attention_heads * attention_head_dim
        self.patch_embed = PatchEmbed(height=sample_size, width=sample_size, patch_size=patch_size, in_channels=in_channels, embed_dim=inner_dim, interpolation_scale=interpolation_scale, pos_embed_type='sincos' if interpolation_scale is not None else None)
        if guidance_embeds:
            self.time_embed = SanaCombinedTimestepGuidanceEmbeddings(inner_dim)
        else:
            self.time_embed = AdaLayerNormSingle(inner_dim)
        self.caption_projection = PixArtAlphaTextProjection(in_features=caption_channels, hidden_size=inner_dim)
        self.caption_norm = RMSNorm(inner_dim, eps=1e-05, elementwise_affine=True)
        self.transformer_blocks = nn.ModuleList([SanaTransformerBlock(inner_dim, num_attention_heads, attention_head_dim, dropout=dropout, num_cross_attention_heads=num_cross_attention_heads, cross_attention_head_dim=cross_attention_head_dim, cross_attention_dim=cross_attention_dim, attention_bias=attention_bias, norm_elementwise_affine=norm_elementwise_affine, norm_eps=norm_eps, mlp_ratio=mlp_ratio, qk_norm=qk_norm) for _ in range(num_layers)])
        self.scale_shift_table = nn.Parameter(torch.randn(2, inner_dim) / inner_dim ** 0.5)
        self.norm_out = SanaModulatedNorm(inner_dim, elementwise_affine=False, eps=1e-06)
        self.proj_out = nn.Linear(inner_dim, patch_size * patch_size * out_channels)
        self.gradient_checkpointing = False
