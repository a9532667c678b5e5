"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): uvdoc. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig
from .common_activations import ACT2FN
from .common_backbone_utils import BackboneConfigMixin, BackboneMixin
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from collections.abc import Sequence
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.models import GradientCheckpointingLayer
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

@strict
class UVDocBackboneConfig(BackboneConfigMixin, PreTrainedConfig):
    model_type = 'uvdoc_backbone'
    _out_features: list[str] | None = None
    _out_indices: list[int] | None = None
    resnet_head: Sequence[list[int] | tuple[int, ...]] = ((3, 32), (32, 32))
    resnet_configs: Sequence[Sequence[tuple[int, int, int, bool] | list[int | bool]]] = (((32, 32, 1, False), (32, 32, 3, False), (32, 32, 3, False)), ((32, 64, 1, True), (64, 64, 3, False), (64, 64, 3, False), (64, 64, 3, False)), ((64, 128, 1, True), (128, 128, 3, False), (128, 128, 3, False), (128, 128, 3, False), (128, 128, 3, False), (128, 128, 3, False)))
    stage_configs: Sequence[Sequence[tuple[int, ...] | list[int]]] = (((128, 1),), ((128, 2),), ((128, 5),), ((128, 8), (128, 3), (128, 2)), ((128, 12), (128, 7), (128, 4)), ((128, 18), (128, 12), (128, 6)))
    kernel_size: int = 5

    def __post_init__(self, **kwargs):
        self.depths = [len(stages) for stages in self.stage_configs]
        self.stage_names = ['stem'] + [f'stage{idx}' for idx in range(1, len(self.stage_configs) + 1)]
        self.set_output_features_output_indices(out_indices=kwargs.pop('out_indices', None), out_features=kwargs.pop('out_features', None))
        super().__post_init__(**kwargs)

@strict
class UVDocConfig(PreTrainedConfig):
    model_type = 'uvdoc'
    sub_configs_defaults = {'backbone_config': SubConfigSpec(config_class=AutoConfig, model_type='uvdoc_backbone')}
    backbone_config: dict | PreTrainedConfig | None = None
    hidden_act: str = 'prelu'
    padding_mode: str = 'reflect'
    kernel_size: int = 5
    bridge_connector: list[int] | tuple[int, ...] = (128, 128)
    out_point_positions2D: Sequence[list[int] | tuple[int, ...]] = ((128, 32), (32, 2))

class UVDocConvLayer(nn.Module):

    def __init__(self, in_channels, out_channels, kernel_size=3, stride=1, padding=0, padding_mode='zeros', bias=False, dilation=1, activation='relu'):
        super().__init__()
        self.convolution = nn.Conv2d(in_channels, out_channels, bias=bias, kernel_size=kernel_size, stride=stride, padding=padding, padding_mode=padding_mode, dilation=dilation)
        self.normalization = nn.BatchNorm2d(out_channels)
        self.activation = ACT2FN[activation] if activation is not None else nn.Identity()

class UVDocResidualBlock(nn.Module):

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, downsample=False, activation='relu'):
        super().__init__()
        self.conv_down = UVDocConvLayer(in_channels=in_channels, out_channels=out_channels, kernel_size=kernel_size, stride=stride, padding=kernel_size // 2, bias=True, activation=None) if downsample else nn.Identity()
        self.conv_start = UVDocConvLayer(in_channels=in_channels, out_channels=out_channels, kernel_size=kernel_size, stride=stride, padding=padding, dilation=dilation, bias=True)
        self.conv_final = UVDocConvLayer(in_channels=out_channels, out_channels=out_channels, kernel_size=kernel_size, stride=1, padding=padding, bias=True, dilation=dilation, activation=None)
        self.act_fn = ACT2FN[activation] if activation is not None else nn.Identity()

class UVDocResNetStage(nn.Module):

    def __init__(self, config, stage_index):
        super().__init__()
        stages = config.resnet_configs[stage_index]
        self.layers = nn.ModuleList([])
        for in_channels, out_channels, dilation, downsample in stages:
            self.layers.append(UVDocResidualBlock(in_channels=in_channels, out_channels=out_channels, stride=2 if downsample else 1, padding=dilation * 2, dilation=dilation, downsample=downsample, kernel_size=config.kernel_size))

class UVDocResNet(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.resnet_head = nn.ModuleList([])
        for i in range(len(config.resnet_head)):
            self.resnet_head.append(UVDocConvLayer(in_channels=config.resnet_head[i][0], out_channels=config.resnet_head[i][1], kernel_size=config.kernel_size, stride=2, padding=config.kernel_size // 2))
        self.resnet_down = nn.ModuleList([])
        for stage_index in range(len(config.resnet_configs)):
            stage = UVDocResNetStage(config, stage_index)
            self.resnet_down.append(stage)

class UVDocBridgeBlock(GradientCheckpointingLayer):

    def __init__(self, config, bridge_index):
        super().__init__()
        self.blocks = nn.ModuleList([])
        bridge = config.stage_configs[bridge_index]
        for in_channels, dilation in bridge:
            self.blocks.append(UVDocConvLayer(in_channels, in_channels, padding=dilation, dilation=dilation))

class UVDocPointPositions2D(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.conv_down = UVDocConvLayer(in_channels=config.out_point_positions2D[0][0], out_channels=config.out_point_positions2D[0][1], kernel_size=config.kernel_size, stride=1, padding=config.kernel_size // 2, padding_mode=config.padding_mode, activation=config.hidden_act)
        self.conv_up = nn.Conv2d(in_channels=config.out_point_positions2D[1][0], out_channels=config.out_point_positions2D[1][1], kernel_size=config.kernel_size, stride=1, padding=config.kernel_size // 2, padding_mode=config.padding_mode)

class UVDocPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    main_input_name = 'pixel_values'
    _can_compile_fullgraph = True
    supports_gradient_checkpointing = True

class UVDocBridge(UVDocPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.bridge = nn.ModuleList([])
        for bridge_index in range(len(config.stage_configs)):
            self.bridge.append(UVDocBridgeBlock(config, bridge_index))
        self.post_init()

class UVDocBackbone(BackboneMixin, UVDocPreTrainedModel):
    base_model_prefix = 'backbone'

    def __init__(self, config):
        super().__init__(config)
        num_features = [config.resnet_head[-1][-1]]
        for stage in config.stage_configs:
            num_features.append(stage[0][1])
        self.num_features = num_features
        self.resnet = UVDocResNet(config)
        self.bridge = UVDocBridge(config)
        self.post_init()

class UVDocHead(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.num_bridge_layers = len(config.backbone_config.stage_configs)
        self.bridge_connector = UVDocConvLayer(in_channels=config.bridge_connector[0] * self.num_bridge_layers, out_channels=config.bridge_connector[1], kernel_size=1, stride=1, padding=0, dilation=1)
        self.out_point_positions2D = UVDocPointPositions2D(config)

class UVDocModel(UVDocPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.backbone = UVDocBackbone(config.backbone_config)
        self.head = UVDocHead(config)
        self.post_init()
