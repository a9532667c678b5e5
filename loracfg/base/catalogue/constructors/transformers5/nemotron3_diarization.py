"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): nemotron3_diarization. Made by `python -m loracfg.base.transcriber`."""
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig
from .common_modeling_rope_utils import ROPE_INIT_FUNCTIONS
from .common_modeling_utils import PreTrainedModel
from .common_utils_type_validators import interval, positive_int_field
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GradientCheckpointingLayer
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

@strict
class Nemotron3DiarizationAudioConfig(PreTrainedConfig):
    model_type = 'nemotron3_diarization_audio'
    hidden_size: int = 512
    intermediate_size: int = 2048
    num_hidden_layers: int = 31
    num_attention_heads: int = 8
    num_key_value_heads: int | None = None
    hidden_act: str = 'gelu'
    max_position_embeddings: int = 5000
    initializer_range: float = 0.02
    rope_parameters: dict | None = None
    attention_dropout: float | int = 0.0
    num_mel_bins: int = 128
    subsampling_factor: int = 8

    def __post_init__(self, **kwargs):
        kwargs.setdefault('partial_rotary_factor', 1.0)
        if self.num_key_value_heads is None:
            self.num_key_value_heads = self.num_attention_heads
        kwargs.setdefault('partial_rotary_factor', 0.5)
        super().__post_init__(**kwargs)

    def validate_architecture(self):
        if self.hidden_size % self.num_attention_heads != 0:
            raise ValueError(f'`hidden_size` ({self.hidden_size}) must be divisible by `num_attention_heads` ({self.num_attention_heads}).')

@strict
class Nemotron3DiarizationHeadConfig(PreTrainedConfig):
    hidden_size: int = positive_int_field(default=192)
    num_speakers: int = positive_int_field(default=8)
    audio_hidden_size: int = positive_int_field(default=512)
    subsampling_factor: int = positive_int_field(default=8)

@strict
class Nemotron3DiarizationStreamingConfig(PreTrainedConfig):
    fifo_length: int = positive_int_field(default=264)
    speaker_cache_update_period: int = positive_int_field(default=222)
    speaker_cache_length: int = positive_int_field(default=264)
    speaker_cache_silence_frames_per_speaker: int = interval(min=0)(default=1)
    prediction_score_threshold: float = 0.25
    latest_frames_score_boost: float = 0.05
    strong_boost_rate: float = 0.75
    weak_boost_rate: float = 1.5
    min_positive_scores_rate: float = 0.5
    num_speakers: int = positive_int_field(default=8)
    subsampling_factor: int = positive_int_field(default=8)

@strict
class Nemotron3DiarizationConfig(PreTrainedConfig):
    model_type = 'nemotron3_diarization'
    sub_configs_defaults = {'audio_config': Nemotron3DiarizationAudioConfig, 'head_config': Nemotron3DiarizationHeadConfig, 'streaming_config': Nemotron3DiarizationStreamingConfig}
    audio_config: Nemotron3DiarizationAudioConfig | dict | None = None
    head_config: Nemotron3DiarizationHeadConfig | dict | None = None
    streaming_config: Nemotron3DiarizationStreamingConfig | dict | None = None
    chunk_length: int = 340
    chunk_right_context: int = 40
    chunk_left_context: int = interval(min=0)(default=0)
    fifo_length: int = 40
    speaker_cache_update_period: int = 300
    initializer_range: float = 0.02

    def validate_architecture(self):
        if self.chunk_right_context >= self.chunk_length:
            raise ValueError(f'`chunk_right_context` ({self.chunk_right_context}) must be smaller than `chunk_length` ({self.chunk_length}).')
        if self.head_config.audio_hidden_size != self.audio_config.hidden_size:
            raise ValueError(f'`head_config.audio_hidden_size` ({self.head_config.audio_hidden_size}) must match `audio_config.hidden_size` ({self.audio_config.hidden_size}).')
        if self.head_config.subsampling_factor != self.audio_config.subsampling_factor:
            raise ValueError(f'`head_config.subsampling_factor` ({self.head_config.subsampling_factor}) must match `audio_config.subsampling_factor` ({self.audio_config.subsampling_factor}).')
        if self.streaming_config.num_speakers != self.head_config.num_speakers:
            raise ValueError(f'`streaming_config.num_speakers` ({self.streaming_config.num_speakers}) must match `head_config.num_speakers` ({self.head_config.num_speakers}).')
        if self.streaming_config.subsampling_factor != self.audio_config.subsampling_factor:
            raise ValueError(f'`streaming_config.subsampling_factor` ({self.streaming_config.subsampling_factor}) must match `audio_config.subsampling_factor` ({self.audio_config.subsampling_factor}).')
        silence_frames = self.streaming_config.speaker_cache_silence_frames_per_speaker
        min_speaker_cache_length = (1 + silence_frames) * self.streaming_config.num_speakers
        if self.streaming_config.speaker_cache_length < min_speaker_cache_length:
            raise ValueError(f'`streaming_config.speaker_cache_length` ({self.streaming_config.speaker_cache_length}) must be at least `(1 + streaming_config.speaker_cache_silence_frames_per_speaker) * streaming_config.num_speakers` ({min_speaker_cache_length}).')

class Nemotron3DiarizationFeatureStacking(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.subsampling_factor = config.subsampling_factor
        self.projection = nn.Linear(config.subsampling_factor * config.num_mel_bins, config.hidden_size, bias=False)

class Nemotron3DiarizationRotaryEmbedding(nn.Module):

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

class Nemotron3DiarizationAttention(nn.Module):

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

class Nemotron3DiarizationMLP(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.activation_fn = ACT2FN[config.hidden_act]
        self.fc1 = nn.Linear(config.hidden_size, config.intermediate_size)
        self.fc2 = nn.Linear(config.intermediate_size, config.hidden_size)

class Nemotron3DiarizationAudioLayer(GradientCheckpointingLayer):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.embed_dim = config.hidden_size
        self.self_attn = Nemotron3DiarizationAttention(config, layer_idx)
        self.layer_norm1 = nn.LayerNorm(config.hidden_size)
        self.mlp = Nemotron3DiarizationMLP(config)
        self.layer_norm2 = nn.LayerNorm(config.hidden_size)

class Nemotron3DiarizationPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = True
    main_input_name = 'input_features'

class Nemotron3DiarizationAudioModel(Nemotron3DiarizationPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.embedder = Nemotron3DiarizationFeatureStacking(config)
        self.input_layer_norm = nn.LayerNorm(config.hidden_size)
        self.layers = nn.ModuleList([Nemotron3DiarizationAudioLayer(config, layer_idx) for layer_idx in range(config.num_hidden_layers)])
        self.layer_norm = nn.LayerNorm(config.hidden_size)
        self.rotary_emb = Nemotron3DiarizationRotaryEmbedding(config)
        self.post_init()

class Nemotron3DiarizationSubpixelUpsampler(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.upsample_factor = config.subsampling_factor
        self.conv = nn.Conv1d(config.hidden_size, config.hidden_size * config.subsampling_factor, kernel_size=3, padding=1)

class Nemotron3DiarizationClassificationHead(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.dense = nn.Linear(config.hidden_size, config.hidden_size)
        self.out_proj = nn.Linear(config.hidden_size, config.num_speakers)
        self.act_fn = ACT2FN['relu']

class Nemotron3DiarizationModel(Nemotron3DiarizationPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.audio_tower = Nemotron3DiarizationAudioModel(config.audio_config)
        self.proj = nn.Linear(config.head_config.audio_hidden_size, config.head_config.hidden_size)
        self.upsampler = Nemotron3DiarizationSubpixelUpsampler(config.head_config)
        self.post_init()

class Nemotron3DiarizationForAudioFrameClassification(Nemotron3DiarizationPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.model = Nemotron3DiarizationModel(config)
        self.classifier = Nemotron3DiarizationClassificationHead(config.head_config)
        self.silence_embeds = nn.Parameter(torch.zeros(config.audio_config.hidden_size))
        self.post_init()
