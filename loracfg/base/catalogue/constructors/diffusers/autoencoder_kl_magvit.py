"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): autoencoder_kl_magvit. Made by `python -m loracfg.base.transcriber`."""
from .activations import get_activation
from .vae import AutoencoderMixin
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
import math

class EasyAnimateCausalConv3d(nn.Conv3d):

    def __init__(self, in_channels, out_channels, kernel_size=3, stride=1, padding=1, dilation=1, groups=1, bias=True, padding_mode='zeros'):
        kernel_size = kernel_size if isinstance(kernel_size, tuple) else (kernel_size,) * 3
        assert len(kernel_size) == 3
        stride = stride if isinstance(stride, tuple) else (stride,) * 3
        assert len(stride) == 3
        dilation = dilation if isinstance(dilation, tuple) else (dilation,) * 3
        assert len(dilation) == 3
        t_ks, h_ks, w_ks = kernel_size
        self.t_stride, h_stride, w_stride = stride
        t_dilation, h_dilation, w_dilation = dilation
        t_pad = (t_ks - 1) * t_dilation
        if padding is None:
            h_pad = math.ceil(((h_ks - 1) * h_dilation + (1 - h_stride)) / 2)
            w_pad = math.ceil(((w_ks - 1) * w_dilation + (1 - w_stride)) / 2)
        elif isinstance(padding, int):
            h_pad = w_pad = padding
        else:
            assert NotImplementedError
        self.temporal_padding = t_pad
        self.temporal_padding_origin = math.ceil(((t_ks - 1) * w_dilation + (1 - w_stride)) / 2)
        self.prev_features = None
        super().__init__(in_channels=in_channels, out_channels=out_channels, kernel_size=kernel_size, stride=stride, dilation=dilation, padding=(0, h_pad, w_pad), groups=groups, bias=bias, padding_mode=padding_mode)

class EasyAnimateResidualBlock3D(nn.Module):

    def __init__(self, in_channels, out_channels, non_linearity='silu', norm_num_groups=32, norm_eps=1e-06, spatial_group_norm=True, dropout=0.0, output_scale_factor=1.0):
        super().__init__()
        self.output_scale_factor = output_scale_factor
        self.norm1 = nn.GroupNorm(num_groups=norm_num_groups, num_channels=in_channels, eps=norm_eps, affine=True)
        self.nonlinearity = get_activation(non_linearity)
        self.conv1 = EasyAnimateCausalConv3d(in_channels, out_channels, kernel_size=3)
        self.norm2 = nn.GroupNorm(num_groups=norm_num_groups, num_channels=out_channels, eps=norm_eps, affine=True)
        self.dropout = nn.Dropout(dropout)
        self.conv2 = EasyAnimateCausalConv3d(out_channels, out_channels, kernel_size=3)
        if in_channels != out_channels:
            self.shortcut = nn.Conv3d(in_channels, out_channels, kernel_size=1)
        else:
            self.shortcut = nn.Identity()
        self.spatial_group_norm = spatial_group_norm

class EasyAnimateDownsampler3D(nn.Module):

    def __init__(self, in_channels, out_channels, kernel_size=3, stride=(2, 2, 2)):
        super().__init__()
        self.conv = EasyAnimateCausalConv3d(in_channels=in_channels, out_channels=out_channels, kernel_size=kernel_size, stride=stride, padding=0)

class EasyAnimateUpsampler3D(nn.Module):

    def __init__(self, in_channels, out_channels, kernel_size=3, temporal_upsample=False, spatial_group_norm=True):
        super().__init__()
        out_channels = out_channels or in_channels
        self.temporal_upsample = temporal_upsample
        self.spatial_group_norm = spatial_group_norm
        self.conv = EasyAnimateCausalConv3d(in_channels=in_channels, out_channels=out_channels, kernel_size=kernel_size)
        self.prev_features = None

class EasyAnimateDownBlock3D(nn.Module):

    def __init__(self, in_channels, out_channels, num_layers=1, act_fn='silu', norm_num_groups=32, norm_eps=1e-06, spatial_group_norm=True, dropout=0.0, output_scale_factor=1.0, add_downsample=True, add_temporal_downsample=True):
        super().__init__()
        self.convs = nn.ModuleList([])
        for i in range(num_layers):
            in_channels = in_channels if i == 0 else out_channels
            self.convs.append(EasyAnimateResidualBlock3D(in_channels=in_channels, out_channels=out_channels, non_linearity=act_fn, norm_num_groups=norm_num_groups, norm_eps=norm_eps, spatial_group_norm=spatial_group_norm, dropout=dropout, output_scale_factor=output_scale_factor))
        if add_downsample and add_temporal_downsample:
            self.downsampler = EasyAnimateDownsampler3D(out_channels, out_channels, kernel_size=3, stride=(2, 2, 2))
            self.spatial_downsample_factor = 2
            self.temporal_downsample_factor = 2
        elif add_downsample and (not add_temporal_downsample):
            self.downsampler = EasyAnimateDownsampler3D(out_channels, out_channels, kernel_size=3, stride=(1, 2, 2))
            self.spatial_downsample_factor = 2
            self.temporal_downsample_factor = 1
        else:
            self.downsampler = None
            self.spatial_downsample_factor = 1
            self.temporal_downsample_factor = 1

class EasyAnimateUpBlock3d(nn.Module):

    def __init__(self, in_channels, out_channels, num_layers=1, act_fn='silu', norm_num_groups=32, norm_eps=1e-06, spatial_group_norm=False, dropout=0.0, output_scale_factor=1.0, add_upsample=True, add_temporal_upsample=True):
        super().__init__()
        self.convs = nn.ModuleList([])
        for i in range(num_layers):
            in_channels = in_channels if i == 0 else out_channels
            self.convs.append(EasyAnimateResidualBlock3D(in_channels=in_channels, out_channels=out_channels, non_linearity=act_fn, norm_num_groups=norm_num_groups, norm_eps=norm_eps, spatial_group_norm=spatial_group_norm, dropout=dropout, output_scale_factor=output_scale_factor))
        if add_upsample:
            self.upsampler = EasyAnimateUpsampler3D(in_channels, in_channels, temporal_upsample=add_temporal_upsample, spatial_group_norm=spatial_group_norm)
        else:
            self.upsampler = None

class EasyAnimateMidBlock3d(nn.Module):

    def __init__(self, in_channels, num_layers=1, act_fn='silu', norm_num_groups=32, norm_eps=1e-06, spatial_group_norm=True, dropout=0.0, output_scale_factor=1.0):
        super().__init__()
        norm_num_groups = norm_num_groups if norm_num_groups is not None else min(in_channels // 4, 32)
        self.convs = nn.ModuleList([EasyAnimateResidualBlock3D(in_channels=in_channels, out_channels=in_channels, non_linearity=act_fn, norm_num_groups=norm_num_groups, norm_eps=norm_eps, spatial_group_norm=spatial_group_norm, dropout=dropout, output_scale_factor=output_scale_factor)])
        for _ in range(num_layers - 1):
            self.convs.append(EasyAnimateResidualBlock3D(in_channels=in_channels, out_channels=in_channels, non_linearity=act_fn, norm_num_groups=norm_num_groups, norm_eps=norm_eps, spatial_group_norm=spatial_group_norm, dropout=dropout, output_scale_factor=output_scale_factor))

class EasyAnimateEncoder(nn.Module):

    def __init__(self, in_channels=3, out_channels=8, down_block_types=('SpatialDownBlock3D', 'SpatialTemporalDownBlock3D', 'SpatialTemporalDownBlock3D', 'SpatialTemporalDownBlock3D'), block_out_channels=[128, 256, 512, 512], layers_per_block=2, norm_num_groups=32, act_fn='silu', double_z=True, spatial_group_norm=False):
        super().__init__()
        self.conv_in = EasyAnimateCausalConv3d(in_channels, block_out_channels[0], kernel_size=3)
        self.down_blocks = nn.ModuleList([])
        output_channels = block_out_channels[0]
        for i, down_block_type in enumerate(down_block_types):
            input_channels = output_channels
            output_channels = block_out_channels[i]
            is_final_block = i == len(block_out_channels) - 1
            if down_block_type == 'SpatialDownBlock3D':
                down_block = EasyAnimateDownBlock3D(in_channels=input_channels, out_channels=output_channels, num_layers=layers_per_block, act_fn=act_fn, norm_num_groups=norm_num_groups, norm_eps=1e-06, spatial_group_norm=spatial_group_norm, add_downsample=not is_final_block, add_temporal_downsample=False)
            elif down_block_type == 'SpatialTemporalDownBlock3D':
                down_block = EasyAnimateDownBlock3D(in_channels=input_channels, out_channels=output_channels, num_layers=layers_per_block, act_fn=act_fn, norm_num_groups=norm_num_groups, norm_eps=1e-06, spatial_group_norm=spatial_group_norm, add_downsample=not is_final_block, add_temporal_downsample=True)
            else:
                raise ValueError(f'Unknown up block type: {down_block_type}')
            self.down_blocks.append(down_block)
        self.mid_block = EasyAnimateMidBlock3d(in_channels=block_out_channels[-1], num_layers=layers_per_block, act_fn=act_fn, spatial_group_norm=spatial_group_norm, norm_num_groups=norm_num_groups, norm_eps=1e-06, dropout=0, output_scale_factor=1)
        self.spatial_group_norm = spatial_group_norm
        self.conv_norm_out = nn.GroupNorm(num_channels=block_out_channels[-1], num_groups=norm_num_groups, eps=1e-06)
        self.conv_act = get_activation(act_fn)
        conv_out_channels = 2 * out_channels if double_z else out_channels
        self.conv_out = EasyAnimateCausalConv3d(block_out_channels[-1], conv_out_channels, kernel_size=3)
        self.gradient_checkpointing = False

class EasyAnimateDecoder(nn.Module):

    def __init__(self, in_channels=8, out_channels=3, up_block_types=('SpatialUpBlock3D', 'SpatialTemporalUpBlock3D', 'SpatialTemporalUpBlock3D', 'SpatialTemporalUpBlock3D'), block_out_channels=[128, 256, 512, 512], layers_per_block=2, norm_num_groups=32, act_fn='silu', spatial_group_norm=False):
        super().__init__()
        self.conv_in = EasyAnimateCausalConv3d(in_channels, block_out_channels[-1], kernel_size=3)
        self.mid_block = EasyAnimateMidBlock3d(in_channels=block_out_channels[-1], num_layers=layers_per_block, act_fn=act_fn, norm_num_groups=norm_num_groups, norm_eps=1e-06, dropout=0, output_scale_factor=1)
        self.up_blocks = nn.ModuleList([])
        reversed_block_out_channels = list(reversed(block_out_channels))
        output_channels = reversed_block_out_channels[0]
        for i, up_block_type in enumerate(up_block_types):
            input_channels = output_channels
            output_channels = reversed_block_out_channels[i]
            is_final_block = i == len(block_out_channels) - 1
            if up_block_type == 'SpatialUpBlock3D':
                up_block = EasyAnimateUpBlock3d(in_channels=input_channels, out_channels=output_channels, num_layers=layers_per_block + 1, act_fn=act_fn, norm_num_groups=norm_num_groups, norm_eps=1e-06, spatial_group_norm=spatial_group_norm, add_upsample=not is_final_block, add_temporal_upsample=False)
            elif up_block_type == 'SpatialTemporalUpBlock3D':
                up_block = EasyAnimateUpBlock3d(in_channels=input_channels, out_channels=output_channels, num_layers=layers_per_block + 1, act_fn=act_fn, norm_num_groups=norm_num_groups, norm_eps=1e-06, spatial_group_norm=spatial_group_norm, add_upsample=not is_final_block, add_temporal_upsample=True)
            else:
                raise ValueError(f'Unknown up block type: {up_block_type}')
            self.up_blocks.append(up_block)
        self.spatial_group_norm = spatial_group_norm
        self.conv_norm_out = nn.GroupNorm(num_channels=block_out_channels[0], num_groups=norm_num_groups, eps=1e-06)
        self.conv_act = get_activation(act_fn)
        self.conv_out = EasyAnimateCausalConv3d(block_out_channels[0], out_channels, kernel_size=3)
        self.gradient_checkpointing = False

class AutoencoderKLMagvit(ModelMixin, AutoencoderMixin, ConfigMixin):

    @register_to_config
    def __init__(self, in_channels=3, latent_channels=16, out_channels=3, block_out_channels=[128, 256, 512, 512], down_block_types=['SpatialDownBlock3D', 'SpatialTemporalDownBlock3D', 'SpatialTemporalDownBlock3D', 'SpatialTemporalDownBlock3D'], up_block_types=['SpatialUpBlock3D', 'SpatialTemporalUpBlock3D', 'SpatialTemporalUpBlock3D', 'SpatialTemporalUpBlock3D'], layers_per_block=2, act_fn='silu', norm_num_groups=32, scaling_factor=0.7125, spatial_group_norm=True):
        super().__init__()
        self.encoder = EasyAnimateEncoder(in_channels=in_channels, out_channels=latent_channels, down_block_types=down_block_types, block_out_channels=block_out_channels, layers_per_block=layers_per_block, norm_num_groups=norm_num_groups, act_fn=act_fn, double_z=True, spatial_group_norm=spatial_group_norm)
        self.decoder = EasyAnimateDecoder(in_channels=latent_channels, out_channels=out_channels, up_block_types=up_block_types, block_out_channels=block_out_channels, layers_per_block=layers_per_block, norm_num_groups=norm_num_groups, act_fn=act_fn, spatial_group_norm=spatial_group_norm)
        self.quant_conv = nn.Conv3d(2 * latent_channels, 2 * latent_channels, kernel_size=1)
        self.post_quant_conv = nn.Conv3d(latent_channels, latent_channels, kernel_size=1)
        self.spatial_compression_ratio = 2 ** (len(block_out_channels) - 1)
        self.temporal_compression_ratio = 2 ** (len(block_out_channels) - 2)
        self.use_slicing = False
        self.use_tiling = False
        self.use_framewise_encoding = False
        self.use_framewise_decoding = False
        self.num_sample_frames_batch_size = 4
        self.num_latent_frames_batch_size = 1
        self.tile_sample_min_height = 512
        self.tile_sample_min_width = 512
        self.tile_sample_min_num_frames = 4
        self.tile_sample_stride_height = 448
        self.tile_sample_stride_width = 448
        self.tile_sample_stride_num_frames = 8
