"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): autoencoder_kl_hunyuanimage_refiner. Made by `python -m loracfg.base.transcriber`."""
from .activations import get_activation
from .vae import AutoencoderMixin
from loracfg.base.catalogue.stand_ins.arrays import numpy as np
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

class HunyuanImageRefinerCausalConv3d(nn.Module):

    def __init__(self, in_channels, out_channels, kernel_size=3, stride=1, padding=0, dilation=1, bias=True, pad_mode='replicate'):
        super().__init__()
        kernel_size = (kernel_size, kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
        self.pad_mode = pad_mode
        self.time_causal_padding = (kernel_size[0] // 2, kernel_size[0] // 2, kernel_size[1] // 2, kernel_size[1] // 2, kernel_size[2] - 1, 0)
        self.conv = nn.Conv3d(in_channels, out_channels, kernel_size, stride, padding, dilation, bias=bias)

class HunyuanImageRefinerRMS_norm(nn.Module):

    def __init__(self, dim, channel_first=True, images=True, bias=False):
        super().__init__()
        broadcastable_dims = (1, 1, 1) if not images else (1, 1)
        shape = (dim, *broadcastable_dims) if channel_first else (dim,)
        self.channel_first = channel_first
        self.scale = dim ** 0.5
        self.gamma = nn.Parameter(torch.ones(shape))
        self.bias = nn.Parameter(torch.zeros(shape)) if bias else 0.0

class HunyuanImageRefinerAttnBlock(nn.Module):

    def __init__(self, in_channels):
        super().__init__()
        self.in_channels = in_channels
        self.norm = HunyuanImageRefinerRMS_norm(in_channels, images=False)
        self.to_q = nn.Conv3d(in_channels, in_channels, kernel_size=1)
        self.to_k = nn.Conv3d(in_channels, in_channels, kernel_size=1)
        self.to_v = nn.Conv3d(in_channels, in_channels, kernel_size=1)
        self.proj_out = nn.Conv3d(in_channels, in_channels, kernel_size=1)

class HunyuanImageRefinerUpsampleDCAE(nn.Module):

    def __init__(self, in_channels, out_channels, add_temporal_upsample=True):
        super().__init__()
        factor = 2 * 2 * 2 if add_temporal_upsample else 1 * 2 * 2
        self.conv = HunyuanImageRefinerCausalConv3d(in_channels, out_channels * factor, kernel_size=3)
        self.add_temporal_upsample = add_temporal_upsample
        self.repeats = factor * out_channels // in_channels

class HunyuanImageRefinerDownsampleDCAE(nn.Module):

    def __init__(self, in_channels, out_channels, add_temporal_downsample=True):
        super().__init__()
        factor = 2 * 2 * 2 if add_temporal_downsample else 1 * 2 * 2
        assert out_channels % factor == 0
        self.conv = HunyuanImageRefinerCausalConv3d(in_channels, out_channels // factor, kernel_size=3)
        self.add_temporal_downsample = add_temporal_downsample
        self.group_size = factor * in_channels // out_channels

class HunyuanImageRefinerResnetBlock(nn.Module):

    def __init__(self, in_channels, out_channels=None, non_linearity='swish'):
        super().__init__()
        out_channels = out_channels or in_channels
        self.nonlinearity = get_activation(non_linearity)
        self.norm1 = HunyuanImageRefinerRMS_norm(in_channels, images=False)
        self.conv1 = HunyuanImageRefinerCausalConv3d(in_channels, out_channels, kernel_size=3)
        self.norm2 = HunyuanImageRefinerRMS_norm(out_channels, images=False)
        self.conv2 = HunyuanImageRefinerCausalConv3d(out_channels, out_channels, kernel_size=3)
        self.conv_shortcut = None
        if in_channels != out_channels:
            self.conv_shortcut = nn.Conv3d(in_channels, out_channels, kernel_size=1, stride=1, padding=0)

class HunyuanImageRefinerMidBlock(nn.Module):

    def __init__(self, in_channels, num_layers=1, add_attention=True):
        super().__init__()
        self.add_attention = add_attention
        resnets = [HunyuanImageRefinerResnetBlock(in_channels=in_channels, out_channels=in_channels)]
        attentions = []
        for _ in range(num_layers):
            if self.add_attention:
                attentions.append(HunyuanImageRefinerAttnBlock(in_channels))
            else:
                attentions.append(None)
            resnets.append(HunyuanImageRefinerResnetBlock(in_channels=in_channels, out_channels=in_channels))
        self.attentions = nn.ModuleList(attentions)
        self.resnets = nn.ModuleList(resnets)
        self.gradient_checkpointing = False

class HunyuanImageRefinerDownBlock3D(nn.Module):

    def __init__(self, in_channels, out_channels, num_layers=1, downsample_out_channels=None, add_temporal_downsample=True):
        super().__init__()
        resnets = []
        for i in range(num_layers):
            in_channels = in_channels if i == 0 else out_channels
            resnets.append(HunyuanImageRefinerResnetBlock(in_channels=in_channels, out_channels=out_channels))
        self.resnets = nn.ModuleList(resnets)
        if downsample_out_channels is not None:
            self.downsamplers = nn.ModuleList([HunyuanImageRefinerDownsampleDCAE(out_channels, out_channels=downsample_out_channels, add_temporal_downsample=add_temporal_downsample)])
        else:
            self.downsamplers = None
        self.gradient_checkpointing = False

class HunyuanImageRefinerUpBlock3D(nn.Module):

    def __init__(self, in_channels, out_channels, num_layers=1, upsample_out_channels=None, add_temporal_upsample=True):
        super().__init__()
        resnets = []
        for i in range(num_layers):
            input_channels = in_channels if i == 0 else out_channels
            resnets.append(HunyuanImageRefinerResnetBlock(in_channels=input_channels, out_channels=out_channels))
        self.resnets = nn.ModuleList(resnets)
        if upsample_out_channels is not None:
            self.upsamplers = nn.ModuleList([HunyuanImageRefinerUpsampleDCAE(out_channels, out_channels=upsample_out_channels, add_temporal_upsample=add_temporal_upsample)])
        else:
            self.upsamplers = None
        self.gradient_checkpointing = False

class HunyuanImageRefinerEncoder3D(nn.Module):

    def __init__(self, in_channels=3, out_channels=64, block_out_channels=(128, 256, 512, 1024, 1024), layers_per_block=2, temporal_compression_ratio=4, spatial_compression_ratio=16, downsample_match_channel=True):
        super().__init__()
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.group_size = block_out_channels[-1] // self.out_channels
        self.conv_in = HunyuanImageRefinerCausalConv3d(in_channels, block_out_channels[0], kernel_size=3)
        self.mid_block = None
        self.down_blocks = nn.ModuleList([])
        input_channel = block_out_channels[0]
        for i in range(len(block_out_channels)):
            add_spatial_downsample = i < np.log2(spatial_compression_ratio)
            output_channel = block_out_channels[i]
            if not add_spatial_downsample:
                down_block = HunyuanImageRefinerDownBlock3D(num_layers=layers_per_block, in_channels=input_channel, out_channels=output_channel, downsample_out_channels=None, add_temporal_downsample=False)
                input_channel = output_channel
            else:
                add_temporal_downsample = i >= np.log2(spatial_compression_ratio // temporal_compression_ratio)
                downsample_out_channels = block_out_channels[i + 1] if downsample_match_channel else output_channel
                down_block = HunyuanImageRefinerDownBlock3D(num_layers=layers_per_block, in_channels=input_channel, out_channels=output_channel, downsample_out_channels=downsample_out_channels, add_temporal_downsample=add_temporal_downsample)
                input_channel = downsample_out_channels
            self.down_blocks.append(down_block)
        self.mid_block = HunyuanImageRefinerMidBlock(in_channels=block_out_channels[-1])
        self.norm_out = HunyuanImageRefinerRMS_norm(block_out_channels[-1], images=False)
        self.conv_act = nn.SiLU()
        self.conv_out = HunyuanImageRefinerCausalConv3d(block_out_channels[-1], out_channels, kernel_size=3)
        self.gradient_checkpointing = False

class HunyuanImageRefinerDecoder3D(nn.Module):

    def __init__(self, in_channels=32, out_channels=3, block_out_channels=(1024, 1024, 512, 256, 128), layers_per_block=2, spatial_compression_ratio=16, temporal_compression_ratio=4, upsample_match_channel=True):
        super().__init__()
        self.layers_per_block = layers_per_block
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.repeat = block_out_channels[0] // self.in_channels
        self.conv_in = HunyuanImageRefinerCausalConv3d(self.in_channels, block_out_channels[0], kernel_size=3)
        self.up_blocks = nn.ModuleList([])
        self.mid_block = HunyuanImageRefinerMidBlock(in_channels=block_out_channels[0])
        input_channel = block_out_channels[0]
        for i in range(len(block_out_channels)):
            output_channel = block_out_channels[i]
            add_spatial_upsample = i < np.log2(spatial_compression_ratio)
            add_temporal_upsample = i < np.log2(temporal_compression_ratio)
            if add_spatial_upsample or add_temporal_upsample:
                upsample_out_channels = block_out_channels[i + 1] if upsample_match_channel else output_channel
                up_block = HunyuanImageRefinerUpBlock3D(num_layers=self.layers_per_block + 1, in_channels=input_channel, out_channels=output_channel, upsample_out_channels=upsample_out_channels, add_temporal_upsample=add_temporal_upsample)
                input_channel = upsample_out_channels
            else:
                up_block = HunyuanImageRefinerUpBlock3D(num_layers=self.layers_per_block + 1, in_channels=input_channel, out_channels=output_channel, upsample_out_channels=None, add_temporal_upsample=False)
                input_channel = output_channel
            self.up_blocks.append(up_block)
        self.norm_out = HunyuanImageRefinerRMS_norm(block_out_channels[-1], images=False)
        self.conv_act = nn.SiLU()
        self.conv_out = HunyuanImageRefinerCausalConv3d(block_out_channels[-1], out_channels, kernel_size=3)
        self.gradient_checkpointing = False

class AutoencoderKLHunyuanImageRefiner(ModelMixin, AutoencoderMixin, ConfigMixin):

    @register_to_config
    def __init__(self, in_channels=3, out_channels=3, latent_channels=32, block_out_channels=(128, 256, 512, 1024, 1024), layers_per_block=2, spatial_compression_ratio=16, temporal_compression_ratio=4, downsample_match_channel=True, upsample_match_channel=True, scaling_factor=1.03682):
        super().__init__()
        self.encoder = HunyuanImageRefinerEncoder3D(in_channels=in_channels, out_channels=latent_channels * 2, block_out_channels=block_out_channels, layers_per_block=layers_per_block, temporal_compression_ratio=temporal_compression_ratio, spatial_compression_ratio=spatial_compression_ratio, downsample_match_channel=downsample_match_channel)
        self.decoder = HunyuanImageRefinerDecoder3D(in_channels=latent_channels, out_channels=out_channels, block_out_channels=list(reversed(block_out_channels)), layers_per_block=layers_per_block, temporal_compression_ratio=temporal_compression_ratio, spatial_compression_ratio=spatial_compression_ratio, upsample_match_channel=upsample_match_channel)
        self.spatial_compression_ratio = spatial_compression_ratio
        self.temporal_compression_ratio = temporal_compression_ratio
        self.use_slicing = False
        self.use_tiling = False
        self.tile_sample_min_height = 256
        self.tile_sample_min_width = 256
        self.tile_sample_stride_height = 192
        self.tile_sample_stride_width = 192
        self.tile_overlap_factor = 0.25
