"""Constructors of transformers 4.57.6 (Apache-2.0, The Hugging Face team): parakeet. Made by `python -m loracfg.base.transcriber`."""
from .common_activations import ACT2FN
from .common_configuration_utils import PretrainedConfig
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GradientCheckpointingLayer
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
import math

class ParakeetEncoderConfig(PretrainedConfig):
    model_type = 'parakeet_encoder'

    def __init__(self, hidden_size=1024, num_hidden_layers=24, num_attention_heads=8, intermediate_size=4096, hidden_act='silu', attention_bias=True, conv_kernel_size=9, subsampling_factor=8, subsampling_conv_channels=256, num_mel_bins=80, subsampling_conv_kernel_size=3, subsampling_conv_stride=2, dropout=0.1, dropout_positions=0.0, layerdrop=0.1, activation_dropout=0.1, attention_dropout=0.1, max_position_embeddings=5000, scale_input=True, initializer_range=0.02, **kwargs):
        super().__init__(**kwargs)
        self.hidden_size = hidden_size
        self.num_hidden_layers = num_hidden_layers
        self.num_attention_heads = num_attention_heads
        self.num_key_value_heads = num_attention_heads
        self.intermediate_size = intermediate_size
        self.hidden_act = hidden_act
        self.attention_bias = attention_bias
        if (conv_kernel_size - 1) % 2 != 0:
            raise ValueError(f'conv_kernel_size must be odd, got {conv_kernel_size}')
        self.conv_kernel_size = conv_kernel_size
        self.subsampling_conv_kernel_size = subsampling_conv_kernel_size
        self.subsampling_conv_stride = subsampling_conv_stride
        self.subsampling_factor = subsampling_factor
        self.subsampling_conv_channels = subsampling_conv_channels
        self.num_mel_bins = num_mel_bins
        self.dropout = dropout
        self.dropout_positions = dropout_positions
        self.layerdrop = layerdrop
        self.activation_dropout = activation_dropout
        self.attention_dropout = attention_dropout
        self.max_position_embeddings = max_position_embeddings
        self.scale_input = scale_input
        self.initializer_range = initializer_range

class ParakeetCTCConfig(PretrainedConfig):
    model_type = 'parakeet_ctc'
    sub_configs = {'encoder_config': ParakeetEncoderConfig}

    def __init__(self, vocab_size=1025, ctc_loss_reduction='mean', ctc_zero_infinity=True, encoder_config=None, pad_token_id=1024, **kwargs):
        self.vocab_size = vocab_size
        self.ctc_loss_reduction = ctc_loss_reduction
        self.ctc_zero_infinity = ctc_zero_infinity
        if isinstance(encoder_config, dict):
            self.encoder_config = ParakeetEncoderConfig(**encoder_config)
        elif encoder_config is None:
            self.encoder_config = ParakeetEncoderConfig()
        self.encoder_config = self.encoder_config
        self.initializer_range = self.encoder_config.initializer_range
        super().__init__(pad_token_id=pad_token_id, **kwargs)

class ParakeetEncoderRelPositionalEncoding(nn.Module):

    def __init__(self, config, device=None):
        super().__init__()
        self.max_position_embeddings = config.max_position_embeddings
        base = 10000.0
        inv_freq = 1.0 / base ** (torch.arange(0, config.hidden_size, 2, dtype=torch.int64).to(device=device, dtype=torch.float) / config.hidden_size)
        self.register_buffer('inv_freq', inv_freq, persistent=False)

class ParakeetEncoderFeedForward(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.linear1 = nn.Linear(config.hidden_size, config.intermediate_size, bias=config.attention_bias)
        self.activation = ACT2FN[config.hidden_act]
        self.linear2 = nn.Linear(config.intermediate_size, config.hidden_size, bias=config.attention_bias)
        self.activation_dropout = config.activation_dropout

class ParakeetEncoderConvolutionModule(nn.Module):

    def __init__(self, config, module_config=None):
        super().__init__()
        channels = config.hidden_size
        if module_config is None:
            kernel_size = config.conv_kernel_size
            self.activation = ACT2FN[getattr(config, 'hidden_act', 'silu')]
        else:
            kernel_size = module_config['kernel_size']
            self.activation = ACT2FN[module_config.get('activation', 'silu')]
        self.padding = (kernel_size - 1) // 2
        self.pointwise_conv1 = nn.Conv1d(channels, 2 * channels, kernel_size=1, stride=1, padding=0, bias=True)
        self.depthwise_conv = nn.Conv1d(channels, channels, kernel_size, stride=1, padding=self.padding, groups=channels, bias=True)
        self.norm = nn.BatchNorm1d(channels)
        self.pointwise_conv2 = nn.Conv1d(channels, channels, kernel_size=1, stride=1, padding=0, bias=True)

class ParakeetEncoderAttention(nn.Module):

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

class ParakeetEncoderSubsamplingConv2D(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.kernel_size = config.subsampling_conv_kernel_size
        self.stride = config.subsampling_conv_stride
        self.channels = config.subsampling_conv_channels
        self.padding = (self.kernel_size - 1) // 2
        self.num_layers = int(math.log2(config.subsampling_factor))
        self.layers = nn.ModuleList()
        self.layers.append(nn.Conv2d(1, self.channels, kernel_size=self.kernel_size, stride=self.stride, padding=self.padding))
        self.layers.append(nn.ReLU())
        for i in range(self.num_layers - 1):
            self.layers.append(nn.Conv2d(self.channels, self.channels, kernel_size=self.kernel_size, stride=self.stride, padding=self.padding, groups=self.channels))
            self.layers.append(nn.Conv2d(self.channels, self.channels, kernel_size=1))
            self.layers.append(nn.ReLU())
        out_length = config.num_mel_bins // self.stride ** self.num_layers
        self.linear = nn.Linear(config.subsampling_conv_channels * out_length, config.hidden_size, bias=True)

class ParakeetEncoderBlock(GradientCheckpointingLayer):

    def __init__(self, config, layer_idx=None):
        super().__init__()
        self.gradient_checkpointing = False
        self.feed_forward1 = ParakeetEncoderFeedForward(config)
        self.self_attn = ParakeetEncoderAttention(config, layer_idx)
        self.conv = ParakeetEncoderConvolutionModule(config)
        self.feed_forward2 = ParakeetEncoderFeedForward(config)
        self.norm_feed_forward1 = nn.LayerNorm(config.hidden_size)
        self.norm_self_att = nn.LayerNorm(config.hidden_size)
        self.norm_conv = nn.LayerNorm(config.hidden_size)
        self.norm_feed_forward2 = nn.LayerNorm(config.hidden_size)
        self.norm_out = nn.LayerNorm(config.hidden_size)

class ParakeetPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    main_input_name = 'input_features'
    supports_gradient_checkpointing = True
    _no_split_modules = ['ParakeetEncoderBlock']
    _can_compile_fullgraph = True

class ParakeetEncoder(ParakeetPreTrainedModel):
    base_model_prefix = 'encoder'

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.gradient_checkpointing = False
        self.dropout = config.dropout
        self.dropout_positions = config.dropout_positions
        self.layerdrop = config.layerdrop
        self.input_scale = math.sqrt(config.hidden_size) if config.scale_input else 1.0
        self.subsampling = ParakeetEncoderSubsamplingConv2D(config)
        self.encode_positions = ParakeetEncoderRelPositionalEncoding(config)
        self.layers = nn.ModuleList([ParakeetEncoderBlock(config, layer_idx) for layer_idx in range(config.num_hidden_layers)])
        self.post_init()

class ParakeetForCTC(ParakeetPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.encoder = ParakeetEncoder(config.encoder_config)
        self.ctc_head = nn.Conv1d(config.encoder_config.hidden_size, config.vocab_size, kernel_size=1)
        self.post_init()
