"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): autoencoder_kl_ltx2_audio. Made by `python -m loracfg.base.transcriber`."""
from .vae import AutoencoderMixin
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
LATENT_DOWNSAMPLE_FACTOR = 4

class LTX2AudioCausalConv2d(nn.Module):

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, dilation=1, groups=1, bias=True, causality_axis='height'):
        super().__init__()
        self.causality_axis = causality_axis
        kernel_size = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
        dilation = (dilation, dilation) if isinstance(dilation, int) else dilation
        pad_h = (kernel_size[0] - 1) * dilation[0]
        pad_w = (kernel_size[1] - 1) * dilation[1]
        if self.causality_axis == 'none':
            padding = (pad_w // 2, pad_w - pad_w // 2, pad_h // 2, pad_h - pad_h // 2)
        elif self.causality_axis in {'width', 'width-compatibility'}:
            padding = (pad_w, 0, pad_h // 2, pad_h - pad_h // 2)
        elif self.causality_axis == 'height':
            padding = (pad_w // 2, pad_w - pad_w // 2, pad_h, 0)
        else:
            raise ValueError(f'Invalid causality_axis: {causality_axis}')
        self.padding = padding
        self.conv = nn.Conv2d(in_channels, out_channels, kernel_size, stride=stride, padding=0, dilation=dilation, groups=groups, bias=bias)

class LTX2AudioPixelNorm(nn.Module):

    def __init__(self, dim=1, eps=1e-08):
        super().__init__()
        self.dim = dim
        self.eps = eps

class LTX2AudioAttnBlock(nn.Module):

    def __init__(self, in_channels, norm_type='group'):
        super().__init__()
        self.in_channels = in_channels
        if norm_type == 'group':
            self.norm = nn.GroupNorm(num_groups=32, num_channels=in_channels, eps=1e-06, affine=True)
        elif norm_type == 'pixel':
            self.norm = LTX2AudioPixelNorm(dim=1, eps=1e-06)
        else:
            raise ValueError(f'Invalid normalization type: {norm_type}')
        self.q = nn.Conv2d(in_channels, in_channels, kernel_size=1, stride=1, padding=0)
        self.k = nn.Conv2d(in_channels, in_channels, kernel_size=1, stride=1, padding=0)
        self.v = nn.Conv2d(in_channels, in_channels, kernel_size=1, stride=1, padding=0)
        self.proj_out = nn.Conv2d(in_channels, in_channels, kernel_size=1, stride=1, padding=0)

class LTX2AudioResnetBlock(nn.Module):

    def __init__(self, in_channels, out_channels=None, conv_shortcut=False, dropout=0.0, temb_channels=512, norm_type='group', causality_axis='height'):
        super().__init__()
        self.causality_axis = causality_axis
        if self.causality_axis is not None and self.causality_axis != 'none' and (norm_type == 'group'):
            raise ValueError('Causal ResnetBlock with GroupNorm is not supported.')
        self.in_channels = in_channels
        out_channels = in_channels if out_channels is None else out_channels
        self.out_channels = out_channels
        self.use_conv_shortcut = conv_shortcut
        if norm_type == 'group':
            self.norm1 = nn.GroupNorm(num_groups=32, num_channels=in_channels, eps=1e-06, affine=True)
        elif norm_type == 'pixel':
            self.norm1 = LTX2AudioPixelNorm(dim=1, eps=1e-06)
        else:
            raise ValueError(f'Invalid normalization type: {norm_type}')
        self.non_linearity = nn.SiLU()
        if causality_axis is not None:
            self.conv1 = LTX2AudioCausalConv2d(in_channels, out_channels, kernel_size=3, stride=1, causality_axis=causality_axis)
        else:
            self.conv1 = nn.Conv2d(in_channels, out_channels, kernel_size=3, stride=1, padding=1)
        if temb_channels > 0:
            self.temb_proj = nn.Linear(temb_channels, out_channels)
        if norm_type == 'group':
            self.norm2 = nn.GroupNorm(num_groups=32, num_channels=out_channels, eps=1e-06, affine=True)
        elif norm_type == 'pixel':
            self.norm2 = LTX2AudioPixelNorm(dim=1, eps=1e-06)
        else:
            raise ValueError(f'Invalid normalization type: {norm_type}')
        self.dropout = nn.Dropout(dropout)
        if causality_axis is not None:
            self.conv2 = LTX2AudioCausalConv2d(out_channels, out_channels, kernel_size=3, stride=1, causality_axis=causality_axis)
        else:
            self.conv2 = nn.Conv2d(out_channels, out_channels, kernel_size=3, stride=1, padding=1)
        if self.in_channels != self.out_channels:
            if self.use_conv_shortcut:
                if causality_axis is not None:
                    self.conv_shortcut = LTX2AudioCausalConv2d(in_channels, out_channels, kernel_size=3, stride=1, causality_axis=causality_axis)
                else:
                    self.conv_shortcut = nn.Conv2d(in_channels, out_channels, kernel_size=3, stride=1, padding=1)
            elif causality_axis is not None:
                self.nin_shortcut = LTX2AudioCausalConv2d(in_channels, out_channels, kernel_size=1, stride=1, causality_axis=causality_axis)
            else:
                self.nin_shortcut = nn.Conv2d(in_channels, out_channels, kernel_size=1, stride=1, padding=0)

class LTX2AudioDownsample(nn.Module):

    def __init__(self, in_channels, with_conv, causality_axis='height'):
        super().__init__()
        self.with_conv = with_conv
        self.causality_axis = causality_axis
        if self.with_conv:
            self.conv = torch.nn.Conv2d(in_channels, in_channels, kernel_size=3, stride=2, padding=0)

class LTX2AudioUpsample(nn.Module):

    def __init__(self, in_channels, with_conv, causality_axis='height'):
        super().__init__()
        self.with_conv = with_conv
        self.causality_axis = causality_axis
        if self.with_conv:
            if causality_axis is not None:
                self.conv = LTX2AudioCausalConv2d(in_channels, in_channels, kernel_size=3, stride=1, causality_axis=causality_axis)
            else:
                self.conv = nn.Conv2d(in_channels, in_channels, kernel_size=3, stride=1, padding=1)

class LTX2AudioAudioPatchifier:

    def __init__(self, patch_size, sample_rate=16000, hop_length=160, audio_latent_downsample_factor=4, is_causal=True):
        self.hop_length = hop_length
        self.sample_rate = sample_rate
        self.audio_latent_downsample_factor = audio_latent_downsample_factor
        self.is_causal = is_causal
        self._patch_size = (1, patch_size, patch_size)

    @property
    def patch_size(self):
        return self._patch_size

class LTX2AudioEncoder(nn.Module):

    def __init__(self, base_channels=128, output_channels=1, num_res_blocks=2, attn_resolutions=None, in_channels=2, resolution=256, latent_channels=8, ch_mult=(1, 2, 4), norm_type='group', causality_axis='width', dropout=0.0, mid_block_add_attention=False, sample_rate=16000, mel_hop_length=160, is_causal=True, mel_bins=64, double_z=True):
        super().__init__()
        self.sample_rate = sample_rate
        self.mel_hop_length = mel_hop_length
        self.is_causal = is_causal
        self.mel_bins = mel_bins
        self.base_channels = base_channels
        self.temb_ch = 0
        self.num_resolutions = len(ch_mult)
        self.num_res_blocks = num_res_blocks
        self.resolution = resolution
        self.in_channels = in_channels
        self.out_ch = output_channels
        self.give_pre_end = False
        self.tanh_out = False
        self.norm_type = norm_type
        self.latent_channels = latent_channels
        self.channel_multipliers = ch_mult
        self.attn_resolutions = attn_resolutions
        self.causality_axis = causality_axis
        base_block_channels = base_channels
        base_resolution = resolution
        self.z_shape = (1, latent_channels, base_resolution, base_resolution)
        if self.causality_axis is not None:
            self.conv_in = LTX2AudioCausalConv2d(in_channels, base_block_channels, kernel_size=3, stride=1, causality_axis=self.causality_axis)
        else:
            self.conv_in = nn.Conv2d(in_channels, base_block_channels, kernel_size=3, stride=1, padding=1)
        self.down = nn.ModuleList()
        block_in = base_block_channels
        curr_res = self.resolution
        for level in range(self.num_resolutions):
            stage = nn.Module()
            stage.block = nn.ModuleList()
            stage.attn = nn.ModuleList()
            block_out = self.base_channels * self.channel_multipliers[level]
            for _ in range(self.num_res_blocks):
                stage.block.append(LTX2AudioResnetBlock(in_channels=block_in, out_channels=block_out, temb_channels=self.temb_ch, dropout=dropout, norm_type=self.norm_type, causality_axis=self.causality_axis))
                block_in = block_out
                if self.attn_resolutions:
                    if curr_res in self.attn_resolutions:
                        stage.attn.append(LTX2AudioAttnBlock(block_in, norm_type=self.norm_type))
            if level != self.num_resolutions - 1:
                stage.downsample = LTX2AudioDownsample(block_in, True, causality_axis=self.causality_axis)
                curr_res = curr_res // 2
            self.down.append(stage)
        self.mid = nn.Module()
        self.mid.block_1 = LTX2AudioResnetBlock(in_channels=block_in, out_channels=block_in, temb_channels=self.temb_ch, dropout=dropout, norm_type=self.norm_type, causality_axis=self.causality_axis)
        if mid_block_add_attention:
            self.mid.attn_1 = LTX2AudioAttnBlock(block_in, norm_type=self.norm_type)
        else:
            self.mid.attn_1 = nn.Identity()
        self.mid.block_2 = LTX2AudioResnetBlock(in_channels=block_in, out_channels=block_in, temb_channels=self.temb_ch, dropout=dropout, norm_type=self.norm_type, causality_axis=self.causality_axis)
        final_block_channels = block_in
        z_channels = 2 * latent_channels if double_z else latent_channels
        if self.norm_type == 'group':
            self.norm_out = nn.GroupNorm(num_groups=32, num_channels=final_block_channels, eps=1e-06, affine=True)
        elif self.norm_type == 'pixel':
            self.norm_out = LTX2AudioPixelNorm(dim=1, eps=1e-06)
        else:
            raise ValueError(f'Invalid normalization type: {self.norm_type}')
        self.non_linearity = nn.SiLU()
        if self.causality_axis is not None:
            self.conv_out = LTX2AudioCausalConv2d(final_block_channels, z_channels, kernel_size=3, stride=1, causality_axis=self.causality_axis)
        else:
            self.conv_out = nn.Conv2d(final_block_channels, z_channels, kernel_size=3, stride=1, padding=1)

class LTX2AudioDecoder(nn.Module):

    def __init__(self, base_channels=128, output_channels=1, num_res_blocks=2, attn_resolutions=None, in_channels=2, resolution=256, latent_channels=8, ch_mult=(1, 2, 4), norm_type='group', causality_axis='width', dropout=0.0, mid_block_add_attention=False, sample_rate=16000, mel_hop_length=160, is_causal=True, mel_bins=64):
        super().__init__()
        self.sample_rate = sample_rate
        self.mel_hop_length = mel_hop_length
        self.is_causal = is_causal
        self.mel_bins = mel_bins
        self.patchifier = LTX2AudioAudioPatchifier(patch_size=1, audio_latent_downsample_factor=LATENT_DOWNSAMPLE_FACTOR, sample_rate=sample_rate, hop_length=mel_hop_length, is_causal=is_causal)
        self.base_channels = base_channels
        self.temb_ch = 0
        self.num_resolutions = len(ch_mult)
        self.num_res_blocks = num_res_blocks
        self.resolution = resolution
        self.in_channels = in_channels
        self.out_ch = output_channels
        self.give_pre_end = False
        self.tanh_out = False
        self.norm_type = norm_type
        self.latent_channels = latent_channels
        self.channel_multipliers = ch_mult
        self.attn_resolutions = attn_resolutions
        self.causality_axis = causality_axis
        base_block_channels = base_channels * self.channel_multipliers[-1]
        base_resolution = resolution // 2 ** (self.num_resolutions - 1)
        self.z_shape = (1, latent_channels, base_resolution, base_resolution)
        if self.causality_axis is not None:
            self.conv_in = LTX2AudioCausalConv2d(latent_channels, base_block_channels, kernel_size=3, stride=1, causality_axis=self.causality_axis)
        else:
            self.conv_in = nn.Conv2d(latent_channels, base_block_channels, kernel_size=3, stride=1, padding=1)
        self.non_linearity = nn.SiLU()
        self.mid = nn.Module()
        self.mid.block_1 = LTX2AudioResnetBlock(in_channels=base_block_channels, out_channels=base_block_channels, temb_channels=self.temb_ch, dropout=dropout, norm_type=self.norm_type, causality_axis=self.causality_axis)
        if mid_block_add_attention:
            self.mid.attn_1 = LTX2AudioAttnBlock(base_block_channels, norm_type=self.norm_type)
        else:
            self.mid.attn_1 = nn.Identity()
        self.mid.block_2 = LTX2AudioResnetBlock(in_channels=base_block_channels, out_channels=base_block_channels, temb_channels=self.temb_ch, dropout=dropout, norm_type=self.norm_type, causality_axis=self.causality_axis)
        self.up = nn.ModuleList()
        block_in = base_block_channels
        curr_res = self.resolution // 2 ** (self.num_resolutions - 1)
        for level in reversed(range(self.num_resolutions)):
            stage = nn.Module()
            stage.block = nn.ModuleList()
            stage.attn = nn.ModuleList()
            block_out = self.base_channels * self.channel_multipliers[level]
            for _ in range(self.num_res_blocks + 1):
                stage.block.append(LTX2AudioResnetBlock(in_channels=block_in, out_channels=block_out, temb_channels=self.temb_ch, dropout=dropout, norm_type=self.norm_type, causality_axis=self.causality_axis))
                block_in = block_out
                if self.attn_resolutions:
                    if curr_res in self.attn_resolutions:
                        stage.attn.append(LTX2AudioAttnBlock(block_in, norm_type=self.norm_type))
            if level != 0:
                stage.upsample = LTX2AudioUpsample(block_in, True, causality_axis=self.causality_axis)
                curr_res *= 2
            self.up.insert(0, stage)
        final_block_channels = block_in
        if self.norm_type == 'group':
            self.norm_out = nn.GroupNorm(num_groups=32, num_channels=final_block_channels, eps=1e-06, affine=True)
        elif self.norm_type == 'pixel':
            self.norm_out = LTX2AudioPixelNorm(dim=1, eps=1e-06)
        else:
            raise ValueError(f'Invalid normalization type: {self.norm_type}')
        if self.causality_axis is not None:
            self.conv_out = LTX2AudioCausalConv2d(final_block_channels, output_channels, kernel_size=3, stride=1, causality_axis=self.causality_axis)
        else:
            self.conv_out = nn.Conv2d(final_block_channels, output_channels, kernel_size=3, stride=1, padding=1)

class AutoencoderKLLTX2Audio(ModelMixin, AutoencoderMixin, ConfigMixin):

    @register_to_config
    def __init__(self, base_channels=128, output_channels=2, ch_mult=(1, 2, 4), num_res_blocks=2, attn_resolutions=None, in_channels=2, resolution=256, latent_channels=8, norm_type='pixel', causality_axis='height', dropout=0.0, mid_block_add_attention=False, sample_rate=16000, mel_hop_length=160, is_causal=True, mel_bins=64, double_z=True):
        super().__init__()
        supported_causality_axes = {'none', 'width', 'height', 'width-compatibility'}
        if causality_axis not in supported_causality_axes:
            raise ValueError(f'causality_axis={causality_axis!r} is not valid. Supported values: {supported_causality_axes}')
        attn_resolution_set = set(attn_resolutions) if attn_resolutions else attn_resolutions
        self.encoder = LTX2AudioEncoder(base_channels=base_channels, output_channels=output_channels, ch_mult=ch_mult, num_res_blocks=num_res_blocks, attn_resolutions=attn_resolution_set, in_channels=in_channels, resolution=resolution, latent_channels=latent_channels, norm_type=norm_type, causality_axis=causality_axis, dropout=dropout, mid_block_add_attention=mid_block_add_attention, sample_rate=sample_rate, mel_hop_length=mel_hop_length, is_causal=is_causal, mel_bins=mel_bins, double_z=double_z)
        self.decoder = LTX2AudioDecoder(base_channels=base_channels, output_channels=output_channels, ch_mult=ch_mult, num_res_blocks=num_res_blocks, attn_resolutions=attn_resolution_set, in_channels=in_channels, resolution=resolution, latent_channels=latent_channels, norm_type=norm_type, causality_axis=causality_axis, dropout=dropout, mid_block_add_attention=mid_block_add_attention, sample_rate=sample_rate, mel_hop_length=mel_hop_length, is_causal=is_causal, mel_bins=mel_bins)
        latents_std = torch.ones((base_channels,))
        latents_mean = torch.zeros((base_channels,))
        self.register_buffer('latents_mean', latents_mean, persistent=True)
        self.register_buffer('latents_std', latents_std, persistent=True)
        self.temporal_compression_ratio = LATENT_DOWNSAMPLE_FACTOR
        self.mel_compression_ratio = LATENT_DOWNSAMPLE_FACTOR
        self.use_slicing = False
