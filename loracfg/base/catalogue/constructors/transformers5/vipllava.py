"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): vipllava. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.models import GenerationMixin
from loracfg.base.catalogue.stand_ins.nn import nn

@strict
class VipLlavaConfig(PreTrainedConfig):
    model_type = 'vipllava'
    attribute_map = {'image_token_id': 'image_token_index', 'vision_feature_layers': 'vision_feature_layer'}
    sub_configs_defaults = {'text_config': SubConfigSpec(config_class=AutoConfig, model_type='llama'), 'vision_config': SubConfigSpec(config_class=AutoConfig, model_type='clip_vision_model', init_kwargs={'intermediate_size': 4096, 'hidden_size': 1024, 'patch_size': 14, 'image_size': 336, 'num_hidden_layers': 24, 'num_attention_heads': 16, 'vocab_size': 32000, 'projection_dim': 768})}
    vision_config: dict | PreTrainedConfig | None = None
    text_config: dict | PreTrainedConfig | None = None
    image_token_index: int = 32000
    projector_hidden_act: str = 'gelu'
    projector_layernorm_eps: float = 1e-05
    vision_feature_layer: int | list[int] | tuple[int, ...] = (-2, -5, -8, -11, 6)
    image_seq_length: int = 576
    tie_word_embeddings: bool = False

class VipLlavaMultiModalProjector(nn.Module):

    def __init__(self, config):
        super().__init__()
        num_feature_layers = 1 if isinstance(config.vision_feature_layer, int) else len(config.vision_feature_layer)
        self.projector_layernorm = nn.LayerNorm(num_feature_layers * config.vision_config.hidden_size, eps=config.projector_layernorm_eps)
        self.linear_1 = nn.Linear(num_feature_layers * config.vision_config.hidden_size, config.text_config.hidden_size, bias=True)
        self.act = ACT2FN[config.projector_hidden_act]
        self.linear_2 = nn.Linear(config.text_config.hidden_size, config.text_config.hidden_size, bias=True)

class VipLlavaPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = True

class VipLlavaModel(VipLlavaPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.vision_tower = AutoModel.from_config(config.vision_config)
        self.multi_modal_projector = VipLlavaMultiModalProjector(config)
        self.language_model = AutoModel.from_config(config.text_config)
        self.post_init()

class VipLlavaForConditionalGeneration(VipLlavaPreTrainedModel, GenerationMixin):
    _tied_weights_keys = {'lm_head.weight': 'model.language_model.embed_tokens.weight'}

    def __init__(self, config):
        super().__init__(config)
        self.model = VipLlavaModel(config)
        self.lm_head = nn.Linear(config.text_config.hidden_size, config.text_config.vocab_size, bias=False)
        self.post_init()

    def get_output_embeddings(self):
        return self.lm_head
