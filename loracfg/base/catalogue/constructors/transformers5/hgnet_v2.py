"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): hgnet_v2. Made by `python -m loracfg.base.transcriber`."""
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
class HGNetV2Config(BackboneConfigMixin, PreTrainedConfig):
    model_type = 'hgnet_v2'
    num_channels: int = 3
    embedding_size: int = 64
    depths: list[int] | tuple[int, ...] = (3, 4, 6, 3)
    hidden_sizes: list[int] | tuple[int, ...] = (256, 512, 1024, 2048)
    hidden_act: str = 'relu'
    _out_features: list[str] | None = None
    _out_indices: list[int] | None = None
    stem_channels: list[int] | tuple[int, ...] = (3, 32, 48)
    stem_strides: Sequence[int | list[int] | tuple[int, ...]] = (2, 1, 1, 2, 1)
    stage_in_channels: list[int] | tuple[int, ...] = (48, 128, 512, 1024)
    stage_mid_channels: list[int] | tuple[int, ...] = (48, 96, 192, 384)
    stage_out_channels: list[int] | tuple[int, ...] = (128, 512, 1024, 2048)
    stage_num_blocks: list[int] | tuple[int, ...] = (1, 1, 3, 1)
    stage_downsample: list[bool] | tuple[bool, ...] = (False, True, True, True)
    stage_downsample_strides: Sequence[int | list[int] | tuple[int, ...]] = (2, 2, 2, 2)
    stage_light_block: list[bool] | tuple[bool, ...] = (False, False, True, True)
    stage_kernel_size: list[int] | tuple[int, ...] = (3, 3, 5, 5)
    stage_numb_of_layers: list[int] | tuple[int, ...] = (6, 6, 6, 6)
    use_learnable_affine_block: bool = False
    initializer_range: float = 0.02

    def __post_init__(self, **kwargs):
        self.stage_names = ['stem'] + [f'stage{idx}' for idx in range(1, len(self.depths) + 1)]
        self.set_output_features_output_indices(out_indices=kwargs.pop('out_indices', None), out_features=kwargs.pop('out_features', None))
        self.hidden_sizes = list(self.hidden_sizes)
        super().__post_init__(**kwargs)

    def validate_architecture(self):
        if not len(self.stage_in_channels) == len(self.stage_mid_channels) == len(self.stage_out_channels) == len(self.stage_num_blocks) == len(self.stage_downsample) == len(self.stage_light_block) == len(self.stage_kernel_size) == len(self.stage_numb_of_layers):
            raise ValueError('All stage configuration lists must have the same length.')

class HGNetV2PreTrainedModel(PreTrainedModel):
    base_model_prefix = 'hgnetv2'
    main_input_name = 'pixel_values'

class HGNetV2LearnableAffineBlock(nn.Module):

    def __init__(self, scale_value=1.0, bias_value=0.0):
        super().__init__()
        self.scale = nn.Parameter(torch.tensor([scale_value]), requires_grad=True)
        self.bias = nn.Parameter(torch.tensor([bias_value]), requires_grad=True)

class HGNetV2ConvLayer(nn.Module):

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, groups=1, activation='relu', use_learnable_affine_block=False):
        super().__init__()
        self.convolution = nn.Conv2d(in_channels, out_channels, kernel_size=kernel_size, stride=stride, groups=groups, padding=(kernel_size - 1) // 2, bias=False)
        self.normalization = nn.BatchNorm2d(out_channels)
        self.activation = ACT2FN[activation] if activation is not None else nn.Identity()
        if activation and use_learnable_affine_block:
            self.lab = HGNetV2LearnableAffineBlock()
        else:
            self.lab = nn.Identity()

class HGNetV2ConvLayerLight(nn.Module):

    def __init__(self, in_channels, out_channels, kernel_size, use_learnable_affine_block=False):
        super().__init__()
        self.conv1 = HGNetV2ConvLayer(in_channels, out_channels, kernel_size=1, activation=None, use_learnable_affine_block=use_learnable_affine_block)
        self.conv2 = HGNetV2ConvLayer(out_channels, out_channels, kernel_size=kernel_size, groups=out_channels, use_learnable_affine_block=use_learnable_affine_block)

class HGNetV2Embeddings(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.stem1 = HGNetV2ConvLayer(config.stem_channels[0], config.stem_channels[1], kernel_size=3, stride=config.stem_strides[0], activation=config.hidden_act, use_learnable_affine_block=config.use_learnable_affine_block)
        self.stem2a = HGNetV2ConvLayer(config.stem_channels[1], config.stem_channels[1] // 2, kernel_size=2, stride=config.stem_strides[1], activation=config.hidden_act, use_learnable_affine_block=config.use_learnable_affine_block)
        self.stem2b = HGNetV2ConvLayer(config.stem_channels[1] // 2, config.stem_channels[1], kernel_size=2, stride=config.stem_strides[2], activation=config.hidden_act, use_learnable_affine_block=config.use_learnable_affine_block)
        self.stem3 = HGNetV2ConvLayer(config.stem_channels[1] * 2, config.stem_channels[1], kernel_size=3, stride=config.stem_strides[3], activation=config.hidden_act, use_learnable_affine_block=config.use_learnable_affine_block)
        self.stem4 = HGNetV2ConvLayer(config.stem_channels[1], config.stem_channels[2], kernel_size=1, stride=config.stem_strides[4], activation=config.hidden_act, use_learnable_affine_block=config.use_learnable_affine_block)
        self.pool = nn.MaxPool2d(kernel_size=2, stride=1, ceil_mode=True)
        self.num_channels = config.num_channels

class HGNetV2BasicLayer(nn.Module):

    def __init__(self, in_channels, middle_channels, out_channels, layer_num, kernel_size=3, residual=False, light_block=False, drop_path=0.0, use_learnable_affine_block=False):
        super().__init__()
        self.residual = residual
        self.layers = nn.ModuleList()
        for i in range(layer_num):
            temp_in_channels = in_channels if i == 0 else middle_channels
            if light_block:
                block = HGNetV2ConvLayerLight(in_channels=temp_in_channels, out_channels=middle_channels, kernel_size=kernel_size, use_learnable_affine_block=use_learnable_affine_block)
            else:
                block = HGNetV2ConvLayer(in_channels=temp_in_channels, out_channels=middle_channels, kernel_size=kernel_size, use_learnable_affine_block=use_learnable_affine_block, stride=1)
            self.layers.append(block)
        total_channels = in_channels + layer_num * middle_channels
        aggregation_squeeze_conv = HGNetV2ConvLayer(total_channels, out_channels // 2, kernel_size=1, stride=1, use_learnable_affine_block=use_learnable_affine_block)
        aggregation_excitation_conv = HGNetV2ConvLayer(out_channels // 2, out_channels, kernel_size=1, stride=1, use_learnable_affine_block=use_learnable_affine_block)
        self.aggregation = nn.Sequential(aggregation_squeeze_conv, aggregation_excitation_conv)
        self.drop_path = nn.Dropout(drop_path) if drop_path else nn.Identity()

class HGNetV2Stage(nn.Module):

    def __init__(self, config, stage_index, drop_path=0.0):
        super().__init__()
        in_channels = config.stage_in_channels[stage_index]
        mid_channels = config.stage_mid_channels[stage_index]
        out_channels = config.stage_out_channels[stage_index]
        num_blocks = config.stage_num_blocks[stage_index]
        num_layers = config.stage_numb_of_layers[stage_index]
        downsample = config.stage_downsample[stage_index]
        light_block = config.stage_light_block[stage_index]
        kernel_size = config.stage_kernel_size[stage_index]
        use_learnable_affine_block = config.use_learnable_affine_block
        stride = config.stage_downsample_strides[stage_index]
        if downsample:
            self.downsample = HGNetV2ConvLayer(in_channels, in_channels, kernel_size=3, stride=stride, groups=in_channels, activation=None)
        else:
            self.downsample = nn.Identity()
        blocks_list = []
        for i in range(num_blocks):
            blocks_list.append(HGNetV2BasicLayer(in_channels if i == 0 else out_channels, mid_channels, out_channels, num_layers, residual=i != 0, kernel_size=kernel_size, light_block=light_block, drop_path=drop_path, use_learnable_affine_block=use_learnable_affine_block))
        self.blocks = nn.ModuleList(blocks_list)

class HGNetV2Encoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.stages = nn.ModuleList([])
        for stage_index in range(len(config.stage_in_channels)):
            resnet_stage = HGNetV2Stage(config, stage_index)
            self.stages.append(resnet_stage)

class HGNetV2Backbone(BackboneMixin, HGNetV2PreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.depths = config.depths
        self.num_features = [config.embedding_size] + config.hidden_sizes
        self.embedder = HGNetV2Embeddings(config)
        self.encoder = HGNetV2Encoder(config)
        self.post_init()

class HGNetV2ForImageClassification(HGNetV2PreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.num_labels = config.num_labels
        self.embedder = HGNetV2Embeddings(config)
        self.encoder = HGNetV2Encoder(config)
        self.avg_pool = nn.AdaptiveAvgPool2d((1, 1))
        self.flatten = nn.Flatten()
        self.fc = nn.Linear(config.hidden_sizes[-1], config.num_labels) if config.num_labels > 0 else nn.Identity()
        self.classifier = nn.ModuleList([self.avg_pool, self.flatten])
        self.post_init()
