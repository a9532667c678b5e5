"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): perception_lm. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.models import GenerationMixin
from loracfg.base.catalogue.stand_ins.nn import nn

@strict
class PerceptionLMConfig(PreTrainedConfig):
    model_type = 'perception_lm'
    sub_configs_defaults = {'text_config': SubConfigSpec(config_class=AutoConfig, model_type='llama'), 'vision_config': SubConfigSpec(config_class=AutoConfig, model_type='timm_wrapper')}
    vision_config: dict | PreTrainedConfig | None = None
    text_config: dict | PreTrainedConfig | None = None
    vision_use_cls_token: bool = True
    projector_pooling_ratio: int = 1
    image_token_id: int = 128002
    video_token_id: int = 128003
    tie_word_embeddings: bool | None = None

    def __post_init__(self, **kwargs):
        super().__post_init__(**kwargs)
        if self.tie_word_embeddings is None:
            self.tie_word_embeddings = getattr(self.text_config, 'tie_word_embeddings', False)

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

class PerceptionLMForConditionalGeneration(PerceptionLMPreTrainedModel, GenerationMixin):
    _tied_weights_keys = {'lm_head.weight': 'model.language_model.embed_tokens.weight'}

    def __init__(self, config):
        super().__init__(config)
        self.model = PerceptionLMModel(config)
        self.lm_head = nn.Linear(config.text_config.hidden_size, config.text_config.vocab_size, bias=False)
        self.post_init()

    def get_output_embeddings(self):
        return self.lm_head
