"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): hyperclovax_vision_v2. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.models import GenerationMixin
from loracfg.base.catalogue.stand_ins.nn import nn

@strict
class HyperCLOVAXVisionV2Config(PreTrainedConfig):
    model_type = 'hyperclovax_vision_v2'
    sub_configs_defaults = {'vision_config': SubConfigSpec(config_class=AutoConfig, model_type='qwen2_5_vl_vision'), 'text_config': SubConfigSpec(config_class=AutoConfig, model_type='hyperclovax')}
    text_config: dict | PreTrainedConfig | None = None
    vision_config: dict | PreTrainedConfig | None = None
    image_token_id: int = 128060
    video_token_id: int = 128061
    tie_word_embeddings: bool = True

    def __post_init__(self, **kwargs):
        if isinstance(self.vision_config, dict) and self.vision_config.get('model_type') == 'qwen2_5_vl':
            self.vision_config['model_type'] = 'qwen2_5_vl_vision'
        if kwargs.get('model_type') == 'vlm':
            kwargs['model_type'] = 'hyperclovax_vision_v2'
        super().__post_init__(**kwargs)

class HyperCLOVAXVisionV2PreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = True

class HyperCLOVAXVisionV2Model(HyperCLOVAXVisionV2PreTrainedModel):
    base_model_prefix = 'model'
    _can_compile_fullgraph = False

    def __init__(self, config):
        super().__init__(config)
        self.vision_model = AutoModel.from_config(config.vision_config)
        self.projector = nn.Linear(config.vision_config.out_hidden_size, config.text_config.hidden_size)
        self.language_model = AutoModel.from_config(config.text_config)
        self.post_init()

class HyperCLOVAXVisionV2ForConditionalGeneration(HyperCLOVAXVisionV2PreTrainedModel, GenerationMixin):
    _tied_weights_keys = {'lm_head.weight': 'model.language_model.embed_tokens.weight'}

    def __init__(self, config):
        super().__init__(config)
        self.model = HyperCLOVAXVisionV2Model(config)
        self.lm_head = nn.Linear(config.text_config.hidden_size, config.text_config.vocab_size, bias=False)
        self.post_init()
