"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): mellum. Made by `python -m loracfg.base.transcriber`."""
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
class MellumConfig(PreTrainedConfig):
    model_type = 'mellum'
    attribute_map = {'num_experts': 'num_local_experts', 'num_mtp_layers': 'num_nextn_predict_layers'}
    vocab_size: int = 98304
    hidden_size: int = 2304
    intermediate_size: int = 7168
    num_hidden_layers: int = 28
    num_attention_heads: int = 32
    num_key_value_heads: int = 4
    hidden_act: str = 'silu'
    max_position_embeddings: int = 131072
    initializer_range: float = 0.02
    rms_norm_eps: float = 1e-06
    use_cache: bool = True
    tie_word_embeddings: bool = False
    rope_parameters: dict | RopeParameters | None = None
    attention_bias: bool = False
    sliding_window: int | None = 1024
    attention_dropout: float | int = 0.0
    moe_intermediate_size: int = 896
    num_experts_per_tok: int = 8
    num_experts: int = 64
    norm_topk_prob: bool = True
    output_router_logits: bool = False
    router_aux_loss_coef: float = 0.001
    pad_token_id: int | None = None
    bos_token_id: int | None = None
    eos_token_id: int | list[int] | None = None
    head_dim: int = 128
    layer_types: list[str] | None = None
    mlp_layer_types: list[str] | None = None
    num_mtp_layers: int | None = None
    mtp_layer_types: list[str] | None = None
    mtp_mlp_layer_types: list[str] | None = None

    def __post_init__(self, **kwargs):
        if self.layer_types is None:
            self.layer_types = ['full_attention'] * self.num_hidden_layers
        if self.mlp_layer_types is None:
            self.mlp_layer_types = ['sparse'] * self.num_hidden_layers
        if self.rope_parameters is None:
            self.rope_parameters = {'full_attention': {'rope_type': 'default', 'rope_theta': 500000.0}, 'sliding_attention': {'rope_type': 'default', 'rope_theta': 10000.0}}
        super().__post_init__(**kwargs, ignore_keys_at_rope_validation={'sliding_attention', 'full_attention'})
        if self.num_mtp_layers:
            if self.mtp_layer_types is None:
                self.mtp_layer_types = ['sliding_attention'] * self.num_mtp_layers
            if self.mtp_mlp_layer_types is None:
                self.mtp_mlp_layer_types = ['sparse'] * self.num_mtp_layers

    def validate_architecture(self):
        super().validate_architecture()
        if self.num_mtp_layers is not None and self.num_mtp_layers > 1:
            raise ValueError(f'Mellum supports a single MTP layer, but got num_mtp_layers={self.num_mtp_layers}.')

    def convert_rope_params_to_dict(self, **kwargs):
        return kwargs

class MellumRotaryEmbedding(nn.Module):

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

class MellumRMSNorm(nn.Module):

    def __init__(self, hidden_size, eps=1e-06):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(hidden_size))
        self.variance_epsilon = eps

class MellumAttention(nn.Module):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.config = config
        self.layer_idx = layer_idx
        self.head_dim = getattr(config, 'head_dim', config.hidden_size // config.num_attention_heads)
        self.num_key_value_groups = config.num_attention_heads // config.num_key_value_heads
        self.scaling = self.head_dim ** (-0.5)
        self.attention_dropout = config.attention_dropout
        self.is_causal = True
        self.q_proj = nn.Linear(config.hidden_size, config.num_attention_heads * self.head_dim, bias=config.attention_bias)
        self.k_proj = nn.Linear(config.hidden_size, config.num_key_value_heads * self.head_dim, bias=config.attention_bias)
        self.v_proj = nn.Linear(config.hidden_size, config.num_key_value_heads * self.head_dim, bias=config.attention_bias)
        self.o_proj = nn.Linear(config.num_attention_heads * self.head_dim, config.hidden_size, bias=config.attention_bias)
        self.q_norm = MellumRMSNorm(self.head_dim, eps=config.rms_norm_eps)
        self.k_norm = MellumRMSNorm(self.head_dim, eps=config.rms_norm_eps)
        self.sliding_window = config.sliding_window if config.layer_types[layer_idx] == 'sliding_attention' else None

@use_experts_implementation
class MellumExperts(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.num_experts = config.num_experts
        self.hidden_dim = config.hidden_size
        self.intermediate_dim = config.moe_intermediate_size
        self.gate_up_proj = nn.Parameter(torch.empty(self.num_experts, 2 * self.intermediate_dim, self.hidden_dim))
        self.down_proj = nn.Parameter(torch.empty(self.num_experts, self.hidden_dim, self.intermediate_dim))
        self.act_fn = ACT2FN[config.hidden_act]

class MellumTopKRouter(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.top_k = config.num_experts_per_tok
        self.num_experts = config.num_experts
        self.norm_topk_prob = config.norm_topk_prob
        self.hidden_dim = config.hidden_size
        self.weight = nn.Parameter(torch.zeros(self.num_experts, self.hidden_dim))

class MellumSparseMoeBlock(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.experts = MellumExperts(config)
        self.gate = MellumTopKRouter(config)

class MellumMLP(nn.Module):

    def __init__(self, config, intermediate_size=None):
        super().__init__()
        self.config = config
        self.hidden_size = config.hidden_size
        self.intermediate_size = config.intermediate_size if intermediate_size is None else intermediate_size
        self.gate_proj = nn.Linear(self.hidden_size, self.intermediate_size, bias=False)
        self.up_proj = nn.Linear(self.hidden_size, self.intermediate_size, bias=False)
        self.down_proj = nn.Linear(self.intermediate_size, self.hidden_size, bias=False)
        self.act_fn = ACT2FN[config.hidden_act]

class MellumDecoderLayer(GradientCheckpointingLayer):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.hidden_size = config.hidden_size
        self.self_attn = MellumAttention(config, layer_idx)
        if config.mlp_layer_types[layer_idx] == 'sparse':
            self.mlp = MellumSparseMoeBlock(config)
        else:
            self.mlp = MellumMLP(config, intermediate_size=config.intermediate_size)
        self.input_layernorm = MellumRMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.post_attention_layernorm = MellumRMSNorm(config.hidden_size, eps=config.rms_norm_eps)

class MellumPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = True
    _keys_to_ignore_on_load_unexpected = ['^mtp\\.']

class MellumModel(MellumPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.padding_idx = config.pad_token_id
        self.vocab_size = config.vocab_size
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size, self.padding_idx)
        self.layers = nn.ModuleList([MellumDecoderLayer(config, layer_idx) for layer_idx in range(config.num_hidden_layers)])
        self.norm = MellumRMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.rotary_emb = MellumRotaryEmbedding(config=config)
        self.gradient_checkpointing = False
        self.post_init()

class MellumForCausalLM(MellumPreTrainedModel, GenerationMixin):
    _tied_weights_keys = {'lm_head.weight': 'model.embed_tokens.weight'}

    def __init__(self, config):
        super().__init__(config)
        self.model = MellumModel(config)
        self.vocab_size = config.vocab_size
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.router_aux_loss_coef = config.router_aux_loss_coef
        self.num_experts = config.num_experts
        self.num_experts_per_tok = config.num_experts_per_tok
        self.post_init()
