"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): axk2. Made by `python -m loracfg.base.transcriber`."""
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig
from .common_modeling_layers import GenericForSequenceClassification, GenericForTokenClassification
from .common_modeling_rope_utils import ROPE_INIT_FUNCTIONS
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GenerationMixin, GradientCheckpointingLayer, use_experts_implementation
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
import math

@strict
class AXK2Config(PreTrainedConfig):
    model_type = 'axk2'
    attribute_map = {'num_local_experts': 'n_routed_experts'}
    vocab_size: int = 163840
    hidden_size: int = 2048
    intermediate_size: int = 5120
    moe_intermediate_size: int = 512
    num_hidden_layers: int = 48
    num_attention_heads: int = 32
    num_key_value_heads: int = 32
    n_shared_experts: int = 1
    n_routed_experts: int = 128
    output_router_logits: bool = False
    routed_scaling_factor: float = 2.5
    kv_lora_rank: int = 128
    q_lora_rank: int = 384
    qk_rope_head_dim: int = 32
    v_head_dim: int = 64
    qk_nope_head_dim: int = 64
    n_group: int | None = None
    topk_group: int | None = None
    num_experts_per_tok: int = 8
    norm_topk_prob: bool = True
    hidden_act: str = 'silu'
    max_position_embeddings: int = 131072
    initializer_range: float = 0.02
    rms_norm_eps: float = 1e-06
    use_cache: bool = True
    pad_token_id: int | None = None
    bos_token_id: int | None = 163691
    eos_token_id: int | list[int] | None = 163691
    tie_word_embeddings: bool = False
    rope_parameters: dict | None = None
    mlp_layer_types: list[str] | None = None
    attention_bias: bool = False
    attention_dropout: float | int = 0.0
    index_topk: int = 2048
    index_head_dim: int = 128
    index_n_heads: int = 16
    head_dim: int = 64
    layer_types: list[str] | None = None
    gated_norm_rank: int = 16

    def __post_init__(self, **kwargs):
        self.qk_head_dim = self.qk_nope_head_dim + self.qk_rope_head_dim
        self.head_dim = self.qk_rope_head_dim
        if self.mlp_layer_types is None:
            first_k_dense_replace = kwargs.pop('first_k_dense_replace', 1)
            moe_layer_freq = kwargs.pop('moe_layer_freq', 1)
            self.mlp_layer_types = ['sparse' if i >= first_k_dense_replace and i % moe_layer_freq == 0 else 'dense' for i in range(self.num_hidden_layers)]
        if self.layer_types is None:
            self.layer_types = ['indexed_attention'] * self.num_hidden_layers
        super().__post_init__(**kwargs)

    def validate_architecture(self):
        super().validate_architecture()
        if self.q_lora_rank is None or self.q_lora_rank <= 0:
            raise ValueError(f'A.X-K2 requires a positive `q_lora_rank` (the indexer and output gate read the query LoRA bottleneck), got {self.q_lora_rank}.')
        if (self.n_group is None) != (self.topk_group is None):
            raise ValueError(f'`n_group` and `topk_group` must be set together (both `None` for non-grouped routing), got n_group={self.n_group}, topk_group={self.topk_group}.')
        if self.n_group is not None:
            if self.n_routed_experts % self.n_group != 0:
                raise ValueError(f'`n_routed_experts` ({self.n_routed_experts}) must be divisible by `n_group` ({self.n_group}).')
            if self.topk_group > self.n_group:
                raise ValueError(f'`topk_group` ({self.topk_group}) cannot exceed `n_group` ({self.n_group}).')

class AXK2RMSNorm(nn.Module):

    def __init__(self, hidden_size, eps=1e-06):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(hidden_size))
        self.variance_epsilon = eps

class AXK2GateMLP(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.activation_fn = nn.SiLU()
        self.fc1 = nn.Linear(config.hidden_size, config.gated_norm_rank, bias=False)
        self.fc2 = nn.Linear(config.gated_norm_rank, config.hidden_size, bias=False)

class AXK2GatedRMSNorm(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.norm = AXK2RMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.mlp = AXK2GateMLP(config)

class AXK2RotaryEmbedding(nn.Module):

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

class AXK2Indexer(nn.Module):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.config = config
        self.layer_idx = layer_idx
        self.hidden_size = config.hidden_size
        self.n_heads = config.index_n_heads
        self.head_dim = config.index_head_dim
        self.qk_rope_head_dim = config.qk_rope_head_dim
        self.index_topk = config.index_topk
        self.q_lora_rank = config.q_lora_rank
        self.wq_b = nn.Linear(self.q_lora_rank, self.n_heads * self.head_dim, bias=False)
        self.wk = nn.Linear(self.hidden_size, self.head_dim, bias=False)
        self.k_norm = nn.LayerNorm(self.head_dim, eps=1e-06)
        self.weights_proj = nn.Linear(self.hidden_size, self.n_heads, bias=False)
        self.softmax_scale = self.head_dim ** (-0.5)

class AXK2TopkRouter(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.top_k = config.num_experts_per_tok
        self.num_experts = config.num_local_experts
        self.hidden_dim = config.hidden_size
        self.weight = nn.Parameter(torch.zeros(self.num_experts, self.hidden_dim))
        self.routed_scaling_factor = config.routed_scaling_factor
        self.num_group = config.n_group
        self.topk_group = config.topk_group
        self.norm_topk_prob = config.norm_topk_prob
        self.e_score_correction_bias = nn.Buffer(torch.zeros(self.num_experts, dtype=torch.float32))

@use_experts_implementation
class AXK2Experts(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.num_experts = config.num_local_experts
        self.hidden_dim = config.hidden_size
        self.intermediate_dim = config.moe_intermediate_size
        self.gate_up_proj = nn.Parameter(torch.empty(self.num_experts, 2 * self.intermediate_dim, self.hidden_dim))
        self.down_proj = nn.Parameter(torch.empty(self.num_experts, self.hidden_dim, self.intermediate_dim))
        self.act_fn = ACT2FN[config.hidden_act]

class AXK2MLP(nn.Module):

    def __init__(self, config, intermediate_size=None):
        super().__init__()
        self.config = config
        self.hidden_size = config.hidden_size
        self.intermediate_size = config.intermediate_size if intermediate_size is None else intermediate_size
        self.gate_proj = nn.Linear(self.hidden_size, self.intermediate_size, bias=False)
        self.up_proj = nn.Linear(self.hidden_size, self.intermediate_size, bias=False)
        self.down_proj = nn.Linear(self.intermediate_size, self.hidden_size, bias=False)
        self.act_fn = ACT2FN[config.hidden_act]

class AXK2MoE(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.experts = AXK2Experts(config)
        self.gate = AXK2TopkRouter(config)
        self.shared_experts = AXK2MLP(config=config, intermediate_size=config.moe_intermediate_size * config.n_shared_experts)

def yarn_get_mscale(scale=1, mscale=1):
    if scale <= 1:
        return 1.0
    return 0.1 * mscale * math.log(scale) + 1.0

def yarn_apply_mscale(rope_parameters, scaling):
    if rope_parameters.get('rope_type', 'default') != 'default':
        mscale_all_dim = rope_parameters.get('mscale_all_dim', 0)
        if mscale_all_dim:
            mscale = yarn_get_mscale(rope_parameters['factor'], mscale_all_dim)
            scaling = scaling * mscale * mscale
    return scaling

class AXK2Attention(nn.Module):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.config = config
        self.layer_idx = layer_idx
        self.attention_dropout = config.attention_dropout
        self.hidden_size = config.hidden_size
        self.num_heads = config.num_attention_heads
        self.q_lora_rank = config.q_lora_rank
        self.qk_rope_head_dim = config.qk_rope_head_dim
        self.kv_lora_rank = config.kv_lora_rank
        self.v_head_dim = config.v_head_dim
        self.qk_nope_head_dim = config.qk_nope_head_dim
        self.qk_head_dim = config.qk_nope_head_dim + config.qk_rope_head_dim
        self.num_key_value_groups = config.num_attention_heads // config.num_key_value_heads
        self.is_causal = True
        self.q_a_proj = nn.Linear(self.hidden_size, self.q_lora_rank, bias=config.attention_bias)
        self.q_a_layernorm = AXK2RMSNorm(self.q_lora_rank)
        self.q_gate_proj = nn.Linear(2 * self.q_lora_rank, self.num_heads * (self.qk_head_dim + self.v_head_dim), bias=False)
        self.kv_a_proj_with_mqa = nn.Linear(self.hidden_size, self.kv_lora_rank + self.qk_rope_head_dim, bias=config.attention_bias)
        self.kv_a_layernorm = AXK2RMSNorm(self.kv_lora_rank)
        self.kv_b_proj = nn.Linear(self.kv_lora_rank, self.num_heads * (self.qk_nope_head_dim + self.v_head_dim), bias=False)
        self.o_proj = nn.Linear(self.num_heads * self.v_head_dim, self.hidden_size, bias=config.attention_bias)
        self.scaling = yarn_apply_mscale(config.rope_parameters, self.qk_head_dim ** (-0.5))
        self.indexer = AXK2Indexer(config, layer_idx)

class AXK2DecoderLayer(GradientCheckpointingLayer):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.hidden_size = config.hidden_size
        self.self_attn = AXK2Attention(config, layer_idx)
        self.mlp = AXK2MoE(config) if config.mlp_layer_types[layer_idx] == 'sparse' else AXK2MLP(config)
        self.input_layernorm = AXK2GatedRMSNorm(config)
        self.post_attention_layernorm = AXK2GatedRMSNorm(config) if config.mlp_layer_types[layer_idx] == 'sparse' else AXK2RMSNorm(config.hidden_size, eps=config.rms_norm_eps)

class AXK2PreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = True
    _keep_in_fp32_modules_strict = ['e_score_correction_bias']
    _keys_to_ignore_on_load_unexpected = ['inv_freq']
    _keep_in_fp32_modules = ['indexer.weights_proj']

class AXK2Model(AXK2PreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.padding_idx = config.pad_token_id
        self.vocab_size = config.vocab_size
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size, self.padding_idx)
        self.layers = nn.ModuleList([AXK2DecoderLayer(config, layer_idx) for layer_idx in range(config.num_hidden_layers)])
        self.norm = AXK2RMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.rotary_emb = AXK2RotaryEmbedding(config=config)
        self.gradient_checkpointing = False
        self.post_init()

class AXK2ForCausalLM(AXK2PreTrainedModel, GenerationMixin):
    _tied_weights_keys = {'lm_head.weight': 'model.embed_tokens.weight'}

    def __init__(self, config):
        super().__init__(config)
        self.model = AXK2Model(config)
        self.vocab_size = config.vocab_size
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

class AXK2ForSequenceClassification(GenericForSequenceClassification, AXK2PreTrainedModel):
    pass

class AXK2ForTokenClassification(GenericForTokenClassification, AXK2PreTrainedModel):
    pass
