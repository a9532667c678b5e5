"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): nemotron_h_omni. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel, AutoModelForCausalLM
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GenerationMixin
from loracfg.base.catalogue.stand_ins.nn import nn

@strict
class NemotronH_Omni_Reasoning_V3_Config(PreTrainedConfig):
    model_type = 'nemotron_h_omni'
    sub_configs_defaults = {'vision_config': SubConfigSpec(config_class=AutoConfig, model_type='radio', init_kwargs={'video_temporal_patch_size': 2}), 'text_config': SubConfigSpec(config_class=AutoConfig, model_type='nemotron_h'), 'audio_config': SubConfigSpec(config_class=AutoConfig, model_type='parakeet_encoder', init_kwargs={'attention_bias': False, 'scale_input': False}, optional=True)}
    vision_config: dict | PreTrainedConfig | None = None
    text_config: dict | PreTrainedConfig | None = None
    audio_config: dict | PreTrainedConfig | None = None
    force_image_size: int | None = None
    downsample_ratio: float = 0.5
    projector_hidden_size: int = 4096
    vision_hidden_size: int = 1280
    video_pruning_rate: float = 0.0
    video_temporal_patch_size: int = 2
    image_token_id: int | None = None
    video_token_id: int | None = None
    audio_token_id: int | None = None
    _legacy_field_names = {'img_context_token_id': 'image_token_id', 'video_context_token_id': 'video_token_id', 'sound_context_token_id': 'audio_token_id', 'llm_config': 'text_config', 'sound_config': 'audio_config', 'vit_hidden_size': 'vision_hidden_size'}

    def __post_init__(self, **kwargs):
        for legacy_name, name in self._legacy_field_names.items():
            legacy_value = kwargs.pop(legacy_name, None)
            if legacy_value is not None and getattr(self, name) == getattr(type(self), name, None):
                setattr(self, name, legacy_value)
        if isinstance(self.audio_config, dict):
            audio_config = dict(self.audio_config)
            audio_config.pop('model_type', None)
            self.audio_config = {'attention_bias': False, 'scale_input': False, **self.audio_config}
        super().__post_init__(**kwargs)

    def validate_architecture(self):
        super().validate_architecture()
        if self.vision_config.video_temporal_patch_size != self.video_temporal_patch_size:
            raise ValueError(f'`vision_config.video_temporal_patch_size` ({self.vision_config.video_temporal_patch_size}) and `video_temporal_patch_size` ({self.video_temporal_patch_size}) must be equal.')

class NemotronH_Omni_RMSNorm(nn.Module):

    def __init__(self, hidden_size, eps=1e-06):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(hidden_size))
        self.variance_epsilon = eps

class NemotronH_Omni_Reasoning_V3MultiModalProjector(nn.Module):

    def __init__(self, input_size, hidden_size, output_size, bias=False, eps=1e-05):
        super().__init__()
        self.layer_norm = NemotronH_Omni_RMSNorm(input_size, eps=eps)
        self.linear_1 = nn.Linear(input_size, hidden_size, bias=bias)
        self.act = ACT2FN['relu2']
        self.linear_2 = nn.Linear(hidden_size, output_size, bias=bias)

class NemotronH_Omni_Reasoning_V3PreTrainedModel(PreTrainedModel):
    main_input_name = 'input_ids'
    supports_gradient_checkpointing = True
    _keys_to_ignore_on_load_unexpected = ['audio_tower\\.feature_extractor\\.']

class NemotronH_Omni_Reasoning_V3(NemotronH_Omni_Reasoning_V3PreTrainedModel, GenerationMixin):

    def __init__(self, config):
        super().__init__(config)
        self.image_token_id = config.image_token_id
        self.audio_token_id = config.audio_token_id
        self.video_pruning_rate = config.video_pruning_rate
        self.video_temporal_patch_dim = config.video_temporal_patch_size
        self.language_model = AutoModelForCausalLM.from_config(config.text_config)
        self.vision_model = AutoModel.from_config(config.vision_config)
        self.vision_model.make_preprocessor_external()
        self.vision_final_layernorm = nn.LayerNorm(config.vision_hidden_size, eps=config.vision_config.layer_norm_eps) if config.text_config.num_nextn_predict_layers > 0 else None
        self.multi_modal_projector = NemotronH_Omni_Reasoning_V3MultiModalProjector(config.vision_hidden_size * int(1 / config.downsample_ratio) ** 2, config.projector_hidden_size, config.text_config.hidden_size)
        self.audio_tower = AutoModel.from_config(config.audio_config) if config.audio_config is not None else None
        self.embed_audio = NemotronH_Omni_Reasoning_V3MultiModalProjector(config.audio_config.hidden_size, config.audio_config.projection_hidden_size, config.text_config.hidden_size, bias=config.audio_config.projection_bias) if config.audio_config is not None else None
        self.post_init()

    def pixel_shuffle(self, vision_features, scale_factor=0.5):
        batch_size, width, height, channels = vision_features.size()
        vision_features = vision_features.view(batch_size, width, int(height * scale_factor), int(channels / scale_factor))
        vision_features = vision_features.transpose(1, 2).contiguous()
        vision_features = vision_features.view(batch_size, int(height * scale_factor), int(width * scale_factor), int(channels / scale_factor ** 2))
        return vision_features.transpose(1, 2).contiguous()
