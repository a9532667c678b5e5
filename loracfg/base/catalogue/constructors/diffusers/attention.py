"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): attention. Made by `python -m loracfg.base.transcriber`."""
from .activations import ApproximateGELU, FP32SiLU, GEGLU, GELU, LinearActivation, SwiGLU
from .attention_processor import Attention, JointAttnProcessor2_0
from .embeddings import SinusoidalPositionalEmbedding
from .normalization import AdaLayerNorm, AdaLayerNormContinuous, AdaLayerNormZero, RMSNorm, SD35AdaLayerNormZeroX
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import functional as F, nn

class AttentionMixin:
    pass

class AttentionModuleMixin:
    _default_processor_cls = None
    fused_projections = False

    def set_processor(self, processor):
        if hasattr(self, 'processor') and isinstance(self.processor, torch.nn.Module) and (not isinstance(processor, torch.nn.Module)):
            self._modules.pop('processor')
        self.processor = processor

class GatedSelfAttentionDense(nn.Module):

    def __init__(self, query_dim, context_dim, n_heads, d_head):
        super().__init__()
        self.linear = nn.Linear(context_dim, query_dim)
        self.attn = Attention(query_dim=query_dim, heads=n_heads, dim_head=d_head)
        self.ff = FeedForward(query_dim, activation_fn='geglu')
        self.norm1 = nn.LayerNorm(query_dim)
        self.norm2 = nn.LayerNorm(query_dim)
        self.register_parameter('alpha_attn', nn.Parameter(torch.tensor(0.0)))
        self.register_parameter('alpha_dense', nn.Parameter(torch.tensor(0.0)))
        self.enabled = True

class JointTransformerBlock(nn.Module):

    def __init__(self, dim, num_attention_heads, attention_head_dim, context_pre_only=False, qk_norm=None, use_dual_attention=False):
        super().__init__()
        self.use_dual_attention = use_dual_attention
        self.context_pre_only = context_pre_only
        context_norm_type = 'ada_norm_continous' if context_pre_only else 'ada_norm_zero'
        if use_dual_attention:
            self.norm1 = SD35AdaLayerNormZeroX(dim)
        else:
            self.norm1 = AdaLayerNormZero(dim)
        if context_norm_type == 'ada_norm_continous':
            self.norm1_context = AdaLayerNormContinuous(dim, dim, elementwise_affine=False, eps=1e-06, bias=True, norm_type='layer_norm')
        elif context_norm_type == 'ada_norm_zero':
            self.norm1_context = AdaLayerNormZero(dim)
        else:
            raise ValueError(f'Unknown context_norm_type: {context_norm_type}, currently only support `ada_norm_continous`, `ada_norm_zero`')
        if hasattr(F, 'scaled_dot_product_attention'):
            processor = JointAttnProcessor2_0()
        else:
            raise ValueError('The current PyTorch version does not support the `scaled_dot_product_attention` function.')
        self.attn = Attention(query_dim=dim, cross_attention_dim=None, added_kv_proj_dim=dim, dim_head=attention_head_dim, heads=num_attention_heads, out_dim=dim, context_pre_only=context_pre_only, bias=True, processor=processor, qk_norm=qk_norm, eps=1e-06)
        if use_dual_attention:
            self.attn2 = Attention(query_dim=dim, cross_attention_dim=None, dim_head=attention_head_dim, heads=num_attention_heads, out_dim=dim, bias=True, processor=processor, qk_norm=qk_norm, eps=1e-06)
        else:
            self.attn2 = None
        self.norm2 = nn.LayerNorm(dim, elementwise_affine=False, eps=1e-06)
        self.ff = FeedForward(dim=dim, dim_out=dim, activation_fn='gelu-approximate')
        if not context_pre_only:
            self.norm2_context = nn.LayerNorm(dim, elementwise_affine=False, eps=1e-06)
            self.ff_context = FeedForward(dim=dim, dim_out=dim, activation_fn='gelu-approximate')
        else:
            self.norm2_context = None
            self.ff_context = None
        self._chunk_size = None
        self._chunk_dim = 0

class BasicTransformerBlock(nn.Module):

    def __init__(self, dim, num_attention_heads, attention_head_dim, dropout=0.0, cross_attention_dim=None, activation_fn='geglu', num_embeds_ada_norm=None, attention_bias=False, only_cross_attention=False, double_self_attention=False, upcast_attention=False, norm_elementwise_affine=True, norm_type='layer_norm', norm_eps=1e-05, final_dropout=False, attention_type='default', positional_embeddings=None, num_positional_embeddings=None, ada_norm_continous_conditioning_embedding_dim=None, ada_norm_bias=None, ff_inner_dim=None, ff_bias=True, attention_out_bias=True):
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
        self.attn1 = Attention(query_dim=dim, heads=num_attention_heads, dim_head=attention_head_dim, dropout=dropout, bias=attention_bias, cross_attention_dim=cross_attention_dim if only_cross_attention else None, upcast_attention=upcast_attention, out_bias=attention_out_bias)
        if cross_attention_dim is not None or double_self_attention:
            if norm_type == 'ada_norm':
                self.norm2 = AdaLayerNorm(dim, num_embeds_ada_norm)
            elif norm_type == 'ada_norm_continuous':
                self.norm2 = AdaLayerNormContinuous(dim, ada_norm_continous_conditioning_embedding_dim, norm_elementwise_affine, norm_eps, ada_norm_bias, 'rms_norm')
            else:
                self.norm2 = nn.LayerNorm(dim, norm_eps, norm_elementwise_affine)
            self.attn2 = Attention(query_dim=dim, cross_attention_dim=cross_attention_dim if not double_self_attention else None, heads=num_attention_heads, dim_head=attention_head_dim, dropout=dropout, bias=attention_bias, upcast_attention=upcast_attention, out_bias=attention_out_bias)
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
        self.ff = FeedForward(dim, dropout=dropout, activation_fn=activation_fn, final_dropout=final_dropout, inner_dim=ff_inner_dim, bias=ff_bias)
        if attention_type == 'gated' or attention_type == 'gated-text-image':
            self.fuser = GatedSelfAttentionDense(dim, cross_attention_dim, num_attention_heads, attention_head_dim)
        if norm_type == 'ada_norm_single':
            self.scale_shift_table = nn.Parameter(torch.randn(6, dim) / dim ** 0.5)
        self._chunk_size = None
        self._chunk_dim = 0

class LuminaFeedForward(nn.Module):

    def __init__(self, dim, inner_dim, multiple_of=256, ffn_dim_multiplier=None):
        super().__init__()
        if ffn_dim_multiplier is not None:
            inner_dim = int(ffn_dim_multiplier * inner_dim)
        inner_dim = multiple_of * ((inner_dim + multiple_of - 1) // multiple_of)
        self.linear_1 = nn.Linear(dim, inner_dim, bias=False)
        self.linear_2 = nn.Linear(inner_dim, dim, bias=False)
        self.linear_3 = nn.Linear(dim, inner_dim, bias=False)
        self.silu = FP32SiLU()

class TemporalBasicTransformerBlock(nn.Module):

    def __init__(self, dim, time_mix_inner_dim, num_attention_heads, attention_head_dim, cross_attention_dim=None):
        super().__init__()
        self.is_res = dim == time_mix_inner_dim
        self.norm_in = nn.LayerNorm(dim)
        self.ff_in = FeedForward(dim, dim_out=time_mix_inner_dim, activation_fn='geglu')
        self.norm1 = nn.LayerNorm(time_mix_inner_dim)
        self.attn1 = Attention(query_dim=time_mix_inner_dim, heads=num_attention_heads, dim_head=attention_head_dim, cross_attention_dim=None)
        if cross_attention_dim is not None:
            self.norm2 = nn.LayerNorm(time_mix_inner_dim)
            self.attn2 = Attention(query_dim=time_mix_inner_dim, cross_attention_dim=cross_attention_dim, heads=num_attention_heads, dim_head=attention_head_dim)
        else:
            self.norm2 = None
            self.attn2 = None
        self.norm3 = nn.LayerNorm(time_mix_inner_dim)
        self.ff = FeedForward(time_mix_inner_dim, activation_fn='geglu')
        self._chunk_size = None
        self._chunk_dim = None

class SkipFFTransformerBlock(nn.Module):

    def __init__(self, dim, num_attention_heads, attention_head_dim, kv_input_dim, kv_input_dim_proj_use_bias, dropout=0.0, cross_attention_dim=None, attention_bias=False, attention_out_bias=True):
        super().__init__()
        if kv_input_dim != dim:
            self.kv_mapper = nn.Linear(kv_input_dim, dim, kv_input_dim_proj_use_bias)
        else:
            self.kv_mapper = None
        self.norm1 = RMSNorm(dim, 1e-06)
        self.attn1 = Attention(query_dim=dim, heads=num_attention_heads, dim_head=attention_head_dim, dropout=dropout, bias=attention_bias, cross_attention_dim=cross_attention_dim, out_bias=attention_out_bias)
        self.norm2 = RMSNorm(dim, 1e-06)
        self.attn2 = Attention(query_dim=dim, cross_attention_dim=cross_attention_dim, heads=num_attention_heads, dim_head=attention_head_dim, dropout=dropout, bias=attention_bias, out_bias=attention_out_bias)

class FeedForward(nn.Module):

    def __init__(self, dim, dim_out=None, mult=4, dropout=0.0, activation_fn='geglu', final_dropout=False, inner_dim=None, bias=True):
        super().__init__()
        if inner_dim is None:
            inner_dim = int(dim * mult)
        dim_out = dim_out if dim_out is not None else dim
        if activation_fn == 'gelu':
            act_fn = GELU(dim, inner_dim, bias=bias)
        if activation_fn == 'gelu-approximate':
            act_fn = GELU(dim, inner_dim, approximate='tanh', bias=bias)
        elif activation_fn == 'geglu':
            act_fn = GEGLU(dim, inner_dim, bias=bias)
        elif activation_fn == 'geglu-approximate':
            act_fn = ApproximateGELU(dim, inner_dim, bias=bias)
        elif activation_fn == 'swiglu':
            act_fn = SwiGLU(dim, inner_dim, bias=bias)
        elif activation_fn == 'linear-silu':
            act_fn = LinearActivation(dim, inner_dim, bias=bias, activation='silu')
        self.net = nn.ModuleList([])
        self.net.append(act_fn)
        self.net.append(nn.Dropout(dropout))
        self.net.append(nn.Linear(inner_dim, dim_out, bias=bias))
        if final_dropout:
            self.net.append(nn.Dropout(dropout))
