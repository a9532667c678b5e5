"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): laguna. Made by `python -m loracfg.base.transcriber`."""
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
class LagunaConfig(PreTrainedConfig):
    model_type = 'laguna'
    vocab_size: int = 100352
    hidden_size: int = 2048
    intermediate_size: int = 8192
    num_hidden_layers: int = 40
    num_attention_heads: int = 48
    num_key_value_heads: int = 8
    hidden_act: str = 'silu'
    max_position_embeddings: int = 131072
    initializer_range: float = 0.02
    rms_norm_eps: float = 1e-06
    use_cache: bool = True
    tie_word_embeddings: bool = False
    rope_parameters: RopeParameters | dict | None = None
    sliding_window: int = 512
    attention_dropout: float | int = 0.0
    moe_intermediate_size: int = 512
    shared_expert_intermediate_size: int = 512
    num_experts_per_tok: int = 8
    num_experts: int = 256
    output_router_logits: bool = False
    router_aux_loss_coef: float = 0.001
    layer_types: list[str] | None = None
    pad_token_id: int | None = None
    bos_token_id: int | None = None
    eos_token_id: int | list[int] | None = None
    head_dim: int = 128
    attention_bias: bool = False
    gating: bool | str = True
    num_attention_heads_per_layer: list[int] | None = None
    mlp_layer_types: list[str] | None = None
    moe_routed_scaling_factor: float = 1.0
    moe_apply_router_weight_on_input: bool = False
    moe_router_logit_softcapping: float = 0.0

    def __post_init__(self, **kwargs):
        if self.layer_types is None:
            self.layer_types = ['full_attention'] * self.num_hidden_layers
        if self.mlp_layer_types is None:
            self.mlp_layer_types = ['dense'] + ['sparse'] * (self.num_hidden_layers - 1)
        if self.num_attention_heads_per_layer is None:
            self.num_attention_heads_per_layer = [self.num_attention_heads] * self.num_hidden_layers
        default_rope_params = {'full_attention': {'rope_type': 'default', 'rope_theta': 500000.0, 'partial_rotary_factor': 0.5}, 'sliding_attention': {'rope_type': 'default', 'rope_theta': 10000.0, 'partial_rotary_factor': 1.0}}
        if self.rope_parameters is None:
            self.rope_parameters = default_rope_params
        super().__post_init__(**kwargs, ignore_keys_at_rope_validation={'sliding_attention', 'full_attention'})

    def convert_rope_params_to_dict(self, **kwargs):
        return kwargs

    def validate_architecture(self):
        if self.moe_apply_router_weight_on_input:
            raise NotImplementedError('moe_apply_router_weight_on_input=True is not yet supported in the transformers implementation of Laguna.')
        if self.num_attention_heads_per_layer is not None and len(self.num_attention_heads_per_layer) != self.num_hidden_layers:
            raise ValueError(f'num_attention_heads_per_layer length ({len(self.num_attention_heads_per_layer)}) must equal num_hidden_layers ({self.num_hidden_layers}).')
        if len(self.layer_types) != self.num_hidden_layers:
            raise ValueError(f'layer_types length ({len(self.layer_types)}) must equal num_hidden_layers ({self.num_hidden_layers}).')
        if len(self.mlp_layer_types) != self.num_hidden_layers:
            raise ValueError(f'mlp_layer_types length ({len(self.mlp_layer_types)}) must equal num_hidden_layers ({self.num_hidden_layers}).')

class LagunaRMSNorm(nn.Module):

    def __init__(self, hidden_size, eps=1e-06):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(hidden_size))
        self.variance_epsilon = eps

class LagunaRotaryEmbedding(nn.Module):

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

class LagunaMLP(nn.Module):

    def __init__(self, config, intermediate_size=None):
        super().__init__()
        self.config = config
        self.hidden_size = config.hidden_size
        self.intermediate_size = config.intermediate_size if intermediate_size is None else intermediate_size
        self.gate_proj = nn.Linear(self.hidden_size, self.intermediate_size, bias=False)
        self.up_proj = nn.Linear(self.hidden_size, self.intermediate_size, bias=False)
        self.down_proj = nn.Linear(self.intermediate_size, self.hidden_size, bias=False)
        self.act_fn = ACT2FN[config.hidden_act]

class LagunaTopKRouter(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.top_k = config.num_experts_per_tok
        self.num_experts = config.num_experts
        self.hidden_dim = config.hidden_size
        self.weight = nn.Parameter(torch.zeros(self.num_experts, self.hidden_dim))
        self.e_score_correction_bias = nn.Parameter(torch.zeros(config.num_experts), requires_grad=False)
        self.router_logit_softcapping = config.moe_router_logit_softcapping

@use_experts_implementation
class LagunaExperts(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.num_experts = config.num_experts
        self.hidden_dim = config.hidden_size
        self.intermediate_dim = config.moe_intermediate_size
        self.gate_up_proj = nn.Parameter(torch.empty(self.num_experts, 2 * self.intermediate_dim, self.hidden_dim))
        self.down_proj = nn.Parameter(torch.empty(self.num_experts, self.hidden_dim, self.intermediate_dim))
        self.act_fn = ACT2FN[config.hidden_act]

class LagunaSparseMoeBlock(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.experts = LagunaExperts(config)
        self.gate = LagunaTopKRouter(config)
        self.shared_experts = LagunaMLP(config, intermediate_size=config.shared_expert_intermediate_size)
        self.routed_scaling_factor = config.moe_routed_scaling_factor

class LagunaAttention(nn.Module):

    def __init__(self, config, layer_idx, num_heads):
        super().__init__()
        self.num_heads = num_heads
        self.config = config
        self.layer_idx = layer_idx
        self.head_dim = getattr(config, 'head_dim', config.hidden_size // config.num_attention_heads)
        self.num_key_value_groups = self.num_heads // config.num_key_value_heads
        self.scaling = self.head_dim ** (-0.5)
        self.attention_dropout = config.attention_dropout
        self.is_causal = True
        self.q_proj = nn.Linear(config.hidden_size, self.num_heads * self.head_dim, bias=config.attention_bias)
        self.k_proj = nn.Linear(config.hidden_size, config.num_key_value_heads * self.head_dim, bias=config.attention_bias)
        self.v_proj = nn.Linear(config.hidden_size, config.num_key_value_heads * self.head_dim, bias=config.attention_bias)
        self.o_proj = nn.Linear(self.num_heads * self.head_dim, config.hidden_size, bias=config.attention_bias)
        self.is_local_attention = config.layer_types[layer_idx] == 'sliding_attention'
        self.sliding_window = config.sliding_window if self.is_local_attention else None
        self.q_norm = LagunaRMSNorm(self.head_dim, eps=config.rms_norm_eps)
        self.k_norm = LagunaRMSNorm(self.head_dim, eps=config.rms_norm_eps)
        self.gate_per_head = config.gating is True or config.gating == 'per-head'
        g_proj_dim = self.num_heads if self.gate_per_head else self.num_heads * self.head_dim
        self.g_proj = nn.Linear(config.hidden_size, g_proj_dim, bias=False)

class LagunaDecoderLayer(GradientCheckpointingLayer):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.hidden_size = config.hidden_size
        self.self_attn = LagunaAttention(config, layer_idx, config.num_attention_heads_per_layer[layer_idx])
        if config.mlp_layer_types[layer_idx] == 'sparse':
            self.mlp = LagunaSparseMoeBlock(config)
        else:
            self.mlp = LagunaMLP(config, intermediate_size=config.intermediate_size)
        self.input_layernorm = LagunaRMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.post_attention_layernorm = LagunaRMSNorm(config.hidden_size, eps=config.rms_norm_eps)

class LagunaPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = True

class LagunaModel(LagunaPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.padding_idx = config.pad_token_id
        self.vocab_size = config.vocab_size
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size, self.padding_idx)
        self.layers = nn.ModuleList([LagunaDecoderLayer(config, layer_idx) for layer_idx in range(config.num_hidden_layers)])
        self.norm = LagunaRMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.rotary_emb = LagunaRotaryEmbedding(config=config)
        self.gradient_checkpointing = False
        self.post_init()

class LagunaForCausalLM(LagunaPreTrainedModel, GenerationMixin):
    _tied_weights_keys = {'lm_head.weight': 'model.embed_tokens.weight'}

    def __init__(self, config):
        super().__init__(config)
        self.model = LagunaModel(config)
        self.vocab_size = config.vocab_size
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.router_aux_loss_coef = config.router_aux_loss_coef
        self.num_experts = config.num_experts
        self.num_experts_per_tok = config.num_experts_per_tok
        self.post_init()
