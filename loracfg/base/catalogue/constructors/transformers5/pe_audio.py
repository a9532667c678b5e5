"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): pe_audio. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_rope_utils import ROPE_INIT_FUNCTIONS
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GradientCheckpointingLayer, RopeParameters
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
import math

@strict
class PeAudioEncoderConfig(PreTrainedConfig):
    model_type = 'pe_audio_encoder'
    default_theta = 20000
    sub_configs_defaults = {'dac_config': SubConfigSpec(config_class=AutoConfig, model_type='dac', init_kwargs={'downsampling_ratios': [2, 8, 10, 12], 'encoder_hidden_size': 64, 'codebook_dim': 128})}
    dac_config: dict | PreTrainedConfig | None = None
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
        if isinstance(self.dac_config, dict):
            self.dac_config = {**self.sub_configs_defaults['dac_config'].init_kwargs, **self.dac_config}
        super().__post_init__(**kwargs)

@strict
class PeAudioConfig(PreTrainedConfig):
    model_type = 'pe_audio'
    sub_configs_defaults = {'text_config': SubConfigSpec(config_class=AutoConfig, model_type='modernbert', init_kwargs={'hidden_size': 1024, 'intermediate_size': 2624, 'num_hidden_layers': 22, 'num_attention_heads': 16}), 'audio_config': PeAudioEncoderConfig}
    text_config: dict | PreTrainedConfig | None = None
    audio_config: dict | PreTrainedConfig | None = None

    def __post_init__(self, **kwargs):
        if isinstance(self.text_config, dict):
            self.text_config = {**self.sub_configs_defaults['text_config'].init_kwargs, **self.text_config}
        super().__post_init__(**kwargs)

class Snake1d(nn.Module):

    def __init__(self, hidden_dim):
        super().__init__()
        self.alpha = nn.Parameter(torch.ones(1, hidden_dim, 1))

class PeAudioDacResidualUnit(nn.Module):

    def __init__(self, dimension=16, dilation=1):
        super().__init__()
        pad = (7 - 1) * dilation // 2
        self.snake1 = Snake1d(dimension)
        self.conv1 = nn.Conv1d(dimension, dimension, kernel_size=7, dilation=dilation, padding=pad)
        self.snake2 = Snake1d(dimension)
        self.conv2 = nn.Conv1d(dimension, dimension, kernel_size=1)

class PeAudioDacEncoderBlock(nn.Module):

    def __init__(self, config, stride=1, stride_index=1):
        super().__init__()
        dimension = config.encoder_hidden_size * 2 ** stride_index
        self.res_unit1 = PeAudioDacResidualUnit(dimension // 2, dilation=1)
        self.res_unit2 = PeAudioDacResidualUnit(dimension // 2, dilation=3)
        self.res_unit3 = PeAudioDacResidualUnit(dimension // 2, dilation=9)
        self.snake1 = Snake1d(dimension // 2)
        self.conv1 = nn.Conv1d(dimension // 2, dimension, kernel_size=2 * stride, stride=stride, padding=math.ceil(stride / 2))

class PeAudioDacEncoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.conv1 = nn.Conv1d(1, config.encoder_hidden_size, kernel_size=7, padding=3)
        self.block = []
        for stride_index, stride in enumerate(config.downsampling_ratios):
            stride_index = stride_index + 1
            self.block += [PeAudioDacEncoderBlock(config, stride=stride, stride_index=stride_index)]
        self.block = nn.ModuleList(self.block)
        d_model = config.encoder_hidden_size * 2 ** len(config.downsampling_ratios)
        self.snake1 = Snake1d(d_model)
        self.conv2 = nn.Conv1d(d_model, config.hidden_size, kernel_size=3, padding=1)

class PeAudioEncoderEmbedder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.dac_encoder = PeAudioDacEncoder(config.dac_config)
        self.bottleneck = nn.Conv1d(config.dac_config.hidden_size, config.dac_config.codebook_dim, 1)
        self.data_proj = nn.Linear(config.dac_config.codebook_dim, config.hidden_size)
        self.config = config

class PeAudioContrastiveHead(nn.Module):

    def __init__(self, in_dim, out_dim):
        super().__init__()
        self.layer_norm = nn.LayerNorm(normalized_shape=in_dim, eps=1e-06)
        self.proj = nn.Linear(in_dim, out_dim, bias=False)

class PeAudioMaskedGroupNorm(nn.GroupNorm):
    pass

class PeAudioConvBlock1d(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.groupnorm = PeAudioMaskedGroupNorm(num_groups=1, num_channels=config.hidden_size)
        self.activation = nn.SiLU()
        self.project = nn.Conv1d(in_channels=config.hidden_size, out_channels=config.hidden_size, kernel_size=3, padding='same')

class PeAudioResnetBlock1d(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.block1 = PeAudioConvBlock1d(config)
        self.block2 = PeAudioConvBlock1d(config)

class PeAudioEncoderPatchEmbedder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.resnet_block = PeAudioResnetBlock1d(config)
        self.class_embedding = nn.Parameter(torch.randn(1, 1, config.hidden_size))

class PeAudioEncoderRMSNorm(nn.Module):

    def __init__(self, hidden_size, eps=1e-06):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(hidden_size))
        self.variance_epsilon = eps

class PeAudioEncoderAttention(nn.Module):

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
        self.q_norm = PeAudioEncoderRMSNorm(self.head_dim, eps=config.rms_norm_eps)
        self.k_norm = PeAudioEncoderRMSNorm(self.head_dim, eps=config.rms_norm_eps)

class PeAudioEncoderMLP(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.hidden_size = config.hidden_size
        self.intermediate_size = config.intermediate_size
        self.gate_proj = nn.Linear(self.hidden_size, self.intermediate_size, bias=False)
        self.up_proj = nn.Linear(self.hidden_size, self.intermediate_size, bias=False)
        self.down_proj = nn.Linear(self.intermediate_size, self.hidden_size, bias=False)
        self.act_fn = ACT2FN[config.hidden_act]

class PeAudioEncoderLayer(GradientCheckpointingLayer):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.hidden_size = config.hidden_size
        self.self_attn = PeAudioEncoderAttention(config=config, layer_idx=layer_idx)
        self.mlp = PeAudioEncoderMLP(config)
        self.input_layernorm = PeAudioEncoderRMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.post_attention_layernorm = PeAudioEncoderRMSNorm(config.hidden_size, eps=config.rms_norm_eps)

class PeAudioPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'audio_model'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = True

class PeAudioEncoderRotaryEmbedding(nn.Module):

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

class PeAudioEncoder(PeAudioPreTrainedModel):
    main_input_name = 'input_values'
    base_model_prefix = 'audio_model.audio_encoder'

    def __init__(self, config):
        super().__init__(config)
        self.embedder = PeAudioEncoderEmbedder(config)
        self.patch_embedder = PeAudioEncoderPatchEmbedder(config)
        self.layers = nn.ModuleList([PeAudioEncoderLayer(config, layer_idx) for layer_idx in range(config.num_hidden_layers)])
        self.norm = PeAudioEncoderRMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.rotary_emb = PeAudioEncoderRotaryEmbedding(config=config)
        self.output = nn.Linear(config.hidden_size, config.hidden_size, bias=False)
        self.gradient_checkpointing = False
        self.post_init()

class PeAudioModel(PeAudioPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.text_model = AutoModel.from_config(config.text_config)
        self.audio_encoder = PeAudioEncoder(config.audio_config)
        self.text_audio_head = PeAudioContrastiveHead(config.text_config.hidden_size, config.text_config.hidden_size)
        self.audio_head = PeAudioContrastiveHead(config.audio_config.hidden_size, config.text_config.hidden_size)
        self.text_audio_logit_scale = nn.Parameter(torch.zeros(1))
        self.text_audio_logit_bias = nn.Parameter(torch.zeros(1))
        self.post_init()

class PeAudioFrameLevelModel(PeAudioModel):
    pass
