"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): transformer_motif_video. Made by `python -m loracfg.base.transcriber`."""
from .attention import AttentionMixin, AttentionModuleMixin, FeedForward
from .cache_utils import CacheMixin
from .embeddings import PixArtAlphaTextProjection, TimestepEmbedding, Timesteps
from .normalization import AdaLayerNormContinuous, AdaLayerNormZero, AdaLayerNormZeroSingle
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import functional as F, nn
from loracfg.base.catalogue.stand_ins.turns import range

class MotifVideoCrossAttnProcessor2_0:
    _attention_backend = None
    _parallel_config = None

    def __init__(self):
        if not hasattr(F, 'scaled_dot_product_attention'):
            raise ImportError('MotifVideoCrossAttnProcessor2_0 requires PyTorch 2.0. To use it, please upgrade PyTorch to 2.0.')

class MotifVideoAttnProcessor2_0:
    _attention_backend = None
    _parallel_config = None

    def __init__(self):
        if not hasattr(F, 'scaled_dot_product_attention'):
            raise ImportError('MotifVideoAttnProcessor2_0 requires PyTorch 2.0. To use it, please upgrade PyTorch to 2.0.')

class MotifVideoCrossAttention(nn.Module, AttentionModuleMixin):
    _default_processor_cls = MotifVideoCrossAttnProcessor2_0

    def __init__(self, query_dim, heads=8, dim_head=64, dropout=0.0, bias=False, out_bias=True, eps=1e-05, qk_norm='rms_norm', elementwise_affine=True, processor=None):
        super().__init__()
        self.head_dim = dim_head
        self.inner_dim = dim_head * heads
        self.heads = heads
        self.to_q = nn.Linear(query_dim, self.inner_dim, bias=bias)
        self.to_k = nn.Linear(query_dim, self.inner_dim, bias=bias)
        self.to_v = nn.Linear(query_dim, self.inner_dim, bias=bias)
        if qk_norm == 'rms_norm':
            self.norm_q = nn.RMSNorm(dim_head, eps=eps, elementwise_affine=elementwise_affine)
            self.norm_k = nn.RMSNorm(dim_head, eps=eps, elementwise_affine=elementwise_affine)
        elif qk_norm == 'layer_norm':
            self.norm_q = nn.LayerNorm(dim_head, eps=eps, elementwise_affine=elementwise_affine)
            self.norm_k = nn.LayerNorm(dim_head, eps=eps, elementwise_affine=elementwise_affine)
        else:
            self.norm_q = None
            self.norm_k = None
        self.to_out = nn.ModuleList([nn.Linear(self.inner_dim, query_dim, bias=out_bias), nn.Dropout(dropout)])
        if processor is None:
            processor = self._default_processor_cls()
        self.set_processor(processor)

class MotifVideoAttention(torch.nn.Module, AttentionModuleMixin):
    _default_processor_cls = MotifVideoAttnProcessor2_0

    def __init__(self, query_dim, heads=8, dim_head=64, dropout=0.0, bias=False, added_kv_proj_dim=None, added_proj_bias=True, out_bias=True, eps=1e-05, out_dim=None, elementwise_affine=True, pre_only=False, context_pre_only=False, qk_norm='rms_norm', processor=None):
        super().__init__()
        self.head_dim = dim_head
        self.inner_dim = out_dim if out_dim is not None else dim_head * heads
        self.query_dim = query_dim
        self.out_dim = out_dim if out_dim is not None else query_dim
        self.heads = out_dim // dim_head if out_dim is not None else heads
        self.pre_only = pre_only
        self.use_bias = bias
        self.dropout = dropout
        self.added_kv_proj_dim = added_kv_proj_dim
        self.added_proj_bias = added_proj_bias
        self.context_pre_only = context_pre_only
        self.to_q = torch.nn.Linear(query_dim, self.inner_dim, bias=bias)
        self.to_k = torch.nn.Linear(query_dim, self.inner_dim, bias=bias)
        self.to_v = torch.nn.Linear(query_dim, self.inner_dim, bias=bias)
        if qk_norm == 'rms_norm':
            self.norm_q = torch.nn.RMSNorm(dim_head, eps=eps, elementwise_affine=elementwise_affine)
            self.norm_k = torch.nn.RMSNorm(dim_head, eps=eps, elementwise_affine=elementwise_affine)
        elif qk_norm == 'layer_norm':
            self.norm_q = torch.nn.LayerNorm(dim_head, eps=eps, elementwise_affine=elementwise_affine)
            self.norm_k = torch.nn.LayerNorm(dim_head, eps=eps, elementwise_affine=elementwise_affine)
        else:
            self.norm_q = None
            self.norm_k = None
        if not pre_only:
            self.to_out = torch.nn.ModuleList([])
            self.to_out.append(torch.nn.Linear(self.inner_dim, self.out_dim, bias=out_bias))
            self.to_out.append(torch.nn.Dropout(dropout))
        else:
            self.to_out = None
        if added_kv_proj_dim is not None:
            self.norm_added_q = torch.nn.RMSNorm(dim_head, eps=eps)
            self.norm_added_k = torch.nn.RMSNorm(dim_head, eps=eps)
            self.add_q_proj = torch.nn.Linear(added_kv_proj_dim, self.inner_dim, bias=added_proj_bias)
            self.add_k_proj = torch.nn.Linear(added_kv_proj_dim, self.inner_dim, bias=added_proj_bias)
            self.add_v_proj = torch.nn.Linear(added_kv_proj_dim, self.inner_dim, bias=added_proj_bias)
            if not context_pre_only:
                self.to_add_out = torch.nn.Linear(self.inner_dim, query_dim, bias=out_bias)
            else:
                self.to_add_out = None
        else:
            self.norm_added_q = None
            self.norm_added_k = None
            self.add_q_proj = None
            self.add_k_proj = None
            self.add_v_proj = None
            self.to_add_out = None
        if processor is None:
            processor = self._default_processor_cls()
        self.set_processor(processor)

class MotifVideoPatchEmbed(nn.Module):

    def __init__(self, patch_size=16, in_chans=3, embed_dim=768):
        super().__init__()
        patch_size = (patch_size, patch_size, patch_size) if isinstance(patch_size, int) else patch_size
        self.proj = nn.Conv3d(in_chans, embed_dim, kernel_size=patch_size, stride=patch_size)

class MotifVideoConditionEmbedding(nn.Module):

    def __init__(self, embedding_dim):
        super().__init__()
        self.time_proj = Timesteps(num_channels=256, flip_sin_to_cos=True, downscale_freq_shift=0)
        self.timestep_embedder = TimestepEmbedding(in_channels=256, time_embed_dim=embedding_dim)

class MotifVideoRotaryPosEmbed(nn.Module):

    def __init__(self, patch_size, patch_size_t, rope_dim, theta=256.0):
        super().__init__()
        self.patch_size = patch_size
        self.patch_size_t = patch_size_t
        self.rope_dim = rope_dim
        self.theta = theta

class MotifVideoImageProjection(nn.Module):

    def __init__(self, in_features, hidden_size):
        super().__init__()
        self.norm_in = nn.LayerNorm(in_features)
        self.linear_1 = nn.Linear(in_features, in_features)
        self.act_fn = nn.GELU()
        self.linear_2 = nn.Linear(in_features, hidden_size)
        self.norm_out = nn.LayerNorm(hidden_size)

class MotifVideoSingleTransformerBlock(nn.Module):

    def __init__(self, num_attention_heads, attention_head_dim, mlp_ratio=4.0, qk_norm='rms_norm', norm_type='layer_norm', enable_text_cross_attention=False):
        super().__init__()
        hidden_size = num_attention_heads * attention_head_dim
        mlp_dim = int(hidden_size * mlp_ratio)
        self.attn = MotifVideoAttention(query_dim=hidden_size, heads=num_attention_heads, dim_head=attention_head_dim, out_dim=hidden_size, bias=True, pre_only=True, qk_norm=qk_norm, eps=1e-06, processor=MotifVideoAttnProcessor2_0())
        self.cross_attn = MotifVideoCrossAttention(query_dim=hidden_size, heads=num_attention_heads, dim_head=attention_head_dim, bias=True, qk_norm=qk_norm, eps=1e-06) if enable_text_cross_attention else None
        self.enable_text_cross_attention = enable_text_cross_attention
        self.norm = AdaLayerNormZeroSingle(hidden_size, norm_type=norm_type)
        self.proj_mlp = nn.Linear(hidden_size, mlp_dim)
        self.act_mlp = nn.GELU(approximate='tanh')
        self.proj_out = nn.Linear(hidden_size + mlp_dim, hidden_size)

class MotifVideoTransformerBlock(nn.Module):

    def __init__(self, num_attention_heads, attention_head_dim, mlp_ratio, qk_norm='rms_norm', norm_type='layer_norm', enable_text_cross_attention=False):
        super().__init__()
        hidden_size = num_attention_heads * attention_head_dim
        self.norm1 = AdaLayerNormZero(hidden_size, norm_type=norm_type)
        self.norm1_context = AdaLayerNormZero(hidden_size, norm_type=norm_type)
        self.attn = MotifVideoAttention(query_dim=hidden_size, added_kv_proj_dim=hidden_size, heads=num_attention_heads, dim_head=attention_head_dim, out_dim=hidden_size, bias=True, context_pre_only=False, qk_norm=qk_norm, eps=1e-06, processor=MotifVideoAttnProcessor2_0())
        self.cross_attn = MotifVideoCrossAttention(query_dim=hidden_size, heads=num_attention_heads, dim_head=attention_head_dim, bias=True, qk_norm=qk_norm, eps=1e-06) if enable_text_cross_attention else None
        self.enable_text_cross_attention = enable_text_cross_attention
        self.norm2 = nn.LayerNorm(hidden_size, elementwise_affine=False, eps=1e-06)
        self.norm2_context = nn.LayerNorm(hidden_size, elementwise_affine=False, eps=1e-06)
        self.ff = FeedForward(hidden_size, mult=mlp_ratio, activation_fn='gelu-approximate')
        self.ff_context = FeedForward(hidden_size, mult=mlp_ratio, activation_fn='gelu-approximate')

class MotifVideoTransformer3DModel(ModelMixin, ConfigMixin, CacheMixin, AttentionMixin):

    @register_to_config
    def __init__(self, in_channels=33, out_channels=16, num_attention_heads=24, attention_head_dim=128, num_layers=20, num_single_layers=40, num_decoder_layers=0, mlp_ratio=4.0, patch_size=2, patch_size_t=1, qk_norm='rms_norm', norm_type='layer_norm', text_embed_dim=4096, image_embed_dim=None, rope_theta=256.0, rope_axes_dim=(16, 56, 56), enable_text_cross_attention_dual=False, enable_text_cross_attention_single=False):
        super().__init__()
        inner_dim = num_attention_heads * attention_head_dim
        out_channels = out_channels or in_channels
        self.x_embedder = MotifVideoPatchEmbed((patch_size_t, patch_size, patch_size), in_channels, inner_dim)
        self.context_embedder = PixArtAlphaTextProjection(in_features=text_embed_dim, hidden_size=inner_dim)
        self.image_embed_dim = image_embed_dim
        if image_embed_dim is not None:
            self.image_embedder = MotifVideoImageProjection(in_features=image_embed_dim, hidden_size=inner_dim)
        self.time_text_embed = MotifVideoConditionEmbedding(inner_dim)
        self.rope = MotifVideoRotaryPosEmbed(patch_size, patch_size_t, rope_axes_dim, rope_theta)
        self.enable_text_cross_attention_dual = enable_text_cross_attention_dual
        self.enable_text_cross_attention_single = enable_text_cross_attention_single
        self.transformer_blocks = nn.ModuleList([MotifVideoTransformerBlock(num_attention_heads, attention_head_dim, mlp_ratio=mlp_ratio, qk_norm=qk_norm, norm_type=norm_type, enable_text_cross_attention=enable_text_cross_attention_dual) for _ in range(num_layers)])
        num_encoder_single = num_single_layers - num_decoder_layers
        self.single_transformer_blocks = nn.ModuleList([MotifVideoSingleTransformerBlock(num_attention_heads, attention_head_dim, mlp_ratio=mlp_ratio, qk_norm=qk_norm, norm_type=norm_type, enable_text_cross_attention=enable_text_cross_attention_single if i < num_encoder_single else False) for i in range(num_single_layers)])
        self.norm_out = AdaLayerNormContinuous(inner_dim, inner_dim, elementwise_affine=False, eps=1e-06, norm_type=norm_type)
        self.proj_out = nn.Linear(inner_dim, patch_size_t * patch_size * patch_size * out_channels)
        for i, block in enumerate(self.transformer_blocks):
            if block.enable_text_cross_attention != enable_text_cross_attention_dual:
                raise ValueError(f'transformer_blocks[{i}].enable_text_cross_attention={block.enable_text_cross_attention}, expected {enable_text_cross_attention_dual}. Check checkpoint config.json key names match __init__ parameters.')
        for i, block in enumerate(self.single_transformer_blocks):
            expected = enable_text_cross_attention_single if i < num_encoder_single else False
            if block.enable_text_cross_attention != expected:
                raise ValueError(f'single_transformer_blocks[{i}].enable_text_cross_attention={block.enable_text_cross_attention}, expected {expected}. Check checkpoint config.json key names match __init__ parameters.')
        self.gradient_checkpointing = False
        self.num_decoder_layers = num_decoder_layers
