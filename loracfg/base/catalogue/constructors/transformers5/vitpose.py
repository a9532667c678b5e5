"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): vitpose. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig
from .common_backbone_utils import load_backbone
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.nn import nn

@strict
class VitPoseConfig(PreTrainedConfig):
    model_type = 'vitpose'
    sub_configs_defaults = {'backbone_config': SubConfigSpec(config_class=AutoConfig, model_type='vitpose_backbone', init_kwargs={'out_indices': [4]})}
    backbone_config: dict | PreTrainedConfig | None = None
    initializer_range: float = 0.02
    scale_factor: int = 4
    use_simple_decoder: bool = True

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
