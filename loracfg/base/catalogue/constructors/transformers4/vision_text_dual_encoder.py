"""Constructors of transformers 4.57.6 (Apache-2.0, The Hugging Face team): vision_text_dual_encoder. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel
from .chinese_clip import ChineseCLIPVisionConfig
from .clip import CLIPVisionConfig, CLIPVisionModel
from .common_configuration_utils import PretrainedConfig
from .common_modeling_utils import PreTrainedModel
from .siglip import SiglipVisionConfig
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn

VISION_MODEL_CONFIGS = {'clip_vision_model': CLIPVisionConfig, 'chinese_clip_vision_model': ChineseCLIPVisionConfig, 'siglip_vision_model': SiglipVisionConfig}

class VisionTextDualEncoderConfig(PretrainedConfig):
    model_type = 'vision-text-dual-encoder'
    sub_configs = {'vision_config': AutoConfig, 'text_config': AutoConfig}
    has_no_defaults_at_init = True

    def __init__(self, projection_dim=512, logit_scale_init_value=2.6592, **kwargs):
        super().__init__(**kwargs)
        if 'vision_config' not in kwargs:
            raise ValueError('`vision_config` can not be `None`.')
        if 'text_config' not in kwargs:
            raise ValueError('`text_config` can not be `None`.')
        vision_config = kwargs.pop('vision_config')
        text_config = kwargs.pop('text_config')
        vision_model_type = vision_config.pop('model_type')
        text_model_type = text_config.pop('model_type')
        vision_config_class = VISION_MODEL_CONFIGS.get(vision_model_type)
        if vision_config_class is not None:
            self.vision_config = vision_config_class(**vision_config)
        else:
            self.vision_config = AutoConfig.for_model(vision_model_type, **vision_config)
            if hasattr(self.vision_config, 'vision_config'):
                self.vision_config = self.vision_config.vision_config
        self.text_config = AutoConfig.for_model(text_model_type, **text_config)
        self.projection_dim = projection_dim
        self.logit_scale_init_value = logit_scale_init_value

    @classmethod
    def from_vision_text_configs(cls, vision_config, text_config, **kwargs):
        return cls(vision_config=vision_config.to_dict(), text_config=text_config.to_dict(), **kwargs)

class VisionTextDualEncoderModel(PreTrainedModel):
    base_model_prefix = 'vision_text_dual_encoder'

    def __init__(self, config=None, vision_model=None, text_model=None):
        if config is None and (vision_model is None or text_model is None):
            raise ValueError('Either a configuration or an vision and a text model has to be provided')
        if config is None:
            config = VisionTextDualEncoderConfig.from_vision_text_configs(vision_model.config, text_model.config)
        elif not isinstance(config, self.config_class):
            raise ValueError(f'config: {config} has to be of type {self.config_class}')
        super().__init__(config)
        if vision_model is None:
            if isinstance(config.vision_config, CLIPVisionConfig):
                vision_model = CLIPVisionModel(config.vision_config)
            else:
                vision_model = AutoModel.from_config(config.vision_config)
        if text_model is None:
            text_model = AutoModel.from_config(config.text_config)
        self.vision_model = vision_model
        self.text_model = text_model
        self.config.vision_config._attn_implementation = self.vision_model.config._attn_implementation
        self.config.text_config._attn_implementation = self.text_model.config._attn_implementation
        self.vision_model.config = self.config.vision_config
        self.text_model.config = self.config.text_config
        self.vision_embed_dim = config.vision_config.hidden_size
        self.text_embed_dim = config.text_config.hidden_size
        self.projection_dim = config.projection_dim
        self.visual_projection = nn.Linear(self.vision_embed_dim, self.projection_dim, bias=False)
        self.text_projection = nn.Linear(self.text_embed_dim, self.projection_dim, bias=False)
        self.logit_scale = nn.Parameter(torch.tensor(self.config.logit_scale_init_value))
