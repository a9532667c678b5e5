"""Constructors of transformers 4.57.6 (Apache-2.0, The Hugging Face team): perception_lm. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel, CONFIG_MAPPING
from .common_configuration_utils import PretrainedConfig
from .common_modeling_utils import PreTrainedModel
from .timm_wrapper import TimmWrapperConfig
from loracfg.base.catalogue.stand_ins.models import GenerationMixin
from loracfg.base.catalogue.stand_ins.nn import nn

class PerceptionLMConfig(PretrainedConfig):
    model_type = 'perception_lm'
    sub_configs = {'text_config': AutoConfig, 'vision_config': TimmWrapperConfig}

    def __init__(self, vision_config=None, text_config=None, vision_use_cls_token=True, projector_pooling_ratio=1, image_token_id=128002, video_token_id=128003, **kwargs):
        self.image_token_id = image_token_id
        self.video_token_id = video_token_id
        if isinstance(vision_config, dict):
            vision_config = TimmWrapperConfig(**vision_config)
        elif isinstance(vision_config, TimmWrapperConfig):
            pass
        elif vision_config is None:
            vision_config = TimmWrapperConfig()
        self.vision_config = vision_config
        self.vision_use_cls_token = vision_use_cls_token
        if isinstance(text_config, dict):
            text_config['model_type'] = text_config.get('model_type', 'llama')
            text_config = CONFIG_MAPPING[text_config['model_type']](**text_config)
        elif text_config is None:
            text_config = CONFIG_MAPPING['llama']()
        self.text_config = text_config
        self.projector_pooling_ratio = projector_pooling_ratio
        super().__init__(**kwargs)

class PerceptionLMAdaptiveAvgPooling(nn.Module):

    def __init__(self, pooling_ratio=2):
        super().__init__()
        self.pooling_ratio = pooling_ratio

class PerceptionLMMultiModalProjector(nn.Module):

    def __init__(self, config):
        super().__init__()
        input_size = config.vision_config.model_args['embed_dim']
        output_size = config.text_config.hidden_size
        self.linear_1 = nn.Linear(in_features=input_size, out_features=output_size, bias=True)
        self.gelu = nn.GELU()
        self.linear_2 = nn.Linear(in_features=output_size, out_features=output_size, bias=True)
        self.pooling = PerceptionLMAdaptiveAvgPooling(config.projector_pooling_ratio) if config.projector_pooling_ratio > 1 else nn.Identity()

class PerceptionLMPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = True

class PerceptionLMModel(PerceptionLMPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.vision_tower = AutoModel.from_config(config.vision_config)
        self.multi_modal_projector = PerceptionLMMultiModalProjector(config)
        self.language_model = AutoModel.from_config(config.text_config)
        self.post_init()

    def get_input_embeddings(self):
        return self.language_model.get_input_embeddings()

    def get_decoder(self):
        return self.language_model

class PerceptionLMForConditionalGeneration(PerceptionLMPreTrainedModel, GenerationMixin):
    _tied_weights_keys = ['lm_head.weight']

    def __init__(self, config):
        super().__init__(config)
        self.model = PerceptionLMModel(config)
        self.lm_head = nn.Linear(config.text_config.hidden_size, config.text_config.vocab_size, bias=False)
        self.post_init()

    def get_input_embeddings(self):
        return self.model.get_input_embeddings()

    def get_output_embeddings(self):
        return self.lm_head

    def get_decoder(self):
        return self.model.get_decoder()
