"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): pp_ocrv5_mobile_det. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig
from .common_activations import ACT2FN
from .common_backbone_utils import load_backbone
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

@strict
class PPOCRV5MobileDetConfig(PreTrainedConfig):
    model_type = 'pp_ocrv5_mobile_det'
    sub_configs_defaults = {'backbone_config': SubConfigSpec(config_class=AutoConfig, model_type='pp_lcnet_v3', init_kwargs={'scale': 0.75, 'out_features': ['stage2', 'stage3', 'stage4', 'stage5'], 'out_indices': [2, 3, 4, 5], 'divisor': 16})}
    backbone_config: dict | PreTrainedConfig | None = None
    reduction: int = 4
    neck_out_channels: int = 96
    interpolate_mode: str = 'nearest'
    kernel_list: list[int] | tuple[int, ...] = (3, 2, 2)
    layer_list_out_channels: list[int] | tuple[int, ...] = (12, 18, 42, 360)

    def __post_init__(self, **kwargs):
        self.id2label = {0: 'text'} if self.id2label is None else self.id2label
        super().__post_init__(**kwargs)

class PPOCRV5MobileDetPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    main_input_name = 'pixel_values'
    _can_compile_fullgraph = True

class PPOCRV5MobileDetSqueezeExcitationModule(nn.Module):

    def __init__(self, in_channels, reduction, activation='relu'):
        super().__init__()
        self.avg_pool = nn.AdaptiveAvgPool2d(output_size=1)
        self.conv1 = nn.Conv2d(in_channels=in_channels, out_channels=in_channels // reduction, kernel_size=1, stride=1, padding=0)
        self.conv2 = nn.Conv2d(in_channels=in_channels // reduction, out_channels=in_channels, kernel_size=1, stride=1, padding=0)
        self.act_fn = ACT2FN[activation]

class PPOCRV5MobileDetResidualSqueezeExcitationLayer(nn.Module):

    def __init__(self, in_channels, out_channels, kernel_size, reduction):
        super().__init__()
        self.in_conv = nn.Conv2d(in_channels=in_channels, out_channels=out_channels, kernel_size=kernel_size, padding=int(kernel_size // 2), bias=False)
        self.squeeze_excitation_block = PPOCRV5MobileDetSqueezeExcitationModule(out_channels, reduction)

class PPOCRV5MobileDetNeck(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.interpolate_mode = config.interpolate_mode
        self.insert_conv = nn.ModuleList()
        self.input_conv = nn.ModuleList()
        for i in range(len(config.layer_list_out_channels)):
            self.insert_conv.append(PPOCRV5MobileDetResidualSqueezeExcitationLayer(config.layer_list_out_channels[i], config.neck_out_channels, 1, config.reduction))
            self.input_conv.append(PPOCRV5MobileDetResidualSqueezeExcitationLayer(config.neck_out_channels, config.neck_out_channels // 4, 3, config.reduction))

class PPOCRV5MobileDetConvBatchnormLayer(nn.Module):

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=1, groups=1, activation='relu', bias=False, convolution_transpose=False):
        super().__init__()
        if convolution_transpose:
            self.convolution = nn.ConvTranspose2d(in_channels=in_channels, out_channels=out_channels, kernel_size=kernel_size, stride=stride)
        else:
            self.convolution = nn.Conv2d(in_channels=in_channels, out_channels=out_channels, kernel_size=kernel_size, stride=stride, padding=padding, groups=groups, bias=bias)
        self.norm = nn.BatchNorm2d(out_channels)
        self.act_fn = nn.Identity() if activation is None else ACT2FN[activation]

class PPOCRV5MobileDetHead(nn.Module):

    def __init__(self, config):
        super().__init__()
        in_channels = config.neck_out_channels
        kernel_list = config.kernel_list
        self.conv_down = PPOCRV5MobileDetConvBatchnormLayer(in_channels=in_channels, out_channels=in_channels // 4, kernel_size=kernel_list[0], padding=int(kernel_list[0] // 2))
        self.conv_up = PPOCRV5MobileDetConvBatchnormLayer(in_channels=in_channels // 4, out_channels=in_channels // 4, kernel_size=kernel_list[1], stride=2, convolution_transpose=True)
        self.conv_final = nn.ConvTranspose2d(in_channels=in_channels // 4, out_channels=1, kernel_size=kernel_list[2], stride=2)

class PPOCRV5MobileDetModel(PPOCRV5MobileDetPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.backbone = load_backbone(config)
        out_channels = [self.backbone.num_features[i] for i in self.backbone.out_indices]
        self.layer = nn.ModuleList()
        for idx, out_channel in enumerate(out_channels):
            self.layer.append(nn.Conv2d(out_channel, config.layer_list_out_channels[idx], 1, 1, 0))
        self.neck = PPOCRV5MobileDetNeck(config)
        self.post_init()

class PPOCRV5MobileDetForObjectDetection(PPOCRV5MobileDetPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.model = PPOCRV5MobileDetModel(config)
        self.head = PPOCRV5MobileDetHead(config)
        self.post_init()
