"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): inkling. Made by `python -m loracfg.base.transcriber`."""
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GenerationMixin, GradientCheckpointingLayer, use_experts_implementation
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
from loracfg.base.catalogue.stand_ins.unknown import Foreign
import math

@strict
class InklingTextConfig(PreTrainedConfig):
    model_type = 'inkling_text'
    attribute_map = {'embedding_multiplier': 'logits_mup_width_multiplier', 'sliding_window': 'sliding_window_size', 'num_local_experts': 'n_routed_experts', 'sconv_kernel_size': 'conv_kernel_size', 'model_max_length': 'max_position_embeddings'}
    vocab_size: int = 201024
    unpadded_vocab_size: int | None = None
    hidden_size: int = 6144
    num_hidden_layers: int = 66
    num_attention_heads: int = 64
    num_key_value_heads: int = 8
    head_dim: int = 128
    swa_num_attention_heads: int = 64
    swa_num_key_value_heads: int = 16
    swa_head_dim: int = 128
    sliding_window_size: int = 512
    d_rel: int = 16
    rel_extent: int = 1024
    log_scaling_n_floor: int | None = None
    log_scaling_alpha: float = 0.1
    local_layer_ids: list[int] | None = None
    layer_types: list[str] | None = None
    max_position_embeddings: int = 131072
    rms_norm_eps: float = 1e-06
    conv_kernel_size: int = 4
    mlp_layer_types: list[str] | None = None
    intermediate_size: int = 24576
    hidden_act: str = 'silu'
    moe_intermediate_size: int = 3072
    n_routed_experts: int = 256
    num_experts_per_tok: int = 6
    n_shared_experts: int = 2
    shared_expert_sink: bool = True
    route_scale: float = 8.0
    logits_mup_width_multiplier: float = 24.0
    rms_norm_eps_moe_gate: float = 1e-06
    attention_dropout: float = 0.0
    initializer_range: float = 0.02
    pad_token_id: int | None = None
    bos_token_id: int | None = 1
    eos_token_id: int | None = 2
    num_mtp_layers: int | None = None
    chain_hidden_post_norm: bool = False
    mtp_hidden_states_first: bool = True
    mtp_local_layer_ids: list[int] | None = None

    def __post_init__(self, **kwargs):
        if self.layer_types is None:
            if self.local_layer_ids is not None:
                local_layer_ids = set(self.local_layer_ids)
            else:
                local_layer_ids = {i for i in range(self.num_hidden_layers) if (i + 1) % 6}
            self.layer_types = ['hybrid_sliding' if i in local_layer_ids else 'hybrid' for i in range(self.num_hidden_layers)]
        if self.mlp_layer_types is None:
            dense_mlp_idx = kwargs.pop('dense_mlp_idx', 0)
            self.mlp_layer_types = ['dense' if i < dense_mlp_idx else 'sparse' for i in range(self.num_hidden_layers)]
        if kwargs.get('dense_intermediate_size') is not None:
            self.moe_intermediate_size = self.intermediate_size
            self.intermediate_size = kwargs.pop('dense_intermediate_size')
        self.number_of_conv_states = 4
        super().__post_init__(**kwargs)

    @property
    def mtp_layer_types(self):
        if self.num_mtp_layers is not None:
            if self.mtp_local_layer_ids is None:
                return ['hybrid'] * self.num_mtp_layers
            else:
                return ['hybrid_sliding' if i in self.mtp_local_layer_ids else 'hybrid' for i in range(self.num_mtp_layers)]
        return None

    @property
    def mtp_mlp_layer_types(self):
        if self.num_mtp_layers is not None:
            return ['dense'] * self.num_mtp_layers
        return None

@strict
class InklingAudioConfig(PreTrainedConfig):
    model_type = 'inkling_audio'
    attribute_map = {'num_codebooks': 'n_mel_bins', 'codebook_size': 'mel_vocab_size', 'hidden_size': 'text_hidden_size'}
    n_mel_bins: int = 80
    mel_vocab_size: int = 256
    text_hidden_size: int = 6144
    rms_norm_eps: float = 1e-06
    initializer_range: float = 0.02

@strict
class InklingVisionConfig(PreTrainedConfig):
    model_type = 'inkling_vision'
    attribute_map = {'num_hidden_layers': 'n_layers'}
    text_hidden_size: int = 6144
    patch_size: int = 40
    temporal_patch_size: int = 2
    num_channels: int = 3
    hidden_size: int = 1024
    num_hidden_layers: int = 24
    num_attention_heads: int = 16
    rms_norm_eps: float = 1e-06
    initializer_range: float = 0.02

@strict
class InklingConfig(PreTrainedConfig):
    model_type = 'inkling_mm_model'
    sub_configs_defaults = {'text_config': InklingTextConfig, 'vision_config': InklingVisionConfig, 'audio_config': InklingAudioConfig}
    text_config: InklingTextConfig | dict | None = None
    audio_config: InklingAudioConfig | dict | None = None
    vision_config: InklingVisionConfig | dict | None = None
    image_token_id: int = 200054
    audio_token_id: int = 200053
    image_bos_token_id: int = 200005
    audio_bos_token_id: int = 200020

    def __post_init__(self, **kwargs):
        mtp_config = kwargs.get('mtp_config') or {}
        if isinstance(self.text_config, dict):
            self.text_config.setdefault('num_mtp_layers', mtp_config.get('num_nextn_predict_layers'))
            self.text_config.setdefault('chain_hidden_post_norm', mtp_config.get('chain_hidden_post_norm', False))
            self.text_config.setdefault('mtp_local_layer_ids', mtp_config.get('local_layer_ids'))
        super().__post_init__(**kwargs)
        self.vision_config.text_hidden_size = self.text_config.hidden_size
        self.audio_config.text_hidden_size = self.text_config.hidden_size

class InklingRMSNorm(nn.Module):

    def __init__(self, hidden_size, eps=1e-06):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(hidden_size))
        self.variance_epsilon = eps

class InklingRelativeLogits(nn.Module):

    def __init__(self, d_rel, rel_extent):
        super().__init__()
        self.rel_extent = rel_extent
        self.proj = nn.Parameter(torch.empty(d_rel, rel_extent))

class InklingAttention(nn.Module):

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
        self.scaling = 1.0 / self.head_dim
        self.attention_dropout = config.attention_dropout
        self.is_causal = True
        self.q_proj = nn.Linear(config.hidden_size, self.num_heads * self.head_dim, bias=False)
        self.k_proj = nn.Linear(config.hidden_size, self.num_key_value_heads * self.head_dim, bias=False)
        self.v_proj = nn.Linear(config.hidden_size, self.num_key_value_heads * self.head_dim, bias=False)
        self.r_proj = nn.Linear(config.hidden_size, self.num_heads * config.d_rel, bias=False)
        self.o_proj = nn.Linear(self.num_heads * self.head_dim, config.hidden_size, bias=False)
        self.k_sconv = InklingShortConvolution(self.num_key_value_heads * self.head_dim, config.sconv_kernel_size, layer_idx, conv_idx=0)
        self.v_sconv = InklingShortConvolution(self.num_key_value_heads * self.head_dim, config.sconv_kernel_size, layer_idx, conv_idx=1)
        self.q_norm = InklingRMSNorm(self.head_dim, eps=config.rms_norm_eps)
        self.k_norm = InklingRMSNorm(self.head_dim, eps=config.rms_norm_eps)
        self.rel_logits_proj = InklingRelativeLogits(config.d_rel, self.rel_extent)

class InklingMLP(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.hidden_size = config.hidden_size
        self.intermediate_size = config.intermediate_size
        self.gate_proj = nn.Linear(self.hidden_size, self.intermediate_size, bias=False)
        self.up_proj = nn.Linear(self.hidden_size, self.intermediate_size, bias=False)
        self.down_proj = nn.Linear(self.intermediate_size, self.hidden_size, bias=False)
        self.act_fn = ACT2FN[config.hidden_act]
        self.global_scale = nn.Parameter(torch.ones(1))

@use_experts_implementation
class InklingExperts(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.num_experts = config.n_routed_experts
        self.hidden_dim = config.hidden_size
        self.intermediate_dim = config.moe_intermediate_size
        self.gate_up_proj = nn.Parameter(torch.empty(self.num_experts, 2 * self.intermediate_dim, self.hidden_dim))
        self.down_proj = nn.Parameter(torch.empty(self.num_experts, self.hidden_dim, self.intermediate_dim))
        self.act_fn = ACT2FN[config.hidden_act]

class InklingTopkRouter(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.num_experts = config.n_routed_experts
        self.n_shared_experts = config.n_shared_experts
        self.n_total_experts = self.num_experts + self.n_shared_experts
        self.hidden_dim = config.hidden_size
        self.route_scale = config.route_scale
        self.top_k = config.num_experts_per_tok
        self.weight = nn.Parameter(torch.empty(self.n_total_experts, config.hidden_size))
        self.global_scale = nn.Parameter(torch.ones(1))
        self.e_score_correction_bias = nn.Buffer(torch.zeros(self.num_experts))

class InklingSharedExperts(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.n_shared_experts = config.n_shared_experts
        intermediate_dim = config.moe_intermediate_size
        self.gate_proj = nn.Parameter(torch.empty(config.n_shared_experts, intermediate_dim, config.hidden_size))
        self.up_proj = nn.Parameter(torch.empty(config.n_shared_experts, intermediate_dim, config.hidden_size))
        self.down_proj = nn.Parameter(torch.empty(config.n_shared_experts, config.hidden_size, intermediate_dim))
        self.act_fn = ACT2FN[config.hidden_act]

class InklingMoE(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.gate = InklingTopkRouter(config)
        self.experts = InklingExperts(config)
        self.shared_experts = InklingSharedExperts(config)

class InklingShortConvolution(nn.Module):

    def __init__(self, hidden_size, conv_kernel_size, layer_idx, conv_idx):
        super().__init__()
        self.layer_idx = layer_idx
        self.conv_idx = conv_idx
        self.conv_kernel_size = conv_kernel_size
        self.conv1d = nn.Conv1d(in_channels=hidden_size, out_channels=hidden_size, kernel_size=conv_kernel_size, groups=hidden_size, padding=conv_kernel_size - 1, bias=False)

class InklingDecoderLayer(GradientCheckpointingLayer):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.hidden_size = config.hidden_size
        self.self_attn = InklingAttention(config, layer_idx)
        if config.mlp_layer_types[layer_idx] == 'sparse':
            self.mlp = InklingMoE(config)
        else:
            self.mlp = InklingMLP(config)
        self.input_layernorm = InklingRMSNorm(config.hidden_size, config.rms_norm_eps)
        self.post_attention_layernorm = InklingRMSNorm(config.hidden_size, config.rms_norm_eps)
        self.layer_type = config.layer_types[layer_idx]
        self.attn_sconv = InklingShortConvolution(config.hidden_size, config.conv_kernel_size, layer_idx=layer_idx, conv_idx=2)
        self.mlp_sconv = InklingShortConvolution(config.hidden_size, config.conv_kernel_size, layer_idx=layer_idx, conv_idx=3)

class InklingNormedEmbedding(nn.Embedding):

    def __init__(self, num_embeddings, embedding_dim, padding_idx, norm_eps):
        super().__init__(num_embeddings, embedding_dim, padding_idx)
        self.embed_norm = InklingRMSNorm(embedding_dim, eps=norm_eps)

class InklingPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = False
    _keys_to_ignore_on_load_unexpected = ['model\\.mtp\\..*']
    _keep_in_fp32_modules_strict = ['attn_sconv', 'mlp_sconv', 'k_sconv', 'v_sconv', 'e_score_correction_bias', 'gate.global_scale']

class InklingTextModel(InklingPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.padding_idx = config.pad_token_id
        self.vocab_size = config.vocab_size
        self.embed_tokens = InklingNormedEmbedding(config.vocab_size, config.hidden_size, self.padding_idx, config.rms_norm_eps)
        self.layers = nn.ModuleList([InklingDecoderLayer(config, layer_idx) for layer_idx in range(config.num_hidden_layers)])
        self.norm = InklingRMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.gradient_checkpointing = False
        self.post_init()

class InklingForCausalLM(InklingPreTrainedModel, GenerationMixin):
    _tied_weights_keys = {}

    def __init__(self, config):
        super().__init__(config)
        self.model = InklingTextModel(config)
        self.vocab_size = config.vocab_size
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

class InklingAudioModelEmbeddings(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.embed_audio_tokens = nn.Embedding(config.num_codebooks * config.codebook_size, config.hidden_size)
        self.audio_tokens_offsets = nn.Buffer(torch.arange(config.num_codebooks) * config.codebook_size, persistent=False)

class InklingAudioModel(InklingPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.embed_audio_tokens = InklingAudioModelEmbeddings(config)
        self.norm = InklingRMSNorm(config.text_hidden_size, eps=1e-06)

class InklingVisionEncoderLayer(nn.Module):

    def __init__(self, input_dim, output_dim, t_fold, hw_fold, add_norm):
        super().__init__()
        self.projection = nn.Linear(input_dim, output_dim, bias=False)
        if add_norm:
            self.layer_norm = InklingRMSNorm(output_dim)
        self.hw_fold = hw_fold
        self.t_fold = t_fold
        self.add_norm = add_norm

def prime_factors(number):
    factors = []
    while number % 2 == 0:
        factors.append(2)
        number //= 2
    for p in range(3, math.isqrt(number) + 1, 2):
        while number % p == 0:
            factors.append(p)
            number //= p
    if number > 1:
        factors.append(number)
    return factors

def plan_out_scales(temporal_patch_size, patch_size, n_layers, n_channels, device='cpu'):
    h = torch.cumprod(torch.tensor(prime_factors(patch_size)[::-1], device=device), dim=0)
    t = torch.cumprod(torch.tensor(prime_factors(temporal_patch_size)[::-1], device=device), dim=0)
    h_ch = torch.ceil(h ** 2 * n_channels / 64).int() * 64
    t_ch = torch.ceil(h[-1] ** 2 * n_channels * t).int() * 64
    base = torch.tensor([[1, 1, 1, n_channels]], device=device)
    spatial = torch.stack([torch.ones_like(h), h, h, h_ch], dim=1)
    temporal = torch.stack([t, torch.full_like(t, h[-1]), torch.full_like(t, h[-1]), t_ch], dim=1)
    scales = torch.cat([base, spatial, temporal], dim=0)
    size_reduction = torch.prod(scales[:, :-1], dim=1).float()
    total_elements = patch_size * patch_size * temporal_patch_size * n_channels
    log_ideal_scales = torch.linspace(0, torch.log(torch.tensor(total_elements, device=device)), n_layers + 1, device=device)
    cost_matrix = torch.abs(log_ideal_scales.unsqueeze(1) - torch.log(size_reduction).unsqueeze(0))
    if n_layers >= scales.shape[0]:
        idxs = torch.argmin(cost_matrix, dim=1)
    else:
        linear_sum_assignment = Foreign('scipy.optimize.linear_sum_assignment')
        _, idxs_np = linear_sum_assignment(cost_matrix.cpu().numpy())
        idxs = torch.tensor(idxs_np, device=device)
    idxs[0] = 0
    idxs[-1] = scales.shape[0] - 1
    return scales[idxs]

class InklingVisionModel(InklingPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.scales = plan_out_scales(config.temporal_patch_size, config.patch_size, config.num_hidden_layers, config.num_channels)
        self.encoder_layers = nn.ModuleList()
        for i, (start_scale, end_scale) in enumerate(zip(self.scales[:-1], self.scales[1:])):
            shuffle_mult = end_scale[0] // start_scale[0] * (end_scale[1] // start_scale[1]) * (end_scale[2] // start_scale[2])
            output_dim = config.text_hidden_size if i == config.num_hidden_layers - 1 else end_scale[3]
            hw_fold = int(end_scale[1] // start_scale[1])
            t_fold = int(end_scale[0] // start_scale[0])
            self.encoder_layers.append(InklingVisionEncoderLayer(input_dim=start_scale[3] * shuffle_mult, output_dim=output_dim, hw_fold=hw_fold, t_fold=t_fold, add_norm=i != config.num_hidden_layers - 1))
        self.final_norm = InklingRMSNorm(config.text_hidden_size)
        self.post_init()

class InklingModel(InklingPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.vocab_size = config.text_config.vocab_size
        self.language_model = InklingTextModel(config.text_config)
        self.audio_tower = InklingAudioModel(config.audio_config)
        self.vision_tower = InklingVisionModel(config.vision_config)
        self.post_init()

class InklingForConditionalGeneration(InklingPreTrainedModel, GenerationMixin):
    _tied_weights_keys = {}

    def __init__(self, config):
        super().__init__(config)
        self.model = InklingModel(config)
        self.lm_head = nn.Linear(config.text_config.hidden_size, config.text_config.vocab_size, bias=False)
        self.post_init()
