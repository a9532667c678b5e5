"""Constructors of transformers 4.57.6 (Apache-2.0, The Hugging Face team): colqwen2. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoModelForImageTextToText, CONFIG_MAPPING
from .common_configuration_utils import PretrainedConfig
from .common_modeling_utils import PreTrainedModel
from copy import deepcopy
from loracfg.base.catalogue.stand_ins.nn import nn

class ColQwen2Config(PretrainedConfig):
    model_type = 'colqwen2'
    sub_configs = {'vlm_config': PretrainedConfig}

    def __init__(self, vlm_config=None, embedding_dim=128, initializer_range=0.02, **kwargs):
        if vlm_config is None:
            vlm_config = CONFIG_MAPPING['qwen2_vl']()
        elif isinstance(vlm_config, dict):
            vlm_config = deepcopy(vlm_config)
            if 'model_type' not in vlm_config:
                raise KeyError('The `model_type` key is missing in the `vlm_config` dictionary. Please provide the model type.')
            vlm_config = CONFIG_MAPPING[vlm_config['model_type']](**vlm_config)
        elif not isinstance(vlm_config, PretrainedConfig):
            raise TypeError(f'Invalid type for `vlm_config`. Expected `PretrainedConfig`, `dict`, or `None`, but got {type(vlm_config)}.')
        self.vlm_config = vlm_config
        self.embedding_dim = embedding_dim
        self.initializer_range = initializer_range
        super().__init__(**kwargs)

    def get_text_config(self, *args, **kwargs):
        return self.vlm_config.get_text_config(*args, **kwargs)

class ColQwen2PreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    _no_split_modules = []

class ColQwen2ForRetrieval(ColQwen2PreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.vocab_size = config.vlm_config.text_config.vocab_size
        self.vlm = AutoModelForImageTextToText.from_config(config.vlm_config)
        self.embedding_dim = self.config.embedding_dim
        self.embedding_proj_layer = nn.Linear(self.config.vlm_config.text_config.hidden_size, self.embedding_dim)
        self._tied_weights_keys = [f'vlm.{k}' for k in self.vlm._tied_weights_keys or []]
        self.post_init()

    def get_input_embeddings(self):
        return self.vlm.get_input_embeddings()

    def get_output_embeddings(self):
        return self.vlm.get_output_embeddings()

    def tie_weights(self):
        return self.vlm.tie_weights()
