"""Constructors of transformers 4.57.6 (Apache-2.0, The Hugging Face team): vitpose. Made by `python -m loracfg.base.transcriber`."""
from .auto import CONFIG_MAPPING
from .common_configuration_utils import PretrainedConfig
from .common_modeling_utils import PreTrainedModel
from .common_utils_backbone_utils import load_backbone, verify_backbone_config_arguments
from loracfg.base.catalogue.stand_ins.nn import nn

class VitPoseConfig(PretrainedConfig):
    model_type = 'vitpose'

    def __init__(self, backbone_config=None, backbone=None, use_pretrained_backbone=False, use_timm_backbone=False, backbone_kwargs=None, initializer_range=0.02, scale_factor=4, use_simple_decoder=True, **kwargs):
        super().__init__(**kwargs)
        if use_pretrained_backbone:
            pass
        if use_timm_backbone:
            raise ValueError('use_timm_backbone set `True` is not supported at the moment.')
        if backbone_config is None and backbone is None:
            backbone_config = CONFIG_MAPPING['vitpose_backbone'](out_indices=[4])
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
        self.initializer_range = initializer_range
        self.scale_factor = scale_factor
        self.use_simple_decoder = use_simple_decoder

    @property
    def sub_configs(self):
        return {'backbone_config': type(self.backbone_config)} if getattr(self, 'backbone_config', None) is not None else {}

class VitPosePreTrainedModel(PreTrainedModel):
    base_model_prefix = 'vit'
    main_input_name = 'pixel_values'
    supports_gradient_checkpointing = True

class VitPoseSimpleDecoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.activation = nn.ReLU()
        self.upsampling = nn.Upsample(scale_factor=config.scale_factor, mode='bilinear', align_corners=False)
        self.conv = nn.Conv2d(config.backbone_config.hidden_size, config.num_labels, kernel_size=3, stride=1, padding=1)

class VitPoseClassicDecoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.deconv1 = nn.ConvTranspose2d(config.backbone_config.hidden_size, 256, kernel_size=4, stride=2, padding=1, bias=False)
        self.batchnorm1 = nn.BatchNorm2d(256)
        self.relu1 = nn.ReLU()
        self.deconv2 = nn.ConvTranspose2d(256, 256, kernel_size=4, stride=2, padding=1, bias=False)
        self.batchnorm2 = nn.BatchNorm2d(256)
        self.relu2 = nn.ReLU()
        self.conv = nn.Conv2d(256, config.num_labels, kernel_size=1, stride=1, padding=0)

class VitPoseForPoseEstimation(VitPosePreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.backbone = load_backbone(config)
        if not hasattr(self.backbone.config, 'hidden_size'):
            raise ValueError('The backbone should have a hidden_size attribute')
        if not hasattr(self.backbone.config, 'image_size'):
            raise ValueError('The backbone should have an image_size attribute')
        if not hasattr(self.backbone.config, 'patch_size'):
            raise ValueError('The backbone should have a patch_size attribute')
        self.head = VitPoseSimpleDecoder(config) if config.use_simple_decoder else VitPoseClassicDecoder(config)
        self.post_init()
