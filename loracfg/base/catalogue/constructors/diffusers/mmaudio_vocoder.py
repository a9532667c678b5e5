"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): mmaudio_vocoder. Made by `python -m loracfg.base.transcriber`."""
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
import math

def kaiser_sinc_filter1d(cutoff, half_width, kernel_size):
    even = kernel_size % 2 == 0
    half_size = kernel_size // 2
    attenuation = 2.285 * (half_size - 1) * math.pi * 4 * half_width + 7.95
    if attenuation > 50.0:
        beta = 0.1102 * (attenuation - 8.7)
    elif attenuation >= 21.0:
        beta = 0.5842 * (attenuation - 21) ** 0.4 + 0.07886 * (attenuation - 21.0)
    else:
        beta = 0.0
    window = torch.kaiser_window(kernel_size, beta=beta, periodic=False)
    time = torch.arange(-half_size, half_size) + 0.5 if even else torch.arange(kernel_size) - half_size
    filter = 2 * cutoff * window * torch.sinc(2 * cutoff * time)
    filter = filter / filter.sum()
    return filter.view(1, 1, kernel_size)

class MMAudioSnakeBeta(nn.Module):

    def __init__(self, channels):
        super().__init__()
        self.alpha = nn.Parameter(torch.zeros(channels))
        self.beta = nn.Parameter(torch.zeros(channels))

class MMAudioLowPassFilter1d(nn.Module):

    def __init__(self, cutoff, half_width, stride, kernel_size):
        super().__init__()
        even = kernel_size % 2 == 0
        self.pad_left = kernel_size // 2 - int(even)
        self.pad_right = kernel_size // 2
        self.stride = stride
        self.register_buffer('filter', kaiser_sinc_filter1d(cutoff, half_width, kernel_size))

class MMAudioUpSample1d(nn.Module):

    def __init__(self, ratio, kernel_size):
        super().__init__()
        self.ratio = ratio
        self.stride = ratio
        self.pad = kernel_size // ratio - 1
        self.pad_left = self.pad * self.stride + (kernel_size - self.stride) // 2
        self.pad_right = self.pad * self.stride + (kernel_size - self.stride + 1) // 2
        self.register_buffer('filter', kaiser_sinc_filter1d(0.5 / ratio, 0.6 / ratio, kernel_size))

class MMAudioDownSample1d(nn.Module):

    def __init__(self, ratio, kernel_size):
        super().__init__()
        self.lowpass = MMAudioLowPassFilter1d(0.5 / ratio, 0.6 / ratio, stride=ratio, kernel_size=kernel_size)

class MMAudioActivation1d(nn.Module):

    def __init__(self, channels, ratio=2, kernel_size=12):
        super().__init__()
        self.act = MMAudioSnakeBeta(channels)
        self.upsample = MMAudioUpSample1d(ratio, kernel_size)
        self.downsample = MMAudioDownSample1d(ratio, kernel_size)

class MMAudioAMPBlock(nn.Module):

    def __init__(self, channels, kernel_size, dilations):
        super().__init__()
        self.convs1 = nn.ModuleList([nn.Conv1d(channels, channels, kernel_size, dilation=dilation, padding=(kernel_size * dilation - dilation) // 2) for dilation in dilations])
        self.convs2 = nn.ModuleList([nn.Conv1d(channels, channels, kernel_size, padding=(kernel_size - 1) // 2) for _ in dilations])
        self.activations = nn.ModuleList([MMAudioActivation1d(channels) for _ in range(2 * len(dilations))])

class MMAudioVocoder(ModelMixin, ConfigMixin):

    @register_to_config
    def __init__(self, num_mels=128, upsample_initial_channel=1536, upsample_rates=(8, 4, 2, 2, 2, 2), upsample_kernel_sizes=(16, 8, 4, 4, 4, 4), resblock_kernel_sizes=(3, 7, 11), resblock_dilation_sizes=((1, 3, 5), (1, 3, 5), (1, 3, 5))):
        super().__init__()
        if len(upsample_rates) != len(upsample_kernel_sizes):
            raise ValueError('`upsample_rates` and `upsample_kernel_sizes` must have the same length')
        if len(resblock_kernel_sizes) != len(resblock_dilation_sizes):
            raise ValueError('`resblock_kernel_sizes` and `resblock_dilation_sizes` must have the same length')
        self.num_kernels = len(resblock_kernel_sizes)
        self.conv_pre = nn.Conv1d(num_mels, upsample_initial_channel, 7, padding=3)
        self.ups = nn.ModuleList()
        self.resblocks = nn.ModuleList()
        channels = upsample_initial_channel
        for rate, kernel_size in zip(upsample_rates, upsample_kernel_sizes):
            self.ups.append(nn.ModuleList([nn.ConvTranspose1d(channels, channels // 2, kernel_size, rate, padding=(kernel_size - rate) // 2)]))
            channels //= 2
            for block_kernel_size, dilations in zip(resblock_kernel_sizes, resblock_dilation_sizes):
                self.resblocks.append(MMAudioAMPBlock(channels, block_kernel_size, tuple(dilations)))
        self.activation_post = MMAudioActivation1d(channels)
        self.conv_post = nn.Conv1d(channels, 1, 7, padding=3, bias=False)
