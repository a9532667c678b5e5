"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): pp_lcnet_v3. Made by `python -m loracfg.base.transcriber`."""
from .common_activations import ACT2FN
from .common_backbone_utils import BackboneConfigMixin, BackboneMixin
from .common_configuration_utils import PreTrainedConfig
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GradientCheckpointingLayer
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

@strict
class PPLCNetV3Config(BackboneConfigMixin, PreTrainedConfig):
    model_type = 'pp_lcnet_v3'
    scale: float | int = 1.0
    block_configs: list | None = None
    stem_channels: int = 16
    stem_stride: int = 2
    reduction: int = 4
    divisor: int = 8
    hidden_act: str = 'hardswish'
    _out_features: list[str] | None = None
    _out_indices: list[int] | None = None
    conv_symmetric_num: int = 4

    def __post_init__(self, **kwargs):
        self.block_configs = [[[3, 16, 32, 1, False]], [[3, 32, 64, 2, False], [3, 64, 64, 1, False]], [[3, 64, 128, 2, False], [3, 128, 128, 1, False]], [[3, 128, 256, 2, False], [5, 256, 256, 1, False], [5, 256, 256, 1, False], [5, 256, 256, 1, False], [5, 256, 256, 1, False]], [[5, 256, 512, 2, True], [5, 512, 512, 1, True], [5, 512, 512, 1, False], [5, 512, 512, 1, False]]] if self.block_configs is None else self.block_configs
        self.depths = [len(blocks) for blocks in self.block_configs]
        self.stage_names = ['stem'] + [f'stage{idx}' for idx in range(1, len(self.block_configs) + 1)]
        self.set_output_features_output_indices(out_indices=kwargs.pop('out_indices', None), out_features=kwargs.pop('out_features', None))
        super().__post_init__(**kwargs)

    def validate_architecture(self):
        if len(self.block_configs) != 5:
            raise ValueError(f'block_configs must have 5 stages, but got {len(self.block_configs)}')

class PPLCNetV3ConvLayer(nn.Module):

    def __init__(self, in_channels, out_channels, kernel_size=3, stride=1, bias=False, dilation=1, groups=1, activation='hardswish'):
        super().__init__()
        self.convolution = nn.Conv2d(in_channels=in_channels, out_channels=out_channels, kernel_size=kernel_size, stride=stride, padding=kernel_size // 2, bias=bias, dilation=dilation, groups=groups)
        self.normalization = nn.BatchNorm2d(out_channels)
        self.activation = ACT2FN[activation] if activation is not None else nn.Identity()

class PPLCNetV3LearnableAffineBlock(nn.Module):

    def __init__(self, scale_value=1.0, bias_value=0.0):
        super().__init__()
        self.scale = nn.Parameter(torch.tensor([scale_value]), requires_grad=True)
        self.bias = nn.Parameter(torch.tensor([bias_value]), requires_grad=True)

class PPLCNetV3ActLearnableAffineBlock(nn.Module):

    def __init__(self, activation='hardswish'):
        super().__init__()
        self.act = ACT2FN[activation]
        self.lab = PPLCNetV3LearnableAffineBlock()

class PPLCNetV3LearnableRepLayer(nn.Module):

    def __init__(self, in_channels, out_channels, kernel_size, activation, stride, num_conv_branches, groups=1):
        super().__init__()
        self.groups = groups
        self.stride = stride
        self.kernel_size = kernel_size
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.num_conv_branches = num_conv_branches
        self.padding = (kernel_size - 1) // 2
        self.identity = nn.BatchNorm2d(num_features=in_channels) if out_channels == in_channels and stride == 1 else None
        self.conv_symmetric = nn.ModuleList([PPLCNetV3ConvLayer(in_channels, out_channels, kernel_size, stride, groups=groups, activation=None) for _ in range(self.num_conv_branches)])
        self.conv_small_symmetric = PPLCNetV3ConvLayer(in_channels, out_channels, 1, stride, groups=groups, activation=None) if kernel_size > 1 else None
        self.lab = PPLCNetV3LearnableAffineBlock()
        self.act = PPLCNetV3ActLearnableAffineBlock(activation=activation)

class PPLCNetV3SqueezeExcitationModule(nn.Module):

    def __init__(self, channel, reduction=4):
        super().__init__()
        self.avg_pool = nn.AdaptiveAvgPool2d(1)
        self.convolutions = nn.ModuleList()
        for in_channels, out_channels, activation in [[channel, channel // reduction, nn.ReLU()], [channel // reduction, channel, nn.Hardsigmoid()]]:
            self.convolutions.append(nn.Conv2d(in_channels=in_channels, out_channels=out_channels, kernel_size=1, stride=1, padding=0, bias=True))
            self.convolutions.append(activation)

class PPLCNetV3DepthwiseSeparableConvLayer(GradientCheckpointingLayer):

    def __init__(self, in_channels, out_channels, stride, kernel_size, use_squeeze_excitation, config):
        super().__init__()
        self.depthwise_convolution = PPLCNetV3LearnableRepLayer(in_channels=in_channels, out_channels=in_channels, kernel_size=kernel_size, stride=stride, groups=in_channels, num_conv_branches=config.conv_symmetric_num, activation=config.hidden_act)
        self.squeeze_excitation_module = PPLCNetV3SqueezeExcitationModule(in_channels, config.reduction) if use_squeeze_excitation else nn.Identity()
        self.pointwise_convolution = PPLCNetV3LearnableRepLayer(in_channels=in_channels, kernel_size=1, out_channels=out_channels, stride=1, num_conv_branches=config.conv_symmetric_num, activation=config.hidden_act)

def make_divisible(value, divisor=8, min_value=None):
    if min_value is None:
        min_value = divisor
    new_value = max(min_value, int(value + divisor / 2) // divisor * divisor)
    if new_value < 0.9 * value:
        new_value += divisor
    return int(new_value)

class PPLCNetV3Block(nn.Module):

    def __init__(self, config, stage_index):
        super().__init__()
        self.config = config
        blocks = config.block_configs[stage_index]
        self.layers = nn.ModuleList()
        for kernel_size, in_channels, out_channels, stride, use_squeeze_excitation in blocks:
            scaled_in_channels = make_divisible(in_channels * config.scale, config.divisor)
            scaled_out_channels = make_divisible(out_channels * config.scale, config.divisor)
            depthwise_block = PPLCNetV3DepthwiseSeparableConvLayer(in_channels=scaled_in_channels, out_channels=scaled_out_channels, kernel_size=kernel_size, stride=stride, use_squeeze_excitation=use_squeeze_excitation, config=config)
            self.layers.append(depthwise_block)

class PPLCNetV3PreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    main_input_name = 'pixel_values'
    _can_compile_fullgraph = True
    supports_gradient_checkpointing = True

class PPLCNetV3Backbone(BackboneMixin, PPLCNetV3PreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        num_features = [config.stem_channels]
        for block in config.block_configs:
            num_features.append(int(block[-1][2] * config.scale))
        self.num_features = num_features
        self.encoder = PPLCNetV3Encoder(config)
        self.post_init()

class PPLCNetV3Encoder(PPLCNetV3PreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.convolution = PPLCNetV3ConvLayer(in_channels=3, kernel_size=3, out_channels=make_divisible(config.stem_channels * config.scale, config.divisor), stride=config.stem_stride, activation=None)
        self.blocks = nn.ModuleList([])
        for stage_index in range(len(config.block_configs)):
            block = PPLCNetV3Block(config, stage_index)
            self.blocks.append(block)
        self.post_init()
