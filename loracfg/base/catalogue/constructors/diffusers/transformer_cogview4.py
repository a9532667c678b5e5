"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): transformer_cogview4. Made by `python -m loracfg.base.transcriber`."""
from .attention import FeedForward
from .attention_processor import Attention
from .cache_utils import CacheMixin
from .embeddings import CogView3CombinedTimestepSizeEmbeddings
from .normalization import LayerNorm, RMSNorm
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.nn import functional as F, nn
from loracfg.base.catalogue.stand_ins.turns import range

class CogView4PatchEmbed(nn.Module):

    def __init__(self, in_channels=16, hidden_size=2560, patch_size=2, text_hidden_size=4096):
        super().__init__()
        self.patch_size = patch_size
        self.proj = nn.Linear(in_channels * patch_size ** 2, hidden_size)
        self.text_proj = nn.Linear(text_hidden_size, hidden_size)

class CogView4AdaLayerNormZero(nn.Module):

    def __init__(self, embedding_dim, dim):
        super().__init__()
        self.norm = nn.LayerNorm(dim, elementwise_affine=False, eps=1e-05)
        self.norm_context = nn.LayerNorm(dim, elementwise_affine=False, eps=1e-05)
        self.linear = nn.Linear(embedding_dim, 12 * dim, bias=True)

class CogView4AttnProcessor:

    def __init__(self):
        if not hasattr(F, 'scaled_dot_product_attention'):
            raise ImportError('CogView4AttnProcessor requires PyTorch 2.0. To use it, please upgrade PyTorch to 2.0.')

class CogView4TransformerBlock(nn.Module):

    def __init__(self, dim=2560, num_attention_heads=64, attention_head_dim=40, time_embed_dim=512):
        super().__init__()
        self.norm1 = CogView4AdaLayerNormZero(time_embed_dim, dim)
        self.attn1 = Attention(query_dim=dim, heads=num_attention_heads, dim_head=attention_head_dim, out_dim=dim, bias=True, qk_norm='layer_norm', elementwise_affine=False, eps=1e-05, processor=CogView4AttnProcessor())
        self.norm2 = nn.LayerNorm(dim, elementwise_affine=False, eps=1e-05)
        self.norm2_context = nn.LayerNorm(dim, elementwise_affine=False, eps=1e-05)
        self.ff = FeedForward(dim=dim, dim_out=dim, activation_fn='gelu-approximate')

class CogView4RotaryPosEmbed(nn.Module):

    def __init__(self, dim, patch_size, rope_axes_dim, theta=10000.0):
        super().__init__()
        self.dim = dim
        self.patch_size = patch_size
        self.rope_axes_dim = rope_axes_dim
        self.theta = theta

class CogView4AdaLayerNormContinuous(nn.Module):

    def __init__(self, embedding_dim, conditioning_embedding_dim, elementwise_affine=True, eps=1e-05, bias=True, norm_type='layer_norm'):
        super().__init__()
        self.linear = nn.Linear(conditioning_embedding_dim, embedding_dim * 2, bias=bias)
        if norm_type == 'layer_norm':
            self.norm = LayerNorm(embedding_dim, eps, elementwise_affine, bias)
        elif norm_type == 'rms_norm':
            self.norm = RMSNorm(embedding_dim, eps, elementwise_affine)
        else:
            raise ValueError(f'unknown norm_type {norm_type}')

class CogView4Transformer2DModel(ModelMixin, ConfigMixin, CacheMixin):

    @register_to_config
    def __init__(self, patch_size=2, in_channels=16, out_channels=16, num_layers=30, attention_head_dim=40, num_attention_heads=64, text_embed_dim=4096, time_embed_dim=512, condition_dim=256, pos_embed_max_size=128, sample_size=128, rope_axes_dim=(256, 256)):
        super().__init__()
        pooled_projection_dim = 3 * 2 * condition_dim
        inner_dim = num_attention_heads * attention_head_dim
        out_channels = out_channels
        self.rope = CogView4RotaryPosEmbed(attention_head_dim, patch_size, rope_axes_dim, theta=10000.0)
        self.patch_embed = CogView4PatchEmbed(in_channels, inner_dim, patch_size, text_embed_dim)
        self.time_condition_embed = CogView3CombinedTimestepSizeEmbeddings(embedding_dim=time_embed_dim, condition_dim=condition_dim, pooled_projection_dim=pooled_projection_dim, timesteps_dim=inner_dim)
        self.transformer_blocks = nn.ModuleList([CogView4TransformerBlock(inner_dim, num_attention_heads, attention_head_dim, time_embed_dim) for _ in range(num_layers)])
        self.norm_out = CogView4AdaLayerNormContinuous(inner_dim, time_embed_dim, elementwise_affine=False)
        self.proj_out = nn.Linear(inner_dim, patch_size * patch_size * out_channels, bias=True)
        self.gradient_checkpointing = False
