"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): timesfm2_5. Made by `python -m loracfg.base.transcriber`."""
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig
from .common_modeling_rope_utils import ROPE_INIT_FUNCTIONS
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GradientCheckpointingLayer, RopeParameters
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

@strict
class TimesFm2_5Config(PreTrainedConfig):
    model_type = 'timesfm2_5'
    is_encoder_decoder = False
    patch_length: int = 32
    context_length: int = 16384
    horizon_length: int = 128
    num_hidden_layers: int = 20
    hidden_size: int = 1280
    intermediate_size: int = 1280
    head_dim: int = 80
    num_attention_heads: int = 16
    rms_norm_eps: float = 1e-06
    quantiles: list[float] | tuple[float, ...] = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
    attention_dropout: float | int = 0.0
    initializer_range: float = 0.02
    num_key_value_heads: int = 16
    attention_bias: bool = False
    output_quantile_len: int = 1024
    decode_index: int = 5
    use_bias: bool = False
    activation: str = 'swish'
    use_continuous_quantile_head: bool = True
    force_flip_invariance: bool = True
    infer_is_positive: bool = True
    max_position_embeddings: int = 16384
    rope_parameters: RopeParameters | dict | None = None

class TimesFm2_5MLP(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.activation_fn = ACT2FN[config.activation]
        self.fc1 = nn.Linear(config.hidden_size, config.intermediate_size, bias=config.use_bias)
        self.fc2 = nn.Linear(config.intermediate_size, config.hidden_size, bias=config.use_bias)

class TimesFm2_5ResidualBlock(nn.Module):

    def __init__(self, config, input_dims, hidden_dims, output_dims, use_bias=None):
        super().__init__()
        self.input_dims = input_dims
        self.hidden_dims = hidden_dims
        self.output_dims = output_dims
        self.input_layer = nn.Linear(input_dims, hidden_dims, bias=use_bias)
        self.activation = ACT2FN[config.activation]
        self.output_layer = nn.Linear(hidden_dims, output_dims, bias=use_bias)
        self.residual_layer = nn.Linear(input_dims, output_dims, bias=use_bias)
        use_bias = use_bias if use_bias is not None else config.use_bias

class TimesFm2_5RMSNorm(nn.Module):

    def __init__(self, hidden_size, eps=1e-06):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(hidden_size))
        self.variance_epsilon = eps

class TimesFm2_5RotaryEmbedding(nn.Module):

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

class TimesFm2_5Attention(nn.Module):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.config = config
        self.layer_idx = layer_idx
        self.head_dim = getattr(config, 'head_dim', config.hidden_size // config.num_attention_heads)
        self.num_key_value_groups = config.num_attention_heads // config.num_key_value_heads
        self.scaling = nn.Parameter(torch.empty((self.head_dim,)))
        self.attention_dropout = config.attention_dropout
        self.is_causal = True
        self.q_proj = nn.Linear(config.hidden_size, config.num_attention_heads * self.head_dim, bias=config.attention_bias)
        self.k_proj = nn.Linear(config.hidden_size, config.num_key_value_heads * self.head_dim, bias=config.attention_bias)
        self.v_proj = nn.Linear(config.hidden_size, config.num_key_value_heads * self.head_dim, bias=config.attention_bias)
        self.o_proj = nn.Linear(config.num_attention_heads * self.head_dim, config.hidden_size, bias=config.attention_bias)
        self.q_norm = TimesFm2_5RMSNorm(self.head_dim, config.rms_norm_eps)
        self.k_norm = TimesFm2_5RMSNorm(self.head_dim, config.rms_norm_eps)

class TimesFm2_5DecoderLayer(GradientCheckpointingLayer):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.hidden_size = config.hidden_size
        self.self_attn = TimesFm2_5Attention(config=config, layer_idx=layer_idx)
        self.mlp = TimesFm2_5MLP(config)
        self.input_layernorm = TimesFm2_5RMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.post_attention_layernorm = TimesFm2_5RMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.pre_feedforward_layernorm = TimesFm2_5RMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.post_feedforward_layernorm = TimesFm2_5RMSNorm(config.hidden_size, eps=config.rms_norm_eps)

class TimesFm2_5PreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    main_input_name = 'past_values'

class TimesFm2_5Model(TimesFm2_5PreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.tolerance = 1e-06
        self.input_ff_layer = TimesFm2_5ResidualBlock(config, input_dims=2 * config.patch_length, hidden_dims=config.hidden_size, output_dims=config.hidden_size, use_bias=True)
        self.layers = nn.ModuleList([TimesFm2_5DecoderLayer(config, layer_idx) for layer_idx in range(config.num_hidden_layers)])
        self.rotary_emb = TimesFm2_5RotaryEmbedding(config)
        self.gradient_checkpointing = False
        self.post_init()

class TimesFm2_5ModelForPrediction(TimesFm2_5PreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.context_len = config.context_length
        self.horizon_len = config.horizon_length
        self.model = TimesFm2_5Model(config)
        num_quantiles = len(config.quantiles) + 1
        self.output_projection_point = TimesFm2_5ResidualBlock(config, input_dims=config.hidden_size, hidden_dims=config.hidden_size, output_dims=config.horizon_length * num_quantiles)
        self.output_projection_quantiles = TimesFm2_5ResidualBlock(config, input_dims=config.hidden_size, hidden_dims=config.hidden_size, output_dims=config.output_quantile_len * num_quantiles)
        self.post_init()
