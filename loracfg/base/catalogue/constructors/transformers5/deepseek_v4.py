"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): deepseek_v4. Made by `python -m loracfg.base.transcriber`."""
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig
from .common_modeling_rope_utils import ROPE_INIT_FUNCTIONS
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GenerationMixin, GradientCheckpointingLayer, RopeParameters, use_experts_implementation
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

DEEPSEEK_V4_LAYER_TYPES = ('sliding_attention', 'compressed_sparse_attention', 'heavily_compressed_attention')

_COMPRESS_RATIO_TO_LAYER_TYPE = {0: 'sliding_attention', 4: 'compressed_sparse_attention', 128: 'heavily_compressed_attention'}

DEEPSEEK_V4_MLP_LAYER_TYPES = ('hash_moe', 'moe')

@strict
class DeepseekV4Config(PreTrainedConfig):
    model_type = 'deepseek_v4'
    attribute_map = {'num_local_experts': 'n_routed_experts', 'intermediate_size': 'moe_intermediate_size'}
    vocab_size: int = 129280
    hidden_size: int = 4096
    moe_intermediate_size: int = 2048
    num_hidden_layers: int = 43
    num_attention_heads: int = 64
    num_key_value_heads: int = 1
    head_dim: int = 512
    q_lora_rank: int = 1024
    default_partial_rotary_factor = 64 / 512
    num_experts_per_tok: int = 6
    n_routed_experts: int = 256
    n_shared_experts: int = 1
    scoring_func: str = 'sqrtsoftplus'
    norm_topk_prob: bool = True
    routed_scaling_factor: float = 1.5
    max_position_embeddings: int = 1048576
    rope_theta: float | int = 10000.0
    layer_types: list[str] | None = None
    compress_rates: dict | None = None
    default_compress_rates = {'compressed_sparse_attention': 4, 'heavily_compressed_attention': 128}
    compress_rope_theta: float | int = 160000.0
    hc_mult: int = 4
    hc_sinkhorn_iters: int = 20
    hc_eps: float = 1e-06
    mlp_layer_types: list[str] | None = None
    default_num_hash_layers = 3
    swiglu_limit: float = 10.0
    sliding_window: int = 128
    o_groups: int = 8
    o_lora_rank: int = 1024
    index_n_heads: int = 64
    index_head_dim: int = 128
    index_topk: int = 512
    num_nextn_predict_layers: int = 1
    output_router_logits: bool = False
    router_aux_loss_coef: float = 0.001
    router_jitter_noise: float = 0.0
    hidden_act: str = 'silu'
    initializer_range: float = 0.02
    rms_norm_eps: float = 1e-06
    use_cache: bool = True
    pad_token_id: int | None = None
    bos_token_id: int | None = 0
    eos_token_id: int | list[int] | None = 1
    tie_word_embeddings: bool = False
    rope_parameters: RopeParameters | dict | None = None
    partial_rotary_factor: float | None = None
    attention_bias: bool = False
    mlp_bias: bool = False
    attention_dropout: float = 0.0
    _rope_type_labels = ('main', 'compress')

    def validate_rope(self):
        rope_parameters_dict = getattr(self, 'rope_parameters', None) or {}
        ignore_keys = self.ignore_keys_at_rope_validation
        for rope_type_label in self._rope_type_labels:
            rope_parameters = rope_parameters_dict.get(rope_type_label)
            if not isinstance(rope_parameters, dict):
                continue
            rope_type = rope_parameters.get('rope_type', rope_parameters.get('type', 'default'))
            rope_parameters['rope_type'] = rope_type
            validation_fn = getattr(self, f'_validate_{rope_type}_rope_parameters', None)
            if validation_fn is None:
                continue
            self.rope_parameters = rope_parameters
            try:
                validation_fn(rope_parameters, ignore_keys=ignore_keys)
            finally:
                self.rope_parameters = rope_parameters_dict

    def validate_layer_type(self):
        if self.num_hidden_layers is None:
            return
        for name, types, allowed in (('layer_types', self.layer_types, DEEPSEEK_V4_LAYER_TYPES), ('mlp_layer_types', self.mlp_layer_types, DEEPSEEK_V4_MLP_LAYER_TYPES)):
            if types is None:
                continue
            if len(types) != self.num_hidden_layers:
                raise ValueError(f'`num_hidden_layers` ({self.num_hidden_layers}) must equal `len({name})` ({len(types)}).')
            bad = [t for t in types if t not in allowed]
            if bad:
                raise ValueError(f'`{name}` entries must be one of {allowed} for DeepSeek-V4; got {bad}.')

    def __post_init__(self, **kwargs):
        legacy_compress_ratios = kwargs.pop('compress_ratios', None)
        legacy_compress_rate_csa = kwargs.pop('compress_rate_csa', None)
        legacy_compress_rate_hca = kwargs.pop('compress_rate_hca', None)
        legacy_num_hash_layers = kwargs.pop('num_hash_layers', None)
        legacy_qk_rope_head_dim = kwargs.pop('qk_rope_head_dim', None)
        PreTrainedConfig.__post_init__(self, **kwargs)
        n = self.num_hidden_layers
        quantization_config = getattr(self, 'quantization_config', None)
        expert_dtype = getattr(self, 'expert_dtype', None)
        if isinstance(quantization_config, dict) and expert_dtype is not None and ('expert_dtype' not in quantization_config):
            self.quantization_config = {**quantization_config, 'expert_dtype': expert_dtype}
        if self.compress_rates is None:
            self.compress_rates = dict(self.default_compress_rates)
        if legacy_compress_rate_csa is not None:
            self.compress_rates['compressed_sparse_attention'] = legacy_compress_rate_csa
        if legacy_compress_rate_hca is not None:
            self.compress_rates['heavily_compressed_attention'] = legacy_compress_rate_hca
        if self.layer_types is None and legacy_compress_ratios is not None:
            self.layer_types = [_COMPRESS_RATIO_TO_LAYER_TYPE[r] for r in legacy_compress_ratios]
        if self.layer_types is None:
            interleave = ['compressed_sparse_attention' if i % 2 else 'heavily_compressed_attention' for i in range(max(n - 2, 0))]
            self.layer_types = ['heavily_compressed_attention'] * min(n, 2) + interleave
        self.layer_types = list(self.layer_types[:n])
        if self.mlp_layer_types is None:
            n_hash = legacy_num_hash_layers if legacy_num_hash_layers is not None else self.default_num_hash_layers
            self.mlp_layer_types = ['hash_moe'] * min(n, n_hash) + ['moe'] * max(0, n - n_hash)
        self.mlp_layer_types = list(self.mlp_layer_types[:n])
        if self.partial_rotary_factor is None:
            self.partial_rotary_factor = legacy_qk_rope_head_dim / self.head_dim if legacy_qk_rope_head_dim is not None else self.default_partial_rotary_factor
        self.qk_rope_head_dim = int(self.head_dim * self.partial_rotary_factor)
        rp = self.rope_parameters or {}
        if isinstance(rp.get('main'), dict) and isinstance(rp.get('compress'), dict):
            self.rope_parameters = {'main': rp['main'], 'compress': rp['compress']}
        else:
            yarn = {k: v for k, v in rp.items() if k not in ('main', 'compress')}
            main = {'rope_type': 'default', 'rope_theta': self.rope_theta, 'partial_rotary_factor': self.partial_rotary_factor}
            compress = {**yarn, 'rope_theta': self.compress_rope_theta, 'partial_rotary_factor': self.partial_rotary_factor}
            compress.setdefault('rope_type', 'default')
            if compress['rope_type'] == 'yarn':
                compress.setdefault('attention_factor', 1.0)
            self.rope_parameters = {'main': main, 'compress': compress}

class DeepseekV4RMSNorm(nn.Module):

    def __init__(self, hidden_size, eps=1e-06):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(hidden_size))
        self.variance_epsilon = eps

class DeepseekV4UnweightedRMSNorm(nn.Module):

    def __init__(self, eps=1e-06):
        super().__init__()
        self.eps = eps

class DeepseekV4RotaryEmbedding(nn.Module):

    def __init__(self, config, device=None):
        super().__init__()
        self.max_seq_len_cached = config.max_position_embeddings
        self.original_max_seq_len = config.max_position_embeddings
        self.config = config
        self.layer_types = [k for k, v in config.rope_parameters.items() if isinstance(v, dict)]
        self.rope_type = {}
        for layer_type in self.layer_types:
            rope_params = config.rope_parameters[layer_type]
            self.rope_type[layer_type] = rope_params['rope_type']
            rope_init_fn = self.compute_default_rope_parameters
            if self.rope_type[layer_type] != 'default':
                rope_init_fn = ROPE_INIT_FUNCTIONS[self.rope_type[layer_type]]
            inv_freq, attention_scaling = rope_init_fn(config, device, layer_type=layer_type)
            setattr(self, f'{layer_type}_inv_freq', nn.Buffer(inv_freq, persistent=False))
            setattr(self, f'{layer_type}_original_inv_freq', nn.Buffer(inv_freq.clone(), persistent=False))
            setattr(self, f'{layer_type}_attention_scaling', attention_scaling)

    @staticmethod
    def compute_default_rope_parameters(config, device=None, layer_type=None, **kwargs):
        base = config.rope_parameters[layer_type]['rope_theta']
        partial_rotary_factor = config.rope_parameters[layer_type].get('partial_rotary_factor', 1.0)
        head_dim = getattr(config, 'head_dim', None) or config.hidden_size // config.num_attention_heads
        dim = int(head_dim * partial_rotary_factor)
        attention_factor = 1.0
        inv_freq = 1.0 / base ** (torch.arange(0, dim, 2, dtype=torch.float) / dim)
        return (inv_freq.to(device), attention_factor)

class DeepseekV4GroupedLinear(nn.Linear):

    def __init__(self, in_features_per_group, out_features, n_groups, bias=False):
        super().__init__(in_features_per_group, out_features, bias=bias)
        self.n_groups = n_groups

class DeepseekV4HCACompressor(nn.Module):
    rope_layer_type = 'compress'

    def __init__(self, config):
        super().__init__()
        self.compress_rate = config.compress_rates['heavily_compressed_attention']
        self.head_dim = config.head_dim
        self.kv_proj = nn.Linear(config.hidden_size, self.head_dim, bias=False)
        self.gate_proj = nn.Linear(config.hidden_size, self.head_dim, bias=False)
        self.position_bias = nn.Parameter(torch.empty(self.compress_rate, self.head_dim))
        self.kv_norm = DeepseekV4RMSNorm(self.head_dim, eps=config.rms_norm_eps)
        self.rotary_emb = DeepseekV4RotaryEmbedding(config)

class DeepseekV4IndexerScorer(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.softmax_scale = config.index_head_dim ** (-0.5)
        self.weights_scaling = config.index_n_heads ** (-0.5)
        self.weights_proj = nn.Linear(config.hidden_size, config.index_n_heads, bias=False)

class DeepseekV4Indexer(nn.Module):
    rope_layer_type = 'compress'

    def __init__(self, config):
        super().__init__()
        self.compress_rate = config.compress_rates['compressed_sparse_attention']
        self.num_heads = config.index_n_heads
        self.head_dim = config.index_head_dim
        self.index_topk = config.index_topk
        self.kv_proj = nn.Linear(config.hidden_size, 2 * self.head_dim, bias=False)
        self.gate_proj = nn.Linear(config.hidden_size, 2 * self.head_dim, bias=False)
        self.position_bias = nn.Parameter(torch.empty(self.compress_rate, 2 * self.head_dim))
        self.kv_norm = DeepseekV4RMSNorm(self.head_dim, eps=config.rms_norm_eps)
        self.q_b_proj = nn.Linear(config.q_lora_rank, self.num_heads * self.head_dim, bias=False)
        self.rotary_emb = DeepseekV4RotaryEmbedding(config)
        self.scorer = DeepseekV4IndexerScorer(config)

class DeepseekV4CSACompressor(nn.Module):
    rope_layer_type = 'compress'

    def __init__(self, config):
        super().__init__()
        self.compress_rate = config.compress_rates['compressed_sparse_attention']
        self.head_dim = config.head_dim
        self.kv_proj = nn.Linear(config.hidden_size, 2 * self.head_dim, bias=False)
        self.gate_proj = nn.Linear(config.hidden_size, 2 * self.head_dim, bias=False)
        self.position_bias = nn.Parameter(torch.empty(self.compress_rate, 2 * self.head_dim))
        self.kv_norm = DeepseekV4RMSNorm(self.head_dim, eps=config.rms_norm_eps)
        self.rotary_emb = DeepseekV4RotaryEmbedding(config)
        self.indexer = DeepseekV4Indexer(config)

COMPRESSOR_CLASSES = {'sliding_attention': None, 'compressed_sparse_attention': DeepseekV4CSACompressor, 'heavily_compressed_attention': DeepseekV4HCACompressor}

class DeepseekV4Attention(nn.Module):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.config = config
        self.layer_idx = layer_idx
        self.layer_type = config.layer_types[layer_idx]
        self.rope_layer_type = 'main' if self.layer_type == 'sliding_attention' else 'compress'
        self.num_heads = config.num_attention_heads
        self.num_key_value_groups = config.num_attention_heads
        self.head_dim = config.head_dim
        self.sliding_window = config.sliding_window
        self.attention_dropout = config.attention_dropout
        self.is_causal = True
        self.scaling = self.head_dim ** (-0.5)
        self.q_a_proj = nn.Linear(config.hidden_size, config.q_lora_rank, bias=False)
        self.q_a_norm = DeepseekV4RMSNorm(config.q_lora_rank, eps=config.rms_norm_eps)
        self.q_b_proj = nn.Linear(config.q_lora_rank, self.num_heads * self.head_dim, bias=False)
        self.q_b_norm = DeepseekV4UnweightedRMSNorm(eps=config.rms_norm_eps)
        self.kv_proj = nn.Linear(config.hidden_size, self.head_dim, bias=False)
        self.kv_norm = DeepseekV4RMSNorm(self.head_dim, eps=config.rms_norm_eps)
        self.o_a_proj = DeepseekV4GroupedLinear(self.num_heads * self.head_dim // config.o_groups, config.o_groups * config.o_lora_rank, config.o_groups)
        self.o_b_proj = nn.Linear(config.o_groups * config.o_lora_rank, config.hidden_size, bias=False)
        self.sinks = nn.Parameter(torch.empty(self.num_heads))
        self.compressor = COMPRESSOR_CLASSES[self.layer_type](config) if self.layer_type != 'sliding_attention' else None

class DeepseekV4HyperConnection(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.hc_mult = config.hc_mult
        self.hc_sinkhorn_iters = config.hc_sinkhorn_iters
        self.hc_eps = config.hc_eps
        self.input_norm = DeepseekV4UnweightedRMSNorm(eps=config.rms_norm_eps)
        concatenated_weights_size = (2 + self.hc_mult) * self.hc_mult
        self.fn = nn.Parameter(torch.empty(concatenated_weights_size, self.hc_mult * config.hidden_size))
        self.base = nn.Parameter(torch.empty(concatenated_weights_size))
        self.scale = nn.Parameter(torch.empty(3))

class DeepseekV4HyperHead(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.hc_mult = config.hc_mult
        self.input_norm = DeepseekV4UnweightedRMSNorm(eps=config.rms_norm_eps)
        self.eps = config.hc_eps
        self.hc_fn = nn.Parameter(torch.empty(self.hc_mult, self.hc_mult * config.hidden_size))
        self.hc_base = nn.Parameter(torch.empty(self.hc_mult))
        self.hc_scale = nn.Parameter(torch.empty(1))

class DeepseekV4MLP(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.hidden_size = config.hidden_size
        self.intermediate_size = config.intermediate_size
        self.gate_proj = nn.Linear(self.hidden_size, self.intermediate_size, bias=config.mlp_bias)
        self.up_proj = nn.Linear(self.hidden_size, self.intermediate_size, bias=config.mlp_bias)
        self.down_proj = nn.Linear(self.intermediate_size, self.hidden_size, bias=config.mlp_bias)
        self.act_fn = ACT2FN[config.hidden_act]
        self.limit = config.swiglu_limit

@use_experts_implementation
class DeepseekV4Experts(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.num_experts = config.num_local_experts
        self.hidden_dim = config.hidden_size
        self.intermediate_dim = config.intermediate_size
        self.gate_up_proj = nn.Parameter(torch.empty(self.num_experts, 2 * self.intermediate_dim, self.hidden_dim))
        self.down_proj = nn.Parameter(torch.empty(self.num_experts, self.hidden_dim, self.intermediate_dim))
        self.act_fn = ACT2FN[config.hidden_act]
        self.limit = config.swiglu_limit

class DeepseekV4TopKRouter(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.top_k = config.num_experts_per_tok
        self.num_experts = config.num_local_experts
        self.hidden_dim = config.hidden_size
        self.weight = nn.Parameter(torch.empty(self.num_experts, self.hidden_dim))
        self.score_fn = ACT2FN[config.scoring_func]
        self.routed_scaling_factor = config.routed_scaling_factor
        self.e_score_correction_bias = nn.Buffer(torch.zeros(self.num_experts))

class DeepseekV4HashRouter(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.top_k = config.num_experts_per_tok
        self.num_experts = config.num_local_experts
        self.hidden_dim = config.hidden_size
        self.weight = nn.Parameter(torch.empty(self.num_experts, self.hidden_dim))
        self.score_fn = ACT2FN[config.scoring_func]
        self.routed_scaling_factor = config.routed_scaling_factor
        self.tid2eid = nn.Buffer(torch.zeros(config.vocab_size, self.top_k, dtype=torch.long), persistent=True)

class DeepseekV4SparseMoeBlock(nn.Module):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.is_hash = config.mlp_layer_types[layer_idx] == 'hash_moe'
        self.gate = DeepseekV4HashRouter(config) if self.is_hash else DeepseekV4TopKRouter(config)
        self.experts = DeepseekV4Experts(config)
        self.shared_experts = DeepseekV4MLP(config)

class DeepseekV4DecoderLayer(GradientCheckpointingLayer):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.layer_idx = layer_idx
        self.self_attn = DeepseekV4Attention(config, layer_idx)
        self.mlp = DeepseekV4SparseMoeBlock(config, layer_idx)
        self.input_layernorm = DeepseekV4RMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.post_attention_layernorm = DeepseekV4RMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.attn_hc = DeepseekV4HyperConnection(config)
        self.ffn_hc = DeepseekV4HyperConnection(config)

class DeepseekV4PreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = False
    _keep_in_fp32_modules_strict = ['attn_hc', 'ffn_hc', 'hc_head', 'sinks', 'position_bias', 'e_score_correction_bias', 'q_a_norm', 'kv_norm', 'input_layernorm', 'post_attention_layernorm', 'norm']
    _keep_in_fp32_modules = ['self_attn.compressor.kv_proj', 'self_attn.compressor.gate_proj', 'self_attn.compressor.indexer.kv_proj', 'self_attn.compressor.indexer.gate_proj', 'self_attn.compressor.indexer.scorer.weights_proj']
    _keys_to_ignore_on_load_unexpected = ['(^|\\.)mtp\\..*']

class DeepseekV4Model(DeepseekV4PreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.padding_idx = config.pad_token_id
        self.vocab_size = config.vocab_size
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size, self.padding_idx)
        self.layers = nn.ModuleList([DeepseekV4DecoderLayer(config, layer_idx) for layer_idx in range(config.num_hidden_layers)])
        self.norm = DeepseekV4RMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.rotary_emb = DeepseekV4RotaryEmbedding(config)
        self.gradient_checkpointing = False
        self.hc_head = DeepseekV4HyperHead(config)
        self.post_init()

class DeepseekV4ForCausalLM(DeepseekV4PreTrainedModel, GenerationMixin):
    _tied_weights_keys = {'lm_head.weight': 'model.embed_tokens.weight'}

    def __init__(self, config):
        super().__init__(config)
        self.model = DeepseekV4Model(config)
        self.vocab_size = config.vocab_size
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.router_aux_loss_coef = config.router_aux_loss_coef
        self.num_experts = config.num_local_experts
        self.num_experts_per_tok = config.num_experts_per_tok
        self.post_init()
