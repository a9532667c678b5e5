"""Constructors of transformers 4.57.6 (Apache-2.0, The Hugging Face team): colpali. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModelForImageTextToText, CONFIG_MAPPING
from .common_configuration_utils import PretrainedConfig
from .common_modeling_utils import PreTrainedModel
from copy import deepcopy
from loracfg.base.catalogue.stand_ins.nn import nn

class ColPaliConfig(PretrainedConfig):
    model_type = 'colpali'
    sub_configs = {'vlm_config': PretrainedConfig, 'text_config': AutoConfig}

    def __init__(self, vlm_config=None, text_config=None, embedding_dim=128, **kwargs):
        if vlm_config is None:
            vlm_config = CONFIG_MAPPING['paligemma']()
        elif isinstance(vlm_config, dict):
            vlm_config = deepcopy(vlm_config)
            if 'model_type' not in vlm_config:
                raise KeyError('The `model_type` key is missing in the `vlm_config` dictionary. Please provide the model type.')
            elif vlm_config['model_type'] not in CONFIG_MAPPING:
                raise ValueError(f"The model type `{vlm_config['model_type']}` is not supported. Please provide a valid model type.")
            vlm_config = CONFIG_MAPPING[vlm_config['model_type']](**vlm_config)
        elif not isinstance(vlm_config, PretrainedConfig):
            raise TypeError(f'Invalid type for `vlm_config`. Expected `PretrainedConfig`, `dict`, or `None`, but got {type(vlm_config)}.')
        self.vlm_config = vlm_config
        self.text_config = text_config if text_config is not None else vlm_config.text_config
        if isinstance(self.text_config, dict):
            text_config['model_type'] = text_config.get('model_type', 'gemma')
            self.text_config = CONFIG_MAPPING[text_config['model_type']](**text_config)
        self.embedding_dim = embedding_dim
        super().__init__(**kwargs)

class ColPaliPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    _no_split_modules = []

class ColPaliForRetrieval(ColPaliPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.vocab_size = config.vlm_config.text_config.vocab_size
        self.vlm = AutoModelForImageTextToText.from_config(config.vlm_config)
        self._tied_weights_keys = [f'vlm.language_model.{k}' for k in self.vlm._tied_weights_keys or []]
        self.embedding_dim = self.config.embedding_dim
        self.embedding_proj_layer = nn.Linear(self.config.vlm_config.text_config.hidden_size, self.embedding_dim)
        self.post_init()

    def get_input_embeddings(self):
        return self.vlm.get_input_embeddings()

    def get_output_embeddings(self):
        return self.vlm.get_output_embeddings()

    def tie_weights(self):
        return self.vlm.tie_weights()
