"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): transformer_anyflow. Made by `python -m loracfg.base.transcriber`."""
from .attention import AttentionModuleMixin, FeedForward
from .embeddings import PixArtAlphaTextProjection, TimestepEmbedding, Timesteps
from .normalization import FP32LayerNorm, RMSNorm
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import functional as F, nn
from loracfg.base.catalogue.stand_ins.turns import range
import math

class AnyFlowAttnProcessor:
    _attention_backend = None
    _parallel_config = None

    def __init__(self):
        if not hasattr(F, 'scaled_dot_product_attention'):
            raise ImportError('AnyFlowAttnProcessor requires PyTorch 2.0. To use it, please upgrade PyTorch to 2.0 or higher.')

class AnyFlowCrossAttnProcessor:
    _attention_backend = None
    _parallel_config = None

    def __init__(self):
        if not hasattr(F, 'scaled_dot_product_attention'):
            raise ImportError('AnyFlowCrossAttnProcessor requires PyTorch 2.0. To use it, please upgrade PyTorch to 2.0 or higher.')

class AnyFlowAttention(torch.nn.Module, AttentionModuleMixin):
    _default_processor_cls = AnyFlowAttnProcessor

    def __init__(self, dim, heads, dim_head, eps=1e-06, processor=None):
        super().__init__()
        self.heads = heads
        self.inner_dim = heads * dim_head
        self.to_q = torch.nn.Linear(dim, self.inner_dim, bias=True)
        self.to_k = torch.nn.Linear(dim, self.inner_dim, bias=True)
        self.to_v = torch.nn.Linear(dim, self.inner_dim, bias=True)
        self.to_out = torch.nn.ModuleList([torch.nn.Linear(self.inner_dim, dim, bias=True), torch.nn.Dropout(0.0)])
        self.norm_q = RMSNorm(self.inner_dim, eps=eps)
        self.norm_k = RMSNorm(self.inner_dim, eps=eps)
        self.set_processor(processor if processor is not None else self._default_processor_cls())

class AnyFlowImageEmbedding(torch.nn.Module):

    def __init__(self, in_features, out_features):
        super().__init__()
        self.norm1 = FP32LayerNorm(in_features)
        self.ff = FeedForward(in_features, out_features, mult=1, activation_fn='gelu')
        self.norm2 = FP32LayerNorm(out_features)

class AnyFlowDualTimestepTextImageEmbedding(nn.Module):

    def __init__(self, dim, gate_value, deltatime_type, time_freq_dim, time_proj_dim, text_embed_dim, image_embed_dim=None):
        super().__init__()
        self.timesteps_proj = Timesteps(num_channels=time_freq_dim, flip_sin_to_cos=True, downscale_freq_shift=0)
        self.time_embedder = TimestepEmbedding(in_channels=time_freq_dim, time_embed_dim=dim)
        self.delta_embedder = TimestepEmbedding(in_channels=time_freq_dim, time_embed_dim=dim)
        self.act_fn = nn.SiLU()
        self.time_proj = nn.Linear(dim, time_proj_dim)
        self.text_embedder = PixArtAlphaTextProjection(text_embed_dim, dim, act_fn='gelu_tanh')
        self.image_embedder = None
        if image_embed_dim is not None:
            self.image_embedder = AnyFlowImageEmbedding(image_embed_dim, dim)
        self.register_buffer('delta_emb_gate', torch.tensor([gate_value], dtype=torch.float32), persistent=False)
        self.deltatime_type = deltatime_type

class AnyFlowRotaryPosEmbed(nn.Module):

    def __init__(self, attention_head_dim, patch_size, max_seq_len, theta=10000.0):
        super().__init__()
        self.attention_head_dim = attention_head_dim
        self.patch_size = patch_size
        self.max_seq_len = max_seq_len
        self.theta = theta
        self._freqs_cache = None

class AnyFlowTransformerBlock(nn.Module):

    def __init__(self, dim, ffn_dim, num_heads, cross_attn_norm=False, eps=1e-06, is_causal=False):
        super().__init__()
        self.is_causal = is_causal
        if is_causal:
            from .transformer_anyflow_far import AnyFlowCausalAttnProcessor
            self_attn_processor = AnyFlowCausalAttnProcessor()
        else:
            self_attn_processor = AnyFlowAttnProcessor()
        self.norm1 = FP32LayerNorm(dim, eps, elementwise_affine=False)
        self.attn1 = AnyFlowAttention(dim=dim, heads=num_heads, dim_head=dim // num_heads, eps=eps, processor=self_attn_processor)
        self.attn2 = AnyFlowAttention(dim=dim, heads=num_heads, dim_head=dim // num_heads, eps=eps, processor=AnyFlowCrossAttnProcessor())
        self.norm2 = FP32LayerNorm(dim, eps, elementwise_affine=True) if cross_attn_norm else nn.Identity()
        self.ffn = FeedForward(dim, inner_dim=ffn_dim, activation_fn='gelu-approximate')
        self.norm3 = FP32LayerNorm(dim, eps, elementwise_affine=False)
        self.scale_shift_table = nn.Parameter(torch.randn(1, 6, dim) / dim ** 0.5)

class AnyFlowTransformer3DModel(ModelMixin, ConfigMixin):
    _keep_in_fp32_modules = ['time_embedder', 'scale_shift_table', 'norm1', 'norm2', 'norm3']

    @register_to_config
    def __init__(self, patch_size=(1, 2, 2), num_attention_heads=40, attention_head_dim=128, in_channels=16, out_channels=16, text_dim=4096, freq_dim=256, ffn_dim=13824, num_layers=40, cross_attn_norm=True, eps=1e-06, image_dim=None, rope_max_seq_len=1024, gate_value=0.25, deltatime_type='r'):
        super().__init__()
        inner_dim = num_attention_heads * attention_head_dim
        out_channels = out_channels or in_channels
        self.rope = AnyFlowRotaryPosEmbed(attention_head_dim, patch_size, rope_max_seq_len)
        self.patch_embedding = nn.Conv3d(in_channels, inner_dim, kernel_size=patch_size, stride=patch_size)
        self.condition_embedder = AnyFlowDualTimestepTextImageEmbedding(dim=inner_dim, gate_value=gate_value, deltatime_type=deltatime_type, time_freq_dim=freq_dim, time_proj_dim=inner_dim * 6, text_embed_dim=text_dim, image_embed_dim=image_dim)
        self.blocks = nn.ModuleList([AnyFlowTransformerBlock(inner_dim, ffn_dim, num_attention_heads, cross_attn_norm, eps) for _ in range(num_layers)])
        self.norm_out = FP32LayerNorm(inner_dim, eps, elementwise_affine=False)
        self.proj_out = nn.Linear(inner_dim, out_channels * math.prod(patch_size))
        self.scale_shift_table = nn.Parameter(torch.randn(1, 2, inner_dim) / inner_dim ** 0.5)
        self.gradient_checkpointing = False
