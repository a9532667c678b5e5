"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): granite_speech5. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoModel
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GenerationMixin, GradientCheckpointingLayer
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

@strict
class GraniteSpeech5EncoderConfig(PreTrainedConfig):
    model_type = 'granite_speech5_encoder'
    vocab_size: int = 16384
    hidden_size: int = 1024
    intermediate_size: int = 4096
    num_hidden_layers: int = 16
    num_attention_heads: int = 8
    num_key_value_heads: int | None = None
    num_mel_bins: int = 80
    head_dim: int | None = None
    hidden_act: str = 'silu'
    max_position_embeddings: int = 512
    context_size: int = 128
    conv_kernel_size: int = 7
    conv_expansion_factor: int = 2
    subsample_layers: list[int] | None = None
    attention_bias: bool = True
    attention_dropout: float | int = 0.0
    activation_dropout: float | int = 0.0
    initializer_range: float = 0.02

    def __post_init__(self, **kwargs):
        super().__post_init__(**kwargs)
        if self.head_dim is None:
            self.head_dim = self.hidden_size // self.num_attention_heads
        if self.num_key_value_heads is None:
            self.num_key_value_heads = self.num_attention_heads
        if self.subsample_layers is None:
            self.subsample_layers = [0, 1]
        if self.context_size <= 0 or self.context_size > self.max_position_embeddings:
            raise ValueError(f'`context_size` must be in (0, max_position_embeddings={self.max_position_embeddings}], got {self.context_size}.')

@strict
class GraniteSpeech5CTCConfig(PreTrainedConfig):
    model_type = 'granite_speech5_ctc'
    sub_configs_defaults = {'encoder_config': GraniteSpeech5EncoderConfig}
    vocab_size: int = 16384
    ctc_loss_reduction: str = 'mean'
    ctc_zero_infinity: bool = True
    encoder_config: dict | PreTrainedConfig | None = None
    pad_token_id: int | None = 0
    tie_word_embeddings: bool = True

    def __post_init__(self, **kwargs):
        super().__post_init__(**kwargs)
        self.initializer_range = self.encoder_config.initializer_range

    def validate_architecture(self):
        if self.encoder_config.vocab_size != self.vocab_size:
            raise ValueError(f'The encoder config vocabulary size ({self.encoder_config.vocab_size}) does not match the CTC config vocabulary size ({self.vocab_size}).')

class GraniteSpeech5EncoderAttention(nn.Module):

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
        self.k_proj = nn.Linear(config.hidden_size, config.num_attention_heads * self.head_dim, bias=False)
        self.v_proj = nn.Linear(config.hidden_size, config.num_attention_heads * self.head_dim, bias=False)
        self.o_proj = nn.Linear(config.num_attention_heads * self.head_dim, config.hidden_size, bias=True)
        self.context_size = config.context_size
        self.rel_pos_emb = nn.Embedding(2 * config.max_position_embeddings + 1, config.head_dim)

class GraniteSpeech5EncoderConvolutionModule(nn.Module):

    def __init__(self, config, stride=1):
        super().__init__()
        inner_dim = config.hidden_size * config.conv_expansion_factor
        self.pointwise_lin1 = nn.Linear(config.hidden_size, inner_dim * 2)
        self.depthwise_conv = nn.Conv1d(inner_dim, inner_dim, config.conv_kernel_size, stride=stride, padding=(config.conv_kernel_size - 1) // 2, groups=inner_dim, bias=False)
        self.norm = nn.BatchNorm1d(inner_dim)
        self.pointwise_lin2 = nn.Linear(inner_dim, config.hidden_size)

class GraniteSpeech5EncoderFeedForward(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.linear1 = nn.Linear(config.hidden_size, config.intermediate_size, bias=config.attention_bias)
        self.activation = ACT2FN[config.hidden_act]
        self.linear2 = nn.Linear(config.intermediate_size, config.hidden_size, bias=config.attention_bias)
        self.activation_dropout = config.activation_dropout

class GraniteSpeech5EncoderBlock(GradientCheckpointingLayer):

    def __init__(self, config, layer_idx=None):
        super().__init__()
        self.gradient_checkpointing = False
        self.feed_forward1 = GraniteSpeech5EncoderFeedForward(config)
        self.self_attn = GraniteSpeech5EncoderAttention(config, layer_idx)
        self.conv = GraniteSpeech5EncoderConvolutionModule(config)
        self.feed_forward2 = GraniteSpeech5EncoderFeedForward(config)
        self.norm_feed_forward1 = nn.LayerNorm(config.hidden_size)
        self.norm_self_att = nn.LayerNorm(config.hidden_size)
        self.norm_conv = nn.LayerNorm(config.hidden_size)
        self.norm_feed_forward2 = nn.LayerNorm(config.hidden_size)
        self.norm_out = nn.LayerNorm(config.hidden_size)

class GraniteSpeech5EncoderSubsamplingBlock(GraniteSpeech5EncoderBlock):

    def __init__(self, config, layer_idx=None):
        super().__init__(config, layer_idx)
        self.conv = GraniteSpeech5EncoderConvolutionModule(config, stride=2)

class GraniteSpeech5PreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    main_input_name = 'input_features'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = True
    _keep_in_fp32_modules_strict = ['conv.norm']

class GraniteSpeech5Encoder(GraniteSpeech5PreTrainedModel):
    base_model_prefix = 'encoder'

    def __init__(self, config):
        super().__init__(config)
        self.gradient_checkpointing = False
        self.attention_dists = nn.Buffer(self.compute_attention_dists(), persistent=False)
        self.input_linear = nn.Linear(config.num_mel_bins * 4, config.hidden_size, bias=True)
        self.layers = nn.ModuleList([GraniteSpeech5EncoderSubsamplingBlock(config, layer_idx) if layer_idx in config.subsample_layers else GraniteSpeech5EncoderBlock(config, layer_idx) for layer_idx in range(config.num_hidden_layers)])
        self.out = nn.Linear(config.hidden_size, config.vocab_size, bias=True)
        self.out_mid = nn.Linear(config.vocab_size, config.hidden_size, bias=True)
        self.post_init()

    def compute_attention_dists(self):
        context_size = self.config.context_size
        seq = torch.arange(context_size)
        relpos_dist = seq.view(-1, 1) - seq.view(1, -1)
        return torch.clamp(relpos_dist, -context_size, context_size) + self.config.max_position_embeddings

class GraniteSpeech5ForCTC(GraniteSpeech5PreTrainedModel, GenerationMixin):
    _tied_weights_keys = {'ctc_head.weight': 'encoder.out.weight', 'ctc_head.bias': 'encoder.out.bias'}

    def __init__(self, config):
        super().__init__(config)
        self.encoder = AutoModel.from_config(config.encoder_config)
        self.ctc_head = nn.Linear(config.encoder_config.hidden_size, config.vocab_size, bias=True)
        self.post_init()
