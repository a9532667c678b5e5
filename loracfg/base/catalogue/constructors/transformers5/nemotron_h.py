"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): nemotron_h. Made by `python -m loracfg.base.transcriber`."""
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig, remap_legacy_layer_types
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GenerationMixin, GradientCheckpointingLayer, use_experts_implementation
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

@strict
class NemotronHConfig(PreTrainedConfig):
    model_type = 'nemotron_h'
    attribute_map = {'layer_types': 'layers_block_type', 'num_local_experts': 'n_routed_experts'}
    vocab_size: int = 131072
    hidden_size: int = 4096
    layers_block_type: list[str] | None = None
    tie_word_embeddings: bool = False
    use_cache: bool = True
    num_logits_to_keep: int = 1
    pad_token_id: int | None = 0
    bos_token_id: int | None = 1
    eos_token_id: int | list[int] | None = 2
    num_attention_heads: int = 32
    num_key_value_heads: int = 8
    head_dim: int = 128
    max_position_embeddings: int = 4096
    attention_bias: bool = False
    attention_dropout: float | int = 0.0
    sliding_window: int | None = None
    intermediate_size: int = 21504
    mlp_hidden_act: str = 'relu2'
    mlp_bias: bool = False
    use_mamba_kernels: bool = True
    ssm_state_size: int = 128
    mamba_num_heads: int = 128
    mamba_head_dim: int = 64
    mamba_hidden_act: str = 'silu'
    n_groups: int = 8
    conv_kernel: int = 4
    expand: int = 2
    time_step_min: float = 0.001
    time_step_max: float = 0.1
    time_step_limit: list[float] | tuple[float, ...] = (0.0, float('inf'))
    time_step_floor: float = 0.0001
    use_conv_bias: bool = True
    chunk_size: int = 128
    mamba_proj_bias: bool = False
    mamba_ssm_cache_dtype: str = 'float32'
    n_routed_experts: int = 8
    output_router_logits: bool = False
    n_shared_experts: int = 1
    moe_intermediate_size: int = 7688
    moe_shared_expert_intermediate_size: int = 7688
    moe_latent_size: int | None = None
    moe_shared_expert_overlap: bool = True
    num_experts_per_tok: int = 2
    routed_scaling_factor: float | int = 1.0
    n_group: int = 1
    topk_group: int = 1
    norm_topk_prob: bool = True
    num_nextn_predict_layers: int = 0
    mtp_layers_block_type: list[str] | None = None
    use_bias: bool = False
    initializer_range: float = 0.02
    layer_norm_epsilon: float = 1e-05
    residual_in_fp32: bool = False
    hidden_dropout: float | int = 0.0
    rescale_prenorm_residual: bool = True

    def __post_init__(self, **kwargs):
        self.n_groups = kwargs.pop('mamba_n_groups') if 'mamba_n_groups' in kwargs else self.n_groups
        self.conv_kernel = kwargs.pop('mamba_d_conv') if 'mamba_d_conv' in kwargs else self.conv_kernel
        self.expand = kwargs.pop('mamba_expand') if 'mamba_expand' in kwargs else self.expand
        self.time_step_min = kwargs.pop('mamba_dt_min') if 'mamba_dt_min' in kwargs else self.time_step_min
        self.time_step_max = kwargs.pop('mamba_dt_max') if 'mamba_dt_max' in kwargs else self.time_step_max
        self.time_step_limit = kwargs.pop('mamba_dt_limit') if 'mamba_dt_limit' in kwargs else self.time_step_limit
        self.time_step_floor = kwargs.pop('mamba_dt_init_floor') if 'mamba_dt_init_floor' in kwargs else self.time_step_floor
        self.use_conv_bias = kwargs.pop('mamba_conv_bias') if 'mamba_conv_bias' in kwargs else self.use_conv_bias
        self.chunk_size = kwargs.pop('mamba_chunk_size') if 'mamba_chunk_size' in kwargs else self.chunk_size
        if 'hybrid_override_pattern' in kwargs:
            pattern = kwargs.pop('hybrid_override_pattern')
            if self.layer_types is None:
                self.layer_types = self._pattern_to_list(pattern)
        elif self.layer_types is None:
            self.layer_types = ['linear_attention', 'moe', 'full_attention', 'mlp']
        if self.num_hidden_layers is not None:
            if len(self.layer_types) != self.num_hidden_layers:
                pass
        if self.mtp_layers_block_type is None:
            self.mtp_layers_block_type = ['full_attention', 'moe']
        else:
            self.mtp_layers_block_type = remap_legacy_layer_types(self.mtp_layers_block_type)
        if 'mtp_hybrid_override_pattern' in kwargs:
            pattern = kwargs.pop('mtp_hybrid_override_pattern')
            if self.mtp_layers_block_type == ['full_attention', 'moe']:
                self.mtp_layers_block_type = self._pattern_to_list(pattern)
        if self.num_key_value_heads is None:
            self.num_key_value_heads = self.num_attention_heads
        super().__post_init__(**kwargs)

    @staticmethod
    def validate_layer_type(self):
        if not isinstance(self.layer_types, list):
            raise ValueError(f'`layers_block_type` must be a list of strings. Got type: {type(self.layer_types)}')
        valid_types = {'full_attention', 'linear_attention', 'moe', 'mlp'}
        if not all((block_type in valid_types for block_type in self.layer_types)):
            invalid = set(self.layer_types) - valid_types
            raise ValueError(f'`layers_block_type` contains invalid types: {invalid}. Must be one of: {valid_types}')
        if self.num_nextn_predict_layers > 0:
            if self.mtp_layers_block_type is None:
                raise ValueError("mtp_layers_block_type is required when num_nextn_predict_layers > 0. Please provide an explicit list of layer types for MTP layers. Example: mtp_layers_block_type=['attention', 'moe']")
            if not isinstance(self.mtp_layers_block_type, list):
                raise ValueError(f'`mtp_layers_block_type` must be a list of strings. Got type: {type(self.mtp_layers_block_type)}')
            if not all((block_type in valid_types for block_type in self.mtp_layers_block_type)):
                invalid = set(self.mtp_layers_block_type) - valid_types
                raise ValueError(f'`mtp_layers_block_type` contains invalid types: {invalid}. Must be one of: {valid_types}')

    @property
    def num_hidden_layers(self):
        return len(self.layers_block_type)

    @num_hidden_layers.setter
    def num_hidden_layers(self, value):
        pass

    @property
    def hybrid_override_pattern(self):
        return self._list_to_pattern(self.layers_block_type)

    @property
    def mtp_hybrid_override_pattern(self):
        return self._list_to_pattern(self.mtp_layers_block_type)

    @staticmethod
    def _list_to_pattern(layers_list):
        reverse_mapping = {'linear_attention': 'M', 'moe': 'E', 'full_attention': '*', 'mlp': '-'}
        return ''.join((reverse_mapping[layer_type] for layer_type in layers_list))

    @staticmethod
    def _pattern_to_list(pattern):
        pattern_mapping = {'M': 'linear_attention', 'E': 'moe', '*': 'full_attention', '-': 'mlp'}
        return [pattern_mapping[char] for char in pattern]

class NemotronHRMSNormGated(torch.nn.Module):

    def __init__(self, hidden_size, group_size, eps=1e-06):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(hidden_size))
        self.variance_epsilon = eps
        self.group_size = group_size

class NemotronHMamba2Mixer(nn.Module):

    def __init__(self, config, layer_idx=None, initialize_mixer_weights=True):
        super().__init__()
        self.config = config
        self.num_heads = config.mamba_num_heads
        self.hidden_size = config.hidden_size
        self.ssm_state_size = config.ssm_state_size
        self.conv_kernel_size = config.conv_kernel
        self.intermediate_size = config.mamba_num_heads * config.mamba_head_dim
        self.layer_idx = layer_idx
        self.use_conv_bias = config.use_conv_bias
        self.activation = config.mamba_hidden_act
        self.act = ACT2FN[config.mamba_hidden_act]
        self.n_groups = config.n_groups
        self.head_dim = config.mamba_head_dim
        self.chunk_size = config.chunk_size
        self.time_step_limit = (config.time_step_min, float('inf'))
        self.conv_dim = self.intermediate_size + 2 * self.n_groups * self.ssm_state_size
        self.conv1d = nn.Conv1d(in_channels=self.conv_dim, out_channels=self.conv_dim, bias=config.use_conv_bias, kernel_size=self.conv_kernel_size, groups=self.conv_dim, padding=self.conv_kernel_size - 1)
        projection_size = self.intermediate_size + self.conv_dim + self.num_heads
        self.in_proj = nn.Linear(self.hidden_size, projection_size, bias=config.use_bias)
        self.dt_bias = nn.Parameter(torch.empty(self.num_heads))
        self.A_log = nn.Parameter(torch.empty(self.num_heads))
        self.norm = NemotronHRMSNormGated(self.intermediate_size, group_size=self.intermediate_size // self.n_groups, eps=config.layer_norm_epsilon)
        self.D = nn.Parameter(torch.empty(self.num_heads))
        if initialize_mixer_weights and self.dt_bias.device.type != 'meta':
            self.init_nemotron_h_weights()
        self.out_proj = nn.Linear(self.intermediate_size, self.hidden_size, bias=config.use_bias)
        self.layer_type = config.layer_types[layer_idx]
        if not config.use_mamba_kernels:
            pass
        self.use_mem_eff_path = True

    def init_nemotron_h_weights(self):
        A = torch.arange(1, self.num_heads + 1, device=self.A_log.device, dtype=torch.float32)

class NemotronHRMSNorm(nn.Module):

    def __init__(self, hidden_size, eps=1e-06):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(hidden_size))
        self.variance_epsilon = eps

class NemotronHMLP(nn.Module):

    def __init__(self, config, intermediate_size=None, **kwargs):
        super().__init__()
        self.config = config
        self.hidden_size = config.hidden_size
        self.intermediate_size = intermediate_size or config.intermediate_size
        self.up_proj = nn.Linear(self.hidden_size, self.intermediate_size, bias=config.mlp_bias)
        self.down_proj = nn.Linear(self.intermediate_size, self.hidden_size, bias=config.mlp_bias)
        self.act_fn = ACT2FN[config.mlp_hidden_act]

@use_experts_implementation(has_gate=False)
class NemotronHExperts(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.num_experts = config.n_routed_experts
        self.hidden_dim = config.hidden_size
        self.intermediate_dim = config.moe_intermediate_size
        input_dim = config.moe_latent_size if config.moe_latent_size is not None else config.hidden_size
        self.up_proj = nn.Parameter(torch.empty(self.num_experts, self.intermediate_dim, input_dim))
        self.down_proj = nn.Parameter(torch.empty(self.num_experts, input_dim, self.intermediate_dim))
        self.act_fn = ACT2FN[config.mlp_hidden_act]

class NemotronHMoE(nn.Module):

    def __init__(self, config, layer_idx=None):
        super().__init__()
        self.config = config
        self.experts = NemotronHExperts(config)
        self.gate = NemotronHTopkRouter(config)
        self.shared_experts = NemotronHMLP(config=config, intermediate_size=config.moe_shared_expert_intermediate_size)
        if config.moe_latent_size is not None:
            self.fc1_latent_proj = nn.Linear(config.hidden_size, config.moe_latent_size, bias=config.mlp_bias)
            self.fc2_latent_proj = nn.Linear(config.moe_latent_size, config.hidden_size, bias=config.mlp_bias)
        else:
            self.fc1_latent_proj = nn.Identity()
            self.fc2_latent_proj = nn.Identity()

class NemotronHTopkRouter(nn.Module):

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
        self.e_score_correction_bias = nn.Buffer(torch.zeros(self.num_experts))

class NemotronHAttention(nn.Module):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.config = config
        self.layer_idx = layer_idx
        self.head_dim = getattr(config, 'head_dim', config.hidden_size // config.num_attention_heads)
        self.num_key_value_groups = config.num_attention_heads // config.num_key_value_heads
        self.scaling = self.head_dim ** (-0.5)
        self.attention_dropout = config.attention_dropout
        self.is_causal = True
        self.q_proj = nn.Linear(config.hidden_size, config.num_attention_heads * self.head_dim, bias=False)
        self.k_proj = nn.Linear(config.hidden_size, config.num_key_value_heads * self.head_dim, bias=False)
        self.v_proj = nn.Linear(config.hidden_size, config.num_key_value_heads * self.head_dim, bias=False)
        self.o_proj = nn.Linear(config.num_attention_heads * self.head_dim, config.hidden_size, bias=False)

MIXER_TYPES = {'linear_attention': NemotronHMamba2Mixer, 'full_attention': NemotronHAttention, 'moe': NemotronHMoE, 'mlp': NemotronHMLP}

class NemotronHBlock(GradientCheckpointingLayer):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.config = config
        self.layer_idx = layer_idx
        self.norm = NemotronHRMSNorm(config.hidden_size, eps=config.layer_norm_epsilon)
        self.block_type = config.layers_block_type[layer_idx]
        self.mixer = MIXER_TYPES[self.block_type](config, layer_idx=layer_idx)

class NemotronHPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = True
    _keep_in_fp32_modules_strict = ['e_score_correction_bias']
    _keys_to_ignore_on_load_unexpected = ['mtp.*']

class NemotronHModel(NemotronHPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.embeddings = nn.Embedding(config.vocab_size, config.hidden_size)
        self.layers = nn.ModuleList([NemotronHBlock(config, layer_idx=idx) for idx in range(config.num_hidden_layers)])
        self.norm_f = NemotronHRMSNorm(config.hidden_size, eps=config.layer_norm_epsilon)
        self.post_init()

    def get_input_embeddings(self):
        return self.embeddings

class NemotronHForCausalLM(NemotronHPreTrainedModel, GenerationMixin):
    _tied_weights_keys = {}

    def __init__(self, config):
        super().__init__(config)
        self.model = NemotronHModel(config)
        self.vocab_size = config.vocab_size
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()
