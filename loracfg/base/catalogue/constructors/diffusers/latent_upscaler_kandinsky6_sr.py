"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): latent_upscaler_kandinsky6_sr. Made by `python -m loracfg.base.transcriber`."""
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

class Kandinsky6SRLatentUpscalerConv3d(nn.Conv3d):

    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__(in_channels, out_channels, kernel_size, padding=(0, kernel_size // 2, kernel_size // 2))
        self.temporal_pad = kernel_size // 2

class Kandinsky6SRLatentUpscalerRMSNorm(nn.Module):

    def __init__(self, num_channels):
        super().__init__()
        self.scale = num_channels ** 0.5
        self.gamma = nn.Parameter(torch.ones(num_channels, 1, 1, 1))

class Kandinsky6SRLatentUpscalerModulatedNorm(nn.Module):

    def __init__(self, num_channels, zq_channels):
        super().__init__()
        self.norm = Kandinsky6SRLatentUpscalerRMSNorm(num_channels)
        self.conv_y = nn.Conv3d(zq_channels, num_channels, kernel_size=1)
        self.conv_b = nn.Conv3d(zq_channels, num_channels, kernel_size=1)

class Kandinsky6SRLatentUpscalerResidualBlock(nn.Module):

    def __init__(self, in_channels, out_channels, zq_channels):
        super().__init__()
        self.norm1 = Kandinsky6SRLatentUpscalerModulatedNorm(in_channels, zq_channels)
        self.conv1 = Kandinsky6SRLatentUpscalerConv3d(in_channels, out_channels, kernel_size=3)
        self.norm2 = Kandinsky6SRLatentUpscalerModulatedNorm(out_channels, zq_channels)
        self.conv2 = Kandinsky6SRLatentUpscalerConv3d(out_channels, out_channels, kernel_size=3)
        self.shortcut = nn.Identity() if in_channels == out_channels else nn.Conv3d(in_channels, out_channels, kernel_size=1)

class Kandinsky6SRLatentUpscalerUpsample(nn.Module):

    def __init__(self, channels):
        super().__init__()
        self.spatial_conv = nn.Conv3d(channels, channels, kernel_size=(1, 3, 3), padding=(0, 1, 1))
        self.linear = nn.Conv3d(channels, channels, kernel_size=1)

class Kandinsky6SRLatentUpscalerOutputHead(nn.Module):

    def __init__(self, in_channels, out_channels, zq_channels):
        super().__init__()
        self.norm = Kandinsky6SRLatentUpscalerModulatedNorm(in_channels, zq_channels)
        self.activation = nn.SiLU()
        self.conv = Kandinsky6SRLatentUpscalerConv3d(in_channels, out_channels, kernel_size=3)

class Kandinsky6SRLatentUpscalerX2Branch(nn.Module):

    def __init__(self, in_channels, stage_channels, num_adapter_blocks, num_mid_blocks, num_post_blocks):
        super().__init__()
        width_1, width_2, width_3 = stage_channels
        self.adapter = nn.ModuleList([Kandinsky6SRLatentUpscalerResidualBlock(width_1, width_1, in_channels) for _ in range(num_adapter_blocks)])
        self.finisher = nn.Module()
        self.finisher.spatial_conv = nn.Conv3d(width_1, width_1, kernel_size=(1, 3, 3), padding=(0, 1, 1))
        self.finisher.linear = nn.Conv3d(width_1, width_1, kernel_size=1)
        mid_widths = [width_1] + [width_2] * num_mid_blocks
        self.mid_blocks = nn.ModuleList([Kandinsky6SRLatentUpscalerResidualBlock(mid_widths[index], mid_widths[index + 1], in_channels) for index in range(num_mid_blocks)])
        self.upsample = Kandinsky6SRLatentUpscalerUpsample(width_2)
        post_widths = [width_2] + [width_3] * num_post_blocks
        self.blocks = nn.ModuleList([Kandinsky6SRLatentUpscalerResidualBlock(post_widths[index], post_widths[index + 1], in_channels) for index in range(num_post_blocks)])
        self.output_proj = Kandinsky6SRLatentUpscalerOutputHead(width_3, in_channels, in_channels)

class Kandinsky6SRLatentUpscaler(nn.Module):

    def __init__(self, scale, in_channels, stage_channels, num_pre_blocks, num_mid_blocks, num_post_blocks, num_x2_adapter_blocks):
        super().__init__()
        if scale not in (2, 4):
            raise ValueError(f'`scale` must be 2 or 4, got {scale}')
        self.scale = scale
        width_1, width_2, width_3 = stage_channels
        self.input_proj = nn.Sequential(Kandinsky6SRLatentUpscalerConv3d(in_channels, width_1, kernel_size=3))
        self.pre_blocks = nn.ModuleList([Kandinsky6SRLatentUpscalerResidualBlock(width_1, width_1, in_channels) for _ in range(num_pre_blocks)])
        self.upsample_1 = Kandinsky6SRLatentUpscalerUpsample(width_1)
        mid_widths = [width_1] + [width_2] * num_mid_blocks
        self.mid_blocks = nn.ModuleList([Kandinsky6SRLatentUpscalerResidualBlock(mid_widths[index], mid_widths[index + 1], in_channels) for index in range(num_mid_blocks)])
        self.mid_output_head = nn.Sequential(Kandinsky6SRLatentUpscalerRMSNorm(width_2), nn.SiLU(), Kandinsky6SRLatentUpscalerConv3d(width_2, in_channels, kernel_size=3))
        self.upsample_2 = Kandinsky6SRLatentUpscalerUpsample(width_2)
        post_widths = [width_2] + [width_3] * num_post_blocks
        self.post_blocks = nn.ModuleList([Kandinsky6SRLatentUpscalerResidualBlock(post_widths[index], post_widths[index + 1], in_channels) for index in range(num_post_blocks)])
        self.output_proj = Kandinsky6SRLatentUpscalerOutputHead(width_3, in_channels, in_channels)
        if scale == 2:
            self.mid_input_proj = nn.Sequential(Kandinsky6SRLatentUpscalerConv3d(in_channels, width_1, kernel_size=3))
            self.x2_branch = Kandinsky6SRLatentUpscalerX2Branch(in_channels, stage_channels, num_x2_adapter_blocks, num_mid_blocks, num_post_blocks)

class Kandinsky6SRLatentUpscalerBank(ModelMixin, ConfigMixin):

    @register_to_config
    def __init__(self, in_channels=64, stage_channels=(2048, 1024, 512), num_pre_blocks=5, num_mid_blocks=3, num_post_blocks=3, num_x2_adapter_blocks=2, scales=(2, 4), scaling_factor=0.910344004631042):
        super().__init__()
        self._models = nn.ModuleList([Kandinsky6SRLatentUpscaler(scale=scale, in_channels=in_channels, stage_channels=stage_channels, num_pre_blocks=num_pre_blocks, num_mid_blocks=num_mid_blocks, num_post_blocks=num_post_blocks, num_x2_adapter_blocks=num_x2_adapter_blocks) for scale in scales])
