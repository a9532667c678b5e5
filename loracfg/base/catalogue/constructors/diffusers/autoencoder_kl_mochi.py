"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): autoencoder_kl_mochi. Made by `python -m loracfg.base.transcriber`."""
from .activations import get_activation
from .attention_processor import Attention, MochiVaeAttnProcessor2_0
from .autoencoder_kl_cogvideox import CogVideoXCausalConv3d
from .vae import AutoencoderMixin
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
import functools

class MochiChunkedGroupNorm3D(nn.Module):

    def __init__(self, num_channels, num_groups=32, affine=True, chunk_size=8):
        super().__init__()
        self.norm_layer = nn.GroupNorm(num_channels=num_channels, num_groups=num_groups, affine=affine)
        self.chunk_size = chunk_size

class MochiResnetBlock3D(nn.Module):

    def __init__(self, in_channels, out_channels=None, act_fn='swish'):
        super().__init__()
        out_channels = out_channels or in_channels
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.nonlinearity = get_activation(act_fn)
        self.norm1 = MochiChunkedGroupNorm3D(num_channels=in_channels)
        self.conv1 = CogVideoXCausalConv3d(in_channels=in_channels, out_channels=out_channels, kernel_size=3, stride=1, pad_mode='replicate')
        self.norm2 = MochiChunkedGroupNorm3D(num_channels=out_channels)
        self.conv2 = CogVideoXCausalConv3d(in_channels=out_channels, out_channels=out_channels, kernel_size=3, stride=1, pad_mode='replicate')

class MochiDownBlock3D(nn.Module):

    def __init__(self, in_channels, out_channels, num_layers=1, temporal_expansion=2, spatial_expansion=2, add_attention=True):
        super().__init__()
        self.temporal_expansion = temporal_expansion
        self.spatial_expansion = spatial_expansion
        self.conv_in = CogVideoXCausalConv3d(in_channels=in_channels, out_channels=out_channels, kernel_size=(temporal_expansion, spatial_expansion, spatial_expansion), stride=(temporal_expansion, spatial_expansion, spatial_expansion), pad_mode='replicate')
        resnets = []
        norms = []
        attentions = []
        for _ in range(num_layers):
            resnets.append(MochiResnetBlock3D(in_channels=out_channels))
            if add_attention:
                norms.append(MochiChunkedGroupNorm3D(num_channels=out_channels))
                attentions.append(Attention(query_dim=out_channels, heads=out_channels // 32, dim_head=32, qk_norm='l2', is_causal=True, processor=MochiVaeAttnProcessor2_0()))
            else:
                norms.append(None)
                attentions.append(None)
        self.resnets = nn.ModuleList(resnets)
        self.norms = nn.ModuleList(norms)
        self.attentions = nn.ModuleList(attentions)
        self.gradient_checkpointing = False

class MochiMidBlock3D(nn.Module):

    def __init__(self, in_channels, num_layers=3, add_attention=True):
        super().__init__()
        resnets = []
        norms = []
        attentions = []
        for _ in range(num_layers):
            resnets.append(MochiResnetBlock3D(in_channels=in_channels))
            if add_attention:
                norms.append(MochiChunkedGroupNorm3D(num_channels=in_channels))
                attentions.append(Attention(query_dim=in_channels, heads=in_channels // 32, dim_head=32, qk_norm='l2', is_causal=True, processor=MochiVaeAttnProcessor2_0()))
            else:
                norms.append(None)
                attentions.append(None)
        self.resnets = nn.ModuleList(resnets)
        self.norms = nn.ModuleList(norms)
        self.attentions = nn.ModuleList(attentions)
        self.gradient_checkpointing = False

class MochiUpBlock3D(nn.Module):

    def __init__(self, in_channels, out_channels, num_layers=1, temporal_expansion=2, spatial_expansion=2):
        super().__init__()
        self.temporal_expansion = temporal_expansion
        self.spatial_expansion = spatial_expansion
        resnets = []
        for _ in range(num_layers):
            resnets.append(MochiResnetBlock3D(in_channels=in_channels))
        self.resnets = nn.ModuleList(resnets)
        self.proj = nn.Linear(in_channels, out_channels * temporal_expansion * spatial_expansion ** 2)
        self.gradient_checkpointing = False

class FourierFeatures(nn.Module):

    def __init__(self, start=6, stop=8, step=1):
        super().__init__()
        self.start = start
        self.stop = stop
        self.step = step

class MochiEncoder3D(nn.Module):

    def __init__(self, in_channels, out_channels, block_out_channels=(128, 256, 512, 768), layers_per_block=(3, 3, 4, 6, 3), temporal_expansions=(1, 2, 3), spatial_expansions=(2, 2, 2), add_attention_block=(False, True, True, True, True), act_fn='swish'):
        super().__init__()
        self.nonlinearity = get_activation(act_fn)
        self.fourier_features = FourierFeatures()
        self.proj_in = nn.Linear(in_channels, block_out_channels[0])
        self.block_in = MochiMidBlock3D(in_channels=block_out_channels[0], num_layers=layers_per_block[0], add_attention=add_attention_block[0])
        down_blocks = []
        for i in range(len(block_out_channels) - 1):
            down_block = MochiDownBlock3D(in_channels=block_out_channels[i], out_channels=block_out_channels[i + 1], num_layers=layers_per_block[i + 1], temporal_expansion=temporal_expansions[i], spatial_expansion=spatial_expansions[i], add_attention=add_attention_block[i + 1])
            down_blocks.append(down_block)
        self.down_blocks = nn.ModuleList(down_blocks)
        self.block_out = MochiMidBlock3D(in_channels=block_out_channels[-1], num_layers=layers_per_block[-1], add_attention=add_attention_block[-1])
        self.norm_out = MochiChunkedGroupNorm3D(block_out_channels[-1])
        self.proj_out = nn.Linear(block_out_channels[-1], 2 * out_channels, bias=False)
        self.gradient_checkpointing = False

class MochiDecoder3D(nn.Module):

    def __init__(self, in_channels, out_channels, block_out_channels=(128, 256, 512, 768), layers_per_block=(3, 3, 4, 6, 3), temporal_expansions=(1, 2, 3), spatial_expansions=(2, 2, 2), act_fn='swish'):
        super().__init__()
        self.nonlinearity = get_activation(act_fn)
        self.conv_in = nn.Conv3d(in_channels, block_out_channels[-1], kernel_size=(1, 1, 1))
        self.block_in = MochiMidBlock3D(in_channels=block_out_channels[-1], num_layers=layers_per_block[-1], add_attention=False)
        up_blocks = []
        for i in range(len(block_out_channels) - 1):
            up_block = MochiUpBlock3D(in_channels=block_out_channels[-i - 1], out_channels=block_out_channels[-i - 2], num_layers=layers_per_block[-i - 2], temporal_expansion=temporal_expansions[-i - 1], spatial_expansion=spatial_expansions[-i - 1])
            up_blocks.append(up_block)
        self.up_blocks = nn.ModuleList(up_blocks)
        self.block_out = MochiMidBlock3D(in_channels=block_out_channels[0], num_layers=layers_per_block[0], add_attention=False)
        self.proj_out = nn.Linear(block_out_channels[0], out_channels)
        self.gradient_checkpointing = False

class AutoencoderKLMochi(ModelMixin, AutoencoderMixin, ConfigMixin):

    @register_to_config
    def __init__(self, in_channels=15, out_channels=3, encoder_block_out_channels=(64, 128, 256, 384), decoder_block_out_channels=(128, 256, 512, 768), latent_channels=12, layers_per_block=(3, 3, 4, 6, 3), act_fn='silu', temporal_expansions=(1, 2, 3), spatial_expansions=(2, 2, 2), add_attention_block=(False, True, True, True, True), latents_mean=(-0.06730895953510081, -0.038011381506090416, -0.07477820912866141, -0.05565264470995561, 0.012767231469026969, -0.04703542746246419, 0.043896967884726704, -0.09346305707025976, -0.09918314763016893, -0.008729793427399178, -0.011931556316503654, -0.0321993391887285), latents_std=(0.9263795028493863, 0.9248894543193766, 0.9393059390890617, 0.959253732819592, 0.8244560132752793, 0.917259975397747, 0.9294154431013696, 1.3720942357788521, 0.881393668867029, 0.9168315692124348, 0.9185249279345552, 0.9274757570805041), scaling_factor=1.0):
        super().__init__()
        self.encoder = MochiEncoder3D(in_channels=in_channels, out_channels=latent_channels, block_out_channels=encoder_block_out_channels, layers_per_block=layers_per_block, temporal_expansions=temporal_expansions, spatial_expansions=spatial_expansions, add_attention_block=add_attention_block, act_fn=act_fn)
        self.decoder = MochiDecoder3D(in_channels=latent_channels, out_channels=out_channels, block_out_channels=decoder_block_out_channels, layers_per_block=layers_per_block, temporal_expansions=temporal_expansions, spatial_expansions=spatial_expansions, act_fn=act_fn)
        self.spatial_compression_ratio = functools.reduce(lambda x, y: x * y, spatial_expansions, 1)
        self.temporal_compression_ratio = functools.reduce(lambda x, y: x * y, temporal_expansions, 1)
        self.use_slicing = False
        self.use_tiling = False
        self.use_framewise_encoding = False
        self.use_framewise_decoding = False
        self.drop_last_temporal_frames = True
        self.num_sample_frames_batch_size = 12
        self.num_latent_frames_batch_size = 2
        self.tile_sample_min_height = 256
        self.tile_sample_min_width = 256
        self.tile_sample_stride_height = 192
        self.tile_sample_stride_width = 192
