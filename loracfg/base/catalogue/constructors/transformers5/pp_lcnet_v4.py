"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): pp_lcnet_v4. Made by `python -m loracfg.base.transcriber`."""
from .common_activations import ACT2FN
from .common_backbone_utils import BackboneConfigMixin, BackboneMixin
from .common_configuration_utils import PreTrainedConfig
from .common_modeling_utils import PreTrainedModel
from collections.abc import Sequence
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

@strict
class PPLCNetV4Config(BackboneConfigMixin, PreTrainedConfig):
    model_type = 'pp_lcnet_v4'
    scale: float | int = 1.0
    block_configs: list | None = None
    stem_channels: list[int] | tuple[int, ...] = (3, 48, 96)
    reduction: int = 4
    hidden_act: str = 'relu'
    _out_features: list[str] | None = None
    _out_indices: list[int] | None = None
    num_channels: int = 3
    stem_strides: Sequence[int | list[int] | tuple[int, ...]] = (2, 1, 1, 2, 1)
    stem_type: str = 'large'
    use_learnable_affine_block: bool = False

    def __post_init__(self, **kwargs):
        self.block_configs = [[[3, 96, 96, 1, True]], [[3, 96, 96, 1, False], [3, 96, 96, 1, False]], [[3, 96, 192, [2, 1], False], [3, 192, 192, 1, True], [3, 192, 192, 1, False], [3, 192, 192, 1, True], [3, 192, 192, 1, False], [3, 192, 192, 1, True], [3, 192, 192, 1, False]], [[3, 192, 384, [2, 1], False], [3, 384, 384, 1, True], [3, 384, 384, 1, False]]] if self.block_configs is None else self.block_configs
        self.depths = [len(blocks) for blocks in self.block_configs]
        self.stage_names = ['stem'] + [f'stage{idx}' for idx in range(1, len(self.block_configs) + 1)]
        self.set_output_features_output_indices(out_indices=kwargs.pop('out_indices', None), out_features=kwargs.pop('out_features', None))
        self.stage_out_channels = [blocks[-1][2] for blocks in self.block_configs]
        super().__post_init__(**kwargs)

    def validate_architecture(self):
        if len(self.block_configs) != 4:
            raise ValueError(f'block_configs must have 5 stages, but got {len(self.block_configs)}')
        if self.stem_type not in ['large', 'small']:
            raise ValueError(f"stem_type must be either 'large' or 'small', but got {self.stem_type}")

class PPLCNetV4LearnableAffineBlock(nn.Module):

    def __init__(self, scale_value=1.0, bias_value=0.0):
        super().__init__()
        self.scale = nn.Parameter(torch.tensor([scale_value]), requires_grad=True)
        self.bias = nn.Parameter(torch.tensor([bias_value]), requires_grad=True)

class PPLCNetV4ConvLayer(nn.Module):

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, groups=1, activation='relu', use_learnable_affine_block=False):
        super().__init__()
        self.convolution = nn.Conv2d(in_channels, out_channels, kernel_size=kernel_size, stride=stride, groups=groups, padding=(kernel_size - 1) // 2, bias=False)
        self.normalization = nn.BatchNorm2d(out_channels)
        self.activation = ACT2FN[activation] if activation is not None else nn.Identity()
        if activation and use_learnable_affine_block:
            self.lab = PPLCNetV4LearnableAffineBlock()
        else:
            self.lab = nn.Identity()

class PPLCNetV4SqueezeExcitationModule(nn.Module):

    def __init__(self, channel, reduction=4):
        super().__init__()
        self.avg_pool = nn.AdaptiveAvgPool2d(1)
        self.convolutions = nn.ModuleList()
        for in_channels, out_channels, activation in [[channel, channel // reduction, nn.ReLU()], [channel // reduction, channel, nn.Hardsigmoid()]]:
            self.convolutions.append(nn.Conv2d(in_channels=in_channels, out_channels=out_channels, kernel_size=1, stride=1, padding=0, bias=True))
            self.convolutions.append(activation)

class PPLCNetV4LargeStem(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.stem1 = PPLCNetV4ConvLayer(config.stem_channels[0], config.stem_channels[1], kernel_size=3, stride=config.stem_strides[0], activation=config.hidden_act, use_learnable_affine_block=config.use_learnable_affine_block)
        self.stem2a = PPLCNetV4ConvLayer(config.stem_channels[1], config.stem_channels[1] // 2, kernel_size=2, stride=config.stem_strides[1], activation=config.hidden_act, use_learnable_affine_block=config.use_learnable_affine_block)
        self.stem2b = PPLCNetV4ConvLayer(config.stem_channels[1] // 2, config.stem_channels[1], kernel_size=2, stride=config.stem_strides[2], activation=config.hidden_act, use_learnable_affine_block=config.use_learnable_affine_block)
        self.stem3 = PPLCNetV4ConvLayer(config.stem_channels[1] * 2, config.stem_channels[1], kernel_size=3, stride=config.stem_strides[3], activation=config.hidden_act, use_learnable_affine_block=config.use_learnable_affine_block)
        self.stem4 = PPLCNetV4ConvLayer(config.stem_channels[1], config.stem_channels[2], kernel_size=1, stride=config.stem_strides[4], activation=config.hidden_act, use_learnable_affine_block=config.use_learnable_affine_block)
        self.pool = nn.MaxPool2d(kernel_size=2, stride=1, ceil_mode=True)
        self.num_channels = config.num_channels

class PPLCNetV4SmallStem(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.conv1 = PPLCNetV4ConvLayer(in_channels=config.stem_channels[0], out_channels=config.stem_channels[1], kernel_size=3, stride=2, activation=None)
        self.act_fn = ACT2FN['gelu']
        self.conv2 = PPLCNetV4ConvLayer(in_channels=config.stem_channels[1], out_channels=config.stem_channels[2], kernel_size=3, stride=2, activation=None)

class PPLCNetV4DepthwiseSeparableConvLayer(nn.Module):

    def __init__(self, in_channels, out_channels, stride, kernel_size, use_squeeze_excitation, config):
        super().__init__()
        self.has_residual = in_channels == out_channels and stride == 1
        self.use_rep_dw = stride == 1 and in_channels == out_channels
        self.token_conv = nn.Conv2d(in_channels=in_channels, out_channels=out_channels, kernel_size=kernel_size, stride=stride, padding=kernel_size // 2, groups=in_channels) if self.use_rep_dw else PPLCNetV4ConvLayer(in_channels=in_channels, out_channels=in_channels, kernel_size=kernel_size, stride=stride, groups=in_channels, activation=None)
        self.token_squeeze_excitation = PPLCNetV4SqueezeExcitationModule(in_channels, config.reduction) if use_squeeze_excitation else nn.Identity()
        self.channel_conv1 = PPLCNetV4ConvLayer(in_channels=in_channels, out_channels=in_channels * 2, kernel_size=1, stride=1, activation=None)
        self.channel_act_fn = ACT2FN['gelu']
        self.channel_conv2 = PPLCNetV4ConvLayer(in_channels=in_channels * 2, out_channels=out_channels, kernel_size=1, stride=1, activation=None)

class PPLCNetV4Block(nn.Module):

    def __init__(self, config, stage_index):
        super().__init__()
        self.config = config
        blocks = config.block_configs[stage_index]
        self.blocks = nn.ModuleList()
        for kernel_size, in_channels, out_channels, stride, use_squeeze_excitation in blocks:
            self.blocks.append(PPLCNetV4DepthwiseSeparableConvLayer(in_channels=in_channels, out_channels=out_channels, kernel_size=kernel_size, stride=stride, use_squeeze_excitation=use_squeeze_excitation, config=config))

class PPLCNetV4PreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    main_input_name = 'pixel_values'
    _can_compile_fullgraph = True
    supports_gradient_checkpointing = True

class PPLCNetV4Encoder(PPLCNetV4PreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.convolution = PPLCNetV4LargeStem(config) if config.stem_type == 'large' else PPLCNetV4SmallStem(config)
        self.blocks = nn.ModuleList([])
        for stage_index in range(len(config.block_configs)):
            block = PPLCNetV4Block(config, stage_index)
            self.blocks.append(block)
        self.post_init()

class PPLCNetV4Backbone(BackboneMixin, PPLCNetV4PreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        num_features = [config.stem_channels]
        for block in config.block_configs:
            num_features.append(int(block[-1][2] * config.scale))
        self.num_features = num_features
        self.encoder = PPLCNetV4Encoder(config)
        self.post_init()
