"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): cohere2_moe. Made by `python -m loracfg.base.transcriber`."""
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig
from .common_modeling_rope_utils import ROPE_INIT_FUNCTIONS
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GenerationMixin, GradientCheckpointingLayer, use_experts_implementation
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

@strict
class Cohere2MoeConfig(PreTrainedConfig):
    model_type = 'cohere2_moe'
    vocab_size: int = 256000
    hidden_size: int = 8192
    intermediate_size: int = 22528
    logit_scale: float = 0.0625
    num_hidden_layers: int = 40
    num_attention_heads: int = 64
    num_key_value_heads: int | None = None
    head_dim: int = 128
    hidden_act: str = 'silu'
    max_position_embeddings: int = 8192
    initializer_range: float = 0.02
    layer_norm_eps: float = 1e-05
    use_cache: bool = True
    pad_token_id: int | None = 0
    bos_token_id: int | None = 5
    eos_token_id: int | list[int] | None = 255001
    tie_word_embeddings: bool = True
    rope_theta: float | int = 10000.0
    rope_scaling: dict | None = None
    attention_bias: bool = False
    attention_dropout: float = 0.0
    sliding_window: int | None = 4096
    num_experts_per_tok: int = 2
    num_experts: int = 8
    output_router_logits: bool = False
    num_shared_experts: int = 0
    shared_expert_combination_strategy: str = 'average'
    expert_selection_fn: str = 'softmax'
    layer_types: list[str] | None = None
    mlp_layer_types: list | None = None
    prefix_dense_sliding_window_pattern: int = 1
    norm_topk_prob: bool = True
    prefix_dense_intermediate_size: int | None = None
    rms_norm_eps: float | None = None
    sliding_window_pattern: int = 4

    def __post_init__(self, **kwargs):
        if self.num_key_value_heads is None:
            self.num_key_value_heads = self.num_attention_heads
        self.standardize_rope_params()
        self.validate_rope()
        first_k_dense_replace = kwargs.pop('first_k_dense_replace', 0)
        if self.layer_types is None:
            prefix_layers = ['sliding_attention' if (i + 1) % self.prefix_dense_sliding_window_pattern != 0 else 'full_attention' for i in range(first_k_dense_replace)]
            rest_layers = ['sliding_attention' if (i + 1) % self.sliding_window_pattern != 0 else 'full_attention' for i in range(self.num_hidden_layers - first_k_dense_replace)]
            self.layer_types = prefix_layers + rest_layers
        self.validate_layer_type()
        if self.mlp_layer_types is None:
            self.mlp_layer_types = ['dense' if i < first_k_dense_replace else 'sparse' for i in range(self.num_hidden_layers)]
        super().__post_init__(**kwargs)

class Cohere2MoeRMSNorm(nn.Module):

    def __init__(self, hidden_size, eps=1e-06):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(hidden_size))
        self.variance_epsilon = eps

class Cohere2MoeLayerNorm(nn.Module):

    def __init__(self, hidden_size=None, eps=1e-05, bias=False):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(hidden_size))
        self.variance_epsilon = eps

class Cohere2MoeMLP(nn.Module):

    def __init__(self, config, intermediate_size=None):
        super().__init__()
        self.config = config
        self.hidden_size = config.hidden_size
        self.intermediate_size = intermediate_size if intermediate_size is not None else config.intermediate_size
        self.gate_proj = nn.Linear(self.hidden_size, self.intermediate_size, bias=False)
        self.up_proj = nn.Linear(self.hidden_size, self.intermediate_size, bias=False)
        self.down_proj = nn.Linear(self.intermediate_size, self.hidden_size, bias=False)
        self.act_fn = ACT2FN[config.hidden_act]

@use_experts_implementation
class Cohere2MoeExperts(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.num_experts = config.num_experts
        self.hidden_dim = config.hidden_size
        self.intermediate_dim = config.intermediate_size
        self.gate_up_proj = nn.Parameter(torch.empty(self.num_experts, 2 * self.intermediate_dim, self.hidden_dim))
        self.down_proj = nn.Parameter(torch.empty(self.num_experts, self.hidden_dim, self.intermediate_dim))
        self.act_fn = ACT2FN[config.hidden_act]

class Cohere2MoeTopKRouter(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.top_k = config.num_experts_per_tok
        self.num_experts = config.num_experts
        self.expert_selection_fn = config.expert_selection_fn
        self.norm_topk_prob = config.norm_topk_prob
        self.weight = nn.Parameter(torch.empty(config.num_experts, config.hidden_size))

class Cohere2MoeSparseMoeBlock(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.num_shared_experts = config.num_shared_experts
        self.shared_expert_combination_strategy = config.shared_expert_combination_strategy
        self.gate = Cohere2MoeTopKRouter(config)
        self.experts = Cohere2MoeExperts(config)
        if self.num_shared_experts > 0:
            self.shared_experts = Cohere2MoeMLP(config, intermediate_size=config.intermediate_size * config.num_shared_experts)

class Cohere2MoeAttention(nn.Module):

    def __init__(self, config, layer_idx=None):
        super().__init__()
        self.config = config
        self.layer_idx = layer_idx
        self.head_dim = getattr(config, 'head_dim', config.hidden_size // config.num_attention_heads)
        self.num_key_value_groups = config.num_attention_heads // config.num_key_value_heads
        self.scaling = self.head_dim ** (-0.5)
        self.attention_dropout = config.attention_dropout
        self.is_causal = True
        self.sliding_window = config.sliding_window if config.layer_types[layer_idx] == 'sliding_attention' else None
        self.q_proj = nn.Linear(config.hidden_size, config.num_attention_heads * self.head_dim, bias=config.attention_bias)
        self.k_proj = nn.Linear(config.hidden_size, config.num_key_value_heads * self.head_dim, bias=config.attention_bias)
        self.v_proj = nn.Linear(config.hidden_size, config.num_key_value_heads * self.head_dim, bias=config.attention_bias)
        self.o_proj = nn.Linear(config.num_attention_heads * self.head_dim, config.hidden_size, bias=config.attention_bias)
        self.force_rope = config.mlp_layer_types[layer_idx] == 'dense' and config.prefix_dense_sliding_window_pattern == 1

class Cohere2MoeDecoderLayer(GradientCheckpointingLayer):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.hidden_size = config.hidden_size
        self.self_attn = Cohere2MoeAttention(config=config, layer_idx=layer_idx)
        self.mlp = Cohere2MoeMLP(config, config.prefix_dense_intermediate_size) if config.mlp_layer_types[layer_idx] == 'dense' else Cohere2MoeSparseMoeBlock(config)
        self.input_layernorm = Cohere2MoeRMSNorm(hidden_size=config.hidden_size, eps=config.rms_norm_eps) if config.rms_norm_eps is not None else Cohere2MoeLayerNorm(hidden_size=config.hidden_size, eps=config.layer_norm_eps)

class Cohere2MoeRotaryEmbedding(nn.Module):

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

class Cohere2MoePreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = True

class Cohere2MoeModel(Cohere2MoePreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.padding_idx = config.pad_token_id
        self.vocab_size = config.vocab_size
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size, self.padding_idx)
        self.layers = nn.ModuleList([Cohere2MoeDecoderLayer(config, layer_idx) for layer_idx in range(config.num_hidden_layers)])
        self.norm = Cohere2MoeRMSNorm(hidden_size=config.hidden_size, eps=config.rms_norm_eps) if config.rms_norm_eps is not None else Cohere2MoeLayerNorm(hidden_size=config.hidden_size, eps=config.layer_norm_eps)
        self.rotary_emb = Cohere2MoeRotaryEmbedding(config)
        self.gradient_checkpointing = False
        self.post_init()

class Cohere2MoeForCausalLM(Cohere2MoePreTrainedModel, GenerationMixin):
    _tied_weights_keys = {'lm_head.weight': 'model.embed_tokens.weight'}

    def __init__(self, config):
        super().__init__(config)
        self.model = Cohere2MoeModel(config)
        self.vocab_size = config.vocab_size
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.logit_scale = config.logit_scale
        self.tie_word_embeddings = config.tie_word_embeddings
        self.post_init()
