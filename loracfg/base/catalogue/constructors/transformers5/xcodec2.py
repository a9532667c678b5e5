"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): xcodec2. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_rope_utils import ROPE_INIT_FUNCTIONS
from .common_modeling_utils import PreTrainedModel
from .common_utils_type_validators import interval
from loracfg.base.catalogue.stand_ins.arrays import numpy as np
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GradientCheckpointingLayer, RopeParameters
from loracfg.base.catalogue.stand_ins.module import Parameter
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
import math

@strict
class Xcodec2Config(PreTrainedConfig):
    model_type = 'xcodec2'
    hidden_size: int = 1024
    intermediate_size: int = 4096
    num_hidden_layers: int = 12
    num_attention_heads: int = 16
    num_key_value_heads: int = 16
    hidden_act: str = 'silu'
    max_position_embeddings: int = 4096
    initializer_range: float = interval(min=0.0, max=1.0)(default=0.02)
    rms_norm_eps: float = 1e-06
    pad_token_id: int | None = None
    tie_word_embeddings: bool = False
    rope_parameters: RopeParameters | dict | None = None
    attention_bias: bool = False
    attention_dropout: int | float | None = 0.0
    head_dim: int = 64
    sub_configs_defaults = {'semantic_model_config': SubConfigSpec(config_class=AutoConfig, model_type='wav2vec2-bert', init_kwargs={'num_hidden_layers': 16})}
    encoder_hidden_size: int = 48
    downsampling_ratios: list[int] | tuple[int, ...] = (2, 2, 4, 4, 5)
    semantic_model_config: dict | PreTrainedConfig | None = None
    sampling_rate: int = 16000
    activation_dropout: float = 0.1
    quantization_dim: int = 2048
    quantization_levels: list[int] | tuple[int, ...] = (4, 4, 4, 4, 4, 4, 4, 4)

    def __post_init__(self, **kwargs):
        if self.head_dim is None:
            self.head_dim = self.hidden_size // self.num_attention_heads
        if self.num_key_value_heads is None:
            self.num_key_value_heads = self.num_attention_heads
        super().__post_init__(**kwargs)

    def validate_architecture(self):
        if self.hidden_size % self.num_attention_heads != 0:
            raise ValueError(f'The hidden size ({self.hidden_size}) is not a multiple of the number of attention heads ({self.num_attention_heads}).')

    @property
    def hop_length(self):
        return int(np.prod(self.downsampling_ratios))

    @property
    def n_fft(self):
        return self.hop_length * 4

class Xcodec2RotaryEmbedding(nn.Module):

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

class Xcodec2MLP(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.activation_fn = ACT2FN[config.hidden_act]
        self.fc1 = nn.Linear(config.hidden_size, config.intermediate_size, bias=False)
        self.fc2 = nn.Linear(config.intermediate_size, config.hidden_size, bias=False)

class Xcodec2Attention(nn.Module):

    def __init__(self, config, layer_idx):
        super().__init__()
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

class Xcodec2RMSNorm(nn.Module):

    def __init__(self, hidden_size, eps=1e-06):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(hidden_size))
        self.variance_epsilon = eps

class Xcodec2DecoderLayer(GradientCheckpointingLayer):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.hidden_size = config.hidden_size
        self.self_attn = Xcodec2Attention(config=config, layer_idx=layer_idx)
        self.mlp = Xcodec2MLP(config)
        self.input_layernorm = Xcodec2RMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.post_attention_layernorm = Xcodec2RMSNorm(config.hidden_size, eps=config.rms_norm_eps)

class Xcodec2SnakeBeta(nn.Module):

    def __init__(self, in_features, alpha=1.0):
        super().__init__()
        self.in_features = in_features
        self.alpha = Parameter(torch.zeros(in_features) * alpha)
        self.beta = Parameter(torch.zeros(in_features) * alpha)
        self.no_div_by_zero = 1e-09

def kaiser_sinc_filter1d(cutoff, half_width, kernel_size):
    is_even = kernel_size % 2 == 0
    half_size = kernel_size // 2
    delta_f = 4 * half_width
    attenuation = 2.285 * (half_size - 1) * math.pi * delta_f + 7.95
    if attenuation > 50.0:
        beta = 0.1102 * (attenuation - 8.7)
    elif attenuation >= 21.0:
        beta = 0.5842 * (attenuation - 21) ** 0.4 + 0.07886 * (attenuation - 21.0)
    else:
        beta = 0.0
    kaiser_window = torch.kaiser_window(kernel_size, beta=beta, periodic=False, dtype=torch.float32)
    if is_even:
        time_indices = torch.arange(-half_size, half_size) + 0.5
    else:
        time_indices = torch.arange(kernel_size) - half_size
    if cutoff == 0:
        return torch.zeros((1, 1, kernel_size), dtype=torch.float32)
    sinc_filter = torch.sinc(2 * cutoff * time_indices)
    normalized_filter = 2 * cutoff * kaiser_window * sinc_filter
    normalized_filter /= normalized_filter.sum()
    return normalized_filter.view(1, 1, kernel_size)

class Xcodec2DownSample1d(nn.Module):

    def __init__(self, ratio=2, kernel_size=None):
        super().__init__()
        cutoff = 0.5 / ratio
        half_width = 0.6 / ratio
        self.cutoff = cutoff
        self.half_width = half_width
        self.kernel_size = kernel_size
        if cutoff < 0.0:
            raise ValueError('Minimum cutoff must be larger than zero.')
        if cutoff > 0.5:
            raise ValueError('A cutoff above 0.5 does not make sense.')
        self.even = kernel_size % 2 == 0
        self.pad_left = kernel_size // 2 - int(self.even)
        self.pad_right = kernel_size // 2
        self.stride = ratio
        filter = kaiser_sinc_filter1d(cutoff, half_width, kernel_size)
        self.filter = nn.Buffer(filter, persistent=False)

class Xcodec2UpSample1d(nn.Module):

    def __init__(self, ratio=2, kernel_size=None):
        super().__init__()
        self.ratio = ratio
        self.kernel_size = int(6 * ratio // 2) * 2 if kernel_size is None else kernel_size
        self.stride = ratio
        self.pad = self.kernel_size // ratio - 1
        self.pad_left = self.pad * self.stride + (self.kernel_size - self.stride) // 2
        self.pad_right = self.pad * self.stride + (self.kernel_size - self.stride + 1) // 2
        filter = kaiser_sinc_filter1d(cutoff=0.5 / ratio, half_width=0.6 / ratio, kernel_size=self.kernel_size)
        self.filter = nn.Buffer(filter, persistent=False)

class Xcodec2AntiAliasedActivation1d(nn.Module):

    def __init__(self, activation, up_ratio=2, down_ratio=2, up_kernel_size=12, down_kernel_size=12):
        super().__init__()
        if not callable(activation):
            raise TypeError('Activation function must be callable')
        self.act = activation
        self.upsample = Xcodec2UpSample1d(up_ratio, up_kernel_size)
        self.downsample = Xcodec2DownSample1d(down_ratio, down_kernel_size)

class Xcodec2ResidualUnit(nn.Module):

    def __init__(self, dimension, dilation):
        super().__init__()
        pad = (7 - 1) * dilation // 2
        self.snake1 = Xcodec2AntiAliasedActivation1d(activation=Xcodec2SnakeBeta(dimension))
        self.conv1 = nn.Conv1d(dimension, dimension, kernel_size=7, dilation=dilation, padding=pad)
        self.snake2 = Xcodec2AntiAliasedActivation1d(activation=Xcodec2SnakeBeta(dimension))
        self.conv2 = nn.Conv1d(dimension, dimension, kernel_size=1)

class Xcodec2EncoderBlock(nn.Module):

    def __init__(self, config, stride=1, stride_index=1):
        super().__init__()
        dimension = config.encoder_hidden_size * 2 ** stride_index
        self.res_unit1 = Xcodec2ResidualUnit(dimension // 2, dilation=1)
        self.res_unit2 = Xcodec2ResidualUnit(dimension // 2, dilation=3)
        self.res_unit3 = Xcodec2ResidualUnit(dimension // 2, dilation=9)
        self.snake1 = Xcodec2AntiAliasedActivation1d(activation=Xcodec2SnakeBeta(dimension // 2))
        self.conv1 = nn.Conv1d(dimension // 2, dimension, kernel_size=2 * stride, stride=stride, padding=math.ceil(stride / 2))

class Xcodec2Encoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.conv1 = nn.Conv1d(1, config.encoder_hidden_size, kernel_size=7, padding=3)
        self.block = []
        for stride_index, stride in enumerate(config.downsampling_ratios):
            stride_index = stride_index + 1
            self.block += [Xcodec2EncoderBlock(config, stride=stride, stride_index=stride_index)]
        self.block = nn.ModuleList(self.block)
        d_model = config.encoder_hidden_size * 2 ** len(config.downsampling_ratios)
        self.snake1 = Xcodec2AntiAliasedActivation1d(activation=Xcodec2SnakeBeta(d_model))
        self.conv2 = nn.Conv1d(d_model, config.hidden_size, kernel_size=3, padding=1)

class Xcodec2ResNetBlock(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.norm1 = nn.GroupNorm(num_groups=32, num_channels=config.hidden_size, eps=1e-06, affine=True)
        self.activation1 = nn.SiLU()
        self.conv1 = nn.Conv1d(config.hidden_size, config.hidden_size, kernel_size=3, stride=1, padding=1)
        self.norm2 = nn.GroupNorm(num_groups=32, num_channels=config.hidden_size, eps=1e-06, affine=True)
        self.activation2 = nn.SiLU()
        self.activation_dropout = config.activation_dropout
        self.conv2 = nn.Conv1d(config.hidden_size, config.hidden_size, kernel_size=3, stride=1, padding=1)

class Xcodec2FiniteScalarQuantization(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.quantization_levels = list(config.quantization_levels)
        levels, basis, codebook = self._compute_buffers()
        self.levels = nn.Buffer(levels, persistent=False)
        self.basis = nn.Buffer(basis, persistent=False)
        self.codebook = nn.Buffer(codebook, persistent=False)

    def _compute_buffers(self, device=None):
        levels = torch.tensor(self.quantization_levels, dtype=torch.int32, device=device)
        basis = torch.cumprod(torch.tensor([1] + self.quantization_levels[:-1], device=device), dim=0, dtype=torch.int32)
        indices = torch.arange(int(np.prod(self.quantization_levels)), device=device).unsqueeze(-1)
        level_indices = indices // basis % levels
        half_width = levels // 2
        codebook = (level_indices - half_width) / half_width
        return (levels, basis, codebook)

class Xcodec2ISTFTHead(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.linear = nn.Linear(config.hidden_size, config.n_fft + 2)
        self.n_fft = config.n_fft
        self.hop_length = config.hop_length
        self.padding = (self.n_fft - self.hop_length) // 2
        window = torch.hann_window(config.n_fft)
        self.window = nn.Buffer(window, persistent=False)

class Xcodec2Quantizer(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.quantizer = Xcodec2FiniteScalarQuantization(config)
        self.project_in = nn.Linear(config.quantization_dim, len(config.quantization_levels))
        self.project_out = nn.Linear(len(config.quantization_levels), config.quantization_dim)

class Xcodec2Decoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.fc = nn.Linear(config.hidden_size + config.semantic_model_config.hidden_size, config.hidden_size)
        self.embed = nn.Conv1d(config.hidden_size, config.hidden_size, kernel_size=7, padding=3)
        self.prior_net = nn.ModuleList([Xcodec2ResNetBlock(config), Xcodec2ResNetBlock(config)])
        self.num_attention_heads = config.num_attention_heads
        self.rotary_emb = Xcodec2RotaryEmbedding(config=config)
        self.layers = nn.ModuleList([Xcodec2DecoderLayer(config, layer_idx) for layer_idx in range(config.num_hidden_layers)])
        self.post_net = nn.ModuleList([Xcodec2ResNetBlock(config), Xcodec2ResNetBlock(config)])
        self.norm = nn.LayerNorm(config.hidden_size, eps=1e-06)
        self.head = Xcodec2ISTFTHead(config)

class Xcodec2SemanticAdapter(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.conv1 = nn.Conv1d(in_channels=config.semantic_model_config.hidden_size, out_channels=config.semantic_model_config.hidden_size, kernel_size=3, padding=1, bias=False)
        self.act1 = nn.ReLU()
        self.conv2 = nn.Conv1d(config.semantic_model_config.hidden_size, config.semantic_model_config.hidden_size, kernel_size=3, padding=1, bias=True)
        self.act2 = nn.ReLU()
        self.conv3 = nn.Conv1d(config.semantic_model_config.hidden_size, config.semantic_model_config.hidden_size, kernel_size=3, padding=1, bias=True)
        self.conv4 = nn.Conv1d(in_channels=config.semantic_model_config.hidden_size, out_channels=config.semantic_model_config.hidden_size, kernel_size=3, padding=1, bias=False)

class Xcodec2PreTrainedModel(PreTrainedModel):
    base_model_prefix = 'xcodec2'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = True
    main_input_name = 'input_values'

class Xcodec2Model(Xcodec2PreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.hop_length = config.hop_length
        self.semantic_encoder = AutoModel.from_config(config.semantic_model_config)
        self.semantic_adapter = Xcodec2SemanticAdapter(config)
        self.acoustic_encoder = Xcodec2Encoder(config)
        self.fc_encoder = nn.Linear(config.hidden_size + config.semantic_model_config.hidden_size, config.hidden_size + config.semantic_model_config.hidden_size)
        self.quantizer = Xcodec2Quantizer(config)
        self.acoustic_decoder = Xcodec2Decoder(config)
        self.post_init()
