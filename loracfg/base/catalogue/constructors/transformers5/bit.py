"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): bit. Made by `python -m loracfg.base.transcriber`."""
from .common_activations import ACT2FN
from .common_backbone_utils import BackboneConfigMixin, BackboneMixin
from .common_configuration_utils import PreTrainedConfig
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.arrays import numpy as np
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
import collections
import math

@strict
class BitConfig(BackboneConfigMixin, PreTrainedConfig):
    model_type = 'bit'
    layer_types = ['preactivation', 'bottleneck']
    supported_padding = [None, 'SAME', 'VALID']
    num_channels: int = 3
    embedding_size: int = 64
    hidden_sizes: list[int] | tuple[int, ...] = (256, 512, 1024, 2048)
    depths: list[int] | tuple[int, ...] = (3, 4, 6, 3)
    layer_type: str = 'preactivation'
    hidden_act: str = 'relu'
    global_padding: str | None = None
    num_groups: int = 32
    drop_path_rate: float | int = 0.0
    embedding_dynamic_padding: bool = False
    output_stride: int = 32
    width_factor: int = 1
    _out_features: list[str] | None = None
    _out_indices: list[int] | None = None

    def __post_init__(self, **kwargs):
        self.hidden_sizes = list(self.hidden_sizes)
        self.depths = list(self.depths)
        if self.global_padding is not None:
            self.global_padding = self.global_padding.upper()
        self.stage_names = ['stem'] + [f'stage{idx}' for idx in range(1, len(self.depths) + 1)]
        self.set_output_features_output_indices(out_indices=kwargs.pop('out_indices', None), out_features=kwargs.pop('out_features', None))
        super().__post_init__(**kwargs)

    def validate_architecture(self):
        if self.layer_type not in self.layer_types:
            raise ValueError(f"layer_type={self.layer_type} is not one of {','.join(self.layer_types)}")
        if self.global_padding not in self.supported_padding:
            raise ValueError(f'Padding strategy {self.global_padding} not supported')

def get_padding_value(padding=None, kernel_size=7, stride=1, dilation=1):
    dynamic = False
    if padding is None:
        padding = (stride - 1 + dilation * (kernel_size - 1)) // 2
        return (padding, dynamic)
    if isinstance(padding, str):
        padding = padding.lower()
        if padding == 'same':
            if stride == 1 and dilation * (kernel_size - 1) % 2 == 0:
                padding = (stride - 1 + dilation * (kernel_size - 1)) // 2
            else:
                padding = 0
                dynamic = True
        elif padding == 'valid':
            padding = 0
        else:
            padding = (stride - 1 + dilation * (kernel_size - 1)) // 2
    return (padding, dynamic)

class WeightStandardizedConv2d(nn.Conv2d):

    def __init__(self, in_channel, out_channels, kernel_size, stride=1, padding='SAME', dilation=1, groups=1, bias=False, eps=1e-06):
        padding, is_dynamic = get_padding_value(padding, kernel_size, stride=stride, dilation=dilation)
        super().__init__(in_channel, out_channels, kernel_size, stride=stride, padding=padding, dilation=dilation, groups=groups, bias=bias)
        if is_dynamic:
            self.pad = DynamicPad2d(kernel_size, stride, dilation)
        else:
            self.pad = None
        self.eps = eps

class BitGroupNormActivation(nn.GroupNorm):

    def __init__(self, config, num_channels, eps=1e-05, affine=True, apply_activation=True):
        super().__init__(config.num_groups, num_channels, eps=eps, affine=affine)
        if apply_activation:
            self.activation = ACT2FN[config.hidden_act]
        else:
            self.activation = nn.Identity()

class DynamicPad2d(nn.Module):

    def __init__(self, kernel_size, stride, dilation, value=0):
        super().__init__()
        if isinstance(kernel_size, int):
            kernel_size = (kernel_size, kernel_size)
        if isinstance(stride, int):
            stride = (stride, stride)
        if isinstance(dilation, int):
            dilation = (dilation, dilation)
        self.kernel_size = kernel_size
        self.stride = stride
        self.dilation = dilation
        self.value = value

        def compute_padding(x, kernel_size, stride, dilation):
            return max((math.ceil(x / stride) - 1) * stride + (kernel_size - 1) * dilation + 1 - x, 0)
        self.compute_padding = compute_padding

class BitMaxPool2d(nn.MaxPool2d):

    def __init__(self, kernel_size, stride=None, dilation=1, ceil_mode=False, padding=(0, 0), padding_value=0, use_dynamic_padding=True):
        kernel_size = kernel_size if isinstance(kernel_size, collections.abc.Iterable) else (kernel_size, kernel_size)
        stride = stride if isinstance(stride, collections.abc.Iterable) else (stride, stride)
        dilation = dilation if isinstance(dilation, collections.abc.Iterable) else (dilation, dilation)
        super().__init__(kernel_size, stride, padding, dilation, ceil_mode)
        if use_dynamic_padding:
            self.pad = DynamicPad2d(kernel_size, stride, dilation, padding_value)
        else:
            self.pad = nn.Identity()

class BitEmbeddings(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.convolution = WeightStandardizedConv2d(config.num_channels, config.embedding_size, kernel_size=7, stride=2, eps=1e-08, padding=config.global_padding)
        self.pooler = BitMaxPool2d(kernel_size=3, stride=2, use_dynamic_padding=config.embedding_dynamic_padding)
        if config.global_padding is not None and config.global_padding.upper() == 'SAME':
            self.pad = nn.Identity()
        else:
            self.pad = nn.ConstantPad2d(padding=(1, 1, 1, 1), value=0.0)
        if config.layer_type != 'preactivation':
            self.norm = BitGroupNormActivation(config, num_channels=config.embedding_size)
        else:
            self.norm = nn.Identity()
        self.num_channels = config.num_channels

class BitDropPath(nn.Module):

    def __init__(self, drop_prob=0.0):
        super().__init__()
        self.drop_prob = drop_prob

def make_div(value, divisor=8):
    min_value = divisor
    new_value = max(min_value, int(value + divisor / 2) // divisor * divisor)
    if new_value < 0.9 * value:
        new_value += divisor
    return new_value

class BitPreActivationBottleneckLayer(nn.Module):

    def __init__(self, config, in_channels, out_channels=None, bottle_ratio=0.25, stride=1, dilation=1, first_dilation=None, groups=1, drop_path_rate=0.0, is_first_layer=False):
        super().__init__()
        first_dilation = first_dilation or dilation
        out_channels = out_channels or in_channels
        mid_channels = make_div(out_channels * bottle_ratio)
        if is_first_layer:
            self.downsample = BitDownsampleConv(config, in_channels, out_channels, stride=stride, preact=True)
        else:
            self.downsample = None
        self.norm1 = BitGroupNormActivation(config, in_channels)
        self.conv1 = WeightStandardizedConv2d(in_channels, mid_channels, 1, eps=1e-08, padding=config.global_padding)
        self.norm2 = BitGroupNormActivation(config, num_channels=mid_channels)
        self.conv2 = WeightStandardizedConv2d(mid_channels, mid_channels, 3, stride=stride, groups=groups, eps=1e-08, padding=config.global_padding)
        self.norm3 = BitGroupNormActivation(config, mid_channels)
        self.conv3 = WeightStandardizedConv2d(mid_channels, out_channels, 1, eps=1e-08, padding=config.global_padding)
        self.drop_path = BitDropPath(drop_path_rate) if drop_path_rate > 0 else nn.Identity()

class BitBottleneckLayer(nn.Module):

    def __init__(self, config, in_channels, out_channels=None, bottle_ratio=0.25, stride=1, dilation=1, first_dilation=None, groups=1, drop_path_rate=0.0, is_first_layer=False):
        super().__init__()
        first_dilation = first_dilation or dilation
        out_channels = out_channels or in_channels
        mid_chs = make_div(out_channels * bottle_ratio)
        if is_first_layer:
            self.downsample = BitDownsampleConv(config, in_channels, out_channels, stride=stride, preact=False)
        else:
            self.downsample = None
        self.conv1 = WeightStandardizedConv2d(in_channels, mid_chs, 1, eps=1e-08, padding=config.global_padding)
        self.norm1 = BitGroupNormActivation(config, num_channels=mid_chs)
        self.conv2 = WeightStandardizedConv2d(mid_chs, mid_chs, 3, stride=stride, dilation=first_dilation, groups=groups, eps=1e-08, padding=config.global_padding)
        self.norm2 = BitGroupNormActivation(config, num_channels=mid_chs)
        self.conv3 = WeightStandardizedConv2d(mid_chs, out_channels, 1, eps=1e-08, padding=config.global_padding)
        self.norm3 = BitGroupNormActivation(config, num_channels=out_channels, apply_activation=False)
        self.drop_path = BitDropPath(drop_path_rate) if drop_path_rate > 0 else nn.Identity()
        self.activation = ACT2FN[config.hidden_act]

class BitDownsampleConv(nn.Module):

    def __init__(self, config, in_channels, out_channels, stride=1, preact=True):
        super().__init__()
        self.conv = WeightStandardizedConv2d(in_channels, out_channels, 1, stride=stride, eps=1e-08, padding=config.global_padding)
        self.norm = nn.Identity() if preact else BitGroupNormActivation(config, num_channels=out_channels, apply_activation=False)

class BitStage(nn.Module):

    def __init__(self, config, in_channels, out_channels, stride, dilation, depth, bottle_ratio=0.25, layer_dropout=None):
        super().__init__()
        first_dilation = 1 if dilation in (1, 2) else 2
        if config.layer_type == 'bottleneck':
            layer_cls = BitBottleneckLayer
        else:
            layer_cls = BitPreActivationBottleneckLayer
        prev_chs = in_channels
        self.layers = nn.Sequential()
        for layer_idx in range(depth):
            stride, drop_path_rate, is_first_layer = self._get_updated_hyperparameters(layer_idx, stride, layer_dropout)
            self.layers.add_module(str(layer_idx), layer_cls(config, prev_chs, out_channels, stride=stride, dilation=dilation, bottle_ratio=bottle_ratio, first_dilation=first_dilation, drop_path_rate=drop_path_rate, is_first_layer=is_first_layer))
            prev_chs = out_channels
            first_dilation = dilation

    def _get_updated_hyperparameters(self, layer_idx, stride, layer_dropout):
        if layer_dropout:
            drop_path_rate = layer_dropout[layer_idx]
        else:
            drop_path_rate = 0.0
        if layer_idx != 0:
            stride = 1
        is_first_layer = layer_idx == 0
        return (stride, drop_path_rate, is_first_layer)

class BitEncoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.stages = nn.ModuleList([])
        prev_chs = config.embedding_size
        current_stride = 4
        dilation = 1
        layer_dropouts = [x.tolist() for x in torch.Tensor(np.linspace(0, config.drop_path_rate, sum(config.depths))).split(config.depths)]
        for stage_idx, (current_depth, current_hidden_size, layer_dropout) in enumerate(zip(config.depths, config.hidden_sizes, layer_dropouts)):
            out_channels, stride, dilation = self._get_updated_hyperparameters(stage_idx, current_stride, current_hidden_size, dilation, config)
            stage = BitStage(config, prev_chs, out_channels, stride=stride, dilation=dilation, depth=current_depth, layer_dropout=layer_dropout)
            prev_chs = out_channels
            current_stride *= stride
            self.stages.add_module(str(stage_idx), stage)

    def _get_updated_hyperparameters(self, stage_idx, current_stride, current_hidden_size, dilation, config):
        out_channels = make_div(current_hidden_size * config.width_factor)
        stride = 1 if stage_idx == 0 else 2
        if current_stride >= config.output_stride:
            dilation *= stride
            stride = 1
        return (out_channels, stride, dilation)

class BitPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'bit'
    main_input_name = 'pixel_values'

class BitModel(BitPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.embedder = BitEmbeddings(config)
        self.encoder = BitEncoder(config)
        self.norm = BitGroupNormActivation(config, num_channels=config.hidden_sizes[-1]) if config.layer_type == 'preactivation' else nn.Identity()
        self.pooler = nn.AdaptiveAvgPool2d((1, 1))
        self.post_init()

class BitForImageClassification(BitPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.num_labels = config.num_labels
        self.bit = BitModel(config)
        self.classifier = nn.Sequential(nn.Flatten(), nn.Linear(config.hidden_sizes[-1], config.num_labels) if config.num_labels > 0 else nn.Identity())
        self.post_init()

class BitBackbone(BackboneMixin, BitPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.bit = BitModel(config)
        self.num_features = [config.embedding_size] + config.hidden_sizes
        self.post_init()
