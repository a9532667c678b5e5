"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): timesfm. Made by `python -m loracfg.base.transcriber`."""
from .common_configuration_utils import PreTrainedConfig
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
import math

@strict
class TimesFmConfig(PreTrainedConfig):
    model_type = 'timesfm'
    is_encoder_decoder = False
    patch_length: int = 32
    context_length: int = 512
    horizon_length: int = 128
    freq_size: int = 3
    num_hidden_layers: int = 50
    hidden_size: int = 1280
    intermediate_size: int = 1280
    head_dim: int = 80
    num_attention_heads: int = 16
    tolerance: float = 1e-06
    rms_norm_eps: float = 1e-06
    quantiles: list[float] | tuple[float, ...] = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
    pad_val: float = 1123581321.0
    attention_dropout: float | int = 0.0
    use_positional_embedding: bool = False
    initializer_range: float = 0.02
    min_timescale: int = 1
    max_timescale: int = 10000

class TimesFmMLP(nn.Module):

    def __init__(self, config):
        super().__init__()
        hidden_size = config.hidden_size
        intermediate_size = config.intermediate_size
        self.gate_proj = nn.Linear(hidden_size, intermediate_size)
        self.down_proj = nn.Linear(intermediate_size, hidden_size)
        self.layer_norm = nn.LayerNorm(normalized_shape=hidden_size, eps=1e-06)

class TimesFmResidualBlock(nn.Module):

    def __init__(self, input_dims, hidden_dims, output_dims):
        super().__init__()
        self.input_dims = input_dims
        self.hidden_dims = hidden_dims
        self.output_dims = output_dims
        self.input_layer = nn.Linear(input_dims, hidden_dims)
        self.activation = nn.SiLU()
        self.output_layer = nn.Linear(hidden_dims, output_dims)
        self.residual_layer = nn.Linear(input_dims, output_dims)

class TimesFmRMSNorm(nn.Module):

    def __init__(self, hidden_size, eps=1e-06):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(hidden_size))
        self.variance_epsilon = eps

class TimesFmPositionalEmbedding(nn.Module):

    def __init__(self, config):
        super().__init__()
        min_timescale = config.min_timescale
        max_timescale = config.max_timescale
        self.min_timescale, self.max_timescale = (min_timescale, max_timescale)
        self.embedding_dims = config.hidden_size
        num_timescales = self.embedding_dims // 2
        log_timescale_increment = math.log(float(max_timescale) / float(min_timescale)) / max(num_timescales - 1, 1)
        self.inv_timescales = nn.Buffer(min_timescale * torch.exp(torch.arange(num_timescales, dtype=torch.float32) * -log_timescale_increment))

class TimesFmAttention(nn.Module):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.config = config
        self.is_causal = True
        self.attention_dropout = config.attention_dropout
        self.layer_idx = layer_idx
        self.num_heads = config.num_attention_heads
        self.hidden_size = config.hidden_size
        self.head_dim = config.head_dim
        self.q_size = self.num_heads * self.head_dim
        self.kv_size = self.num_heads * self.head_dim
        self.scaling = nn.Parameter(torch.empty((self.head_dim,)))
        self.q_proj = nn.Linear(self.hidden_size, self.num_heads * self.head_dim)
        self.k_proj = nn.Linear(self.hidden_size, self.num_heads * self.head_dim)
        self.v_proj = nn.Linear(self.hidden_size, self.num_heads * self.head_dim)
        self.o_proj = nn.Linear(self.num_heads * self.head_dim, self.hidden_size)

class TimesFmDecoderLayer(nn.Module):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.self_attn = TimesFmAttention(config, layer_idx=layer_idx)
        self.mlp = TimesFmMLP(config)
        self.input_layernorm = TimesFmRMSNorm(config.hidden_size, eps=config.rms_norm_eps)

class TimesFmPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'decoder'
    main_input_name = 'past_values'

class TimesFmModel(TimesFmPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.input_ff_layer = TimesFmResidualBlock(input_dims=2 * config.patch_length, output_dims=config.hidden_size, hidden_dims=config.intermediate_size)
        self.freq_emb = nn.Embedding(num_embeddings=config.freq_size, embedding_dim=config.hidden_size)
        self.layers = nn.ModuleList([TimesFmDecoderLayer(config, layer_idx) for layer_idx in range(config.num_hidden_layers)])
        if self.config.use_positional_embedding:
            self.position_emb = TimesFmPositionalEmbedding(config=config)
        self.post_init()

class TimesFmModelForPrediction(TimesFmPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.context_len = config.context_length
        self.horizon_len = config.horizon_length
        self.decoder = TimesFmModel(config)
        self.horizon_ff_layer = TimesFmResidualBlock(input_dims=config.hidden_size, output_dims=config.horizon_length * (1 + len(config.quantiles)), hidden_dims=config.intermediate_size)
        self.post_init()
