"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): autoencoder_kl_kvae_video. Made by `python -m loracfg.base.transcriber`."""
from .vae import AutoencoderMixin
from loracfg.base.catalogue.stand_ins.arrays import numpy as np
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import functional as F, nn
from loracfg.base.catalogue.stand_ins.turns import range

class KVAESafeConv3d(nn.Conv3d):
    pass

class KVAECachedCausalConv3d(nn.Module):

    def __init__(self, chan_in, chan_out, kernel_size, stride=(1, 1, 1), dilation=(1, 1, 1), **kwargs):
        super().__init__()
        if isinstance(kernel_size, int):
            kernel_size = (kernel_size, kernel_size, kernel_size)
        time_kernel_size, height_kernel_size, width_kernel_size = kernel_size
        self.height_pad = height_kernel_size // 2
        self.width_pad = width_kernel_size // 2
        self.time_pad = time_kernel_size - 1
        self.time_kernel_size = time_kernel_size
        self.stride = stride
        self.conv = KVAESafeConv3d(chan_in, chan_out, kernel_size, stride=stride, dilation=dilation, **kwargs)

class KVAECachedGroupNorm(nn.Module):

    def __init__(self, in_channels):
        super().__init__()
        self.norm_layer = nn.GroupNorm(num_groups=32, num_channels=in_channels, eps=1e-06, affine=True)

class KVAECachedSpatialNorm3D(nn.Module):

    def __init__(self, f_channels, zq_channels, add_conv=False):
        super().__init__()
        self.norm_layer = KVAECachedGroupNorm(f_channels)
        self.add_conv = add_conv
        if add_conv:
            self.conv = KVAECachedCausalConv3d(chan_in=zq_channels, chan_out=zq_channels, kernel_size=3)
        self.conv_y = KVAESafeConv3d(zq_channels, f_channels, kernel_size=1)
        self.conv_b = KVAESafeConv3d(zq_channels, f_channels, kernel_size=1)

class KVAECachedResnetBlock3D(nn.Module):

    def __init__(self, in_channels, out_channels=None, conv_shortcut=False, dropout=0.0, temb_channels=0, zq_ch=None, add_conv=False, gather_norm=False):
        super().__init__()
        self.in_channels = in_channels
        out_channels = in_channels if out_channels is None else out_channels
        self.out_channels = out_channels
        self.use_conv_shortcut = conv_shortcut
        if zq_ch is None:
            self.norm1 = KVAECachedGroupNorm(in_channels)
        else:
            self.norm1 = KVAECachedSpatialNorm3D(in_channels, zq_ch, add_conv=add_conv)
        self.conv1 = KVAECachedCausalConv3d(chan_in=in_channels, chan_out=out_channels, kernel_size=3)
        if temb_channels > 0:
            self.temb_proj = nn.Linear(temb_channels, out_channels)
        if zq_ch is None:
            self.norm2 = KVAECachedGroupNorm(out_channels)
        else:
            self.norm2 = KVAECachedSpatialNorm3D(out_channels, zq_ch, add_conv=add_conv)
        self.conv2 = KVAECachedCausalConv3d(chan_in=out_channels, chan_out=out_channels, kernel_size=3)
        if self.in_channels != self.out_channels:
            if self.use_conv_shortcut:
                self.conv_shortcut = KVAECachedCausalConv3d(chan_in=in_channels, chan_out=out_channels, kernel_size=3)
            else:
                self.nin_shortcut = KVAESafeConv3d(in_channels, out_channels, kernel_size=1, stride=1, padding=0)

class KVAECachedPXSDownsample(nn.Module):

    def __init__(self, in_channels, compress_time, factor=2):
        super().__init__()
        self.temporal_compress = compress_time
        self.factor = factor
        self.unshuffle = nn.PixelUnshuffle(self.factor)
        self.s_pool = nn.AvgPool3d((1, 2, 2), (1, 2, 2))
        self.spatial_conv = KVAESafeConv3d(in_channels, in_channels, kernel_size=(1, 3, 3), stride=(1, 2, 2), padding=(0, 1, 1), padding_mode='reflect')
        if self.temporal_compress:
            self.temporal_conv = KVAECachedCausalConv3d(in_channels, in_channels, kernel_size=(3, 1, 1), stride=(2, 1, 1), dilation=(1, 1, 1))
        self.linear = nn.Conv3d(in_channels, in_channels, kernel_size=1, stride=1)

    def spatial_downsample(self, input):
        b, c, t, h, w = input.shape
        pxs_input = input.permute(0, 2, 1, 3, 4).reshape(b * t, c, h, w)
        pxs_interm = self.unshuffle(pxs_input)
        b_it, c_it, h_it, w_it = pxs_interm.shape
        pxs_interm_view = pxs_interm.view(b_it, c_it // self.factor ** 2, self.factor ** 2, h_it, w_it)
        pxs_out = torch.mean(pxs_interm_view, dim=2)
        pxs_out = pxs_out.view(b, t, -1, h_it, w_it).permute(0, 2, 1, 3, 4)
        conv_out = self.spatial_conv(input)
        return conv_out + pxs_out

    def temporal_downsample(self, input, cache):
        b, c, t, h, w = input.shape
        permuted = input.permute(0, 3, 4, 1, 2).reshape(b * h * w, c, t)
        if cache[0]['padding'] is None:
            first, rest = (permuted[..., :1], permuted[..., 1:])
            if rest.size(-1) > 0:
                rest_interp = F.avg_pool1d(rest, kernel_size=2, stride=2)
                full_interp = torch.cat([first, rest_interp], dim=-1)
            else:
                full_interp = first
        else:
            rest = permuted
            if rest.size(-1) > 0:
                full_interp = F.avg_pool1d(rest, kernel_size=2, stride=2)
        t_new = full_interp.size(-1)
        full_interp = full_interp.view(b, h, w, c, t_new).permute(0, 3, 4, 1, 2)
        conv_out = self.temporal_conv(input, cache[0])
        return conv_out + full_interp

class KVAECachedPXSUpsample(nn.Module):

    def __init__(self, in_channels, compress_time, factor=2):
        super().__init__()
        self.temporal_compress = compress_time
        self.factor = factor
        self.shuffle = nn.PixelShuffle(self.factor)
        self.spatial_conv = KVAESafeConv3d(in_channels, in_channels, kernel_size=(1, 3, 3), stride=(1, 1, 1), padding=(0, 1, 1), padding_mode='reflect')
        if self.temporal_compress:
            self.temporal_conv = KVAECachedCausalConv3d(in_channels, in_channels, kernel_size=(3, 1, 1), stride=(1, 1, 1), dilation=(1, 1, 1))
        self.linear = KVAESafeConv3d(in_channels, in_channels, kernel_size=1, stride=1)

    def spatial_upsample(self, input):
        b, c, t, h, w = input.shape
        input_view = input.permute(0, 2, 1, 3, 4).reshape(b, t * c, h, w)
        input_interp = F.interpolate(input_view, scale_factor=2, mode='nearest')
        input_interp = input_interp.view(b, t, c, 2 * h, 2 * w).permute(0, 2, 1, 3, 4)
        out = self.spatial_conv(input_interp)
        return input_interp + out

    def temporal_upsample(self, input, cache):
        time_factor = 1.0 + 1.0 * (input.size(2) > 1)
        if isinstance(time_factor, torch.Tensor):
            time_factor = time_factor.item()
        repeated = input.repeat_interleave(int(time_factor), dim=2)
        if cache['padding'] is None:
            tail = repeated[..., int(time_factor - 1):, :, :]
        else:
            tail = repeated
        conv_out = self.temporal_conv(tail, cache)
        return conv_out + tail

class KVAECachedEncoder3D(nn.Module):

    def __init__(self, ch=128, ch_mult=(1, 2, 4, 8), num_res_blocks=2, dropout=0.0, in_channels=3, z_channels=16, double_z=True, temporal_compress_times=4):
        super().__init__()
        self.ch = ch
        self.temb_ch = 0
        self.num_resolutions = len(ch_mult)
        self.num_res_blocks = num_res_blocks
        self.in_channels = in_channels
        self.temporal_compress_level = int(np.log2(temporal_compress_times))
        self.conv_in = KVAECachedCausalConv3d(chan_in=in_channels, chan_out=self.ch, kernel_size=3)
        in_ch_mult = (1,) + tuple(ch_mult)
        self.down = nn.ModuleList()
        block_in = ch
        for i_level in range(self.num_resolutions):
            block = nn.ModuleList()
            attn = nn.ModuleList()
            block_in = ch * in_ch_mult[i_level]
            block_out = ch * ch_mult[i_level]
            for i_block in range(self.num_res_blocks):
                block.append(KVAECachedResnetBlock3D(in_channels=block_in, out_channels=block_out, dropout=dropout, temb_channels=self.temb_ch))
                block_in = block_out
            down = nn.Module()
            down.block = block
            down.attn = attn
            if i_level != self.num_resolutions - 1:
                if i_level < self.temporal_compress_level:
                    down.downsample = KVAECachedPXSDownsample(block_in, compress_time=True)
                else:
                    down.downsample = KVAECachedPXSDownsample(block_in, compress_time=False)
            self.down.append(down)
        self.mid = nn.Module()
        self.mid.block_1 = KVAECachedResnetBlock3D(in_channels=block_in, out_channels=block_in, temb_channels=self.temb_ch, dropout=dropout)
        self.mid.block_2 = KVAECachedResnetBlock3D(in_channels=block_in, out_channels=block_in, temb_channels=self.temb_ch, dropout=dropout)
        self.norm_out = KVAECachedGroupNorm(block_in)
        self.conv_out = KVAECachedCausalConv3d(chan_in=block_in, chan_out=2 * z_channels if double_z else z_channels, kernel_size=3)
        self.gradient_checkpointing = False

class KVAECachedDecoder3D(nn.Module):

    def __init__(self, ch=128, out_ch=3, ch_mult=(1, 2, 4, 8), num_res_blocks=2, dropout=0.0, z_channels=16, zq_ch=None, add_conv=False, temporal_compress_times=4):
        super().__init__()
        self.ch = ch
        self.temb_ch = 0
        self.num_resolutions = len(ch_mult)
        self.num_res_blocks = num_res_blocks
        self.temporal_compress_level = int(np.log2(temporal_compress_times))
        if zq_ch is None:
            zq_ch = z_channels
        block_in = ch * ch_mult[self.num_resolutions - 1]
        self.conv_in = KVAECachedCausalConv3d(chan_in=z_channels, chan_out=block_in, kernel_size=3)
        self.mid = nn.Module()
        self.mid.block_1 = KVAECachedResnetBlock3D(in_channels=block_in, out_channels=block_in, temb_channels=self.temb_ch, dropout=dropout, zq_ch=zq_ch, add_conv=add_conv)
        self.mid.block_2 = KVAECachedResnetBlock3D(in_channels=block_in, out_channels=block_in, temb_channels=self.temb_ch, dropout=dropout, zq_ch=zq_ch, add_conv=add_conv)
        self.up = nn.ModuleList()
        for i_level in reversed(range(self.num_resolutions)):
            block = nn.ModuleList()
            attn = nn.ModuleList()
            block_out = ch * ch_mult[i_level]
            for i_block in range(self.num_res_blocks + 1):
                block.append(KVAECachedResnetBlock3D(in_channels=block_in, out_channels=block_out, temb_channels=self.temb_ch, dropout=dropout, zq_ch=zq_ch, add_conv=add_conv))
                block_in = block_out
            up = nn.Module()
            up.block = block
            up.attn = attn
            if i_level != 0:
                if i_level < self.num_resolutions - self.temporal_compress_level:
                    up.upsample = KVAECachedPXSUpsample(block_in, compress_time=False)
                else:
                    up.upsample = KVAECachedPXSUpsample(block_in, compress_time=True)
            self.up.insert(0, up)
        self.norm_out = KVAECachedSpatialNorm3D(block_in, zq_ch, add_conv=add_conv)
        self.conv_out = KVAECachedCausalConv3d(chan_in=block_in, chan_out=out_ch, kernel_size=3)
        self.gradient_checkpointing = False

class AutoencoderKLKVAEVideo(ModelMixin, AutoencoderMixin, ConfigMixin):

    @register_to_config
    def __init__(self, ch=128, ch_mult=(1, 2, 4, 8), num_res_blocks=2, in_channels=3, out_ch=3, z_channels=16, temporal_compress_times=4):
        super().__init__()
        self.encoder = KVAECachedEncoder3D(ch=ch, ch_mult=ch_mult, num_res_blocks=num_res_blocks, in_channels=in_channels, z_channels=z_channels, double_z=True, temporal_compress_times=temporal_compress_times)
        self.decoder = KVAECachedDecoder3D(ch=ch, ch_mult=ch_mult, num_res_blocks=num_res_blocks, out_ch=out_ch, z_channels=z_channels, temporal_compress_times=temporal_compress_times)
        self.use_slicing = False
        self.use_tiling = False
