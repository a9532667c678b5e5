"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): resnet. Made by `python -m loracfg.base.transcriber`."""
from .common_activations import ACT2FN
from .common_backbone_utils import BackboneConfigMixin, BackboneMixin
from .common_configuration_utils import PreTrainedConfig
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
from typing import ClassVar

@strict
class ResNetConfig(BackboneConfigMixin, PreTrainedConfig):
    model_type = 'resnet'
    layer_types: ClassVar[list[str]] = ['basic', 'bottleneck']
    num_channels: int = 3
    embedding_size: int = 64
    hidden_sizes: list[int] | tuple[int, ...] | None = (256, 512, 1024, 2048)
    depths: list[int] | tuple[int, ...] | None = (3, 4, 6, 3)
    layer_type: str = 'bottleneck'
    hidden_act: str = 'relu'
    downsample_in_first_stage: bool = False
    downsample_in_bottleneck: bool = False

    def __post_init__(self, **kwargs):
        self.stage_names = ['stem'] + [f'stage{idx}' for idx in range(1, len(self.depths) + 1)]
        self.set_output_features_output_indices(out_indices=kwargs.pop('out_indices', None), out_features=kwargs.pop('out_features', None))
        self.hidden_sizes = list(self.hidden_sizes)
        super().__post_init__(**kwargs)

    def validate_layer_type(self):
        if self.layer_type not in self.layer_types:
            raise ValueError(f"layer_type={self.layer_type} is not one of {','.join(self.layer_types)}")

class ResNetConvLayer(nn.Module):

    def __init__(self, in_channels, out_channels, kernel_size=3, stride=1, bias=False, dilation=1, groups=1, activation='relu'):
        super().__init__()
        self.convolution = nn.Conv2d(in_channels=in_channels, out_channels=out_channels, kernel_size=kernel_size, stride=stride, padding=kernel_size // 2, dilation=dilation, groups=groups, bias=bias)
        self.normalization = nn.BatchNorm2d(out_channels)
        self.activation = ACT2FN[activation] if activation is not None else nn.Identity()

class ResNetEmbeddings(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.embedder = ResNetConvLayer(config.num_channels, config.embedding_size, kernel_size=7, stride=2, activation=config.hidden_act)
        self.pooler = nn.MaxPool2d(kernel_size=3, stride=2, padding=1)
        self.num_channels = config.num_channels

class ResNetShortCut(nn.Module):

    def __init__(self, in_channels, out_channels, stride=2):
        super().__init__()
        self.convolution = nn.Conv2d(in_channels, out_channels, kernel_size=1, stride=stride, bias=False)
        self.normalization = nn.BatchNorm2d(out_channels)

class ResNetBasicLayer(nn.Module):

    def __init__(self, in_channels, out_channels, stride=1, activation='relu'):
        super().__init__()
        should_apply_shortcut = in_channels != out_channels or stride != 1
        self.shortcut = ResNetShortCut(in_channels, out_channels, stride=stride) if should_apply_shortcut else nn.Identity()
        self.layer = nn.Sequential(ResNetConvLayer(in_channels, out_channels, stride=stride), ResNetConvLayer(out_channels, out_channels, activation=None))
        self.activation = ACT2FN[activation]

class ResNetBottleNeckLayer(nn.Module):

    def __init__(self, in_channels, out_channels, stride=1, activation='relu', reduction=4, downsample_in_bottleneck=False):
        super().__init__()
        should_apply_shortcut = in_channels != out_channels or stride != 1
        reduces_channels = out_channels // reduction
        self.shortcut = ResNetShortCut(in_channels, out_channels, stride=stride) if should_apply_shortcut else nn.Identity()
        self.layer = nn.Sequential(ResNetConvLayer(in_channels, reduces_channels, kernel_size=1, stride=stride if downsample_in_bottleneck else 1), ResNetConvLayer(reduces_channels, reduces_channels, stride=stride if not downsample_in_bottleneck else 1), ResNetConvLayer(reduces_channels, out_channels, kernel_size=1, activation=None))
        self.activation = ACT2FN[activation]

class ResNetStage(nn.Module):

    def __init__(self, config, in_channels, out_channels, stride=2, depth=2):
        super().__init__()
        layer = ResNetBottleNeckLayer if config.layer_type == 'bottleneck' else ResNetBasicLayer
        if config.layer_type == 'bottleneck':
            first_layer = layer(in_channels, out_channels, stride=stride, activation=config.hidden_act, downsample_in_bottleneck=config.downsample_in_bottleneck)
        else:
            first_layer = layer(in_channels, out_channels, stride=stride, activation=config.hidden_act)
        self.layers = nn.Sequential(first_layer, *[layer(out_channels, out_channels, activation=config.hidden_act) for _ in range(depth - 1)])

class ResNetEncoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.stages = nn.ModuleList([])
        self.stages.append(ResNetStage(config, config.embedding_size, config.hidden_sizes[0], stride=2 if config.downsample_in_first_stage else 1, depth=config.depths[0]))
        in_out_channels = zip(config.hidden_sizes, config.hidden_sizes[1:])
        for (in_channels, out_channels), depth in zip(in_out_channels, config.depths[1:]):
            self.stages.append(ResNetStage(config, in_channels, out_channels, depth=depth))

class ResNetPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'resnet'
    main_input_name = 'pixel_values'

class ResNetModel(ResNetPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.embedder = ResNetEmbeddings(config)
        self.encoder = ResNetEncoder(config)
        self.pooler = nn.AdaptiveAvgPool2d((1, 1))
        self.post_init()

class ResNetForImageClassification(ResNetPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.num_labels = config.num_labels
        self.resnet = ResNetModel(config)
        self.classifier = nn.Sequential(nn.Flatten(), nn.Linear(config.hidden_sizes[-1], config.num_labels) if config.num_labels > 0 else nn.Identity())
        self.post_init()

class ResNetBackbone(BackboneMixin, ResNetPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.num_features = [config.embedding_size] + config.hidden_sizes
        self.embedder = ResNetEmbeddings(config)
        self.encoder = ResNetEncoder(config)
        self.post_init()
