"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): transformer_glm_image. Made by `python -m loracfg.base.transcriber`."""
from .attention import FeedForward
from .attention_processor import Attention
from .cache_utils import CacheMixin
from .embeddings import PixArtAlphaTextProjection, TimestepEmbedding, Timesteps
from .normalization import LayerNorm, RMSNorm
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.nn import functional as F, nn
from loracfg.base.catalogue.stand_ins.turns import range

class GlmImageCombinedTimestepSizeEmbeddings(nn.Module):

    def __init__(self, embedding_dim, condition_dim, pooled_projection_dim, timesteps_dim=256):
        super().__init__()
        self.time_proj = Timesteps(num_channels=timesteps_dim, flip_sin_to_cos=True, downscale_freq_shift=0)
        self.condition_proj = Timesteps(num_channels=condition_dim, flip_sin_to_cos=True, downscale_freq_shift=0)
        self.timestep_embedder = TimestepEmbedding(in_channels=timesteps_dim, time_embed_dim=embedding_dim)
        self.condition_embedder = PixArtAlphaTextProjection(pooled_projection_dim, embedding_dim, act_fn='silu')

class GlmImageImageProjector(nn.Module):

    def __init__(self, in_channels=16, hidden_size=2560, patch_size=2):
        super().__init__()
        self.patch_size = patch_size
        self.proj = nn.Linear(in_channels * patch_size ** 2, hidden_size)

class GlmImageAdaLayerNormZero(nn.Module):

    def __init__(self, embedding_dim, dim):
        super().__init__()
        self.norm = nn.LayerNorm(dim, elementwise_affine=False, eps=1e-05)
        self.norm_context = nn.LayerNorm(dim, elementwise_affine=False, eps=1e-05)
        self.linear = nn.Linear(embedding_dim, 12 * dim, bias=True)

class GlmImageAttnProcessor:
    _attention_backend = None
    _parallel_config = None

    def __init__(self):
        if not hasattr(F, 'scaled_dot_product_attention'):
            raise ImportError('GlmImageAttnProcessor requires PyTorch 2.0. To use it, please upgrade PyTorch to 2.0.')

class GlmImageTransformerBlock(nn.Module):

    def __init__(self, dim=2560, num_attention_heads=64, attention_head_dim=40, time_embed_dim=512):
        super().__init__()
        self.norm1 = GlmImageAdaLayerNormZero(time_embed_dim, dim)
        self.attn1 = Attention(query_dim=dim, heads=num_attention_heads, dim_head=attention_head_dim, out_dim=dim, bias=True, qk_norm='layer_norm', elementwise_affine=False, eps=1e-05, processor=GlmImageAttnProcessor())
        self.norm2 = nn.LayerNorm(dim, elementwise_affine=False, eps=1e-05)
        self.norm2_context = nn.LayerNorm(dim, elementwise_affine=False, eps=1e-05)
        self.ff = FeedForward(dim=dim, dim_out=dim, activation_fn='gelu-approximate')

class GlmImageRotaryPosEmbed(nn.Module):

    def __init__(self, dim, patch_size, theta=10000.0):
        super().__init__()
        self.dim = dim
        self.patch_size = patch_size
        self.theta = theta

class GlmImageAdaLayerNormContinuous(nn.Module):

    def __init__(self, embedding_dim, conditioning_embedding_dim, elementwise_affine=True, eps=1e-05, bias=True, norm_type='layer_norm'):
        super().__init__()
        self.linear = nn.Linear(conditioning_embedding_dim, embedding_dim * 2, bias=bias)
        if norm_type == 'layer_norm':
            self.norm = LayerNorm(embedding_dim, eps, elementwise_affine, bias)
        elif norm_type == 'rms_norm':
            self.norm = RMSNorm(embedding_dim, eps, elementwise_affine)
        else:
            raise ValueError(f'unknown norm_type {norm_type}')

class GlmImageTransformer2DModel(ModelMixin, ConfigMixin, CacheMixin):

    @register_to_config
    def __init__(self, patch_size=2, in_channels=16, out_channels=16, num_layers=30, attention_head_dim=40, num_attention_heads=64, text_embed_dim=1472, time_embed_dim=512, condition_dim=256, prior_vq_quantizer_codebook_size=16384):
        super().__init__()
        pooled_projection_dim = 2 * 2 * condition_dim
        inner_dim = num_attention_heads * attention_head_dim
        out_channels = out_channels
        self.rope = GlmImageRotaryPosEmbed(attention_head_dim, patch_size, theta=10000.0)
        self.image_projector = GlmImageImageProjector(in_channels, inner_dim, patch_size)
        self.glyph_projector = FeedForward(text_embed_dim, inner_dim, inner_dim=inner_dim, activation_fn='gelu')
        self.prior_token_embedding = nn.Embedding(prior_vq_quantizer_codebook_size, inner_dim)
        self.prior_projector = FeedForward(inner_dim, inner_dim, inner_dim=inner_dim, activation_fn='linear-silu')
        self.time_condition_embed = GlmImageCombinedTimestepSizeEmbeddings(embedding_dim=time_embed_dim, condition_dim=condition_dim, pooled_projection_dim=pooled_projection_dim, timesteps_dim=time_embed_dim)
        self.transformer_blocks = nn.ModuleList([GlmImageTransformerBlock(inner_dim, num_attention_heads, attention_head_dim, time_embed_dim) for _ in range(num_layers)])
        self.norm_out = GlmImageAdaLayerNormContinuous(inner_dim, time_embed_dim, elementwise_affine=False)
        self.proj_out = nn.Linear(inner_dim, patch_size * patch_size * out_channels, bias=True)
        self.gradient_checkpointing = False
