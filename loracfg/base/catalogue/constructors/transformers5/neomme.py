"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): neomme. Made by `python -m loracfg.base.transcriber`."""
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig
from .common_modeling_rope_utils import ROPE_INIT_FUNCTIONS
from .common_modeling_utils import PreTrainedModel
from .common_utils_type_validators import positive_int_field
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GradientCheckpointingLayer
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
from typing import Literal
import math

NEOMME_LAYER_TYPES = ('full_attention', 'sliding_attention')

@strict
class NeoMMEConfig(PreTrainedConfig):
    model_type = 'neomme'
    default_theta = {'full_attention': 1000000.0, 'sliding_attention': 10000.0}
    default_partial_rotary_factor = {'full_attention': 0.25, 'sliding_attention': 1.0}
    default_long_sliding_window = 1024
    vocab_size: int = positive_int_field(default=131072)
    embedding_rank: int = positive_int_field(default=256)
    hidden_size: int = positive_int_field(default=1024)
    intermediate_size: int = positive_int_field(default=3584)
    hidden_act: Literal['relu2'] = 'relu2'
    mlp_bias: bool = False
    num_hidden_layers: int = positive_int_field(default=17)
    num_attention_heads: int = positive_int_field(default=16)
    num_key_value_heads: int = positive_int_field(default=4)
    head_dim: int = positive_int_field(default=64)
    max_position_embeddings: int = positive_int_field(default=16384)
    norm_eps: float = 1e-06
    initializer_range: float = 0.02
    attention_dropout: float | int = 0.0
    attention_bias: bool = False
    layer_types: list[str] | None = None
    rope_parameters: dict[Literal['full_attention', 'sliding_attention'], dict] | None = None
    sliding_window: int | None = 256
    residual_multiplier: float | None = None
    patch_size: int = positive_int_field(default=32)
    embedding_dim: int = positive_int_field(default=128)
    pad_token_id: int | None = 0
    document_token_id: int | None = 5
    image_token_id: int | None = 6
    tie_word_embeddings: bool = True

    def __post_init__(self, **kwargs):
        if self.layer_types is None:
            self.layer_types = ['full_attention' if (i + 1) % 6 == 0 or i == self.num_hidden_layers - 1 else 'sliding_attention' for i in range(self.num_hidden_layers)]
        self.validate_layer_type()
        if 'per_layer_config' not in kwargs:
            sliding_idx = 0
            kwargs['per_layer_config'] = {}
            for layer_idx, layer_type in enumerate(self.layer_types):
                if layer_type == 'full_attention':
                    kwargs['per_layer_config'][layer_idx] = {'sliding_window': None}
                elif layer_type == 'sliding_attention':
                    if sliding_idx % 2:
                        kwargs['per_layer_config'][layer_idx] = {'sliding_window': self.default_long_sliding_window}
                    sliding_idx += 1
        if self.residual_multiplier is None:
            self.residual_multiplier = (2 * self.num_hidden_layers) ** (-0.5)
        super().__post_init__(**kwargs)

    def validate_architecture(self):
        if self.num_attention_heads % self.num_key_value_heads:
            raise ValueError('num_key_value_heads must divide num_attention_heads')
        for layer_idx, layer_config in enumerate(self.per_layer_config):
            sliding_window = layer_config.sliding_window
            if sliding_window is not None and (not isinstance(sliding_window, int) or sliding_window <= 0):
                raise ValueError(f'sliding_window for layer={layer_idx} must be a positive integer or None, got {sliding_window!r}.')
        if not math.isfinite(self.residual_multiplier) or self.residual_multiplier <= 0:
            raise ValueError('residual_multiplier must be finite and positive')

    def convert_rope_params_to_dict(self, **kwargs):
        rope_theta = kwargs.pop('rope_theta', None)
        self.rope_parameters = self.rope_parameters if self.rope_parameters is not None else {}
        for layer_type in set(self.layer_types):
            layer_params = self.rope_parameters.setdefault(layer_type, {})
            layer_params.setdefault('rope_type', 'default')
            layer_params.setdefault('rope_theta', rope_theta if rope_theta is not None else self.default_theta.get(layer_type))
            layer_params.setdefault('partial_rotary_factor', self.default_partial_rotary_factor.get(layer_type))
        self.standardize_rope_params()
        self._validate_rotary_dims()
        return kwargs

    def validate_layer_type(self):
        if len(self.layer_types) != self.num_hidden_layers:
            raise ValueError(f'`num_hidden_layers` ({self.num_hidden_layers}) must be equal to the number of `layer_types` ({len(self.layer_types)})')
        invalid_layer_types = sorted(set(self.layer_types).difference(NEOMME_LAYER_TYPES))
        if invalid_layer_types:
            raise ValueError(f'`layer_types` entries must be one of {NEOMME_LAYER_TYPES} for NeoMME, got {invalid_layer_types}.')
        if 'full_attention' not in self.layer_types:
            raise ValueError('layer_types must contain at least one full_attention layer.')

    def _validate_rotary_dims(self):
        for layer_type in sorted(set(self.layer_types)):
            rope_theta = self.rope_parameters[layer_type]['rope_theta']
            if not isinstance(rope_theta, (int, float)) or isinstance(rope_theta, bool) or (not math.isfinite(rope_theta)) or (rope_theta <= 0):
                raise ValueError(f"rope_parameters[{layer_type!r}]['rope_theta'] must be finite and positive")
            partial_rotary_factor = self.rope_parameters[layer_type].get('partial_rotary_factor', 1.0)
            rotary_dim = int(self.head_dim * partial_rotary_factor)
            if not 0.0 < partial_rotary_factor <= 1.0:
                raise ValueError(f"`partial_rotary_factor` must be in (0.0, 1.0] but got rope_parameters[{layer_type!r}]['partial_rotary_factor']={partial_rotary_factor}")
            if rotary_dim < 4 or rotary_dim % 4:
                raise ValueError(f"rope_parameters[{layer_type!r}]['partial_rotary_factor']={partial_rotary_factor} rotates {rotary_dim} of head_dim={self.head_dim} dims, which is not a multiple of 4: the two M-RoPE axes consume frequencies in alternating pairs. Nearest usable factors: {(rotary_dim - rotary_dim % 4) / self.head_dim} or {(rotary_dim + 4 - rotary_dim % 4) / self.head_dim}.")

    @property
    def patch_dim(self):
        return 3 * self.patch_size ** 2

class NeoMMERMSNorm(nn.Module):

    def __init__(self, dim, eps=1e-06, with_scale=True):
        super().__init__()
        self.eps = eps
        self.with_scale = with_scale
        if self.with_scale:
            self.weight = nn.Parameter(torch.ones(dim), requires_grad=True)

class NeoMMEEmbeddings(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.word_embeddings = nn.Embedding(config.vocab_size, config.embedding_rank)
        self.embedding_projection = nn.Linear(config.embedding_rank, config.hidden_size, bias=False)

class NeoMMEPatchEmbeddings(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.norm = nn.LayerNorm(config.patch_dim)
        self.up_proj = nn.Linear(config.patch_dim, config.hidden_size * 2, bias=False)
        self.act_fn = nn.GELU()
        self.down_proj = nn.Linear(config.hidden_size * 2, config.hidden_size, bias=True)

class NeoMMERotaryEmbedding(nn.Module):

    def __init__(self, config, device=None):
        super().__init__()
        self.max_seq_len_cached = config.max_position_embeddings
        self.original_max_seq_len = config.max_position_embeddings
        self.config = config
        self.layer_types = sorted(set(config.layer_types))
        self.rope_type = {}
        for layer_type in self.layer_types:
            rope_params = self.config.rope_parameters[layer_type]
            if rope_params is None:
                continue
            self.rope_type[layer_type] = rope_params['rope_type']
            rope_init_fn = self.compute_default_rope_parameters
            if self.rope_type[layer_type] != 'default':
                rope_init_fn = ROPE_INIT_FUNCTIONS[self.rope_type[layer_type]]
            curr_inv_freq, curr_attention_scaling = rope_init_fn(self.config, device, layer_type=layer_type)
            setattr(self, f'{layer_type}_inv_freq', nn.Buffer(curr_inv_freq, persistent=False))
            setattr(self, f'{layer_type}_original_inv_freq', nn.Buffer(curr_inv_freq.clone(), persistent=False))
            setattr(self, f'{layer_type}_attention_scaling', curr_attention_scaling)

    @staticmethod
    def compute_default_rope_parameters(config, device=None, layer_type=None, **kwargs):
        base = config.rope_parameters[layer_type]['rope_theta']
        partial_rotary_factor = config.rope_parameters[layer_type].get('partial_rotary_factor', 1.0)
        head_dim = getattr(config, 'head_dim', None) or config.hidden_size // config.num_attention_heads
        dim = int(head_dim * partial_rotary_factor)
        attention_factor = 1.0
        inv_freq = 1.0 / base ** (torch.arange(0, dim, 2, dtype=torch.float) / dim)
        return (inv_freq.to(device), attention_factor)

class NeoMMEExclusiveSelfAttention(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.num_key_value_groups = config.num_attention_heads // config.num_key_value_heads
        self.alpha = nn.Parameter(torch.zeros(config.num_attention_heads))

class NeoMMESigmoidGatedProjection(nn.Module):

    def __init__(self, config):
        super().__init__()
        projection_size = config.num_attention_heads * config.head_dim
        self.gate_proj = nn.Linear(config.hidden_size, projection_size, bias=False)
        self.o_proj = nn.Linear(projection_size, config.hidden_size, bias=config.attention_bias)

class NeoMMEAttention(nn.Module):

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
        self.is_local_attention = config.layer_types[layer_idx] == 'sliding_attention'
        self.sliding_window = config.per_layer_config[layer_idx].sliding_window + 1 if self.is_local_attention else None
        self.attention_type = config.layer_types[layer_idx]
        self.num_attention_heads = config.num_attention_heads
        self.q_norm = NeoMMERMSNorm(config.head_dim, config.norm_eps, with_scale=False)
        self.k_norm = NeoMMERMSNorm(config.head_dim, config.norm_eps, with_scale=False)
        self.exclusive_self_attention = NeoMMEExclusiveSelfAttention(config)
        self.output_projection = NeoMMESigmoidGatedProjection(config)

class NeoMMEMLP(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.hidden_size = config.hidden_size
        self.intermediate_size = config.intermediate_size
        self.up_proj = nn.Linear(self.hidden_size, self.intermediate_size, bias=config.mlp_bias)
        self.down_proj = nn.Linear(self.intermediate_size, self.hidden_size, bias=config.mlp_bias)
        self.act_fn = ACT2FN[config.hidden_act]

class NeoMMEEncoderLayer(GradientCheckpointingLayer):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.self_attn = NeoMMEAttention(config, layer_idx)
        self.mlp = NeoMMEMLP(config)
        self.lambdas = nn.Parameter(torch.tensor([1.0, 0.0]))
        self.input_layernorm = NeoMMERMSNorm(config.hidden_size, config.norm_eps, with_scale=False)
        self.post_attention_layernorm = NeoMMERMSNorm(config.hidden_size, config.norm_eps, with_scale=False)
        self.residual_multiplier = config.residual_multiplier
        self.attention_type = config.layer_types[layer_idx]

class NeoMMEPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = True

    def get_input_embeddings(self):
        backbone = getattr(self, self.base_model_prefix, self)
        return backbone.embed_tokens.word_embeddings

class NeoMMEModel(NeoMMEPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.embed_tokens = NeoMMEEmbeddings(config)
        self.patch_embeddings = NeoMMEPatchEmbeddings(config)
        self.rotary_emb = NeoMMERotaryEmbedding(config)
        self.embedding_norm = NeoMMERMSNorm(config.hidden_size, config.norm_eps, with_scale=False)
        self.final_norm = NeoMMERMSNorm(config.hidden_size, config.norm_eps, with_scale=False)
        self.layers = nn.ModuleList([NeoMMEEncoderLayer(config, layer_idx) for layer_idx in range(config.num_hidden_layers)])
        global_layers = [i for i, layer_type in enumerate(config.layer_types) if layer_type == 'full_attention']
        self.value_embeddings = nn.Embedding(config.vocab_size, config.num_key_value_heads * config.head_dim)
        self.value_embedding_layers = {global_layers[0], global_layers[-1]}
        self.gradient_checkpointing = False
        self.post_init()

class NeoMMEForMaskedLM(NeoMMEPreTrainedModel):
    _tied_weights_keys = {'lm_head.weight': 'model.embed_tokens.word_embeddings.weight', 'unembedding_projection.weight': 'model.embed_tokens.embedding_projection.weight'}

    def __init__(self, config):
        super().__init__(config)
        self.model = NeoMMEModel(config)
        self.unembedding_projection = nn.Linear(config.embedding_rank, config.hidden_size, bias=False)
        self.lm_head = nn.Linear(config.embedding_rank, config.vocab_size, bias=False)
        self.post_init()

class NeoMMEMultiVectorHead(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.proj = nn.Linear(config.hidden_size, config.embedding_dim, bias=False)

class NeoMMEDenseHead(nn.Module):
    pass

class NeoMMEForRetrieval(NeoMMEPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.model = NeoMMEModel(config)
        self.multi_vector_head = NeoMMEMultiVectorHead(config)
        self.dense_head = NeoMMEDenseHead()
        self.post_init()
