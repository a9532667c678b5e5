"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): aya_vision. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.models import GenerationMixin
from loracfg.base.catalogue.stand_ins.nn import nn

@strict
class AyaVisionConfig(PreTrainedConfig):
    model_type = 'aya_vision'
    attribute_map = {'image_token_id': 'image_token_index'}
    sub_configs_defaults = {'vision_config': SubConfigSpec(config_class=AutoConfig, model_type='siglip_vision_model', init_kwargs={'hidden_size': 1152, 'intermediate_size': 4304, 'patch_size': 14, 'image_size': 384, 'num_hidden_layers': 26, 'num_attention_heads': 14, 'vision_use_head': False}), 'text_config': SubConfigSpec(config_class=AutoConfig, model_type='cohere2')}
    vision_config: dict | PreTrainedConfig | None = None
    text_config: dict | PreTrainedConfig | None = None
    vision_feature_select_strategy: str = 'full'
    vision_feature_layer: int | list[int] = -1
    downsample_factor: int = 2
    adapter_layer_norm_eps: float = 1e-06
    image_token_index: int = 255036
    tie_word_embeddings: bool = True

    def validate_architecture(self):
        if self.vision_feature_select_strategy not in ['default', 'full']:
            raise ValueError(f"vision_feature_select_strategy should be one of 'default', 'full'.Got: {self.vision_feature_select_strategy}")

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
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = False

class AyaVisionModel(AyaVisionPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.vision_tower = AutoModel.from_config(config.vision_config)
        self.multi_modal_projector = AyaVisionMultiModalProjector(config)
        self.language_model = AutoModel.from_config(config.text_config)
        self.post_init()

class AyaVisionForConditionalGeneration(AyaVisionPreTrainedModel, GenerationMixin):
    _tied_weights_keys = {'lm_head.weight': 'model.language_model.embed_tokens.weight'}

    def __init__(self, config):
        super().__init__(config)
        self.model = AyaVisionModel(config)
        self.lm_head = nn.Linear(config.text_config.hidden_size, config.text_config.vocab_size, bias=False)
        self.post_init()

    def get_output_embeddings(self):
        return self.lm_head
