"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): paligemma. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.models import GenerationMixin
from loracfg.base.catalogue.stand_ins.nn import nn

@strict
class PaliGemmaConfig(PreTrainedConfig):
    model_type = 'paligemma'
    attribute_map = {'image_token_id': 'image_token_index'}
    sub_configs_defaults = {'vision_config': SubConfigSpec(config_class=AutoConfig, model_type='siglip_vision_model', init_kwargs={'intermediate_size': 4096, 'hidden_size': 1152, 'patch_size': 14, 'image_size': 224, 'num_hidden_layers': 27, 'num_attention_heads': 16, 'vocab_size': 257152, 'vision_use_head': False}), 'text_config': SubConfigSpec(config_class=AutoConfig, model_type='gemma', init_kwargs={'hidden_size': 2048, 'num_hidden_layers': 18, 'intermediate_size': 16384, 'num_attention_heads': 8, 'num_key_value_heads': 1, 'is_encoder_decoder': False, 'vocab_size': 257152})}
    vision_config: dict | PreTrainedConfig | None = None
    text_config: dict | PreTrainedConfig | None = None
    image_token_index: int = 256000
    vocab_size: int = 257152
    projection_dim: int = 2048
    hidden_size: int = 2048
    tie_word_embeddings: bool = True

    def __post_init__(self, **kwargs):
        super().__post_init__(**kwargs)
        if self.text_config.use_bidirectional_attention is None:
            self.text_config.use_bidirectional_attention = True
        self.text_config.num_image_tokens = (self.vision_config.image_size // self.vision_config.patch_size) ** 2
        self.vision_config.projection_dim = self.projection_dim

class PaliGemmaMultiModalProjector(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.linear = nn.Linear(config.vision_config.hidden_size, config.vision_config.projection_dim, bias=True)

class PaliGemmaPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = False

class PaliGemmaModel(PaliGemmaPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.vision_tower = AutoModel.from_config(config.vision_config)
        self.multi_modal_projector = PaliGemmaMultiModalProjector(config)
        self.vocab_size = config.text_config.vocab_size
        self.language_model = AutoModel.from_config(config.text_config)
        self.text_config_dtype = self.config.text_config.dtype or self.dtype
        self.post_init()

class PaliGemmaForConditionalGeneration(PaliGemmaPreTrainedModel, GenerationMixin):
    _tied_weights_keys = {'lm_head.weight': 'model.language_model.embed_tokens.weight'}

    def __init__(self, config):
        super().__init__(config)
        self.model = PaliGemmaModel(config)
        self.lm_head = nn.Linear(config.text_config.hidden_size, config.text_config.vocab_size, bias=False)
        self.post_init()
