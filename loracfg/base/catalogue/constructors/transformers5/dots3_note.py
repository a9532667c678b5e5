"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): dots3_note. Made by `python -m loracfg.base.transcriber`."""
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig
from .common_modeling_rope_utils import ROPE_INIT_FUNCTIONS
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GenerationMixin, GradientCheckpointingLayer, use_experts_implementation
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.norms import LayerNorm
from loracfg.base.catalogue.stand_ins.turns import range

@strict
class Dots3NoteVisionConfig(PreTrainedConfig):
    model_type = 'dots3_note_vision_encoder'
    hidden_size: int = 1536
    intermediate_size: int = 4224
    num_hidden_layers: int = 42
    num_attention_heads: int = 24
    num_channels: int = 3
    patch_size: int = 14
    hidden_act: str = 'silu'
    attention_dropout: float | int = 0.0
    default_rope_type = 'axial'
    initializer_range: float = 0.02
    rope_parameters: dict | None = None
    moe_intermediate_size: int = 2112
    spatial_merge_size: int = 2
    rms_norm_eps: float = 1e-05
    attention_bias: bool = False
    mlp_bias: bool = False
    mlp_layer_types: list[str] | None = None
    num_local_experts: int = 64
    num_experts_per_tok: int | None = None
    router_scaling_factor: float | None = None
    adapter_in_dim: int = 1536
    adapter_out_dim: int = 5120
    adapter_merge_size: int = 2

    def __post_init__(self, **kwargs):
        pyramid_num_routed = kwargs.pop('pyramid_num_routed', None)
        if pyramid_num_routed is None and self.mlp_layer_types is None:
            pyramid_num_routed = [-1] * 25 + list(range(4, 65, 4)) + [64]
        if self.num_experts_per_tok is None:
            self.num_experts_per_tok = kwargs.get('capacity_factor', 2)
        if self.router_scaling_factor is None:
            self.router_scaling_factor = kwargs.get('router_scale', 1.0)
        if pyramid_num_routed is not None:
            self.mlp_layer_types = ['sparse' if count > 0 else 'dense' for count in pyramid_num_routed]
            kwargs.setdefault('per_layer_config', {i: {'num_local_experts': count, 'num_experts_per_tok': min(self.num_experts_per_tok, count)} for i, count in enumerate(pyramid_num_routed) if count > 0})
        self.hidden_size = kwargs.pop('embed_dim', self.hidden_size)
        self.num_attention_heads = kwargs.pop('num_heads', self.num_attention_heads)
        self.attention_bias = kwargs.pop('use_bias', self.attention_bias)
        kwargs.pop('is_causal', None)
        super().__post_init__(**kwargs)

    def validate_architecture(self):
        if self.hidden_size % self.num_attention_heads != 0:
            raise ValueError('hidden_size must be divisible by num_attention_heads')
        if self.adapter_in_dim != self.hidden_size:
            raise ValueError('adapter_in_dim must match hidden_size')
        if self.mlp_bias and 'sparse' in self.mlp_layer_types:
            raise ValueError('Dots3 vision stacked experts require mlp_bias=False')
        if self.adapter_merge_size != self.spatial_merge_size:
            raise ValueError('adapter_merge_size must match spatial_merge_size')

@strict
class Dots3NoteAudioConfig(PreTrainedConfig):
    model_type = 'dots3_note_audio_encoder'
    hidden_size: int = 1280
    intermediate_size: int = 5120
    num_hidden_layers: int = 32
    num_attention_heads: int = 20
    num_key_value_heads: int | None = None
    hidden_act: str = 'silu'
    max_position_embeddings: int = 6000
    initializer_range: float = 0.02
    rope_parameters: dict | None = None
    attention_dropout: float | int = 0.0
    dropout: float = 0.0
    sampling_rate: int = 16000
    feature_size: int = 128
    hop_length: int = 160
    downsample_hidden_size: int = 480
    head_dim: int | None = None
    attention_bias: bool = True
    adapter_input_size: int = 1280
    adapter_out_dim: int = 5120

    def __post_init__(self, **kwargs):
        self.adapter_input_size = kwargs.pop('whisper_adapter_in_dim', self.adapter_input_size)
        self.adapter_out_dim = kwargs.pop('whisper_adapter_out_dim', kwargs.pop('adapter_output_size', self.adapter_out_dim))
        whisper_config = kwargs.pop('whisper_config', None) or {}
        for legacy_name, name in {'d_model': 'hidden_size', 'encoder_attention_heads': 'num_attention_heads', 'encoder_layers': 'num_hidden_layers', 'encoder_ffn_dim': 'intermediate_size', 'num_mel_bins': 'feature_size', 'max_source_positions': 'max_position_embeddings'}.items():
            if legacy_name in whisper_config:
                setattr(self, name, whisper_config[legacy_name])
        self.dropout = whisper_config.get('dropout', self.dropout)
        self.attention_dropout = whisper_config.get('attention_dropout', self.attention_dropout)
        self.head_dim = self.hidden_size // self.num_attention_heads
        self.num_key_value_heads = self.num_attention_heads
        self.conv_output_size = self.downsample_hidden_size * ((self.feature_size + 7) // 8)
        self.samples_per_token = self.hop_length * 8
        kwargs.setdefault('partial_rotary_factor', 0.5)
        super().__post_init__(**kwargs)

    def validate_architecture(self):
        if self.hidden_size % self.num_attention_heads:
            raise ValueError('audio hidden_size must be divisible by num_attention_heads')
        if self.adapter_input_size != self.hidden_size:
            raise ValueError('adapter_input_size must match hidden_size')
        if min(self.sampling_rate, self.feature_size, self.hop_length) <= 0:
            raise ValueError('audio sampling and feature dimensions must be positive')

@strict
class Dots3NoteTextConfig(PreTrainedConfig):
    model_type = 'dots3_note_text'
    attribute_map = {'num_local_experts': 'n_routed_experts'}
    vocab_size: int = 152064
    hidden_size: int = 5120
    intermediate_size: int = 13824
    moe_intermediate_size: int = 1536
    num_hidden_layers: int = 46
    num_attention_heads: int = 128
    num_key_value_heads: int = 128
    n_shared_experts: int = 1
    n_routed_experts: int = 256
    output_router_logits: bool = False
    routed_scaling_factor: float = 1.0
    kv_lora_rank: int = 512
    q_lora_rank: int | None = 1024
    qk_rope_head_dim: int = 64
    v_head_dim: int = 128
    qk_nope_head_dim: int = 128
    n_group: int = 1
    topk_group: int = 1
    num_experts_per_tok: int = 8
    norm_topk_prob: bool = True
    hidden_act: str = 'silu'
    max_position_embeddings: int = 524288
    initializer_range: float = 0.02
    rms_norm_eps: float = 1e-05
    use_cache: bool = True
    pad_token_id: int | None = 151659
    bos_token_id: int | None = 151643
    eos_token_id: int | list[int] | None = 151668
    tie_word_embeddings: bool = False
    rope_parameters: dict | None = None
    mlp_layer_types: list[str] | None = None
    attention_bias: bool = False
    attention_dropout: float | int = 0.0
    index_topk: int = 2048
    index_head_dim: int = 128
    index_n_heads: int = 64
    mlp_bias: bool = False
    head_dim: int = 256
    layer_types: list[str] | None = None
    default_theta = 80000000.0
    sliding_window: int | None = None
    shared_experts_intermediate_size: int = 1536

    def __post_init__(self, **kwargs):
        first_k_dense_replace = kwargs.pop('first_k_dense_replace', 1)
        moe_layer_freq = kwargs.pop('moe_layer_freq', 1)
        use_dsa = kwargs.pop('use_dsa', None if 'per_layer_config' in kwargs else True)
        use_sliding_window = kwargs.pop('use_sliding_window', True)
        if self.mlp_layer_types is None:
            self.mlp_layer_types = ['sparse' if i >= first_k_dense_replace and (bool(moe_layer_freq[i]) if isinstance(moe_layer_freq, (list, tuple)) else i % moe_layer_freq == 0) else 'dense' for i in range(self.num_hidden_layers)]
        self.shared_experts_intermediate_size = kwargs.pop('moe_shared_expert_intermediate_size', self.shared_experts_intermediate_size)
        if self.num_key_value_heads is None:
            self.num_key_value_heads = self.num_attention_heads
        if self.sliding_window is None:
            self.sliding_window = kwargs.pop('sliding_window_size', 512)
        if self.layer_types is None:
            full_attention_type = 'full_attention' if use_dsa is False else 'indexed_attention'
            self.layer_types = [full_attention_type if not use_sliding_window or i < 2 or i % 4 == 1 else 'sliding_attention' for i in range(self.num_hidden_layers)]
        else:
            self.layer_types = list(self.layer_types)
        if use_dsa is not None:
            old_type, new_type = ('full_attention', 'indexed_attention')
            if not use_dsa:
                old_type, new_type = (new_type, old_type)
            self.layer_types = [new_type if layer_type == old_type else layer_type for layer_type in self.layer_types]
        sliding_config = {name: kwargs.pop(f'swa_{name}', default) for name, default in {'num_attention_heads': 64, 'num_key_value_heads': 64, 'q_lora_rank': 1024, 'kv_lora_rank': 1024, 'head_dim': 256, 'qk_nope_head_dim': 192, 'v_head_dim': 128}.items()}
        sliding_config['qk_rope_head_dim'] = kwargs.pop('swa_qk_rope_head_dim', sliding_config['head_dim'] - sliding_config['qk_nope_head_dim'])
        kwargs.setdefault('per_layer_config', {i: sliding_config for i, layer_type in enumerate(self.layer_types) if layer_type == 'sliding_attention'})
        super().__post_init__(**kwargs)

    def convert_rope_params_to_dict(self, **kwargs):
        swa_rope_theta = kwargs.pop('swa_rope_theta', 50000.0)
        rope_theta = kwargs.get('rope_theta', self.default_theta)
        if self.rope_parameters is None:
            self.rope_parameters = kwargs.pop('rope_scaling', None) or {layer_type: {'rope_type': 'default', 'rope_theta': swa_rope_theta if layer_type == 'sliding_attention' else rope_theta} for layer_type in set(self.layer_types)}
        if not self.nested_rope_parameter_keys(self.rope_parameters):
            self.rope_parameters = {layer_type: dict(self.rope_parameters) for layer_type in set(self.layer_types)}
        kwargs = super().convert_rope_params_to_dict(**kwargs)
        per_layer_config = {int(i): values for i, values in (kwargs.get('per_layer_config') or {}).items()}
        for layer_type in set(self.layer_types):
            layer_config = per_layer_config.get(self.layer_types.index(layer_type), {})
            self.rope_parameters[layer_type]['partial_rotary_factor'] = layer_config.get('qk_rope_head_dim', self.qk_rope_head_dim) / layer_config.get('head_dim', self.head_dim)
        return kwargs

    def validate_architecture(self):
        if any((self.per_layer_config[layer_type].q_lora_rank is None for layer_type in set(self.layer_types))):
            raise ValueError('Dots 3 Note Preview requires q_lora_rank for MLA queries')
        if self.n_shared_experts is None or self.n_shared_experts < 1:
            raise ValueError('Dots 3 Note Preview requires at least one shared expert')
        if self.n_group < 1 or self.n_routed_experts % self.n_group != 0:
            raise ValueError('n_group must evenly divide n_routed_experts')
        if self.n_routed_experts // self.n_group < 2:
            raise ValueError('Grouped routing requires at least two experts per group')
        if not 1 <= self.topk_group <= self.n_group:
            raise ValueError('topk_group must be in [1, n_group]')
        for layer_type in set(self.layer_types):
            config = self.per_layer_config[layer_type]
            if config.num_key_value_heads != config.num_attention_heads:
                raise ValueError('num_key_value_heads must match num_attention_heads')
            if layer_type == 'indexed_attention' and config.qk_rope_head_dim > self.index_head_dim:
                raise ValueError('qk_rope_head_dim must not exceed index_head_dim')
        if 'sliding_attention' in self.layer_types:
            config = self.per_layer_config['sliding_attention']
            if config.head_dim != config.qk_nope_head_dim + config.qk_rope_head_dim:
                raise ValueError('SWA head_dim must equal qk_nope_head_dim + qk_rope_head_dim')

@strict
class Dots3NoteConfig(PreTrainedConfig):
    model_type = 'dots3_note'
    sub_configs_defaults = {'text_config': Dots3NoteTextConfig, 'vision_config': Dots3NoteVisionConfig, 'audio_config': Dots3NoteAudioConfig}
    text_config: dict | Dots3NoteTextConfig | None = None
    vision_config: dict | Dots3NoteVisionConfig | None = None
    audio_config: dict | Dots3NoteAudioConfig | None = None
    image_token_id: int = 151660
    video_token_id: int = 151680
    audio_token_id: int = 151720
    tie_word_embeddings: bool = False

    def __post_init__(self, **kwargs):
        if self.text_config is None:
            kwargs.pop('model_type', None)
            self.text_config = Dots3NoteTextConfig(**kwargs, tie_word_embeddings=self.tie_word_embeddings)
        super().__post_init__(**kwargs)

    def validate_architecture(self):
        if self.vision_config.adapter_out_dim != self.text_config.hidden_size:
            raise ValueError('vision adapter output width must match the text hidden size')
        if self.audio_config.adapter_out_dim != self.text_config.hidden_size:
            raise ValueError('audio adapter output width must match the text hidden size')

class Dots3NoteRMSNorm(nn.Module):

    def __init__(self, hidden_size, eps=1e-06):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(hidden_size))
        self.variance_epsilon = eps

class Dots3NoteTextRotaryEmbedding(nn.Module):

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
        partial_rotary_factor = config.rope_parameters[layer_type].get('partial_rotary_factor', 1.0)
        dim = int(dim * partial_rotary_factor)
        attention_factor = 1.0
        inv_freq = 1.0 / base ** (torch.arange(0, dim, 2, dtype=torch.float) / dim)
        return (inv_freq.to(device), attention_factor)

class Dots3NoteTextIndexer(nn.Module):

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

class Dots3NoteTextMLP(nn.Module):

    def __init__(self, config, intermediate_size=None):
        super().__init__()
        self.config = config
        self.hidden_size = config.hidden_size
        self.intermediate_size = config.intermediate_size if intermediate_size is None else intermediate_size
        self.gate_proj = nn.Linear(self.hidden_size, self.intermediate_size, bias=False)
        self.up_proj = nn.Linear(self.hidden_size, self.intermediate_size, bias=False)
        self.down_proj = nn.Linear(self.intermediate_size, self.hidden_size, bias=False)
        self.act_fn = ACT2FN[config.hidden_act]

class Dots3NoteTextTopkRouter(nn.Module):

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
class Dots3NoteExperts(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.num_experts = config.num_local_experts
        self.hidden_dim = config.hidden_size
        self.intermediate_dim = config.moe_intermediate_size
        self.gate_up_proj = nn.Parameter(torch.empty(self.num_experts, 2 * self.intermediate_dim, self.hidden_dim))
        self.down_proj = nn.Parameter(torch.empty(self.num_experts, self.hidden_dim, self.intermediate_dim))
        self.act_fn = ACT2FN[config.hidden_act]

class Dots3NoteTextMoE(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.experts = Dots3NoteExperts(config)
        self.gate = Dots3NoteTextTopkRouter(config)
        self.shared_experts = Dots3NoteTextMLP(config, intermediate_size=config.shared_experts_intermediate_size * config.n_shared_experts)

class Dots3NoteTextAttention(nn.Module):

    def __init__(self, config, layer_idx):
        super().__init__()
        model_config = config
        config = config.per_layer_config[layer_idx]
        self.config = model_config
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
        self.q_proj = None if self.q_lora_rank is not None else nn.Linear(self.hidden_size, self.num_heads * self.qk_head_dim, bias=False)
        self.q_a_proj = nn.Linear(self.hidden_size, self.q_lora_rank, bias=config.attention_bias) if self.q_lora_rank is not None else None
        self.q_a_layernorm = Dots3NoteRMSNorm(self.q_lora_rank, eps=config.rms_norm_eps)
        self.q_b_proj = nn.Linear(self.q_lora_rank, self.num_heads * self.qk_head_dim, bias=False) if self.q_lora_rank is not None else None
        self.kv_a_proj_with_mqa = nn.Linear(self.hidden_size, config.kv_lora_rank + config.qk_rope_head_dim, bias=config.attention_bias)
        self.kv_a_layernorm = Dots3NoteRMSNorm(self.kv_lora_rank, eps=config.rms_norm_eps)
        self.kv_b_proj = nn.Linear(config.kv_lora_rank, self.num_heads * (self.qk_nope_head_dim + self.v_head_dim), bias=False)
        self.o_proj = nn.Linear(self.num_heads * self.v_head_dim, self.hidden_size, bias=config.attention_bias)
        self.scaling = self.qk_head_dim ** (-0.5)
        self.sliding_window = config.sliding_window if config.layer_types[layer_idx] == 'sliding_attention' else None
        self.k_rope_only_layernorm = Dots3NoteRMSNorm(self.qk_rope_head_dim, eps=config.rms_norm_eps)
        self.q_lora_scale = (self.hidden_size / self.q_lora_rank) ** 0.5
        self.kv_lora_scale = (self.hidden_size / self.kv_lora_rank) ** 0.5
        self.g_proj = nn.Linear(self.hidden_size, self.num_heads, bias=False)
        self.indexer = Dots3NoteTextIndexer(config, layer_idx) if config.layer_types[layer_idx] == 'indexed_attention' else None

class Dots3NoteTextDecoderLayer(GradientCheckpointingLayer):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.hidden_size = config.hidden_size
        self.self_attn = Dots3NoteTextAttention(config, layer_idx)
        self.mlp = Dots3NoteTextMoE(config) if config.mlp_layer_types[layer_idx] == 'sparse' else Dots3NoteTextMLP(config)
        self.input_layernorm = Dots3NoteRMSNorm(config.hidden_size, config.rms_norm_eps)
        self.post_attention_layernorm = Dots3NoteRMSNorm(config.hidden_size, config.rms_norm_eps)

class Dots3NotePreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = True
    _keep_in_fp32_modules_strict = ['e_score_correction_bias']
    _keys_to_ignore_on_load_unexpected = ['^model\\.(language_model\\.)?layers\\.46\\.', '^model\\.(language_model\\.)?mtp\\.']

class Dots3NoteTextModel(Dots3NotePreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.padding_idx = config.pad_token_id
        self.vocab_size = config.vocab_size
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size, self.padding_idx)
        self.layers = nn.ModuleList([Dots3NoteTextDecoderLayer(config, layer_idx) for layer_idx in range(config.num_hidden_layers)])
        self.norm = Dots3NoteRMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.rotary_emb = Dots3NoteTextRotaryEmbedding(config=config)
        self.gradient_checkpointing = False
        self.post_init()

class Dots3NoteForCausalLM(Dots3NotePreTrainedModel, GenerationMixin):
    _tied_weights_keys = {'lm_head.weight': 'model.embed_tokens.weight'}

    def __init__(self, config):
        super().__init__(config)
        self.model = Dots3NoteTextModel(config)
        self.vocab_size = config.vocab_size
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

class Dots3NoteAudioRotaryEmbedding(nn.Module):

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

class Dots3NoteAudioAttention(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.attention_dropout = config.attention_dropout
        self.hidden_size = config.hidden_size
        self.num_heads = config.num_attention_heads
        self.head_dim = config.head_dim
        self.num_key_value_heads = config.num_key_value_heads
        self.num_key_value_groups = self.num_heads // self.num_key_value_heads
        self.scaling = self.head_dim ** (-0.5)
        self.is_causal = False
        self.q_proj = nn.Linear(self.hidden_size, self.num_heads * self.head_dim, bias=config.attention_bias)
        self.k_proj = nn.Linear(config.hidden_size, config.hidden_size, bias=False)
        self.v_proj = nn.Linear(self.hidden_size, self.num_key_value_heads * self.head_dim, bias=config.attention_bias)
        self.o_proj = nn.Linear(self.head_dim * self.num_heads, self.hidden_size, bias=config.attention_bias)

class Dots3NoteAudioMLP(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.gate_up_proj = nn.Linear(config.hidden_size, 2 * config.intermediate_size)
        self.down_proj = nn.Linear(config.intermediate_size, config.hidden_size)
        self.activation_fn = ACT2FN[config.hidden_act]

class Dots3NoteAudioLayer(GradientCheckpointingLayer):

    def __init__(self, config):
        super().__init__()
        hidden_size = config.hidden_size
        self.self_attn = Dots3NoteAudioAttention(config)
        self.input_layernorm = Dots3NoteRMSNorm(hidden_size)
        self.mlp = Dots3NoteAudioMLP(config)
        self.post_attention_layernorm = Dots3NoteRMSNorm(hidden_size)
        self.resid_attn_dropout = nn.Dropout(config.dropout)
        self.resid_mlp_dropout = nn.Dropout(config.dropout)

class Dots3NoteAudioConvStem(nn.Module):

    def __init__(self, config):
        super().__init__()
        hidden_size = config.hidden_size
        downsample_size = config.downsample_hidden_size
        self.convs = nn.ModuleList((nn.Conv2d(in_channels, downsample_size, 3, stride=2, padding=1) for in_channels in (1, downsample_size, downsample_size)))
        self.conv_out = nn.Linear(config.conv_output_size, hidden_size, bias=False)
        self.hop_length = config.hop_length
        self.samples_per_token = config.samples_per_token

class Dots3NoteAudioPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = True
    main_input_name = 'input_features'

class Dots3NoteAudioModel(Dots3NoteAudioPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.conv_stem = Dots3NoteAudioConvStem(config)
        self.rotary_embedding = Dots3NoteAudioRotaryEmbedding(config)
        self.layers = nn.ModuleList([Dots3NoteAudioLayer(config) for _ in range(config.num_hidden_layers)])
        self.layer_norm = Dots3NoteRMSNorm(config.hidden_size)
        self.adapter = Dots3NoteAudioAdapter(config)
        self.dropout = config.dropout
        self.post_init()

class Dots3NoteAudioAdapter(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.norm = nn.LayerNorm(config.adapter_input_size)
        self.fc1 = nn.Linear(config.adapter_input_size, config.adapter_out_dim)
        self.activation = ACT2FN['gelu']
        self.fc2 = nn.Linear(config.adapter_out_dim, config.adapter_out_dim)

class Dots3NoteVisionRotaryEmbedding(nn.Module):

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

class Dots3NoteVisionPatchEmbed(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.patch_size = config.patch_size
        self.in_channels = config.num_channels
        self.embed_dim = config.hidden_size
        kernel_size = [self.patch_size, self.patch_size]
        self.proj = nn.Conv2d(self.in_channels, self.embed_dim, kernel_size=kernel_size, stride=kernel_size)
        self.norm = Dots3NoteRMSNorm(self.embed_dim, eps=config.rms_norm_eps)

class Dots3NoteVisionMLP(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.hidden_size = config.hidden_size
        self.intermediate_size = config.intermediate_size
        self.gate_proj = nn.Linear(self.hidden_size, self.intermediate_size, bias=config.mlp_bias)
        self.up_proj = nn.Linear(self.hidden_size, self.intermediate_size, bias=config.mlp_bias)
        self.down_proj = nn.Linear(self.intermediate_size, self.hidden_size, bias=config.mlp_bias)
        self.act_fn = ACT2FN[config.hidden_act]

class Dots3NoteVisionTopKRouter(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.top_k = config.num_experts_per_tok
        self.num_experts = config.num_local_experts
        self.hidden_dim = config.hidden_size
        self.weight = nn.Parameter(torch.empty(self.num_experts, self.hidden_dim))
        self.router_scaling_factor = config.router_scaling_factor

class Dots3NoteVisionMoE(nn.Module):

    def __init__(self, config, layer_idx):
        super().__init__()
        layer_config = config.per_layer_config[layer_idx]
        self.experts = Dots3NoteExperts(layer_config)
        self.gate = Dots3NoteVisionTopKRouter(layer_config)
        self.e_score_correction_bias = nn.Buffer(torch.zeros(layer_config.num_local_experts))

class Dots3NoteVisionAttention(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.dim = config.hidden_size
        self.num_heads = config.num_attention_heads
        self.head_dim = self.dim // self.num_heads
        self.num_key_value_groups = 1
        self.qkv = nn.Linear(config.hidden_size, config.hidden_size * 3, bias=config.attention_bias)
        self.proj = nn.Linear(config.hidden_size, config.hidden_size, bias=config.attention_bias)
        self.scaling = self.head_dim ** (-0.5)
        self.config = config
        self.attention_dropout = config.attention_dropout
        self.is_causal = False
        self.q_norm = Dots3NoteRMSNorm(self.head_dim, eps=config.rms_norm_eps)
        self.k_norm = Dots3NoteRMSNorm(self.head_dim, eps=config.rms_norm_eps)

class Dots3NoteVisionBlock(GradientCheckpointingLayer):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.norm1 = Dots3NoteRMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.attn = Dots3NoteVisionAttention(config)
        self.norm2 = Dots3NoteRMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        layer_config = config.per_layer_config[layer_idx]
        self.mlp = Dots3NoteVisionMoE(config, layer_idx) if config.mlp_layer_types[layer_idx] == 'sparse' else Dots3NoteVisionMLP(layer_config)

class Dots3NoteVisionMerger(nn.Module):

    def __init__(self, dim, context_dim, spatial_merge_size=2):
        super().__init__()
        self.hidden_size = context_dim * spatial_merge_size ** 2
        self.ln_q = LayerNorm(context_dim, eps=1e-06)
        self.mlp = nn.Sequential(nn.Linear(self.hidden_size, self.hidden_size), nn.GELU(), nn.Linear(self.hidden_size, dim))

class Dots3NoteVisionPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = True
    main_input_name = 'pixel_values'
    _keep_in_fp32_modules_strict = ['e_score_correction_bias']

class Dots3NoteVisionModel(Dots3NoteVisionPreTrainedModel):
    _input_embed_layer = 'patch_embed'

    def __init__(self, config):
        super().__init__(config)
        self.spatial_merge_size = config.spatial_merge_size
        self.patch_embed = Dots3NoteVisionPatchEmbed(config)
        self.rotary_pos_emb = Dots3NoteVisionRotaryEmbedding(config)
        self.blocks = nn.ModuleList([Dots3NoteVisionBlock(config, layer_idx) for layer_idx in range(config.num_hidden_layers)])
        self.merger = Dots3NoteVisionMerger(dim=config.adapter_out_dim, context_dim=config.adapter_in_dim, spatial_merge_size=config.adapter_merge_size)
        self.gradient_checkpointing = False
        self.norm = Dots3NoteRMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.post_init()

class Dots3NoteModel(Dots3NotePreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.language_model = Dots3NoteTextModel(config.text_config)
        self.vision_tower = Dots3NoteVisionModel(config.vision_config)
        self.audio_tower = Dots3NoteAudioModel(config.audio_config)
        self.post_init()

class Dots3NoteForConditionalGeneration(Dots3NotePreTrainedModel, GenerationMixin):
    _tied_weights_keys = {'lm_head.weight': 'model.language_model.embed_tokens.weight'}

    def __init__(self, config):
        super().__init__(config)
        self.model = Dots3NoteModel(config)
        self.lm_head = nn.Linear(config.text_config.hidden_size, config.text_config.vocab_size, bias=False)
        self.post_init()
