"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): autoencoder_vidtok. Made by `python -m loracfg.base.transcriber`."""
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import functional as F, nn
from loracfg.base.catalogue.stand_ins.turns import range
import math

class FSQRegularizer(nn.Module):

    def __init__(self, levels, dim=None, num_codebooks=1, keep_num_codebooks_dim=None):
        super().__init__()
        _levels = torch.tensor(levels, dtype=torch.int32)
        self.register_buffer('_levels', _levels, persistent=False)
        _basis = torch.cumprod(torch.tensor([1] + levels[:-1]), dim=0, dtype=torch.int32)
        self.register_buffer('_basis', _basis, persistent=False)
        codebook_dim = len(levels)
        self.codebook_dim = codebook_dim
        effective_codebook_dim = codebook_dim * num_codebooks
        self.num_codebooks = num_codebooks
        self.effective_codebook_dim = effective_codebook_dim
        if keep_num_codebooks_dim is None:
            keep_num_codebooks_dim = num_codebooks > 1
        self.keep_num_codebooks_dim = keep_num_codebooks_dim
        self.dim = len(_levels) * num_codebooks if dim is None else dim
        has_projections = self.dim != effective_codebook_dim
        self.project_in = nn.Linear(self.dim, effective_codebook_dim) if has_projections else nn.Identity()
        self.project_out = nn.Linear(effective_codebook_dim, self.dim) if has_projections else nn.Identity()
        self.has_projections = has_projections
        self.codebook_size = self._levels.prod().item()
        implicit_codebook = self.indices_to_codes(torch.arange(self.codebook_size), project_out=False)
        self.register_buffer('implicit_codebook', implicit_codebook, persistent=False)
        self.register_buffer('zero', torch.tensor(0.0), persistent=False)
        self.global_codebook_usage = torch.zeros([2 ** self.codebook_dim, self.num_codebooks], dtype=torch.long)

    def quantize(self, z, eps=0.001):
        half_l = (self._levels - 1) * (1 + eps) / 2
        offset = torch.where(self._levels % 2 == 0, 0.5, 0.0)
        shift = (offset / half_l).atanh()
        z = (z + shift).tanh() * half_l - offset
        zhat = z.round()
        quantized = z + (zhat - z).detach()
        half_width = self._levels // 2
        return quantized / half_width

    def indices_to_codes(self, indices, project_out=True):
        is_img_or_video = indices.ndim >= 3 + int(self.keep_num_codebooks_dim)
        indices = indices.unsqueeze(-1)
        codes_non_centered = indices // self._basis % self._levels
        half_width = self._levels // 2
        codes = (codes_non_centered - half_width) / half_width
        if self.keep_num_codebooks_dim:
            codes = codes.reshape(*codes.shape[:-2], -1)
        if project_out:
            codes = self.project_out(codes)
        if is_img_or_video:
            codes = codes.permute(0, -1, *range(1, codes.dim() - 1))
        return codes

class VidTokDownsample2D(nn.Module):

    def __init__(self, in_channels):
        super().__init__()
        self.in_channels = in_channels
        self.conv = nn.Conv2d(in_channels, in_channels, kernel_size=3, stride=2, padding=0)

class VidTokUpsample2D(nn.Module):

    def __init__(self, in_channels):
        super().__init__()
        self.in_channels = in_channels
        self.conv = nn.Conv2d(in_channels, in_channels, kernel_size=3, stride=1, padding=1)

class VidTokLayerNorm(nn.Module):

    def __init__(self, dim, eps=1e-06):
        super().__init__()
        self.norm = nn.LayerNorm(dim, eps=eps, elementwise_affine=True)

class VidTokCausalConv1d(nn.Module):

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, dilation=1, padding=0):
        super().__init__()
        self.time_pad = dilation * (kernel_size - 1) + (1 - stride)
        self.conv = nn.Conv1d(in_channels, out_channels, kernel_size, stride=stride, dilation=dilation)
        self.is_first_chunk = True
        self.causal_cache = None
        self.cache_offset = 0

class VidTokCausalConv3d(nn.Module):

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, dilation=1, padding=0, pad_mode='constant'):
        super().__init__()
        self.pad_mode = pad_mode
        if isinstance(kernel_size, int):
            kernel_size = (kernel_size,) * 3
        if isinstance(dilation, int):
            dilation = (dilation,) * 3
        if isinstance(stride, int):
            stride = (stride,) * 3
        time_kernel_size, height_kernel_size, width_kernel_size = kernel_size
        time_pad = dilation[0] * (time_kernel_size - 1) + (1 - stride[0])
        height_pad = dilation[1] * (height_kernel_size - 1) + (1 - stride[1])
        width_pad = dilation[2] * (width_kernel_size - 1) + (1 - stride[2])
        self.time_pad = time_pad
        self.spatial_padding = (width_pad // 2, width_pad - width_pad // 2, height_pad // 2, height_pad - height_pad // 2, 0, 0)
        self.conv = nn.Conv3d(in_channels, out_channels, kernel_size, stride=stride, dilation=dilation)
        self.is_first_chunk = True
        self.causal_cache = None
        self.cache_offset = 0

class VidTokDownsample3D(nn.Module):

    def __init__(self, in_channels, out_channels, mix_factor=2.0, is_causal=True):
        super().__init__()
        self.is_causal = is_causal
        self.kernel_size = (3, 3, 3)
        self.avg_pool = nn.AvgPool3d((3, 1, 1), stride=(2, 1, 1))
        make_conv_cls = VidTokCausalConv3d if self.is_causal else nn.Conv3d
        self.conv = make_conv_cls(in_channels, out_channels, 3, stride=(2, 1, 1), padding=(0, 1, 1))
        self.mix_factor = nn.Parameter(torch.Tensor([mix_factor]))
        if self.is_causal:
            self.is_first_chunk = True
            self.causal_cache = None

class VidTokUpsample3D(nn.Module):

    def __init__(self, in_channels, out_channels, mix_factor=2.0, num_temp_upsample=1, is_causal=True):
        super().__init__()
        make_conv_cls = VidTokCausalConv3d if is_causal else nn.Conv3d
        self.conv = make_conv_cls(in_channels, out_channels, 3, padding=1)
        self.mix_factor = nn.Parameter(torch.Tensor([mix_factor]))
        self.is_causal = is_causal
        if self.is_causal:
            self.enable_cached = True
            self.interpolation_mode = 'trilinear'
            self.is_first_chunk = True
            self.causal_cache = None
            self.num_temp_upsample = num_temp_upsample
        else:
            self.enable_cached = False
            self.interpolation_mode = 'nearest'

class VidTokAttnBlock(nn.Module):

    def __init__(self, in_channels, is_causal=True):
        super().__init__()
        make_conv_cls = VidTokCausalConv3d if is_causal else nn.Conv3d
        self.norm = VidTokLayerNorm(dim=in_channels, eps=1e-06)
        self.q = make_conv_cls(in_channels, in_channels, kernel_size=1, stride=1, padding=0)
        self.k = make_conv_cls(in_channels, in_channels, kernel_size=1, stride=1, padding=0)
        self.v = make_conv_cls(in_channels, in_channels, kernel_size=1, stride=1, padding=0)
        self.proj_out = make_conv_cls(in_channels, in_channels, kernel_size=1, stride=1, padding=0)

    def attention(self, hidden_states):
        hidden_states = self.norm(hidden_states)
        q = self.q(hidden_states)
        k = self.k(hidden_states)
        v = self.v(hidden_states)
        b, c, t, h, w = q.shape
        q, k, v = [x.permute(0, 2, 3, 4, 1).reshape(b, t, -1, c).contiguous() for x in [q, k, v]]
        hidden_states = F.scaled_dot_product_attention(q, k, v)
        return hidden_states.reshape(b, t, h, w, c).permute(0, 4, 1, 2, 3)

class VidTokResnetBlock(nn.Module):

    def __init__(self, in_channels, out_channels=None, conv_shortcut=False, dropout=0.0, temb_channels=512, btype='3d', is_causal=True):
        super().__init__()
        assert btype in ['1d', '2d', '3d']
        if btype == '2d':
            make_conv_cls = nn.Conv2d
        elif btype == '1d':
            make_conv_cls = VidTokCausalConv1d if is_causal else nn.Conv1d
        else:
            make_conv_cls = VidTokCausalConv3d if is_causal else nn.Conv3d
        self.in_channels = in_channels
        out_channels = in_channels if out_channels is None else out_channels
        self.out_channels = out_channels
        self.use_conv_shortcut = conv_shortcut
        self.nonlinearity = nn.SiLU()
        self.norm1 = VidTokLayerNorm(dim=in_channels, eps=1e-06)
        self.conv1 = make_conv_cls(in_channels, out_channels, kernel_size=3, stride=1, padding=1)
        if temb_channels > 0:
            self.temb_proj = nn.Linear(temb_channels, out_channels)
        self.norm2 = VidTokLayerNorm(dim=out_channels, eps=1e-06)
        self.dropout = nn.Dropout(dropout)
        self.conv2 = make_conv_cls(out_channels, out_channels, kernel_size=3, stride=1, padding=1)
        if self.in_channels != self.out_channels:
            if self.use_conv_shortcut:
                self.conv_shortcut = make_conv_cls(in_channels, out_channels, kernel_size=3, stride=1, padding=1)
            else:
                self.nin_shortcut = make_conv_cls(in_channels, out_channels, kernel_size=1, stride=1, padding=0)

class VidTokEncoder3D(nn.Module):

    def __init__(self, in_channels, ch, ch_mult=[1, 2, 4, 8], num_res_blocks=2, dropout=0.0, z_channels=4, double_z=True, spatial_ds=None, tempo_ds=None, is_causal=True):
        super().__init__()
        self.is_causal = is_causal
        self.ch = ch
        self.temb_ch = 0
        self.num_resolutions = len(ch_mult)
        self.num_res_blocks = num_res_blocks
        self.in_channels = in_channels
        self.nonlinearity = nn.SiLU()
        make_conv_cls = VidTokCausalConv3d if self.is_causal else nn.Conv3d
        self.conv_in = make_conv_cls(in_channels, self.ch, kernel_size=3, stride=1, padding=1)
        in_ch_mult = (1,) + tuple(ch_mult)
        self.in_ch_mult = in_ch_mult
        self.spatial_ds = list(range(0, self.num_resolutions - 1)) if spatial_ds is None else spatial_ds
        self.tempo_ds = [self.num_resolutions - 2, self.num_resolutions - 3] if tempo_ds is None else tempo_ds
        self.down = nn.ModuleList()
        self.down_temporal = nn.ModuleList()
        for i_level in range(self.num_resolutions):
            block_in = ch * in_ch_mult[i_level]
            block_out = ch * ch_mult[i_level]
            block = nn.ModuleList()
            attn = nn.ModuleList()
            block_temporal = nn.ModuleList()
            attn_temporal = nn.ModuleList()
            for i_block in range(self.num_res_blocks):
                block.append(VidTokResnetBlock(in_channels=block_in, out_channels=block_out, temb_channels=self.temb_ch, dropout=dropout, btype='2d'))
                block_temporal.append(VidTokResnetBlock(in_channels=block_out, out_channels=block_out, temb_channels=self.temb_ch, dropout=dropout, btype='1d', is_causal=self.is_causal))
                block_in = block_out
            down = nn.Module()
            down.block = block
            down.attn = attn
            down_temporal = nn.Module()
            down_temporal.block = block_temporal
            down_temporal.attn = attn_temporal
            if i_level in self.spatial_ds:
                down.downsample = VidTokDownsample2D(block_in)
                if i_level in self.tempo_ds:
                    down_temporal.downsample = VidTokDownsample3D(block_in, block_in, is_causal=self.is_causal)
            self.down.append(down)
            self.down_temporal.append(down_temporal)
        self.mid = nn.Module()
        self.mid.block_1 = VidTokResnetBlock(in_channels=block_in, out_channels=block_in, temb_channels=self.temb_ch, dropout=dropout, btype='3d', is_causal=self.is_causal)
        self.mid.attn_1 = VidTokAttnBlock(block_in, is_causal=self.is_causal)
        self.mid.block_2 = VidTokResnetBlock(in_channels=block_in, out_channels=block_in, temb_channels=self.temb_ch, dropout=dropout, btype='3d', is_causal=self.is_causal)
        self.norm_out = VidTokLayerNorm(dim=block_in, eps=1e-06)
        self.conv_out = make_conv_cls(block_in, 2 * z_channels if double_z else z_channels, kernel_size=3, stride=1, padding=1)
        self.gradient_checkpointing = False

class VidTokDecoder3D(nn.Module):

    def __init__(self, ch, ch_mult=[1, 2, 4, 8], num_res_blocks=2, dropout=0.0, z_channels=4, out_channels=3, spatial_us=None, tempo_us=None, is_causal=True):
        super().__init__()
        self.is_causal = is_causal
        self.ch = ch
        self.temb_ch = 0
        self.num_resolutions = len(ch_mult)
        self.num_res_blocks = num_res_blocks
        self.nonlinearity = nn.SiLU()
        block_in = ch * ch_mult[self.num_resolutions - 1]
        make_conv_cls = VidTokCausalConv3d if self.is_causal else nn.Conv3d
        self.conv_in = make_conv_cls(z_channels, block_in, kernel_size=3, stride=1, padding=1)
        self.mid = nn.Module()
        self.mid.block_1 = VidTokResnetBlock(in_channels=block_in, out_channels=block_in, temb_channels=self.temb_ch, dropout=dropout, btype='3d', is_causal=self.is_causal)
        self.mid.attn_1 = VidTokAttnBlock(block_in, is_causal=self.is_causal)
        self.mid.block_2 = VidTokResnetBlock(in_channels=block_in, out_channels=block_in, temb_channels=self.temb_ch, dropout=dropout, btype='3d', is_causal=self.is_causal)
        self.spatial_us = list(range(1, self.num_resolutions)) if spatial_us is None else spatial_us
        self.tempo_us = [1, 2] if tempo_us is None else tempo_us
        self.up = nn.ModuleList()
        for i_level in reversed(range(self.num_resolutions)):
            block = nn.ModuleList()
            attn = nn.ModuleList()
            block_out = ch * ch_mult[i_level]
            for i_block in range(self.num_res_blocks + 1):
                block.append(VidTokResnetBlock(in_channels=block_in, out_channels=block_out, temb_channels=self.temb_ch, dropout=dropout, btype='2d'))
                block_in = block_out
            up = nn.Module()
            up.block = block
            up.attn = attn
            if i_level in self.spatial_us:
                up.upsample = VidTokUpsample2D(block_in)
            self.up.insert(0, up)
        num_temp_upsample = 1
        self.up_temporal = nn.ModuleList()
        for i_level in reversed(range(self.num_resolutions)):
            block = nn.ModuleList()
            attn = nn.ModuleList()
            block_in = ch * ch_mult[i_level]
            block_out = ch * ch_mult[i_level]
            for i_block in range(self.num_res_blocks + 1):
                block.append(VidTokResnetBlock(in_channels=block_in, out_channels=block_out, temb_channels=self.temb_ch, dropout=dropout, btype='1d', is_causal=self.is_causal))
                block_in = block_out
            up_temporal = nn.Module()
            up_temporal.block = block
            up_temporal.attn = attn
            if i_level in self.tempo_us:
                up_temporal.upsample = VidTokUpsample3D(block_in, block_in, num_temp_upsample=num_temp_upsample, is_causal=self.is_causal)
                num_temp_upsample *= 2
            self.up_temporal.insert(0, up_temporal)
        self.norm_out = VidTokLayerNorm(dim=block_in, eps=1e-06)
        self.conv_out = make_conv_cls(block_in, out_channels, kernel_size=3, stride=1, padding=1)
        self.gradient_checkpointing = False

class AutoencoderVidTok(ModelMixin, ConfigMixin):

    @register_to_config
    def __init__(self, in_channels=3, out_channels=3, ch=128, ch_mult=[1, 2, 4, 4], z_channels=4, double_z=True, num_res_blocks=2, spatial_ds=None, spatial_us=None, tempo_ds=None, tempo_us=None, dropout=0.0, regularizer='kl', codebook_size=262144, is_causal=True):
        super().__init__()
        self.is_causal = is_causal
        self.encoder = VidTokEncoder3D(in_channels=in_channels, ch=ch, ch_mult=ch_mult, num_res_blocks=num_res_blocks, dropout=dropout, z_channels=z_channels, double_z=double_z, spatial_ds=spatial_ds, tempo_ds=tempo_ds, is_causal=self.is_causal)
        self.decoder = VidTokDecoder3D(ch=ch, ch_mult=ch_mult, num_res_blocks=num_res_blocks, dropout=dropout, z_channels=z_channels, out_channels=out_channels, spatial_us=spatial_us, tempo_us=tempo_us, is_causal=self.is_causal)
        self.temporal_compression_ratio = 2 ** len(self.encoder.tempo_ds)
        self.regularizer = regularizer
        if self.regularizer not in ['kl', 'fsq']:
            raise ValueError(f'Invalid regularizer: {self.regularizer}. Only `kl` and `fsq` are supported.')
        if self.regularizer == 'fsq':
            if z_channels != int(math.log(codebook_size, 8)):
                raise ValueError(f'When using the `fsq` regularizer, `z_channels` must be {int(math.log(codebook_size, 8))}, the log base 8 of the `codebook_size` {codebook_size}, but got {z_channels}.')
            if double_z:
                raise ValueError('When using the `fsq` regularizer, `double_z` must be `False`.')
            self.regularization = FSQRegularizer(levels=[8] * z_channels)
        self.use_slicing = False
        self.use_tiling = False
        self.num_sample_frames_batch_size = 16
        self.num_latent_frames_batch_size = self.num_sample_frames_batch_size // self.temporal_compression_ratio
        self.tile_sample_min_height = 256
        self.tile_sample_min_width = 256
        self.tile_latent_min_height = int(self.tile_sample_min_height / 2 ** len(self.encoder.spatial_ds))
        self.tile_latent_min_width = int(self.tile_sample_min_width / 2 ** len(self.encoder.spatial_ds))
        self.tile_overlap_factor_height = 0.0
        self.tile_overlap_factor_width = 0.0
