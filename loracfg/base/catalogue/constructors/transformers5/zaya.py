"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): zaya. Made by `python -m loracfg.base.transcriber`."""
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig
from .common_modeling_rope_utils import ROPE_INIT_FUNCTIONS
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GenerationMixin, GradientCheckpointingLayer, RopeParameters, use_experts_implementation
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

@strict
class ZayaConfig(PreTrainedConfig):
    model_type = 'zaya'
    vocab_size: int = 262272
    hidden_size: int = 2048
    num_hidden_layers: int = 40
    num_attention_heads: int = 8
    num_key_value_heads: int = 2
    hidden_act: str = 'silu'
    max_position_embeddings: int = 131072
    initializer_range: float = 0.02
    rms_norm_eps: float = 1e-05
    use_cache: bool = True
    tie_word_embeddings: bool = True
    rope_parameters: RopeParameters | dict | None = None
    sliding_window: int | None = None
    attention_dropout: float | int = 0.0
    moe_intermediate_size: int = 2048
    num_experts_per_tok: int = 1
    num_experts: int = 16
    output_router_logits: bool = False
    layer_types: list[str] | None = None
    pad_token_id: int | None = 0
    bos_token_id: int | None = 2
    eos_token_id: int | list[int] | None = 106
    head_dim: int = 128
    attention_bias: bool = False
    lm_head_bias: bool = False
    router_hidden_size: int = 256
    cca_time0: int = 2
    cca_time1: int = 2

    def __post_init__(self, **kwargs):
        self.layer_types = ['hybrid'] * self.num_hidden_layers if self.layer_types is None else list(self.layer_types)
        default_rope_params = {'hybrid': {'rope_type': 'default', 'rope_theta': 5000000.0, 'partial_rotary_factor': 0.5}, 'hybrid_sliding': {'rope_type': 'default', 'rope_theta': 10000.0, 'partial_rotary_factor': 0.5}}
        if self.rope_parameters is None:
            self.rope_parameters = default_rope_params
        super().__post_init__(**kwargs, ignore_keys_at_rope_validation={'hybrid', 'hybrid_sliding'})

    def convert_rope_params_to_dict(self, **kwargs):
        if self.rope_parameters.get('rope_type') is not None:
            del self.rope_parameters['rope_type']
        return kwargs

    def validate_architecture(self):
        if self.num_experts_per_tok != 1:
            raise ValueError('ZAYA currently supports `num_experts_per_tok=1` only.')
        if self.num_attention_heads % self.num_key_value_heads != 0:
            raise ValueError('`num_attention_heads` must be a multiple of `num_key_value_heads`.')
        if 'hybrid_sliding' in self.layer_types and self.sliding_window is None:
            raise ValueError('`sliding_window` must be set when `layer_types` contains `hybrid_sliding`.')

class ZayaRotaryEmbedding(nn.Module):

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

class ZayaRMSNorm(nn.Module):

    def __init__(self, hidden_size, eps=1e-06):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(hidden_size))
        self.variance_epsilon = eps

class ZayaCCAProjection(nn.Module):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.config = config
        self.layer_idx = layer_idx
        self.hidden_size = config.hidden_size
        self.depthwise_kernel_size = config.cca_time0
        self.grouped_kernel_size = config.cca_time1
        self.conv_kernel_size = self.depthwise_kernel_size - 1 + (self.grouped_kernel_size - 1)
        self.num_key_value_heads = config.num_key_value_heads
        self.num_attention_heads = config.num_attention_heads
        self.head_dim = config.head_dim
        self.num_key_value_groups = self.num_attention_heads // self.num_key_value_heads
        query_hidden_size = self.num_attention_heads * self.head_dim
        key_value_hidden_size = self.num_key_value_heads * self.head_dim
        self.q_proj = nn.Linear(self.hidden_size, query_hidden_size, bias=self.config.attention_bias)
        self.k_proj = nn.Linear(self.hidden_size, key_value_hidden_size, bias=self.config.attention_bias)
        self.v_proj_current = nn.Linear(self.hidden_size, key_value_hidden_size // 2, bias=self.config.attention_bias)
        self.v_proj_delayed = nn.Linear(self.hidden_size, key_value_hidden_size // 2, bias=self.config.attention_bias)
        conv_channels = key_value_hidden_size + query_hidden_size
        self.conv_qk_depthwise = nn.Conv1d(in_channels=conv_channels, out_channels=conv_channels, kernel_size=self.depthwise_kernel_size, groups=conv_channels, padding=0, stride=1)
        self.conv_qk_grouped = nn.Conv1d(in_channels=conv_channels, out_channels=conv_channels, kernel_size=self.grouped_kernel_size, groups=self.num_key_value_heads + self.num_attention_heads, padding=0, stride=1)

class ZayaQKNorm(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.head_dim_scale = config.head_dim ** 0.5
        self.temp = nn.Parameter(torch.zeros(config.num_key_value_heads))

class ZayaAttention(nn.Module):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.config = config
        self.layer_idx = layer_idx
        self.head_dim = getattr(config, 'head_dim', config.hidden_size // config.num_attention_heads)
        self.num_key_value_groups = config.num_attention_heads // config.num_key_value_heads
        self.num_key_value_heads = config.num_key_value_heads
        self.scaling = self.head_dim ** (-0.5)
        self.attention_dropout = config.attention_dropout
        self.is_causal = True
        self.o_proj = nn.Linear(config.num_attention_heads * self.head_dim, config.hidden_size, bias=config.attention_bias)
        self.qkv_proj = ZayaCCAProjection(config=self.config, layer_idx=layer_idx)
        self.layer_type = config.layer_types[layer_idx]
        self.sliding_window = config.sliding_window if self.layer_type == 'hybrid_sliding' else None
        self.hidden_size = config.hidden_size
        self.num_attention_heads = config.num_attention_heads
        self.qk_norm = ZayaQKNorm(config)

class ZayaDecoderLayer(GradientCheckpointingLayer):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.hidden_size = config.hidden_size
        self.self_attn = ZayaAttention(config=config, layer_idx=layer_idx)
        self.mlp = ZayaSparseMoeBlock(config, layer_idx)
        self.input_layernorm = ZayaRMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.post_attention_layernorm = ZayaRMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.post_attention_residual_scale = ZayaResidualScaling(config.hidden_size)
        self.post_mlp_residual_scale = ZayaResidualScaling(config.hidden_size)

class ZayaResidualScaling(nn.Module):

    def __init__(self, hidden_size):
        super().__init__()
        self.hidden_states_scale = nn.Parameter(torch.ones(hidden_size))
        self.hidden_states_bias = nn.Parameter(torch.zeros(hidden_size))
        self.residual_scale = nn.Parameter(torch.ones(hidden_size))
        self.residual_bias = nn.Parameter(torch.zeros(hidden_size))

class ZayaRouterMLP(nn.Module):

    def __init__(self, hidden_size, num_experts, rms_norm_eps):
        super().__init__()
        self.norm = ZayaRMSNorm(hidden_size, eps=rms_norm_eps)
        self.fc1 = nn.Linear(hidden_size, hidden_size, bias=True)
        self.fc2 = nn.Linear(hidden_size, hidden_size, bias=True)
        self.out_proj = nn.Linear(hidden_size, num_experts, bias=False)
        self.act_fn = nn.GELU()

class ZayaRouter(nn.Module):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.config = config
        self.hidden_size = config.hidden_size
        self.layer_idx = layer_idx
        self.num_experts = config.num_experts
        self.num_router_classes = config.num_experts + 1
        self.top_k = config.num_experts_per_tok
        self.router_hidden_size = config.router_hidden_size
        self.down_proj = nn.Linear(self.hidden_size, self.router_hidden_size, bias=True)
        self.use_eda = self.layer_idx != 0
        if self.use_eda:
            self.router_states_scale = nn.Parameter(torch.ones(self.router_hidden_size))
        self.router_mlp = ZayaRouterMLP(self.router_hidden_size, self.num_router_classes, config.rms_norm_eps)
        self.balancing_biases = nn.Buffer(torch.zeros(self.num_router_classes, dtype=torch.float32))
        self.balancing_biases[-1] = -1.0

@use_experts_implementation
class ZayaExperts(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.num_experts = config.num_experts
        self.hidden_dim = config.hidden_size
        self.intermediate_dim = config.moe_intermediate_size
        self.gate_up_proj = nn.Parameter(torch.empty(self.num_experts, 2 * self.intermediate_dim, self.hidden_dim))
        self.down_proj = nn.Parameter(torch.empty(self.num_experts, self.hidden_dim, self.intermediate_dim))
        self.act_fn = ACT2FN[config.hidden_act]

class ZayaSparseMoeBlock(nn.Module):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.gate = ZayaRouter(config, layer_idx)
        self.experts = ZayaExperts(config)

class ZayaPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = False

class ZayaModel(ZayaPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.padding_idx = config.pad_token_id
        self.vocab_size = config.vocab_size
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size, self.padding_idx)
        self.layers = nn.ModuleList([ZayaDecoderLayer(config, layer_idx) for layer_idx in range(config.num_hidden_layers)])
        self.norm = ZayaRMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.rotary_emb = ZayaRotaryEmbedding(config=config)
        self.gradient_checkpointing = False
        self.input_hidden_states_scale = nn.Parameter(torch.ones(config.hidden_size))
        self.input_hidden_states_bias = nn.Parameter(torch.zeros(config.hidden_size))
        self.post_init()

class ZayaForCausalLM(ZayaPreTrainedModel, GenerationMixin):
    _tied_weights_keys = {'lm_head.weight': 'model.embed_tokens.weight'}

    def __init__(self, config, **kwargs):
        super().__init__(config)
        self.model = ZayaModel(config)
        self.vocab_size = config.vocab_size
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=self.config.lm_head_bias)
        self.post_init()
