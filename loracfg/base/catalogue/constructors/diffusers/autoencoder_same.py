"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): autoencoder_same. Made by `python -m loracfg.base.transcriber`."""
from .attention import AttentionMixin, AttentionModuleMixin
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.norms import weight_norm
from loracfg.base.catalogue.stand_ins.turns import range
import math

def _wn_conv1d(in_ch, out_ch, kernel=1, **kw):
    return weight_norm(nn.Conv1d(in_ch, out_ch, kernel, **kw))

class DynamicTanh(nn.Module):

    def __init__(self, dim, init_alpha=4.0):
        super().__init__()
        self.alpha = nn.Parameter(torch.ones(1) * init_alpha)
        self.gamma = nn.Parameter(torch.ones(dim))
        self.beta = nn.Parameter(torch.zeros(dim))

class RotaryEmbedding(nn.Module):

    def __init__(self, dim, base=10000):
        super().__init__()
        inv = 1.0 / base ** (torch.arange(0, dim, 2).float() / dim)
        self.register_buffer('inv_freq', inv, persistent=False)

class FeedForward(nn.Module):

    def __init__(self, dim, mult=3, sinusoidal=False):
        super().__init__()
        inner = int(dim * mult)
        self.sinusoidal = sinusoidal
        self.proj_in = nn.Linear(dim, inner * 2, bias=True)
        self.proj_out = nn.Linear(inner, dim, bias=True)

class SAMEAttnProcessor:
    _attention_backend = None
    _parallel_config = None

class SAMEAttention(nn.Module, AttentionModuleMixin):
    _default_processor_cls = SAMEAttnProcessor

    def __init__(self, dim, dim_heads=128, use_differential=True, processor=None):
        super().__init__()
        self.dim_heads = dim_heads
        self.heads = dim // dim_heads
        self.use_differential = use_differential
        n_proj = 5 if use_differential else 3
        self.to_qkv = nn.Linear(dim, dim * n_proj, bias=False)
        self.to_out = nn.Linear(dim, dim, bias=False)
        self.q_norm = DynamicTanh(dim_heads)
        self.k_norm = DynamicTanh(dim_heads)
        self.rope = RotaryEmbedding(dim_heads // 2)
        if processor is None:
            processor = self._default_processor_cls()
        self.set_processor(processor)

class TransformerBlock(nn.Module):

    def __init__(self, dim, dim_heads=128, use_differential=True, ff_mult=3, sinusoidal=False):
        super().__init__()
        self.norm_attn = DynamicTanh(dim)
        self.attn = SAMEAttention(dim, dim_heads=dim_heads, use_differential=use_differential)
        self.norm_ff = DynamicTanh(dim)
        self.ff = FeedForward(dim, mult=ff_mult, sinusoidal=sinusoidal)

class SAMETransformerResamplingBlock(nn.Module):

    def __init__(self, in_channels, out_channels, stride, mode='encoder', transformer_depth=3, dim_heads=128, use_differential=True, ff_mult=3, sliding_window=1, sinusoidal_blocks=0):
        super().__init__()
        if mode not in ('encoder', 'decoder'):
            raise ValueError(f"mode must be 'encoder' or 'decoder', got {mode}")
        self.stride = stride
        self.mode = mode
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.sliding_window = sliding_window
        tdim = out_channels if mode == 'encoder' else in_channels
        self.mapping = _wn_conv1d(in_channels, out_channels, 1, padding=0) if in_channels != out_channels else nn.Identity()
        self.transformers = nn.ModuleList([TransformerBlock(tdim, dim_heads=min(dim_heads, tdim), use_differential=use_differential, ff_mult=ff_mult, sinusoidal=transformer_depth - i < sinusoidal_blocks) for i in range(transformer_depth)])
        if mode == 'encoder':
            self.new_tokens = nn.Parameter(1e-05 * torch.randn(1, 1, out_channels))
        else:
            self.new_tokens = nn.Parameter(1e-05 * torch.randn(1, 1, in_channels))

class PatchEmbed(nn.Module):

    def __init__(self, patch_size):
        super().__init__()
        self.patch_size = patch_size

class SoftNormBottleneck(nn.Module):

    def __init__(self, dim):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(1, dim, 1))
        self.bias = nn.Parameter(torch.zeros(1, dim, 1))
        self.register_buffer('running_std', torch.ones(1))

class SAMEEncoder(nn.Module):

    def __init__(self, in_channels, channels, c_mults, strides, transformer_depths, latent_dim, dim_heads=128, use_differential=True, ff_mult=3, sliding_window=1, sinusoidal_blocks=(0,)):
        super().__init__()
        ch = [in_channels] + [c * channels for c in c_mults]
        self.blocks = nn.ModuleList([SAMETransformerResamplingBlock(in_channels=ch[i], out_channels=ch[i + 1], stride=strides[i], mode='encoder', transformer_depth=transformer_depths[i], dim_heads=dim_heads, use_differential=use_differential, ff_mult=ff_mult, sliding_window=sliding_window, sinusoidal_blocks=sinusoidal_blocks[i]) for i in range(len(strides))])
        self.proj = nn.Linear(ch[-1], latent_dim)

class SAMEDecoder(nn.Module):

    def __init__(self, out_channels, channels, c_mults, strides, transformer_depths, latent_dim, dim_heads=128, use_differential=True, ff_mult=3, sliding_window=1, sinusoidal_blocks=(0,)):
        super().__init__()
        ch = [out_channels] + [c * channels for c in c_mults]
        self.proj = nn.Linear(latent_dim, ch[-1])
        self.blocks = nn.ModuleList([SAMETransformerResamplingBlock(in_channels=ch[i + 1], out_channels=ch[i], stride=strides[i], mode='decoder', transformer_depth=transformer_depths[i], dim_heads=dim_heads, use_differential=use_differential, ff_mult=ff_mult, sliding_window=sliding_window, sinusoidal_blocks=sinusoidal_blocks[i]) for i in range(len(strides) - 1, -1, -1)])

class AutoencoderSAME(ModelMixin, ConfigMixin, AttentionMixin):

    @register_to_config
    def __init__(self, audio_channels=2, patch_size=256, encoder_channels=128, encoder_c_mults=(6,), encoder_strides=(16,), encoder_transformer_depths=(6,), latent_dim=256, use_differential_attention=True, dim_heads=64, ff_mult=3, sliding_window=1, encoder_sinusoidal_blocks=(0,), decoder_sinusoidal_blocks=(0,), sampling_rate=44100):
        super().__init__()
        self.downsampling_ratio = patch_size * math.prod(encoder_strides)
        patched_in = audio_channels * patch_size
        n_levels = len(encoder_strides)

        def _per_level(values, name):
            values = list(values)
            if len(values) == 1:
                values = values * n_levels
            if len(values) != n_levels:
                raise ValueError(f'{name} must have length 1 or {n_levels} (len(encoder_strides)), got {len(values)}')
            return values
        encoder_sinusoidal_blocks = _per_level(encoder_sinusoidal_blocks, 'encoder_sinusoidal_blocks')
        decoder_sinusoidal_blocks = _per_level(decoder_sinusoidal_blocks, 'decoder_sinusoidal_blocks')
        self.patch_embed = PatchEmbed(patch_size)
        self.encoder = SAMEEncoder(in_channels=patched_in, channels=encoder_channels, c_mults=list(encoder_c_mults), strides=list(encoder_strides), transformer_depths=list(encoder_transformer_depths), latent_dim=latent_dim, dim_heads=dim_heads, use_differential=use_differential_attention, ff_mult=ff_mult, sliding_window=sliding_window, sinusoidal_blocks=list(encoder_sinusoidal_blocks))
        self.bottleneck = SoftNormBottleneck(latent_dim)
        self.decoder = SAMEDecoder(out_channels=patched_in, channels=encoder_channels, c_mults=list(encoder_c_mults), strides=list(encoder_strides), transformer_depths=list(encoder_transformer_depths), latent_dim=latent_dim, dim_heads=dim_heads, use_differential=use_differential_attention, ff_mult=ff_mult, sliding_window=sliding_window, sinusoidal_blocks=list(decoder_sinusoidal_blocks))
