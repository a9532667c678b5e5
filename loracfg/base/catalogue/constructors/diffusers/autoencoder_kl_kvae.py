"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): autoencoder_kl_kvae. Made by `python -m loracfg.base.transcriber`."""
from .activations import get_activation
from .vae import AutoencoderMixin
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

class KVAEResnetBlock2D(nn.Module):

    def __init__(self, *, in_channels, out_channels=None, conv_shortcut=False, temb_channels=512, zq_ch=None, add_conv=False, act_fn='swish'):
        super().__init__()
        self.in_channels = in_channels
        out_channels = in_channels if out_channels is None else out_channels
        self.out_channels = out_channels
        self.use_conv_shortcut = conv_shortcut
        self.nonlinearity = get_activation(act_fn)
        if zq_ch is None:
            self.norm1 = nn.GroupNorm(num_channels=in_channels, num_groups=32, eps=1e-06, affine=True)
        else:
            self.norm1 = KVAEDecoderSpatialNorm2D(in_channels, zq_channels=zq_ch, add_conv=add_conv)
        self.conv1 = nn.Conv2d(in_channels=in_channels, out_channels=out_channels, kernel_size=3, padding=(1, 1), padding_mode='replicate')
        if temb_channels > 0:
            self.temb_proj = torch.nn.Linear(temb_channels, out_channels)
        if zq_ch is None:
            self.norm2 = nn.GroupNorm(num_channels=out_channels, num_groups=32, eps=1e-06, affine=True)
        else:
            self.norm2 = KVAEDecoderSpatialNorm2D(out_channels, zq_channels=zq_ch, add_conv=add_conv)
        self.conv2 = nn.Conv2d(in_channels=out_channels, out_channels=out_channels, kernel_size=3, padding=(1, 1), padding_mode='replicate')
        if self.in_channels != self.out_channels:
            if self.use_conv_shortcut:
                self.conv_shortcut = nn.Conv2d(in_channels=in_channels, out_channels=out_channels, kernel_size=3, padding=(1, 1), padding_mode='replicate')
            else:
                self.nin_shortcut = nn.Conv2d(in_channels, out_channels, kernel_size=1, stride=1, padding=0)

class KVAEPXSDownsample(nn.Module):

    def __init__(self, in_channels, factor=2):
        super().__init__()
        self.factor = factor
        self.unshuffle = nn.PixelUnshuffle(self.factor)
        self.spatial_conv = nn.Conv2d(in_channels, in_channels, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1), padding_mode='reflect')
        self.linear = nn.Conv2d(in_channels, in_channels, kernel_size=1, stride=1)

class KVAEPXSUpsample(nn.Module):

    def __init__(self, in_channels, factor=2):
        super().__init__()
        self.factor = factor
        self.shuffle = nn.PixelShuffle(self.factor)
        self.spatial_conv = nn.Conv2d(in_channels, in_channels, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1), padding_mode='reflect')
        self.linear = nn.Conv2d(in_channels, in_channels, kernel_size=1, stride=1)

class KVAEDecoderSpatialNorm2D(nn.Module):

    def __init__(self, in_channels, zq_channels, add_conv=False):
        super().__init__()
        self.norm_layer = nn.GroupNorm(num_channels=in_channels, num_groups=32, eps=1e-06, affine=True)
        self.add_conv = add_conv
        if add_conv:
            self.conv = nn.Conv2d(in_channels=zq_channels, out_channels=zq_channels, kernel_size=3, padding=(1, 1), padding_mode='replicate')
        self.conv_y = nn.Conv2d(in_channels=zq_channels, out_channels=in_channels, kernel_size=1)
        self.conv_b = nn.Conv2d(in_channels=zq_channels, out_channels=in_channels, kernel_size=1)

class KVAEEncoder2D(nn.Module):

    def __init__(self, *, ch, ch_mult=(1, 2, 4, 8), num_res_blocks, in_channels, z_channels, double_z=True, act_fn='swish'):
        super().__init__()
        self.ch = ch
        self.temb_ch = 0
        self.num_resolutions = len(ch_mult)
        if isinstance(num_res_blocks, int):
            self.num_res_blocks = [num_res_blocks] * self.num_resolutions
        else:
            self.num_res_blocks = num_res_blocks
        self.nonlinearity = get_activation(act_fn)
        self.in_channels = in_channels
        self.conv_in = nn.Conv2d(in_channels=in_channels, out_channels=self.ch, kernel_size=3, padding=(1, 1))
        in_ch_mult = (1,) + tuple(ch_mult)
        self.down = nn.ModuleList()
        for i_level in range(self.num_resolutions):
            block = nn.ModuleList()
            attn = nn.ModuleList()
            block_in = ch * in_ch_mult[i_level]
            block_out = ch * ch_mult[i_level]
            for i_block in range(self.num_res_blocks[i_level]):
                block.append(KVAEResnetBlock2D(in_channels=block_in, out_channels=block_out, temb_channels=self.temb_ch))
                block_in = block_out
            down = nn.Module()
            down.block = block
            down.attn = attn
            if i_level < self.num_resolutions - 1:
                down.downsample = KVAEPXSDownsample(in_channels=block_in)
            self.down.append(down)
        self.mid = nn.Module()
        self.mid.block_1 = KVAEResnetBlock2D(in_channels=block_in, out_channels=block_in, temb_channels=self.temb_ch)
        self.mid.block_2 = KVAEResnetBlock2D(in_channels=block_in, out_channels=block_in, temb_channels=self.temb_ch)
        self.norm_out = nn.GroupNorm(num_channels=block_in, num_groups=32, eps=1e-06, affine=True)
        self.conv_out = nn.Conv2d(in_channels=block_in, out_channels=2 * z_channels if double_z else z_channels, kernel_size=3, padding=(1, 1))
        self.gradient_checkpointing = False

class KVAEDecoder2D(nn.Module):

    def __init__(self, *, ch, out_ch, ch_mult=(1, 2, 4, 8), num_res_blocks, in_channels, z_channels, give_pre_end=False, zq_ch=None, add_conv=False, act_fn='swish'):
        super().__init__()
        self.ch = ch
        self.temb_ch = 0
        self.num_resolutions = len(ch_mult)
        self.num_res_blocks = num_res_blocks
        self.in_channels = in_channels
        self.give_pre_end = give_pre_end
        self.nonlinearity = get_activation(act_fn)
        if zq_ch is None:
            zq_ch = z_channels
        block_in = ch * ch_mult[self.num_resolutions - 1]
        self.conv_in = nn.Conv2d(in_channels=z_channels, out_channels=block_in, kernel_size=3, padding=(1, 1), padding_mode='replicate')
        self.mid = nn.Module()
        self.mid.block_1 = KVAEResnetBlock2D(in_channels=block_in, out_channels=block_in, temb_channels=self.temb_ch, zq_ch=zq_ch, add_conv=add_conv)
        self.mid.block_2 = KVAEResnetBlock2D(in_channels=block_in, out_channels=block_in, temb_channels=self.temb_ch, zq_ch=zq_ch, add_conv=add_conv)
        self.up = nn.ModuleList()
        for i_level in reversed(range(self.num_resolutions)):
            block = nn.ModuleList()
            attn = nn.ModuleList()
            block_out = ch * ch_mult[i_level]
            for i_block in range(self.num_res_blocks + 1):
                block.append(KVAEResnetBlock2D(in_channels=block_in, out_channels=block_out, temb_channels=self.temb_ch, zq_ch=zq_ch, add_conv=add_conv))
                block_in = block_out
            up = nn.Module()
            up.block = block
            up.attn = attn
            if i_level != 0:
                up.upsample = KVAEPXSUpsample(in_channels=block_in)
            self.up.insert(0, up)
        self.norm_out = KVAEDecoderSpatialNorm2D(block_in, zq_ch, add_conv=add_conv)
        self.conv_out = nn.Conv2d(in_channels=block_in, out_channels=out_ch, kernel_size=3, padding=(1, 1), padding_mode='replicate')
        self.gradient_checkpointing = False

class AutoencoderKLKVAE(ModelMixin, AutoencoderMixin, ConfigMixin):

    @register_to_config
    def __init__(self, in_channels=3, channels=128, num_enc_blocks=2, num_dec_blocks=2, z_channels=16, double_z=True, ch_mult=(1, 2, 4, 8), sample_size=1024):
        super().__init__()
        self.encoder = KVAEEncoder2D(in_channels=in_channels, ch=channels, ch_mult=ch_mult, num_res_blocks=num_enc_blocks, z_channels=z_channels, double_z=double_z)
        self.decoder = KVAEDecoder2D(out_ch=in_channels, ch=channels, ch_mult=ch_mult, num_res_blocks=num_dec_blocks, in_channels=None, z_channels=z_channels)
        self.use_slicing = False
        self.use_tiling = False
        self.tile_sample_min_size = self.config.sample_size
        sample_size = self.config.sample_size[0] if isinstance(self.config.sample_size, (list, tuple)) else self.config.sample_size
        self.tile_latent_min_size = int(sample_size / 2 ** (len(self.config.ch_mult) - 1))
        self.tile_overlap_factor = 0.25
