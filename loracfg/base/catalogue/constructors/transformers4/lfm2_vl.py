"""Constructors of transformers 4.57.6 (Apache-2.0, The Hugging Face team): lfm2_vl. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel, CONFIG_MAPPING
from .common_activations import ACT2FN
from .common_configuration_utils import PretrainedConfig
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.models import GenerationMixin
from loracfg.base.catalogue.stand_ins.nn import nn

class Lfm2VlConfig(PretrainedConfig):
    model_type = 'lfm2-vl'
    sub_configs = {'text_config': AutoConfig, 'vision_config': AutoConfig}

    def __init__(self, vision_config=None, text_config=None, image_token_id=396, projector_hidden_act='gelu', projector_hidden_size=2560, projector_bias=True, downsample_factor=2, **kwargs):
        self.image_token_id = image_token_id
        self.projector_hidden_act = projector_hidden_act
        self.projector_hidden_size = projector_hidden_size
        self.projector_bias = projector_bias
        self.downsample_factor = downsample_factor
        if isinstance(vision_config, dict):
            vision_config['model_type'] = vision_config.get('model_type', 'siglip2_vision_model')
            vision_config = CONFIG_MAPPING[vision_config['model_type']](**vision_config)
        elif vision_config is None:
            vision_config = CONFIG_MAPPING['siglip2_vision_model']()
        if isinstance(text_config, dict):
            text_config['model_type'] = text_config.get('model_type', 'lfm2')
            text_config = CONFIG_MAPPING[text_config['model_type']](**text_config)
        elif text_config is None:
            text_config = CONFIG_MAPPING['lfm2']()
        self.vision_config = vision_config
        self.text_config = text_config
        super().__init__(**kwargs)

class Lfm2VlMultiModalProjector(nn.Module):

    def __init__(self, config):
        super().__init__()
        in_channels = config.vision_config.hidden_size * config.downsample_factor ** 2
        self.factor = config.downsample_factor
        self.layer_norm = nn.LayerNorm(in_channels)
        self.linear_1 = nn.Linear(in_channels, config.projector_hidden_size, bias=config.projector_bias)
        self.act = ACT2FN[config.projector_hidden_act]
        self.linear_2 = nn.Linear(config.projector_hidden_size, config.text_config.hidden_size, bias=config.projector_bias)

class Lfm2VlPreTrainedModel(PreTrainedModel):
    base_model_prefix = ''
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = False

class Lfm2VlModel(Lfm2VlPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.vision_tower = AutoModel.from_config(config.vision_config)
        self.multi_modal_projector = Lfm2VlMultiModalProjector(config)
        self.language_model = AutoModel.from_config(config.text_config)
        self.post_init()

    def get_input_embeddings(self):
        return self.language_model.get_input_embeddings()

    def get_decoder(self):
        return self.language_model

class Lfm2VlForConditionalGeneration(Lfm2VlPreTrainedModel, GenerationMixin):
    _tied_weights_keys = ['lm_head.weight']

    def __init__(self, config):
        super().__init__(config)
        self.model = Lfm2VlModel(config)
        self.lm_head = nn.Linear(config.text_config.hidden_size, config.text_config.vocab_size, bias=False)
        self.post_init()

    def get_input_embeddings(self):
        return self.model.get_input_embeddings()

    def get_output_embeddings(self):
        return self.lm_head

    def get_decoder(self):
        return self.model.get_decoder()

    @property
    def language_model(self):
        return self.model.language_model

    @property
    def vision_tower(self):
        return self.model.vision_tower

    @property
    def multi_modal_projector(self):
        return self.model.multi_modal_projector
