"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): colpali. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.nn import nn

@strict
class ColPaliConfig(PreTrainedConfig):
    model_type = 'colpali'
    sub_configs_defaults = {'vlm_config': SubConfigSpec(config_class=AutoConfig, model_type='paligemma')}
    vlm_config: dict | PreTrainedConfig | None = None
    embedding_dim: int = 128

    def get_text_config(self, decoder=None, encoder=None):
        return self.vlm_config.get_text_config(decoder=decoder, encoder=encoder)

class ColPaliPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'

class ColPaliForRetrieval(ColPaliPreTrainedModel):
    base_model_prefix = 'vlm'

    def __init__(self, config):
        super().__init__(config)
        self.vocab_size = config.vlm_config.text_config.vocab_size
        self.vlm = AutoModel.from_config(config.vlm_config)
        self.embedding_dim = self.config.embedding_dim
        self.embedding_proj_layer = nn.Linear(self.config.vlm_config.text_config.hidden_size, self.embedding_dim)
        self.post_init()
