"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): autoencoder_kl_minimax_h3_audio. Made by `python -m loracfg.base.transcriber`."""
from .attention import AttentionMixin, AttentionModuleMixin
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.norms import weight_norm
from loracfg.base.catalogue.stand_ins.turns import range
import math

def kaiser_sinc_filter1d(cutoff, half_width, kernel_size):
    half_size = kernel_size // 2
    attenuation = 2.285 * (half_size - 1) * math.pi * (4 * half_width) + 7.95
    if attenuation > 50.0:
        beta = 0.1102 * (attenuation - 8.7)
    elif attenuation >= 21.0:
        beta = 0.5842 * (attenuation - 21) ** 0.4 + 0.07886 * (attenuation - 21.0)
    else:
        beta = 0.0
    window = torch.kaiser_window(kernel_size, beta=beta, periodic=False)
    if kernel_size % 2 == 0:
        time = torch.arange(-half_size, half_size) + 0.5
    else:
        time = torch.arange(kernel_size) - half_size
    filter_ = 2 * cutoff * window * torch.sinc(2 * cutoff * time)
    filter_ /= filter_.sum()
    return filter_.view(1, 1, kernel_size)

class MiniMaxH3AudioSnake1d(nn.Module):

    def __init__(self, channels):
        super().__init__()
        self.alpha = nn.Parameter(torch.ones(1, channels, 1))

class MiniMaxH3AudioSnakeBeta(nn.Module):

    def __init__(self, channels):
        super().__init__()
        self.alpha = nn.Parameter(torch.zeros(channels))
        self.beta = nn.Parameter(torch.zeros(channels))

class MiniMaxH3AudioLowPassFilter1d(nn.Module):

    def __init__(self, cutoff, half_width, stride, kernel_size):
        super().__init__()
        even = kernel_size % 2 == 0
        self.pad_left = kernel_size // 2 - int(even)
        self.pad_right = kernel_size // 2
        self.stride = stride
        self.register_buffer('filter', kaiser_sinc_filter1d(cutoff, half_width, kernel_size))

class MiniMaxH3AudioUpSample1d(nn.Module):

    def __init__(self, ratio, kernel_size):
        super().__init__()
        self.ratio = ratio
        self.stride = ratio
        self.pad = kernel_size // ratio - 1
        self.pad_left = self.pad * self.stride + (kernel_size - self.stride) // 2
        self.pad_right = self.pad * self.stride + (kernel_size - self.stride + 1) // 2
        self.register_buffer('filter', kaiser_sinc_filter1d(cutoff=0.5 / ratio, half_width=0.6 / ratio, kernel_size=kernel_size))

class MiniMaxH3AudioDownSample1d(nn.Module):

    def __init__(self, ratio, kernel_size):
        super().__init__()
        self.lowpass = MiniMaxH3AudioLowPassFilter1d(cutoff=0.5 / ratio, half_width=0.6 / ratio, stride=ratio, kernel_size=kernel_size)

class MiniMaxH3AudioActivation1d(nn.Module):

    def __init__(self, activation, ratio=2, kernel_size=12):
        super().__init__()
        self.act = activation
        self.upsample = MiniMaxH3AudioUpSample1d(ratio, kernel_size)
        self.downsample = MiniMaxH3AudioDownSample1d(ratio, kernel_size)

class MiniMaxH3AudioResidualUnit(nn.Module):

    def __init__(self, dim, dilation):
        super().__init__()
        self.block = nn.Sequential(MiniMaxH3AudioSnake1d(dim), weight_norm(nn.Conv1d(dim, dim, kernel_size=7, dilation=dilation, padding=(7 - 1) * dilation // 2)), MiniMaxH3AudioSnake1d(dim), weight_norm(nn.Conv1d(dim, dim, kernel_size=1)))

class MiniMaxH3AudioEncoderBlock(nn.Module):

    def __init__(self, dim, stride):
        super().__init__()
        self.block = nn.Sequential(MiniMaxH3AudioResidualUnit(dim // 2, dilation=1), MiniMaxH3AudioResidualUnit(dim // 2, dilation=3), MiniMaxH3AudioResidualUnit(dim // 2, dilation=9), MiniMaxH3AudioSnake1d(dim // 2), weight_norm(nn.Conv1d(dim // 2, dim, kernel_size=2 * stride, stride=stride, padding=math.ceil(stride / 2))))

class MiniMaxH3AudioEncoder(nn.Module):

    def __init__(self, d_model, strides, d_latent):
        super().__init__()
        block = [weight_norm(nn.Conv1d(1, d_model, kernel_size=7, padding=3))]
        for stride in strides:
            d_model *= 2
            block.append(MiniMaxH3AudioEncoderBlock(d_model, stride=stride))
        block += [MiniMaxH3AudioSnake1d(d_model), weight_norm(nn.Conv1d(d_model, d_latent, kernel_size=3, padding=1))]
        self.block = nn.Sequential(*block)

class MiniMaxH3AudioGeGluMlp(nn.Module):

    def __init__(self, in_features, hidden_features):
        super().__init__()
        self.norm = nn.LayerNorm(in_features)
        self.act = nn.GELU(approximate='tanh')
        self.w0 = nn.Linear(in_features, hidden_features)
        self.w1 = nn.Linear(in_features, hidden_features)
        self.w2 = nn.Linear(hidden_features, in_features)

class MiniMaxH3AudioAttnProcessor:
    _attention_backend = None
    _parallel_config = None

class MiniMaxH3AudioCausalAttention(nn.Module, AttentionModuleMixin):
    _default_processor_cls = MiniMaxH3AudioAttnProcessor

    def __init__(self, in_dim, out_dim, num_heads):
        super().__init__()
        self.out_dim = out_dim
        self.num_heads = num_heads
        self.head_dim = in_dim // num_heads
        self.qkv = nn.Linear(in_dim, in_dim * 3, bias=False)
        self.q_bias = nn.Parameter(torch.zeros(in_dim))
        self.v_bias = nn.Parameter(torch.zeros(in_dim))
        self.register_buffer('zero_k_bias', torch.zeros(in_dim))
        self.proj = nn.Linear(out_dim, out_dim)
        self.set_processor(MiniMaxH3AudioAttnProcessor())

class MiniMaxH3AudioAttnProjection(nn.Module):

    def __init__(self, in_dim, out_dim, num_heads, mlp_ratio=2):
        super().__init__()
        self.norm1 = nn.LayerNorm(in_dim)
        self.attn = MiniMaxH3AudioCausalAttention(in_dim, out_dim, num_heads)
        self.proj = nn.Linear(in_dim, out_dim)
        self.norm3 = nn.LayerNorm(in_dim)
        self.norm2 = nn.LayerNorm(out_dim)
        self.mlp = MiniMaxH3AudioGeGluMlp(in_features=out_dim, hidden_features=out_dim * mlp_ratio)

class MiniMaxH3AudioAMPBlock(nn.Module):

    def __init__(self, channels, kernel_size, dilation):
        super().__init__()
        self.convs1 = nn.ModuleList([weight_norm(nn.Conv1d(channels, channels, kernel_size, dilation=d, padding=(kernel_size * d - d) // 2)) for d in dilation])
        self.convs2 = nn.ModuleList([weight_norm(nn.Conv1d(channels, channels, kernel_size, dilation=1, padding=(kernel_size - 1) // 2)) for _ in dilation])
        self.activations = nn.ModuleList([MiniMaxH3AudioActivation1d(activation=MiniMaxH3AudioSnakeBeta(channels)) for _ in range(2 * len(dilation))])

class MiniMaxH3AudioBigVGANDecoder(nn.Module):

    def __init__(self, in_channels, upsample_initial_channel, upsample_rates, upsample_kernel_sizes, resblock_kernel_sizes, resblock_dilation_sizes):
        super().__init__()
        self.num_kernels = len(resblock_kernel_sizes)
        self.num_upsamples = len(upsample_rates)
        self.conv_pre = weight_norm(nn.Conv1d(in_channels, upsample_initial_channel, 7, 1, padding=3))
        self.ups = nn.ModuleList()
        for i, (rate, kernel) in enumerate(zip(upsample_rates, upsample_kernel_sizes)):
            self.ups.append(nn.ModuleList([weight_norm(nn.ConvTranspose1d(upsample_initial_channel // 2 ** i, upsample_initial_channel // 2 ** (i + 1), kernel, rate, padding=(kernel - rate) // 2))]))
        self.resblocks = nn.ModuleList()
        for i in range(self.num_upsamples):
            channels = upsample_initial_channel // 2 ** (i + 1)
            for kernel, dilation in zip(resblock_kernel_sizes, resblock_dilation_sizes):
                self.resblocks.append(MiniMaxH3AudioAMPBlock(channels, kernel, tuple(dilation)))
        self.activation_post = MiniMaxH3AudioActivation1d(activation=MiniMaxH3AudioSnakeBeta(channels))
        self.conv_post = weight_norm(nn.Conv1d(channels, 1, 7, 1, padding=3, bias=False))

class AutoencoderKLMiniMaxH3Audio(ModelMixin, ConfigMixin, AttentionMixin):
    _keep_in_fp32_modules = ['encoder', 'decoder', 'pre_block', 'dec_in_proj', 'mean_proj', 'logs_proj']

    @register_to_config
    def __init__(self, encoder_dim=64, encoder_rates=(2, 4, 4, 5, 5), latent_dim=2048, latent_channels=32, num_attention_heads=8, decoder_dim=1024, decoder_rates=(5, 5, 2, 2, 2, 2, 2), decoder_kernel_sizes=(9, 9, 4, 4, 4, 4, 4), resblock_kernel_sizes=(3, 7, 11), resblock_dilation_sizes=((1, 3, 5), (1, 3, 5), (1, 3, 5)), sampling_rate=32000, latents_mean=None, latents_std=None):
        super().__init__()
        encoder_rates = tuple((int(rate) for rate in encoder_rates))
        decoder_rates = tuple((int(rate) for rate in decoder_rates))
        self.hop_length = math.prod(encoder_rates)
        if math.prod(decoder_rates) != self.hop_length:
            raise ValueError(f'`decoder_rates` must upsample by the encoder hop length {self.hop_length}, got {math.prod(decoder_rates)}.')
        if latent_dim % latent_channels != 0:
            raise ValueError(f'`latent_dim` ({latent_dim}) must be a multiple of `latent_channels` ({latent_channels}).')
        self.encoder = MiniMaxH3AudioEncoder(d_model=encoder_dim, strides=encoder_rates, d_latent=latent_dim)
        self.pre_block = MiniMaxH3AudioAttnProjection(latent_dim, latent_channels, num_heads=num_attention_heads)
        self.mean_proj = nn.Conv1d(latent_channels, latent_channels, 1)
        self.logs_proj = nn.Conv1d(latent_channels, latent_channels, 1)
        self.dec_in_proj = nn.Conv1d(latent_channels, latent_dim, 1)
        self.decoder = MiniMaxH3AudioBigVGANDecoder(in_channels=latent_dim, upsample_initial_channel=decoder_dim, upsample_rates=decoder_rates, upsample_kernel_sizes=tuple((int(kernel) for kernel in decoder_kernel_sizes)), resblock_kernel_sizes=tuple((int(kernel) for kernel in resblock_kernel_sizes)), resblock_dilation_sizes=tuple((tuple((int(d) for d in dilation)) for dilation in resblock_dilation_sizes)))
