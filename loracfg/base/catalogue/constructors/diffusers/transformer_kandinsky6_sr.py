"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): transformer_kandinsky6_sr. Made by `python -m loracfg.base.transcriber`."""
from .attention import AttentionMixin, AttentionModuleMixin, FeedForward
from .embeddings import TimestepEmbedding, Timesteps
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
import math
_CAN_USE_FLEX_ATTN = True

def get_freqs(dim, max_period=10000.0):
    return torch.exp(-math.log(max_period) * torch.arange(start=0, end=dim, dtype=torch.float32) / dim)

class Kandinsky6SRAttnProcessor:
    _parallel_config = None

class Kandinsky6SRAttention(nn.Module, AttentionModuleMixin):
    _default_processor_cls = Kandinsky6SRAttnProcessor

    def __init__(self, num_channels, head_dim, processor=None):
        super().__init__()
        if num_channels % head_dim:
            raise ValueError('num_channels must be divisible by head_dim')
        self.num_heads = num_channels // head_dim
        self.to_query = nn.Linear(num_channels, num_channels)
        self.to_key = nn.Linear(num_channels, num_channels)
        self.to_value = nn.Linear(num_channels, num_channels)
        self.query_norm = nn.RMSNorm(head_dim)
        self.key_norm = nn.RMSNorm(head_dim)
        self.out_layer = nn.Linear(num_channels, num_channels)
        self.set_processor(processor or self._default_processor_cls())

class Kandinsky6SRTimeEmbeddings(nn.Module):

    def __init__(self, model_dim, time_dim):
        super().__init__()
        if model_dim % 2:
            raise ValueError('model_dim must be even')
        self.time_proj = Timesteps(model_dim, flip_sin_to_cos=True, downscale_freq_shift=0)
        self.timestep_embedder = TimestepEmbedding(model_dim, time_dim, act_fn='silu')

class Kandinsky6SRVisualEmbeddings(nn.Module):

    def __init__(self, visual_dim, model_dim, patch_size):
        super().__init__()
        self.patch_size = patch_size
        self.in_layer = nn.Linear(math.prod(patch_size) * visual_dim, model_dim)

class Kandinsky6SRModulation(nn.Module):

    def __init__(self, time_dim, model_dim, num_params):
        super().__init__()
        self.activation = nn.SiLU()
        self.out_layer = nn.Linear(time_dim, num_params * model_dim)

class Kandinsky6SROutLayer(nn.Module):

    def __init__(self, model_dim, time_dim, visual_dim, patch_size):
        super().__init__()
        self.patch_size = patch_size
        self.modulation = Kandinsky6SRModulation(time_dim, model_dim, 2)
        self.norm = nn.LayerNorm(model_dim, elementwise_affine=False)
        self.out_layer = nn.Linear(model_dim, math.prod(patch_size) * visual_dim)

class Kandinsky6SRRoPE3D(nn.Module):

    def __init__(self, axes_dims, max_pos=(128, 128, 128), max_period=10000.0):
        super().__init__()
        self.axes_dims = axes_dims
        self.max_pos = max_pos
        self.max_period = max_period
        for i, (d, mp) in enumerate(zip(axes_dims, max_pos)):
            freq = get_freqs(d // 2, max_period)
            self.register_buffer(f'angles_{i}', torch.outer(torch.arange(mp, dtype=freq.dtype), freq), persistent=False)

class Kandinsky6SRTransformerBlock(nn.Module):

    def __init__(self, model_dim, time_dim, ff_dim, head_dim):
        super().__init__()
        self.visual_modulation = Kandinsky6SRModulation(time_dim, model_dim, 6)
        self.self_attention_norm = nn.LayerNorm(model_dim, elementwise_affine=False)
        self.self_attention = Kandinsky6SRAttention(model_dim, head_dim)
        self.feed_forward_norm = nn.LayerNorm(model_dim, elementwise_affine=False)
        self.feed_forward = FeedForward(model_dim, inner_dim=ff_dim, activation_fn='gelu', bias=False)

class Kandinsky6SRTransformer3DModel(ModelMixin, ConfigMixin, AttentionMixin):
    _keep_in_fp32_modules = ['time_embeddings', 'pooled_bias', 'modulation']

    @register_to_config
    def __init__(self, in_visual_dim=64, out_visual_dim=640, time_dim=512, patch_size=(1, 1, 1), model_dim=1792, ff_dim=7168, num_visual_blocks=32, axes_dims=(16, 24, 24), scale_factor=(1.0, 2.0, 2.0), nabla_threshold=0.8, nabla_window=(11, 7, 7), tile_sizes=((512, 512), (512, 768), (768, 512))):
        super().__init__()
        if not _CAN_USE_FLEX_ATTN:
            raise ImportError('Kandinsky6SRTransformer3DModel requires PyTorch>=2.5.0 with `torch.nn.attention.flex_attention` for its NABLA sparse attention.')
        head_dim = sum(axes_dims)
        self.time_embeddings = Kandinsky6SRTimeEmbeddings(model_dim, time_dim)
        self.pooled_bias = nn.Parameter(torch.zeros(time_dim))
        self.visual_embeddings = Kandinsky6SRVisualEmbeddings(2 * in_visual_dim + 1, model_dim, patch_size)
        self.visual_rope_embeddings = Kandinsky6SRRoPE3D(axes_dims)
        self.visual_transformer_blocks = nn.ModuleList([Kandinsky6SRTransformerBlock(model_dim, time_dim, ff_dim, head_dim) for _ in range(num_visual_blocks)])
        self.out_layer = Kandinsky6SROutLayer(model_dim, time_dim, out_visual_dim, patch_size)
        self.gradient_checkpointing = False
