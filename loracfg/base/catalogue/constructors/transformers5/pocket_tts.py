"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): pocket_tts. Made by `python -m loracfg.base.transcriber`."""
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig
from .common_modeling_rope_utils import ROPE_INIT_FUNCTIONS
from .common_modeling_utils import PreTrainedModel
from .common_utils_type_validators import activation_fn_key, interval, positive_int_field
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GradientCheckpointingLayer, RopeParameters
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
from typing import Literal
import math

@strict
class PocketTTSFlowHeadConfig(PreTrainedConfig):
    hidden_size: int = positive_int_field(default=512)
    num_hidden_layers: int = positive_int_field(default=6)
    latent_dim: int = positive_int_field(default=32)
    condition_dim: int = positive_int_field(default=1024)
    frequency_embedding_size: int = positive_int_field(default=256)
    hidden_act: str = activation_fn_key(default='silu')
    layer_norm_eps: float = interval(min=0.0)(default=1e-06)
    rms_norm_eps: float = interval(min=0.0)(default=1e-05)
    max_period: float = interval(min=0.0)(default=10000.0)
    flow_type: Literal['lsd', 'drifting'] = 'lsd'
    loss_weighting_hidden_size: int = positive_int_field(default=32)
    loss_weighting_num_layers: int = positive_int_field(default=3)

    @property
    def num_time_conditions(self):
        return 2 if self.flow_type == 'lsd' else 0

@strict
class PocketTTSConfig(PreTrainedConfig):
    model_type = 'pocket_tts'
    sub_configs_defaults = {'flow_head_config': PocketTTSFlowHeadConfig}
    flow_head_config: dict | PreTrainedConfig | None = None
    vocab_size: int = positive_int_field(default=4004)
    hidden_size: int = positive_int_field(default=1024)
    num_hidden_layers: int = positive_int_field(default=6)
    num_attention_heads: int = positive_int_field(default=16)
    num_key_value_heads: int | None = None
    head_dim: int | None = None
    intermediate_size: int = positive_int_field(default=4096)
    hidden_act: str = activation_fn_key(default='gelu_pytorch_tanh')
    layer_norm_eps: float = interval(min=0.0)(default=1e-05)
    attention_bias: bool = False
    attention_dropout: float = interval(min=0.0, max=1.0)(default=0.0)
    max_position_embeddings: int = positive_int_field(default=8192)
    rope_parameters: RopeParameters | dict | None = None
    latent_dim: int = positive_int_field(default=32)
    pad_token_id: int = 3
    bos_token_id: int | None = None
    eos_token_id: int | None = None
    audio_prompt_token_id: int = 4000
    audio_latent_token_id: int = 4001
    audio_prompt_bos_token_id: int = 4002
    audio_bos_token_id: int = 4003
    frame_rate: float = interval(min=0.0)(default=12.5)
    initializer_range: float = interval(min=0.0, max=1.0)(default=0.02)
    use_cache: bool = True
    eos_loss_weight: float = interval(min=0.0)(default=0.1)
    flow_loss_num_samples: int = positive_int_field(default=4)
    lsd_distill_probability: float = interval(min=0.0, max=1.0)(default=0.25)
    lsd_diagonal_weight: float = interval(min=0.0, max=1.0)(default=0.75)
    lsd_time_logit_mean: float = 0.4
    lsd_time_logit_std: float = interval(min=0.0)(default=1.0)
    latent_stats_ema_steps: int = interval(min=0)(default=1000)
    latent_stats_ema_decay: float = interval(min=0.0, max=1.0)(default=0.999)

    def __post_init__(self, **kwargs):
        self.head_dim = self.head_dim or self.hidden_size // self.num_attention_heads
        if self.num_key_value_heads is None:
            self.num_key_value_heads = self.num_attention_heads
        super().__post_init__(**kwargs)

    def validate_architecture(self):
        if self.hidden_size % self.num_attention_heads != 0:
            raise ValueError(f'The hidden size ({self.hidden_size}) is not a multiple of the number of attention heads ({self.num_attention_heads}).')
        if self.flow_head_config.condition_dim != self.hidden_size:
            raise ValueError(f'`flow_head_config.condition_dim` ({self.flow_head_config.condition_dim}) must equal the backbone `hidden_size` ({self.hidden_size}).')
        if self.flow_head_config.latent_dim != self.latent_dim:
            raise ValueError(f'`flow_head_config.latent_dim` ({self.flow_head_config.latent_dim}) must equal `latent_dim` ({self.latent_dim}).')

class PocketTTSMLP(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.activation_fn = ACT2FN[config.hidden_act]
        self.fc1 = nn.Linear(config.hidden_size, config.intermediate_size, bias=False)
        self.fc2 = nn.Linear(config.intermediate_size, config.hidden_size, bias=False)

class PocketTTSAttention(nn.Module):

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

class PocketTTSDecoderLayer(GradientCheckpointingLayer):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.hidden_size = config.hidden_size
        self.self_attn = PocketTTSAttention(config=config, layer_idx=layer_idx)
        self.mlp = PocketTTSMLP(config)
        self.input_layernorm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.post_attention_layernorm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)

class PocketTTSTimestepNorm(nn.Module):

    def __init__(self, hidden_size, eps=1e-05):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(hidden_size))
        self.variance_epsilon = eps

class PocketTTSFlowLayerNorm(nn.LayerNorm):
    pass

class PocketTTSTimestepEmbedding(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.freqs = nn.Buffer(self.compute_default_freqs(config))
        self.fc1 = nn.Linear(config.frequency_embedding_size, config.hidden_size)
        self.fc2 = nn.Linear(config.hidden_size, config.hidden_size)
        self.act_fn = ACT2FN[config.hidden_act]
        self.norm = PocketTTSTimestepNorm(config.hidden_size, eps=config.rms_norm_eps)

    @staticmethod
    def compute_default_freqs(config):
        half_dim = config.frequency_embedding_size // 2
        return torch.exp(-math.log(config.max_period) * torch.arange(half_dim, dtype=torch.float32) / half_dim)

class PocketTTSFlowResBlock(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.num_chunks = 3
        self.norm = PocketTTSFlowLayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.fc1 = nn.Linear(config.hidden_size, config.hidden_size)
        self.fc2 = nn.Linear(config.hidden_size, config.hidden_size)
        self.act_fn = ACT2FN[config.hidden_act]
        self.adaln_proj = nn.Linear(config.hidden_size, self.num_chunks * config.hidden_size)

class PocketTTSFlowFinalLayer(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.num_chunks = 2
        self.norm = PocketTTSFlowLayerNorm(config.hidden_size, eps=config.layer_norm_eps, elementwise_affine=False)
        self.adaln_proj = nn.Linear(config.hidden_size, self.num_chunks * config.hidden_size)
        self.act_fn = ACT2FN[config.hidden_act]
        self.proj = nn.Linear(config.hidden_size, config.latent_dim)

class PocketTTSFlowHead(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.input_proj = nn.Linear(config.latent_dim, config.hidden_size)
        self.cond_proj = nn.Linear(config.condition_dim, config.hidden_size)
        self.timestep_embeddings = nn.ModuleList([PocketTTSTimestepEmbedding(config) for _ in range(config.num_time_conditions)])
        self.layers = nn.ModuleList([PocketTTSFlowResBlock(config) for _ in range(config.num_hidden_layers)])
        self.final_layer = PocketTTSFlowFinalLayer(config)

class PocketTTSFlowLossWeighting(nn.Module):

    def __init__(self, config):
        super().__init__()
        sizes = [2] + [config.loss_weighting_hidden_size] * config.loss_weighting_num_layers
        self.layers = nn.ModuleList([nn.Linear(in_size, out_size) for in_size, out_size in zip(sizes[:-1], sizes[1:])])
        self.act = nn.ReLU()
        self.proj = nn.Linear(sizes[-1], 1)

class PocketTTSPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = True

class PocketTTSRotaryEmbedding(nn.Module):

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

class PocketTTSModel(PocketTTSPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.padding_idx = config.pad_token_id
        self.vocab_size = config.vocab_size
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size, self.padding_idx)
        self.layers = nn.ModuleList([PocketTTSDecoderLayer(config, layer_idx) for layer_idx in range(config.num_hidden_layers)])
        self.norm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.rotary_emb = PocketTTSRotaryEmbedding(config=config)
        self.gradient_checkpointing = False
        self.audio_prompt_proj = nn.Linear(config.latent_dim, config.hidden_size, bias=False)
        self.audio_latent_proj = nn.Linear(config.latent_dim, config.hidden_size, bias=False)
        self.bos_latent = nn.Parameter(torch.zeros(config.latent_dim))
        self.post_init()

class PocketTTSForConditionalGeneration(PocketTTSPreTrainedModel):
    _keep_in_fp32_modules_strict = ['latent_mean', 'latent_std', 'freqs']

    def __init__(self, config):
        super().__init__(config)
        self.model = PocketTTSModel(config)
        self.flow_head = PocketTTSFlowHead(config.flow_head_config)
        self.eos_head = nn.Linear(config.hidden_size, 1)
        self.latent_mean = nn.Buffer(torch.zeros(config.latent_dim))
        self.latent_std = nn.Buffer(torch.ones(config.latent_dim))
        self.loss_weighting = PocketTTSFlowLossWeighting(config.flow_head_config)
        self.distill_generator = torch.Generator().manual_seed(0)
        self.latent_stats_num_updates = nn.Buffer(torch.zeros((), dtype=torch.long))
        self._latent_stats_frozen = False
        self.post_init()

    def get_input_embeddings(self):
        return self.model.embed_tokens
