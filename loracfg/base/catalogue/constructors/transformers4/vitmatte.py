"""Constructors of transformers 4.57.6 (Apache-2.0, The Hugging Face team): vitmatte. Made by `python -m loracfg.base.transcriber`."""
from .auto import CONFIG_MAPPING
from .common_configuration_utils import PretrainedConfig
from .common_modeling_utils import PreTrainedModel
from .common_utils_backbone_utils import load_backbone, verify_backbone_config_arguments
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
import copy

class VitMatteConfig(PretrainedConfig):
    model_type = 'vitmatte'

    def __init__(self, backbone_config=None, backbone=None, use_pretrained_backbone=False, use_timm_backbone=False, backbone_kwargs=None, hidden_size=384, batch_norm_eps=1e-05, initializer_range=0.02, convstream_hidden_sizes=[48, 96, 192], fusion_hidden_sizes=[256, 128, 64, 32], **kwargs):
        super().__init__(**kwargs)
        if backbone_config is None and backbone is None:
            backbone_config = CONFIG_MAPPING['vitdet'](out_features=['stage4'])
        elif isinstance(backbone_config, dict):
            backbone_model_type = backbone_config.get('model_type')
            config_class = CONFIG_MAPPING[backbone_model_type]
            backbone_config = config_class.from_dict(backbone_config)
        verify_backbone_config_arguments(use_timm_backbone=use_timm_backbone, use_pretrained_backbone=use_pretrained_backbone, backbone=backbone, backbone_config=backbone_config, backbone_kwargs=backbone_kwargs)
        self.backbone_config = backbone_config
        self.backbone = backbone
        self.use_pretrained_backbone = use_pretrained_backbone
        self.use_timm_backbone = use_timm_backbone
        self.backbone_kwargs = backbone_kwargs
        self.batch_norm_eps = batch_norm_eps
        self.hidden_size = hidden_size
        self.initializer_range = initializer_range
        self.convstream_hidden_sizes = convstream_hidden_sizes
        self.fusion_hidden_sizes = fusion_hidden_sizes

    @property
    def sub_configs(self):
        return {'backbone_config': type(self.backbone_config)} if getattr(self, 'backbone_config', None) is not None else {}

    def to_dict(self):
        output = copy.deepcopy(self.__dict__)
        output['backbone_config'] = self.backbone_config.to_dict()
        output['model_type'] = self.__class__.model_type
        return output

class VitMattePreTrainedModel(PreTrainedModel):
    main_input_name = 'pixel_values'
    supports_gradient_checkpointing = True
    _no_split_modules = []

class VitMatteBasicConv3x3(nn.Module):

    def __init__(self, config, in_channels, out_channels, stride=2, padding=1):
        super().__init__()
        self.conv = nn.Conv2d(in_channels=in_channels, out_channels=out_channels, kernel_size=3, stride=stride, padding=padding, bias=False)
        self.batch_norm = nn.BatchNorm2d(out_channels, eps=config.batch_norm_eps)
        self.relu = nn.ReLU()

class VitMatteConvStream(nn.Module):

    def __init__(self, config):
        super().__init__()
        in_channels = 4
        if config.backbone_config is not None:
            in_channels = config.backbone_config.num_channels
        out_channels = config.convstream_hidden_sizes
        self.convs = nn.ModuleList()
        self.conv_chans = [in_channels] + out_channels
        for i in range(len(self.conv_chans) - 1):
            in_chan_ = self.conv_chans[i]
            out_chan_ = self.conv_chans[i + 1]
            self.convs.append(VitMatteBasicConv3x3(config, in_chan_, out_chan_))

class VitMatteFusionBlock(nn.Module):

    def __init__(self, config, in_channels, out_channels):
        super().__init__()
        self.conv = VitMatteBasicConv3x3(config, in_channels, out_channels, stride=1, padding=1)

class VitMatteHead(nn.Module):

    def __init__(self, config):
        super().__init__()
        in_channels = config.fusion_hidden_sizes[-1]
        mid_channels = 16
        self.matting_convs = nn.Sequential(nn.Conv2d(in_channels, mid_channels, kernel_size=3, stride=1, padding=1), nn.BatchNorm2d(mid_channels), nn.ReLU(True), nn.Conv2d(mid_channels, 1, kernel_size=1, stride=1, padding=0))

class VitMatteDetailCaptureModule(nn.Module):

    def __init__(self, config):
        super().__init__()
        if len(config.fusion_hidden_sizes) != len(config.convstream_hidden_sizes) + 1:
            raise ValueError('The length of fusion_hidden_sizes should be equal to the length of convstream_hidden_sizes + 1.')
        self.config = config
        self.convstream = VitMatteConvStream(config)
        self.conv_chans = self.convstream.conv_chans
        self.fusion_blocks = nn.ModuleList()
        self.fusion_channels = [config.hidden_size] + config.fusion_hidden_sizes
        for i in range(len(self.fusion_channels) - 1):
            self.fusion_blocks.append(VitMatteFusionBlock(config=config, in_channels=self.fusion_channels[i] + self.conv_chans[-(i + 1)], out_channels=self.fusion_channels[i + 1]))
        self.matting_head = VitMatteHead(config)

class VitMatteForImageMatting(VitMattePreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.backbone = load_backbone(config)
        self.decoder = VitMatteDetailCaptureModule(config)
        self.post_init()
