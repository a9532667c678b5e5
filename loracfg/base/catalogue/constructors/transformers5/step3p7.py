"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): step3p7. Made by `python -m loracfg.base.transcriber`."""
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig
from .common_modeling_rope_utils import ROPE_INIT_FUNCTIONS
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GenerationMixin, GradientCheckpointingLayer, RopeParameters
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

@strict
class Step3p7VisionConfig(PreTrainedConfig):
    model_type = 'step3p5_vision'
    hidden_size: int = 1536
    intermediate_size: int = 3072
    num_hidden_layers: int = 47
    num_attention_heads: int = 16
    num_channels: int = 3
    image_size: int = 728
    patch_size: int = 14
    hidden_act: str = 'quick_gelu'
    layer_norm_eps: float = 1e-05
    attention_dropout: float | int = 0.0
    default_rope_type = 'axial'
    mlp_ratio: float = 8960 / 1536
    layer_scale_init_value: float = 0.1
    rope_parameters: dict | None = None
    max_position_embeddings: int = 2704

    def __post_init__(self, **kwargs):
        self.hidden_size = kwargs.pop('width', self.hidden_size)
        self.num_hidden_layers = kwargs.pop('layers', self.num_hidden_layers)
        self.num_attention_heads = kwargs.pop('heads', self.num_attention_heads)
        self.layer_scale_init_value = kwargs.pop('ls_init_value', self.layer_scale_init_value)
        super().__post_init__(**kwargs)
        self.intermediate_size = int(self.hidden_size * self.mlp_ratio)

@strict
class Step3p7TextConfig(PreTrainedConfig):
    model_type = 'step3p5'
    attribute_map = {'num_local_experts': 'n_routed_experts', 'num_attention_groups': 'num_key_value_heads', 'moe_num_experts': 'n_routed_experts', 'moe_top_k': 'num_experts_per_tok', 'share_expert_dims': 'share_expert_dim', 'num_mtp_layers': 'num_nextn_predict_layers'}
    default_theta = 10000.0
    vocab_size: int = 128815
    hidden_size: int = 4096
    intermediate_size: int = 11264
    num_hidden_layers: int = 45
    num_attention_heads: int = 64
    num_key_value_heads: int = 8
    head_dim: int = 128
    hidden_act: str = 'silu'
    max_position_embeddings: int = 128000
    initializer_range: float = 0.02
    rms_norm_eps: float = 1e-05
    use_cache: bool = True
    pad_token_id: int = 1
    bos_token_id: int | None = None
    eos_token_id: int | list[int] | None = None
    tie_word_embeddings: bool = False
    attention_dropout: float | int = 0.0
    num_experts_per_tok: int = 8
    num_local_experts: int = 128
    output_router_logits: bool = False
    rope_parameters: RopeParameters | dict | None = None
    mlp_layer_types: list[str] | None = None
    layer_types: list[str] | None = None
    gating = True
    use_bidirectional_attention = False
    moe_intermediate_size: int = 1280
    n_routed_experts: int = 288
    share_expert_dim: int = 1280
    sliding_window: int | None = None
    num_sliding_attention_heads: int | None = None
    attention_bias: bool = False
    query_pre_attn_scalar: int | float | None = None
    moe_router_scaling_factor: float = 1.0
    mlp_bias: bool = False
    swiglu_limits: list[float | int | None] | None = None
    swiglu_limits_shared: list[float | int | None] | None = None
    mtp_layer_types: list[str] | None = None
    mtp_mlp_layer_types: list[str] | None = None

    def __post_init__(self, **kwargs):
        num_nextn_predict_layers = kwargs.pop('num_nextn_predict_layers', 0)
        self.num_nextn_predict_layers = num_nextn_predict_layers
        n, padded = (self.num_hidden_layers, self.num_hidden_layers + num_nextn_predict_layers)
        if num_nextn_predict_layers:
            for field, mtp_field in (('layer_types', 'mtp_layer_types'), ('mlp_layer_types', 'mtp_mlp_layer_types')):
                value = getattr(self, field)
                if isinstance(value, list) and len(value) == padded:
                    setattr(self, field, value[:n])
                    setattr(self, mtp_field, value[n:padded])
            for field in ('swiglu_limits', 'swiglu_limits_shared'):
                value = getattr(self, field)
                if isinstance(value, list) and len(value) == padded:
                    setattr(self, field, value[:n])
            for key in ('rope_theta', 'partial_rotary_factors'):
                value = kwargs.get(key)
                if isinstance(value, list) and len(value) == padded:
                    kwargs[key] = value[:n]
        if self.layer_types is None:
            self.layer_types = ['full_attention'] * n
            if num_nextn_predict_layers:
                self.mtp_layer_types = ['full_attention'] * num_nextn_predict_layers
        if self.mlp_layer_types is None:
            moe_layers_enum = kwargs.pop('moe_layers_enum', None)
            if moe_layers_enum is not None:
                items = moe_layers_enum.split(',') if isinstance(moe_layers_enum, str) else moe_layers_enum
                moe_set = {int(i) for i in items if str(i).strip()}
            else:
                moe_set = set(range(3, n))
            mlp_layer_types = ['sparse' if i in moe_set else 'dense' for i in range(padded)]
            self.mlp_layer_types = mlp_layer_types[:n]
            if num_nextn_predict_layers:
                self.mtp_mlp_layer_types = mlp_layer_types[n:padded]
        if self.num_sliding_attention_heads is None:
            attention_other_setting = kwargs.pop('attention_other_setting', None)
            if attention_other_setting:
                self.num_sliding_attention_heads = attention_other_setting.get('num_attention_heads', self.num_attention_heads)
            else:
                self.num_sliding_attention_heads = self.num_attention_heads
        kwargs.setdefault('per_layer_config', {layer_idx: {'num_attention_heads': self.num_sliding_attention_heads} for layer_idx, layer_type in enumerate(self.layer_types) if layer_type == 'sliding_attention'})
        if self.query_pre_attn_scalar is None:
            self.query_pre_attn_scalar = self.head_dim
        rope_theta = kwargs.pop('rope_theta', self.default_theta)
        partial_rotary_factors = kwargs.pop('partial_rotary_factors', None)
        rope_scaling = kwargs.pop('rope_scaling', None)
        sparse_cfg = kwargs.pop('sparse_attention_config', None) or {}
        moe_layer_freq = kwargs.pop('moe_layer_freq', None)
        super().__post_init__(**kwargs)
        self.hidden_act = 'silu'
        for flat, legacy in {'index_n_heads': 'sparse_num_index_heads', 'index_head_dim': 'sparse_index_dim', 'index_block_size': 'sparse_block_size', 'index_topk_blocks': 'sparse_topk_blocks', 'index_local_blocks': 'sparse_local_block'}.items():
            if legacy in sparse_cfg:
                setattr(self, flat, sparse_cfg[legacy])
        if self.layer_types is None and 'sparse_attention_freq' in sparse_cfg:
            self.layer_types = ['minimax_m3_sparse' if f else 'full_attention' for f in sparse_cfg['sparse_attention_freq']]
        if self.layer_types is None:
            self.layer_types = ['full_attention'] * self.num_hidden_layers
        if self.mlp_layer_types is None and moe_layer_freq is not None:
            self.mlp_layer_types = ['sparse' if f else 'dense' for f in moe_layer_freq]
        if self.mlp_layer_types is None:
            self.mlp_layer_types = ['sparse'] * self.num_hidden_layers
        layer_type_set = set(self.layer_types)
        rp = self.rope_parameters or {}
        if all((isinstance(rp.get(layer_type), dict) for layer_type in layer_type_set)):
            self.rope_parameters = {layer_type: rp[layer_type] for layer_type in layer_type_set}
        else:
            if not isinstance(rope_theta, list):
                rope_theta = [rope_theta] * len(self.layer_types)
            self.rope_parameters = {}
            for layer_type in layer_type_set:
                i = self.layer_types.index(layer_type)
                params = {'rope_type': 'default', 'rope_theta': rope_theta[i]}
                if partial_rotary_factors:
                    params['partial_rotary_factor'] = partial_rotary_factors[i]
                self.rope_parameters[layer_type] = params
            if rope_scaling and 'full_attention' in self.rope_parameters:
                self.rope_parameters['full_attention'].update(rope_scaling)

@strict
class Step3p7Config(PreTrainedConfig):
    model_type = 'step3p7'
    sub_configs_defaults = {'vision_config': Step3p7VisionConfig, 'text_config': Step3p7TextConfig}
    vision_config: dict | PreTrainedConfig | None = None
    text_config: dict | PreTrainedConfig | None = None
    projector_bias: bool = False
    image_token_id: int = 151679

    def __post_init__(self, **kwargs):
        if isinstance(self.vision_config, dict):
            self.vision_config.pop('model_type', None)
        if isinstance(self.text_config, dict):
            self.text_config.pop('model_type', None)
        super().__post_init__(**kwargs)

class Step3p7VisionRotaryEmbedding(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.rope_type = self.config.rope_parameters['rope_type']
        rope_init_fn = self.compute_axial_rope_parameters
        if self.rope_type != 'axial':
            raise ValueError(f'{self.__class__.__name__} supports only axial rope, but requested {self.rope_type}')
        inv_freq, self.attention_scaling = rope_init_fn(self.config)
        self.inv_freq = nn.Buffer(inv_freq, persistent=False)
        self.original_inv_freq = nn.Buffer(inv_freq.clone(), persistent=False)

    @staticmethod
    def compute_axial_rope_parameters(config, device=None, **kwargs):
        base = config.rope_parameters['rope_theta']
        dim = getattr(config, 'head_dim', None) or config.hidden_size // config.num_attention_heads
        spatial_dim = dim // 2
        attention_factor = 1.0
        inv_freq = 1.0 / base ** (torch.arange(0, spatial_dim, 2, dtype=torch.float) / spatial_dim)
        return (inv_freq.to(device), attention_factor)

class Step3p7VisionMLP(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.activation_fn = ACT2FN[config.hidden_act]
        self.fc1 = nn.Linear(config.hidden_size, config.intermediate_size)
        self.fc2 = nn.Linear(config.intermediate_size, config.hidden_size)

class Step3p7VisionAttention(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.embed_dim = config.hidden_size
        self.num_heads = config.num_attention_heads
        self.head_dim = self.embed_dim // self.num_heads
        self.scale = self.head_dim ** (-0.5)
        self.dropout = config.attention_dropout
        self.is_causal = False
        self.k_proj = nn.Linear(self.embed_dim, self.embed_dim)
        self.v_proj = nn.Linear(self.embed_dim, self.embed_dim)
        self.q_proj = nn.Linear(self.embed_dim, self.embed_dim)
        self.out_proj = nn.Linear(self.embed_dim, self.embed_dim)
        self.num_key_value_groups = 1

class Step3p7VisionEncoderLayer(GradientCheckpointingLayer):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.self_attn = Step3p7VisionAttention(config)
        self.mlp = Step3p7VisionMLP(config)
        self.layernorm_before = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.layernorm_after = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.lambda_1 = nn.Parameter(config.layer_scale_init_value * torch.ones(config.hidden_size))
        self.lambda_2 = nn.Parameter(config.layer_scale_init_value * torch.ones(config.hidden_size))

class Step3p7VisionEmbeddings(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.embed_dim = config.hidden_size
        self.image_size = config.image_size
        self.patch_size = config.patch_size
        self.patch_embedding = nn.Conv2d(in_channels=config.num_channels, out_channels=config.hidden_size, kernel_size=config.patch_size, stride=config.patch_size, bias=False)
        self.num_patches = (self.image_size // self.patch_size) ** 2
        self.num_positions = self.num_patches
        self.position_embedding = nn.Embedding(self.num_positions, self.embed_dim)
        self.position_ids = nn.Buffer(torch.arange(self.num_positions).expand((1, -1)), persistent=False)

class Step3p7PreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True

class Step3p7VisionModel(Step3p7PreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.embeddings = Step3p7VisionEmbeddings(config)
        self.pre_layernorm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.rotary_emb = Step3p7VisionRotaryEmbedding(config)
        self.layers = nn.ModuleList([Step3p7VisionEncoderLayer(config) for _ in range(config.num_hidden_layers)])
        self.downsampler1 = nn.Conv2d(config.hidden_size, config.hidden_size * 2, kernel_size=3, stride=2, padding=1)
        self.downsampler2 = nn.Conv2d(config.hidden_size * 2, config.hidden_size * 4, kernel_size=3, stride=2, padding=1)
        self.post_init()

class Step3p7RotaryEmbedding(nn.Module):

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

class Step3p7RMSNorm(nn.Module):

    def __init__(self, dim, eps=1e-06):
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.zeros(dim))

class Step3p7MLP(nn.Module):

    def __init__(self, config, layer_idx, is_shared_expert=False):
        super().__init__()
        self.config = config
        self.hidden_size = config.hidden_size
        self.intermediate_size = config.share_expert_dim if is_shared_expert else config.intermediate_size
        self.gate_proj = nn.Linear(self.hidden_size, self.intermediate_size, bias=config.mlp_bias)
        self.up_proj = nn.Linear(self.hidden_size, self.intermediate_size, bias=config.mlp_bias)
        self.down_proj = nn.Linear(self.intermediate_size, self.hidden_size, bias=config.mlp_bias)
        self.act_fn = ACT2FN[config.hidden_act]
        self.limit = (config.swiglu_limits_shared[layer_idx] if config.swiglu_limits_shared else 0) or float('inf')

class Step3p7Experts(nn.Module):

    def __init__(self, config, swiglu_limit=None):
        super().__init__()
        self.num_experts = config.num_local_experts
        self.hidden_dim = config.hidden_size
        self.intermediate_dim = config.moe_intermediate_size
        self.gate_up_proj = nn.Parameter(torch.empty(self.num_experts, 2 * self.intermediate_dim, self.hidden_dim))
        self.down_proj = nn.Parameter(torch.empty(self.num_experts, self.hidden_dim, self.intermediate_dim))
        self.act_fn = ACT2FN[config.hidden_act]
        self.limit = float('inf') if swiglu_limit is None else swiglu_limit

class Step3p7TopKRouter(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.top_k = config.num_experts_per_tok
        self.num_experts = config.num_local_experts
        self.hidden_dim = config.hidden_size
        self.weight = nn.Parameter(torch.empty(self.num_experts, self.hidden_dim))
        self.e_score_correction_bias = nn.Buffer(torch.zeros(config.num_local_experts))

class Step3p7SparseMoeBlock(nn.Module):

    def __init__(self, config, layer_idx):
        super().__init__()
        swiglu_limit = config.swiglu_limits[layer_idx] or None if config.swiglu_limits else None
        self.gate = Step3p7TopKRouter(config)
        self.experts = Step3p7Experts(config, swiglu_limit=swiglu_limit)
        self.shared_experts = Step3p7MLP(config, layer_idx, is_shared_expert=True)
        self.routed_scaling_factor = config.moe_router_scaling_factor

class Step3p7Attention(nn.Module):

    def __init__(self, config, layer_idx):
        super().__init__()
        num_heads = config.num_attention_heads
        self.num_heads = num_heads
        self.config = config
        self.layer_idx = layer_idx
        self.head_dim = getattr(config, 'head_dim', config.hidden_size // config.num_attention_heads)
        self.num_key_value_groups = self.num_heads // config.num_key_value_heads
        self.scaling = config.query_pre_attn_scalar ** (-0.5)
        self.attention_dropout = config.attention_dropout
        self.is_causal = True
        self.q_proj = nn.Linear(config.hidden_size, self.num_heads * self.head_dim, bias=config.attention_bias)
        self.k_proj = nn.Linear(config.hidden_size, config.num_key_value_heads * self.head_dim, bias=config.attention_bias)
        self.v_proj = nn.Linear(config.hidden_size, config.num_key_value_heads * self.head_dim, bias=config.attention_bias)
        self.o_proj = nn.Linear(self.num_heads * self.head_dim, config.hidden_size, bias=config.attention_bias)
        self.is_local_attention = config.layer_types[layer_idx] == 'sliding_attention'
        self.sliding_window = config.sliding_window if self.is_local_attention else None
        self.q_norm = Step3p7RMSNorm(self.head_dim, eps=config.rms_norm_eps)
        self.k_norm = Step3p7RMSNorm(self.head_dim, eps=config.rms_norm_eps)
        self.gate_per_head = config.gating is True or config.gating == 'per-head'
        g_proj_dim = self.num_heads if self.gate_per_head else self.num_heads * self.head_dim
        self.g_proj = nn.Linear(config.hidden_size, g_proj_dim, bias=False)

class Step3p7DecoderLayer(GradientCheckpointingLayer):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.hidden_size = config.hidden_size
        layer_config = config.per_layer_config[layer_idx]
        self.self_attn = Step3p7Attention(layer_config, layer_idx)
        self.self_attn.config = config
        self.attention_type = config.layer_types[layer_idx]
        mlp_class = Step3p7SparseMoeBlock if config.mlp_layer_types[layer_idx] == 'sparse' else Step3p7MLP
        self.mlp = mlp_class(config, layer_idx)
        self.input_layernorm = Step3p7RMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.post_attention_layernorm = Step3p7RMSNorm(config.hidden_size, eps=config.rms_norm_eps)

class Step3p7TextModel(Step3p7PreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.padding_idx = config.pad_token_id
        self.vocab_size = config.vocab_size
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size, self.padding_idx)
        self.layers = nn.ModuleList([Step3p7DecoderLayer(config, i) for i in range(config.num_hidden_layers)])
        self.norm = Step3p7RMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.rotary_emb = Step3p7RotaryEmbedding(config=config)
        self.gradient_checkpointing = False
        if config.num_nextn_predict_layers:
            mtp_layers = range(config.num_hidden_layers, config.num_hidden_layers + config.num_nextn_predict_layers)
            patterns = {f'(^|\\.)layers\\.{i}\\.' for i in mtp_layers}
            self._keys_to_ignore_on_load_unexpected = set(self._keys_to_ignore_on_load_unexpected or []) | patterns
        self.post_init()

class Step3p7Model(Step3p7PreTrainedModel):
    base_model_prefix = 'model'

    def __init__(self, config):
        super().__init__(config)
        self.vision_model = Step3p7VisionModel(config.vision_config)
        self.language_model = Step3p7TextModel(config.text_config)
        self.vocab_size = config.text_config.vocab_size
        self.multi_modal_projector = nn.Linear(config.vision_config.hidden_size * 4, config.text_config.hidden_size, bias=config.projector_bias)
        self.image_placeholder_token_id = config.image_token_id
        self.post_init()

class Step3p7ForConditionalGeneration(Step3p7PreTrainedModel, GenerationMixin):
    _tied_weights_keys = {'lm_head.weight': 'model.language_model.embed_tokens.weight'}

    def __init__(self, config):
        super().__init__(config)
        self.model = Step3p7Model(config)
        self.lm_head = nn.Linear(config.text_config.hidden_size, config.text_config.vocab_size, bias=False)
        self.post_init()

    def get_output_embeddings(self):
        return self.lm_head
