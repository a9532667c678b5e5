"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): pp_lcnet. Made by `python -m loracfg.base.transcriber`."""
from .common_activations import ACT2FN
from .common_backbone_utils import BackboneConfigMixin, BackboneMixin
from .common_configuration_utils import PreTrainedConfig
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.models import GradientCheckpointingLayer
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

@strict
class PPLCNetConfig(BackboneConfigMixin, PreTrainedConfig):
    model_type = 'pp_lcnet'
    scale: float | int = 1.0
    block_configs: list | None = None
    stem_channels: int = 16
    stem_stride: int = 2
    reduction: int = 4
    class_expand: int = 1280
    divisor: int = 8
    hidden_act: str = 'hardswish'
    _out_features: list[str] | None = None
    _out_indices: list[int] | None = None
    hidden_dropout_prob: float | int = 0.2

    def __post_init__(self, **kwargs):
        self.block_configs = [[[3, 16, 32, 1, False]], [[3, 32, 64, 2, False], [3, 64, 64, 1, False]], [[3, 64, 128, 2, False], [3, 128, 128, 1, False]], [[3, 128, 256, 2, False], [5, 256, 256, 1, False], [5, 256, 256, 1, False], [5, 256, 256, 1, False], [5, 256, 256, 1, False], [5, 256, 256, 1, False]], [[5, 256, 512, 2, True], [5, 512, 512, 1, True]]] if self.block_configs is None else self.block_configs
        self.depths = [len(blocks) for blocks in self.block_configs]
        self.stage_names = ['stem'] + [f'stage{idx}' for idx in range(1, len(self.block_configs) + 1)]
        self.set_output_features_output_indices(out_indices=kwargs.pop('out_indices', None), out_features=kwargs.pop('out_features', None))
        super().__post_init__(**kwargs)

    def validate_architecture(self):
        if len(self.block_configs) != 5:
            raise ValueError(f'block_configs must have 5 stages, but got {len(self.block_configs)}')

class PPLCNetConvLayer(nn.Module):

    def __init__(self, in_channels, out_channels, kernel_size=3, stride=1, bias=False, dilation=1, groups=1, activation='hardswish'):
        super().__init__()
        self.convolution = nn.Conv2d(in_channels=in_channels, out_channels=out_channels, kernel_size=kernel_size, stride=stride, padding=kernel_size // 2, bias=bias, dilation=dilation, groups=groups)
        self.normalization = nn.BatchNorm2d(out_channels)
        self.activation = ACT2FN[activation] if activation is not None else nn.Identity()

class PPLCNetDepthwiseSeparableConvLayer(GradientCheckpointingLayer):

    def __init__(self, in_channels, out_channels, stride, kernel_size, use_squeeze_excitation, config):
        super().__init__()
        self.depthwise_convolution = PPLCNetConvLayer(in_channels=in_channels, out_channels=in_channels, kernel_size=kernel_size, stride=stride, groups=in_channels, activation=config.hidden_act)
        self.squeeze_excitation_module = PPLCNetSqueezeExcitationModule(in_channels, config.reduction) if use_squeeze_excitation else nn.Identity()
        self.pointwise_convolution = PPLCNetConvLayer(in_channels=in_channels, kernel_size=1, out_channels=out_channels, stride=1, activation=config.hidden_act)

class PPLCNetSqueezeExcitationModule(nn.Module):

    def __init__(self, channel, reduction=4):
        super().__init__()
        self.avg_pool = nn.AdaptiveAvgPool2d(1)
        self.convolutions = nn.ModuleList()
        for in_channels, out_channels, activation in [[channel, channel // reduction, nn.ReLU()], [channel // reduction, channel, nn.Hardsigmoid()]]:
            self.convolutions.append(nn.Conv2d(in_channels=in_channels, out_channels=out_channels, kernel_size=1, stride=1, padding=0, bias=True))
            self.convolutions.append(activation)

def make_divisible(value, divisor=8, min_value=None):
    if min_value is None:
        min_value = divisor
    new_value = max(min_value, int(value + divisor / 2) // divisor * divisor)
    if new_value < 0.9 * value:
        new_value += divisor
    return int(new_value)

class PPLCNetBlock(nn.Module):

    def __init__(self, config, stage_index):
        super().__init__()
        self.config = config
        blocks = config.block_configs[stage_index]
        self.layers = nn.ModuleList()
        for kernel_size, in_channels, out_channels, stride, use_squeeze_excitation in blocks:
            scaled_in_channels = make_divisible(in_channels * config.scale, config.divisor)
            scaled_out_channels = make_divisible(out_channels * config.scale, config.divisor)
            depthwise_block = PPLCNetDepthwiseSeparableConvLayer(in_channels=scaled_in_channels, out_channels=scaled_out_channels, kernel_size=kernel_size, stride=stride, use_squeeze_excitation=use_squeeze_excitation, config=config)
            self.layers.append(depthwise_block)

class PPLCNetPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    main_input_name = 'pixel_values'
    _can_compile_fullgraph = True
    supports_gradient_checkpointing = True

class PPLCNetEncoder(PPLCNetPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.convolution = PPLCNetConvLayer(in_channels=3, kernel_size=3, out_channels=make_divisible(config.stem_channels * config.scale, config.divisor), stride=config.stem_stride, activation=config.hidden_act)
        self.blocks = nn.ModuleList([])
        for stage_index in range(len(config.block_configs)):
            block = PPLCNetBlock(config, stage_index)
            self.blocks.append(block)
        self.post_init()

class PPLCNetBackbone(BackboneMixin, PPLCNetPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        num_features = [config.stem_channels]
        for block in config.block_configs:
            num_features.append(int(block[-1][2] * config.scale))
        self.num_features = num_features
        self.encoder = PPLCNetEncoder(config)
        self.post_init()

class PPLCNetForImageClassification(PPLCNetPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.encoder = PPLCNetEncoder(config)
        self.config = config
        self.num_labels = config.num_labels
        last_block_out_channels = config.block_configs[-1][-1][2]
        self.avg_pool = nn.AdaptiveAvgPool2d(1)
        self.last_convolution = nn.Conv2d(in_channels=make_divisible(last_block_out_channels * config.scale, config.divisor), out_channels=config.class_expand, kernel_size=1, stride=1, padding=0, bias=False)
        self.act_fn = ACT2FN[config.hidden_act]
        self.hidden_dropout_prob = config.hidden_dropout_prob
        self.flatten = nn.Flatten(start_dim=1, end_dim=-1)
        self.head = nn.Linear(config.class_expand, config.num_labels) if config.num_labels > 0 else nn.Identity()
        self.post_init()
