"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): fast_vlm. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.models import GenerationMixin
from loracfg.base.catalogue.stand_ins.nn import nn

@strict
class FastVlmConfig(PreTrainedConfig):
    model_type = 'fast_vlm'
    attribute_map = {'image_token_id': 'image_token_index'}
    sub_configs_defaults = {'vision_config': SubConfigSpec(config_class=AutoConfig, model_type='timm_wrapper', init_kwargs={'architecture': 'fastvit_mci3', 'do_pooling': True, 'global_pool': 'avg', 'hidden_size': 3072, 'initializer_range': 0.02, 'model_args': {'inference_mode': True}}), 'text_config': SubConfigSpec(config_class=AutoConfig, model_type='qwen2', init_kwargs={'hidden_size': 3584, 'vocab_size': 152128, 'intermediate_size': 18944, 'num_attention_heads': 28, 'num_key_value_heads': 4, 'num_hidden_layers': 28})}
    vision_config: dict | PreTrainedConfig | None = None
    text_config: dict | PreTrainedConfig | None = None
    image_token_index: int = 151646
    image_seq_length: int = 576
    projector_hidden_act: str = 'gelu'
    vision_feature_select_strategy: str = 'full'
    vision_feature_layer: int | list[int] = -1
    multimodal_projector_bias: bool = True
    tie_word_embeddings: bool = False

    def __post_init__(self, **kwargs):
        super().__post_init__(**kwargs)
        if not self.tie_word_embeddings and self.text_config.tie_word_embeddings:
            self.tie_word_embeddings = self.text_config.tie_word_embeddings

    def validate_architecture(self):
        if self.vision_feature_select_strategy != 'full':
            raise ValueError(f"Unexpected select feature strategy: {self.vision_feature_select_strategy}. Only 'full' is supported in FastVLM.")
        if self.vision_feature_layer != -1:
            raise ValueError(f'Unexpected vision feature layer: {self.vision_feature_layer}. Only -1 is supported in FastVLM.')

class FastVlmMultiModalProjector(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.linear_1 = nn.Linear(config.vision_config.hidden_size, config.text_config.hidden_size, bias=config.multimodal_projector_bias)
        self.act = ACT2FN[config.projector_hidden_act]
        self.linear_2 = nn.Linear(config.text_config.hidden_size, config.text_config.hidden_size, bias=config.multimodal_projector_bias)

class FastVlmPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = True

class FastVlmModel(FastVlmPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.vision_tower = AutoModel.from_config(config.vision_config)
        self.multi_modal_projector = FastVlmMultiModalProjector(config)
        self.language_model = AutoModel.from_config(config.text_config)
        self.post_init()

class FastVlmForConditionalGeneration(FastVlmPreTrainedModel, GenerationMixin):
    _tied_weights_keys = {'lm_head.weight': 'model.language_model.embed_tokens.weight'}

    def __init__(self, config):
        super().__init__(config)
        self.model = FastVlmModel(config)
        self.lm_head = nn.Linear(config.text_config.hidden_size, config.text_config.vocab_size, bias=False)
        self.post_init()

    def get_output_embeddings(self):
        return self.lm_head
