"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): colqwen2. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.nn import nn

@strict
class ColQwen2Config(PreTrainedConfig):
    model_type = 'colqwen2'
    sub_configs_defaults = {'vlm_config': SubConfigSpec(config_class=AutoConfig, model_type='qwen2_vl')}
    vlm_config: dict | PreTrainedConfig | None = None
    embedding_dim: int = 128
    initializer_range: float = 0.02

    def __post_init__(self, **kwargs):
        super().__post_init__(**kwargs)
        if not hasattr(self.vlm_config, 'vocab_size'):
            self.vlm_config.vocab_size = self.vlm_config.get_text_config().vocab_size

    def get_text_config(self, *args, **kwargs):
        return self.vlm_config.get_text_config(*args, **kwargs)

class ColQwen2PreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'

class ColQwen2ForRetrieval(ColQwen2PreTrainedModel):
    base_model_prefix = 'vlm'

    def __init__(self, config):
        super().__init__(config)
        self.vocab_size = config.vlm_config.text_config.vocab_size
        self.vlm = AutoModel.from_config(config.vlm_config)
        self.embedding_dim = self.config.embedding_dim
        self.embedding_proj_layer = nn.Linear(self.config.vlm_config.text_config.hidden_size, self.embedding_dim)
        self.post_init()
