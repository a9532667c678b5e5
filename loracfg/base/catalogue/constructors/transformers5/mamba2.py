"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): mamba2. Made by `python -m loracfg.base.transcriber`."""
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GenerationMixin, GradientCheckpointingLayer
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
import math

@strict
class Mamba2Config(PreTrainedConfig):
    model_type = 'mamba2'
    num_heads: int = 128
    head_dim: int = 64
    vocab_size: int = 32768
    hidden_size: int = 4096
    state_size: int = 128
    num_hidden_layers: int = 64
    layer_norm_epsilon: float = 1e-05
    pad_token_id: int | None = 1
    bos_token_id: int | None = 0
    eos_token_id: int | list[int] | None = 2
    expand: int = 2
    conv_kernel: int = 4
    n_groups: int = 8
    use_bias: bool = False
    use_conv_bias: bool = True
    hidden_act: str = 'silu'
    initializer_range: float = 0.1
    residual_in_fp32: bool = True
    time_step_rank: str | int = 'auto'
    time_step_min: float = 0.001
    time_step_max: float = 0.1
    time_step_floor: float = 0.0001
    time_step_limit: list[float] | tuple[float, ...] = (0.0, float('inf'))
    rescale_prenorm_residual: bool = False
    use_cache: bool = True
    chunk_size: int = 256
    tie_word_embeddings: bool = False

    def __post_init__(self, **kwargs):
        self.time_step_rank = math.ceil(self.hidden_size / 16) if self.time_step_rank == 'auto' else self.time_step_rank
        super().__post_init__(**kwargs)

    def validate_architecture(self):
        if self.hidden_size * self.expand != self.num_heads * self.head_dim:
            raise ValueError(f'Inconsistent configuration: hidden_size * expand ({self.hidden_size * self.expand}) must equal num_heads * head_dim ({self.num_heads * self.head_dim}).')

    @property
    def layer_types(self):
        return ['linear_attention'] * self.num_hidden_layers

class MambaRMSNormGated(torch.nn.Module):

    def __init__(self, hidden_size, group_size, eps=1e-06):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(hidden_size))
        self.variance_epsilon = eps
        self.group_size = group_size

class Mamba2Mixer(nn.Module):

    def __init__(self, config, layer_idx, initialize_mixer_weights=True):
        super().__init__()
        self.num_heads = config.num_heads
        self.hidden_size = config.hidden_size
        self.ssm_state_size = config.state_size
        self.conv_kernel_size = config.conv_kernel
        self.intermediate_size = int(config.expand * self.hidden_size)
        self.time_step_rank = int(config.time_step_rank)
        self.layer_idx = layer_idx
        self.use_conv_bias = config.use_conv_bias
        self.activation = config.hidden_act
        self.act = ACT2FN[config.hidden_act]
        self.layer_norm_epsilon = config.layer_norm_epsilon
        self.n_groups = config.n_groups
        self.head_dim = config.head_dim
        self.chunk_size = config.chunk_size
        self.time_step_limit = config.time_step_limit
        self.time_step_min = config.time_step_min
        self.time_step_max = config.time_step_max
        self.time_step_floor = config.time_step_floor
        self.conv_dim = self.intermediate_size + 2 * self.n_groups * self.ssm_state_size
        self.conv1d = nn.Conv1d(in_channels=self.conv_dim, out_channels=self.conv_dim, bias=config.use_conv_bias, kernel_size=config.conv_kernel, groups=self.conv_dim, padding=config.conv_kernel - 1)
        projection_size = self.intermediate_size + self.conv_dim + self.num_heads
        self.in_proj = nn.Linear(self.hidden_size, projection_size, bias=config.use_bias)
        self.dt_bias = nn.Parameter(torch.empty(self.num_heads))
        self.A_log = nn.Parameter(torch.empty(self.num_heads))
        self.norm = MambaRMSNormGated(self.intermediate_size, group_size=self.intermediate_size // self.n_groups, eps=self.layer_norm_epsilon)
        self.D = nn.Parameter(torch.empty(self.num_heads))
        if initialize_mixer_weights and self.dt_bias.device.type != 'meta':
            self.init_mamba2_weights()
        self.out_proj = nn.Linear(self.intermediate_size, self.hidden_size, bias=config.use_bias)
        self.use_bias = config.use_bias
        self.layer_type = config.layer_types[layer_idx]

    def init_mamba2_weights(self):
        A = torch.arange(1, self.num_heads + 1, device=self.A_log.device, dtype=torch.float32)
        dt = torch.exp(torch.rand(self.num_heads, device=self.dt_bias.device, dtype=torch.float32) * (math.log(self.time_step_max) - math.log(self.time_step_min)) + math.log(self.time_step_min)).clamp(min=self.time_step_floor)
        inv_dt = dt + torch.log(-torch.expm1(-dt))

class Mamba2RMSNorm(nn.Module):

    def __init__(self, hidden_size, eps=1e-06):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(hidden_size))
        self.variance_epsilon = eps

class Mamba2Block(GradientCheckpointingLayer):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.config = config
        self.layer_idx = layer_idx
        self.residual_in_fp32 = config.residual_in_fp32
        self.norm = Mamba2RMSNorm(config.hidden_size, eps=config.layer_norm_epsilon)
        self.mixer = Mamba2Mixer(config, layer_idx=layer_idx, initialize_mixer_weights=False)

class Mamba2PreTrainedModel(PreTrainedModel):
    base_model_prefix = 'backbone'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = True

class Mamba2Model(Mamba2PreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.embeddings = nn.Embedding(config.vocab_size, config.hidden_size)
        self.layers = nn.ModuleList([Mamba2Block(config, layer_idx=idx) for idx in range(config.num_hidden_layers)])
        self.gradient_checkpointing = False
        self.norm_f = Mamba2RMSNorm(config.hidden_size, eps=config.layer_norm_epsilon)
        self._register_load_state_dict_pre_hook(self.load_hook)
        self.post_init()

    def load_hook(self, state_dict, prefix, *args):
        for k in state_dict:
            if 'embedding.' in k:
                state_dict[k.replace('embedding.', 'embeddings.')] = state_dict.pop(k)
                break

    def get_input_embeddings(self):
        return self.embeddings

class Mamba2ForCausalLM(Mamba2PreTrainedModel, GenerationMixin):
    _tied_weights_keys = {'lm_head.weight': 'backbone.embeddings.weight'}

    def __init__(self, config):
        super().__init__(config)
        self.backbone = Mamba2Model(config)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def get_input_embeddings(self):
        return self.backbone.get_input_embeddings()
