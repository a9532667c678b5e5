"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): autoencoder_kl_ltx2. Made by `python -m loracfg.base.transcriber`."""
from .activations import get_activation
from .embeddings import PixArtAlphaCombinedTimestepSizeEmbeddings
from .vae import AutoencoderMixin
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

class PerChannelRMSNorm(nn.Module):

    def __init__(self, channel_dim=1, eps=1e-08):
        super().__init__()
        self.channel_dim = channel_dim
        self.eps = eps

class LTX2VideoCausalConv3d(nn.Module):

    def __init__(self, in_channels, out_channels, kernel_size=3, stride=1, dilation=1, groups=1, spatial_padding_mode='zeros'):
        super().__init__()
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.kernel_size = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size, kernel_size)
        dilation = dilation if isinstance(dilation, tuple) else (dilation, 1, 1)
        stride = stride if isinstance(stride, tuple) else (stride, stride, stride)
        height_pad = self.kernel_size[1] // 2
        width_pad = self.kernel_size[2] // 2
        padding = (0, height_pad, width_pad)
        self.conv = nn.Conv3d(in_channels, out_channels, self.kernel_size, stride=stride, dilation=dilation, groups=groups, padding=padding, padding_mode=spatial_padding_mode)

class LTX2VideoResnetBlock3d(nn.Module):

    def __init__(self, in_channels, out_channels=None, dropout=0.0, eps=1e-06, elementwise_affine=False, non_linearity='swish', inject_noise=False, timestep_conditioning=False, spatial_padding_mode='zeros'):
        super().__init__()
        out_channels = out_channels or in_channels
        self.nonlinearity = get_activation(non_linearity)
        self.norm1 = PerChannelRMSNorm()
        self.conv1 = LTX2VideoCausalConv3d(in_channels=in_channels, out_channels=out_channels, kernel_size=3, spatial_padding_mode=spatial_padding_mode)
        self.norm2 = PerChannelRMSNorm()
        self.dropout = nn.Dropout(dropout)
        self.conv2 = LTX2VideoCausalConv3d(in_channels=out_channels, out_channels=out_channels, kernel_size=3, spatial_padding_mode=spatial_padding_mode)
        self.norm3 = None
        self.conv_shortcut = None
        if in_channels != out_channels:
            self.norm3 = nn.LayerNorm(in_channels, eps=eps, elementwise_affine=True, bias=True)
            self.conv_shortcut = nn.Conv3d(in_channels=in_channels, out_channels=out_channels, kernel_size=1, stride=1)
        self.per_channel_scale1 = None
        self.per_channel_scale2 = None
        if inject_noise:
            self.per_channel_scale1 = nn.Parameter(torch.zeros(in_channels, 1, 1))
            self.per_channel_scale2 = nn.Parameter(torch.zeros(in_channels, 1, 1))
        self.scale_shift_table = None
        if timestep_conditioning:
            self.scale_shift_table = nn.Parameter(torch.randn(4, in_channels) / in_channels ** 0.5)

class LTX2VideoDownsampler3d(nn.Module):

    def __init__(self, in_channels, out_channels, stride=1, spatial_padding_mode='zeros'):
        super().__init__()
        self.stride = stride if isinstance(stride, tuple) else (stride, stride, stride)
        self.group_size = in_channels * stride[0] * stride[1] * stride[2] // out_channels
        out_channels = out_channels // (self.stride[0] * self.stride[1] * self.stride[2])
        self.conv = LTX2VideoCausalConv3d(in_channels=in_channels, out_channels=out_channels, kernel_size=3, stride=1, spatial_padding_mode=spatial_padding_mode)

class LTX2VideoUpsampler3d(nn.Module):

    def __init__(self, in_channels, out_channels=None, stride=1, residual=False, upscale_factor=1, spatial_padding_mode='zeros'):
        super().__init__()
        self.stride = stride if isinstance(stride, tuple) else (stride, stride, stride)
        self.residual = residual
        self.upscale_factor = upscale_factor
        out_channels = out_channels or in_channels
        out_channels = out_channels * stride[0] * stride[1] * stride[2] // upscale_factor
        self.conv = LTX2VideoCausalConv3d(in_channels=in_channels, out_channels=out_channels, kernel_size=3, stride=1, spatial_padding_mode=spatial_padding_mode)

class LTX2VideoDownBlock3D(nn.Module):

    def __init__(self, in_channels, out_channels=None, num_layers=1, dropout=0.0, resnet_eps=1e-06, resnet_act_fn='swish', spatio_temporal_scale=True, downsample_type='conv', spatial_padding_mode='zeros'):
        super().__init__()
        out_channels = out_channels or in_channels
        resnets = []
        for _ in range(num_layers):
            resnets.append(LTX2VideoResnetBlock3d(in_channels=in_channels, out_channels=in_channels, dropout=dropout, eps=resnet_eps, non_linearity=resnet_act_fn, spatial_padding_mode=spatial_padding_mode))
        self.resnets = nn.ModuleList(resnets)
        self.downsamplers = None
        if spatio_temporal_scale:
            self.downsamplers = nn.ModuleList()
            if downsample_type == 'conv':
                self.downsamplers.append(LTX2VideoCausalConv3d(in_channels=in_channels, out_channels=in_channels, kernel_size=3, stride=(2, 2, 2), spatial_padding_mode=spatial_padding_mode))
            elif downsample_type == 'spatial':
                self.downsamplers.append(LTX2VideoDownsampler3d(in_channels=in_channels, out_channels=out_channels, stride=(1, 2, 2), spatial_padding_mode=spatial_padding_mode))
            elif downsample_type == 'temporal':
                self.downsamplers.append(LTX2VideoDownsampler3d(in_channels=in_channels, out_channels=out_channels, stride=(2, 1, 1), spatial_padding_mode=spatial_padding_mode))
            elif downsample_type == 'spatiotemporal':
                self.downsamplers.append(LTX2VideoDownsampler3d(in_channels=in_channels, out_channels=out_channels, stride=(2, 2, 2), spatial_padding_mode=spatial_padding_mode))
        self.gradient_checkpointing = False

class LTX2VideoMidBlock3d(nn.Module):

    def __init__(self, in_channels, num_layers=1, dropout=0.0, resnet_eps=1e-06, resnet_act_fn='swish', inject_noise=False, timestep_conditioning=False, spatial_padding_mode='zeros'):
        super().__init__()
        self.time_embedder = None
        if timestep_conditioning:
            self.time_embedder = PixArtAlphaCombinedTimestepSizeEmbeddings(in_channels * 4, 0)
        resnets = []
        for _ in range(num_layers):
            resnets.append(LTX2VideoResnetBlock3d(in_channels=in_channels, out_channels=in_channels, dropout=dropout, eps=resnet_eps, non_linearity=resnet_act_fn, inject_noise=inject_noise, timestep_conditioning=timestep_conditioning, spatial_padding_mode=spatial_padding_mode))
        self.resnets = nn.ModuleList(resnets)
        self.gradient_checkpointing = False

class LTX2VideoUpBlock3d(nn.Module):

    def __init__(self, in_channels, out_channels=None, num_layers=1, dropout=0.0, resnet_eps=1e-06, resnet_act_fn='swish', spatio_temporal_scale=True, upsample_type='spatiotemporal', inject_noise=False, timestep_conditioning=False, upsample_residual=False, upscale_factor=1, spatial_padding_mode='zeros'):
        super().__init__()
        out_channels = out_channels or in_channels
        self.time_embedder = None
        if timestep_conditioning:
            self.time_embedder = PixArtAlphaCombinedTimestepSizeEmbeddings(in_channels * 4, 0)
        self.conv_in = None
        if in_channels != out_channels:
            self.conv_in = LTX2VideoResnetBlock3d(in_channels=in_channels, out_channels=out_channels, dropout=dropout, eps=resnet_eps, non_linearity=resnet_act_fn, inject_noise=inject_noise, timestep_conditioning=timestep_conditioning, spatial_padding_mode=spatial_padding_mode)
        self.upsamplers = None
        if spatio_temporal_scale:
            self.upsamplers = nn.ModuleList()
            if upsample_type == 'spatial':
                upsample_stride = (1, 2, 2)
            elif upsample_type == 'temporal':
                upsample_stride = (2, 1, 1)
            elif upsample_type == 'spatiotemporal':
                upsample_stride = (2, 2, 2)
            self.upsamplers.append(LTX2VideoUpsampler3d(in_channels=out_channels * upscale_factor, stride=upsample_stride, residual=upsample_residual, upscale_factor=upscale_factor, spatial_padding_mode=spatial_padding_mode))
        resnets = []
        for _ in range(num_layers):
            resnets.append(LTX2VideoResnetBlock3d(in_channels=out_channels, out_channels=out_channels, dropout=dropout, eps=resnet_eps, non_linearity=resnet_act_fn, inject_noise=inject_noise, timestep_conditioning=timestep_conditioning, spatial_padding_mode=spatial_padding_mode))
        self.resnets = nn.ModuleList(resnets)
        self.gradient_checkpointing = False

class LTX2VideoEncoder3d(nn.Module):

    def __init__(self, in_channels=3, out_channels=128, block_out_channels=(256, 512, 1024, 2048), down_block_types=('LTX2VideoDownBlock3D', 'LTX2VideoDownBlock3D', 'LTX2VideoDownBlock3D', 'LTX2VideoDownBlock3D'), spatio_temporal_scaling=(True, True, True, True), layers_per_block=(4, 6, 6, 2, 2), downsample_type=('spatial', 'temporal', 'spatiotemporal', 'spatiotemporal'), patch_size=4, patch_size_t=1, resnet_norm_eps=1e-06, is_causal=True, spatial_padding_mode='zeros'):
        super().__init__()
        num_encoder_blocks = len(layers_per_block)
        if isinstance(spatio_temporal_scaling, bool):
            spatio_temporal_scaling = (spatio_temporal_scaling,) * (num_encoder_blocks - 1)
        self.patch_size = patch_size
        self.patch_size_t = patch_size_t
        self.in_channels = in_channels * patch_size ** 2
        self.is_causal = is_causal
        output_channel = out_channels
        self.conv_in = LTX2VideoCausalConv3d(in_channels=self.in_channels, out_channels=output_channel, kernel_size=3, stride=1, spatial_padding_mode=spatial_padding_mode)
        num_block_out_channels = len(block_out_channels)
        self.down_blocks = nn.ModuleList([])
        for i in range(num_block_out_channels):
            input_channel = output_channel
            output_channel = block_out_channels[i]
            if down_block_types[i] == 'LTX2VideoDownBlock3D':
                down_block = LTX2VideoDownBlock3D(in_channels=input_channel, out_channels=output_channel, num_layers=layers_per_block[i], resnet_eps=resnet_norm_eps, spatio_temporal_scale=spatio_temporal_scaling[i], downsample_type=downsample_type[i], spatial_padding_mode=spatial_padding_mode)
            else:
                raise ValueError(f'Unknown down block type: {down_block_types[i]}')
            self.down_blocks.append(down_block)
        self.mid_block = LTX2VideoMidBlock3d(in_channels=output_channel, num_layers=layers_per_block[-1], resnet_eps=resnet_norm_eps, spatial_padding_mode=spatial_padding_mode)
        self.norm_out = PerChannelRMSNorm()
        self.conv_act = nn.SiLU()
        self.conv_out = LTX2VideoCausalConv3d(in_channels=output_channel, out_channels=out_channels + 1, kernel_size=3, stride=1, spatial_padding_mode=spatial_padding_mode)
        self.gradient_checkpointing = False

class LTX2VideoDecoder3d(nn.Module):

    def __init__(self, in_channels=128, out_channels=3, block_out_channels=(256, 512, 1024), spatio_temporal_scaling=(True, True, True), layers_per_block=(5, 5, 5, 5), upsample_type=('spatiotemporal', 'spatiotemporal', 'spatiotemporal'), patch_size=4, patch_size_t=1, resnet_norm_eps=1e-06, is_causal=False, inject_noise=(False, False, False), timestep_conditioning=False, upsample_residual=(True, True, True), upsample_factor=(2, 2, 2), spatial_padding_mode='reflect'):
        super().__init__()
        num_decoder_blocks = len(layers_per_block)
        if isinstance(spatio_temporal_scaling, bool):
            spatio_temporal_scaling = (spatio_temporal_scaling,) * (num_decoder_blocks - 1)
        if isinstance(inject_noise, bool):
            inject_noise = (inject_noise,) * num_decoder_blocks
        if isinstance(upsample_residual, bool):
            upsample_residual = (upsample_residual,) * (num_decoder_blocks - 1)
        self.patch_size = patch_size
        self.patch_size_t = patch_size_t
        self.out_channels = out_channels * patch_size ** 2
        self.is_causal = is_causal
        block_out_channels = tuple(reversed(block_out_channels))
        spatio_temporal_scaling = tuple(reversed(spatio_temporal_scaling))
        layers_per_block = tuple(reversed(layers_per_block))
        inject_noise = tuple(reversed(inject_noise))
        upsample_residual = tuple(reversed(upsample_residual))
        upsample_factor = tuple(reversed(upsample_factor))
        output_channel = block_out_channels[0]
        self.conv_in = LTX2VideoCausalConv3d(in_channels=in_channels, out_channels=output_channel, kernel_size=3, stride=1, spatial_padding_mode=spatial_padding_mode)
        self.mid_block = LTX2VideoMidBlock3d(in_channels=output_channel, num_layers=layers_per_block[0], resnet_eps=resnet_norm_eps, inject_noise=inject_noise[0], timestep_conditioning=timestep_conditioning, spatial_padding_mode=spatial_padding_mode)
        num_block_out_channels = len(block_out_channels)
        self.up_blocks = nn.ModuleList([])
        for i in range(num_block_out_channels):
            input_channel = output_channel // upsample_factor[i]
            output_channel = block_out_channels[i] // upsample_factor[i]
            up_block = LTX2VideoUpBlock3d(in_channels=input_channel, out_channels=output_channel, num_layers=layers_per_block[i + 1], resnet_eps=resnet_norm_eps, spatio_temporal_scale=spatio_temporal_scaling[i], upsample_type=upsample_type[i], inject_noise=inject_noise[i + 1], timestep_conditioning=timestep_conditioning, upsample_residual=upsample_residual[i], upscale_factor=upsample_factor[i], spatial_padding_mode=spatial_padding_mode)
            self.up_blocks.append(up_block)
        self.norm_out = PerChannelRMSNorm()
        self.conv_act = nn.SiLU()
        self.conv_out = LTX2VideoCausalConv3d(in_channels=output_channel, out_channels=self.out_channels, kernel_size=3, stride=1, spatial_padding_mode=spatial_padding_mode)
        self.time_embedder = None
        self.scale_shift_table = None
        self.timestep_scale_multiplier = None
        if timestep_conditioning:
            self.timestep_scale_multiplier = nn.Parameter(torch.tensor(1000.0, dtype=torch.float32))
            self.time_embedder = PixArtAlphaCombinedTimestepSizeEmbeddings(output_channel * 2, 0)
            self.scale_shift_table = nn.Parameter(torch.randn(2, output_channel) / output_channel ** 0.5)
        self.gradient_checkpointing = False

class AutoencoderKLLTX2Video(ModelMixin, AutoencoderMixin, ConfigMixin):

    @register_to_config
    def __init__(self, in_channels=3, out_channels=3, latent_channels=128, block_out_channels=(256, 512, 1024, 2048), down_block_types=('LTX2VideoDownBlock3D', 'LTX2VideoDownBlock3D', 'LTX2VideoDownBlock3D', 'LTX2VideoDownBlock3D'), decoder_block_out_channels=(256, 512, 1024), layers_per_block=(4, 6, 6, 2, 2), decoder_layers_per_block=(5, 5, 5, 5), spatio_temporal_scaling=(True, True, True, True), decoder_spatio_temporal_scaling=(True, True, True), decoder_inject_noise=(False, False, False, False), downsample_type=('spatial', 'temporal', 'spatiotemporal', 'spatiotemporal'), upsample_type=('spatiotemporal', 'spatiotemporal', 'spatiotemporal'), upsample_residual=(True, True, True), upsample_factor=(2, 2, 2), timestep_conditioning=False, patch_size=4, patch_size_t=1, resnet_norm_eps=1e-06, scaling_factor=1.0, encoder_causal=True, decoder_causal=True, encoder_spatial_padding_mode='zeros', decoder_spatial_padding_mode='reflect', spatial_compression_ratio=None, temporal_compression_ratio=None):
        super().__init__()
        num_encoder_blocks = len(layers_per_block)
        num_decoder_blocks = len(decoder_layers_per_block)
        if isinstance(spatio_temporal_scaling, bool):
            spatio_temporal_scaling = (spatio_temporal_scaling,) * (num_encoder_blocks - 1)
        if isinstance(decoder_spatio_temporal_scaling, bool):
            decoder_spatio_temporal_scaling = (decoder_spatio_temporal_scaling,) * (num_decoder_blocks - 1)
        if isinstance(decoder_inject_noise, bool):
            decoder_inject_noise = (decoder_inject_noise,) * num_decoder_blocks
        if isinstance(upsample_residual, bool):
            upsample_residual = (upsample_residual,) * (num_decoder_blocks - 1)
        self.encoder = LTX2VideoEncoder3d(in_channels=in_channels, out_channels=latent_channels, block_out_channels=block_out_channels, down_block_types=down_block_types, spatio_temporal_scaling=spatio_temporal_scaling, layers_per_block=layers_per_block, downsample_type=downsample_type, patch_size=patch_size, patch_size_t=patch_size_t, resnet_norm_eps=resnet_norm_eps, is_causal=encoder_causal, spatial_padding_mode=encoder_spatial_padding_mode)
        self.decoder = LTX2VideoDecoder3d(in_channels=latent_channels, out_channels=out_channels, block_out_channels=decoder_block_out_channels, spatio_temporal_scaling=decoder_spatio_temporal_scaling, layers_per_block=decoder_layers_per_block, upsample_type=upsample_type, patch_size=patch_size, patch_size_t=patch_size_t, resnet_norm_eps=resnet_norm_eps, is_causal=decoder_causal, timestep_conditioning=timestep_conditioning, inject_noise=decoder_inject_noise, upsample_residual=upsample_residual, upsample_factor=upsample_factor, spatial_padding_mode=decoder_spatial_padding_mode)
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
