"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): cosmos3_omni. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.models import GenerationMixin
from loracfg.base.catalogue.stand_ins.nn import nn

@strict
class Cosmos3OmniConfig(PreTrainedConfig):
    model_type = 'cosmos3_omni'
    sub_configs_defaults = {'vision_config': SubConfigSpec(config_class=AutoConfig, model_type='qwen3_vl_vision'), 'text_config': SubConfigSpec(config_class=AutoConfig, model_type='qwen3_vl_text')}
    text_config: dict | PreTrainedConfig | None = None
    vision_config: dict | PreTrainedConfig | None = None
    image_token_id: int = 151655
    video_token_id: int = 151656
    vision_start_token_id: int = 151652
    vision_end_token_id: int = 151653
    tie_word_embeddings: bool = False

    def __post_init__(self, **kwargs):
        if isinstance(self.vision_config, dict) and self.vision_config.get('model_type') != 'qwen3_vl_vision':
            self.vision_config['model_type'] = 'qwen3_vl_vision'
        super().__post_init__(**kwargs)

_COSMOS3_DROPPED_UNIFIED_CHECKPOINT_KEYS = ['\\.add_q_proj\\.', '\\.add_k_proj\\.', '\\.add_v_proj\\.', '\\.to_add_out\\.', '\\.norm_added_q\\.', '\\.norm_added_k\\.', 'moe_gen', '^proj_out\\.', '^proj_in\\.', '^time_embedder\\.', '^audio_proj_out\\.', '^audio_proj_in\\.', '^audio_modality_embed$', '^action_proj_out\\.', '^action_proj_in\\.', '^action_modality_embed$']

class Cosmos3OmniPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = True
    _keys_to_ignore_on_load_unexpected = _COSMOS3_DROPPED_UNIFIED_CHECKPOINT_KEYS

class Cosmos3OmniModel(Cosmos3OmniPreTrainedModel):
    base_model_prefix = 'model'

    def __init__(self, config):
        super().__init__(config)
        self.visual = AutoModel.from_config(config.vision_config)
        self.language_model = AutoModel.from_config(config.text_config)
        self.rope_deltas = None
        self.post_init()

class Cosmos3OmniForConditionalGeneration(Cosmos3OmniPreTrainedModel, GenerationMixin):
    _tied_weights_keys = {'lm_head.weight': 'model.language_model.embed_tokens.weight'}

    def __init__(self, config):
        super().__init__(config)
        self.model = Cosmos3OmniModel(config)
        self.lm_head = nn.Linear(config.text_config.hidden_size, config.text_config.vocab_size, bias=False)
        self.post_init()
