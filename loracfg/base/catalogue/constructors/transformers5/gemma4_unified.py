"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): gemma4_unified. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoModel
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_rope_utils import ROPE_INIT_FUNCTIONS
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GenerationMixin, GradientCheckpointingLayer
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
from typing import Any, Literal

@strict
class Gemma4UnifiedAudioConfig(PreTrainedConfig):
    model_type = 'gemma4_unified_audio'
    audio_embed_dim: int = 640
    rms_norm_eps: float = 1e-06
    initializer_range: float = 0.02

    @property
    def hidden_size(self):
        return self.audio_embed_dim

    @property
    def output_proj_dims(self):
        return self.audio_embed_dim

    @property
    def audio_samples_per_token(self):
        return self.audio_embed_dim

    @hidden_size.setter
    def hidden_size(self, value):
        self.audio_embed_dim = value

    @output_proj_dims.setter
    def output_proj_dims(self, value):
        self.audio_embed_dim = value

    @audio_samples_per_token.setter
    def audio_samples_per_token(self, value):
        self.audio_embed_dim = value

@strict
class Gemma4UnifiedTextConfig(PreTrainedConfig):
    model_type = 'gemma4_unified_text'
    vocab_size: int = 262144
    hidden_size: int = 2304
    intermediate_size: int = 9216
    num_hidden_layers: int = 30
    num_attention_heads: int = 8
    num_key_value_heads: int = 4
    head_dim: int = 256
    hidden_activation: str = 'gelu_pytorch_tanh'
    max_position_embeddings: int = 262144
    initializer_range: float = 0.02
    rms_norm_eps: float = 1e-06
    use_cache: bool = True
    pad_token_id: int | None = 0
    eos_token_id: int | list[int] | None = 1
    bos_token_id: int | None = 2
    tie_word_embeddings: bool = True
    rope_parameters: dict | None = None
    attention_bias: bool = False
    attention_dropout: int | float | None = 0.0
    sliding_window: int = 1024
    layer_types: list[str] | None = None
    final_logit_softcapping: float | None = None
    use_bidirectional_attention: Literal['all', 'vision'] | None = 'vision'
    attention_k_eq_v: bool = False
    num_kv_shared_layers: int = 0
    use_double_wide_mlp: bool = False

    def __post_init__(self, **kwargs):
        if self.use_bidirectional_attention == 'all':
            self.is_causal = False
            self.sliding_window = self.sliding_window // 2 + 1
        if self.layer_types is None:
            sliding_window_pattern = 6
            self.layer_types = ['sliding_attention' if bool((i + 1) % sliding_window_pattern) else 'full_attention' for i in range(self.num_hidden_layers)]
        if self.layer_types and (last_layer_type := self.layer_types[-1]) != 'full_attention':
            self.layer_types[-1] = 'full_attention'
        default_rope_params = {'sliding_attention': {'rope_type': 'default', 'rope_theta': 10000.0}, 'full_attention': {'rope_type': 'proportional', 'partial_rotary_factor': 0.25, 'rope_theta': 1000000.0}}
        if self.rope_parameters is None:
            self.rope_parameters = default_rope_params
        global_head_dim = kwargs.pop('global_head_dim', 512)
        num_global_key_value_heads = kwargs.pop('num_global_key_value_heads', None)
        if 'per_layer_config' not in kwargs:
            layer_overrides = {'head_dim': global_head_dim}
            num_key_value_heads = num_global_key_value_heads if getattr(self, 'attention_k_eq_v', True) else None
            if num_key_value_heads is not None:
                layer_overrides['num_key_value_heads'] = num_key_value_heads
            kwargs['per_layer_config'] = {layer_idx: layer_overrides for layer_idx, layer_type in enumerate(self.layer_types) if layer_type == 'full_attention'}
        super().__post_init__(**kwargs)

    @property
    def kv_sharing_modes(self):
        if self.num_kv_shared_layers == 0:
            return [None] * self.num_hidden_layers
        first_shared_layer = self.num_hidden_layers - self.num_kv_shared_layers
        kv_sharing_modes = [None if i < first_shared_layer else 'reuse' for i in range(self.num_hidden_layers)]
        reversed_unshared_layer_types = self.layer_types[0:first_shared_layer][::-1]
        if sorted(set(reversed_unshared_layer_types)) != sorted(set(self.layer_types)):
            raise ValueError('The set of layer types producing a cache is different than the set of layer types using them')
        last_non_consumer_indices = [first_shared_layer - 1 - reversed_unshared_layer_types.index(k) for k in set(self.layer_types)]
        for producer_index in last_non_consumer_indices:
            kv_sharing_modes[producer_index] = 'store'
        return kv_sharing_modes

    def to_dict(self):
        output = super().to_dict()
        if getattr(self, 'use_bidirectional_attention', None) == 'all':
            output['sliding_window'] = (self.sliding_window - 1) * 2
        return output

    def convert_rope_params_to_dict(self, **kwargs):
        return kwargs

@strict
class Gemma4UnifiedVisionConfig(PreTrainedConfig):
    model_type = 'gemma4_unified_vision'
    patch_size: int = 16
    pooling_kernel_size: int = 3
    mm_embed_dim: int = 3840
    mm_posemb_size: int = 1120
    rms_norm_eps: float = 1e-06
    output_proj_dims: int = 3840
    initializer_range: float = 0.02

    @property
    def model_patch_size(self):
        return self.patch_size * self.pooling_kernel_size

    @model_patch_size.setter
    def model_patch_size(self, value):
        if value != self.patch_size * self.pooling_kernel_size:
            raise ValueError(f'`model_patch_size` needs to be equal to self.patch_size = {self.patch_size!r} * self.pooling_kernel_size = {self.pooling_kernel_size!r}')

@strict
class Gemma4UnifiedConfig(PreTrainedConfig):
    model_type = 'gemma4_unified'
    sub_configs_defaults = {'text_config': Gemma4UnifiedTextConfig, 'vision_config': SubConfigSpec(config_class=Gemma4UnifiedVisionConfig, optional=True), 'audio_config': SubConfigSpec(config_class=Gemma4UnifiedAudioConfig, optional=True)}
    text_config: Gemma4UnifiedTextConfig | dict[str, Any] | None = None
    vision_config: Gemma4UnifiedVisionConfig | dict[str, Any] | None = None
    audio_config: Gemma4UnifiedAudioConfig | dict[str, Any] | None = None
    boi_token_id: int | None = 255999
    eoi_token_id: int | None = 258882
    image_token_id: int | None = 258880
    video_token_id: int | None = 258884
    boa_token_id: int | None = 256000
    eoa_token_index: int | None = 258883
    audio_token_id: int | None = 258881
    initializer_range: float | None = 0.02
    tie_word_embeddings: bool = True

class Gemma4UnifiedRMSNorm(nn.Module):

    def __init__(self, dim, eps=1e-06, with_scale=True):
        super().__init__()
        self.eps = eps
        self.with_scale = with_scale
        if self.with_scale:
            self.weight = nn.Parameter(torch.ones(dim), requires_grad=True)

class Gemma4UnifiedTextRotaryEmbedding(nn.Module):

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

class Gemma4UnifiedTextAttention(nn.Module):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.layer_type = config.layer_types[layer_idx] if hasattr(config, 'layer_types') else None
        self.config = config
        self.layer_idx = layer_idx
        self.is_sliding = self.layer_type == 'sliding_attention'
        self.sliding_window = config.sliding_window if self.is_sliding else None
        layer_config = config.per_layer_config[layer_idx]
        self.head_dim = layer_config.head_dim
        self.use_alternative_attention = config.attention_k_eq_v and (not self.is_sliding)
        self.num_key_value_groups = config.num_attention_heads // layer_config.num_key_value_heads
        self.scaling = 1.0
        self.attention_dropout = self.config.attention_dropout
        self.is_causal = config.use_bidirectional_attention != 'all'
        kv_sharing_mode = config.kv_sharing_modes[layer_idx]
        self.is_kv_shared_layer = kv_sharing_mode == 'reuse'
        self.store_full_length_kv = kv_sharing_mode == 'store'
        self.q_proj = nn.Linear(config.hidden_size, config.num_attention_heads * self.head_dim, bias=config.attention_bias)
        self.q_norm = Gemma4UnifiedRMSNorm(dim=self.head_dim, eps=config.rms_norm_eps)
        if not self.is_kv_shared_layer:
            self.k_norm = Gemma4UnifiedRMSNorm(dim=self.head_dim, eps=config.rms_norm_eps)
            self.v_norm = Gemma4UnifiedRMSNorm(self.head_dim, eps=config.rms_norm_eps, with_scale=False)
            self.k_proj = nn.Linear(config.hidden_size, layer_config.num_key_value_heads * self.head_dim, bias=config.attention_bias)
            self.v_proj = nn.Linear(config.hidden_size, layer_config.num_key_value_heads * self.head_dim, bias=config.attention_bias) if not self.use_alternative_attention else None
        self.o_proj = nn.Linear(config.num_attention_heads * self.head_dim, config.hidden_size, bias=config.attention_bias)

class Gemma4UnifiedTextMLP(nn.Module):

    def __init__(self, config, layer_idx):
        super().__init__()
        kv_sharing_mode = config.kv_sharing_modes[layer_idx]
        is_kv_shared_layer = kv_sharing_mode == 'reuse'
        use_double_wide_mlp = config.use_double_wide_mlp and is_kv_shared_layer
        self.config = config
        self.hidden_size = config.hidden_size
        self.intermediate_size = config.intermediate_size * (2 if use_double_wide_mlp else 1)
        self.gate_proj = nn.Linear(self.hidden_size, self.intermediate_size, bias=False)
        self.up_proj = nn.Linear(self.hidden_size, self.intermediate_size, bias=False)
        self.down_proj = nn.Linear(self.intermediate_size, self.hidden_size, bias=False)
        self.act_fn = ACT2FN[config.hidden_activation]

class Gemma4UnifiedTextDecoderLayer(GradientCheckpointingLayer):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.hidden_size = config.hidden_size
        self.config = config
        self.self_attn = Gemma4UnifiedTextAttention(config=config, layer_idx=layer_idx)
        self.mlp = Gemma4UnifiedTextMLP(config, layer_idx)
        self.input_layernorm = Gemma4UnifiedRMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.post_attention_layernorm = Gemma4UnifiedRMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.pre_feedforward_layernorm = Gemma4UnifiedRMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.post_feedforward_layernorm = Gemma4UnifiedRMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.layer_idx = layer_idx
        self.layer_scalar = nn.Buffer(torch.ones(1))

class Gemma4UnifiedTextScaledWordEmbedding(nn.Embedding):

    def __init__(self, num_embeddings, embedding_dim, padding_idx, embed_scale=1.0):
        super().__init__(num_embeddings, embedding_dim, padding_idx)
        self.scalar_embed_scale = embed_scale
        self.embed_scale = nn.Buffer(torch.tensor(embed_scale), persistent=False)

class Gemma4UnifiedPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = True

class Gemma4UnifiedTextModel(Gemma4UnifiedPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.padding_idx = config.pad_token_id
        self.vocab_size = config.vocab_size
        self.embed_tokens = Gemma4UnifiedTextScaledWordEmbedding(config.vocab_size, config.hidden_size, self.padding_idx, embed_scale=self.config.hidden_size ** 0.5)
        self.layers = nn.ModuleList([Gemma4UnifiedTextDecoderLayer(config, layer_idx) for layer_idx in range(config.num_hidden_layers)])
        self.norm = Gemma4UnifiedRMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.rotary_emb = Gemma4UnifiedTextRotaryEmbedding(config=config)
        self.gradient_checkpointing = False
        self.unique_layer_types = set(self.config.layer_types)
        self.first_kv_shared_layer_idx = config.num_hidden_layers - config.num_kv_shared_layers
        self.post_init()

class Gemma4UnifiedForCausalLM(Gemma4UnifiedPreTrainedModel, GenerationMixin):
    _tied_weights_keys = {'lm_head.weight': 'model.embed_tokens.weight'}
    base_model_prefix = 'model'

    def __init__(self, config):
        super().__init__(config)
        self.model = Gemma4UnifiedTextModel(config)
        self.vocab_size = config.vocab_size
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

class Gemma4UnifiedVisionEmbedder(nn.Module):

    def __init__(self, vision_config, text_config):
        super().__init__()
        patch_dim = vision_config.model_patch_size ** 2 * 3
        mm_embed_dim = vision_config.mm_embed_dim
        self.patch_ln1 = nn.LayerNorm(patch_dim)
        self.patch_dense = nn.Linear(patch_dim, mm_embed_dim)
        self.patch_ln2 = nn.LayerNorm(mm_embed_dim)
        self.pos_embedding = nn.Parameter(torch.zeros(vision_config.mm_posemb_size, 2, mm_embed_dim))
        self.pos_norm = nn.LayerNorm(mm_embed_dim)
        self.multimodal_embedder = Gemma4UnifiedMultimodalEmbedder(vision_config, text_config)

class Gemma4UnifiedMultimodalEmbedder(nn.Module):

    def __init__(self, multimodal_config, text_config):
        super().__init__()
        self.multimodal_hidden_size = multimodal_config.output_proj_dims
        self.eps = multimodal_config.rms_norm_eps
        self.text_hidden_size = text_config.hidden_size
        self.embedding_projection = nn.Linear(self.multimodal_hidden_size, self.text_hidden_size, bias=False)
        self.embedding_pre_projection_norm = Gemma4UnifiedRMSNorm(self.multimodal_hidden_size, eps=self.eps, with_scale=False)

class Gemma4UnifiedModel(Gemma4UnifiedPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.vocab_size = config.text_config.vocab_size
        self.language_model = AutoModel.from_config(config.text_config)
        self.embed_vision = Gemma4UnifiedVisionEmbedder(config.vision_config, config.text_config) if config.vision_config is not None else None
        self.embed_audio = Gemma4UnifiedMultimodalEmbedder(config.audio_config, config.text_config) if config.audio_config is not None else None
        self.post_init()

class Gemma4UnifiedForConditionalGeneration(Gemma4UnifiedPreTrainedModel, GenerationMixin):
    _tied_weights_keys = {'lm_head.weight': 'model.language_model.embed_tokens.weight'}
    base_model_prefix = 'model'

    def __init__(self, config):
        super().__init__(config)
        self.model = Gemma4UnifiedModel(config)
        self.lm_head = nn.Linear(config.text_config.hidden_size, config.text_config.vocab_size, bias=False)
        self.post_init()
