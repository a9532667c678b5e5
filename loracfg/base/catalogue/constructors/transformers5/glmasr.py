"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): glmasr. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_rope_utils import ROPE_INIT_FUNCTIONS
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GenerationMixin, GradientCheckpointingLayer
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

@strict
class GlmAsrEncoderConfig(PreTrainedConfig):
    model_type = 'glmasr_encoder'
    hidden_size: int = 1280
    intermediate_size: int = 5120
    num_hidden_layers: int = 32
    num_attention_heads: int = 20
    num_key_value_heads: int | None = None
    hidden_act: str = 'gelu'
    max_position_embeddings: int = 1500
    initializer_range: float = 0.02
    rope_parameters: dict | None = None
    attention_dropout: float | int = 0.0
    num_mel_bins: int = 128

    def __post_init__(self, **kwargs):
        if self.num_key_value_heads is None:
            self.num_key_value_heads = self.num_attention_heads
        kwargs.setdefault('partial_rotary_factor', 0.5)
        super().__post_init__(**kwargs)

@strict
class GlmAsrConfig(PreTrainedConfig):
    model_type = 'glmasr'
    sub_configs_defaults = {'text_config': SubConfigSpec(config_class=AutoConfig, model_type='llama', init_kwargs={'vocab_size': 59264, 'hidden_size': 2048, 'intermediate_size': 6144, 'num_hidden_layers': 28, 'num_attention_heads': 16, 'num_key_value_heads': 4, 'max_position_embeddings': 8192, 'rms_norm_eps': 1e-05, 'use_cache': True, 'eos_token_id': [59246, 59253, 59255], 'rope_parameters': {'rope_theta': 10000.0, 'rope_type': 'default'}}), 'audio_config': SubConfigSpec(config_class=AutoConfig, model_type='glmasr_encoder')}
    audio_config: dict | PreTrainedConfig | None = None
    text_config: dict | PreTrainedConfig | None = None
    audio_token_id: int = 59260
    projector_hidden_act: str = 'gelu'
    tie_word_embeddings: bool = True

    def __post_init__(self, **kwargs):
        if isinstance(self.text_config, dict):
            self.text_config = {**self.sub_configs_defaults['text_config'].init_kwargs, **self.text_config}
        super().__post_init__(**kwargs)

class GlmAsrRotaryEmbedding(nn.Module):

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
    def compute_default_rope_parameters(config, device=None, **kwargs):
        base = config.rope_parameters['rope_theta']
        partial_rotary_factor = config.rope_parameters.get('partial_rotary_factor', 1.0)
        head_dim = getattr(config, 'head_dim', None) or config.hidden_size // config.num_attention_heads
        dim = int(head_dim * partial_rotary_factor)
        attention_factor = 1.0
        inv_freq = 1.0 / base ** (torch.arange(0, dim, 2, dtype=torch.float) / dim)
        return (inv_freq.to(device), attention_factor)

class GlmAsrAttention(nn.Module):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.config = config
        self.layer_idx = layer_idx
        self.head_dim = getattr(config, 'head_dim', config.hidden_size // config.num_attention_heads)
        self.num_key_value_groups = config.num_attention_heads // config.num_key_value_heads
        self.scaling = self.head_dim ** (-0.5)
        self.attention_dropout = config.attention_dropout
        self.is_causal = False
        self.q_proj = nn.Linear(config.hidden_size, config.num_attention_heads * self.head_dim, bias=True)
        self.k_proj = nn.Linear(config.hidden_size, config.num_key_value_heads * self.head_dim, bias=False)
        self.v_proj = nn.Linear(config.hidden_size, config.num_key_value_heads * self.head_dim, bias=True)
        self.o_proj = nn.Linear(config.num_attention_heads * self.head_dim, config.hidden_size, bias=True)

class GlmAsrMLP(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.fc1 = nn.Linear(config.hidden_size, config.intermediate_size)
        self.fc2 = nn.Linear(config.intermediate_size, config.hidden_size)
        self.act_fn = ACT2FN[config.hidden_act]

class GlmAsrEncoderLayer(GradientCheckpointingLayer):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.hidden_size = config.hidden_size
        self.self_attn = GlmAsrAttention(config=config, layer_idx=layer_idx)
        self.mlp = GlmAsrMLP(config)
        self.input_layernorm = nn.LayerNorm(config.hidden_size)
        self.post_attention_layernorm = nn.LayerNorm(config.hidden_size)

class GlmAsrPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True

class GlmAsrEncoder(GlmAsrPreTrainedModel):
    main_input_name = 'input_features'

    def __init__(self, config):
        super().__init__(config)
        self.conv1 = nn.Conv1d(config.num_mel_bins, config.hidden_size, kernel_size=3, padding=1)
        self.conv2 = nn.Conv1d(config.hidden_size, config.hidden_size, kernel_size=3, stride=2, padding=1)
        self.layers = nn.ModuleList([GlmAsrEncoderLayer(config, layer_idx) for layer_idx in range(config.num_hidden_layers)])
        self.norm = nn.LayerNorm(config.hidden_size)
        self.rotary_emb = GlmAsrRotaryEmbedding(config=config)
        self.gradient_checkpointing = False
        self.post_init()

class GlmAsrMultiModalProjector(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.linear_1 = nn.Linear(config.audio_config.intermediate_size, config.text_config.hidden_size * 2)
        self.act = ACT2FN[config.projector_hidden_act]
        self.linear_2 = nn.Linear(config.text_config.hidden_size * 2, config.text_config.hidden_size)

class GlmAsrModel(GlmAsrPreTrainedModel):
    _keep_in_fp32_modules_strict = None

    def __init__(self, config):
        super().__init__(config)
        self.audio_tower = AutoModel.from_config(config.audio_config)
        self.language_model = AutoModel.from_config(config.text_config)
        self.multi_modal_projector = GlmAsrMultiModalProjector(config)
        self.post_init()

class GlmAsrForConditionalGeneration(GlmAsrPreTrainedModel, GenerationMixin):
    _tied_weights_keys = {'lm_head.weight': 'model.language_model.embed_tokens.weight'}

    def __init__(self, config):
        super().__init__(config)
        self.model = GlmAsrModel(config)
        self.lm_head = nn.Linear(config.text_config.hidden_size, config.text_config.vocab_size, bias=False)
        self.post_init()
