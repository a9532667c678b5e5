"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): fuyu. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.models import GenerationMixin
from loracfg.base.catalogue.stand_ins.nn import nn

@strict
class FuyuConfig(PreTrainedConfig):
    model_type = 'fuyu'
    sub_configs_defaults = {'text_config': SubConfigSpec(config_class=AutoConfig, model_type='persimmon', init_kwargs={'vocab_size': 262144, 'max_position_embeddings': 16384, 'hidden_size': 4096, 'intermediate_size': 16384, 'num_hidden_layers': 36, 'num_attention_heads': 64, 'hidden_act': 'relu2', 'initializer_range': 0.02, 'layer_norm_eps': 1e-05, 'use_cache': True, 'qk_layernorm': True, 'hidden_dropout': 0.0, 'attention_dropout': 0.0, 'eos_token_id': 2})}
    default_theta = 25000.0
    image_size: int | None = 300
    patch_size: int | None = 30
    num_channels: int | None = 3
    initializer_range: float = 0.02
    tie_word_embeddings: bool = False
    image_token_id: int | None = 71011
    text_config: dict | PreTrainedConfig | None = None

    def __post_init__(self, **kwargs):
        if self.text_config is None:
            text_params = self.sub_configs_defaults['text_config'].init_kwargs.keys()
            text_params = list(text_params) + ['rope_scaling', 'rope_theta']
            text_config = {key: kwargs.pop(key) for key in text_params if key in kwargs}
            if text_config:
                text_config['dtype'] = kwargs.get('torch_dtype', kwargs.get('dtype'))
                text_config.setdefault('partial_rotary_factor', 0.5)
                self.text_config = text_config
        super().__post_init__(**kwargs)

class FuyuPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True

class FuyuModel(FuyuPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.padding_idx = config.text_config.pad_token_id
        self.vocab_size = config.text_config.vocab_size
        self.language_model = AutoModel.from_config(config.text_config)
        self.vision_embed_tokens = nn.Linear(config.patch_size * config.patch_size * config.num_channels, config.text_config.hidden_size)
        self.gradient_checkpointing = False
        self.post_init()

class FuyuForCausalLM(FuyuPreTrainedModel, GenerationMixin):
    _tied_weights_keys = {'lm_head.weight': 'model.language_model.embed_tokens.weight'}

    def __init__(self, config):
        super().__init__(config)
        self.model = FuyuModel(config)
        self.lm_head = nn.Linear(config.text_config.hidden_size, config.text_config.vocab_size, bias=False)
        self.post_init()
