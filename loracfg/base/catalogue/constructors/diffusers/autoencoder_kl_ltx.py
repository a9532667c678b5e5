"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): autoencoder_kl_ltx. Made by `python -m loracfg.base.transcriber`."""
from .activations import get_activation
from .embeddings import PixArtAlphaCombinedTimestepSizeEmbeddings
from .normalization import RMSNorm
from .vae import AutoencoderMixin
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

class LTXVideoCausalConv3d(nn.Module):

    def __init__(self, in_channels, out_channels, kernel_size=3, stride=1, dilation=1, groups=1, padding_mode='zeros', is_causal=True):
        super().__init__()
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.is_causal = is_causal
        self.kernel_size = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size, kernel_size)
        dilation = dilation if isinstance(dilation, tuple) else (dilation, 1, 1)
        stride = stride if isinstance(stride, tuple) else (stride, stride, stride)
        height_pad = self.kernel_size[1] // 2
        width_pad = self.kernel_size[2] // 2
        padding = (0, height_pad, width_pad)
        self.conv = nn.Conv3d(in_channels, out_channels, self.kernel_size, stride=stride, dilation=dilation, groups=groups, padding=padding, padding_mode=padding_mode)

class LTXVideoResnetBlock3d(nn.Module):

    def __init__(self, in_channels, out_channels=None, dropout=0.0, eps=1e-06, elementwise_affine=False, non_linearity='swish', is_causal=True, inject_noise=False, timestep_conditioning=False):
        super().__init__()
        out_channels = out_channels or in_channels
        self.nonlinearity = get_activation(non_linearity)
        self.norm1 = RMSNorm(in_channels, eps=1e-08, elementwise_affine=elementwise_affine)
        self.conv1 = LTXVideoCausalConv3d(in_channels=in_channels, out_channels=out_channels, kernel_size=3, is_causal=is_causal)
        self.norm2 = RMSNorm(out_channels, eps=1e-08, elementwise_affine=elementwise_affine)
        self.dropout = nn.Dropout(dropout)
        self.conv2 = LTXVideoCausalConv3d(in_channels=out_channels, out_channels=out_channels, kernel_size=3, is_causal=is_causal)
        self.norm3 = None
        self.conv_shortcut = None
        if in_channels != out_channels:
            self.norm3 = nn.LayerNorm(in_channels, eps=eps, elementwise_affine=True, bias=True)
            self.conv_shortcut = LTXVideoCausalConv3d(in_channels=in_channels, out_channels=out_channels, kernel_size=1, stride=1, is_causal=is_causal)
        self.per_channel_scale1 = None
        self.per_channel_scale2 = None
        if inject_noise:
            self.per_channel_scale1 = nn.Parameter(torch.zeros(in_channels, 1, 1))
            self.per_channel_scale2 = nn.Parameter(torch.zeros(in_channels, 1, 1))
        self.scale_shift_table = None
        if timestep_conditioning:
            self.scale_shift_table = nn.Parameter(torch.randn(4, in_channels) / in_channels ** 0.5)

class LTXVideoDownsampler3d(nn.Module):

    def __init__(self, in_channels, out_channels, stride=1, is_causal=True, padding_mode='zeros'):
        super().__init__()
        self.stride = stride if isinstance(stride, tuple) else (stride, stride, stride)
        self.group_size = in_channels * stride[0] * stride[1] * stride[2] // out_channels
        out_channels = out_channels // (self.stride[0] * self.stride[1] * self.stride[2])
        self.conv = LTXVideoCausalConv3d(in_channels=in_channels, out_channels=out_channels, kernel_size=3, stride=1, is_causal=is_causal, padding_mode=padding_mode)

class LTXVideoUpsampler3d(nn.Module):

    def __init__(self, in_channels, stride=1, is_causal=True, residual=False, upscale_factor=1, padding_mode='zeros'):
        super().__init__()
        self.stride = stride if isinstance(stride, tuple) else (stride, stride, stride)
        self.residual = residual
        self.upscale_factor = upscale_factor
        out_channels = in_channels * stride[0] * stride[1] * stride[2] // upscale_factor
        self.conv = LTXVideoCausalConv3d(in_channels=in_channels, out_channels=out_channels, kernel_size=3, stride=1, is_causal=is_causal, padding_mode=padding_mode)

class LTXVideoDownBlock3D(nn.Module):

    def __init__(self, in_channels, out_channels=None, num_layers=1, dropout=0.0, resnet_eps=1e-06, resnet_act_fn='swish', spatio_temporal_scale=True, is_causal=True):
        super().__init__()
        out_channels = out_channels or in_channels
        resnets = []
        for _ in range(num_layers):
            resnets.append(LTXVideoResnetBlock3d(in_channels=in_channels, out_channels=in_channels, dropout=dropout, eps=resnet_eps, non_linearity=resnet_act_fn, is_causal=is_causal))
        self.resnets = nn.ModuleList(resnets)
        self.downsamplers = None
        if spatio_temporal_scale:
            self.downsamplers = nn.ModuleList([LTXVideoCausalConv3d(in_channels=in_channels, out_channels=in_channels, kernel_size=3, stride=(2, 2, 2), is_causal=is_causal)])
        self.conv_out = None
        if in_channels != out_channels:
            self.conv_out = LTXVideoResnetBlock3d(in_channels=in_channels, out_channels=out_channels, dropout=dropout, eps=resnet_eps, non_linearity=resnet_act_fn, is_causal=is_causal)
        self.gradient_checkpointing = False

class LTXVideo095DownBlock3D(nn.Module):

    def __init__(self, in_channels, out_channels=None, num_layers=1, dropout=0.0, resnet_eps=1e-06, resnet_act_fn='swish', spatio_temporal_scale=True, is_causal=True, downsample_type='conv'):
        super().__init__()
        out_channels = out_channels or in_channels
        resnets = []
        for _ in range(num_layers):
            resnets.append(LTXVideoResnetBlock3d(in_channels=in_channels, out_channels=in_channels, dropout=dropout, eps=resnet_eps, non_linearity=resnet_act_fn, is_causal=is_causal))
        self.resnets = nn.ModuleList(resnets)
        self.downsamplers = None
        if spatio_temporal_scale:
            self.downsamplers = nn.ModuleList()
            if downsample_type == 'conv':
                self.downsamplers.append(LTXVideoCausalConv3d(in_channels=in_channels, out_channels=in_channels, kernel_size=3, stride=(2, 2, 2), is_causal=is_causal))
            elif downsample_type == 'spatial':
                self.downsamplers.append(LTXVideoDownsampler3d(in_channels=in_channels, out_channels=out_channels, stride=(1, 2, 2), is_causal=is_causal))
            elif downsample_type == 'temporal':
                self.downsamplers.append(LTXVideoDownsampler3d(in_channels=in_channels, out_channels=out_channels, stride=(2, 1, 1), is_causal=is_causal))
            elif downsample_type == 'spatiotemporal':
                self.downsamplers.append(LTXVideoDownsampler3d(in_channels=in_channels, out_channels=out_channels, stride=(2, 2, 2), is_causal=is_causal))
        self.gradient_checkpointing = False

class LTXVideoMidBlock3d(nn.Module):

    def __init__(self, in_channels, num_layers=1, dropout=0.0, resnet_eps=1e-06, resnet_act_fn='swish', is_causal=True, inject_noise=False, timestep_conditioning=False):
        super().__init__()
        self.time_embedder = None
        if timestep_conditioning:
            self.time_embedder = PixArtAlphaCombinedTimestepSizeEmbeddings(in_channels * 4, 0)
        resnets = []
        for _ in range(num_layers):
            resnets.append(LTXVideoResnetBlock3d(in_channels=in_channels, out_channels=in_channels, dropout=dropout, eps=resnet_eps, non_linearity=resnet_act_fn, is_causal=is_causal, inject_noise=inject_noise, timestep_conditioning=timestep_conditioning))
        self.resnets = nn.ModuleList(resnets)
        self.gradient_checkpointing = False

class LTXVideoUpBlock3d(nn.Module):

    def __init__(self, in_channels, out_channels=None, num_layers=1, dropout=0.0, resnet_eps=1e-06, resnet_act_fn='swish', spatio_temporal_scale=True, is_causal=True, inject_noise=False, timestep_conditioning=False, upsample_residual=False, upscale_factor=1):
        super().__init__()
        out_channels = out_channels or in_channels
        self.time_embedder = None
        if timestep_conditioning:
            self.time_embedder = PixArtAlphaCombinedTimestepSizeEmbeddings(in_channels * 4, 0)
        self.conv_in = None
        if in_channels != out_channels:
            self.conv_in = LTXVideoResnetBlock3d(in_channels=in_channels, out_channels=out_channels, dropout=dropout, eps=resnet_eps, non_linearity=resnet_act_fn, is_causal=is_causal, inject_noise=inject_noise, timestep_conditioning=timestep_conditioning)
        self.upsamplers = None
        if spatio_temporal_scale:
            self.upsamplers = nn.ModuleList([LTXVideoUpsampler3d(out_channels * upscale_factor, stride=(2, 2, 2), is_causal=is_causal, residual=upsample_residual, upscale_factor=upscale_factor)])
        resnets = []
        for _ in range(num_layers):
            resnets.append(LTXVideoResnetBlock3d(in_channels=out_channels, out_channels=out_channels, dropout=dropout, eps=resnet_eps, non_linearity=resnet_act_fn, is_causal=is_causal, inject_noise=inject_noise, timestep_conditioning=timestep_conditioning))
        self.resnets = nn.ModuleList(resnets)
        self.gradient_checkpointing = False

class LTXVideoEncoder3d(nn.Module):

    def __init__(self, in_channels=3, out_channels=128, block_out_channels=(128, 256, 512, 512), down_block_types=('LTXVideoDownBlock3D', 'LTXVideoDownBlock3D', 'LTXVideoDownBlock3D', 'LTXVideoDownBlock3D'), spatio_temporal_scaling=(True, True, True, False), layers_per_block=(4, 3, 3, 3, 4), downsample_type=('conv', 'conv', 'conv', 'conv'), patch_size=4, patch_size_t=1, resnet_norm_eps=1e-06, is_causal=True):
        super().__init__()
        self.patch_size = patch_size
        self.patch_size_t = patch_size_t
        self.in_channels = in_channels * patch_size ** 2
        output_channel = block_out_channels[0]
        self.conv_in = LTXVideoCausalConv3d(in_channels=self.in_channels, out_channels=output_channel, kernel_size=3, stride=1, is_causal=is_causal)
        is_ltx_095 = down_block_types[-1] == 'LTXVideo095DownBlock3D'
        num_block_out_channels = len(block_out_channels) - (1 if is_ltx_095 else 0)
        self.down_blocks = nn.ModuleList([])
        for i in range(num_block_out_channels):
            input_channel = output_channel
            if not is_ltx_095:
                output_channel = block_out_channels[i + 1] if i + 1 < num_block_out_channels else block_out_channels[i]
            else:
                output_channel = block_out_channels[i + 1]
            if down_block_types[i] == 'LTXVideoDownBlock3D':
                down_block = LTXVideoDownBlock3D(in_channels=input_channel, out_channels=output_channel, num_layers=layers_per_block[i], resnet_eps=resnet_norm_eps, spatio_temporal_scale=spatio_temporal_scaling[i], is_causal=is_causal)
            elif down_block_types[i] == 'LTXVideo095DownBlock3D':
                down_block = LTXVideo095DownBlock3D(in_channels=input_channel, out_channels=output_channel, num_layers=layers_per_block[i], resnet_eps=resnet_norm_eps, spatio_temporal_scale=spatio_temporal_scaling[i], is_causal=is_causal, downsample_type=downsample_type[i])
            else:
                raise ValueError(f'Unknown down block type: {down_block_types[i]}')
            self.down_blocks.append(down_block)
        self.mid_block = LTXVideoMidBlock3d(in_channels=output_channel, num_layers=layers_per_block[-1], resnet_eps=resnet_norm_eps, is_causal=is_causal)
        self.norm_out = RMSNorm(out_channels, eps=1e-08, elementwise_affine=False)
        self.conv_act = nn.SiLU()
        self.conv_out = LTXVideoCausalConv3d(in_channels=output_channel, out_channels=out_channels + 1, kernel_size=3, stride=1, is_causal=is_causal)
        self.gradient_checkpointing = False

class LTXVideoDecoder3d(nn.Module):

    def __init__(self, in_channels=128, out_channels=3, block_out_channels=(128, 256, 512, 512), spatio_temporal_scaling=(True, True, True, False), layers_per_block=(4, 3, 3, 3, 4), patch_size=4, patch_size_t=1, resnet_norm_eps=1e-06, is_causal=False, inject_noise=(False, False, False, False), timestep_conditioning=False, upsample_residual=(False, False, False, False), upsample_factor=(1, 1, 1, 1)):
        super().__init__()
        self.patch_size = patch_size
        self.patch_size_t = patch_size_t
        self.out_channels = out_channels * patch_size ** 2
        block_out_channels = tuple(reversed(block_out_channels))
        spatio_temporal_scaling = tuple(reversed(spatio_temporal_scaling))
        layers_per_block = tuple(reversed(layers_per_block))
        inject_noise = tuple(reversed(inject_noise))
        upsample_residual = tuple(reversed(upsample_residual))
        upsample_factor = tuple(reversed(upsample_factor))
        output_channel = block_out_channels[0]
        self.conv_in = LTXVideoCausalConv3d(in_channels=in_channels, out_channels=output_channel, kernel_size=3, stride=1, is_causal=is_causal)
        self.mid_block = LTXVideoMidBlock3d(in_channels=output_channel, num_layers=layers_per_block[0], resnet_eps=resnet_norm_eps, is_causal=is_causal, inject_noise=inject_noise[0], timestep_conditioning=timestep_conditioning)
        num_block_out_channels = len(block_out_channels)
        self.up_blocks = nn.ModuleList([])
        for i in range(num_block_out_channels):
            input_channel = output_channel // upsample_factor[i]
            output_channel = block_out_channels[i] // upsample_factor[i]
            up_block = LTXVideoUpBlock3d(in_channels=input_channel, out_channels=output_channel, num_layers=layers_per_block[i + 1], resnet_eps=resnet_norm_eps, spatio_temporal_scale=spatio_temporal_scaling[i], is_causal=is_causal, inject_noise=inject_noise[i + 1], timestep_conditioning=timestep_conditioning, upsample_residual=upsample_residual[i], upscale_factor=upsample_factor[i])
            self.up_blocks.append(up_block)
        self.norm_out = RMSNorm(out_channels, eps=1e-08, elementwise_affine=False)
        self.conv_act = nn.SiLU()
        self.conv_out = LTXVideoCausalConv3d(in_channels=output_channel, out_channels=self.out_channels, kernel_size=3, stride=1, is_causal=is_causal)
        self.time_embedder = None
        self.scale_shift_table = None
        self.timestep_scale_multiplier = None
        if timestep_conditioning:
            self.timestep_scale_multiplier = nn.Parameter(torch.tensor(1000.0, dtype=torch.float32))
            self.time_embedder = PixArtAlphaCombinedTimestepSizeEmbeddings(output_channel * 2, 0)
            self.scale_shift_table = nn.Parameter(torch.randn(2, output_channel) / output_channel ** 0.5)
        self.gradient_checkpointing = False

class AutoencoderKLLTXVideo(ModelMixin, AutoencoderMixin, ConfigMixin):

    @register_to_config
    def __init__(self, in_channels=3, out_channels=3, latent_channels=128, block_out_channels=(128, 256, 512, 512), down_block_types=('LTXVideoDownBlock3D', 'LTXVideoDownBlock3D', 'LTXVideoDownBlock3D', 'LTXVideoDownBlock3D'), decoder_block_out_channels=(128, 256, 512, 512), layers_per_block=(4, 3, 3, 3, 4), decoder_layers_per_block=(4, 3, 3, 3, 4), spatio_temporal_scaling=(True, True, True, False), decoder_spatio_temporal_scaling=(True, True, True, False), decoder_inject_noise=(False, False, False, False, False), downsample_type=('conv', 'conv', 'conv', 'conv'), upsample_residual=(False, False, False, False), upsample_factor=(1, 1, 1, 1), timestep_conditioning=False, patch_size=4, patch_size_t=1, resnet_norm_eps=1e-06, scaling_factor=1.0, encoder_causal=True, decoder_causal=False, spatial_compression_ratio=None, temporal_compression_ratio=None):
        super().__init__()
        self.encoder = LTXVideoEncoder3d(in_channels=in_channels, out_channels=latent_channels, block_out_channels=block_out_channels, down_block_types=down_block_types, spatio_temporal_scaling=spatio_temporal_scaling, layers_per_block=layers_per_block, downsample_type=downsample_type, patch_size=patch_size, patch_size_t=patch_size_t, resnet_norm_eps=resnet_norm_eps, is_causal=encoder_causal)
        self.decoder = LTXVideoDecoder3d(in_channels=latent_channels, out_channels=out_channels, block_out_channels=decoder_block_out_channels, spatio_temporal_scaling=decoder_spatio_temporal_scaling, layers_per_block=decoder_layers_per_block, patch_size=patch_size, patch_size_t=patch_size_t, resnet_norm_eps=resnet_norm_eps, is_causal=decoder_causal, timestep_conditioning=timestep_conditioning, inject_noise=decoder_inject_noise, upsample_residual=upsample_residual, upsample_factor=upsample_factor)
        latents_mean = torch.zeros((latent_channels,), requires_grad=False)
        latents_std = torch.ones((latent_channels,), requires_grad=False)
        self.register_buffer('latents_mean', latents_mean, persistent=True)
        self.register_buffer('latents_std', latents_std, persistent=True)
        self.spatial_compression_ratio = patch_size * 2 ** sum(spatio_temporal_scaling) if spatial_compression_ratio is None else spatial_compression_ratio
        self.temporal_compression_ratio = patch_size_t * 2 ** sum(spatio_temporal_scaling) if temporal_compression_ratio is None else temporal_compression_ratio
        self.use_slicing = False
        self.use_tiling = False
        self.use_framewise_encoding = False
        self.use_framewise_decoding = False
        self.num_sample_frames_batch_size = 16
        self.num_latent_frames_batch_size = 2
        self.tile_sample_min_height = 512
        self.tile_sample_min_width = 512
        self.tile_sample_min_num_frames = 16
        self.tile_sample_stride_height = 448
        self.tile_sample_stride_width = 448
        self.tile_sample_stride_num_frames = 8
