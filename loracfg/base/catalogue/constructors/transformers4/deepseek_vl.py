"""Constructors of transformers 4.57.6 (Apache-2.0, The Hugging Face team): deepseek_vl. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel, CONFIG_MAPPING
from .common_configuration_utils import PretrainedConfig
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.models import GenerationMixin
from loracfg.base.catalogue.stand_ins.nn import nn

class DeepseekVLConfig(PretrainedConfig):
    model_type = 'deepseek_vl'
    sub_configs = {'text_config': AutoConfig, 'vision_config': AutoConfig}

    def __init__(self, text_config=None, vision_config=None, image_token_id=100015, **kwargs):
        super().__init__(**kwargs)
        if text_config is None:
            text_config = {}
        if vision_config is None:
            vision_config = {}
        if isinstance(text_config, dict):
            text_config['model_type'] = text_config.get('model_type', 'llama')
            text_config = CONFIG_MAPPING[text_config['model_type']](**text_config)
        if isinstance(vision_config, dict):
            vision_config['model_type'] = vision_config.get('model_type', 'siglip_vision_model')
            vision_config = CONFIG_MAPPING[vision_config['model_type']](**vision_config)
        self.text_config = text_config
        self.vision_config = vision_config
        self.image_token_id = image_token_id

class DeepseekVLAligner(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        in_features = config.vision_config.hidden_size
        out_features = config.text_config.hidden_size
        self.linear1 = nn.Linear(in_features, out_features)
        self.activation = nn.GELU()
        self.linear2 = nn.Linear(out_features, out_features)

class DeepseekVLPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True
    _no_split_modules = ['LlamaDecoderLayer']
    _can_compile_fullgraph = True

class DeepseekVLModel(DeepseekVLPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.vision_model = AutoModel.from_config(config.vision_config)
        self.aligner = DeepseekVLAligner(config)
        self.language_model = AutoModel.from_config(config=config.text_config)
        self.gradient_checkpointing = False
        self.post_init()

    def get_input_embeddings(self):
        return self.language_model.get_input_embeddings()

class DeepseekVLForConditionalGeneration(DeepseekVLPreTrainedModel, GenerationMixin):
    _tied_weights_keys = ['model.language_model.embed_tokens.weight', 'lm_head.weight']
    _can_compile_fullgraph = True

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.model = DeepseekVLModel(config)
        self.lm_head = nn.Linear(config.text_config.hidden_size, config.text_config.vocab_size, bias=False)
        self.post_init()

    def get_input_embeddings(self):
        return self.model.language_model.get_input_embeddings()
