"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): deepseek_vl. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.models import GenerationMixin
from loracfg.base.catalogue.stand_ins.nn import nn

@strict
class DeepseekVLConfig(PreTrainedConfig):
    model_type = 'deepseek_vl'
    sub_configs_defaults = {'vision_config': SubConfigSpec(config_class=AutoConfig, model_type='siglip_vision_model'), 'text_config': SubConfigSpec(config_class=AutoConfig, model_type='llama')}
    text_config: dict | PreTrainedConfig | None = None
    vision_config: dict | PreTrainedConfig | None = None
    image_token_id: int = 100015
    tie_word_embeddings: bool = True

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

class DeepseekVLForConditionalGeneration(DeepseekVLPreTrainedModel, GenerationMixin):
    _tied_weights_keys = {'lm_head.weight': 'model.language_model.embed_tokens.weight'}
    _can_compile_fullgraph = True

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.model = DeepseekVLModel(config)
        self.lm_head = nn.Linear(config.text_config.hidden_size, config.text_config.vocab_size, bias=False)
        self.post_init()
