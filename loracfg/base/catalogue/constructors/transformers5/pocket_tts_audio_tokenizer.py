"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): pocket_tts_audio_tokenizer. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoModel
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig
from .common_modeling_rope_utils import ROPE_INIT_FUNCTIONS
from .common_modeling_utils import PreTrainedAudioTokenizerBase, PreTrainedModel
from .common_utils_type_validators import activation_fn_key, interval, positive_int_field
from loracfg.base.catalogue.stand_ins.arrays import numpy as np
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GradientCheckpointingLayer, RopeParameters
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
import math

mono = interval(min=1, max=1)

@strict
class PocketTTSAudioTokenizerConfig(PreTrainedConfig):
    model_type = 'pocket_tts_audio_tokenizer'
    sampling_rate: int = 24000
    audio_channels: int = mono(default=1)
    hidden_size: int = 512
    num_filters: int = 64
    num_residual_layers: int = 1
    upsampling_ratios: list[int] | None = None
    kernel_size: int = 7
    last_kernel_size: int = 3
    residual_kernel_size: int = 3
    dilation_growth_rate: int = 2
    use_causal_conv: bool = True
    pad_mode: str = 'constant'
    compress: int = 2
    trim_right_ratio: float = 1.0
    use_conv_shortcut: bool = False
    upsample_groups: int = 512
    num_hidden_layers: int = positive_int_field(default=2)
    intermediate_size: int = 2048
    num_attention_heads: int = 8
    num_key_value_heads: int = 8
    head_dim: int | None = None
    hidden_act: str = activation_fn_key(default='gelu_pytorch_tanh')
    max_position_embeddings: int = 8000
    initializer_range: float = 0.02
    norm_eps: float = 1e-05
    use_cache: bool = False
    use_streaming: bool = False
    rope_parameters: RopeParameters | dict | None = None
    sliding_window: int = 250
    attention_dropout: float | int = 0.0
    layer_scale_initial_scale: float = 0.01
    attention_bias: bool = False
    latent_stride: int = positive_int_field(default=16)
    latent_dim: int = positive_int_field(default=32)

    def __post_init__(self, **kwargs):
        self.upsampling_ratios = self.upsampling_ratios if self.upsampling_ratios else [6, 5, 4]
        self.head_dim = self.head_dim or self.hidden_size // self.num_attention_heads
        self._has_encoder = self._has_decoder = True
        super().__post_init__(**kwargs)

    @property
    def encodec_frame_rate(self):
        hop_length = np.prod(self.upsampling_ratios)
        return math.ceil(self.sampling_rate / hop_length)

    @property
    def num_codebooks(self):
        raise AttributeError('The Pocket TTS audio tokenizer has continuous latents, not codebooks.')

    @property
    def frame_size(self):
        return math.prod(self.upsampling_ratios) * self.latent_stride

    @property
    def frame_rate(self):
        return self.sampling_rate / self.frame_size

    @property
    def encoder_config(self):
        if not self._has_encoder:
            return None
        encoder_config = PocketTTSAudioTokenizerEncoderConfig(**self.to_dict())
        encoder_config._attn_implementation = self._attn_implementation
        return encoder_config

    @encoder_config.setter
    def encoder_config(self, value):
        if value is not None:
            raise ValueError('`encoder_config` is derived from the fields of `PocketTTSAudioTokenizerConfig`: it can only be set to `None`.')
        if not self._has_decoder:
            raise ValueError('PocketTTSAudioTokenizer needs an encoder, a decoder, or both: the decoder is already dropped.')
        self._has_encoder = False

    @property
    def decoder_config(self):
        if not self._has_decoder:
            return None
        decoder_config = PocketTTSAudioTokenizerDecoderConfig(**self.to_dict())
        decoder_config._attn_implementation = self._attn_implementation
        return decoder_config

    @decoder_config.setter
    def decoder_config(self, value):
        if value is not None:
            raise ValueError('`decoder_config` is derived from the fields of `PocketTTSAudioTokenizerConfig`: it can only be set to `None`.')
        if not self._has_encoder:
            raise ValueError('PocketTTSAudioTokenizer needs an encoder, a decoder, or both: the encoder is already dropped.')
        self._has_decoder = False

    def to_dict(self):
        output = super().to_dict()
        for half in ('encoder', 'decoder'):
            if not output.pop(f'_has_{half}', True):
                output[f'{half}_config'] = None
        return output

@strict
class PocketTTSAudioTokenizerEncoderConfig(PocketTTSAudioTokenizerConfig):
    model_type = 'pocket_tts_audio_tokenizer_encoder'

    @property
    def encoder_config(self):
        return None

    @encoder_config.setter
    def encoder_config(self, value):
        pass

    @property
    def decoder_config(self):
        return None

    @decoder_config.setter
    def decoder_config(self, value):
        pass

@strict
class PocketTTSAudioTokenizerDecoderConfig(PocketTTSAudioTokenizerConfig):
    model_type = 'pocket_tts_audio_tokenizer_decoder'

    @property
    def encoder_config(self):
        return None

    @encoder_config.setter
    def encoder_config(self, value):
        pass

    @property
    def decoder_config(self):
        return None

    @decoder_config.setter
    def decoder_config(self, value):
        pass

class PocketTTSAudioTokenizerConv1d(nn.Module):

    def __init__(self, config, in_channels, out_channels, kernel_size, stride=1, dilation=1, groups=1, pad_mode=None, bias=True, layer_idx=None):
        super().__init__()
        self.causal = config.use_causal_conv
        self.pad_mode = config.pad_mode if pad_mode is None else pad_mode
        self.layer_idx = layer_idx
        self.in_channels = in_channels
        if stride > 1 and dilation > 1:
            pass
        self.conv = nn.Conv1d(in_channels, out_channels, kernel_size, stride, dilation=dilation, groups=groups, bias=bias)
        kernel_size = self.conv.kernel_size[0]
        stride = torch.tensor(self.conv.stride[0], dtype=torch.int64)
        dilation = self.conv.dilation[0]
        kernel_size = torch.tensor((kernel_size - 1) * dilation + 1, dtype=torch.int64)
        self.stride = nn.Buffer(stride, persistent=False)
        self.kernel_size = nn.Buffer(kernel_size, persistent=False)
        self.padding_total = nn.Buffer(kernel_size - stride, persistent=False)
        self.padding_right = self.padding_total // 2
        self.padding_left = self.padding_total - self.padding_right

class PocketTTSAudioTokenizerLayerScale(nn.Module):

    def __init__(self, config):
        super().__init__()
        channels = config.hidden_size
        initial_scale = config.layer_scale_initial_scale
        self.scale = nn.Parameter(torch.full((channels,), initial_scale, requires_grad=True))

class PocketTTSAudioTokenizerMLP(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.activation_fn = ACT2FN[config.hidden_act]
        self.fc1 = nn.Linear(config.hidden_size, config.intermediate_size, bias=False)
        self.fc2 = nn.Linear(config.intermediate_size, config.hidden_size, bias=False)

class PocketTTSAudioTokenizerAttention(nn.Module):

    def __init__(self, config, layer_idx=None):
        super().__init__()
        self.config = config
        self.layer_idx = layer_idx
        self.attention_dropout = config.attention_dropout
        self.hidden_size = config.hidden_size
        self.num_heads = config.num_attention_heads
        self.head_dim = config.head_dim
        self.num_key_value_heads = config.num_key_value_heads
        self.num_key_value_groups = self.num_heads // self.num_key_value_heads
        self.max_position_embeddings = config.max_position_embeddings
        self.is_causal = True
        self.scaling = 1 / math.sqrt(config.head_dim)
        if self.hidden_size % self.num_heads != 0:
            raise ValueError(f'hidden_size must be divisible by num_heads (got `hidden_size`: {self.hidden_size} and `num_heads`: {self.num_heads}).')
        self.q_proj = nn.Linear(self.hidden_size, self.num_heads * self.head_dim, bias=config.attention_bias)
        self.k_proj = nn.Linear(self.hidden_size, self.num_key_value_heads * self.head_dim, bias=config.attention_bias)
        self.v_proj = nn.Linear(self.hidden_size, self.num_key_value_heads * self.head_dim, bias=config.attention_bias)
        self.o_proj = nn.Linear(self.num_heads * self.head_dim, self.hidden_size, bias=config.attention_bias)
        self.sliding_window = config.sliding_window

class PocketTTSAudioTokenizerTransformerLayer(GradientCheckpointingLayer):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.hidden_size = config.hidden_size
        self.self_attn = PocketTTSAudioTokenizerAttention(config=config, layer_idx=layer_idx)
        self.mlp = PocketTTSAudioTokenizerMLP(config)
        self.input_layernorm = nn.LayerNorm(config.hidden_size, eps=config.norm_eps)
        self.post_attention_layernorm = nn.LayerNorm(config.hidden_size, eps=config.norm_eps)
        self.self_attn_layer_scale = PocketTTSAudioTokenizerLayerScale(config)
        self.mlp_layer_scale = PocketTTSAudioTokenizerLayerScale(config)

class PocketTTSAudioTokenizerPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'pocket_tts_audio_tokenizer'
    main_input_name = 'input_values'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = True

class PocketTTSAudioTokenizerResnetBlock(nn.Module):

    def __init__(self, config, dim, dilations):
        super().__init__()
        kernel_sizes = (config.residual_kernel_size, 1)
        if len(kernel_sizes) != len(dilations):
            raise ValueError('Number of kernel sizes should match number of dilations')
        hidden = dim // config.compress
        block = []
        for i, (kernel_size, dilation) in enumerate(zip(kernel_sizes, dilations)):
            in_chs = dim if i == 0 else hidden
            out_chs = dim if i == len(kernel_sizes) - 1 else hidden
            block += [nn.ELU()]
            block += [PocketTTSAudioTokenizerConv1d(config, in_chs, out_chs, kernel_size, dilation=dilation)]
        self.block = nn.ModuleList(block)
        if config.use_conv_shortcut:
            self.shortcut = PocketTTSAudioTokenizerConv1d(config, dim, dim, kernel_size=1)
        else:
            self.shortcut = nn.Identity()

class PocketTTSAudioTokenizerEncoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        model = [PocketTTSAudioTokenizerConv1d(config, config.audio_channels, config.num_filters, config.kernel_size)]
        scaling = 1
        conv1d_layer_names = ['layers.0']
        for ratio in reversed(config.upsampling_ratios):
            current_scale = scaling * config.num_filters
            for j in range(config.num_residual_layers):
                conv1d_layer_names.extend([f'layers.{len(model)}.block.1', f'layers.{len(model)}.block.3'])
                model += [PocketTTSAudioTokenizerResnetBlock(config, current_scale, [config.dilation_growth_rate ** j, 1])]
            model += [nn.ELU()]
            conv1d_layer_names.append(f'layers.{len(model)}')
            model += [PocketTTSAudioTokenizerConv1d(config, current_scale, current_scale * 2, kernel_size=ratio * 2, stride=ratio)]
            scaling *= 2
        model += [nn.ELU()]
        conv1d_layer_names.append(f'layers.{len(model)}')
        model += [PocketTTSAudioTokenizerConv1d(config, scaling * config.num_filters, config.hidden_size, config.last_kernel_size)]
        self.layers = nn.ModuleList(model)
        self._conv1d_layer_names = conv1d_layer_names
        for layer_idx, layername in enumerate(self._conv1d_layer_names):
            conv_layer = self.get_submodule(layername)
            setattr(conv_layer, 'layer_idx', layer_idx)

class PocketTTSAudioTokenizerRotaryEmbedding(nn.Module):

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

class PocketTTSAudioTokenizerTransformerModel(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.layers = nn.ModuleList([PocketTTSAudioTokenizerTransformerLayer(config, layer_idx) for layer_idx in range(config.num_hidden_layers)])
        self.rotary_emb = PocketTTSAudioTokenizerRotaryEmbedding(config)
        self.gradient_checkpointing = False
        self.config = config

class PocketTTSAudioTokenizerEncoderModel(PocketTTSAudioTokenizerPreTrainedModel):
    base_model_prefix = 'encoder'
    _keys_to_ignore_on_load_unexpected = ['^decoder\\.', '^latent_proj\\.']

    def __init__(self, config):
        super().__init__(config)
        self.encoder_seanet = PocketTTSAudioTokenizerEncoder(config)
        self.encoder_transformer = PocketTTSAudioTokenizerTransformerModel(config)
        self.downsample = PocketTTSAudioTokenizerConv1d(config, config.hidden_size, config.latent_dim, kernel_size=2 * config.latent_stride, stride=config.latent_stride, bias=False, pad_mode='replicate', layer_idx=len(self.encoder_seanet._conv1d_layer_names)) if config.frame_rate != config.encodec_frame_rate else None
        self.post_init()

class PocketTTSAudioTokenizerConvTranspose1d(nn.Module):

    def __init__(self, config, in_channels, out_channels, kernel_size, stride=1, groups=1, bias=True):
        super().__init__()
        self.causal = config.use_causal_conv
        self.trim_right_ratio = config.trim_right_ratio
        self.conv = nn.ConvTranspose1d(in_channels, out_channels, kernel_size, stride, groups=groups, bias=bias)
        if not (self.causal or self.trim_right_ratio == 1.0):
            raise ValueError('`trim_right_ratio` != 1.0 only makes sense for causal convolutions')
        kernel_size = self.conv.kernel_size[0]
        stride = self.conv.stride[0]
        padding_total = kernel_size - stride
        if self.causal:
            self.padding_right = math.ceil(padding_total * self.trim_right_ratio)
        else:
            self.padding_right = padding_total // 2
        self.padding_left = padding_total - self.padding_right

class PocketTTSAudioTokenizerDecoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        scaling = int(2 ** len(config.upsampling_ratios))
        model = [PocketTTSAudioTokenizerConv1d(config, config.hidden_size, scaling * config.num_filters, config.kernel_size)]
        for ratio in config.upsampling_ratios:
            current_scale = scaling * config.num_filters
            model += [nn.ELU()]
            model += [PocketTTSAudioTokenizerConvTranspose1d(config, current_scale, current_scale // 2, kernel_size=ratio * 2, stride=ratio)]
            for j in range(config.num_residual_layers):
                model += [PocketTTSAudioTokenizerResnetBlock(config, current_scale // 2, (config.dilation_growth_rate ** j, 1))]
            scaling //= 2
        model += [nn.ELU()]
        model += [PocketTTSAudioTokenizerConv1d(config, config.num_filters, config.audio_channels, config.last_kernel_size)]
        self.layers = nn.ModuleList(model)

class PocketTTSAudioTokenizerDecoderModel(PocketTTSAudioTokenizerPreTrainedModel):
    main_input_name = 'latents'
    base_model_prefix = 'decoder'
    _keys_to_ignore_on_load_unexpected = ['^encoder\\.', '^latent_proj\\.']

    def __init__(self, config):
        super().__init__(config)
        self.upsample = PocketTTSAudioTokenizerConvTranspose1d(config, config.hidden_size, config.hidden_size, kernel_size=2 * config.latent_stride, stride=config.latent_stride, bias=False, groups=config.upsample_groups) if config.frame_rate != config.encodec_frame_rate else None
        self.decoder_transformer = PocketTTSAudioTokenizerTransformerModel(config)
        self.decoder_seanet = PocketTTSAudioTokenizerDecoder(config)
        self.post_init()

class PocketTTSAudioTokenizerModel(PocketTTSAudioTokenizerPreTrainedModel, PreTrainedAudioTokenizerBase):
    _keys_to_ignore_on_load_unexpected = ['^encoder\\.', '^decoder\\.']

    def __init__(self, config):
        super().__init__(config)
        self.encoder = AutoModel.from_config(config.encoder_config) if config.encoder_config is not None else None
        self.decoder = AutoModel.from_config(config.decoder_config) if config.decoder_config is not None else None
        self.latent_proj = nn.Conv1d(config.latent_dim, config.hidden_size, kernel_size=1, bias=False)
        self.post_init()
