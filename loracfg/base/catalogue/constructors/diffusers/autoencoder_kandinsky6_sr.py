"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): autoencoder_kandinsky6_sr. Made by `python -m loracfg.base.transcriber`."""
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
import math

class Kandinsky6SRSafeConv3d(nn.Conv3d):
    pass

class Kandinsky6SRCausalConv3d(nn.Module):

    def __init__(self, in_channels, out_channels, kernel_size, stride=(1, 1, 1)):
        super().__init__()
        if not isinstance(kernel_size, tuple):
            kernel_size = (kernel_size,) * 3
        time_kernel_size, height_kernel_size, width_kernel_size = kernel_size
        if not (height_kernel_size % 2 and width_kernel_size % 2):
            raise ValueError(f'height_kernel_size and width_kernel_size must be odd, got {height_kernel_size} and {width_kernel_size}')
        self.height_pad = height_kernel_size // 2
        self.width_pad = width_kernel_size // 2
        self.time_pad = time_kernel_size - 1
        self.time_kernel_size = time_kernel_size
        self.time_stride = stride[0]
        self.conv = Kandinsky6SRSafeConv3d(in_channels, out_channels, kernel_size, stride=stride)

class Kandinsky6VAERMSNorm(nn.Module):

    def __init__(self, num_channels):
        super().__init__()
        self.scale = num_channels ** 0.5
        self.gamma = nn.Parameter(torch.ones(num_channels, 1, 1, 1))

class Kandinsky6SRSpatialNorm3D(nn.Module):

    def __init__(self, num_channels, zq_channels):
        super().__init__()
        self.norm_layer = Kandinsky6VAERMSNorm(num_channels)
        self.conv_y = Kandinsky6SRSafeConv3d(zq_channels, num_channels, kernel_size=1)
        self.conv_b = Kandinsky6SRSafeConv3d(zq_channels, num_channels, kernel_size=1)

class Kandinsky6SRResnetBlock3D(nn.Module):

    def __init__(self, in_channels, out_channels, zq_channels=None):
        super().__init__()
        self.in_channels = in_channels
        self.out_channels = out_channels
        if zq_channels is None:
            self.norm1 = Kandinsky6VAERMSNorm(in_channels)
            self.norm2 = Kandinsky6VAERMSNorm(out_channels)
        else:
            self.norm1 = Kandinsky6SRSpatialNorm3D(in_channels, zq_channels)
            self.norm2 = Kandinsky6SRSpatialNorm3D(out_channels, zq_channels)
        self.conv1 = Kandinsky6SRCausalConv3d(in_channels, out_channels, kernel_size=3)
        self.conv2 = Kandinsky6SRCausalConv3d(out_channels, out_channels, kernel_size=3)
        if in_channels != out_channels:
            self.nin_shortcut = Kandinsky6SRSafeConv3d(in_channels, out_channels, kernel_size=1)

class Kandinsky6SRDownsample(nn.Module):

    def __init__(self, in_channels, compress_time):
        super().__init__()
        out_channels = 2 * in_channels
        self.compress_time = compress_time
        self.unshuffle = nn.PixelUnshuffle(2)
        self.spatial_conv = Kandinsky6SRSafeConv3d(in_channels, out_channels, kernel_size=(1, 3, 3), stride=(1, 2, 2), padding=(0, 1, 1))
        if compress_time:
            self.temporal_conv = nn.ModuleList([Kandinsky6SRCausalConv3d(out_channels, out_channels, kernel_size=(2, 1, 1), stride=(1, 1, 1)), Kandinsky6SRCausalConv3d(out_channels, out_channels, kernel_size=(2, 1, 1), stride=(2, 1, 1))])
        self.linear = Kandinsky6SRSafeConv3d(out_channels, out_channels, kernel_size=1)

class Kandinsky6SRUpsample(nn.Module):

    def __init__(self, channels, compress_time):
        super().__init__()
        self.compress_time = compress_time
        self.spatial_conv = Kandinsky6SRSafeConv3d(channels, channels, kernel_size=(1, 3, 3), padding=(0, 1, 1))
        if compress_time:
            self.temporal_conv = Kandinsky6SRCausalConv3d(channels, channels, kernel_size=(3, 1, 1))
        self.linear = Kandinsky6SRSafeConv3d(channels, channels, kernel_size=1)

class Kandinsky6SREncoder3D(nn.Module):

    def __init__(self, in_channels, latent_channels, block_out_channels, layers_per_block, temporal_compression_ratio, temporal_compression_start_level):
        super().__init__()
        num_levels = len(block_out_channels)
        temporal_compression_end_level = int(math.log2(temporal_compression_ratio)) + temporal_compression_start_level
        self.conv_in = Kandinsky6SRCausalConv3d(in_channels, block_out_channels[0], kernel_size=3)
        self.down = nn.ModuleList()
        for level in range(num_levels):
            block_in = block_out_channels[0] if level == 0 else 2 * block_out_channels[level - 1]
            block_out = block_out_channels[level]
            blocks = nn.ModuleList()
            for _ in range(layers_per_block):
                blocks.append(Kandinsky6SRResnetBlock3D(block_in, block_out))
                block_in = block_out
            down = nn.Module()
            down.block = blocks
            if level != num_levels - 1:
                compress_time = temporal_compression_start_level <= level < temporal_compression_end_level
                down.downsample = Kandinsky6SRDownsample(block_in, compress_time=compress_time)
            self.down.append(down)
        self.mid = nn.Module()
        self.mid.block_1 = Kandinsky6SRResnetBlock3D(block_in, block_in)
        self.mid.block_2 = Kandinsky6SRResnetBlock3D(block_in, block_in)
        self.norm_out = Kandinsky6VAERMSNorm(block_in)
        self.conv_out = Kandinsky6SRCausalConv3d(block_in, 2 * latent_channels, kernel_size=3)

class Kandinsky6SRDecoder3D(nn.Module):

    def __init__(self, out_channels, latent_channels, block_out_channels, layers_per_block, temporal_compression_ratio, temporal_compression_start_level):
        super().__init__()
        num_levels = len(block_out_channels)
        temporal_compression_end_level = int(math.log2(temporal_compression_ratio)) + temporal_compression_start_level
        block_in = block_out_channels[-1]
        self.conv_in = Kandinsky6SRCausalConv3d(latent_channels, block_in, kernel_size=3)
        self.mid = nn.Module()
        self.mid.block_1 = Kandinsky6SRResnetBlock3D(block_in, block_in, zq_channels=latent_channels)
        self.mid.block_2 = Kandinsky6SRResnetBlock3D(block_in, block_in, zq_channels=latent_channels)
        self.up = nn.ModuleList()
        for level in reversed(range(num_levels)):
            block_out = block_out_channels[level]
            blocks = nn.ModuleList()
            for _ in range(layers_per_block + 1):
                blocks.append(Kandinsky6SRResnetBlock3D(block_in, block_out, zq_channels=latent_channels))
                block_in = block_out
            up = nn.Module()
            up.block = blocks
            if level != 0:
                compress_time = num_levels - temporal_compression_start_level > level >= num_levels - temporal_compression_end_level
                up.upsample = Kandinsky6SRUpsample(block_in, compress_time=compress_time)
            self.up.insert(0, up)
        self.norm_out = Kandinsky6SRSpatialNorm3D(block_in, latent_channels)
        self.conv_out = Kandinsky6SRCausalConv3d(block_in, out_channels, kernel_size=3)

class Kandinsky6SRVAE(ModelMixin, ConfigMixin):

    @register_to_config
    def __init__(self, in_channels=3, out_channels=3, latent_channels=64, encoder_block_out_channels=(16, 128, 256, 512, 1024), decoder_block_out_channels=(16, 256, 512, 1024, 2048), layers_per_block=2, temporal_compression_ratio=4, temporal_compression_start_level=1, scaling_factor=0.910344004631042):
        super().__init__()
        if len(encoder_block_out_channels) != len(decoder_block_out_channels):
            raise ValueError('`encoder_block_out_channels` and `decoder_block_out_channels` must have the same length')
        self.encoder = Kandinsky6SREncoder3D(in_channels=in_channels, latent_channels=latent_channels, block_out_channels=encoder_block_out_channels, layers_per_block=layers_per_block, temporal_compression_ratio=temporal_compression_ratio, temporal_compression_start_level=temporal_compression_start_level)
        self.decoder = Kandinsky6SRDecoder3D(out_channels=out_channels, latent_channels=latent_channels, block_out_channels=decoder_block_out_channels, layers_per_block=layers_per_block, temporal_compression_ratio=temporal_compression_ratio, temporal_compression_start_level=temporal_compression_start_level)
        self.spatial_compression_ratio = 2 ** (len(encoder_block_out_channels) - 1)
        self.temporal_compression_ratio = temporal_compression_ratio
