"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): pp_ocrv6_medium_det. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig
from .common_activations import ACT2FN
from .common_backbone_utils import consolidate_backbone_kwargs_to_config, load_backbone
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

@strict
class PPOCRV6MediumDetConfig(PreTrainedConfig):
    sub_configs_defaults = {'backbone_config': SubConfigSpec(config_class=AutoConfig, model_type='hgnet_v2', init_kwargs={'arch': 'L', 'return_idx': [0, 1, 2, 3], 'freeze_stem_only': True, 'freeze_at': 0, 'freeze_norm': True, 'lr_mult_list': [0, 0.05, 0.05, 0.05, 0.05], 'out_features': ['stage1', 'stage2', 'stage3', 'stage4']})}
    model_type = 'pp_ocrv6_medium_det'
    interpolate_mode: str = 'nearest'
    backbone_config: dict | PreTrainedConfig | None = None
    neck_out_channels: int = 256
    reduce_factor: int = 2
    intraclass_block_number: int = 4
    intraclass_block_config: dict | None = None
    scale_factor: int = 2
    scale_factor_list: list | None = None
    kernel_list: list | None = None
    id2label: dict[int, str] | dict[str, str] | None = None

    def __post_init__(self, **kwargs):
        self.backbone_config, kwargs = consolidate_backbone_kwargs_to_config(backbone_config=self.backbone_config, default_config_type='pp_lcnet_v4', **kwargs)
        self.id2label = {0: 'text'} if self.id2label is None else self.id2label
        super().__post_init__(**kwargs)

class PPOCRV6MediumDetConvBatchnormLayer(nn.Module):

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=1, groups=1, activation='relu', bias=False, convolution_transpose=False):
        super().__init__()
        if convolution_transpose:
            self.convolution = nn.ConvTranspose2d(in_channels=in_channels, out_channels=out_channels, kernel_size=kernel_size, stride=stride)
        else:
            self.convolution = nn.Conv2d(in_channels=in_channels, out_channels=out_channels, kernel_size=kernel_size, stride=stride, padding=padding, groups=groups, bias=bias)
        self.norm = nn.BatchNorm2d(out_channels)
        self.act_fn = nn.Identity() if activation is None else ACT2FN[activation]

class PPOCRV6MediumDetHead(nn.Module):

    def __init__(self, config):
        super().__init__()
        in_channels = config.neck_out_channels
        kernel_list = config.kernel_list
        self.conv_down = PPOCRV6MediumDetConvBatchnormLayer(in_channels=in_channels, out_channels=in_channels // 4, kernel_size=kernel_list[0], padding=int(kernel_list[0] // 2))
        self.conv_up = PPOCRV6MediumDetConvBatchnormLayer(in_channels=in_channels // 4, out_channels=in_channels // 4, kernel_size=kernel_list[1], stride=2, convolution_transpose=True)
        self.conv_final = nn.ConvTranspose2d(in_channels=in_channels // 4, out_channels=1, kernel_size=kernel_list[2], stride=2)

class PPOCRV6MediumDetIntraclassBlock(nn.Module):

    def __init__(self, intraclass_block_config=None, in_channels=96, reduce_factor=4):
        super().__init__()
        reduced_channels = in_channels // reduce_factor
        self.conv_reduce_channel = nn.Conv2d(in_channels, reduced_channels, *intraclass_block_config['reduce_channel'])
        self.vertical_long_to_small_conv_longratio = nn.Conv2d(reduced_channels, reduced_channels, *intraclass_block_config['vertical_long_to_small_conv_longratio'])
        self.vertical_long_to_small_conv_midratio = nn.Conv2d(reduced_channels, reduced_channels, *intraclass_block_config['vertical_long_to_small_conv_midratio'])
        self.vertical_long_to_small_conv_shortratio = nn.Conv2d(reduced_channels, reduced_channels, *intraclass_block_config['vertical_long_to_small_conv_shortratio'])
        self.horizontal_small_to_long_conv_longratio = nn.Conv2d(reduced_channels, reduced_channels, *intraclass_block_config['horizontal_small_to_long_conv_longratio'])
        self.horizontal_small_to_long_conv_midratio = nn.Conv2d(reduced_channels, reduced_channels, *intraclass_block_config['horizontal_small_to_long_conv_midratio'])
        self.horizontal_small_to_long_conv_shortratio = nn.Conv2d(reduced_channels, reduced_channels, *intraclass_block_config['horizontal_small_to_long_conv_shortratio'])
        self.symmetric_conv_long_longratio = nn.Conv2d(reduced_channels, reduced_channels, *intraclass_block_config['symmetric_conv_long_longratio'])
        self.symmetric_conv_long_midratio = nn.Conv2d(reduced_channels, reduced_channels, *intraclass_block_config['symmetric_conv_long_midratio'])
        self.symmetric_conv_long_shortratio = nn.Conv2d(reduced_channels, reduced_channels, *intraclass_block_config['symmetric_conv_long_shortratio'])
        self.conv_final = PPOCRV6MediumDetConvBatchnormLayer(in_channels=reduced_channels, out_channels=in_channels, kernel_size=intraclass_block_config['return_channel'][0], stride=intraclass_block_config['return_channel'][1], padding=intraclass_block_config['return_channel'][2], bias=True)

class PPOCRV6MediumDetNeck(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.interpolate_mode = config.interpolate_mode
        self.scale_factor_list = config.scale_factor_list
        self.num_backbone_stages = len(config.backbone_config.stage_out_channels)
        self.input_channel_adjustment_convolution = nn.ModuleList()
        self.input_feature_projection_convolution = nn.ModuleList()
        self.path_aggregation_head_convolution = nn.ModuleList()
        self.path_aggregation_lateral_convolution = nn.ModuleList()
        backbone_stage_output_channels = config.backbone_config.stage_out_channels
        for backbone_stage_index in range(len(backbone_stage_output_channels)):
            channel_adjustment_convolution = nn.Conv2d(in_channels=backbone_stage_output_channels[backbone_stage_index], out_channels=config.neck_out_channels, kernel_size=1, bias=False)
            self.input_channel_adjustment_convolution.append(channel_adjustment_convolution)
            feature_projection_convolution = nn.Conv2d(in_channels=config.neck_out_channels, out_channels=config.neck_out_channels // 4, kernel_size=9, padding=4, bias=True)
            self.input_feature_projection_convolution.append(feature_projection_convolution)
            if backbone_stage_index > 0:
                pan_head_convolution = nn.Conv2d(in_channels=config.neck_out_channels // 4, out_channels=config.neck_out_channels // 4, kernel_size=3, padding=1, stride=2, bias=False)
                self.path_aggregation_head_convolution.append(pan_head_convolution)
            pan_lateral_convolution = nn.Conv2d(in_channels=config.neck_out_channels // 4, out_channels=config.neck_out_channels // 4, kernel_size=9, padding=4, bias=True)
            self.path_aggregation_lateral_convolution.append(pan_lateral_convolution)
        self.intraclass_blocks = nn.ModuleList()
        for _ in range(config.intraclass_block_number):
            self.intraclass_blocks.append(PPOCRV6MediumDetIntraclassBlock(config.intraclass_block_config, config.neck_out_channels // 4, reduce_factor=config.reduce_factor))

class PPOCRV6MediumDetPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    main_input_name = 'pixel_values'
    _can_compile_fullgraph = True

class PPOCRV6MediumDetModel(PPOCRV6MediumDetPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.backbone = load_backbone(config)
        self.neck = PPOCRV6MediumDetNeck(config)
        self.post_init()

class PPOCRV6MediumDetForObjectDetection(PPOCRV6MediumDetPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.model = PPOCRV6MediumDetModel(config)
        self.head = PPOCRV6MediumDetHead(config)
        self.post_init()
