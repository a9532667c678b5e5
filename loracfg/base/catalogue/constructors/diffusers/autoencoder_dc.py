"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): autoencoder_dc. Made by `python -m loracfg.base.transcriber`."""
from .activations import get_activation
from .attention_processor import SanaMultiscaleLinearAttention
from .normalization import RMSNorm, get_normalization
from .sana_transformer import GLUMBConv
from .vae import AutoencoderMixin
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

class ResBlock(nn.Module):

    def __init__(self, in_channels, out_channels, norm_type='batch_norm', act_fn='relu6'):
        super().__init__()
        self.norm_type = norm_type
        self.nonlinearity = get_activation(act_fn) if act_fn is not None else nn.Identity()
        self.conv1 = nn.Conv2d(in_channels, in_channels, 3, 1, 1)
        self.conv2 = nn.Conv2d(in_channels, out_channels, 3, 1, 1, bias=False)
        self.norm = get_normalization(norm_type, out_channels)

class EfficientViTBlock(nn.Module):

    def __init__(self, in_channels, mult=1.0, attention_head_dim=32, qkv_multiscales=(5,), norm_type='batch_norm'):
        super().__init__()
        self.attn = SanaMultiscaleLinearAttention(in_channels=in_channels, out_channels=in_channels, mult=mult, attention_head_dim=attention_head_dim, norm_type=norm_type, kernel_sizes=qkv_multiscales, residual_connection=True)
        self.conv_out = GLUMBConv(in_channels=in_channels, out_channels=in_channels, norm_type='rms_norm')

def get_block(block_type, in_channels, out_channels, attention_head_dim, norm_type, act_fn, qkv_multiscales=()):
    if block_type == 'ResBlock':
        block = ResBlock(in_channels, out_channels, norm_type, act_fn)
    elif block_type == 'EfficientViTBlock':
        block = EfficientViTBlock(in_channels, attention_head_dim=attention_head_dim, norm_type=norm_type, qkv_multiscales=qkv_multiscales)
    else:
        raise ValueError(f'Block with block_type={block_type!r} is not supported.')
    return block

class DCDownBlock2d(nn.Module):

    def __init__(self, in_channels, out_channels, downsample=False, shortcut=True):
        super().__init__()
        self.downsample = downsample
        self.factor = 2
        self.stride = 1 if downsample else 2
        self.group_size = in_channels * self.factor ** 2 // out_channels
        self.shortcut = shortcut
        out_ratio = self.factor ** 2
        if downsample:
            assert out_channels % out_ratio == 0
            out_channels = out_channels // out_ratio
        self.conv = nn.Conv2d(in_channels, out_channels, kernel_size=3, stride=self.stride, padding=1)

class DCUpBlock2d(nn.Module):

    def __init__(self, in_channels, out_channels, interpolate=False, shortcut=True, interpolation_mode='nearest'):
        super().__init__()
        self.interpolate = interpolate
        self.interpolation_mode = interpolation_mode
        self.shortcut = shortcut
        self.factor = 2
        self.repeats = out_channels * self.factor ** 2 // in_channels
        out_ratio = self.factor ** 2
        if not interpolate:
            out_channels = out_channels * out_ratio
        self.conv = nn.Conv2d(in_channels, out_channels, 3, 1, 1)

class Encoder(nn.Module):

    def __init__(self, in_channels, latent_channels, attention_head_dim=32, block_type='ResBlock', block_out_channels=(128, 256, 512, 512, 1024, 1024), layers_per_block=(2, 2, 2, 2, 2, 2), qkv_multiscales=((), (), (), (5,), (5,), (5,)), downsample_block_type='pixel_unshuffle', out_shortcut=True):
        super().__init__()
        num_blocks = len(block_out_channels)
        if isinstance(block_type, str):
            block_type = (block_type,) * num_blocks
        if layers_per_block[0] > 0:
            self.conv_in = nn.Conv2d(in_channels, block_out_channels[0] if layers_per_block[0] > 0 else block_out_channels[1], kernel_size=3, stride=1, padding=1)
        else:
            self.conv_in = DCDownBlock2d(in_channels=in_channels, out_channels=block_out_channels[0] if layers_per_block[0] > 0 else block_out_channels[1], downsample=downsample_block_type == 'pixel_unshuffle', shortcut=False)
        down_blocks = []
        for i, (out_channel, num_layers) in enumerate(zip(block_out_channels, layers_per_block)):
            down_block_list = []
            for _ in range(num_layers):
                block = get_block(block_type[i], out_channel, out_channel, attention_head_dim=attention_head_dim, norm_type='rms_norm', act_fn='silu', qkv_multiscales=qkv_multiscales[i])
                down_block_list.append(block)
            if i < num_blocks - 1 and num_layers > 0:
                downsample_block = DCDownBlock2d(in_channels=out_channel, out_channels=block_out_channels[i + 1], downsample=downsample_block_type == 'pixel_unshuffle', shortcut=True)
                down_block_list.append(downsample_block)
            down_blocks.append(nn.Sequential(*down_block_list))
        self.down_blocks = nn.ModuleList(down_blocks)
        self.conv_out = nn.Conv2d(block_out_channels[-1], latent_channels, 3, 1, 1)
        self.out_shortcut = out_shortcut
        if out_shortcut:
            self.out_shortcut_average_group_size = block_out_channels[-1] // latent_channels

class Decoder(nn.Module):

    def __init__(self, in_channels, latent_channels, attention_head_dim=32, block_type='ResBlock', block_out_channels=(128, 256, 512, 512, 1024, 1024), layers_per_block=(2, 2, 2, 2, 2, 2), qkv_multiscales=((), (), (), (5,), (5,), (5,)), norm_type='rms_norm', act_fn='silu', upsample_block_type='pixel_shuffle', in_shortcut=True, conv_act_fn='relu'):
        super().__init__()
        num_blocks = len(block_out_channels)
        if isinstance(block_type, str):
            block_type = (block_type,) * num_blocks
        if isinstance(norm_type, str):
            norm_type = (norm_type,) * num_blocks
        if isinstance(act_fn, str):
            act_fn = (act_fn,) * num_blocks
        self.conv_in = nn.Conv2d(latent_channels, block_out_channels[-1], 3, 1, 1)
        self.in_shortcut = in_shortcut
        if in_shortcut:
            self.in_shortcut_repeats = block_out_channels[-1] // latent_channels
        up_blocks = []
        for i, (out_channel, num_layers) in reversed(list(enumerate(zip(block_out_channels, layers_per_block)))):
            up_block_list = []
            if i < num_blocks - 1 and num_layers > 0:
                upsample_block = DCUpBlock2d(block_out_channels[i + 1], out_channel, interpolate=upsample_block_type == 'interpolate', shortcut=True)
                up_block_list.append(upsample_block)
            for _ in range(num_layers):
                block = get_block(block_type[i], out_channel, out_channel, attention_head_dim=attention_head_dim, norm_type=norm_type[i], act_fn=act_fn[i], qkv_multiscales=qkv_multiscales[i])
                up_block_list.append(block)
            up_blocks.insert(0, nn.Sequential(*up_block_list))
        self.up_blocks = nn.ModuleList(up_blocks)
        channels = block_out_channels[0] if layers_per_block[0] > 0 else block_out_channels[1]
        self.norm_out = RMSNorm(channels, 1e-05, elementwise_affine=True, bias=True)
        self.conv_act = get_activation(conv_act_fn)
        self.conv_out = None
        if layers_per_block[0] > 0:
            self.conv_out = nn.Conv2d(channels, in_channels, 3, 1, 1)
        else:
            self.conv_out = DCUpBlock2d(channels, in_channels, interpolate=upsample_block_type == 'interpolate', shortcut=False)

class AutoencoderDC(ModelMixin, AutoencoderMixin, ConfigMixin):

    @register_to_config
    def __init__(self, in_channels=3, latent_channels=32, attention_head_dim=32, encoder_block_types='ResBlock', decoder_block_types='ResBlock', encoder_block_out_channels=(128, 256, 512, 512, 1024, 1024), decoder_block_out_channels=(128, 256, 512, 512, 1024, 1024), encoder_layers_per_block=(2, 2, 2, 3, 3, 3), decoder_layers_per_block=(3, 3, 3, 3, 3, 3), encoder_qkv_multiscales=((), (), (), (5,), (5,), (5,)), decoder_qkv_multiscales=((), (), (), (5,), (5,), (5,)), upsample_block_type='pixel_shuffle', downsample_block_type='pixel_unshuffle', decoder_norm_types='rms_norm', decoder_act_fns='silu', encoder_out_shortcut=True, decoder_in_shortcut=True, decoder_conv_act_fn='relu', scaling_factor=1.0):
        super().__init__()
        self.encoder = Encoder(in_channels=in_channels, latent_channels=latent_channels, attention_head_dim=attention_head_dim, block_type=encoder_block_types, block_out_channels=encoder_block_out_channels, layers_per_block=encoder_layers_per_block, qkv_multiscales=encoder_qkv_multiscales, downsample_block_type=downsample_block_type, out_shortcut=encoder_out_shortcut)
        self.decoder = Decoder(in_channels=in_channels, latent_channels=latent_channels, attention_head_dim=attention_head_dim, block_type=decoder_block_types, block_out_channels=decoder_block_out_channels, layers_per_block=decoder_layers_per_block, qkv_multiscales=decoder_qkv_multiscales, norm_type=decoder_norm_types, act_fn=decoder_act_fns, upsample_block_type=upsample_block_type, in_shortcut=decoder_in_shortcut, conv_act_fn=decoder_conv_act_fn)
        self.spatial_compression_ratio = 2 ** (len(encoder_block_out_channels) - 1)
        self.temporal_compression_ratio = 1
        self.use_slicing = False
        self.use_tiling = False
        self.tile_sample_min_height = 512
        self.tile_sample_min_width = 512
        self.tile_sample_stride_height = 448
        self.tile_sample_stride_width = 448
        self.tile_latent_min_height = self.tile_sample_min_height // self.spatial_compression_ratio
        self.tile_latent_min_width = self.tile_sample_min_width // self.spatial_compression_ratio
