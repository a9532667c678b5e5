"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): transformer_kandinsky6. Made by `python -m loracfg.base.transcriber`."""
from .attention import AttentionMixin, AttentionModuleMixin, FeedForward
from .cache_utils import CacheMixin
from .embeddings import TimestepEmbedding, Timesteps
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
import math

def get_freqs(dim, max_period=10000.0):
    return torch.exp(-math.log(max_period) * torch.arange(start=0, end=dim, dtype=torch.float32) / dim)

class Kandinsky6RoPE1D(nn.Module):

    def __init__(self, dim, max_pos=2048, max_period=10000.0, freqs_scaling=1.0):
        super().__init__()
        self.dim = dim
        self.max_pos = max_pos
        self.max_period = max_period
        self.freqs_scaling = freqs_scaling
        freq = get_freqs(dim // 2, max_period) * freqs_scaling
        self.register_buffer('angles', torch.outer(torch.arange(max_pos, dtype=freq.dtype), freq), persistent=False)

class Kandinsky6RoPE3D(nn.Module):

    def __init__(self, axes_dims, max_pos=(128, 128, 128), max_period=10000.0):
        super().__init__()
        self.axes_dims = axes_dims
        self.max_pos = max_pos
        self.max_period = max_period
        for i, (d, mp) in enumerate(zip(axes_dims, max_pos)):
            freq = get_freqs(d // 2, max_period)
            self.register_buffer(f'angles_{i}', torch.outer(torch.arange(mp, dtype=freq.dtype), freq), persistent=False)

class Kandinsky6AttnProcessor:
    _attention_backend = None
    _parallel_config = None

    def __init__(self, attention_backend=None, parallel_config=None):
        self._attention_backend = attention_backend
        self._parallel_config = parallel_config

class Kandinsky6TimeEmbeddings(nn.Module):

    def __init__(self, model_dim, time_dim):
        super().__init__()
        if model_dim % 2:
            raise ValueError('model_dim must be even')
        self.time_proj = Timesteps(model_dim, flip_sin_to_cos=True, downscale_freq_shift=0)
        self.timestep_embedder = TimestepEmbedding(model_dim, time_dim, act_fn='silu')

class Kandinsky6TextEmbeddings(nn.Module):

    def __init__(self, text_dim, model_dim):
        super().__init__()
        self.in_layer = nn.Linear(text_dim, model_dim)
        self.norm = nn.LayerNorm(model_dim, elementwise_affine=True)

class Kandinsky6VisualEmbeddings(nn.Module):

    def __init__(self, visual_dim, model_dim, patch_size):
        super().__init__()
        self.patch_size = patch_size
        self.in_layer = nn.Linear(math.prod(patch_size) * visual_dim, model_dim)

class Kandinsky6Modulation(nn.Module):

    def __init__(self, time_dim, model_dim, num_params):
        super().__init__()
        self.activation = nn.SiLU()
        self.out_layer = nn.Linear(time_dim, num_params * model_dim)

class Kandinsky6Attention(nn.Module, AttentionModuleMixin):
    _default_processor_cls = Kandinsky6AttnProcessor

    def __init__(self, num_channels, head_dim, kv_dim=None, processor=None):
        super().__init__()
        if num_channels % head_dim:
            raise ValueError('num_channels must be divisible by head_dim')
        kv_dim = kv_dim or num_channels
        self.num_heads = num_channels // head_dim
        self.to_query = nn.Linear(num_channels, num_channels)
        self.to_key = nn.Linear(kv_dim, num_channels)
        self.to_value = nn.Linear(kv_dim, num_channels)
        self.query_norm = nn.RMSNorm(head_dim)
        self.key_norm = nn.RMSNorm(head_dim)
        self.out_layer = nn.Linear(num_channels, num_channels)
        self.set_processor(processor or self._default_processor_cls())

class Kandinsky6OutLayer(nn.Module):

    def __init__(self, model_dim, time_dim, visual_dim, patch_size):
        super().__init__()
        self.patch_size = patch_size
        self.modulation = Kandinsky6Modulation(time_dim, model_dim, 2)
        self.norm = nn.LayerNorm(model_dim, elementwise_affine=False)
        self.out_layer = nn.Linear(model_dim, math.prod(patch_size) * visual_dim)

class Kandinsky6OutLayerAudio(nn.Module):

    def __init__(self, model_dim, time_dim, audio_dim):
        super().__init__()
        self.modulation = Kandinsky6Modulation(time_dim, model_dim, 2)
        self.norm = nn.LayerNorm(model_dim, elementwise_affine=False)
        self.out_layer = nn.Linear(model_dim, audio_dim)

class Kandinsky6TransformerEncoderBlock(nn.Module):

    def __init__(self, model_dim, time_dim, ff_dim, head_dim):
        super().__init__()
        self.text_modulation = Kandinsky6Modulation(time_dim, model_dim, 6)
        self.attn_norm = nn.LayerNorm(model_dim, elementwise_affine=False)
        self.attn = Kandinsky6Attention(model_dim, head_dim)
        self.feed_forward_norm = nn.LayerNorm(model_dim, elementwise_affine=False)
        self.feed_forward = FeedForward(model_dim, inner_dim=ff_dim, activation_fn='gelu', bias=False)

class Kandinsky6TransformerDecoderBlock(nn.Module):

    def __init__(self, model_dim, time_dim, ff_dim, head_dim):
        super().__init__()
        self.visual_modulation = Kandinsky6Modulation(time_dim, model_dim, 9)
        self.self_attention_norm = nn.LayerNorm(model_dim, elementwise_affine=False)
        self.self_attention = Kandinsky6Attention(model_dim, head_dim)
        self.cross_attention_norm = nn.LayerNorm(model_dim, elementwise_affine=False)
        self.cross_attention = Kandinsky6Attention(model_dim, head_dim, kv_dim=model_dim)
        self.feed_forward_norm = nn.LayerNorm(model_dim, elementwise_affine=False)
        self.feed_forward = FeedForward(model_dim, inner_dim=ff_dim, activation_fn='gelu', bias=False)

class Kandinsky6FusedTransformerDecoderBlock(nn.Module):

    def __init__(self, model_dim, time_dim, ff_dim, head_dim, model_dim_a, time_dim_a, ff_dim_a, head_dim_a, ca_rope=False, cross_gates=False, fix_modulation=False):
        super().__init__()
        self.video_dec_block = Kandinsky6TransformerDecoderBlock(model_dim, time_dim, ff_dim, head_dim)
        self.audio_dec_block = Kandinsky6TransformerDecoderBlock(model_dim_a, time_dim_a, ff_dim_a, head_dim_a)
        self.va_cross_attention = Kandinsky6Attention(model_dim, head_dim, kv_dim=model_dim_a)
        self.av_cross_attention = Kandinsky6Attention(model_dim_a, head_dim_a, kv_dim=model_dim)
        self.va_modulation = Kandinsky6Modulation(time_dim, model_dim if not cross_gates else model_dim * 2 + model_dim_a, 1 if cross_gates else 3)
        self.av_modulation = Kandinsky6Modulation(time_dim_a, model_dim_a if not cross_gates else model_dim_a * 2 + model_dim, 1 if cross_gates else 3)
        self.va_normalization = nn.LayerNorm(model_dim, elementwise_affine=False)
        self.av_normalization = nn.LayerNorm(model_dim_a, elementwise_affine=False)
        self.ca_rope = ca_rope
        self.cross_gates = cross_gates
        self.fix_modulation = fix_modulation
        self.model_dim = model_dim
        self.model_dim_a = model_dim_a

class Kandinsky6Transformer3DModel(ModelMixin, ConfigMixin, CacheMixin, AttentionMixin):
    _keep_in_fp32_modules = ['time_embeddings', 'modulation']

    @register_to_config
    def __init__(self, in_visual_dim=16, out_visual_dim=16, in_text_dim=3584, in_text_dim2=768, time_dim=1024, patch_size=(1, 2, 2), model_dim=4096, ff_dim=16384, num_text_blocks=4, num_visual_blocks=60, axes_dims=(32, 48, 48), visual_cond=True, in_audio_dim=20, out_audio_dim=20, model_dim_a=None, time_dim_a=None, ff_dim_a=None, axes_dims_a=None, audio_freqs_scaling=1.0, scale_factor=(1.0, 2.0, 2.0), text_token_padding=False, ca_rope=False, cross_gates=False, fix_modulation=False, visual_token_type_num_embeddings=0):
        super().__init__()
        self.patch_size = patch_size
        self.visual_cond = visual_cond
        self.in_visual_dim = in_visual_dim
        self.in_audio_dim = in_audio_dim
        self.text_token_padding = text_token_padding
        self.scale_factor = tuple((float(value) for value in scale_factor))
        self.visual_token_type_num_embeddings = int(visual_token_type_num_embeddings or 0)
        head_dim = sum(axes_dims)
        model_dim_a = model_dim_a or model_dim
        time_dim_a = time_dim_a or time_dim
        ff_dim_a = ff_dim_a or ff_dim
        axes_dims_a = axes_dims_a or axes_dims
        head_dim_a = sum(axes_dims_a)
        vis_in_dim = 2 * in_visual_dim + 1 if visual_cond else in_visual_dim
        self.visual_embeddings = Kandinsky6VisualEmbeddings(vis_in_dim, model_dim, patch_size)
        if self.visual_token_type_num_embeddings > 0:
            self.visual_token_type_embeddings = nn.Embedding(self.visual_token_type_num_embeddings, model_dim)
        self.visual_rope_embeddings = Kandinsky6RoPE3D(axes_dims)
        self.out_layer = Kandinsky6OutLayer(model_dim, time_dim, out_visual_dim, patch_size)
        self.audio_embeddings = Kandinsky6TextEmbeddings(in_audio_dim, model_dim_a)
        self.audio_rope_embeddings = Kandinsky6RoPE1D(head_dim_a, freqs_scaling=audio_freqs_scaling)
        self.audio_out_layer = Kandinsky6OutLayerAudio(model_dim_a, time_dim_a, out_audio_dim)
        for prefix, md, td, fd, hd in (('video', model_dim, time_dim, ff_dim, head_dim), ('audio', model_dim_a, time_dim_a, ff_dim_a, head_dim_a)):
            setattr(self, f'{prefix}_time_embeddings', Kandinsky6TimeEmbeddings(md, td))
            setattr(self, f'{prefix}_text_embeddings', Kandinsky6TextEmbeddings(in_text_dim, md))
            setattr(self, f'{prefix}_pooled_text_embeddings', Kandinsky6TextEmbeddings(in_text_dim2, td))
            setattr(self, f'{prefix}_text_rope_embeddings', Kandinsky6RoPE1D(hd))
            setattr(self, f'{prefix}_text_transformer_blocks', nn.ModuleList([Kandinsky6TransformerEncoderBlock(md, td, fd, hd) for _ in range(num_text_blocks)]))
        self.visual_transformer_blocks = nn.ModuleList([Kandinsky6FusedTransformerDecoderBlock(model_dim, time_dim, ff_dim, head_dim, model_dim_a, time_dim_a, ff_dim_a, head_dim_a, ca_rope, cross_gates, fix_modulation) for _ in range(num_visual_blocks)])
        self.gradient_checkpointing = False
