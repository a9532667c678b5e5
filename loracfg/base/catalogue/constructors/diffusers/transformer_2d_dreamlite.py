"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): transformer_2d_dreamlite. Made by `python -m loracfg.base.transcriber`."""
from .attention import FeedForward, GatedSelfAttentionDense
from .attention_processor import Attention
from .embeddings import SinusoidalPositionalEmbedding
from .normalization import AdaLayerNorm, AdaLayerNormContinuous, AdaLayerNormZero
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

class BasicTransformerBlockDreamLite(nn.Module):

    def __init__(self, dim, num_attention_heads, attention_head_dim, dropout=0.0, cross_attention_dim=None, activation_fn='geglu', num_embeds_ada_norm=None, attention_bias=False, only_cross_attention=False, double_self_attention=False, upcast_attention=False, norm_elementwise_affine=True, norm_type='layer_norm', norm_eps=1e-05, final_dropout=False, attention_type='default', positional_embeddings=None, num_positional_embeddings=None, ada_norm_continous_conditioning_embedding_dim=None, ada_norm_bias=None, ff_inner_dim=None, ff_bias=True, attention_out_bias=True, use_self_attention=True, qk_norm=None, num_kv_heads=None, ff_mult=4):
        super().__init__()
        self.dim = dim
        self.num_attention_heads = num_attention_heads
        self.attention_head_dim = attention_head_dim
        self.dropout = dropout
        self.cross_attention_dim = cross_attention_dim
        self.activation_fn = activation_fn
        self.attention_bias = attention_bias
        self.double_self_attention = double_self_attention
        self.norm_elementwise_affine = norm_elementwise_affine
        self.positional_embeddings = positional_embeddings
        self.num_positional_embeddings = num_positional_embeddings
        self.only_cross_attention = only_cross_attention
        self.use_self_attention = use_self_attention
        if not use_self_attention and norm_type in ('ada_norm_zero', 'ada_norm_single'):
            raise ValueError(f"`use_self_attention=False` is incompatible with `norm_type={norm_type}` because the gate/shift/scale modulation tuple is derived from `norm1`. Use `norm_type='layer_norm'` or `'ada_norm'` instead.")
        self.use_ada_layer_norm_zero = num_embeds_ada_norm is not None and norm_type == 'ada_norm_zero'
        self.use_ada_layer_norm = num_embeds_ada_norm is not None and norm_type == 'ada_norm'
        self.use_ada_layer_norm_single = norm_type == 'ada_norm_single'
        self.use_layer_norm = norm_type == 'layer_norm'
        self.use_ada_layer_norm_continuous = norm_type == 'ada_norm_continuous'
        if norm_type in ('ada_norm', 'ada_norm_zero') and num_embeds_ada_norm is None:
            raise ValueError(f'`norm_type` is set to {norm_type}, but `num_embeds_ada_norm` is not defined. Please make sure to define `num_embeds_ada_norm` if setting `norm_type` to {norm_type}.')
        self.norm_type = norm_type
        self.num_embeds_ada_norm = num_embeds_ada_norm
        if positional_embeddings and num_positional_embeddings is None:
            raise ValueError('If `positional_embedding` type is defined, `num_positition_embeddings` must also be defined.')
        if positional_embeddings == 'sinusoidal':
            self.pos_embed = SinusoidalPositionalEmbedding(dim, max_seq_length=num_positional_embeddings)
        else:
            self.pos_embed = None
        if norm_type == 'ada_norm':
            self.norm1 = AdaLayerNorm(dim, num_embeds_ada_norm)
        elif norm_type == 'ada_norm_zero':
            self.norm1 = AdaLayerNormZero(dim, num_embeds_ada_norm)
        elif norm_type == 'ada_norm_continuous':
            self.norm1 = AdaLayerNormContinuous(dim, ada_norm_continous_conditioning_embedding_dim, norm_elementwise_affine, norm_eps, ada_norm_bias, 'rms_norm')
        else:
            self.norm1 = nn.LayerNorm(dim, elementwise_affine=norm_elementwise_affine, eps=norm_eps)
        if use_self_attention:
            self.attn1 = Attention(query_dim=dim, heads=num_attention_heads, dim_head=attention_head_dim, dropout=dropout, bias=attention_bias, cross_attention_dim=cross_attention_dim if only_cross_attention else None, upcast_attention=upcast_attention, out_bias=attention_out_bias, qk_norm=qk_norm, kv_heads=num_kv_heads)
        else:
            self.attn1 = None
        if cross_attention_dim is not None or double_self_attention:
            if norm_type == 'ada_norm':
                self.norm2 = AdaLayerNorm(dim, num_embeds_ada_norm)
            elif norm_type == 'ada_norm_continuous':
                self.norm2 = AdaLayerNormContinuous(dim, ada_norm_continous_conditioning_embedding_dim, norm_elementwise_affine, norm_eps, ada_norm_bias, 'rms_norm')
            else:
                self.norm2 = nn.LayerNorm(dim, norm_eps, norm_elementwise_affine)
            self.attn2 = Attention(query_dim=dim, cross_attention_dim=cross_attention_dim if not double_self_attention else None, heads=num_attention_heads, dim_head=attention_head_dim, dropout=dropout, bias=attention_bias, upcast_attention=upcast_attention, out_bias=attention_out_bias, qk_norm=qk_norm, kv_heads=num_kv_heads)
        else:
            if norm_type == 'ada_norm_single':
                self.norm2 = nn.LayerNorm(dim, norm_eps, norm_elementwise_affine)
            else:
                self.norm2 = None
            self.attn2 = None
        if norm_type == 'ada_norm_continuous':
            self.norm3 = AdaLayerNormContinuous(dim, ada_norm_continous_conditioning_embedding_dim, norm_elementwise_affine, norm_eps, ada_norm_bias, 'layer_norm')
        elif norm_type in ['ada_norm_zero', 'ada_norm', 'layer_norm']:
            self.norm3 = nn.LayerNorm(dim, norm_eps, norm_elementwise_affine)
        elif norm_type == 'layer_norm_i2vgen':
            self.norm3 = None
        self.ff = FeedForward(dim, dropout=dropout, activation_fn=activation_fn, final_dropout=final_dropout, inner_dim=ff_inner_dim, bias=ff_bias, mult=ff_mult)
        if attention_type == 'gated' or attention_type == 'gated-text-image':
            self.fuser = GatedSelfAttentionDense(dim, cross_attention_dim, num_attention_heads, attention_head_dim)
        if norm_type == 'ada_norm_single':
            self.scale_shift_table = nn.Parameter(torch.randn(6, dim) / dim ** 0.5)
        self._chunk_size = None
        self._chunk_dim = 0

class DreamLiteTransformer2DModel(ModelMixin, ConfigMixin):

    @register_to_config
    def __init__(self, num_attention_heads=16, attention_head_dim=88, in_channels=None, out_channels=None, num_layers=1, dropout=0.0, norm_num_groups=32, cross_attention_dim=None, attention_bias=False, activation_fn='geglu', num_embeds_ada_norm=None, use_linear_projection=False, only_cross_attention=False, double_self_attention=False, upcast_attention=False, norm_type='layer_norm', norm_elementwise_affine=True, norm_eps=1e-05, attention_type='default', use_self_attention=True, qk_norm=None, num_kv_heads=None, ff_mult=4):
        super().__init__()
        if in_channels is None:
            raise ValueError('`DreamLiteTransformer2DModel` only supports continuous inputs; `in_channels` must be provided.')
        self.use_linear_projection = use_linear_projection
        self.num_attention_heads = num_attention_heads
        self.attention_head_dim = attention_head_dim
        self.inner_dim = self.config.num_attention_heads * self.config.attention_head_dim
        self.in_channels = in_channels
        self.out_channels = in_channels if out_channels is None else out_channels
        self.gradient_checkpointing = False
        self.norm = torch.nn.GroupNorm(num_groups=self.config.norm_num_groups, num_channels=self.in_channels, eps=1e-06, affine=True)
        if self.use_linear_projection:
            self.proj_in = torch.nn.Linear(self.in_channels, self.inner_dim)
        else:
            self.proj_in = torch.nn.Conv2d(self.in_channels, self.inner_dim, kernel_size=1, stride=1, padding=0)
        self.transformer_blocks = nn.ModuleList([BasicTransformerBlockDreamLite(self.inner_dim, self.config.num_attention_heads, self.config.attention_head_dim, dropout=self.config.dropout, cross_attention_dim=self.config.cross_attention_dim, activation_fn=self.config.activation_fn, num_embeds_ada_norm=self.config.num_embeds_ada_norm, attention_bias=self.config.attention_bias, only_cross_attention=self.config.only_cross_attention, double_self_attention=self.config.double_self_attention, upcast_attention=self.config.upcast_attention, norm_type=norm_type, norm_elementwise_affine=self.config.norm_elementwise_affine, norm_eps=self.config.norm_eps, attention_type=self.config.attention_type, use_self_attention=self.config.use_self_attention, qk_norm=self.config.qk_norm, num_kv_heads=self.config.num_kv_heads, ff_mult=self.config.ff_mult) for _ in range(self.config.num_layers)])
        if self.use_linear_projection:
            self.proj_out = torch.nn.Linear(self.inner_dim, self.out_channels)
        else:
            self.proj_out = torch.nn.Conv2d(self.inner_dim, self.out_channels, kernel_size=1, stride=1, padding=0)
