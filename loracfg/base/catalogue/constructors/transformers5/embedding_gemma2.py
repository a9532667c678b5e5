"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): embedding_gemma2. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_rope_utils import ROPE_INIT_FUNCTIONS
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GradientCheckpointingLayer
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
from typing import Any

@strict
class EmbeddingGemma2TextConfig(PreTrainedConfig):
    model_type = 'embedding_gemma2_text'
    vocab_size: int = 262144
    hidden_size: int = 512
    intermediate_size: int = 2048
    num_hidden_layers: int = 24
    num_attention_heads: int = 4
    num_key_value_heads: int = 2
    head_dim: int = 256
    hidden_activation: str = 'gelu_pytorch_tanh'
    max_position_embeddings: int = 262144
    initializer_range: float = 0.02
    rms_norm_eps: float = 1e-06
    pad_token_id: int | None = 0
    eos_token_id: int | list[int] | None = 1
    bos_token_id: int | None = 2
    rope_parameters: dict | None = None
    attention_bias: bool = False
    attention_dropout: int | float | None = 0.0
    sliding_window: int = 512
    layer_types: list[str] | None = None
    hidden_size_per_layer_input: int = 512
    embedding_dim: int = 768

    def __post_init__(self, **kwargs):
        sliding_window_pattern = kwargs.pop('sliding_window_pattern', 6)
        if sliding_window_pattern < 1:
            raise ValueError(f'`sliding_window_pattern` must be a positive integer, got {sliding_window_pattern}.')
        if self.layer_types is None:
            self.layer_types = ['sliding_attention' if bool((i + 1) % sliding_window_pattern) else 'full_attention' for i in range(self.num_hidden_layers)]
        if self.layer_types and (last_layer_type := self.layer_types[-1]) != 'full_attention':
            self.layer_types[-1] = 'full_attention'
        default_rope_params = {'sliding_attention': {'rope_type': 'default', 'rope_theta': 10000.0}, 'full_attention': {'rope_type': 'default', 'rope_theta': 1000000.0}}
        if self.rope_parameters is None:
            self.rope_parameters = default_rope_params
        global_head_dim = kwargs.pop('global_head_dim', 512)
        num_global_key_value_heads = kwargs.pop('num_global_key_value_heads', 1)
        if 'per_layer_config' not in kwargs:
            kwargs['per_layer_config'] = {layer_idx: {'head_dim': global_head_dim, 'num_key_value_heads': num_global_key_value_heads} for layer_idx, layer_type in enumerate(self.layer_types) if layer_type == 'full_attention'}
        super().__post_init__(**kwargs)

    def convert_rope_params_to_dict(self, **kwargs):
        return kwargs

@strict
class EmbeddingGemma2Config(PreTrainedConfig):
    model_type = 'embedding_gemma2'
    sub_configs_defaults = {'vision_config': SubConfigSpec(config_class=AutoConfig, model_type='gemma4_vision', optional=True), 'text_config': EmbeddingGemma2TextConfig, 'audio_config': SubConfigSpec(config_class=AutoConfig, model_type='gemma4_audio', optional=True)}
    text_config: EmbeddingGemma2TextConfig | dict[str, Any] | None = None
    vision_config: PreTrainedConfig | dict[str, Any] | None = None
    audio_config: PreTrainedConfig | dict[str, Any] | None = None
    boi_token_id: int | None = 255999
    eoi_token_id: int | None = 258882
    image_token_id: int | None = 258880
    video_token_id: int | None = 258884
    boa_token_id: int | None = 256000
    eoa_token_index: int | None = 258883
    audio_token_id: int | None = 258881
    initializer_range: float | None = 0.02

class EmbeddingGemma2RMSNorm(nn.Module):

    def __init__(self, dim, eps=1e-06, with_scale=True):
        super().__init__()
        self.eps = eps
        self.with_scale = with_scale
        if self.with_scale:
            self.weight = nn.Parameter(torch.ones(dim), requires_grad=True)

class EmbeddingGemma2RotaryEmbedding(nn.Module):

    def __init__(self, config, device=None):
        super().__init__()
        self.max_seq_len_cached = config.max_position_embeddings
        self.original_max_seq_len = config.max_position_embeddings
        self.config = config
        self.layer_types = sorted(set(config.layer_types))
        self.rope_init_fns = {}
        self.rope_type = {}
        for layer_type in self.layer_types:
            rope_params = self.config.rope_parameters[layer_type]
            if rope_params is None:
                continue
            if (rope_type := rope_params['rope_type']) != 'default':
                rope_init_fn = ROPE_INIT_FUNCTIONS[rope_type]
            else:
                rope_init_fn = self.compute_default_rope_parameters
            self.rope_init_fns[layer_type] = rope_init_fn
            self.rope_type[layer_type] = rope_type
            rope_config = config.per_layer_config[layer_type]
            curr_inv_freq, curr_attention_scaling = rope_init_fn(rope_config, device, layer_type=layer_type)
            setattr(self, f'{layer_type}_inv_freq', nn.Buffer(curr_inv_freq, persistent=False))
            setattr(self, f'{layer_type}_original_inv_freq', nn.Buffer(curr_inv_freq.clone(), persistent=False))
            setattr(self, f'{layer_type}_attention_scaling', curr_attention_scaling)

    @staticmethod
    def compute_default_rope_parameters(config, device=None, layer_type=None, **kwargs):
        base = config.rope_parameters[layer_type]['rope_theta']
        dim = getattr(config, 'head_dim', None) or config.hidden_size // config.num_attention_heads
        attention_factor = 1.0
        inv_freq = 1.0 / base ** (torch.arange(0, dim, 2, dtype=torch.float) / dim)
        return (inv_freq.to(device), attention_factor)

class EmbeddingGemma2TextScaledWordEmbedding(nn.Embedding):

    def __init__(self, num_embeddings, embedding_dim, padding_idx, embed_scale=1.0):
        super().__init__(num_embeddings, embedding_dim, padding_idx)
        self.scalar_embed_scale = embed_scale
        self.embed_scale = nn.Buffer(torch.tensor(embed_scale), persistent=False)

class EmbeddingGemma2MLP(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.hidden_size = config.hidden_size
        self.intermediate_size = config.intermediate_size
        self.gate_proj = nn.Linear(self.hidden_size, self.intermediate_size, bias=False)
        self.up_proj = nn.Linear(self.hidden_size, self.intermediate_size, bias=False)
        self.down_proj = nn.Linear(self.intermediate_size, self.hidden_size, bias=False)
        self.act_fn = ACT2FN[config.hidden_activation]

class EmbeddingGemma2TextPLE(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.num_hidden_layers = config.num_hidden_layers
        self.hidden_size_per_layer_input = config.hidden_size_per_layer_input
        self.per_layer_model_projection = nn.Linear(config.hidden_size, config.num_hidden_layers * config.hidden_size_per_layer_input, bias=False)
        self.per_layer_model_projection_scale = config.hidden_size ** (-0.5)
        self.per_layer_projection_norm = EmbeddingGemma2RMSNorm(config.hidden_size_per_layer_input, eps=config.rms_norm_eps)

class EmbeddingGemma2TextPLEBlock(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.hidden_size = config.hidden_size
        self.hidden_size_per_layer_input = config.hidden_size_per_layer_input
        self.act_fn = ACT2FN[config.hidden_activation]
        self.per_layer_input_gate = nn.Linear(self.hidden_size, self.hidden_size_per_layer_input, bias=False)
        self.per_layer_projection = nn.Linear(self.hidden_size_per_layer_input, self.hidden_size, bias=False)
        self.post_per_layer_input_norm = EmbeddingGemma2RMSNorm(self.hidden_size, eps=config.rms_norm_eps)

class EmbeddingGemma2Attention(nn.Module):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.config = config
        self.layer_idx = layer_idx
        self.sliding_window = config.sliding_window + 1 if config.layer_types[layer_idx] == 'sliding_attention' else None
        layer_config = config.per_layer_config[layer_idx]
        self.head_dim = layer_config.head_dim
        self.num_key_value_groups = config.num_attention_heads // layer_config.num_key_value_heads
        self.scaling = 1.0
        self.attention_dropout = config.attention_dropout
        self.is_causal = False
        self.q_proj = nn.Linear(config.hidden_size, config.num_attention_heads * self.head_dim, bias=config.attention_bias)
        self.k_proj = nn.Linear(config.hidden_size, layer_config.num_key_value_heads * self.head_dim, bias=config.attention_bias)
        self.v_proj = nn.Linear(config.hidden_size, layer_config.num_key_value_heads * self.head_dim, bias=config.attention_bias)
        self.o_proj = nn.Linear(config.num_attention_heads * self.head_dim, config.hidden_size, bias=config.attention_bias)
        self.q_norm = EmbeddingGemma2RMSNorm(dim=self.head_dim, eps=config.rms_norm_eps)
        self.k_norm = EmbeddingGemma2RMSNorm(dim=self.head_dim, eps=config.rms_norm_eps)
        self.v_norm = EmbeddingGemma2RMSNorm(dim=self.head_dim, eps=config.rms_norm_eps, with_scale=False)

class EmbeddingGemma2EncoderLayer(GradientCheckpointingLayer):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.config = config
        self.hidden_size = config.hidden_size
        self.layer_idx = layer_idx
        self.self_attn = EmbeddingGemma2Attention(config=config, layer_idx=layer_idx)
        self.mlp = EmbeddingGemma2MLP(config)
        self.input_layernorm = EmbeddingGemma2RMSNorm(self.hidden_size, eps=config.rms_norm_eps)
        self.post_attention_layernorm = EmbeddingGemma2RMSNorm(self.hidden_size, eps=config.rms_norm_eps)
        self.pre_feedforward_layernorm = EmbeddingGemma2RMSNorm(self.hidden_size, eps=config.rms_norm_eps)
        self.post_feedforward_layernorm = EmbeddingGemma2RMSNorm(self.hidden_size, eps=config.rms_norm_eps)
        self.layer_scalar = nn.Buffer(torch.ones(1))
        self.ple_block = EmbeddingGemma2TextPLEBlock(config)

class EmbeddingGemma2PreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = True

class EmbeddingGemma2TextModel(EmbeddingGemma2PreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.padding_idx = config.pad_token_id
        self.vocab_size = config.vocab_size
        self.embed_tokens = EmbeddingGemma2TextScaledWordEmbedding(config.vocab_size, config.hidden_size, self.padding_idx, embed_scale=self.config.hidden_size ** 0.5)
        self.layers = nn.ModuleList([EmbeddingGemma2EncoderLayer(config, layer_idx) for layer_idx in range(config.num_hidden_layers)])
        self.norm = EmbeddingGemma2RMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.rotary_emb = EmbeddingGemma2RotaryEmbedding(config)
        self.gradient_checkpointing = False
        self.unique_layer_types = set(self.config.layer_types)
        self.ple = EmbeddingGemma2TextPLE(config)
        self.embedding_projection = nn.Linear(config.hidden_size, config.embedding_dim, bias=False)
        self.post_init()

class EmbeddingGemma2MultimodalEmbedder(nn.Module):

    def __init__(self, multimodal_config, text_config):
        super().__init__()
        self.multimodal_hidden_size = getattr(multimodal_config, 'output_proj_dims', multimodal_config.hidden_size)
        self.eps = multimodal_config.rms_norm_eps
        self.text_hidden_size = text_config.hidden_size
        self.embedding_projection = nn.Linear(self.multimodal_hidden_size, self.text_hidden_size, bias=False)
        self.embedding_pre_projection_norm = EmbeddingGemma2RMSNorm(self.multimodal_hidden_size, eps=self.eps, with_scale=False)

class EmbeddingGemma2Model(EmbeddingGemma2PreTrainedModel):
    _keys_to_ignore_on_load_unexpected = ['(^|\\.)vision_tower\\.', '(^|\\.)embed_vision\\.', '(^|\\.)audio_tower\\.', '(^|\\.)embed_audio\\.']

    def __init__(self, config):
        super().__init__(config)
        self.vision_tower = AutoModel.from_config(config.vision_config) if config.vision_config is not None else None
        self.vocab_size = config.text_config.vocab_size
        self.language_model = AutoModel.from_config(config.text_config)
        self.audio_tower = AutoModel.from_config(config.audio_config) if config.audio_config is not None else None
        self.embed_vision = EmbeddingGemma2MultimodalEmbedder(config.vision_config, config.text_config) if config.vision_config is not None else None
        self.embed_audio = EmbeddingGemma2MultimodalEmbedder(config.audio_config, config.text_config) if config.audio_config is not None else None
        self.post_init()
