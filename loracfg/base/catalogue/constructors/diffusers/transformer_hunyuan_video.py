"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): transformer_hunyuan_video. Made by `python -m loracfg.base.transcriber`."""
from .attention import AttentionMixin, FeedForward
from .attention_processor import Attention
from .cache_utils import CacheMixin
from .embeddings import CombinedTimestepTextProjEmbeddings, PixArtAlphaTextProjection, TimestepEmbedding, Timesteps
from .normalization import AdaLayerNormContinuous, AdaLayerNormZero, AdaLayerNormZeroSingle, FP32LayerNorm
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.nn import functional as F, nn
from loracfg.base.catalogue.stand_ins.turns import range

class HunyuanVideoAttnProcessor2_0:
    _attention_backend = None
    _parallel_config = None

    def __init__(self):
        if not hasattr(F, 'scaled_dot_product_attention'):
            raise ImportError('HunyuanVideoAttnProcessor2_0 requires PyTorch 2.0. To use it, please upgrade PyTorch to 2.0.')

class HunyuanVideoPatchEmbed(nn.Module):

    def __init__(self, patch_size=16, in_chans=3, embed_dim=768):
        super().__init__()
        patch_size = (patch_size, patch_size, patch_size) if isinstance(patch_size, int) else patch_size
        self.proj = nn.Conv3d(in_chans, embed_dim, kernel_size=patch_size, stride=patch_size)

class HunyuanVideoAdaNorm(nn.Module):

    def __init__(self, in_features, out_features=None):
        super().__init__()
        out_features = out_features or 2 * in_features
        self.linear = nn.Linear(in_features, out_features)
        self.nonlinearity = nn.SiLU()

class HunyuanVideoTokenReplaceAdaLayerNormZero(nn.Module):

    def __init__(self, embedding_dim, norm_type='layer_norm', bias=True):
        super().__init__()
        self.silu = nn.SiLU()
        self.linear = nn.Linear(embedding_dim, 6 * embedding_dim, bias=bias)
        if norm_type == 'layer_norm':
            self.norm = nn.LayerNorm(embedding_dim, elementwise_affine=False, eps=1e-06)
        elif norm_type == 'fp32_layer_norm':
            self.norm = FP32LayerNorm(embedding_dim, elementwise_affine=False, bias=False)
        else:
            raise ValueError(f"Unsupported `norm_type` ({norm_type}) provided. Supported ones are: 'layer_norm', 'fp32_layer_norm'.")

class HunyuanVideoTokenReplaceAdaLayerNormZeroSingle(nn.Module):

    def __init__(self, embedding_dim, norm_type='layer_norm', bias=True):
        super().__init__()
        self.silu = nn.SiLU()
        self.linear = nn.Linear(embedding_dim, 3 * embedding_dim, bias=bias)
        if norm_type == 'layer_norm':
            self.norm = nn.LayerNorm(embedding_dim, elementwise_affine=False, eps=1e-06)
        else:
            raise ValueError(f"Unsupported `norm_type` ({norm_type}) provided. Supported ones are: 'layer_norm', 'fp32_layer_norm'.")

class HunyuanVideoConditionEmbedding(nn.Module):

    def __init__(self, embedding_dim, pooled_projection_dim, guidance_embeds, image_condition_type=None):
        super().__init__()
        self.image_condition_type = image_condition_type
        self.time_proj = Timesteps(num_channels=256, flip_sin_to_cos=True, downscale_freq_shift=0)
        self.timestep_embedder = TimestepEmbedding(in_channels=256, time_embed_dim=embedding_dim)
        self.text_embedder = PixArtAlphaTextProjection(pooled_projection_dim, embedding_dim, act_fn='silu')
        self.guidance_embedder = None
        if guidance_embeds:
            self.guidance_embedder = TimestepEmbedding(in_channels=256, time_embed_dim=embedding_dim)

class HunyuanVideoIndividualTokenRefinerBlock(nn.Module):

    def __init__(self, num_attention_heads, attention_head_dim, mlp_width_ratio=4.0, mlp_drop_rate=0.0, attention_bias=True):
        super().__init__()
        hidden_size = num_attention_heads * attention_head_dim
        self.norm1 = nn.LayerNorm(hidden_size, elementwise_affine=True, eps=1e-06)
        self.attn = Attention(query_dim=hidden_size, cross_attention_dim=None, heads=num_attention_heads, dim_head=attention_head_dim, bias=attention_bias)
        self.norm2 = nn.LayerNorm(hidden_size, elementwise_affine=True, eps=1e-06)
        self.ff = FeedForward(hidden_size, mult=mlp_width_ratio, activation_fn='linear-silu', dropout=mlp_drop_rate)
        self.norm_out = HunyuanVideoAdaNorm(hidden_size, 2 * hidden_size)

class HunyuanVideoIndividualTokenRefiner(nn.Module):

    def __init__(self, num_attention_heads, attention_head_dim, num_layers, mlp_width_ratio=4.0, mlp_drop_rate=0.0, attention_bias=True):
        super().__init__()
        self.refiner_blocks = nn.ModuleList([HunyuanVideoIndividualTokenRefinerBlock(num_attention_heads=num_attention_heads, attention_head_dim=attention_head_dim, mlp_width_ratio=mlp_width_ratio, mlp_drop_rate=mlp_drop_rate, attention_bias=attention_bias) for _ in range(num_layers)])

class HunyuanVideoTokenRefiner(nn.Module):

    def __init__(self, in_channels, num_attention_heads, attention_head_dim, num_layers, mlp_ratio=4.0, mlp_drop_rate=0.0, attention_bias=True):
        super().__init__()
        hidden_size = num_attention_heads * attention_head_dim
        self.time_text_embed = CombinedTimestepTextProjEmbeddings(embedding_dim=hidden_size, pooled_projection_dim=in_channels)
        self.proj_in = nn.Linear(in_channels, hidden_size, bias=True)
        self.token_refiner = HunyuanVideoIndividualTokenRefiner(num_attention_heads=num_attention_heads, attention_head_dim=attention_head_dim, num_layers=num_layers, mlp_width_ratio=mlp_ratio, mlp_drop_rate=mlp_drop_rate, attention_bias=attention_bias)

class HunyuanVideoRotaryPosEmbed(nn.Module):

    def __init__(self, patch_size, patch_size_t, rope_dim, theta=256.0):
        super().__init__()
        self.patch_size = patch_size
        self.patch_size_t = patch_size_t
        self.rope_dim = rope_dim
        self.theta = theta

class HunyuanVideoSingleTransformerBlock(nn.Module):

    def __init__(self, num_attention_heads, attention_head_dim, mlp_ratio=4.0, qk_norm='rms_norm'):
        super().__init__()
        hidden_size = num_attention_heads * attention_head_dim
        mlp_dim = int(hidden_size * mlp_ratio)
        self.attn = Attention(query_dim=hidden_size, cross_attention_dim=None, dim_head=attention_head_dim, heads=num_attention_heads, out_dim=hidden_size, bias=True, processor=HunyuanVideoAttnProcessor2_0(), qk_norm=qk_norm, eps=1e-06, pre_only=True)
        self.norm = AdaLayerNormZeroSingle(hidden_size, norm_type='layer_norm')
        self.proj_mlp = nn.Linear(hidden_size, mlp_dim)
        self.act_mlp = nn.GELU(approximate='tanh')
        self.proj_out = nn.Linear(hidden_size + mlp_dim, hidden_size)

class HunyuanVideoTransformerBlock(nn.Module):

    def __init__(self, num_attention_heads, attention_head_dim, mlp_ratio, qk_norm='rms_norm'):
        super().__init__()
        hidden_size = num_attention_heads * attention_head_dim
        self.norm1 = AdaLayerNormZero(hidden_size, norm_type='layer_norm')
        self.norm1_context = AdaLayerNormZero(hidden_size, norm_type='layer_norm')
        self.attn = Attention(query_dim=hidden_size, cross_attention_dim=None, added_kv_proj_dim=hidden_size, dim_head=attention_head_dim, heads=num_attention_heads, out_dim=hidden_size, context_pre_only=False, bias=True, processor=HunyuanVideoAttnProcessor2_0(), qk_norm=qk_norm, eps=1e-06)
        self.norm2 = nn.LayerNorm(hidden_size, elementwise_affine=False, eps=1e-06)
        self.ff = FeedForward(hidden_size, mult=mlp_ratio, activation_fn='gelu-approximate')
        self.norm2_context = nn.LayerNorm(hidden_size, elementwise_affine=False, eps=1e-06)
        self.ff_context = FeedForward(hidden_size, mult=mlp_ratio, activation_fn='gelu-approximate')

class HunyuanVideoTokenReplaceSingleTransformerBlock(nn.Module):

    def __init__(self, num_attention_heads, attention_head_dim, mlp_ratio=4.0, qk_norm='rms_norm'):
        super().__init__()
        hidden_size = num_attention_heads * attention_head_dim
        mlp_dim = int(hidden_size * mlp_ratio)
        self.attn = Attention(query_dim=hidden_size, cross_attention_dim=None, dim_head=attention_head_dim, heads=num_attention_heads, out_dim=hidden_size, bias=True, processor=HunyuanVideoAttnProcessor2_0(), qk_norm=qk_norm, eps=1e-06, pre_only=True)
        self.norm = HunyuanVideoTokenReplaceAdaLayerNormZeroSingle(hidden_size, norm_type='layer_norm')
        self.proj_mlp = nn.Linear(hidden_size, mlp_dim)
        self.act_mlp = nn.GELU(approximate='tanh')
        self.proj_out = nn.Linear(hidden_size + mlp_dim, hidden_size)

class HunyuanVideoTokenReplaceTransformerBlock(nn.Module):

    def __init__(self, num_attention_heads, attention_head_dim, mlp_ratio, qk_norm='rms_norm'):
        super().__init__()
        hidden_size = num_attention_heads * attention_head_dim
        self.norm1 = HunyuanVideoTokenReplaceAdaLayerNormZero(hidden_size, norm_type='layer_norm')
        self.norm1_context = AdaLayerNormZero(hidden_size, norm_type='layer_norm')
        self.attn = Attention(query_dim=hidden_size, cross_attention_dim=None, added_kv_proj_dim=hidden_size, dim_head=attention_head_dim, heads=num_attention_heads, out_dim=hidden_size, context_pre_only=False, bias=True, processor=HunyuanVideoAttnProcessor2_0(), qk_norm=qk_norm, eps=1e-06)
        self.norm2 = nn.LayerNorm(hidden_size, elementwise_affine=False, eps=1e-06)
        self.ff = FeedForward(hidden_size, mult=mlp_ratio, activation_fn='gelu-approximate')
        self.norm2_context = nn.LayerNorm(hidden_size, elementwise_affine=False, eps=1e-06)
        self.ff_context = FeedForward(hidden_size, mult=mlp_ratio, activation_fn='gelu-approximate')

class HunyuanVideoTransformer3DModel(ModelMixin, AttentionMixin, ConfigMixin, CacheMixin):

    @register_to_config
    def __init__(self, in_channels=16, out_channels=16, num_attention_heads=24, attention_head_dim=128, num_layers=20, num_single_layers=40, num_refiner_layers=2, mlp_ratio=4.0, patch_size=2, patch_size_t=1, qk_norm='rms_norm', guidance_embeds=True, text_embed_dim=4096, pooled_projection_dim=768, rope_theta=256.0, rope_axes_dim=(16, 56, 56), image_condition_type=None):
        super().__init__()
        supported_image_condition_types = ['latent_concat', 'token_replace']
        if image_condition_type is not None and image_condition_type not in supported_image_condition_types:
            raise ValueError(f'Invalid `image_condition_type` ({image_condition_type}). Supported ones are: {supported_image_condition_types}')
        inner_dim = num_attention_heads * attention_head_dim
        out_channels = out_channels or in_channels
        self.x_embedder = HunyuanVideoPatchEmbed((patch_size_t, patch_size, patch_size), in_channels, inner_dim)
        self.context_embedder = HunyuanVideoTokenRefiner(text_embed_dim, num_attention_heads, attention_head_dim, num_layers=num_refiner_layers)
        self.time_text_embed = HunyuanVideoConditionEmbedding(inner_dim, pooled_projection_dim, guidance_embeds, image_condition_type)
        self.rope = HunyuanVideoRotaryPosEmbed(patch_size, patch_size_t, rope_axes_dim, rope_theta)
        if image_condition_type == 'token_replace':
            self.transformer_blocks = nn.ModuleList([HunyuanVideoTokenReplaceTransformerBlock(num_attention_heads, attention_head_dim, mlp_ratio=mlp_ratio, qk_norm=qk_norm) for _ in range(num_layers)])
        else:
            self.transformer_blocks = nn.ModuleList([HunyuanVideoTransformerBlock(num_attention_heads, attention_head_dim, mlp_ratio=mlp_ratio, qk_norm=qk_norm) for _ in range(num_layers)])
        if image_condition_type == 'token_replace':
            self.single_transformer_blocks = nn.ModuleList([HunyuanVideoTokenReplaceSingleTransformerBlock(num_attention_heads, attention_head_dim, mlp_ratio=mlp_ratio, qk_norm=qk_norm) for _ in range(num_single_layers)])
        else:
            self.single_transformer_blocks = nn.ModuleList([HunyuanVideoSingleTransformerBlock(num_attention_heads, attention_head_dim, mlp_ratio=mlp_ratio, qk_norm=qk_norm) for _ in range(num_single_layers)])
        self.norm_out = AdaLayerNormContinuous(inner_dim, inner_dim, elementwise_affine=False, eps=1e-06)
        self.proj_out = nn.Linear(inner_dim, patch_size_t * patch_size * patch_size * out_channels)
        self.gradient_checkpointing = False
