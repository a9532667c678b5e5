"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): unet_dreamlite. Made by `python -m loracfg.base.transcriber`."""
from .activations import get_activation
from .attention_processor import Attention
from .downsampling import Downsample2D, Downsample2D as _CoreDownsample2D, downsample_2d
from .dual_transformer_2d import DualTransformer2DModel
from .normalization import RMSNorm
from .transformer_2d_dreamlite import DreamLiteTransformer2DModel
from .unet_2d_condition import UNet2DConditionModel
from .upsampling import Upsample2D, Upsample2D as _CoreUpsample2D, upsample_2d
from functools import partial
from loracfg.base.catalogue.stand_ins.diffusers import ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.nn import functional as F, nn
from loracfg.base.catalogue.stand_ins.turns import range

class DepthwiseSeparableConv(nn.Module):

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, bias=False, expand_ratio=1):
        super().__init__()
        self.depthwise = nn.Conv2d(in_channels, in_channels, kernel_size=kernel_size, stride=stride, padding=padding, groups=in_channels, bias=bias)
        self.pointwise = nn.Conv2d(in_channels, int(out_channels * expand_ratio), kernel_size=1, bias=bias)

class ResnetBlock2DDreamLite(nn.Module):

    def __init__(self, *, in_channels, out_channels=None, conv_shortcut=False, dropout=0.0, temb_channels=512, groups=32, groups_out=None, pre_norm=True, eps=1e-06, non_linearity='swish', skip_time_act=False, time_embedding_norm='default', kernel=None, output_scale_factor=1.0, use_in_shortcut=None, up=False, down=False, conv_shortcut_bias=True, conv_2d_out_channels=None, use_sep_conv=False):
        super().__init__()
        if time_embedding_norm in ('ada_group', 'spatial'):
            raise ValueError(f'`time_embedding_norm`={time_embedding_norm!r} is not supported by `ResnetBlock2DDreamLite`. Use `diffusers.models.resnet.ResnetBlockCondNorm2D` instead.')
        self.pre_norm = True
        self.in_channels = in_channels
        out_channels = in_channels if out_channels is None else out_channels
        self.out_channels = out_channels
        self.use_conv_shortcut = conv_shortcut
        self.up = up
        self.down = down
        self.output_scale_factor = output_scale_factor
        self.time_embedding_norm = time_embedding_norm
        self.skip_time_act = skip_time_act
        if groups_out is None:
            groups_out = groups
        self.norm1 = nn.GroupNorm(num_groups=groups, num_channels=in_channels, eps=eps, affine=True)
        if use_sep_conv:
            expand_ratio = 2
            self.conv1 = DepthwiseSeparableConv(in_channels, out_channels, kernel_size=3, stride=1, padding=1, expand_ratio=expand_ratio)
            out_channels = out_channels * expand_ratio
        else:
            expand_ratio = 1
            self.conv1 = nn.Conv2d(in_channels, out_channels, kernel_size=3, stride=1, padding=1)
        if temb_channels is not None:
            if self.time_embedding_norm == 'default':
                self.time_emb_proj = nn.Linear(temb_channels, out_channels)
            elif self.time_embedding_norm == 'scale_shift':
                self.time_emb_proj = nn.Linear(temb_channels, 2 * out_channels)
            else:
                raise ValueError(f'unknown time_embedding_norm : {self.time_embedding_norm}')
        else:
            self.time_emb_proj = None
        self.norm2 = nn.GroupNorm(num_groups=groups_out, num_channels=out_channels, eps=eps, affine=True)
        self.dropout = nn.Dropout(dropout)
        conv_2d_out_channels = conv_2d_out_channels or out_channels
        if use_sep_conv:
            self.conv2 = DepthwiseSeparableConv(out_channels, conv_2d_out_channels, kernel_size=3, stride=1, padding=1, expand_ratio=1 / expand_ratio)
            conv_2d_out_channels = conv_2d_out_channels // expand_ratio
        else:
            self.conv2 = nn.Conv2d(out_channels, conv_2d_out_channels, kernel_size=3, stride=1, padding=1)
        self.nonlinearity = get_activation(non_linearity)
        self.upsample = self.downsample = None
        if self.up:
            if kernel == 'fir':
                fir_kernel = (1, 3, 3, 1)
                self.upsample = lambda x: upsample_2d(x, kernel=fir_kernel)
            elif kernel == 'sde_vp':
                self.upsample = partial(F.interpolate, scale_factor=2.0, mode='nearest')
            else:
                self.upsample = _CoreUpsample2D(in_channels, use_conv=False)
        elif self.down:
            if kernel == 'fir':
                fir_kernel = (1, 3, 3, 1)
                self.downsample = lambda x: downsample_2d(x, kernel=fir_kernel)
            elif kernel == 'sde_vp':
                self.downsample = partial(F.avg_pool2d, kernel_size=2, stride=2)
            else:
                self.downsample = _CoreDownsample2D(in_channels, use_conv=False, padding=1, name='op')
        self.use_in_shortcut = self.in_channels != conv_2d_out_channels if use_in_shortcut is None else use_in_shortcut
        self.conv_shortcut = None
        if self.use_in_shortcut:
            self.conv_shortcut = nn.Conv2d(in_channels, conv_2d_out_channels, kernel_size=1, stride=1, padding=0, bias=conv_shortcut_bias)

class DreamLiteAttnProcessor2_0:
    _attention_backend = None
    _parallel_config = None

class DreamLiteUNetMidBlock2DCrossAttn(nn.Module):

    def __init__(self, in_channels, temb_channels, out_channels=None, dropout=0.0, num_layers=1, transformer_layers_per_block=1, resnet_eps=1e-06, resnet_time_scale_shift='default', resnet_act_fn='swish', resnet_groups=32, resnet_groups_out=None, resnet_pre_norm=True, num_attention_heads=1, output_scale_factor=1.0, cross_attention_dim=1280, dual_cross_attention=False, use_linear_projection=False, upcast_attention=False, attention_type='default', qk_norm=None, use_sep_conv=False, ff_mult=4, num_kv_heads=None, num_mid_layers=1):
        super().__init__()
        out_channels = out_channels or in_channels
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.has_cross_attention = True
        self.num_attention_heads = num_attention_heads
        resnet_groups = resnet_groups if resnet_groups is not None else min(in_channels // 4, 32)
        if isinstance(transformer_layers_per_block, int):
            transformer_layers_per_block = [transformer_layers_per_block] * num_layers
        resnet_groups_out = resnet_groups_out or resnet_groups
        resnets = [ResnetBlock2DDreamLite(in_channels=in_channels, out_channels=out_channels, temb_channels=temb_channels, eps=resnet_eps, groups=resnet_groups, groups_out=resnet_groups_out, dropout=dropout, time_embedding_norm=resnet_time_scale_shift, non_linearity=resnet_act_fn, output_scale_factor=output_scale_factor, pre_norm=resnet_pre_norm, use_sep_conv=use_sep_conv)]
        attentions = []
        for i in range(num_layers):
            if not dual_cross_attention:
                attentions.append(DreamLiteTransformer2DModel(num_attention_heads, out_channels // num_attention_heads, in_channels=out_channels, num_layers=transformer_layers_per_block[i], cross_attention_dim=cross_attention_dim, norm_num_groups=resnet_groups_out, use_linear_projection=use_linear_projection, upcast_attention=upcast_attention, attention_type=attention_type, qk_norm=qk_norm, ff_mult=ff_mult, num_kv_heads=num_kv_heads))
            else:
                attentions.append(DualTransformer2DModel(num_attention_heads, out_channels // num_attention_heads, in_channels=out_channels, num_layers=1, cross_attention_dim=cross_attention_dim, norm_num_groups=resnet_groups))
            resnets.append(ResnetBlock2DDreamLite(in_channels=out_channels, out_channels=out_channels, temb_channels=temb_channels, eps=resnet_eps, groups=resnet_groups_out, dropout=dropout, time_embedding_norm=resnet_time_scale_shift, non_linearity=resnet_act_fn, output_scale_factor=output_scale_factor, pre_norm=resnet_pre_norm, use_sep_conv=use_sep_conv))
        self.attentions = nn.ModuleList(attentions)
        self.resnets = nn.ModuleList(resnets)
        self.gradient_checkpointing = False

class DreamLiteCrossAttnDownBlock2D(nn.Module):

    def __init__(self, in_channels, out_channels, temb_channels, dropout=0.0, num_layers=1, transformer_layers_per_block=1, resnet_eps=1e-06, resnet_time_scale_shift='default', resnet_act_fn='swish', resnet_groups=32, resnet_pre_norm=True, num_attention_heads=1, cross_attention_dim=1280, output_scale_factor=1.0, downsample_padding=1, add_downsample=True, dual_cross_attention=False, use_linear_projection=False, only_cross_attention=False, upcast_attention=False, attention_type='default', qk_norm=None, use_sep_conv=False, ff_mult=4, num_kv_heads=None):
        super().__init__()
        resnets = []
        attentions = []
        self.has_cross_attention = True
        self.num_attention_heads = num_attention_heads
        if isinstance(transformer_layers_per_block, int):
            transformer_layers_per_block = [transformer_layers_per_block] * num_layers
        for i in range(num_layers):
            in_ch = in_channels if i == 0 else out_channels
            resnets.append(ResnetBlock2DDreamLite(in_channels=in_ch, out_channels=out_channels, temb_channels=temb_channels, eps=resnet_eps, groups=resnet_groups, dropout=dropout, time_embedding_norm=resnet_time_scale_shift, non_linearity=resnet_act_fn, output_scale_factor=output_scale_factor, pre_norm=resnet_pre_norm, use_sep_conv=use_sep_conv))
            if not dual_cross_attention:
                attentions.append(DreamLiteTransformer2DModel(num_attention_heads=num_attention_heads, attention_head_dim=out_channels // num_attention_heads, in_channels=out_channels, num_layers=transformer_layers_per_block[i], cross_attention_dim=cross_attention_dim, norm_num_groups=resnet_groups, use_linear_projection=use_linear_projection, only_cross_attention=only_cross_attention, upcast_attention=upcast_attention, attention_type=attention_type, qk_norm=qk_norm, ff_mult=ff_mult, num_kv_heads=num_kv_heads))
            else:
                attentions.append(DualTransformer2DModel(num_attention_heads, out_channels // num_attention_heads, in_channels=out_channels, num_layers=1, cross_attention_dim=cross_attention_dim, norm_num_groups=resnet_groups))
        self.attentions = nn.ModuleList(attentions)
        self.resnets = nn.ModuleList(resnets)
        if add_downsample:
            self.downsamplers = nn.ModuleList([Downsample2D(out_channels, use_conv=True, out_channels=out_channels, padding=downsample_padding, name='op')])
        else:
            self.downsamplers = None
        self.gradient_checkpointing = False

class DreamLiteCrossAttnNoSelfAttnDownBlock2D(nn.Module):

    def __init__(self, in_channels, out_channels, temb_channels, dropout=0.0, num_layers=1, transformer_layers_per_block=1, resnet_eps=1e-06, resnet_time_scale_shift='default', resnet_act_fn='swish', resnet_groups=32, resnet_pre_norm=True, num_attention_heads=1, cross_attention_dim=1280, output_scale_factor=1.0, downsample_padding=1, add_downsample=True, dual_cross_attention=False, use_linear_projection=False, only_cross_attention=False, upcast_attention=False, attention_type='default', qk_norm=None, use_sep_conv=False, ff_mult=4, num_kv_heads=None):
        super().__init__()
        resnets = []
        attentions = []
        self.has_cross_attention = True
        self.num_attention_heads = num_attention_heads
        if isinstance(transformer_layers_per_block, int):
            transformer_layers_per_block = [transformer_layers_per_block] * num_layers
        for i in range(num_layers):
            in_ch = in_channels if i == 0 else out_channels
            resnets.append(ResnetBlock2DDreamLite(in_channels=in_ch, out_channels=out_channels, temb_channels=temb_channels, eps=resnet_eps, groups=resnet_groups, dropout=dropout, time_embedding_norm=resnet_time_scale_shift, non_linearity=resnet_act_fn, output_scale_factor=output_scale_factor, pre_norm=resnet_pre_norm, use_sep_conv=use_sep_conv))
            if not dual_cross_attention:
                attentions.append(DreamLiteTransformer2DModel(num_attention_heads=num_attention_heads, attention_head_dim=out_channels // num_attention_heads, in_channels=out_channels, num_layers=transformer_layers_per_block[i], cross_attention_dim=cross_attention_dim, norm_num_groups=resnet_groups, use_linear_projection=use_linear_projection, only_cross_attention=only_cross_attention, upcast_attention=upcast_attention, attention_type=attention_type, qk_norm=qk_norm, ff_mult=ff_mult, num_kv_heads=num_kv_heads, use_self_attention=False))
            else:
                attentions.append(DualTransformer2DModel(num_attention_heads, out_channels // num_attention_heads, in_channels=out_channels, num_layers=1, cross_attention_dim=cross_attention_dim, norm_num_groups=resnet_groups))
        self.attentions = nn.ModuleList(attentions)
        self.resnets = nn.ModuleList(resnets)
        if add_downsample:
            self.downsamplers = nn.ModuleList([Downsample2D(out_channels, use_conv=True, out_channels=out_channels, padding=downsample_padding, name='op')])
        else:
            self.downsamplers = None
        self.gradient_checkpointing = False

class DreamLiteDownBlock2D(nn.Module):

    def __init__(self, in_channels, out_channels, temb_channels, dropout=0.0, num_layers=1, resnet_eps=1e-06, resnet_time_scale_shift='default', resnet_act_fn='swish', resnet_groups=32, resnet_pre_norm=True, output_scale_factor=1.0, add_downsample=True, downsample_padding=1, use_sep_conv=False):
        super().__init__()
        resnets = []
        for i in range(num_layers):
            in_ch = in_channels if i == 0 else out_channels
            resnets.append(ResnetBlock2DDreamLite(in_channels=in_ch, out_channels=out_channels, temb_channels=temb_channels, eps=resnet_eps, groups=resnet_groups, dropout=dropout, time_embedding_norm=resnet_time_scale_shift, non_linearity=resnet_act_fn, output_scale_factor=output_scale_factor, pre_norm=resnet_pre_norm, use_sep_conv=use_sep_conv))
        self.resnets = nn.ModuleList(resnets)
        if add_downsample:
            self.downsamplers = nn.ModuleList([Downsample2D(out_channels, use_conv=True, out_channels=out_channels, padding=downsample_padding, name='op')])
        else:
            self.downsamplers = None
        self.gradient_checkpointing = False

class DreamLiteCrossAttnUpBlock2D(nn.Module):

    def __init__(self, in_channels, out_channels, prev_output_channel, temb_channels, resolution_idx=None, dropout=0.0, num_layers=1, transformer_layers_per_block=1, resnet_eps=1e-06, resnet_time_scale_shift='default', resnet_act_fn='swish', resnet_groups=32, resnet_pre_norm=True, num_attention_heads=1, cross_attention_dim=1280, output_scale_factor=1.0, add_upsample=True, dual_cross_attention=False, use_linear_projection=False, only_cross_attention=False, upcast_attention=False, attention_type='default', qk_norm=None, use_sep_conv=False, ff_mult=4, num_kv_heads=None):
        super().__init__()
        resnets = []
        attentions = []
        self.has_cross_attention = True
        self.num_attention_heads = num_attention_heads
        if isinstance(transformer_layers_per_block, int):
            transformer_layers_per_block = [transformer_layers_per_block] * num_layers
        for i in range(num_layers):
            res_skip_channels = in_channels if i == num_layers - 1 else out_channels
            resnet_in_channels = prev_output_channel if i == 0 else out_channels
            resnets.append(ResnetBlock2DDreamLite(in_channels=resnet_in_channels + res_skip_channels, out_channels=out_channels, temb_channels=temb_channels, eps=resnet_eps, groups=resnet_groups, dropout=dropout, time_embedding_norm=resnet_time_scale_shift, non_linearity=resnet_act_fn, output_scale_factor=output_scale_factor, pre_norm=resnet_pre_norm, use_sep_conv=use_sep_conv))
            if not dual_cross_attention:
                attentions.append(DreamLiteTransformer2DModel(num_attention_heads=num_attention_heads, attention_head_dim=out_channels // num_attention_heads, in_channels=out_channels, num_layers=transformer_layers_per_block[i], cross_attention_dim=cross_attention_dim, norm_num_groups=resnet_groups, use_linear_projection=use_linear_projection, only_cross_attention=only_cross_attention, upcast_attention=upcast_attention, attention_type=attention_type, qk_norm=qk_norm, ff_mult=ff_mult, num_kv_heads=num_kv_heads))
            else:
                attentions.append(DualTransformer2DModel(num_attention_heads, out_channels // num_attention_heads, in_channels=out_channels, num_layers=1, cross_attention_dim=cross_attention_dim, norm_num_groups=resnet_groups))
        self.attentions = nn.ModuleList(attentions)
        self.resnets = nn.ModuleList(resnets)
        if add_upsample:
            self.upsamplers = nn.ModuleList([Upsample2D(out_channels, use_conv=True, out_channels=out_channels)])
        else:
            self.upsamplers = None
        self.gradient_checkpointing = False
        self.resolution_idx = resolution_idx

class DreamLiteCrossAttnNoSelfAttnUpBlock2D(nn.Module):

    def __init__(self, in_channels, out_channels, prev_output_channel, temb_channels, resolution_idx=None, dropout=0.0, num_layers=1, transformer_layers_per_block=1, resnet_eps=1e-06, resnet_time_scale_shift='default', resnet_act_fn='swish', resnet_groups=32, resnet_pre_norm=True, num_attention_heads=1, cross_attention_dim=1280, output_scale_factor=1.0, add_upsample=True, dual_cross_attention=False, use_linear_projection=False, only_cross_attention=False, upcast_attention=False, attention_type='default', qk_norm=None, use_sep_conv=False, ff_mult=4, num_kv_heads=None):
        super().__init__()
        resnets = []
        attentions = []
        self.has_cross_attention = True
        self.num_attention_heads = num_attention_heads
        if isinstance(transformer_layers_per_block, int):
            transformer_layers_per_block = [transformer_layers_per_block] * num_layers
        for i in range(num_layers):
            res_skip_channels = in_channels if i == num_layers - 1 else out_channels
            resnet_in_channels = prev_output_channel if i == 0 else out_channels
            resnets.append(ResnetBlock2DDreamLite(in_channels=resnet_in_channels + res_skip_channels, out_channels=out_channels, temb_channels=temb_channels, eps=resnet_eps, groups=resnet_groups, dropout=dropout, time_embedding_norm=resnet_time_scale_shift, non_linearity=resnet_act_fn, output_scale_factor=output_scale_factor, pre_norm=resnet_pre_norm, use_sep_conv=use_sep_conv))
            if not dual_cross_attention:
                attentions.append(DreamLiteTransformer2DModel(num_attention_heads=num_attention_heads, attention_head_dim=out_channels // num_attention_heads, in_channels=out_channels, num_layers=transformer_layers_per_block[i], cross_attention_dim=cross_attention_dim, norm_num_groups=resnet_groups, use_linear_projection=use_linear_projection, only_cross_attention=only_cross_attention, upcast_attention=upcast_attention, attention_type=attention_type, qk_norm=qk_norm, ff_mult=ff_mult, num_kv_heads=num_kv_heads, use_self_attention=False))
            else:
                attentions.append(DualTransformer2DModel(num_attention_heads, out_channels // num_attention_heads, in_channels=out_channels, num_layers=1, cross_attention_dim=cross_attention_dim, norm_num_groups=resnet_groups))
        self.attentions = nn.ModuleList(attentions)
        self.resnets = nn.ModuleList(resnets)
        if add_upsample:
            self.upsamplers = nn.ModuleList([Upsample2D(out_channels, use_conv=True, out_channels=out_channels)])
        else:
            self.upsamplers = None
        self.gradient_checkpointing = False
        self.resolution_idx = resolution_idx

class DreamLiteUpBlock2D(nn.Module):

    def __init__(self, in_channels, prev_output_channel, out_channels, temb_channels, resolution_idx=None, dropout=0.0, num_layers=1, resnet_eps=1e-06, resnet_time_scale_shift='default', resnet_act_fn='swish', resnet_groups=32, resnet_pre_norm=True, output_scale_factor=1.0, add_upsample=True, use_sep_conv=False):
        super().__init__()
        resnets = []
        for i in range(num_layers):
            res_skip_channels = in_channels if i == num_layers - 1 else out_channels
            resnet_in_channels = prev_output_channel if i == 0 else out_channels
            resnets.append(ResnetBlock2DDreamLite(in_channels=resnet_in_channels + res_skip_channels, out_channels=out_channels, temb_channels=temb_channels, eps=resnet_eps, groups=resnet_groups, dropout=dropout, time_embedding_norm=resnet_time_scale_shift, non_linearity=resnet_act_fn, output_scale_factor=output_scale_factor, pre_norm=resnet_pre_norm, use_sep_conv=use_sep_conv))
        self.resnets = nn.ModuleList(resnets)
        if add_upsample:
            self.upsamplers = nn.ModuleList([Upsample2D(out_channels, use_conv=True, out_channels=out_channels)])
        else:
            self.upsamplers = None
        self.gradient_checkpointing = False
        self.resolution_idx = resolution_idx

_DREAMLITE_DOWN_BLOCK_ALIASES = {'CrossAttnDownRemoveSelfAttnBlock2D': 'DreamLiteCrossAttnNoSelfAttnDownBlock2D', 'CrossAttnDownBlock2D': 'DreamLiteCrossAttnDownBlock2D', 'DownBlock2D': 'DreamLiteDownBlock2D'}

_DREAMLITE_MID_BLOCK_ALIASES = {'UNetMidBlock2DCrossAttn': 'DreamLiteUNetMidBlock2DCrossAttn'}

_DREAMLITE_UP_BLOCK_ALIASES = {'CrossAttnUpRemoveSelfAttnBlock2D': 'DreamLiteCrossAttnNoSelfAttnUpBlock2D', 'CrossAttnUpRemoveSelfAttnBlock2DV1': 'DreamLiteCrossAttnNoSelfAttnUpBlock2D', 'CrossAttnUpBlock2D': 'DreamLiteCrossAttnUpBlock2D', 'UpBlock2D': 'DreamLiteUpBlock2D'}

def _get_down_block_dreamlite(down_block_type, *, num_layers, transformer_layers_per_block, in_channels, out_channels, temb_channels, add_downsample, resnet_eps, resnet_act_fn, resnet_groups, cross_attention_dim, num_attention_heads, downsample_padding, dual_cross_attention, use_linear_projection, only_cross_attention, upcast_attention, resnet_time_scale_shift, attention_type, dropout, qk_norm, use_sep_conv, ff_mult, num_kv_heads):
    down_block_type = _DREAMLITE_DOWN_BLOCK_ALIASES.get(down_block_type, down_block_type)
    if down_block_type == 'DreamLiteDownBlock2D':
        return DreamLiteDownBlock2D(num_layers=num_layers, in_channels=in_channels, out_channels=out_channels, temb_channels=temb_channels, dropout=dropout, add_downsample=add_downsample, resnet_eps=resnet_eps, resnet_act_fn=resnet_act_fn, resnet_groups=resnet_groups, downsample_padding=downsample_padding, resnet_time_scale_shift=resnet_time_scale_shift, use_sep_conv=use_sep_conv)
    if down_block_type in ('DreamLiteCrossAttnDownBlock2D', 'DreamLiteCrossAttnNoSelfAttnDownBlock2D'):
        if cross_attention_dim is None:
            raise ValueError(f'cross_attention_dim must be specified for {down_block_type}')
        cls = DreamLiteCrossAttnDownBlock2D if down_block_type == 'DreamLiteCrossAttnDownBlock2D' else DreamLiteCrossAttnNoSelfAttnDownBlock2D
        return cls(num_layers=num_layers, transformer_layers_per_block=transformer_layers_per_block, in_channels=in_channels, out_channels=out_channels, temb_channels=temb_channels, dropout=dropout, add_downsample=add_downsample, resnet_eps=resnet_eps, resnet_act_fn=resnet_act_fn, resnet_groups=resnet_groups, downsample_padding=downsample_padding, cross_attention_dim=cross_attention_dim, num_attention_heads=num_attention_heads, dual_cross_attention=dual_cross_attention, use_linear_projection=use_linear_projection, only_cross_attention=only_cross_attention, upcast_attention=upcast_attention, attention_type=attention_type, qk_norm=qk_norm, use_sep_conv=use_sep_conv, ff_mult=ff_mult, num_kv_heads=num_kv_heads)
    raise ValueError(f'DreamLite does not support down_block_type={down_block_type!r}')

def _get_mid_block_dreamlite(mid_block_type, *, temb_channels, in_channels, resnet_eps, resnet_act_fn, resnet_groups, output_scale_factor, transformer_layers_per_block, num_attention_heads, cross_attention_dim, dual_cross_attention, use_linear_projection, upcast_attention, resnet_time_scale_shift, attention_type, dropout, qk_norm, use_sep_conv, ff_mult, num_kv_heads, num_mid_layers=1):
    if mid_block_type is None:
        return None
    mid_block_type = _DREAMLITE_MID_BLOCK_ALIASES.get(mid_block_type, mid_block_type)
    if mid_block_type == 'DreamLiteUNetMidBlock2DCrossAttn':
        return DreamLiteUNetMidBlock2DCrossAttn(transformer_layers_per_block=transformer_layers_per_block, in_channels=in_channels, temb_channels=temb_channels, dropout=dropout, resnet_eps=resnet_eps, resnet_act_fn=resnet_act_fn, output_scale_factor=output_scale_factor, resnet_time_scale_shift=resnet_time_scale_shift, cross_attention_dim=cross_attention_dim, num_attention_heads=num_attention_heads, resnet_groups=resnet_groups, dual_cross_attention=dual_cross_attention, use_linear_projection=use_linear_projection, upcast_attention=upcast_attention, attention_type=attention_type, qk_norm=qk_norm, use_sep_conv=use_sep_conv, ff_mult=ff_mult, num_kv_heads=num_kv_heads, num_layers=num_mid_layers)
    raise ValueError(f'DreamLite does not support mid_block_type={mid_block_type!r}')

def _get_up_block_dreamlite(up_block_type, *, num_layers, transformer_layers_per_block, in_channels, out_channels, prev_output_channel, temb_channels, add_upsample, resnet_eps, resnet_act_fn, resolution_idx, resnet_groups, cross_attention_dim, num_attention_heads, dual_cross_attention, use_linear_projection, only_cross_attention, upcast_attention, resnet_time_scale_shift, attention_type, dropout, qk_norm, use_sep_conv, ff_mult, num_kv_heads):
    up_block_type = _DREAMLITE_UP_BLOCK_ALIASES.get(up_block_type, up_block_type)
    if up_block_type == 'DreamLiteUpBlock2D':
        return DreamLiteUpBlock2D(num_layers=num_layers, in_channels=in_channels, out_channels=out_channels, prev_output_channel=prev_output_channel, temb_channels=temb_channels, resolution_idx=resolution_idx, dropout=dropout, add_upsample=add_upsample, resnet_eps=resnet_eps, resnet_act_fn=resnet_act_fn, resnet_groups=resnet_groups, resnet_time_scale_shift=resnet_time_scale_shift, use_sep_conv=use_sep_conv)
    if up_block_type in ('DreamLiteCrossAttnUpBlock2D', 'DreamLiteCrossAttnNoSelfAttnUpBlock2D'):
        if cross_attention_dim is None:
            raise ValueError(f'cross_attention_dim must be specified for {up_block_type}')
        cls = DreamLiteCrossAttnUpBlock2D if up_block_type == 'DreamLiteCrossAttnUpBlock2D' else DreamLiteCrossAttnNoSelfAttnUpBlock2D
        return cls(num_layers=num_layers, transformer_layers_per_block=transformer_layers_per_block, in_channels=in_channels, out_channels=out_channels, prev_output_channel=prev_output_channel, temb_channels=temb_channels, resolution_idx=resolution_idx, dropout=dropout, add_upsample=add_upsample, resnet_eps=resnet_eps, resnet_act_fn=resnet_act_fn, resnet_groups=resnet_groups, cross_attention_dim=cross_attention_dim, num_attention_heads=num_attention_heads, dual_cross_attention=dual_cross_attention, use_linear_projection=use_linear_projection, only_cross_attention=only_cross_attention, upcast_attention=upcast_attention, attention_type=attention_type, qk_norm=qk_norm, use_sep_conv=use_sep_conv, ff_mult=ff_mult, num_kv_heads=num_kv_heads)
    raise ValueError(f'DreamLite does not support up_block_type={up_block_type!r}')

class DreamLiteUNetModel(UNet2DConditionModel):

    @register_to_config
    def __init__(self, sample_size=None, in_channels=4, out_channels=4, center_input_sample=False, flip_sin_to_cos=True, freq_shift=0, down_block_types=('DreamLiteCrossAttnNoSelfAttnDownBlock2D', 'DreamLiteCrossAttnNoSelfAttnDownBlock2D', 'DreamLiteCrossAttnDownBlock2D'), mid_block_type='DreamLiteUNetMidBlock2DCrossAttn', up_block_types=('DreamLiteCrossAttnUpBlock2D', 'DreamLiteCrossAttnNoSelfAttnUpBlock2D', 'DreamLiteUpBlock2D'), only_cross_attention=False, block_out_channels=(320, 640, 1280), layers_per_block=2, downsample_padding=1, mid_block_scale_factor=1, dropout=0.0, act_fn='silu', norm_num_groups=32, norm_eps=1e-05, cross_attention_dim=2048, transformer_layers_per_block=1, reverse_transformer_layers_per_block=None, encoder_hid_dim=None, encoder_hid_dim_type=None, attention_head_dim=64, num_attention_heads=None, dual_cross_attention=False, use_linear_projection=False, class_embed_type=None, addition_embed_type=None, addition_time_embed_dim=None, num_class_embeds=None, upcast_attention=False, resnet_time_scale_shift='default', resnet_skip_time_act=False, resnet_out_scale_factor=1.0, time_embedding_type='positional', time_embedding_dim=None, time_embedding_act_fn=None, timestep_post_act=None, time_cond_proj_dim=None, conv_in_kernel=3, conv_out_kernel=3, projection_class_embeddings_input_dim=None, attention_type='default', class_embeddings_concat=False, mid_block_only_cross_attention=None, cross_attention_norm=None, addition_embed_type_num_heads=64, qk_norm='rms_norm', use_sep_conv=True, ff_mult=6, num_kv_heads=1, num_mid_layers=1):
        ModelMixin.__init__(self)
        self.sample_size = sample_size
        if num_attention_heads is not None:
            raise ValueError('At the moment it is not possible to define the number of attention heads via `num_attention_heads` because of a naming issue as described in https://github.com/huggingface/diffusers/issues/2011#issuecomment-1547958131. Passing `num_attention_heads` will only be supported in diffusers v0.19.')
        num_attention_heads = num_attention_heads or attention_head_dim
        self._check_config(down_block_types=down_block_types, up_block_types=up_block_types, only_cross_attention=only_cross_attention, block_out_channels=block_out_channels, layers_per_block=layers_per_block, cross_attention_dim=cross_attention_dim, transformer_layers_per_block=transformer_layers_per_block, reverse_transformer_layers_per_block=reverse_transformer_layers_per_block, attention_head_dim=attention_head_dim, num_attention_heads=num_attention_heads)
        self.projection_class_embeddings_input_dim = projection_class_embeddings_input_dim
        conv_in_padding = (conv_in_kernel - 1) // 2
        self.conv_in = nn.Conv2d(in_channels, block_out_channels[0], kernel_size=conv_in_kernel, padding=conv_in_padding)
        time_embed_dim, timestep_input_dim = self._set_time_proj(time_embedding_type, block_out_channels=block_out_channels, flip_sin_to_cos=flip_sin_to_cos, freq_shift=freq_shift, time_embedding_dim=time_embedding_dim)
        from .embeddings import TimestepEmbedding
        self.time_embedding = TimestepEmbedding(timestep_input_dim, time_embed_dim, act_fn=act_fn, post_act_fn=timestep_post_act, cond_proj_dim=time_cond_proj_dim)
        self._set_encoder_hid_proj(encoder_hid_dim_type, cross_attention_dim=cross_attention_dim, encoder_hid_dim=encoder_hid_dim)
        self._set_class_embedding(class_embed_type, act_fn=act_fn, num_class_embeds=num_class_embeds, projection_class_embeddings_input_dim=projection_class_embeddings_input_dim, time_embed_dim=time_embed_dim, timestep_input_dim=timestep_input_dim)
        self._set_add_embedding(addition_embed_type, addition_embed_type_num_heads=addition_embed_type_num_heads, addition_time_embed_dim=addition_time_embed_dim, cross_attention_dim=cross_attention_dim, encoder_hid_dim=encoder_hid_dim, flip_sin_to_cos=flip_sin_to_cos, freq_shift=freq_shift, projection_class_embeddings_input_dim=projection_class_embeddings_input_dim, time_embed_dim=time_embed_dim)
        self.time_embed_act = None if time_embedding_act_fn is None else get_activation(time_embedding_act_fn)
        self.down_blocks = nn.ModuleList([])
        self.up_blocks = nn.ModuleList([])
        if isinstance(only_cross_attention, bool):
            if mid_block_only_cross_attention is None:
                mid_block_only_cross_attention = only_cross_attention
            only_cross_attention = [only_cross_attention] * len(down_block_types)
        if mid_block_only_cross_attention is None:
            mid_block_only_cross_attention = False
        if isinstance(num_attention_heads, int):
            num_attention_heads = (num_attention_heads,) * len(down_block_types)
        if isinstance(attention_head_dim, int):
            attention_head_dim = (attention_head_dim,) * len(down_block_types)
        if isinstance(cross_attention_dim, int):
            cross_attention_dim = (cross_attention_dim,) * len(down_block_types)
        if isinstance(layers_per_block, int):
            layers_per_block = [layers_per_block] * len(down_block_types)
        if isinstance(transformer_layers_per_block, int):
            transformer_layers_per_block = [transformer_layers_per_block] * len(down_block_types)
        blocks_time_embed_dim = time_embed_dim * 2 if class_embeddings_concat else time_embed_dim
        output_channel = block_out_channels[0]
        for i, down_block_type in enumerate(down_block_types):
            input_channel = output_channel
            output_channel = block_out_channels[i]
            is_final_block = i == len(block_out_channels) - 1
            self.down_blocks.append(_get_down_block_dreamlite(down_block_type, num_layers=layers_per_block[i], transformer_layers_per_block=transformer_layers_per_block[i], in_channels=input_channel, out_channels=output_channel, temb_channels=blocks_time_embed_dim, add_downsample=not is_final_block, resnet_eps=norm_eps, resnet_act_fn=act_fn, resnet_groups=norm_num_groups, cross_attention_dim=cross_attention_dim[i], num_attention_heads=num_attention_heads[i], downsample_padding=downsample_padding, dual_cross_attention=dual_cross_attention, use_linear_projection=use_linear_projection, only_cross_attention=only_cross_attention[i], upcast_attention=upcast_attention, resnet_time_scale_shift=resnet_time_scale_shift, attention_type=attention_type, dropout=dropout, qk_norm=qk_norm, use_sep_conv=use_sep_conv, ff_mult=ff_mult, num_kv_heads=num_kv_heads))
        self.mid_block = _get_mid_block_dreamlite(mid_block_type, temb_channels=blocks_time_embed_dim, in_channels=block_out_channels[-1], resnet_eps=norm_eps, resnet_act_fn=act_fn, resnet_groups=norm_num_groups, output_scale_factor=mid_block_scale_factor, transformer_layers_per_block=transformer_layers_per_block[-1], num_attention_heads=num_attention_heads[-1], cross_attention_dim=cross_attention_dim[-1], dual_cross_attention=dual_cross_attention, use_linear_projection=use_linear_projection, upcast_attention=upcast_attention, resnet_time_scale_shift=resnet_time_scale_shift, attention_type=attention_type, dropout=dropout, qk_norm=qk_norm, use_sep_conv=use_sep_conv, ff_mult=ff_mult, num_kv_heads=num_kv_heads, num_mid_layers=num_mid_layers)
        self.num_upsamplers = 0
        reversed_block_out_channels = list(reversed(block_out_channels))
        reversed_num_attention_heads = list(reversed(num_attention_heads))
        reversed_layers_per_block = list(reversed(layers_per_block))
        reversed_cross_attention_dim = list(reversed(cross_attention_dim))
        reversed_transformer_layers_per_block = list(reversed(transformer_layers_per_block)) if reverse_transformer_layers_per_block is None else reverse_transformer_layers_per_block
        only_cross_attention = list(reversed(only_cross_attention))
        output_channel = reversed_block_out_channels[0]
        for i, up_block_type in enumerate(up_block_types):
            is_final_block = i == len(block_out_channels) - 1
            prev_output_channel = output_channel
            output_channel = reversed_block_out_channels[i]
            input_channel = reversed_block_out_channels[min(i + 1, len(block_out_channels) - 1)]
            if not is_final_block:
                add_upsample = True
                self.num_upsamplers += 1
            else:
                add_upsample = False
            self.up_blocks.append(_get_up_block_dreamlite(up_block_type, num_layers=reversed_layers_per_block[i] + 1, transformer_layers_per_block=reversed_transformer_layers_per_block[i], in_channels=input_channel, out_channels=output_channel, prev_output_channel=prev_output_channel, temb_channels=blocks_time_embed_dim, add_upsample=add_upsample, resnet_eps=norm_eps, resnet_act_fn=act_fn, resolution_idx=i, resnet_groups=norm_num_groups, cross_attention_dim=reversed_cross_attention_dim[i], num_attention_heads=reversed_num_attention_heads[i], dual_cross_attention=dual_cross_attention, use_linear_projection=use_linear_projection, only_cross_attention=only_cross_attention[i], upcast_attention=upcast_attention, resnet_time_scale_shift=resnet_time_scale_shift, attention_type=attention_type, dropout=dropout, qk_norm=qk_norm, use_sep_conv=use_sep_conv, ff_mult=ff_mult, num_kv_heads=num_kv_heads))
        if norm_num_groups is not None:
            self.conv_norm_out = nn.GroupNorm(num_channels=block_out_channels[0], num_groups=norm_num_groups, eps=norm_eps)
            self.conv_act = get_activation(act_fn)
        else:
            self.conv_norm_out = None
            self.conv_act = None
        conv_out_padding = (conv_out_kernel - 1) // 2
        self.conv_out = nn.Conv2d(block_out_channels[0], out_channels, kernel_size=conv_out_kernel, padding=conv_out_padding)
        self._set_pos_net_if_use_gligen(attention_type=attention_type, cross_attention_dim=cross_attention_dim)
        for module in self.modules():
            if isinstance(module, Attention):
                module.set_processor(DreamLiteAttnProcessor2_0())

    def _set_encoder_hid_proj(self, encoder_hid_dim_type, cross_attention_dim, encoder_hid_dim):
        if encoder_hid_dim_type == 'text_proj_rms':
            if encoder_hid_dim is None:
                raise ValueError("`encoder_hid_dim` has to be defined when `encoder_hid_dim_type` is set to 'text_proj_rms'.")
            self.encoder_hid_proj = nn.Sequential(nn.Linear(encoder_hid_dim, cross_attention_dim), RMSNorm(cross_attention_dim, eps=1e-05, elementwise_affine=True))
            return
        super()._set_encoder_hid_proj(encoder_hid_dim_type=encoder_hid_dim_type, cross_attention_dim=cross_attention_dim, encoder_hid_dim=encoder_hid_dim)

    def _set_add_embedding(self, addition_embed_type, addition_embed_type_num_heads, addition_time_embed_dim, flip_sin_to_cos, freq_shift, cross_attention_dim, encoder_hid_dim, projection_class_embeddings_input_dim, time_embed_dim):
        if addition_embed_type == 'time':
            from .embeddings import TimestepEmbedding
            from .embeddings import Timesteps
            self.add_time_proj = Timesteps(addition_time_embed_dim, flip_sin_to_cos, freq_shift)
            self.add_embedding = TimestepEmbedding(projection_class_embeddings_input_dim, time_embed_dim)
            return
        super()._set_add_embedding(addition_embed_type=addition_embed_type, addition_embed_type_num_heads=addition_embed_type_num_heads, addition_time_embed_dim=addition_time_embed_dim, flip_sin_to_cos=flip_sin_to_cos, freq_shift=freq_shift, cross_attention_dim=cross_attention_dim, encoder_hid_dim=encoder_hid_dim, projection_class_embeddings_input_dim=projection_class_embeddings_input_dim, time_embed_dim=time_embed_dim)
