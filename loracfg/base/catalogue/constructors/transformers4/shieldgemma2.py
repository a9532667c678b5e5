"""Constructors of transformers 4.57.6 (Apache-2.0, The Hugging Face team): shieldgemma2. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModelForImageTextToText, CONFIG_MAPPING
from .common_configuration_utils import PretrainedConfig
from .common_modeling_utils import PreTrainedModel

class ShieldGemma2Config(PretrainedConfig):
    model_type = 'shieldgemma2'
    attribute_map = {'image_token_id': 'image_token_index', 'boi_token_id': 'boi_token_index', 'eoi_token_id': 'eoi_token_index'}
    sub_configs = {'text_config': AutoConfig, 'vision_config': AutoConfig}

    def __init__(self, text_config=None, vision_config=None, mm_tokens_per_image=256, boi_token_index=255999, eoi_token_index=256000, image_token_index=262144, initializer_range=0.02, **kwargs):
        if isinstance(vision_config, dict):
            vision_config['model_type'] = vision_config.get('model_type', 'siglip_vision_model')
            vision_config = CONFIG_MAPPING[vision_config['model_type']](**vision_config)
        elif vision_config is None:
            vision_config = CONFIG_MAPPING['siglip_vision_model']()
        self.vision_config = vision_config
        if isinstance(text_config, dict):
            text_config['model_type'] = text_config.get('model_type', 'gemma3_text')
            text_config = CONFIG_MAPPING[text_config['model_type']](**text_config)
        elif text_config is None:
            text_config = CONFIG_MAPPING['gemma3_text']()
        self.text_config = text_config
        self.vision_config = vision_config
        self.mm_tokens_per_image = mm_tokens_per_image
        self.boi_token_index = boi_token_index
        self.eoi_token_index = eoi_token_index
        self.image_token_index = image_token_index
        self.initializer_range = initializer_range
        super().__init__(**kwargs)

class ShieldGemma2ForImageClassification(PreTrainedModel):

    def __init__(self, config):
        super().__init__(config=config)
        self.yes_token_index = getattr(config, 'yes_token_index', 10784)
        self.no_token_index = getattr(config, 'no_token_index', 3771)
        self.model = AutoModelForImageTextToText.from_config(config=config)

    def get_input_embeddings(self):
        return self.model.language_model.get_input_embeddings()

    def get_output_embeddings(self):
        return self.model.language_model.get_output_embeddings()

    def get_decoder(self):
        return self.model.language_model.get_decoder()

    def tie_weights(self):
        return self.model.language_model.tie_weights()
