"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): transformer_hunyuan_video15. Made by `python -m loracfg.base.transcriber`."""
from .attention import AttentionMixin, FeedForward
from .attention_processor import Attention
from .cache_utils import CacheMixin
from .embeddings import CombinedTimestepTextProjEmbeddings, TimestepEmbedding, Timesteps
from .normalization import AdaLayerNormContinuous, AdaLayerNormZero
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.nn import functional as F, nn
from loracfg.base.catalogue.stand_ins.turns import range

class HunyuanVideo15AttnProcessor2_0:
    _attention_backend = None
    _parallel_config = None

    def __init__(self):
        if not hasattr(F, 'scaled_dot_product_attention'):
            raise ImportError('HunyuanVideo15AttnProcessor2_0 requires PyTorch 2.0. To use it, please upgrade PyTorch to 2.0.')

class HunyuanVideo15PatchEmbed(nn.Module):

    def __init__(self, patch_size=16, in_chans=3, embed_dim=768):
        super().__init__()
        patch_size = (patch_size, patch_size, patch_size) if isinstance(patch_size, int) else patch_size
        self.proj = nn.Conv3d(in_chans, embed_dim, kernel_size=patch_size, stride=patch_size)

class HunyuanVideo15AdaNorm(nn.Module):

    def __init__(self, in_features, out_features=None):
        super().__init__()
        out_features = out_features or 2 * in_features
        self.linear = nn.Linear(in_features, out_features)
        self.nonlinearity = nn.SiLU()

class HunyuanVideo15TimeEmbedding(nn.Module):

    def __init__(self, embedding_dim, use_meanflow=False):
        super().__init__()
        self.time_proj = Timesteps(num_channels=256, flip_sin_to_cos=True, downscale_freq_shift=0)
        self.timestep_embedder = TimestepEmbedding(in_channels=256, time_embed_dim=embedding_dim)
        self.use_meanflow = use_meanflow
        self.time_proj_r = None
        self.timestep_embedder_r = None
        if use_meanflow:
            self.time_proj_r = Timesteps(num_channels=256, flip_sin_to_cos=True, downscale_freq_shift=0)
            self.timestep_embedder_r = TimestepEmbedding(in_channels=256, time_embed_dim=embedding_dim)

class HunyuanVideo15IndividualTokenRefinerBlock(nn.Module):

    def __init__(self, num_attention_heads, attention_head_dim, mlp_width_ratio=4.0, mlp_drop_rate=0.0, attention_bias=True):
        super().__init__()
        hidden_size = num_attention_heads * attention_head_dim
        self.norm1 = nn.LayerNorm(hidden_size, elementwise_affine=True, eps=1e-06)
        self.attn = Attention(query_dim=hidden_size, cross_attention_dim=None, heads=num_attention_heads, dim_head=attention_head_dim, bias=attention_bias)
        self.norm2 = nn.LayerNorm(hidden_size, elementwise_affine=True, eps=1e-06)
        self.ff = FeedForward(hidden_size, mult=mlp_width_ratio, activation_fn='linear-silu', dropout=mlp_drop_rate)
        self.norm_out = HunyuanVideo15AdaNorm(hidden_size, 2 * hidden_size)

class HunyuanVideo15IndividualTokenRefiner(nn.Module):

    def __init__(self, num_attention_heads, attention_head_dim, num_layers, mlp_width_ratio=4.0, mlp_drop_rate=0.0, attention_bias=True):
        super().__init__()
        self.refiner_blocks = nn.ModuleList([HunyuanVideo15IndividualTokenRefinerBlock(num_attention_heads=num_attention_heads, attention_head_dim=attention_head_dim, mlp_width_ratio=mlp_width_ratio, mlp_drop_rate=mlp_drop_rate, attention_bias=attention_bias) for _ in range(num_layers)])

class HunyuanVideo15TokenRefiner(nn.Module):

    def __init__(self, in_channels, num_attention_heads, attention_head_dim, num_layers, mlp_ratio=4.0, mlp_drop_rate=0.0, attention_bias=True):
        super().__init__()
        hidden_size = num_attention_heads * attention_head_dim
        self.time_text_embed = CombinedTimestepTextProjEmbeddings(embedding_dim=hidden_size, pooled_projection_dim=in_channels)
        self.proj_in = nn.Linear(in_channels, hidden_size, bias=True)
        self.token_refiner = HunyuanVideo15IndividualTokenRefiner(num_attention_heads=num_attention_heads, attention_head_dim=attention_head_dim, num_layers=num_layers, mlp_width_ratio=mlp_ratio, mlp_drop_rate=mlp_drop_rate, attention_bias=attention_bias)

class HunyuanVideo15RotaryPosEmbed(nn.Module):

    def __init__(self, patch_size, patch_size_t, rope_dim, theta=256.0):
        super().__init__()
        self.patch_size = patch_size
        self.patch_size_t = patch_size_t
        self.rope_dim = rope_dim
        self.theta = theta

class HunyuanVideo15ByT5TextProjection(nn.Module):

    def __init__(self, in_features, hidden_size, out_features):
        super().__init__()
        self.norm = nn.LayerNorm(in_features)
        self.linear_1 = nn.Linear(in_features, hidden_size)
        self.linear_2 = nn.Linear(hidden_size, hidden_size)
        self.linear_3 = nn.Linear(hidden_size, out_features)
        self.act_fn = nn.GELU()

class HunyuanVideo15ImageProjection(nn.Module):

    def __init__(self, in_channels, hidden_size):
        super().__init__()
        self.norm_in = nn.LayerNorm(in_channels)
        self.linear_1 = nn.Linear(in_channels, in_channels)
        self.act_fn = nn.GELU()
        self.linear_2 = nn.Linear(in_channels, hidden_size)
        self.norm_out = nn.LayerNorm(hidden_size)

class HunyuanVideo15TransformerBlock(nn.Module):

    def __init__(self, num_attention_heads, attention_head_dim, mlp_ratio, qk_norm='rms_norm'):
        super().__init__()
        hidden_size = num_attention_heads * attention_head_dim
        self.norm1 = AdaLayerNormZero(hidden_size, norm_type='layer_norm')
        self.norm1_context = AdaLayerNormZero(hidden_size, norm_type='layer_norm')
        self.attn = Attention(query_dim=hidden_size, cross_attention_dim=None, added_kv_proj_dim=hidden_size, dim_head=attention_head_dim, heads=num_attention_heads, out_dim=hidden_size, context_pre_only=False, bias=True, processor=HunyuanVideo15AttnProcessor2_0(), qk_norm=qk_norm, eps=1e-06)
        self.norm2 = nn.LayerNorm(hidden_size, elementwise_affine=False, eps=1e-06)
        self.ff = FeedForward(hidden_size, mult=mlp_ratio, activation_fn='gelu-approximate')
        self.norm2_context = nn.LayerNorm(hidden_size, elementwise_affine=False, eps=1e-06)
        self.ff_context = FeedForward(hidden_size, mult=mlp_ratio, activation_fn='gelu-approximate')

class HunyuanVideo15Transformer3DModel(ModelMixin, ConfigMixin, CacheMixin, AttentionMixin):

    @register_to_config
    def __init__(self, in_channels=65, out_channels=32, num_attention_heads=16, attention_head_dim=128, num_layers=54, num_refiner_layers=2, mlp_ratio=4.0, patch_size=1, patch_size_t=1, qk_norm='rms_norm', text_embed_dim=3584, text_embed_2_dim=1472, image_embed_dim=1152, rope_theta=256.0, rope_axes_dim=(16, 56, 56), target_size=640, task_type='i2v', use_meanflow=False):
        super().__init__()
        inner_dim = num_attention_heads * attention_head_dim
        out_channels = out_channels or in_channels
        self.x_embedder = HunyuanVideo15PatchEmbed((patch_size_t, patch_size, patch_size), in_channels, inner_dim)
        self.image_embedder = HunyuanVideo15ImageProjection(image_embed_dim, inner_dim)
        self.context_embedder = HunyuanVideo15TokenRefiner(text_embed_dim, num_attention_heads, attention_head_dim, num_layers=num_refiner_layers)
        self.context_embedder_2 = HunyuanVideo15ByT5TextProjection(text_embed_2_dim, 2048, inner_dim)
        self.time_embed = HunyuanVideo15TimeEmbedding(inner_dim, use_meanflow=use_meanflow)
        self.cond_type_embed = nn.Embedding(3, inner_dim)
        self.rope = HunyuanVideo15RotaryPosEmbed(patch_size, patch_size_t, rope_axes_dim, rope_theta)
        self.transformer_blocks = nn.ModuleList([HunyuanVideo15TransformerBlock(num_attention_heads, attention_head_dim, mlp_ratio=mlp_ratio, qk_norm=qk_norm) for _ in range(num_layers)])
        self.norm_out = AdaLayerNormContinuous(inner_dim, inner_dim, elementwise_affine=False, eps=1e-06)
        self.proj_out = nn.Linear(inner_dim, patch_size_t * patch_size * patch_size * out_channels)
        self.gradient_checkpointing = False
