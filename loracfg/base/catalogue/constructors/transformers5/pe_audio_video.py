"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): pe_audio_video. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel, CONFIG_MAPPING
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_rope_utils import ROPE_INIT_FUNCTIONS
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GradientCheckpointingLayer, RopeParameters
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

@strict
class PeAudioVideoEncoderConfig(PreTrainedConfig):
    model_type = 'pe_audio_video_encoder'
    default_theta = 20000
    sub_configs_defaults = {'audio_config': SubConfigSpec(config_class=AutoConfig, model_type='pe_audio_encoder'), 'video_config': SubConfigSpec(config_class=AutoConfig, model_type='pe_video_encoder')}
    audio_config: dict | PreTrainedConfig | None = None
    video_config: dict | PreTrainedConfig | None = None
    hidden_size: int = 1792
    intermediate_size: int = 4800
    num_hidden_layers: int = 6
    num_attention_heads: int = 14
    num_key_value_heads: int | None = None
    head_dim: int = 128
    hidden_act: str = 'silu'
    max_position_embeddings: int = 10000
    initializer_range: float = 0.02
    rms_norm_eps: float = 1e-05
    rope_parameters: RopeParameters | dict | None = None
    attention_bias: bool = False
    attention_dropout: float | int = 0.0

    def __post_init__(self, **kwargs):
        if self.num_key_value_heads is None:
            self.num_key_value_heads = self.num_attention_heads
        super().__post_init__(**kwargs)

@strict
class PeAudioVideoConfig(PreTrainedConfig):
    model_type = 'pe_audio_video'
    sub_configs_defaults = {'text_config': SubConfigSpec(config_class=AutoConfig, model_type='modernbert', init_kwargs={'hidden_size': 1024, 'intermediate_size': 2624, 'num_hidden_layers': 22, 'num_attention_heads': 16}), 'audio_video_config': PeAudioVideoEncoderConfig}
    text_config: dict | PreTrainedConfig | None = None
    audio_video_config: dict | PreTrainedConfig | None = None
    tie_word_embeddings: bool = True

    def __post_init__(self, **kwargs):
        if isinstance(self.text_config, dict):
            self.text_config = {**self.sub_configs_defaults['text_config'].init_kwargs, **self.text_config}
        super().__post_init__(**kwargs)

    @property
    def audio_config(self):
        return CONFIG_MAPPING['pe_audio'](text_config=self.text_config, audio_config=self.audio_video_config.audio_config)

    @property
    def video_config(self):
        return CONFIG_MAPPING['pe_video'](text_config=self.text_config, video_config=self.audio_video_config.video_config)

class PeAudioVideoMaskedGroupNorm(nn.GroupNorm):
    pass

class PeAudioVideoConvBlock1d(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.groupnorm = PeAudioVideoMaskedGroupNorm(num_groups=1, num_channels=config.hidden_size)
        self.activation = nn.SiLU()
        self.project = nn.Conv1d(in_channels=config.hidden_size, out_channels=config.hidden_size, kernel_size=3, padding='same')

class PeAudioVideoResnetBlock1d(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.block1 = PeAudioVideoConvBlock1d(config)
        self.block2 = PeAudioVideoConvBlock1d(config)

class PeAudioVideoEncoderPatchEmbedder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.resnet_block = PeAudioVideoResnetBlock1d(config)
        self.class_embedding = nn.Parameter(torch.randn(1, 1, config.hidden_size))

class PeAudioVideoContrastiveHead(nn.Module):

    def __init__(self, in_dim, out_dim):
        super().__init__()
        self.layer_norm = nn.LayerNorm(normalized_shape=in_dim, eps=1e-06)
        self.proj = nn.Linear(in_dim, out_dim, bias=False)

class PeAudioVideoEncoderEmbedder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.audio_encoder = AutoModel.from_config(config.audio_config)
        self.video_encoder = AutoModel.from_config(config.video_config)
        self.video_proj = nn.Conv1d(config.video_config.hidden_size, config.audio_config.hidden_size, 1)
        self.video_norm = nn.LayerNorm(config.audio_config.hidden_size)
        self.concat_modality_proj = nn.Linear(config.audio_config.hidden_size + config.video_config.hidden_size, config.hidden_size)
        self.data_proj = nn.Linear(config.hidden_size, config.hidden_size)

class PeAudioVideoEncoderAttention(nn.Module):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.layer_type = config.layer_types[layer_idx] if hasattr(config, 'layer_types') else None
        self.config = config
        self.layer_idx = layer_idx
        self.head_dim = getattr(config, 'head_dim', config.hidden_size // config.num_attention_heads)
        self.num_key_value_groups = config.num_attention_heads // config.num_key_value_heads
        self.scaling = self.head_dim ** (-0.5)
        self.attention_dropout = config.attention_dropout
        self.is_causal = False
        self.q_proj = nn.Linear(config.hidden_size, config.num_attention_heads * self.head_dim, bias=config.attention_bias)
        self.k_proj = nn.Linear(config.hidden_size, config.num_key_value_heads * self.head_dim, bias=config.attention_bias)
        self.v_proj = nn.Linear(config.hidden_size, config.num_key_value_heads * self.head_dim, bias=config.attention_bias)
        self.o_proj = nn.Linear(config.num_attention_heads * self.head_dim, config.hidden_size, bias=config.attention_bias)
        self.q_norm = PeAudioVideoEncoderRMSNorm(self.head_dim, eps=config.rms_norm_eps)
        self.k_norm = PeAudioVideoEncoderRMSNorm(self.head_dim, eps=config.rms_norm_eps)

class PeAudioVideoEncoderMLP(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.hidden_size = config.hidden_size
        self.intermediate_size = config.intermediate_size
        self.gate_proj = nn.Linear(self.hidden_size, self.intermediate_size, bias=False)
        self.up_proj = nn.Linear(self.hidden_size, self.intermediate_size, bias=False)
        self.down_proj = nn.Linear(self.intermediate_size, self.hidden_size, bias=False)
        self.act_fn = ACT2FN[config.hidden_act]

class PeAudioVideoEncoderLayer(GradientCheckpointingLayer):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.hidden_size = config.hidden_size
        self.self_attn = PeAudioVideoEncoderAttention(config=config, layer_idx=layer_idx)
        self.mlp = PeAudioVideoEncoderMLP(config)
        self.input_layernorm = PeAudioVideoEncoderRMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.post_attention_layernorm = PeAudioVideoEncoderRMSNorm(config.hidden_size, eps=config.rms_norm_eps)

class PeAudioVideoEncoderRMSNorm(nn.Module):

    def __init__(self, hidden_size, eps=1e-06):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(hidden_size))
        self.variance_epsilon = eps

class PeAudioVideoEncoderRotaryEmbedding(nn.Module):

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
    def compute_default_rope_parameters(config, **kwargs):
        base = config.rope_parameters['rope_theta']
        dim = getattr(config, 'head_dim', None) or config.hidden_size // config.num_attention_heads
        attention_factor = 1.0
        inv_freq = 1.0 / base ** (torch.arange(0, dim, 2, dtype=torch.float) / dim)
        return (inv_freq, attention_factor)

class PeAudioVideoPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = True

class PeAudioVideoEncoder(PeAudioVideoPreTrainedModel):
    main_input_name = 'input_values'
    base_model_prefix = 'audio_video_encoder'

    def __init__(self, config):
        super().__init__(config)
        self.embedder = PeAudioVideoEncoderEmbedder(config)
        self.patch_embedder = PeAudioVideoEncoderPatchEmbedder(config)
        self.layers = nn.ModuleList([PeAudioVideoEncoderLayer(config, layer_idx) for layer_idx in range(config.num_hidden_layers)])
        self.norm = PeAudioVideoEncoderRMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.rotary_emb = PeAudioVideoEncoderRotaryEmbedding(config=config)
        self.output = nn.Linear(config.hidden_size, config.hidden_size, bias=False)
        self.gradient_checkpointing = False
        self.post_init()

class PeAudioVideoModel(PeAudioVideoPreTrainedModel):
    _tied_weights_keys = {'audio_model\\.text_model\\.(?!rotary_emb)': '^text_model\\.(?!rotary_emb)', 'video_model\\.text_model\\.(?!rotary_emb)': '^text_model\\.(?!rotary_emb)', 'audio_video_encoder\\.embedder\\.audio_encoder\\.(?!rotary_emb)': 'audio_model\\.audio_encoder\\.(?!rotary_emb)', 'audio_video_encoder\\.embedder\\.video_encoder\\.(?!rotary_emb|.*\\.rope\\.pos_embed)': 'video_model\\.video_encoder\\.(?!rotary_emb|.*\\.rope\\.pos_embed)'}

    def __init__(self, config):
        super().__init__(config)
        self.text_model = AutoModel.from_config(config.text_config)
        self.audio_model = AutoModel.from_config(config.audio_config)
        self.video_model = AutoModel.from_config(config.video_config)
        self.audio_video_encoder = PeAudioVideoEncoder(config.audio_video_config)
        text_hidden_size = config.text_config.hidden_size
        audio_hidden_size = config.audio_video_config.audio_config.hidden_size
        video_hidden_size = config.audio_video_config.video_config.hidden_size
        self.audio_video_head = PeAudioVideoContrastiveHead(config.audio_video_config.hidden_size, text_hidden_size)
        self.text_audio_video_head = PeAudioVideoContrastiveHead(text_hidden_size, text_hidden_size)
        self.audio_video_logit_scale = nn.Parameter(torch.zeros(1))
        self.audio_video_logit_bias = nn.Parameter(torch.zeros(1))
        self.text_audio_video_logit_scale = nn.Parameter(torch.zeros(1))
        self.text_audio_video_logit_bias = nn.Parameter(torch.zeros(1))
        self.audio_plus_text_head = PeAudioVideoContrastiveHead(text_hidden_size + audio_hidden_size, text_hidden_size)
        self.audio_plus_text_logit_scale = nn.Parameter(torch.zeros(1))
        self.audio_plus_text_logit_bias = nn.Parameter(torch.zeros(1))
        self.video_plus_text_head = PeAudioVideoContrastiveHead(text_hidden_size + video_hidden_size, text_hidden_size)
        self.video_plus_text_logit_scale = nn.Parameter(torch.zeros(1))
        self.video_plus_text_logit_bias = nn.Parameter(torch.zeros(1))
        self.post_init()
