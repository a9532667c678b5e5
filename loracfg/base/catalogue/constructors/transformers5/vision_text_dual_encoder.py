"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): vision_text_dual_encoder. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel
from .clip import CLIPVisionConfig, CLIPVisionModel
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn

@strict
class VisionTextDualEncoderConfig(PreTrainedConfig):
    model_type = 'vision-text-dual-encoder'
    sub_configs_defaults = {'text_config': SubConfigSpec(config_class=AutoConfig, model_type='bert'), 'vision_config': SubConfigSpec(config_class=AutoConfig, model_type='vit')}
    text_config: PreTrainedConfig | dict | None = None
    vision_config: PreTrainedConfig | dict | None = None
    projection_dim: int = 512
    logit_scale_init_value: int | float = 2.6592

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
        self.post_init()
