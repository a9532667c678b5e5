"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): nemotron_asr_streaming. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoModel
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig
from .common_modeling_utils import PreTrainedModel
from functools import cached_property
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GradientCheckpointingLayer
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
import math

@strict
class NemotronAsrStreamingEncoderConfig(PreTrainedConfig):
    model_type = 'nemotron_asr_streaming_encoder'
    hidden_size: int = 1024
    num_hidden_layers: int = 24
    num_attention_heads: int = 8
    intermediate_size: int = 4096
    hidden_act: str = 'silu'
    attention_bias: bool = True
    convolution_bias: bool = True
    conv_kernel_size: int = 9
    subsampling_factor: int = 8
    subsampling_conv_channels: int = 256
    num_mel_bins: int = 80
    subsampling_conv_kernel_size: int = 3
    subsampling_conv_stride: int = 2
    dropout: float | int = 0.1
    dropout_positions: float | int = 0.0
    layerdrop: float | int = 0.1
    activation_dropout: float | int = 0.1
    attention_dropout: float | int = 0.1
    max_position_embeddings: int = 5000
    scale_input: bool = True
    initializer_range: float = 0.02
    sliding_window: int = 71
    default_num_lookahead_tokens: int = 13

    def __post_init__(self, **kwargs):
        self.num_key_value_heads = self.num_attention_heads
        super().__post_init__(**kwargs)

    @property
    def subsampling_out_hidden_size(self):
        total_pad = self.subsampling_conv_kernel_size - 1 + (self.subsampling_conv_stride - 1)
        out_length = self.num_mel_bins
        for _ in range(int(math.log2(self.subsampling_factor))):
            out_length = (out_length + total_pad - self.subsampling_conv_kernel_size) // self.subsampling_conv_stride + 1
        return self.subsampling_conv_channels * out_length

@strict
class NemotronAsrStreamingConfig(PreTrainedConfig):
    model_type = 'nemotron_asr_streaming'
    sub_configs_defaults = {'encoder_config': NemotronAsrStreamingEncoderConfig}
    vocab_size: int = 1025
    decoder_hidden_size: int = 640
    num_decoder_layers: int = 2
    hidden_act: str = 'relu'
    max_symbols_per_step: int = 10
    encoder_config: dict | PreTrainedConfig | None = None
    pad_token_id: int = 0
    blank_token_id: int = 1024
    is_encoder_decoder: bool = True

    def __post_init__(self, **kwargs):
        super().__post_init__(**kwargs)
        self.initializer_range = self.encoder_config.initializer_range

class NemotronAsrStreamingEncoderCausalConv1d(nn.Conv1d):

    def __init__(self, in_channels, out_channels, kernel_size, cache_key, stride=1, dilation=1, groups=1, bias=True):
        super().__init__(in_channels, out_channels, kernel_size, stride=stride, dilation=dilation, groups=groups, bias=bias)
        self.cache_key = cache_key

    @cached_property
    def left_pad(self):
        effective_kernel_size = (self.kernel_size[0] - 1) * self.dilation[0] + 1
        return effective_kernel_size - self.stride[0]

class NemotronAsrStreamingEncoderCausalConv2D(nn.Conv2d):

    def __init__(self, in_channels, out_channels, kernel_size, cache_key, stride=1, padding=0, dilation=1, groups=1):
        super().__init__(in_channels, out_channels, kernel_size, stride=stride, padding=padding, dilation=dilation, groups=groups)
        self.cache_key = cache_key

    @property
    def left_pad(self):
        return self.kernel_size[0] - self.stride[0]

class NemotronAsrStreamingEncoderRelPositionalEncoding(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.max_position_embeddings = config.max_position_embeddings
        self.config = config
        inv_freq = self.compute_default_relative_positional_parameters(config)
        self.inv_freq = nn.Buffer(inv_freq, persistent=False)

    @staticmethod
    def compute_default_relative_positional_parameters(config):
        base = 10000.0
        inv_freq = 1.0 / base ** (torch.arange(0, config.hidden_size, 2, dtype=torch.float) / config.hidden_size)
        return inv_freq

class NemotronAsrStreamingEncoderConvolutionModule(nn.Module):

    def __init__(self, config, module_config=None, layer_idx=None):
        super().__init__()
        channels = config.hidden_size
        if module_config is None:
            kernel_size = config.conv_kernel_size
            self.activation = ACT2FN[getattr(config, 'hidden_act', 'silu')]
        else:
            kernel_size = module_config['kernel_size']
            self.activation = ACT2FN[module_config.get('activation', 'silu')]
        self.padding = (kernel_size - 1) // 2
        self.pointwise_conv1 = nn.Conv1d(channels, 2 * channels, kernel_size=1, stride=1, padding=0, bias=config.convolution_bias)
        self.depthwise_conv = NemotronAsrStreamingEncoderCausalConv1d(channels, channels, kernel_size, cache_key=f'conv.{layer_idx}', stride=1, groups=channels, bias=config.convolution_bias)
        self.norm = nn.LayerNorm(channels)
        self.pointwise_conv2 = nn.Conv1d(channels, channels, kernel_size=1, stride=1, padding=0, bias=config.convolution_bias)
        kernel_size = config.conv_kernel_size

class NemotronAsrStreamingEncoderAttention(nn.Module):

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
        self.relative_k_proj = nn.Linear(config.hidden_size, config.num_attention_heads * self.head_dim, bias=False)
        self.bias_u = nn.Parameter(torch.zeros(config.num_attention_heads, self.head_dim))
        self.bias_v = nn.Parameter(torch.zeros(config.num_attention_heads, self.head_dim))

class NemotronAsrStreamingEncoderSubsamplingLayer(nn.Module):

    def __init__(self, config, layer_idx):
        super().__init__()
        channels = config.subsampling_conv_channels
        self.depthwise_conv = NemotronAsrStreamingEncoderCausalConv2D(channels, channels, kernel_size=config.subsampling_conv_kernel_size, stride=config.subsampling_conv_stride, groups=channels, cache_key=f'subsampling.{layer_idx}')
        self.pointwise_conv = nn.Conv2d(channels, channels, kernel_size=1)

class NemotronAsrStreamingEncoderSubsamplingConv2D(nn.Module):

    def __init__(self, config):
        super().__init__()
        channels = config.subsampling_conv_channels
        num_layers = int(math.log2(config.subsampling_factor))
        self.conv_in = NemotronAsrStreamingEncoderCausalConv2D(1, channels, kernel_size=config.subsampling_conv_kernel_size, stride=config.subsampling_conv_stride, cache_key='subsampling.0')
        self.layers = nn.ModuleList((NemotronAsrStreamingEncoderSubsamplingLayer(config, layer_idx=i) for i in range(1, num_layers)))
        self.act_fn = nn.ReLU()
        self.linear = nn.Linear(config.subsampling_out_hidden_size, config.hidden_size, bias=True)

class NemotronAsrStreamingEncoderFeedForward(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.linear1 = nn.Linear(config.hidden_size, config.intermediate_size, bias=config.attention_bias)
        self.activation = ACT2FN[config.hidden_act]
        self.linear2 = nn.Linear(config.intermediate_size, config.hidden_size, bias=config.attention_bias)
        self.activation_dropout = config.activation_dropout

class NemotronAsrStreamingEncoderBlock(GradientCheckpointingLayer):

    def __init__(self, config, layer_idx=None):
        super().__init__()
        self.gradient_checkpointing = False
        self.feed_forward1 = NemotronAsrStreamingEncoderFeedForward(config)
        self.self_attn = NemotronAsrStreamingEncoderAttention(config, layer_idx)
        self.conv = NemotronAsrStreamingEncoderConvolutionModule(config, layer_idx=layer_idx)
        self.feed_forward2 = NemotronAsrStreamingEncoderFeedForward(config)
        self.norm_feed_forward1 = nn.LayerNorm(config.hidden_size)
        self.norm_self_att = nn.LayerNorm(config.hidden_size)
        self.norm_conv = nn.LayerNorm(config.hidden_size)
        self.norm_feed_forward2 = nn.LayerNorm(config.hidden_size)
        self.norm_out = nn.LayerNorm(config.hidden_size)

class NemotronAsrStreamingPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    main_input_name = 'input_features'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = True

class NemotronAsrStreamingEncoder(NemotronAsrStreamingPreTrainedModel):
    base_model_prefix = 'encoder'

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.gradient_checkpointing = False
        self.dropout = config.dropout
        self.dropout_positions = config.dropout_positions
        self.layerdrop = config.layerdrop
        self.input_scale = math.sqrt(config.hidden_size) if config.scale_input else 1.0
        self.subsampling = NemotronAsrStreamingEncoderSubsamplingConv2D(config)
        self.encode_positions = NemotronAsrStreamingEncoderRelPositionalEncoding(config)
        self.layers = nn.ModuleList([NemotronAsrStreamingEncoderBlock(config, layer_idx) for layer_idx in range(config.num_hidden_layers)])
        self.post_init()

class NemotronAsrStreamingRNNTDecoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.blank_token_id = config.blank_token_id
        self.embedding = nn.Embedding(config.vocab_size, config.decoder_hidden_size)
        self.lstm = nn.LSTM(input_size=config.decoder_hidden_size, hidden_size=config.decoder_hidden_size, num_layers=config.num_decoder_layers, batch_first=True)
        self.decoder_projector = nn.Linear(config.decoder_hidden_size, config.decoder_hidden_size)

class NemotronAsrStreamingRNNTJointNetwork(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.activation = ACT2FN[config.hidden_act]
        self.head = nn.Linear(config.decoder_hidden_size, config.vocab_size)
        self.vocab_size = config.vocab_size

class NemotronAsrStreamingForRNNT(NemotronAsrStreamingPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.encoder = AutoModel.from_config(config.encoder_config)
        self.encoder_projector = nn.Linear(config.encoder_config.hidden_size, config.decoder_hidden_size)
        self.decoder = NemotronAsrStreamingRNNTDecoder(config)
        self.joint = NemotronAsrStreamingRNNTJointNetwork(config)
        self.max_symbols_per_step = config.max_symbols_per_step
        self.post_init()
