"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): muse_spark. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoModel
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig
from .common_modeling_rope_utils import ROPE_INIT_FUNCTIONS
from .common_modeling_utils import PreTrainedModel
from functools import cached_property
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GenerationMixin, GradientCheckpointingLayer, RopeParameters, use_experts_implementation
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
import math

@strict
class MuseSparkVisionConfig(PreTrainedConfig):
    model_type = 'muse_spark_vision'
    default_rope_type = 'axial'
    patch_size: int = 14
    pos_emb_height: int = 32
    pos_emb_width: int = 32
    num_attention_heads: int = 16
    num_hidden_layers: int = 50
    hidden_size: int = 1536
    intermediate_size: int = 8960
    hidden_act: str = 'gelu'
    rope_parameters: dict | None = None
    patch_temporal: int = 2
    merge_size: int = 2
    max_position_embeddings: int = 32 * 32
    layer_norm_eps: float = 1e-05
    layer_types: list[str] | None = None

    def __post_init__(self, **kwargs):
        if self.layer_types is None:
            self.layer_types = ['full_attention' if (i + 1) % 4 == 0 or i == self.num_hidden_layers - 1 else 'window_attention' for i in range(self.num_hidden_layers)]
        super().__post_init__(**kwargs)

@strict
class MuseSparkTextConfig(PreTrainedConfig):
    model_type = 'muse_spark_text'
    vocab_size: int = 202048
    hidden_size: int = 8192
    intermediate_size: int = 16384
    num_hidden_layers: int = 62
    num_attention_heads: int = 128
    num_key_value_heads: int = 16
    head_dim: int = 64
    max_position_embeddings: int = 1048576
    initializer_range: float = 0.02
    rms_norm_eps: float = 1e-05
    use_cache: bool = True
    pad_token_id: int | None = None
    eos_token_id: int | list[int] | None = 200001
    bos_token_id: int | None = 200000
    tie_word_embeddings: bool = False
    rope_parameters: RopeParameters | dict | None = None
    attention_bias: bool = False
    attention_dropout: int | float | None = 0.0
    sliding_window: int | None = 2048
    layer_types: list[str] | None = None
    final_logit_softcapping: float = 20.0
    qk_scale_factor: float = 5.4730064863875
    output_multiplier: float = 0.1767766952966369
    post_norm_eps: float = 1e-08
    layer_rope_theta: list[float | int] | None = None
    hidden_act: str = 'silu'
    moe_intermediate_size: int = 4096
    num_local_experts: int = 256
    num_experts_per_tok: int = 8
    routed_scaling_factor: float = 1.0
    moe_hidden_size: int = 4096
    mlp_layer_types: list[str] | None = None
    residual_gate_temperature: float = 0.3
    output_router_logits: bool = False

    def __post_init__(self, **kwargs):
        if self.rope_parameters is None:
            self.rope_parameters = {'rope_type': 'default', 'rope_theta': 500000.0}
        if self.mlp_layer_types is None:
            self.mlp_layer_types = ['sparse'] * self.num_hidden_layers
        if self.layer_types is None:
            self.layer_types = ['full_attention' if (self.num_hidden_layers - 1 - i) % 4 == 0 else 'sliding_attention' for i in range(self.num_hidden_layers)]
        super().__post_init__(**kwargs)
        if self.layer_rope_theta is None:
            self.layer_rope_theta = [0 if (self.num_hidden_layers - 1 - i) % 4 == 0 else self.rope_parameters['rope_theta'] for i in range(self.num_hidden_layers)]

    def validate_architecture(self):
        if self.hidden_size % self.num_attention_heads != 0:
            raise ValueError(f'The hidden size ({self.hidden_size}) is not a multiple of the number of attention heads ({self.num_attention_heads}).')

@strict
class MuseSparkAudioConfig(PreTrainedConfig):
    model_type = 'muse_spark_audio'
    patch_sizes: list[int] | tuple[int, ...] = (16, 6, 5, 4)
    hidden_sizes: list[int] | tuple[int, ...] = (256, 512, 1024, 2048)
    depths: list[int] | tuple[int, ...] = (2, 2, 2, 2)
    num_hidden_layers: int = 4
    mlp_ratio: float = 4.0
    conv_kernel_size: int = 7
    hidden_act: str = 'gelu'
    rms_norm_eps: float = 1e-06
    out_hidden_size: int = 8192
    initializer_range: float = 0.02

    def validate_architecture(self):
        if not len(self.patch_sizes) == len(self.hidden_sizes) == len(self.depths) == self.num_hidden_layers:
            raise ValueError(f'`patch_sizes`, `hidden_sizes` and `depths` must have one entry per layer, got {len(self.patch_sizes)}, {len(self.hidden_sizes)} and {len(self.depths)} for `num_hidden_layers`={self.num_hidden_layers}.')

    @property
    def samples_per_token(self):
        return math.prod(self.patch_sizes)

@strict
class MuseSparkConfig(PreTrainedConfig):
    model_type = 'muse_spark'
    sub_configs_defaults = {'text_config': MuseSparkTextConfig, 'vision_config': MuseSparkVisionConfig, 'audio_config': MuseSparkAudioConfig}
    text_config: dict | PreTrainedConfig | None = None
    vision_config: dict | PreTrainedConfig | None = None
    image_token_id: int = 200092
    video_token_id: int = 200091
    out_hidden_size: int = 6144
    projector_hidden_size: int = 4096
    projector_hidden_act: str = 'gelu'
    audio_config: dict | PreTrainedConfig | None = None
    audio_token_id: int = 200038

    def validate_architecture(self):
        if self.audio_config.out_hidden_size != self.text_config.hidden_size:
            raise ValueError(f"`audio_config.out_hidden_size` ({self.audio_config.out_hidden_size}) must match `text_config.hidden_size` ({self.text_config.hidden_size}): the audio encoder's output is scattered directly onto the text embeddings.")

class MuseSparkRMSNorm(nn.Module):

    def __init__(self, dim=None, eps=1e-06, with_scale=True):
        super().__init__()
        self.eps = eps
        self.with_scale = with_scale
        if self.with_scale:
            self.weight = nn.Parameter(torch.ones(dim), requires_grad=True)

class MuseSparkTextCenteredRMSNorm(nn.Module):

    def __init__(self, dim, eps=1e-06):
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.zeros(dim))

class MuseSparkTextInputScaledRMSNorm(nn.Module):

    def __init__(self, dim, eps=1e-06):
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.zeros(dim))

class MuseSparkTextMLP(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.hidden_size = config.hidden_size
        self.intermediate_size = config.intermediate_size
        self.gate_proj = nn.Linear(self.hidden_size, self.intermediate_size, bias=False)
        self.up_proj = nn.Linear(self.hidden_size, self.intermediate_size, bias=False)
        self.down_proj = nn.Linear(self.intermediate_size, self.hidden_size, bias=False)
        self.act_fn = ACT2FN[config.hidden_act]

class MuseSparkTopkRouter(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.top_k = config.num_experts_per_tok
        self.num_experts = config.num_local_experts
        self.hidden_dim = config.hidden_size
        self.weight = nn.Parameter(torch.empty(self.num_experts, self.hidden_dim))
        self.output_multiplier = config.output_multiplier
        self.scoring_function = ACT2FN['sigmoid']
        self.e_score_correction_bias = nn.Buffer(torch.zeros(self.num_experts))
        self.norm_topk_prob_eps = 1e-15
        self.routed_scaling_factor = config.routed_scaling_factor

@use_experts_implementation(has_post_expert_norm=True)
class MuseSparkExperts(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.num_experts = config.num_local_experts
        self.hidden_dim = config.moe_hidden_size
        self.intermediate_dim = config.moe_intermediate_size
        self.gate_up_proj = nn.Parameter(torch.empty(self.num_experts, 2 * self.intermediate_dim, self.hidden_dim))
        self.down_proj = nn.Parameter(torch.empty(self.num_experts, self.hidden_dim, self.intermediate_dim))
        self.act_fn = ACT2FN[config.hidden_act]
        self.post_expert_norm = MuseSparkTextInputScaledRMSNorm(self.hidden_dim, eps=config.post_norm_eps)

class MuseSparkMoE(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.gate = MuseSparkTopkRouter(config)
        self.pre_expert_proj = nn.Linear(config.hidden_size, config.moe_hidden_size, bias=False)
        self.pre_expert_norm = MuseSparkTextCenteredRMSNorm(config.moe_hidden_size, eps=config.rms_norm_eps)
        self.experts = MuseSparkExperts(config)
        self.post_expert_proj = nn.Linear(config.moe_hidden_size, config.hidden_size, bias=False)

class MuseSparkTextAttention(nn.Module):

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
        self.is_local_attention = config.layer_types[layer_idx] == 'sliding_attention'
        self.sliding_window = config.sliding_window if self.is_local_attention else None
        self.gate_proj = nn.Linear(config.hidden_size, config.num_attention_heads * self.head_dim, bias=False)
        self.qk_norm = MuseSparkRMSNorm(eps=config.rms_norm_eps, with_scale=False)
        self.qk_scale_factor = config.qk_scale_factor
        self.o_norm = MuseSparkRMSNorm(eps=config.rms_norm_eps, with_scale=False)

class MuseSparkResidualGate(nn.Module):

    def __init__(self, config, residual_gate_eps=0.001):
        super().__init__()
        self.gate = nn.Parameter(torch.empty(config.hidden_size))
        self.temperature = config.residual_gate_temperature
        self.eps = residual_gate_eps

class MuseSparkTextDecoderLayer(GradientCheckpointingLayer):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.hidden_size = config.hidden_size
        self.config = config
        self.self_attn = MuseSparkTextAttention(config=config, layer_idx=layer_idx)
        self.mlp = MuseSparkMoE(config) if config.mlp_layer_types[layer_idx] == 'sparse' else MuseSparkTextMLP(config)
        self.input_layernorm = MuseSparkTextCenteredRMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.post_attention_layernorm = MuseSparkRMSNorm(config.hidden_size, eps=config.post_norm_eps, with_scale=False)
        self.pre_feedforward_layernorm = MuseSparkTextCenteredRMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.post_feedforward_layernorm = MuseSparkTextInputScaledRMSNorm(config.hidden_size, eps=config.post_norm_eps)
        self.post_attention_residual_gate = MuseSparkResidualGate(config)
        self.post_feedforward_residual_gate = MuseSparkResidualGate(config)

class MuseSparkPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = True
    _keep_in_fp32_modules_strict = ['post_attention_residual_gate', 'post_feedforward_residual_gate', 'mlp.gate.weight', 'e_score_correction_bias']

class MuseSparkTextRotaryEmbedding(nn.Module):

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

class MuseSparkTextNormedEmbedding(nn.Embedding):

    def __init__(self, num_embeddings, embedding_dim, padding_idx, norm_eps=1e-06):
        super().__init__(num_embeddings, embedding_dim, padding_idx)
        self.embed_norm = MuseSparkRMSNorm(eps=norm_eps, with_scale=False)

class MuseSparkTextModel(MuseSparkPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.padding_idx = config.pad_token_id
        self.vocab_size = config.vocab_size
        self.embed_tokens = MuseSparkTextNormedEmbedding(config.vocab_size, config.hidden_size, self.padding_idx, config.rms_norm_eps)
        self.layers = nn.ModuleList([MuseSparkTextDecoderLayer(config, layer_idx) for layer_idx in range(config.num_hidden_layers)])
        self.norm = MuseSparkRMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.rotary_emb = MuseSparkTextRotaryEmbedding(config)
        self.gradient_checkpointing = False
        self.post_init()

class MuseSparkVisionPatchEmbedder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.hidden_size = config.hidden_size
        self.patch_embedding = nn.Linear(config.patch_temporal * 3 * config.patch_size ** 2, self.hidden_size, bias=False)
        self.position_embedding_table = nn.Embedding(config.pos_emb_height * config.pos_emb_width, self.hidden_size)
        self.num_grid_per_side = config.pos_emb_height
        self.interpolation_mode = 'bilinear'
        self.interpolation_align_corners = False
        self.interpolation_padding = 'zeros'

class MuseSparkVisionAttention(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.dim = config.hidden_size
        self.num_heads = config.num_attention_heads
        self.head_dim = self.dim // self.num_heads
        self.num_key_value_groups = 1
        self.proj = nn.Linear(self.dim, self.dim)
        self.scaling = self.head_dim ** (-0.5)
        self.config = config
        self.attention_dropout = 0.0
        self.is_causal = False
        self.q_proj = nn.Linear(self.dim, self.dim, bias=True)
        self.k_proj = nn.Linear(self.dim, self.dim, bias=True)
        self.v_proj = nn.Linear(self.dim, self.dim, bias=True)

class MuseSparkVisionMLP(nn.Module):

    def __init__(self, dim, hidden_dim, hidden_act):
        super().__init__()
        self.fc1 = nn.Linear(dim, hidden_dim)
        self.act = ACT2FN[hidden_act]
        self.fc2 = nn.Linear(hidden_dim, dim)

class MuseSparkVisionEncoderLayer(GradientCheckpointingLayer):

    def __init__(self, config):
        super().__init__()
        self.norm1 = nn.LayerNorm(config.hidden_size, eps=1e-05)
        self.norm2 = nn.LayerNorm(config.hidden_size, eps=1e-05)
        self.attn = MuseSparkVisionAttention(config=config)
        self.mlp = MuseSparkVisionMLP(config.hidden_size, config.intermediate_size, config.hidden_act)

class MuseSparkVisionRotaryEmbedding(nn.Module):

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

def get_vision_pixel_shuffle_index(grid_thw, merge_size, kwargs=None):
    if kwargs is not None and (index := kwargs.pop('pixel_shuffle_index', None)) is not None:
        return index
    indices = []
    offset = 0
    for frames, height, width in grid_thw.tolist():
        frames, height, width = (int(frames), int(height), int(width))
        permutation = torch.arange(height * width, device=grid_thw.device)
        permutation = permutation.view(height // merge_size, merge_size, width // merge_size, merge_size)
        permutation = permutation.permute(0, 2, 1, 3).reshape(-1)
        if frames > 1:
            frame_offsets = (torch.arange(frames, device=grid_thw.device) * height * width).view(frames, 1)
            permutation = (permutation.unsqueeze(0) + frame_offsets).reshape(-1)
        indices.append(permutation + offset)
        offset += frames * height * width
    return torch.cat(indices, dim=0)

class MuseSparkVisionModel(MuseSparkPreTrainedModel):
    main_input_name = 'pixel_values'

    def __init__(self, config):
        super().__init__(config)
        self.patch_embedder = MuseSparkVisionPatchEmbedder(config)
        self.rotary_emb = MuseSparkVisionRotaryEmbedding(config)
        self.ln_pre = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.layers = nn.ModuleList([MuseSparkVisionEncoderLayer(config) for _ in range(config.num_hidden_layers)])
        self.ln_post = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.spatial_merge_size = 1
        self.patch_size = config.patch_size
        self.window_size = config.pos_emb_height * config.patch_size
        self.merge_size = config.merge_size
        self.post_init()

    def pixel_shuffle(self, hidden_states, grid_thw, **kwargs):
        factor = self.merge_size
        dim = hidden_states.shape[-1]
        shuffle_index = get_vision_pixel_shuffle_index(grid_thw, factor, kwargs=kwargs)
        hidden_states = hidden_states[shuffle_index.to(hidden_states.device)]
        return hidden_states.view(-1, factor * factor, dim).permute(0, 2, 1).reshape(-1, dim * factor * factor)

class MuseSparkAudioCausalConv1d(nn.Conv1d):

    def __init__(self, in_channels, out_channels, kernel_size, cache_key, stride=1, dilation=1, groups=1, bias=True):
        super().__init__(in_channels, out_channels, kernel_size, stride=stride, dilation=dilation, groups=groups, bias=bias)
        self.cache_key = cache_key

    @cached_property
    def left_pad(self):
        effective_kernel_size = (self.kernel_size[0] - 1) * self.dilation[0] + 1
        return effective_kernel_size - self.stride[0]

class MuseSparkAudioPatchEmbedding(nn.Module):

    def __init__(self, config, layer_idx):
        super().__init__()
        in_channels = 1 if layer_idx == 0 else config.hidden_sizes[layer_idx - 1]
        out_channels = config.hidden_sizes[layer_idx]
        self.patch_size = config.patch_sizes[layer_idx]
        self.proj = nn.Linear(in_channels * self.patch_size, out_channels, bias=True)
        self.norm = MuseSparkRMSNorm(out_channels, eps=config.rms_norm_eps)

class MuseSparkAudioMLP(nn.Module):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.hidden_size = config.hidden_sizes[layer_idx]
        self.intermediate_size = int(self.hidden_size * config.mlp_ratio)
        self.fc1 = nn.Linear(self.hidden_size, self.intermediate_size, bias=True)
        self.fc2 = nn.Linear(self.intermediate_size, self.hidden_size, bias=True)
        self.activation_fn = ACT2FN[config.hidden_act]

class MuseSparkAudioConvBlock(nn.Module):

    def __init__(self, config, layer_idx, block_idx):
        super().__init__()
        hidden_size = config.hidden_sizes[layer_idx]
        self.conv = MuseSparkAudioCausalConv1d(hidden_size, hidden_size, kernel_size=config.conv_kernel_size, cache_key=f'layers.{layer_idx}.conv_blocks.{block_idx}', groups=hidden_size, bias=True)
        self.norm = MuseSparkRMSNorm(hidden_size, eps=config.rms_norm_eps)
        self.mlp = MuseSparkAudioMLP(config, layer_idx)

class MuseSparkAudioLayer(nn.Module):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.patch_embedder = MuseSparkAudioPatchEmbedding(config, layer_idx)
        self.conv_blocks = nn.ModuleList([MuseSparkAudioConvBlock(config, layer_idx, block_idx) for block_idx in range(config.depths[layer_idx])])

class MuseSparkAudioModel(MuseSparkPreTrainedModel):
    main_input_name = 'input_values'

    def __init__(self, config):
        super().__init__(config)
        self.layers = nn.ModuleList([MuseSparkAudioLayer(config, idx) for idx in range(config.num_hidden_layers)])
        self.norm = MuseSparkRMSNorm(config.hidden_sizes[-1], eps=config.rms_norm_eps)
        self.proj = nn.Linear(config.hidden_sizes[-1], config.out_hidden_size, bias=True)
        self.post_proj_norm = MuseSparkRMSNorm(config.out_hidden_size, eps=config.rms_norm_eps)
        self.post_init()

class MuseSparkVisionAdapter(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.fc1 = nn.Linear(config.out_hidden_size, config.projector_hidden_size, bias=False)
        self.act = ACT2FN[config.projector_hidden_act]
        self.fc2 = nn.Linear(config.projector_hidden_size, config.projector_hidden_size, bias=False)

class MuseSparkModel(MuseSparkPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.vision_tower = AutoModel.from_config(config.vision_config)
        self.language_model = AutoModel.from_config(config.text_config)
        self.vision_adapter = MuseSparkVisionAdapter(config)
        self.vision_projection = nn.Linear(config.projector_hidden_size, config.text_config.hidden_size, bias=False)
        self.perception_emb_norm = MuseSparkRMSNorm(eps=config.text_config.rms_norm_eps, with_scale=False)
        self.audio_tower = AutoModel.from_config(config.audio_config)
        self.post_init()

    def get_input_embeddings(self):
        return self.language_model.get_input_embeddings()

class MuseSparkForConditionalGeneration(MuseSparkPreTrainedModel, GenerationMixin):

    def __init__(self, config):
        super().__init__(config)
        self.model = MuseSparkModel(config)
        self.lm_head = nn.Linear(config.text_config.hidden_size, config.text_config.vocab_size, bias=False)
        self.post_init()
