"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): shieldgemma2. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModelForImageTextToText
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict

@strict
class ShieldGemma2Config(PreTrainedConfig):
    model_type = 'shieldgemma2'
    attribute_map = {'image_token_id': 'image_token_index', 'boi_token_id': 'boi_token_index', 'eoi_token_id': 'eoi_token_index'}
    sub_configs_defaults = {'text_config': SubConfigSpec(config_class=AutoConfig, model_type='gemma3_text'), 'vision_config': SubConfigSpec(config_class=AutoConfig, model_type='siglip_vision_model')}
    text_config: dict | PreTrainedConfig | None = None
    vision_config: dict | PreTrainedConfig | None = None
    mm_tokens_per_image: int = 256
    boi_token_index: int = 255999
    eoi_token_index: int = 256000
    image_token_index: int = 262144
    initializer_range: float = 0.02
    tie_word_embeddings: bool = False

    def __post_init__(self, **kwargs):
        super().__post_init__(**kwargs)
        if not self.tie_word_embeddings and getattr(self.text_config, 'tie_word_embeddings', True):
            self.tie_word_embeddings = True

class ShieldGemma2ForImageClassification(PreTrainedModel):
    base_model_prefix = 'model'

    def __init__(self, config):
        super().__init__(config=config)
        self.yes_token_index = getattr(config, 'yes_token_index', 10784)
        self.no_token_index = getattr(config, 'no_token_index', 3771)
        self.model = AutoModelForImageTextToText.from_config(config=config)
        self.post_init()

    def get_input_embeddings(self):
        return self.model.get_decoder().get_input_embeddings()

    def get_output_embeddings(self):
        return self.model.get_decoder().get_output_embeddings()
