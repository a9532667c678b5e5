"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): vibevoice_asr. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GenerationMixin
from loracfg.base.catalogue.stand_ins.nn import nn
import math

@strict
class VibeVoiceAsrConfig(PreTrainedConfig):
    model_type = 'vibevoice_asr'
    sub_configs_defaults = {'text_config': SubConfigSpec(config_class=AutoConfig, model_type='qwen2'), 'semantic_tokenizer_encoder_config': SubConfigSpec(config_class=AutoConfig, model_type='vibevoice_acoustic_tokenizer_encoder', init_kwargs={'hidden_size': 128}), 'acoustic_tokenizer_encoder_config': SubConfigSpec(config_class=AutoConfig, model_type='vibevoice_acoustic_tokenizer_encoder')}
    acoustic_tokenizer_encoder_config: dict | PreTrainedConfig | None = None
    semantic_tokenizer_encoder_config: dict | PreTrainedConfig | None = None
    text_config: dict | PreTrainedConfig | None = None
    audio_token_id: int = 151648
    audio_bos_token_id: int = 151646
    audio_eos_token_id: int = 151647
    acoustic_tokenizer_chunk_size: int = 1440000

    def validate_architecture(self):
        hop_length = self.acoustic_tokenizer_encoder_config.hop_length
        if self.acoustic_tokenizer_chunk_size % hop_length != 0:
            raise ValueError(f'`acoustic_tokenizer_chunk_size` must be a multiple of hop length ({hop_length}), got {self.acoustic_tokenizer_chunk_size}.')

    @property
    def max_position_embeddings(self):
        return math.ceil(self.acoustic_tokenizer_chunk_size / self.acoustic_tokenizer_encoder_config.hop_length)

    @max_position_embeddings.setter
    def max_position_embeddings(self, value):
        if value <= 0:
            raise ValueError(f'Attempted to set `max_position_embeddings` to {value}; you need a positive value!')
        hop_length = self.acoustic_tokenizer_encoder_config.hop_length
        self.acoustic_tokenizer_chunk_size = int(value) * hop_length

class VibeVoiceAsrRMSNorm(nn.Module):

    def __init__(self, hidden_size, eps=1e-06):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(hidden_size))
        self.variance_epsilon = eps

class VibeVoiceAsrMultiModalProjector(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.acoustic_linear_1 = nn.Linear(config.acoustic_tokenizer_encoder_config.hidden_size, config.text_config.hidden_size)
        self.acoustic_norm = VibeVoiceAsrRMSNorm(config.text_config.hidden_size, eps=1e-06)
        self.acoustic_linear_2 = nn.Linear(config.text_config.hidden_size, config.text_config.hidden_size)
        self.semantic_linear_1 = nn.Linear(config.semantic_tokenizer_encoder_config.hidden_size, config.text_config.hidden_size)
        self.semantic_norm = VibeVoiceAsrRMSNorm(config.text_config.hidden_size, eps=1e-06)
        self.semantic_linear_2 = nn.Linear(config.text_config.hidden_size, config.text_config.hidden_size)

class VibeVoiceAsrPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    main_input_name = 'input_ids'
    supports_gradient_checkpointing = True

class VibeVoiceAsrModel(VibeVoiceAsrPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.acoustic_tokenizer_encoder = AutoModel.from_config(config.acoustic_tokenizer_encoder_config)
        self.semantic_tokenizer_encoder = AutoModel.from_config(config.semantic_tokenizer_encoder_config)
        self.multi_modal_projector = VibeVoiceAsrMultiModalProjector(config)
        self.language_model = AutoModel.from_config(config.text_config)
        self.post_init()

    def get_input_embeddings(self):
        return self.language_model.get_input_embeddings()

class VibeVoiceAsrForConditionalGeneration(VibeVoiceAsrPreTrainedModel, GenerationMixin):

    def __init__(self, config):
        super().__init__(config)
        self.model = VibeVoiceAsrModel(config)
        self.lm_head = nn.Linear(config.text_config.hidden_size, config.text_config.vocab_size, bias=False)
        self.post_init()
