"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): autoencoder_kl_hunyuanimage. Made by `python -m loracfg.base.transcriber`."""
from .activations import get_activation
from .vae import AutoencoderMixin
from loracfg.base.catalogue.stand_ins.arrays import numpy as np
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

class HunyuanImageResnetBlock(nn.Module):

    def __init__(self, in_channels, out_channels, non_linearity='silu'):
        super().__init__()
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.nonlinearity = get_activation(non_linearity)
        self.norm1 = nn.GroupNorm(num_groups=32, num_channels=in_channels, eps=1e-06, affine=True)
        self.conv1 = nn.Conv2d(in_channels, out_channels, kernel_size=3, stride=1, padding=1)
        self.norm2 = nn.GroupNorm(num_groups=32, num_channels=out_channels, eps=1e-06, affine=True)
        self.conv2 = nn.Conv2d(out_channels, out_channels, kernel_size=3, stride=1, padding=1)
        if in_channels != out_channels:
            self.conv_shortcut = nn.Conv2d(in_channels, out_channels, kernel_size=1, stride=1, padding=0)
        else:
            self.conv_shortcut = None

class HunyuanImageAttentionBlock(nn.Module):

    def __init__(self, in_channels):
        super().__init__()
        self.norm = nn.GroupNorm(num_groups=32, num_channels=in_channels, eps=1e-06, affine=True)
        self.to_q = nn.Conv2d(in_channels, in_channels, 1)
        self.to_k = nn.Conv2d(in_channels, in_channels, 1)
        self.to_v = nn.Conv2d(in_channels, in_channels, 1)
        self.proj = nn.Conv2d(in_channels, in_channels, 1)

class HunyuanImageDownsample(nn.Module):

    def __init__(self, in_channels, out_channels):
        super().__init__()
        factor = 4
        if out_channels % factor != 0:
            raise ValueError(f'out_channels % factor != 0: {out_channels % factor}')
        self.conv = nn.Conv2d(in_channels, out_channels // factor, kernel_size=3, stride=1, padding=1)
        self.group_size = factor * in_channels // out_channels

class HunyuanImageUpsample(nn.Module):

    def __init__(self, in_channels, out_channels):
        super().__init__()
        factor = 4
        self.conv = nn.Conv2d(in_channels, out_channels * factor, kernel_size=3, stride=1, padding=1)
        self.repeats = factor * out_channels // in_channels

class HunyuanImageMidBlock(nn.Module):

    def __init__(self, in_channels, num_layers=1):
        super().__init__()
        resnets = [HunyuanImageResnetBlock(in_channels=in_channels, out_channels=in_channels)]
        attentions = []
        for _ in range(num_layers):
            attentions.append(HunyuanImageAttentionBlock(in_channels))
            resnets.append(HunyuanImageResnetBlock(in_channels=in_channels, out_channels=in_channels))
        self.resnets = nn.ModuleList(resnets)
        self.attentions = nn.ModuleList(attentions)

class HunyuanImageEncoder2D(nn.Module):

    def __init__(self, in_channels, z_channels, block_out_channels, num_res_blocks, spatial_compression_ratio, non_linearity='silu', downsample_match_channel=True):
        super().__init__()
        if block_out_channels[-1] % (2 * z_channels) != 0:
            raise ValueError(f'block_out_channels[-1 has to be divisible by 2 * out_channels, you have block_out_channels = {block_out_channels[-1]} and out_channels = {z_channels}')
        self.in_channels = in_channels
        self.z_channels = z_channels
        self.block_out_channels = block_out_channels
        self.num_res_blocks = num_res_blocks
        self.spatial_compression_ratio = spatial_compression_ratio
        self.group_size = block_out_channels[-1] // (2 * z_channels)
        self.nonlinearity = get_activation(non_linearity)
        self.conv_in = nn.Conv2d(in_channels, block_out_channels[0], kernel_size=3, stride=1, padding=1)
        self.down_blocks = nn.ModuleList([])
        block_in_channel = block_out_channels[0]
        for i in range(len(block_out_channels)):
            block_out_channel = block_out_channels[i]
            for _ in range(num_res_blocks):
                self.down_blocks.append(HunyuanImageResnetBlock(in_channels=block_in_channel, out_channels=block_out_channel))
                block_in_channel = block_out_channel
            if i < np.log2(spatial_compression_ratio) and i != len(block_out_channels) - 1:
                if downsample_match_channel:
                    block_out_channel = block_out_channels[i + 1]
                self.down_blocks.append(HunyuanImageDownsample(in_channels=block_in_channel, out_channels=block_out_channel))
                block_in_channel = block_out_channel
        self.mid_block = HunyuanImageMidBlock(in_channels=block_out_channels[-1], num_layers=1)
        self.norm_out = nn.GroupNorm(num_groups=32, num_channels=block_out_channels[-1], eps=1e-06, affine=True)
        self.conv_out = nn.Conv2d(block_out_channels[-1], 2 * z_channels, kernel_size=3, stride=1, padding=1)
        self.gradient_checkpointing = False

class HunyuanImageDecoder2D(nn.Module):

    def __init__(self, z_channels, out_channels, block_out_channels, num_res_blocks, spatial_compression_ratio, upsample_match_channel=True, non_linearity='silu'):
        super().__init__()
        if block_out_channels[0] % z_channels != 0:
            raise ValueError(f'block_out_channels[0] should be divisible by z_channels but has block_out_channels[0] = {block_out_channels[0]} and z_channels = {z_channels}')
        self.z_channels = z_channels
        self.block_out_channels = block_out_channels
        self.num_res_blocks = num_res_blocks
        self.repeat = block_out_channels[0] // z_channels
        self.spatial_compression_ratio = spatial_compression_ratio
        self.nonlinearity = get_activation(non_linearity)
        self.conv_in = nn.Conv2d(z_channels, block_out_channels[0], kernel_size=3, stride=1, padding=1)
        self.mid_block = HunyuanImageMidBlock(in_channels=block_out_channels[0], num_layers=1)
        block_in_channel = block_out_channels[0]
        self.up_blocks = nn.ModuleList()
        for i in range(len(block_out_channels)):
            block_out_channel = block_out_channels[i]
            for _ in range(self.num_res_blocks + 1):
                self.up_blocks.append(HunyuanImageResnetBlock(in_channels=block_in_channel, out_channels=block_out_channel))
                block_in_channel = block_out_channel
            if i < np.log2(spatial_compression_ratio) and i != len(block_out_channels) - 1:
                if upsample_match_channel:
                    block_out_channel = block_out_channels[i + 1]
                self.up_blocks.append(HunyuanImageUpsample(block_in_channel, block_out_channel))
                block_in_channel = block_out_channel
        self.norm_out = nn.GroupNorm(num_groups=32, num_channels=block_out_channels[-1], eps=1e-06, affine=True)
        self.conv_out = nn.Conv2d(block_out_channels[-1], out_channels, kernel_size=3, stride=1, padding=1)
        self.gradient_checkpointing = False

class AutoencoderKLHunyuanImage(ModelMixin, AutoencoderMixin, ConfigMixin):

    @register_to_config
    def __init__(self, in_channels, out_channels, latent_channels, block_out_channels, layers_per_block, spatial_compression_ratio, sample_size, scaling_factor=None, downsample_match_channel=True, upsample_match_channel=True):
        super().__init__()
        self.encoder = HunyuanImageEncoder2D(in_channels=in_channels, z_channels=latent_channels, block_out_channels=block_out_channels, num_res_blocks=layers_per_block, spatial_compression_ratio=spatial_compression_ratio, downsample_match_channel=downsample_match_channel)
        self.decoder = HunyuanImageDecoder2D(z_channels=latent_channels, out_channels=out_channels, block_out_channels=list(reversed(block_out_channels)), num_res_blocks=layers_per_block, spatial_compression_ratio=spatial_compression_ratio, upsample_match_channel=upsample_match_channel)
        self.use_slicing = False
        self.use_tiling = False
        self.tile_sample_min_size = sample_size
        self.tile_latent_min_size = sample_size // spatial_compression_ratio
        self.tile_overlap_factor = 0.25
