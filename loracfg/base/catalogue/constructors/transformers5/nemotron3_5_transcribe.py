"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): nemotron3_5_transcribe. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel, AutoModelForAudioFrameClassification
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_rope_utils import ROPE_INIT_FUNCTIONS
from .common_modeling_utils import PreTrainedModel
from .common_utils_type_validators import interval
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GenerationMixin, GradientCheckpointingLayer
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
import math

@strict
class Nemotron3_5TranscribeAsrAudioConfig(PreTrainedConfig):
    model_type = 'nemotron3_5_transcribe_asr_audio'
    hidden_size: int = 1280
    intermediate_size: int = 5120
    num_hidden_layers: int = 32
    num_attention_heads: int = 10
    num_key_value_heads: int | None = None
    hidden_act: str = 'gelu'
    max_position_embeddings: int = 5000
    initializer_range: float = 0.02
    rope_parameters: dict | None = None
    attention_dropout: float | int = 0.0
    num_mel_bins: int = 128
    subsampling_factor: int = 8

    def __post_init__(self, **kwargs):
        if self.rope_parameters is None:
            self.rope_parameters = {'rope_type': 'default', 'rope_theta': 10000.0, 'partial_rotary_factor': 0.5}
        kwargs.setdefault('partial_rotary_factor', 1.0)
        if self.num_key_value_heads is None:
            self.num_key_value_heads = self.num_attention_heads
        kwargs.setdefault('partial_rotary_factor', 0.5)
        super().__post_init__(**kwargs)

    def validate_architecture(self):
        if self.hidden_size % self.num_attention_heads != 0:
            raise ValueError(f'`hidden_size` ({self.hidden_size}) must be divisible by `num_attention_heads` ({self.num_attention_heads}).')

@strict
class Nemotron3_5TranscribeWordTimestampConfig(PreTrainedConfig):
    model_type = 'nemotron3_5_transcribe_word_timestamp'
    hidden_size: int = 1280
    intermediate_size: int = 640
    num_hidden_layers: int = 2
    num_attention_heads: int = 16
    num_key_value_heads: int | None = None
    hidden_act: str = 'gelu'
    max_position_embeddings: int = 5000
    initializer_range: float = 0.02
    rope_parameters: dict | None = None
    attention_dropout: float | int = 0.0
    vocab_size: int = 23863
    blank_token_id: int = 23862
    residual_scale: float = interval(min=0.0)(default=0.1)
    upsampling_factor: int = interval(min=1)(default=2)

    def __post_init__(self, **kwargs):
        if self.num_key_value_heads is None:
            self.num_key_value_heads = self.num_attention_heads
        if self.rope_parameters is None:
            self.rope_parameters = {'rope_type': 'default', 'rope_theta': 10000.0, 'partial_rotary_factor': 0.5}
        super().__post_init__(**kwargs)

    def validate_architecture(self):
        if self.hidden_size % self.num_attention_heads != 0:
            raise ValueError(f'`hidden_size` ({self.hidden_size}) must be divisible by `num_attention_heads` ({self.num_attention_heads}).')
        if not 0 <= self.blank_token_id < self.vocab_size:
            raise ValueError(f'`blank_token_id` ({self.blank_token_id}) must be a class below `vocab_size` ({self.vocab_size}).')

@strict
class Nemotron3_5TranscribeAudioConfig(PreTrainedConfig):
    model_type = 'nemotron3_5_transcribe_audio'
    sub_configs_defaults = {'asr_config': Nemotron3_5TranscribeAsrAudioConfig, 'diarization_config': SubConfigSpec(config_class=AutoConfig, model_type='nemotron3_diarization', init_kwargs={'chunk_length': 500, 'chunk_left_context': 50, 'chunk_right_context': 50, 'fifo_length': 40, 'speaker_cache_update_period': 300, 'streaming_config': {'speaker_cache_length': 188}})}
    asr_config: dict | PreTrainedConfig | None = None
    diarization_config: dict | PreTrainedConfig | None = None
    speaker_activity_threshold: float = interval(min=0.0, max=1.0)(default=0.5)

    @property
    def hidden_size(self):
        return self.asr_config.hidden_size

    @property
    def num_speakers(self):
        return self.diarization_config.head_config.num_speakers

    @property
    def subsampling_factor(self):
        return self.asr_config.subsampling_factor

    def validate_architecture(self):
        if self.asr_config.subsampling_factor != self.diarization_config.audio_config.subsampling_factor:
            raise ValueError(f'The speech recognition encoder (`subsampling_factor={self.asr_config.subsampling_factor}`) and the diarization model (`subsampling_factor={self.diarization_config.audio_config.subsampling_factor}`) must have the same frame rate.')

@strict
class Nemotron3_5TranscribeConfig(PreTrainedConfig):
    model_type = 'nemo_speechlm'
    sub_configs_defaults = {'audio_config': Nemotron3_5TranscribeAudioConfig, 'text_config': SubConfigSpec(config_class=AutoConfig, model_type='nemotron_h', init_kwargs={'hidden_size': 2688, 'intermediate_size': 1856, 'hybrid_override_pattern': 'MEMEM*EMEMEM*EMEMEM*EMEMEM*EMEMEM*EMEMEMEM*EMEMEMEME', 'mamba_num_heads': 64, 'max_position_embeddings': 262144, 'moe_intermediate_size': 1856, 'moe_shared_expert_intermediate_size': 3712, 'n_routed_experts': 128, 'num_experts_per_tok': 6, 'num_key_value_heads': 2, 'routed_scaling_factor': 2.5}), 'word_timestamp_config': Nemotron3_5TranscribeWordTimestampConfig}
    audio_config: dict | PreTrainedConfig | None = None
    text_config: dict | PreTrainedConfig | None = None
    audio_token_id: int = 131072
    word_timestamp_config: dict | PreTrainedConfig | None = None

class Nemotron3_5TranscribePreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True
    _keys_to_ignore_on_load_unexpected = ['^llm\\.mtp\\.', '^perception\\.preprocessor\\.', '^perception\\.encoder\\.diarization_model\\.preprocessor\\.', '^perception\\.encoder\\.diarization_model\\.sortformer_modules\\.hidden_to_spks\\.', '\\._extra_state$', '^ctc_timestamp\\.decoder\\.residual_scale$', '^ctc_timestamp\\.decoder\\.upsample_factor$', '^ctc_timestamp\\.tokenizer\\.model_proto$']

class Nemotron3_5TranscribeFeatureStacking(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.subsampling_factor = config.subsampling_factor
        self.projection = nn.Linear(config.subsampling_factor * config.num_mel_bins, config.hidden_size, bias=False)

class Nemotron3_5TranscribeRotaryEmbedding(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.max_seq_len_cached = config.max_position_embeddings
        self.original_max_seq_len = config.max_position_embeddings
        self.config = config
        self.rope_type = self.config.rope_parameters['rope_type']
        rope_init_fn = self.compute_default_rope_parameters
        if self.rope_type != 'default':
            rope_init_fn = ROPE_INIT_FUNCTIONS[self.rope_type]
        inv_freq, self.attention_scaling = rope_init_fn(self.config)
        self.inv_freq = nn.Buffer(inv_freq, persistent=False)
        self.original_inv_freq = nn.Buffer(inv_freq.clone(), persistent=False)

    @staticmethod
    def compute_default_rope_parameters(config, device=None, **kwargs):
        base = config.rope_parameters['rope_theta']
        partial_rotary_factor = config.rope_parameters.get('partial_rotary_factor', 1.0)
        head_dim = getattr(config, 'head_dim', None) or config.hidden_size // config.num_attention_heads
        dim = int(head_dim * partial_rotary_factor)
        attention_factor = 1.0
        inv_freq = 1.0 / base ** (torch.arange(0, dim, 2, dtype=torch.float) / dim)
        return (inv_freq.to(device), attention_factor)

class Nemotron3_5TranscribeAttention(nn.Module):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.config = config
        self.layer_idx = layer_idx
        self.head_dim = getattr(config, 'head_dim', config.hidden_size // config.num_attention_heads)
        self.num_key_value_groups = config.num_attention_heads // config.num_key_value_heads
        self.scaling = self.head_dim ** (-0.5)
        self.attention_dropout = config.attention_dropout
        self.is_causal = False
        self.q_proj = nn.Linear(config.hidden_size, config.num_attention_heads * self.head_dim, bias=False)
        self.k_proj = nn.Linear(config.hidden_size, config.num_key_value_heads * self.head_dim, bias=False)
        self.v_proj = nn.Linear(config.hidden_size, config.num_attention_heads * self.head_dim, bias=False)
        self.o_proj = nn.Linear(config.num_attention_heads * self.head_dim, config.hidden_size, bias=True)
        self.q_norm = nn.LayerNorm(self.head_dim)
        self.k_norm = nn.LayerNorm(self.head_dim)

class Nemotron3_5TranscribeMLP(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.activation_fn = ACT2FN[config.hidden_act]
        self.fc1 = nn.Linear(config.hidden_size, config.intermediate_size)
        self.fc2 = nn.Linear(config.intermediate_size, config.hidden_size)

class Nemotron3_5TranscribeAsrAudioLayer(GradientCheckpointingLayer):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.embed_dim = config.hidden_size
        self.self_attn = Nemotron3_5TranscribeAttention(config, layer_idx)
        self.layer_norm1 = nn.LayerNorm(config.hidden_size)
        self.mlp = Nemotron3_5TranscribeMLP(config)
        self.layer_norm2 = nn.LayerNorm(config.hidden_size)

class Nemotron3_5TranscribeAsrAudioModel(Nemotron3_5TranscribePreTrainedModel):
    main_input_name = 'input_features'

    def __init__(self, config):
        super().__init__(config)
        self.embedder = Nemotron3_5TranscribeFeatureStacking(config)
        self.input_layer_norm = nn.LayerNorm(config.hidden_size)
        self.layers = nn.ModuleList([Nemotron3_5TranscribeAsrAudioLayer(config, layer_idx) for layer_idx in range(config.num_hidden_layers)])
        self.layer_norm = nn.LayerNorm(config.hidden_size)
        self.rotary_emb = Nemotron3_5TranscribeRotaryEmbedding(config)
        self.post_init()

class Nemotron3_5TranscribeWordTimestampModel(Nemotron3_5TranscribePreTrainedModel):
    main_input_name = 'inputs_embeds'

    def __init__(self, config):
        super().__init__(config)
        self.upsampler = nn.ConvTranspose1d(config.hidden_size, config.hidden_size, kernel_size=config.upsampling_factor, stride=config.upsampling_factor)
        self.input_layer_norm = nn.LayerNorm(config.hidden_size)
        self.layers = nn.ModuleList([Nemotron3_5TranscribeAsrAudioLayer(config, layer_idx) for layer_idx in range(config.num_hidden_layers)])
        self.layer_norm = nn.LayerNorm(config.hidden_size)
        self.rotary_emb = Nemotron3_5TranscribeRotaryEmbedding(config)
        self.post_init()

class Nemotron3_5TranscribeSpeakerEmbedding(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.weight = nn.Buffer(self.compute_embeddings(config), persistent=False)

    @staticmethod
    def compute_embeddings(config):
        position = torch.arange(config.num_speakers, dtype=torch.float32)[:, None]
        inv_freq = torch.exp(torch.arange(0, config.hidden_size, 2, dtype=torch.float32) * -(math.log(10000.0) / config.hidden_size))
        embeddings = torch.zeros(config.num_speakers, config.hidden_size, dtype=torch.float32)
        embeddings[:, 0::2] = torch.sin(position * inv_freq)
        embeddings[:, 1::2] = torch.cos(position * inv_freq)
        return embeddings

class Nemotron3_5TranscribeAudioModel(Nemotron3_5TranscribePreTrainedModel):
    main_input_name = 'input_features'

    def __init__(self, config):
        super().__init__(config)
        self.asr_encoder = Nemotron3_5TranscribeAsrAudioModel(config.asr_config)
        self.diarization_model = AutoModelForAudioFrameClassification.from_config(config.diarization_config)
        self.asr_norm = nn.LayerNorm(config.hidden_size)
        self.speaker_norm = nn.LayerNorm(config.num_speakers)
        self.speaker_embedding = Nemotron3_5TranscribeSpeakerEmbedding(config)
        self.post_init()

class Nemotron3_5TranscribeModel(Nemotron3_5TranscribePreTrainedModel):
    _keep_in_fp32_modules_strict = ['audio_tower', 'multi_modal_projector']

    def __init__(self, config):
        super().__init__(config)
        self.audio_tower = AutoModel.from_config(config.audio_config)
        self.language_model = AutoModel.from_config(config.text_config)
        self.multi_modal_projector = nn.Linear(config.audio_config.hidden_size, config.text_config.hidden_size)
        self.word_timestamp_encoder = Nemotron3_5TranscribeWordTimestampModel(config.word_timestamp_config)
        self.post_init()

class Nemotron3_5TranscribeForConditionalGeneration(Nemotron3_5TranscribePreTrainedModel, GenerationMixin):
    _tied_weights_keys = None

    def __init__(self, config):
        super().__init__(config)
        self.model = Nemotron3_5TranscribeModel(config)
        self.lm_head = nn.Linear(config.text_config.hidden_size, config.text_config.vocab_size, bias=False)
        self.word_timestamp_head = nn.Conv1d(config.word_timestamp_config.hidden_size, config.word_timestamp_config.vocab_size, kernel_size=1)
        self.post_init()
