"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): inkling2. Made by `python -m loracfg.base.transcriber`."""
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GenerationMixin, GradientCheckpointingLayer, use_experts_implementation
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
import copy

@strict
class Inkling2TextConfig(PreTrainedConfig):
    model_type = 'inkling2_text'
    attribute_map = {'sliding_window': 'sliding_window_size', 'num_local_experts': 'n_routed_experts', 'sconv_kernel_size': 'conv_kernel_size', 'model_max_length': 'max_position_embeddings', 'intermediate_size': 'moe_intermediate_size', 'routed_scaling_factor': 'route_scale'}
    vocab_size: int = 201024
    unpadded_vocab_size: int = 200058
    hidden_size: int = 4608
    num_hidden_layers: int = 48
    num_attention_heads: int = 48
    num_key_value_heads: int = 8
    head_dim: int = 128
    swa_num_attention_heads: int = 48
    swa_num_key_value_heads: int = 8
    swa_head_dim: int = 128
    sliding_window_size: int = 1024
    d_rel: int = 16
    rel_extent: int = 1024
    log_scaling_n_floor: int = 128000
    log_scaling_alpha: float = 0.1
    layer_types: list[str] | None = None
    max_position_embeddings: int = 1048576
    rms_norm_eps: float = 1e-06
    conv_kernel_size: int = 4
    hidden_act: str = 'silu'
    moe_intermediate_size: int = 2304
    n_routed_experts: int = 384
    num_experts_per_tok: int = 8
    route_scale: float = 8.0
    attention_dropout: float = 0.0
    initializer_range: float = 0.02
    pad_token_id: int | None = None
    bos_token_id: int | None = None
    eos_token_id: int | None = 200006
    qk_l2_clip_threshold: float = 22.627416997969522
    rel_l2_clip_threshold: float = 8.0
    n_layers_per_attn_res_block: int = 6
    mlp_gate_softcap: float = 4.0
    mlp_up_softcap: float = 25.0
    final_logit_softcapping: float = 30.0
    scoring_func: str = 'sigmoid'
    use_cache: bool = True
    number_of_conv_states = 4

    def __post_init__(self, **kwargs):
        if self.layer_types is None:
            self.layer_types = ['hybrid' if (i + 1) % 6 == 0 else 'hybrid_sliding' for i in range(self.num_hidden_layers)]
        super().__post_init__(**kwargs)

@strict
class Inkling2VisionConfig(PreTrainedConfig):
    model_type = 'inkling2_vision'
    hidden_size: int = 1024
    intermediate_size: int | None = None
    num_hidden_layers: int = 23
    num_attention_heads: int = 16
    num_channels: int = 3
    patch_size: int = 20
    hidden_act: str = 'gelu'
    layer_norm_eps: float = 1e-05
    attention_dropout: float | int = 0.0
    default_rope_type = 'axial'
    mlp_ratio: float = 4.0
    layer_scale_init_value: float = 0.1
    rope_parameters: dict | None = None
    attribute_map = {'native_patch_size': 'patch_size', 'adapter_merge_size': 'spatial_merge_size'}
    spatial_merge_size: int = 2
    posemb_grid_size: int = 32
    projection_hidden_dim: int = 4096
    projector_bias: bool = False
    text_hidden_size: int = 4608
    initializer_range: float = 0.02

    def __post_init__(self, **kwargs):
        if self.intermediate_size is None:
            self.intermediate_size = int(self.hidden_size * self.mlp_ratio)
        super().__post_init__(**kwargs)

INKLING2_QUANTIZATION_CONFIG = {'quant_method': 'fp8', 'weight_block_size': [1, 32], 'scale_fmt': 'ue8m0', 'modules_to_not_convert': ['lm_head', 'model.vision_tower', 'model.language_model.layers.*.self_attn']}

@strict
class Inkling2Config(PreTrainedConfig):
    model_type = 'inkling2'
    sub_configs_defaults = {'text_config': Inkling2TextConfig, 'vision_config': Inkling2VisionConfig}
    text_config: Inkling2TextConfig | dict | None = None
    vision_config: Inkling2VisionConfig | dict | None = None
    image_token_id: int = 200054

    @classmethod
    def from_dict(cls, config_dict, **kwargs):
        if 'quantization_config' not in config_dict and 'transformers_version' not in config_dict:
            config_dict = {**config_dict, 'quantization_config': copy.deepcopy(INKLING2_QUANTIZATION_CONFIG)}
        return super().from_dict(config_dict, **kwargs)

    def validate_architecture(self):
        if self.vision_config.text_hidden_size != self.text_config.hidden_size:
            raise ValueError(f'`vision_config.text_hidden_size` ({self.vision_config.text_hidden_size}) must match `text_config.hidden_size` ({self.text_config.hidden_size}).')

class Inkling2RMSNorm(nn.Module):

    def __init__(self, hidden_size, eps=1e-06):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(hidden_size))
        self.variance_epsilon = eps

class Inkling2UnweightedRMSNorm(nn.Module):

    def __init__(self, eps=1e-06):
        super().__init__()
        self.eps = eps

class Inkling2L2Clip(nn.Module):

    def __init__(self, threshold):
        super().__init__()
        self.threshold = threshold

class Inkling2ScaledL2Clip(nn.Module):

    def __init__(self, num_heads, head_dim, threshold):
        super().__init__()
        self.threshold = threshold
        self.scale = nn.Parameter(torch.ones(num_heads, head_dim))

class Inkling2RelativeLogits(nn.Module):

    def __init__(self, d_rel, rel_extent):
        super().__init__()
        self.rel_extent = rel_extent
        self.proj = nn.Parameter(torch.empty(d_rel, rel_extent))

class Inkling2ShortConvolution(nn.Module):

    def __init__(self, hidden_size, conv_kernel_size, layer_idx, conv_idx):
        super().__init__()
        self.layer_idx = layer_idx
        self.conv_idx = conv_idx
        self.conv_kernel_size = conv_kernel_size
        self.conv1d = nn.Conv1d(in_channels=hidden_size, out_channels=hidden_size, kernel_size=conv_kernel_size, groups=hidden_size, padding=conv_kernel_size - 1, bias=False)

class Inkling2DynamicShortConvolution(nn.Module):

    def __init__(self, hidden_size, input_size, num_heads, conv_kernel_size, layer_idx, conv_idx):
        super().__init__()
        self.layer_idx = layer_idx
        self.conv_idx = conv_idx
        self.conv_kernel_size = conv_kernel_size
        self.num_heads = num_heads
        self.static_weight = nn.Parameter(torch.zeros(conv_kernel_size, hidden_size))
        self.weight_proj = nn.Linear(input_size, num_heads * conv_kernel_size, bias=False)

class Inkling2SlidingAttention(nn.Module):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.config = config
        self.layer_idx = layer_idx
        self.is_sliding = config.layer_types[self.layer_idx] == 'hybrid_sliding'
        self.head_dim = config.swa_head_dim if self.is_sliding else config.head_dim
        self.num_heads = config.swa_num_attention_heads if self.is_sliding else config.num_attention_heads
        self.num_key_value_heads = config.swa_num_key_value_heads if self.is_sliding else config.num_key_value_heads
        self.num_key_value_groups = self.num_heads // self.num_key_value_heads
        self.sliding_window = config.sliding_window_size if self.is_sliding else None
        self.rel_extent = config.sliding_window_size if self.is_sliding else config.rel_extent
        self.scaling = self.head_dim ** (-0.5)
        self.attention_dropout = config.attention_dropout
        self.is_causal = True
        self.q_proj = nn.Linear(config.hidden_size, self.num_heads * self.head_dim, bias=False)
        self.k_proj = nn.Linear(config.hidden_size, self.num_key_value_heads * self.head_dim, bias=False)
        self.v_proj = nn.Linear(config.hidden_size, self.num_key_value_heads * self.head_dim, bias=False)
        self.r_proj = nn.Linear(config.hidden_size, self.num_heads * config.d_rel, bias=False)
        self.o_proj = nn.Linear(self.num_heads * self.head_dim, config.hidden_size, bias=False)
        self.k_sconv = Inkling2ShortConvolution(self.num_key_value_heads * self.head_dim, config.sconv_kernel_size, layer_idx, conv_idx=0)
        self.v_sconv = Inkling2ShortConvolution(self.num_key_value_heads * self.head_dim, config.sconv_kernel_size, layer_idx, conv_idx=1)
        self.rel_logits_proj = Inkling2RelativeLogits(config.d_rel, self.rel_extent)
        self.gate_proj = nn.Linear(config.hidden_size, self.num_heads * self.head_dim, bias=False)
        self.sink_proj = nn.Linear(config.hidden_size, self.num_heads, bias=False)
        self.q_l2_clip = Inkling2ScaledL2Clip(self.num_heads, self.head_dim, config.qk_l2_clip_threshold)
        self.k_l2_clip = Inkling2L2Clip(config.qk_l2_clip_threshold)
        self.rel_l2_clip = Inkling2ScaledL2Clip(self.num_heads, config.d_rel, config.rel_l2_clip_threshold)
        self.v_norm = Inkling2UnweightedRMSNorm(eps=config.rms_norm_eps)

class Inkling2FullAttention(nn.Module):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.config = config
        self.layer_idx = layer_idx
        self.is_sliding = config.layer_types[self.layer_idx] == 'hybrid_sliding'
        self.head_dim = config.swa_head_dim if self.is_sliding else config.head_dim
        self.num_heads = config.swa_num_attention_heads if self.is_sliding else config.num_attention_heads
        self.num_key_value_heads = config.swa_num_key_value_heads if self.is_sliding else config.num_key_value_heads
        self.num_key_value_groups = self.num_heads // self.num_key_value_heads
        self.sliding_window = config.sliding_window_size if self.is_sliding else None
        self.rel_extent = config.sliding_window_size if self.is_sliding else config.rel_extent
        self.scaling = self.head_dim ** (-0.5)
        self.attention_dropout = config.attention_dropout
        self.is_causal = True
        self.q_proj = nn.Linear(config.hidden_size, self.num_heads * self.head_dim, bias=False)
        self.k_proj = nn.Linear(config.hidden_size, self.num_key_value_heads * self.head_dim, bias=False)
        self.v_proj = nn.Linear(config.hidden_size, self.num_key_value_heads * self.head_dim, bias=False)
        self.r_proj = nn.Linear(config.hidden_size, self.num_heads * config.d_rel, bias=False)
        self.o_proj = nn.Linear(self.num_heads * self.head_dim, config.hidden_size, bias=False)
        self.k_sconv = Inkling2DynamicShortConvolution(self.num_key_value_heads * self.head_dim, config.hidden_size, self.num_key_value_heads, config.sconv_kernel_size, layer_idx, conv_idx=0)
        self.v_sconv = Inkling2DynamicShortConvolution(self.num_key_value_heads * self.head_dim, config.hidden_size, self.num_key_value_heads, config.sconv_kernel_size, layer_idx, conv_idx=1)
        self.rel_logits_proj = Inkling2RelativeLogits(config.d_rel, self.rel_extent)
        self.gate_proj = nn.Linear(config.hidden_size, self.num_heads * self.head_dim, bias=False)
        self.sink_proj = nn.Linear(config.hidden_size, self.num_heads, bias=False)
        self.q_l2_clip = Inkling2ScaledL2Clip(self.num_heads, self.head_dim, config.qk_l2_clip_threshold)
        self.k_l2_clip = Inkling2L2Clip(config.qk_l2_clip_threshold)
        self.rel_l2_clip = Inkling2ScaledL2Clip(self.num_heads, config.d_rel, config.rel_l2_clip_threshold)
        self.v_norm = Inkling2UnweightedRMSNorm(eps=config.rms_norm_eps)

class Inkling2Softcap(nn.Module):

    def __init__(self, softcap):
        super().__init__()
        self.softcap = softcap

class Inkling2SoftcappedSwiGLU(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.gate_softcap = Inkling2Softcap(config.mlp_gate_softcap)
        self.up_softcap = Inkling2Softcap(config.mlp_up_softcap)

@use_experts_implementation
class Inkling2Experts(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.num_experts = config.n_routed_experts
        self.hidden_dim = config.hidden_size
        self.intermediate_dim = config.moe_intermediate_size
        self.gate_up_proj = nn.Parameter(torch.empty(self.num_experts, 2 * self.intermediate_dim, self.hidden_dim))
        self.down_proj = nn.Parameter(torch.empty(self.num_experts, self.hidden_dim, self.intermediate_dim))
        self.act_fn = Inkling2SoftcappedSwiGLU(config)

class Inkling2TopKRouter(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.top_k = config.num_experts_per_tok
        self.num_experts = config.num_local_experts
        self.hidden_dim = config.hidden_size
        self.weight = nn.Parameter(torch.empty(self.num_experts, self.hidden_dim))
        self.score_fn = ACT2FN[config.scoring_func]
        self.routed_scaling_factor = config.routed_scaling_factor
        self.e_score_correction_bias = nn.Buffer(torch.zeros(self.num_experts))

class Inkling2SparseMoeBlock(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.experts = Inkling2Experts(config)
        self.gate = Inkling2TopKRouter(config)

class Inkling2BlockAttentionResidual(nn.Module):

    def __init__(self, config, num_queries=1):
        super().__init__()
        self.query = nn.Parameter(torch.zeros(config.hidden_size) if num_queries == 1 else torch.zeros(num_queries, config.hidden_size))
        self.norm = Inkling2UnweightedRMSNorm()

class Inkling2SlidingDecoderLayer(GradientCheckpointingLayer):
    attention_type = 'sliding_attention'

    def __init__(self, config, layer_idx):
        super().__init__()
        self.is_block_boundary = layer_idx % config.n_layers_per_attn_res_block == 0
        self.attention_input = Inkling2BlockAttentionResidual(config) if layer_idx > 0 else None
        self.mlp_input = Inkling2BlockAttentionResidual(config)
        self.self_attn = Inkling2SlidingAttention(config, layer_idx)
        self.mlp = Inkling2SparseMoeBlock(config)
        self.input_layernorm = Inkling2RMSNorm(config.hidden_size, config.rms_norm_eps)
        self.post_attention_layernorm = Inkling2RMSNorm(config.hidden_size, config.rms_norm_eps)
        self.post_attention_convolution = Inkling2ShortConvolution(config.hidden_size, config.conv_kernel_size, layer_idx=layer_idx, conv_idx=2)
        self.post_mlp_convolution = Inkling2ShortConvolution(config.hidden_size, config.conv_kernel_size, layer_idx=layer_idx, conv_idx=3)

class Inkling2FullDecoderLayer(GradientCheckpointingLayer):
    attention_type = 'full_attention'

    def __init__(self, config, layer_idx):
        super().__init__()
        self.is_block_boundary = layer_idx % config.n_layers_per_attn_res_block == 0
        self.attention_input = Inkling2BlockAttentionResidual(config, num_queries=3) if layer_idx > 0 else None
        self.mlp_input = Inkling2BlockAttentionResidual(config)
        self.self_attn = Inkling2FullAttention(config, layer_idx)
        self.mlp = Inkling2SparseMoeBlock(config)
        self.q_input_layernorm = Inkling2RMSNorm(config.hidden_size, config.rms_norm_eps)
        self.k_input_layernorm = Inkling2RMSNorm(config.hidden_size, config.rms_norm_eps)
        self.v_input_layernorm = Inkling2RMSNorm(config.hidden_size, config.rms_norm_eps)
        self.post_attention_layernorm = Inkling2RMSNorm(config.hidden_size, config.rms_norm_eps)
        self.post_attention_convolution = Inkling2ShortConvolution(config.hidden_size, config.conv_kernel_size, layer_idx=layer_idx, conv_idx=2)
        self.post_mlp_convolution = Inkling2ShortConvolution(config.hidden_size, config.conv_kernel_size, layer_idx=layer_idx, conv_idx=3)

class Inkling2VisionRotaryEmbedding(nn.Module):

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

class Inkling2VisionAttention(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.embed_dim = config.hidden_size
        self.num_heads = config.num_attention_heads
        self.head_dim = self.embed_dim // self.num_heads
        if self.head_dim * self.num_heads != self.embed_dim:
            raise ValueError(f'embed_dim must be divisible by num_heads (got `embed_dim`: {self.embed_dim} and `num_heads`: {self.num_heads}).')
        self.is_causal = False
        self.k_proj = nn.Linear(self.embed_dim, self.embed_dim)
        self.v_proj = nn.Linear(self.embed_dim, self.embed_dim)
        self.q_proj = nn.Linear(self.embed_dim, self.embed_dim)
        self.out_proj = nn.Linear(self.embed_dim, self.embed_dim)
        self.num_key_value_groups = 1
        self.scaling = self.head_dim ** (-0.5)
        self.attention_dropout = config.attention_dropout

class Inkling2VisionMLP(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.activation_fn = ACT2FN[config.hidden_act]
        self.fc1 = nn.Linear(config.hidden_size, config.intermediate_size)
        self.fc2 = nn.Linear(config.intermediate_size, config.hidden_size)

class Inkling2VisionEncoderLayer(GradientCheckpointingLayer):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.self_attn = Inkling2VisionAttention(config)
        self.mlp = Inkling2VisionMLP(config)
        self.layernorm_before = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.layernorm_after = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.lambda_1 = nn.Parameter(config.layer_scale_init_value * torch.ones(config.hidden_size))
        self.lambda_2 = nn.Parameter(config.layer_scale_init_value * torch.ones(config.hidden_size))

class Inkling2VisionEmbeddings(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.patch_size = config.patch_size
        self.merge_size = config.spatial_merge_size
        self.grid_size = config.posemb_grid_size
        self.patch_embedding = nn.Linear(config.num_channels * config.patch_size ** 2, config.hidden_size, bias=False)
        self.position_embedding = nn.Embedding(config.posemb_grid_size ** 2, config.hidden_size)
        self.class_embedding = nn.Parameter(torch.zeros(config.hidden_size))
        self.cls_position_embedding = nn.Parameter(torch.zeros(config.hidden_size))

class Inkling2VisionMerger(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.linear_1 = nn.Linear(config.spatial_merge_size ** 2 * config.hidden_size, config.projection_hidden_dim, bias=config.projector_bias)
        self.act = ACT2FN[config.hidden_act]
        self.linear_2 = nn.Linear(config.projection_hidden_dim, config.text_hidden_size, bias=config.projector_bias)

class Inkling2PreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = False
    _keep_in_fp32_modules_strict = ['e_score_correction_bias', 'mlp.gate.weight', 'post_attention_convolution', 'post_mlp_convolution', 'k_sconv.conv1d', 'v_sconv.conv1d', 'attention_input', 'mlp_input', 'final_input']

class Inkling2NormedEmbedding(nn.Embedding):

    def __init__(self, num_embeddings, embedding_dim, padding_idx, norm_eps):
        super().__init__(num_embeddings, embedding_dim, padding_idx)
        self.embed_norm = Inkling2RMSNorm(embedding_dim, eps=norm_eps)

class Inkling2TextModel(Inkling2PreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.padding_idx = config.pad_token_id
        self.vocab_size = config.vocab_size
        self.embed_tokens = Inkling2NormedEmbedding(config.vocab_size, config.hidden_size, self.padding_idx, config.rms_norm_eps)
        self.layers = nn.ModuleList([Inkling2SlidingDecoderLayer(config, layer_idx) if config.layer_types[layer_idx] == 'hybrid_sliding' else Inkling2FullDecoderLayer(config, layer_idx) for layer_idx in range(config.num_hidden_layers)])
        self.norm = Inkling2RMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.gradient_checkpointing = False
        self.final_input = Inkling2BlockAttentionResidual(config)
        self.post_init()

class Inkling2ForCausalLM(Inkling2PreTrainedModel, GenerationMixin):
    _tied_weights_keys = {}

    def __init__(self, config):
        super().__init__(config)
        self.model = Inkling2TextModel(config)
        self.vocab_size = config.vocab_size
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.logit_softcap = Inkling2Softcap(config.final_logit_softcapping)
        self.post_init()

class Inkling2VisionModel(Inkling2PreTrainedModel):
    main_input_name = 'pixel_values'

    def __init__(self, config):
        super().__init__(config)
        self.embeddings = Inkling2VisionEmbeddings(config)
        self.pre_layernorm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.rotary_emb = Inkling2VisionRotaryEmbedding(config)
        self.layers = nn.ModuleList([Inkling2VisionEncoderLayer(config) for _ in range(config.num_hidden_layers)])
        self.merger = Inkling2VisionMerger(config)
        self.post_init()

class Inkling2Model(Inkling2PreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.language_model = Inkling2TextModel(config.text_config)
        self.vision_tower = Inkling2VisionModel(config.vision_config)
        self.post_init()

class Inkling2ForConditionalGeneration(Inkling2PreTrainedModel, GenerationMixin):
    _tied_weights_keys = {}

    def __init__(self, config):
        super().__init__(config)
        self.model = Inkling2Model(config)
        self.lm_head = nn.Linear(config.text_config.hidden_size, config.text_config.vocab_size, bias=False)
        self.logit_softcap = Inkling2Softcap(config.text_config.final_logit_softcapping)
        self.post_init()
