"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): pp_ocrv5_server_det. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig
from .common_activations import ACT2FN
from .common_backbone_utils import load_backbone
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

@strict
class PPOCRV5ServerDetConfig(PreTrainedConfig):
    sub_configs_defaults = {'backbone_config': SubConfigSpec(config_class=AutoConfig, model_type='hgnet_v2', init_kwargs={'arch': 'L', 'return_idx': [0, 1, 2, 3], 'freeze_stem_only': True, 'freeze_at': 0, 'freeze_norm': True, 'lr_mult_list': [0, 0.05, 0.05, 0.05, 0.05], 'out_features': ['stage1', 'stage2', 'stage3', 'stage4']})}
    model_type = 'pp_ocrv5_server_det'
    interpolate_mode: str = 'nearest'
    backbone_config: dict | PreTrainedConfig | None = None
    neck_out_channels: int = 256
    reduce_factor: int = 2
    intraclass_block_number: int = 4
    intraclass_block_config: dict | None = None
    scale_factor: int = 2
    scale_factor_list: list | None = None
    hidden_act: str = 'relu'
    kernel_list: list | None = None
    id2label: dict[int, str] | dict[str, str] | None = None

    def __post_init__(self, **kwargs):
        self.id2label = {0: 'text'} if self.id2label is None else self.id2label
        super().__post_init__(**kwargs)

class PPOCRV5ServerDetIntraclassBlock(nn.Module):

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
        self.conv_final = PPOCRV5ServerDetConvBatchnormLayer(in_channels=reduced_channels, out_channels=in_channels, kernel_size=intraclass_block_config['return_channel'][0], stride=intraclass_block_config['return_channel'][1], padding=intraclass_block_config['return_channel'][2], bias=True)

class PPOCRV5ServerDetNeck(nn.Module):

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
            feature_projection_convolution = nn.Conv2d(in_channels=config.neck_out_channels, out_channels=config.neck_out_channels // 4, kernel_size=9, padding=4, bias=False)
            self.input_feature_projection_convolution.append(feature_projection_convolution)
            if backbone_stage_index > 0:
                pan_head_convolution = nn.Conv2d(in_channels=config.neck_out_channels // 4, out_channels=config.neck_out_channels // 4, kernel_size=3, padding=1, stride=2, bias=False)
                self.path_aggregation_head_convolution.append(pan_head_convolution)
            pan_lateral_convolution = nn.Conv2d(in_channels=config.neck_out_channels // 4, out_channels=config.neck_out_channels // 4, kernel_size=9, padding=4, bias=False)
            self.path_aggregation_lateral_convolution.append(pan_lateral_convolution)
        self.intraclass_blocks = nn.ModuleList()
        for _ in range(config.intraclass_block_number):
            self.intraclass_blocks.append(PPOCRV5ServerDetIntraclassBlock(config.intraclass_block_config, config.neck_out_channels // 4, reduce_factor=config.reduce_factor))

class PPOCRV5ServerDetConvBatchnormLayer(nn.Module):

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=1, groups=1, activation='relu', bias=False, convolution_transpose=False):
        super().__init__()
        if convolution_transpose:
            self.convolution = nn.ConvTranspose2d(in_channels=in_channels, out_channels=out_channels, kernel_size=kernel_size, stride=stride)
        else:
            self.convolution = nn.Conv2d(in_channels=in_channels, out_channels=out_channels, kernel_size=kernel_size, stride=stride, padding=padding, groups=groups, bias=bias)
        self.norm = nn.BatchNorm2d(out_channels)
        self.act_fn = nn.Identity() if activation is None else ACT2FN[activation]

class PPOCRV5ServerDetSegmentationHead(nn.Module):

    def __init__(self, config):
        super().__init__()
        in_channels = config.neck_out_channels
        kernel_list = config.kernel_list
        self.conv_down = PPOCRV5ServerDetConvBatchnormLayer(in_channels=in_channels, out_channels=in_channels // 4, kernel_size=kernel_list[0], padding=int(kernel_list[0] // 2))
        self.conv_up = PPOCRV5ServerDetConvBatchnormLayer(in_channels=in_channels // 4, out_channels=in_channels // 4, kernel_size=kernel_list[1], stride=2, convolution_transpose=True)
        self.conv_final = nn.ConvTranspose2d(in_channels=in_channels // 4, out_channels=1, kernel_size=kernel_list[2], stride=2)

class PPOCRV5ServerDetLocalModule(nn.Module):

    def __init__(self, in_channels, out_channels, hidden_act):
        super().__init__()
        self.convolution_backbone = PPOCRV5ServerDetConvBatchnormLayer(in_channels=in_channels + 1, out_channels=out_channels, kernel_size=3, stride=1, padding=1, activation=hidden_act)
        self.convolution_final = nn.Conv2d(in_channels=out_channels, out_channels=1, kernel_size=1, stride=1, padding=0)

class PPOCRV5ServerDetHead(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.binarize_head = PPOCRV5ServerDetSegmentationHead(config)
        self.upsample_convolution = nn.Upsample(scale_factor=config.scale_factor, mode=config.interpolate_mode)
        self.local_refinement_module = PPOCRV5ServerDetLocalModule(config.neck_out_channels // 4, config.neck_out_channels // 4, config.hidden_act)

class PPOCRV5ServerDetPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    main_input_name = 'pixel_values'
    _can_compile_fullgraph = True

class PPOCRV5ServerDetModel(PPOCRV5ServerDetPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.backbone = load_backbone(config)
        self.neck = PPOCRV5ServerDetNeck(config)
        self.post_init()

class PPOCRV5ServerDetForObjectDetection(PPOCRV5ServerDetPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.model = PPOCRV5ServerDetModel(config)
        self.head = PPOCRV5ServerDetHead(config)
        self.post_init()
