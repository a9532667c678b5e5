"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): muse_glimmer_assistant. Made by `python -m loracfg.base.transcriber`."""
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig
from .common_modeling_rope_utils import ROPE_INIT_FUNCTIONS
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GradientCheckpointingLayer
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

@strict
class MuseGlimmerAssistantConfig(PreTrainedConfig):
    model_type = 'muse_glimmer_assistant'
    default_theta = 500000.0
    hidden_size: int = 6656
    intermediate_size: int = 19968
    num_hidden_layers: int = 5
    num_attention_heads: int = 32
    num_key_value_heads: int = 8
    head_dim: int = 128
    rms_norm_eps: float = 1e-05
    rope_parameters: dict | None = None
    max_position_embeddings: int = 131072
    sliding_window: int = 2048
    layer_types: list[str] | None = None
    attention_dropout: float | int = 0
    hidden_act: str = 'silu'
    bos_token_id: int | None = 200000
    eos_token_id: int | None = 200001
    pad_token_id: int | None = 200018
    block_size: int = 16
    mask_token_id: int = 201818
    target_layer_ids: list[int] | None = None

    def __post_init__(self, **kwargs):
        if self.layer_types is None:
            self.layer_types = ['sliding_attention'] * self.num_hidden_layers
        if self.target_layer_ids is None:
            self.target_layer_ids = [1, 13, 25, 37, 49]
        super().__post_init__(**kwargs)

class MuseGlimmerAssistantRMSNorm(nn.Module):

    def __init__(self, hidden_size, eps=1e-06):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(hidden_size))
        self.variance_epsilon = eps

class MuseGlimmerAssistantAttention(nn.Module):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.config = config
        self.layer_idx = layer_idx
        self.num_attention_heads = config.num_attention_heads
        self.num_key_value_heads = config.num_key_value_heads
        self.hidden_size = config.hidden_size
        self.head_dim = getattr(config, 'head_dim', config.hidden_size // config.num_attention_heads)
        self.num_key_value_groups = config.num_attention_heads // config.num_key_value_heads
        self.attention_dropout = config.attention_dropout
        self.is_causal = False
        self.scaling = self.head_dim ** (-0.5)
        self.sliding_window = config.sliding_window
        layer_type = config.layer_types[layer_idx] if hasattr(config, 'layer_types') else None
        self.is_sliding = layer_type == 'sliding_attention'
        self.q_proj = nn.Linear(self.hidden_size, self.num_attention_heads * self.head_dim, bias=False)
        self.k_proj = nn.Linear(self.hidden_size, self.num_key_value_heads * self.head_dim, bias=False)
        self.v_proj = nn.Linear(self.hidden_size, self.num_key_value_heads * self.head_dim, bias=False)
        self.o_proj = nn.Linear(self.num_attention_heads * self.head_dim, self.hidden_size, bias=False)
        self.q_norm = MuseGlimmerAssistantRMSNorm(self.head_dim, eps=config.rms_norm_eps)
        self.k_norm = MuseGlimmerAssistantRMSNorm(self.head_dim, eps=config.rms_norm_eps)

class MuseGlimmerAssistantMLP(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.hidden_size = config.hidden_size
        self.intermediate_size = config.intermediate_size
        self.gate_proj = nn.Linear(self.hidden_size, self.intermediate_size, bias=False)
        self.up_proj = nn.Linear(self.hidden_size, self.intermediate_size, bias=False)
        self.down_proj = nn.Linear(self.intermediate_size, self.hidden_size, bias=False)
        self.act_fn = ACT2FN[config.hidden_act]

class MuseGlimmerAssistantDecoderLayer(GradientCheckpointingLayer):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.hidden_size = config.hidden_size
        self.self_attn = MuseGlimmerAssistantAttention(config=config, layer_idx=layer_idx)
        self.mlp = MuseGlimmerAssistantMLP(config)
        self.post_attention_layernorm = MuseGlimmerAssistantRMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.input_layernorm = MuseGlimmerAssistantRMSNorm(config.hidden_size, eps=config.rms_norm_eps)

class MuseGlimmerAssistantPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = True
    main_input_name = 'noise_embeds'

class MuseGlimmerAssistantContextProjection(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.target_layer_ids = config.target_layer_ids
        encoder_input_size = len(config.target_layer_ids) * config.hidden_size
        self.fc = nn.Linear(encoder_input_size, config.hidden_size, bias=False)
        self.output_norm_enc = MuseGlimmerAssistantRMSNorm(config.hidden_size, eps=config.rms_norm_eps)

class MuseGlimmerAssistantRotaryEmbedding(nn.Module):

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

class MuseGlimmerAssistantModel(MuseGlimmerAssistantPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.layers = nn.ModuleList([MuseGlimmerAssistantDecoderLayer(config, layer_idx) for layer_idx in range(config.num_hidden_layers)])
        self.norm = MuseGlimmerAssistantRMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.rotary_emb = MuseGlimmerAssistantRotaryEmbedding(config=config)
        self.gradient_checkpointing = False
        self.encoder = MuseGlimmerAssistantContextProjection(config)
        self.post_init()
