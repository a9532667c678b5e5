"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): transformer_hunyuanimage. Made by `python -m loracfg.base.transcriber`."""
from .attention import AttentionMixin, FeedForward
from .attention_processor import Attention
from .cache_utils import CacheMixin
from .embeddings import CombinedTimestepTextProjEmbeddings, TimestepEmbedding, Timesteps
from .normalization import AdaLayerNormContinuous, AdaLayerNormZero, AdaLayerNormZeroSingle
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.nn import functional as F, nn
from loracfg.base.catalogue.stand_ins.turns import range
import math

class HunyuanImageAttnProcessor:
    _attention_backend = None
    _parallel_config = None

    def __init__(self):
        if not hasattr(F, 'scaled_dot_product_attention'):
            raise ImportError('HunyuanImageAttnProcessor requires PyTorch 2.0. To use it, please upgrade PyTorch to 2.0.')

class HunyuanImagePatchEmbed(nn.Module):

    def __init__(self, patch_size=(16, 16), in_chans=3, embed_dim=768):
        super().__init__()
        self.patch_size = patch_size
        if len(patch_size) == 2:
            self.proj = nn.Conv2d(in_chans, embed_dim, kernel_size=patch_size, stride=patch_size)
        elif len(patch_size) == 3:
            self.proj = nn.Conv3d(in_chans, embed_dim, kernel_size=patch_size, stride=patch_size)
        else:
            raise ValueError(f'patch_size must be a tuple of length 2 or 3, got {len(patch_size)}')

class HunyuanImageByT5TextProjection(nn.Module):

    def __init__(self, in_features, hidden_size, out_features):
        super().__init__()
        self.norm = nn.LayerNorm(in_features)
        self.linear_1 = nn.Linear(in_features, hidden_size)
        self.linear_2 = nn.Linear(hidden_size, hidden_size)
        self.linear_3 = nn.Linear(hidden_size, out_features)
        self.act_fn = nn.GELU()

class HunyuanImageAdaNorm(nn.Module):

    def __init__(self, in_features, out_features=None):
        super().__init__()
        out_features = out_features or 2 * in_features
        self.linear = nn.Linear(in_features, out_features)
        self.nonlinearity = nn.SiLU()

class HunyuanImageCombinedTimeGuidanceEmbedding(nn.Module):

    def __init__(self, embedding_dim, guidance_embeds=False, use_meanflow=False):
        super().__init__()
        self.time_proj = Timesteps(num_channels=256, flip_sin_to_cos=True, downscale_freq_shift=0)
        self.timestep_embedder = TimestepEmbedding(in_channels=256, time_embed_dim=embedding_dim)
        self.use_meanflow = use_meanflow
        self.time_proj_r = None
        self.timestep_embedder_r = None
        if use_meanflow:
            self.time_proj_r = Timesteps(num_channels=256, flip_sin_to_cos=True, downscale_freq_shift=0)
            self.timestep_embedder_r = TimestepEmbedding(in_channels=256, time_embed_dim=embedding_dim)
        self.guidance_embedder = None
        if guidance_embeds:
            self.guidance_embedder = TimestepEmbedding(in_channels=256, time_embed_dim=embedding_dim)

class HunyuanImageIndividualTokenRefinerBlock(nn.Module):

    def __init__(self, num_attention_heads, attention_head_dim, mlp_width_ratio=4.0, mlp_drop_rate=0.0, attention_bias=True):
        super().__init__()
        hidden_size = num_attention_heads * attention_head_dim
        self.norm1 = nn.LayerNorm(hidden_size, elementwise_affine=True, eps=1e-06)
        self.attn = Attention(query_dim=hidden_size, cross_attention_dim=None, heads=num_attention_heads, dim_head=attention_head_dim, bias=attention_bias)
        self.norm2 = nn.LayerNorm(hidden_size, elementwise_affine=True, eps=1e-06)
        self.ff = FeedForward(hidden_size, mult=mlp_width_ratio, activation_fn='linear-silu', dropout=mlp_drop_rate)
        self.norm_out = HunyuanImageAdaNorm(hidden_size, 2 * hidden_size)

class HunyuanImageIndividualTokenRefiner(nn.Module):

    def __init__(self, num_attention_heads, attention_head_dim, num_layers, mlp_width_ratio=4.0, mlp_drop_rate=0.0, attention_bias=True):
        super().__init__()
        self.refiner_blocks = nn.ModuleList([HunyuanImageIndividualTokenRefinerBlock(num_attention_heads=num_attention_heads, attention_head_dim=attention_head_dim, mlp_width_ratio=mlp_width_ratio, mlp_drop_rate=mlp_drop_rate, attention_bias=attention_bias) for _ in range(num_layers)])

class HunyuanImageTokenRefiner(nn.Module):

    def __init__(self, in_channels, num_attention_heads, attention_head_dim, num_layers, mlp_ratio=4.0, mlp_drop_rate=0.0, attention_bias=True):
        super().__init__()
        hidden_size = num_attention_heads * attention_head_dim
        self.time_text_embed = CombinedTimestepTextProjEmbeddings(embedding_dim=hidden_size, pooled_projection_dim=in_channels)
        self.proj_in = nn.Linear(in_channels, hidden_size, bias=True)
        self.token_refiner = HunyuanImageIndividualTokenRefiner(num_attention_heads=num_attention_heads, attention_head_dim=attention_head_dim, num_layers=num_layers, mlp_width_ratio=mlp_ratio, mlp_drop_rate=mlp_drop_rate, attention_bias=attention_bias)

class HunyuanImageRotaryPosEmbed(nn.Module):

    def __init__(self, patch_size, rope_dim, theta=256.0):
        super().__init__()
        if not isinstance(patch_size, (tuple, list)) or len(patch_size) not in [2, 3]:
            raise ValueError(f'patch_size must be a tuple or list of length 2 or 3, got {patch_size}')
        if not isinstance(rope_dim, (tuple, list)) or len(rope_dim) not in [2, 3]:
            raise ValueError(f'rope_dim must be a tuple or list of length 2 or 3, got {rope_dim}')
        if not len(patch_size) == len(rope_dim):
            raise ValueError(f'patch_size and rope_dim must have the same length, got {patch_size} and {rope_dim}')
        self.patch_size = patch_size
        self.rope_dim = rope_dim
        self.theta = theta

class HunyuanImageSingleTransformerBlock(nn.Module):

    def __init__(self, num_attention_heads, attention_head_dim, mlp_ratio=4.0, qk_norm='rms_norm'):
        super().__init__()
        hidden_size = num_attention_heads * attention_head_dim
        mlp_dim = int(hidden_size * mlp_ratio)
        self.attn = Attention(query_dim=hidden_size, cross_attention_dim=None, dim_head=attention_head_dim, heads=num_attention_heads, out_dim=hidden_size, bias=True, processor=HunyuanImageAttnProcessor(), qk_norm=qk_norm, eps=1e-06, pre_only=True)
        self.norm = AdaLayerNormZeroSingle(hidden_size, norm_type='layer_norm')
        self.proj_mlp = nn.Linear(hidden_size, mlp_dim)
        self.act_mlp = nn.GELU(approximate='tanh')
        self.proj_out = nn.Linear(hidden_size + mlp_dim, hidden_size)

class HunyuanImageTransformerBlock(nn.Module):

    def __init__(self, num_attention_heads, attention_head_dim, mlp_ratio, qk_norm='rms_norm'):
        super().__init__()
        hidden_size = num_attention_heads * attention_head_dim
        self.norm1 = AdaLayerNormZero(hidden_size, norm_type='layer_norm')
        self.norm1_context = AdaLayerNormZero(hidden_size, norm_type='layer_norm')
        self.attn = Attention(query_dim=hidden_size, cross_attention_dim=None, added_kv_proj_dim=hidden_size, dim_head=attention_head_dim, heads=num_attention_heads, out_dim=hidden_size, context_pre_only=False, bias=True, processor=HunyuanImageAttnProcessor(), qk_norm=qk_norm, eps=1e-06)
        self.norm2 = nn.LayerNorm(hidden_size, elementwise_affine=False, eps=1e-06)
        self.ff = FeedForward(hidden_size, mult=mlp_ratio, activation_fn='gelu-approximate')
        self.norm2_context = nn.LayerNorm(hidden_size, elementwise_affine=False, eps=1e-06)
        self.ff_context = FeedForward(hidden_size, mult=mlp_ratio, activation_fn='gelu-approximate')

class HunyuanImageTransformer2DModel(ModelMixin, ConfigMixin, AttentionMixin, CacheMixin):

    @register_to_config
    def __init__(self, in_channels=64, out_channels=64, num_attention_heads=28, attention_head_dim=128, num_layers=20, num_single_layers=40, num_refiner_layers=2, mlp_ratio=4.0, patch_size=(1, 1), qk_norm='rms_norm', guidance_embeds=False, text_embed_dim=3584, text_embed_2_dim=None, rope_theta=256.0, rope_axes_dim=(64, 64), use_meanflow=False):
        super().__init__()
        if not (isinstance(patch_size, (tuple, list)) and len(patch_size) in [2, 3]):
            raise ValueError(f'patch_size must be a tuple of length 2 or 3, got {patch_size}')
        inner_dim = num_attention_heads * attention_head_dim
        out_channels = out_channels or in_channels
        self.x_embedder = HunyuanImagePatchEmbed(patch_size, in_channels, inner_dim)
        self.context_embedder = HunyuanImageTokenRefiner(text_embed_dim, num_attention_heads, attention_head_dim, num_layers=num_refiner_layers)
        if text_embed_2_dim is not None:
            self.context_embedder_2 = HunyuanImageByT5TextProjection(text_embed_2_dim, 2048, inner_dim)
        else:
            self.context_embedder_2 = None
        self.time_guidance_embed = HunyuanImageCombinedTimeGuidanceEmbedding(inner_dim, guidance_embeds, use_meanflow)
        self.rope = HunyuanImageRotaryPosEmbed(patch_size, rope_axes_dim, rope_theta)
        self.transformer_blocks = nn.ModuleList([HunyuanImageTransformerBlock(num_attention_heads, attention_head_dim, mlp_ratio=mlp_ratio, qk_norm=qk_norm) for _ in range(num_layers)])
        self.single_transformer_blocks = nn.ModuleList([HunyuanImageSingleTransformerBlock(num_attention_heads, attention_head_dim, mlp_ratio=mlp_ratio, qk_norm=qk_norm) for _ in range(num_single_layers)])
        self.norm_out = AdaLayerNormContinuous(inner_dim, inner_dim, elementwise_affine=False, eps=1e-06)
        self.proj_out = nn.Linear(inner_dim, math.prod(patch_size) * out_channels)
        self.gradient_checkpointing = False
