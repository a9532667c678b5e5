"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): autoencoder_kl_minimax_h3. Made by `python -m loracfg.base.transcriber`."""
from .attention import AttentionMixin, AttentionModuleMixin, FeedForward
from .vae import AutoencoderMixin
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
import math

class MiniMaxH3VideoCausalConv3d(nn.Conv3d):

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, spatial_padding=0, temporal_padding=0, spatial_padding_mode='reflect'):
        super().__init__(in_channels, out_channels, kernel_size=kernel_size, stride=stride, padding=0)
        self.spatial_padding = spatial_padding
        self.temporal_padding = temporal_padding
        self.spatial_padding_mode = spatial_padding_mode

class MiniMaxH3VideoGroupNorm(nn.GroupNorm):
    pass

class MiniMaxH3VideoResnetBlock3d(nn.Module):

    def __init__(self, in_channels, out_channels, norm_num_groups=32, norm_eps=1e-06, spatial_padding_mode='reflect'):
        super().__init__()
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.norm1 = MiniMaxH3VideoGroupNorm(norm_num_groups, in_channels, eps=norm_eps, affine=True)
        self.conv1 = MiniMaxH3VideoCausalConv3d(in_channels, out_channels, kernel_size=3, spatial_padding=1, temporal_padding=2, spatial_padding_mode=spatial_padding_mode)
        self.norm2 = MiniMaxH3VideoGroupNorm(norm_num_groups, out_channels, eps=norm_eps, affine=True)
        self.conv2 = MiniMaxH3VideoCausalConv3d(out_channels, out_channels, kernel_size=3, spatial_padding=1, temporal_padding=2, spatial_padding_mode=spatial_padding_mode)
        self.conv_shortcut = None
        if in_channels != out_channels:
            self.conv_shortcut = MiniMaxH3VideoCausalConv3d(in_channels, out_channels, kernel_size=1)

class MiniMaxH3VideoDownsample3d(nn.Module):

    def __init__(self, in_channels, out_channels, temporal_stride=1, spatial_stride=2, spatial_padding_mode='reflect'):
        super().__init__()
        self.spatial_stride = spatial_stride
        self.spatial_padding_mode = spatial_padding_mode
        self.conv = MiniMaxH3VideoCausalConv3d(in_channels, out_channels, kernel_size=3, stride=(temporal_stride, spatial_stride, spatial_stride), spatial_padding=0, temporal_padding=2, spatial_padding_mode=spatial_padding_mode)

class MiniMaxH3VideoDownBlock3d(nn.Module):

    def __init__(self, in_channels, out_channels, num_layers, temporal_downsample_factor, spatial_downsample_factor, norm_num_groups=32, norm_eps=1e-06, spatial_padding_mode='reflect'):
        super().__init__()
        self.resnets = nn.ModuleList([MiniMaxH3VideoResnetBlock3d(in_channels=in_channels if i == 0 else out_channels, out_channels=out_channels, norm_num_groups=norm_num_groups, norm_eps=norm_eps, spatial_padding_mode=spatial_padding_mode) for i in range(num_layers)])
        self.downsamplers = None
        if temporal_downsample_factor * spatial_downsample_factor > 1:
            self.downsamplers = nn.ModuleList([MiniMaxH3VideoDownsample3d(out_channels, out_channels, temporal_stride=temporal_downsample_factor, spatial_stride=spatial_downsample_factor, spatial_padding_mode=spatial_padding_mode)])
        self.gradient_checkpointing = False

class MiniMaxH3VideoEncoder3d(nn.Module):

    def __init__(self, in_channels=3, out_channels=48, block_out_channels=(128, 256, 256, 512, 512, 1024), layers_per_block=2, spatial_downsample_factors=(2, 2, 2, 2, 1, 1), temporal_downsample_factors=(1, 2, 2, 1, 1, 1), norm_num_groups=32, norm_eps=1e-06, spatial_padding_mode='reflect'):
        super().__init__()
        self.conv_in = MiniMaxH3VideoCausalConv3d(in_channels, block_out_channels[0], kernel_size=3, spatial_padding=1, temporal_padding=2, spatial_padding_mode=spatial_padding_mode)
        block_in_channels = (block_out_channels[0],) + tuple(block_out_channels[:-1])
        self.down_blocks = nn.ModuleList([MiniMaxH3VideoDownBlock3d(in_channels=block_in_channels[i], out_channels=block_out_channels[i], num_layers=layers_per_block, temporal_downsample_factor=temporal_downsample_factors[i], spatial_downsample_factor=spatial_downsample_factors[i], norm_num_groups=norm_num_groups, norm_eps=norm_eps, spatial_padding_mode=spatial_padding_mode) for i in range(len(block_out_channels))])
        self.norm_out = MiniMaxH3VideoGroupNorm(norm_num_groups, block_out_channels[-1], eps=norm_eps, affine=True)
        self.conv_out = MiniMaxH3VideoCausalConv3d(block_out_channels[-1], out_channels, kernel_size=3, spatial_padding=1, temporal_padding=2, spatial_padding_mode=spatial_padding_mode)

class MiniMaxH3VideoRotaryPosEmbed(nn.Module):

    def __init__(self, dim, theta=100.0, num_axes=3):
        super().__init__()
        if dim % (2 * num_axes) != 0:
            raise ValueError(f'`dim` {dim} must be divisible by `2 * num_axes` {2 * num_axes}.')
        inv_freq = 1.0 / theta ** torch.arange(0, 1, 2 * num_axes / dim, dtype=torch.float32)
        self.register_buffer('inv_freq', inv_freq, persistent=False)

class MiniMaxH3VideoAttnProcessor:
    _attention_backend = None
    _parallel_config = None

class MiniMaxH3VideoAttention(nn.Module, AttentionModuleMixin):
    _default_processor_cls = MiniMaxH3VideoAttnProcessor

    def __init__(self, dim, heads, dim_head, eps=1e-05, bias=True):
        super().__init__()
        self.heads = heads
        self.dim_head = dim_head
        self.use_bias = bias
        inner_dim = heads * dim_head
        self.norm_q = nn.RMSNorm(dim_head, eps=eps, elementwise_affine=False)
        self.norm_k = nn.RMSNorm(dim_head, eps=eps, elementwise_affine=False)
        self.to_q = nn.Linear(dim, inner_dim, bias=bias)
        self.to_k = nn.Linear(dim, inner_dim, bias=bias)
        self.to_v = nn.Linear(dim, inner_dim, bias=bias)
        self.to_out = nn.ModuleList([nn.Linear(inner_dim, dim, bias=bias), nn.Dropout(0.0)])
        self.set_processor(MiniMaxH3VideoAttnProcessor())

class MiniMaxH3VideoTransformerBlock(nn.Module):

    def __init__(self, dim, heads, dim_head, ffn_mult=4, eps=1e-05, bias=True):
        super().__init__()
        self.norm1 = nn.RMSNorm(dim, eps=eps, elementwise_affine=True)
        self.attn = MiniMaxH3VideoAttention(dim=dim, heads=heads, dim_head=dim_head, eps=eps, bias=bias)
        self.scale1 = nn.Parameter(torch.zeros(dim))
        self.norm2 = nn.RMSNorm(dim, eps=eps, elementwise_affine=True)
        self.ff = FeedForward(dim, mult=ffn_mult, activation_fn='swiglu', bias=bias)
        self.scale2 = nn.Parameter(torch.zeros(dim))

class MiniMaxH3VideoViTDecoder3d(nn.Module):

    def __init__(self, in_channels=24, out_channels=3, patch_size=16, patch_size_t=4, num_layers=36, num_attention_heads=32, attention_head_dim=64, num_register_tokens=4, ffn_mult=4, rope_theta=100.0, rope_dim_ratio=0.75, norm_eps=1e-05):
        super().__init__()
        dim = num_attention_heads * attention_head_dim
        self.patch_size = patch_size
        self.patch_size_t = patch_size_t
        self.out_channels = out_channels
        self.num_register_tokens = num_register_tokens
        self.rope = MiniMaxH3VideoRotaryPosEmbed(int(attention_head_dim * rope_dim_ratio), theta=rope_theta)
        self.proj_in = nn.Linear(in_channels, dim)
        self.register_tokens = nn.Parameter(torch.zeros(1, num_register_tokens, dim))
        self.transformer_blocks = nn.ModuleList([MiniMaxH3VideoTransformerBlock(dim=dim, heads=num_attention_heads, dim_head=attention_head_dim, ffn_mult=ffn_mult, eps=norm_eps) for _ in range(num_layers)])
        self.norm_out = nn.LayerNorm(dim, elementwise_affine=True, eps=norm_eps)
        self.proj_out = nn.Linear(dim, out_channels * patch_size_t * patch_size * patch_size)
        self.gradient_checkpointing = False

class AutoencoderKLMiniMaxH3(ModelMixin, ConfigMixin, AttentionMixin, AutoencoderMixin):
    _keep_in_fp32_modules = ['encoder', 'quant_conv', 'norm1', 'norm2', 'norm_out', 'scale1', 'scale2']

    @register_to_config
    def __init__(self, in_channels=3, out_channels=3, latent_channels=24, block_out_channels=(128, 256, 256, 512, 512, 1024), layers_per_block=2, spatial_downsample_factors=(2, 2, 2, 2, 1, 1), temporal_downsample_factors=(1, 2, 2, 1, 1, 1), norm_num_groups=32, norm_eps=1e-06, spatial_padding_mode='reflect', decoder_num_layers=36, decoder_num_attention_heads=32, decoder_attention_head_dim=64, decoder_num_register_tokens=4, decoder_ffn_mult=4, decoder_rope_theta=100.0, decoder_rope_dim_ratio=0.75, decoder_norm_eps=1e-05, clip_length=17, token_drop=3, latents_mean=(0.0,) * 24, latents_std=(1.0,) * 24):
        super().__init__()
        self.spatial_compression_ratio = math.prod(spatial_downsample_factors)
        self.temporal_compression_ratio = math.prod(temporal_downsample_factors)
        self.encoder = MiniMaxH3VideoEncoder3d(in_channels=in_channels, out_channels=2 * latent_channels, block_out_channels=block_out_channels, layers_per_block=layers_per_block, spatial_downsample_factors=spatial_downsample_factors, temporal_downsample_factors=temporal_downsample_factors, norm_num_groups=norm_num_groups, norm_eps=norm_eps, spatial_padding_mode=spatial_padding_mode)
        self.quant_conv = nn.Conv3d(2 * latent_channels, 2 * latent_channels, kernel_size=1)
        self.post_quant_conv = nn.Conv3d(latent_channels, latent_channels, kernel_size=1)
        self.decoder = MiniMaxH3VideoViTDecoder3d(in_channels=latent_channels, out_channels=out_channels, patch_size=self.spatial_compression_ratio, patch_size_t=self.temporal_compression_ratio, num_layers=decoder_num_layers, num_attention_heads=decoder_num_attention_heads, attention_head_dim=decoder_attention_head_dim, num_register_tokens=decoder_num_register_tokens, ffn_mult=decoder_ffn_mult, rope_theta=decoder_rope_theta, rope_dim_ratio=decoder_rope_dim_ratio, norm_eps=decoder_norm_eps)
        self.frame_pre_padding = -clip_length % self.temporal_compression_ratio
        self.tokens_chunk_size = math.ceil(clip_length / self.temporal_compression_ratio)
        self.token_overlap = -token_drop % self.tokens_chunk_size
        self.frame_overlap = max(self.token_overlap * self.temporal_compression_ratio - self.frame_pre_padding, 0)
        self.use_slicing = False
        self.use_tiling = True
        self.tile_sample_min_height = 256
        self.tile_sample_min_width = 256
        self.tile_sample_min_overlap_height = 64
        self.tile_sample_min_overlap_width = 64
