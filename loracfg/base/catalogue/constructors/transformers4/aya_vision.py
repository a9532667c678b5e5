"""Constructors of transformers 4.57.6 (Apache-2.0, The Hugging Face team): aya_vision. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel, CONFIG_MAPPING
from .common_activations import ACT2FN
from .common_configuration_utils import PretrainedConfig
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.models import GenerationMixin
from loracfg.base.catalogue.stand_ins.nn import nn

class AyaVisionConfig(PretrainedConfig):
    model_type = 'aya_vision'
    attribute_map = {'image_token_id': 'image_token_index'}
    sub_configs = {'text_config': AutoConfig, 'vision_config': AutoConfig}

    def __init__(self, vision_config=None, text_config=None, vision_feature_select_strategy='full', vision_feature_layer=-1, downsample_factor=2, adapter_layer_norm_eps=1e-06, image_token_index=255036, **kwargs):
        self.image_token_index = image_token_index
        self.downsample_factor = downsample_factor
        self.adapter_layer_norm_eps = adapter_layer_norm_eps
        if vision_feature_select_strategy not in ['default', 'full']:
            raise ValueError(f"vision_feature_select_strategy should be one of 'default', 'full'.Got: {vision_feature_select_strategy}")
        self.vision_feature_select_strategy = vision_feature_select_strategy
        self.vision_feature_layer = vision_feature_layer
        if isinstance(vision_config, dict):
            vision_config['model_type'] = vision_config.get('model_type', 'siglip_vision_model')
            vision_config = CONFIG_MAPPING[vision_config['model_type']](**vision_config)
        elif vision_config is None:
            vision_config = CONFIG_MAPPING['siglip_vision_model'](hidden_size=1152, intermediate_size=4304, patch_size=14, image_size=384, num_hidden_layers=26, num_attention_heads=14, vision_use_head=False)
        self.vision_config = vision_config
        if isinstance(text_config, dict):
            text_config['model_type'] = text_config.get('model_type', 'cohere2')
            text_config = CONFIG_MAPPING[text_config['model_type']](**text_config)
        elif text_config is None:
            text_config = CONFIG_MAPPING['cohere2']()
        self.text_config = text_config
        super().__init__(**kwargs)

class AyaVisionMultiModalProjector(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.downsample_factor = config.downsample_factor
        self.alignment_intermediate_size = getattr(config, 'alignment_intermediate_size', config.text_config.hidden_size)
        self.layernorm = nn.LayerNorm(config.vision_config.hidden_size * config.downsample_factor ** 2, eps=config.adapter_layer_norm_eps)
        self.linear_1 = nn.Linear(config.vision_config.hidden_size * config.downsample_factor ** 2, self.alignment_intermediate_size, bias=True)
        self.act = ACT2FN['silu']
        self.linear_2 = nn.Linear(self.alignment_intermediate_size // 2, config.text_config.hidden_size, bias=True)

    def pixel_shuffle(self, image_features):
        batch_size, seq_length, feature_dim = image_features.shape
        height = width = int(seq_length ** 0.5)
        image_features = image_features.reshape(image_features.shape[0], width, height, -1)
        channels = image_features.shape[-1]
        image_features = image_features.reshape(batch_size, width, int(height / self.downsample_factor), int(channels * self.downsample_factor))
        image_features = image_features.permute(0, 2, 1, 3)
        image_features = image_features.reshape(batch_size, int(height / self.downsample_factor), int(width / self.downsample_factor), -1)
        image_features = image_features.permute(0, 2, 1, 3)
        return image_features

class AyaVisionPreTrainedModel(PreTrainedModel):
    base_model_prefix = ''
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = False

class AyaVisionModel(AyaVisionPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.vision_tower = AutoModel.from_config(config.vision_config)
        self.multi_modal_projector = AyaVisionMultiModalProjector(config)
        self.language_model = AutoModel.from_config(config.text_config)
        self.post_init()

    def get_input_embeddings(self):
        return self.language_model.get_input_embeddings()

    def get_decoder(self):
        return self.language_model

class AyaVisionForConditionalGeneration(AyaVisionPreTrainedModel, GenerationMixin):
    _tied_weights_keys = ['lm_head.weight']

    def __init__(self, config):
        super().__init__(config)
        self.model = AyaVisionModel(config)
        self.lm_head = nn.Linear(config.text_config.hidden_size, config.text_config.vocab_size, bias=False)
        self.post_init()

    def get_input_embeddings(self):
        return self.model.get_input_embeddings()

    def get_output_embeddings(self):
        return self.lm_head

    def get_decoder(self):
        return self.model.get_decoder()

    @property
    def language_model(self):
        return self.model.language_model

    @property
    def vision_tower(self):
        return self.model.vision_tower

    @property
    def multi_modal_projector(self):
        return self.model.multi_modal_projector
