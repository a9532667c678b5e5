"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): mistral_large4. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_rope_utils import ROPE_INIT_FUNCTIONS
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GenerationMixin, GradientCheckpointingLayer, use_experts_implementation
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
import math

@strict
class MistralLarge4TextConfig(PreTrainedConfig):
    model_type = 'mistral_large4_text'
    attribute_map = {'num_local_experts': 'n_routed_experts'}
    vocab_size: int = 204800
    hidden_size: int = 6144
    intermediate_size: int = 24576
    moe_intermediate_size: int = 6144
    num_hidden_layers: int = 72
    num_attention_heads: int = 64
    num_key_value_heads: int = 64
    n_shared_experts: int = 1
    n_routed_experts: int = 128
    output_router_logits: bool = False
    routed_scaling_factor: float = 1.0
    kv_lora_rank: int = 512
    qk_rope_head_dim: int = 64
    v_head_dim: int = 128
    qk_nope_head_dim: int = 64
    n_group: int = 1
    topk_group: int = 1
    num_experts_per_tok: int = 4
    hidden_act: str = 'silu'
    max_position_embeddings: int = 1048576
    initializer_range: float = 0.02
    rms_norm_eps: float = 1e-05
    use_cache: bool = True
    pad_token_id: int | None = None
    bos_token_id: int | None = 1
    eos_token_id: int | list[int] | None = 2
    tie_word_embeddings: bool = False
    rope_parameters: dict | None = None
    mlp_layer_types: list[str] | None = None
    attention_bias: bool = False
    attention_dropout: float | int = 0.0
    index_topk: int = 2048
    index_head_dim: int = 128
    index_n_heads: int = 32
    head_dim: int = 64
    first_k_dense_replace: int = 1
    layer_types: list[str] | None = None
    indexer_types: list[str] | None = None
    no_rope_layers: list[int] | None = None
    kv_source_layers: list[int] | None = None
    final_logit_softcapping: float = 30.0

    def __post_init__(self, **kwargs):
        if self.rope_parameters is None:
            self.rope_parameters = {'rope_type': 'yarn', 'rope_theta': 10000.0, 'factor': 2048.0, 'original_max_position_embeddings': 512, 'beta_fast': 32.0, 'beta_slow': 1.0, 'attention_factor': 1.0}
        if self.no_rope_layers is None:
            no_rope_layer_interval = kwargs.pop('no_rope_layer_interval', 4)
            self.no_rope_layers = [int((layer_idx + 1) % no_rope_layer_interval != 0) for layer_idx in range(self.num_hidden_layers)]
        if self.kv_source_layers is None:
            self.kv_source_layers = list(range(self.num_hidden_layers))
        if self.indexer_types is None:
            pattern = kwargs.get('index_topk_pattern')
            if pattern is not None:
                self.indexer_types = [{'F': 'full', 'S': 'shared'}[c] for c in pattern] if isinstance(pattern, str) else list(pattern)
            else:
                freq = max(kwargs.get('index_topk_freq', 1), 1)
                offset = kwargs.get('index_skip_topk_offset', 2)
                self.indexer_types = ['full' if max(i - offset + 1, 0) % freq == 0 else 'shared' for i in range(self.num_hidden_layers)]
        self.qk_head_dim = self.qk_nope_head_dim + self.qk_rope_head_dim
        self.head_dim = self.qk_rope_head_dim
        if self.mlp_layer_types is None:
            n_dense = min(self.first_k_dense_replace, self.num_hidden_layers)
            self.mlp_layer_types = ['dense'] * n_dense + ['sparse'] * (self.num_hidden_layers - n_dense)
        if self.layer_types is None:
            self.layer_types = ['indexed_attention'] * self.num_hidden_layers
        if (num_experts := kwargs.get('num_experts')) is not None:
            self.n_routed_experts = num_experts
        super().__post_init__(**kwargs)

    def validate_architecture(self):
        if len(self.kv_source_layers) != self.num_hidden_layers:
            raise ValueError(f'`kv_source_layers` must have one entry per layer ({self.num_hidden_layers}), got {len(self.kv_source_layers)}.')
        for layer_idx, source in enumerate(self.kv_source_layers):
            if source > layer_idx or self.kv_source_layers[source] != source:
                raise ValueError(f'Layer {layer_idx} must share KV with an earlier layer that owns its cache, got {source}.')
        super().validate_architecture()

    @property
    def kv_sharing_modes(self):
        kv_sharing_modes = [None if i == self.kv_source_layers[i] else 'reuse' for i in range(self.num_hidden_layers)]
        for i in range(self.num_hidden_layers):
            if kv_sharing_modes[i] == 'reuse' and self.indexer_types[i] != 'shared':
                kv_sharing_modes[i] = 'reuse_but_indexer'
        producers = [i for i in range(self.num_hidden_layers) if i in self.kv_source_layers[i + 1:]]
        for producer_index in producers:
            kv_sharing_modes[producer_index] = 'store'
        return kv_sharing_modes

@strict
class MistralLarge4Config(PreTrainedConfig):
    model_type = 'mistral_large4'
    attribute_map = {'image_token_id': 'image_token_index'}
    sub_configs_defaults = {'text_config': MistralLarge4TextConfig, 'vision_config': SubConfigSpec(config_class=AutoConfig, model_type='pixtral', init_kwargs={'hidden_size': 2048, 'intermediate_size': 6144, 'num_hidden_layers': 30, 'num_attention_heads': 16, 'patch_size': 14, 'image_size': 1540, 'hidden_act': 'silu'})}
    vision_config: dict | PreTrainedConfig | None = None
    text_config: dict | PreTrainedConfig | None = None
    image_token_index: int = 10
    projector_hidden_act: str = 'gelu'
    vision_feature_layer: int | list[int] = -1
    multimodal_projector_bias: bool = False
    spatial_merge_size: int = 2
    tie_word_embeddings: bool = False

class MistralLarge4RMSNorm(nn.Module):

    def __init__(self, hidden_size, eps=1e-06):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(hidden_size))
        self.variance_epsilon = eps

class MistralLarge4TextRotaryEmbedding(nn.Module):

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
        self.alpha = nn.Buffer(torch.zeros_like(self.inv_freq))

    @staticmethod
    def compute_default_rope_parameters(config, **kwargs):
        base = config.rope_parameters['rope_theta']
        dim = getattr(config, 'head_dim', None) or config.hidden_size // config.num_attention_heads
        attention_factor = 1.0
        inv_freq = 1.0 / base ** (torch.arange(0, dim, 2, dtype=torch.float) / dim)
        return (inv_freq, attention_factor)

class MistralLarge4TextSoftmaxScaling(nn.Module):

    def __init__(self, num_heads):
        super().__init__()
        self.scale = nn.Parameter(torch.empty(num_heads))
        self.bias = nn.Parameter(torch.empty(num_heads))

class MistralLarge4TextIndexer(nn.Module):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.config = config
        self.layer_idx = layer_idx
        self.hidden_size = config.hidden_size
        self.n_heads = config.index_n_heads
        self.head_dim = config.index_head_dim
        self.qk_rope_head_dim = config.qk_rope_head_dim
        self.index_topk = config.index_topk
        self.wq_b = nn.Linear(config.hidden_size, self.n_heads * self.head_dim, bias=False)
        self.wk = nn.Linear(self.hidden_size, self.head_dim, bias=False)
        self.k_norm = nn.LayerNorm(self.head_dim, eps=1e-06)
        self.weights_proj = nn.Linear(self.hidden_size, self.n_heads, bias=False)
        self.softmax_scale = self.head_dim ** (-0.5)
        self.q_input_norm = nn.LayerNorm(config.hidden_size, eps=1e-06)
        self.softmax_scaling = MistralLarge4TextSoftmaxScaling(self.n_heads)
        self.use_rope = config.no_rope_layers[layer_idx]

def yarn_get_mscale(scale=1, mscale=1):
    if scale <= 1:
        return 1.0
    return 0.1 * mscale * math.log(scale) + 1.0

def yarn_apply_mscale(rope_parameters, scaling):
    if rope_parameters.get('rope_type', 'default') != 'default':
        mscale_all_dim = rope_parameters.get('mscale_all_dim', 0)
        if mscale_all_dim:
            mscale = yarn_get_mscale(rope_parameters['factor'], mscale_all_dim)
            scaling = scaling * mscale * mscale
    return scaling

class MistralLarge4TextAttention(nn.Module):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.use_rope = config.no_rope_layers[layer_idx]
        self.is_kv_shared_layer = config.kv_sharing_modes[layer_idx] in ('reuse', 'reuse_but_indexer')
        self.store_full_length_kv = config.kv_sharing_modes[layer_idx] == 'store'
        self.config = config
        self.layer_idx = layer_idx
        self.attention_dropout = config.attention_dropout
        self.hidden_size = config.hidden_size
        self.num_heads = config.num_attention_heads
        self.qk_rope_head_dim = config.qk_rope_head_dim if self.use_rope else 0
        self.kv_lora_rank = config.kv_lora_rank
        self.v_head_dim = config.v_head_dim
        self.qk_nope_head_dim = config.qk_nope_head_dim + (0 if self.use_rope else config.qk_rope_head_dim)
        self.qk_head_dim = config.qk_nope_head_dim + config.qk_rope_head_dim
        self.num_key_value_groups = config.num_attention_heads // config.num_key_value_heads
        self.is_causal = True
        self.kv_a_proj_with_mqa = nn.Linear(self.hidden_size, config.kv_lora_rank + self.qk_rope_head_dim, bias=config.attention_bias) if not self.is_kv_shared_layer else None
        self.kv_a_layernorm = MistralLarge4RMSNorm(config.kv_lora_rank, eps=config.rms_norm_eps) if not self.is_kv_shared_layer else None
        self.kv_b_proj = nn.Linear(config.kv_lora_rank, self.num_heads * (self.qk_nope_head_dim + self.v_head_dim), bias=False)
        self.o_proj = nn.Linear(self.num_heads * self.v_head_dim, self.hidden_size, bias=config.attention_bias)
        self.scaling = yarn_apply_mscale(config.rope_parameters, self.qk_head_dim ** (-0.5))
        self.skip_topk = config.indexer_types[layer_idx] == 'shared'
        self.indexer = None if self.skip_topk else MistralLarge4TextIndexer(config, layer_idx)
        self.q_proj = nn.Linear(self.hidden_size, self.num_heads * self.qk_head_dim, bias=False)
        self.softmax_scaling = MistralLarge4TextSoftmaxScaling(self.num_heads)

class MistralLarge4TextMLP(nn.Module):

    def __init__(self, config, intermediate_size=None):
        super().__init__()
        self.config = config
        self.hidden_size = config.hidden_size
        self.intermediate_size = config.intermediate_size if intermediate_size is None else intermediate_size
        self.gate_proj = nn.Linear(self.hidden_size, self.intermediate_size, bias=False)
        self.up_proj = nn.Linear(self.hidden_size, self.intermediate_size, bias=False)
        self.down_proj = nn.Linear(self.intermediate_size, self.hidden_size, bias=False)
        self.act_fn = ACT2FN[config.hidden_act]

class MistralLarge4TextTopkRouter(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.top_k = config.num_experts_per_tok
        self.num_experts = config.num_local_experts
        self.hidden_dim = config.hidden_size
        self.weight = nn.Parameter(torch.zeros(self.num_experts, self.hidden_dim))
        self.routed_scaling_factor = config.routed_scaling_factor
        self.num_group = config.n_group
        self.topk_group = config.topk_group

@use_experts_implementation
class MistralLarge4TextExperts(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.num_experts = config.num_local_experts
        self.hidden_dim = config.hidden_size
        self.intermediate_dim = config.moe_intermediate_size
        self.gate_up_proj = nn.Parameter(torch.empty(self.num_experts, 2 * self.intermediate_dim, self.hidden_dim))
        self.down_proj = nn.Parameter(torch.empty(self.num_experts, self.hidden_dim, self.intermediate_dim))
        self.act_fn = ACT2FN[config.hidden_act]

class MistralLarge4TextMoE(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.experts = MistralLarge4TextExperts(config)
        self.gate = MistralLarge4TextTopkRouter(config)
        self.shared_experts = MistralLarge4TextMLP(config=config, intermediate_size=config.moe_intermediate_size * config.n_shared_experts)

class MistralLarge4TextDecoderLayer(GradientCheckpointingLayer):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.hidden_size = config.hidden_size
        self.self_attn = MistralLarge4TextAttention(config, layer_idx)
        self.mlp = MistralLarge4TextMoE(config) if config.mlp_layer_types[layer_idx] == 'sparse' else MistralLarge4TextMLP(config)
        self.input_layernorm = MistralLarge4RMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.post_attention_layernorm = MistralLarge4RMSNorm(config.hidden_size, eps=config.rms_norm_eps)

class MistralLarge4PreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = True
    _keep_in_fp32_modules_strict = ['rotary_emb', 'mlp.gate.weight']
    _keys_to_ignore_on_load_unexpected = ['mtp_dspark\\..*']
    _keep_in_fp32_modules = ['indexer.weights_proj']

class MistralLarge4TextModel(MistralLarge4PreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.padding_idx = config.pad_token_id
        self.vocab_size = config.vocab_size
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size, self.padding_idx)
        self.layers = nn.ModuleList([MistralLarge4TextDecoderLayer(config, layer_idx) for layer_idx in range(config.num_hidden_layers)])
        self.norm = MistralLarge4RMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.rotary_emb = MistralLarge4TextRotaryEmbedding(config=config)
        self.gradient_checkpointing = False
        self.post_init()

class MistralLarge4PatchMerger(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        hidden_size = config.vision_config.hidden_size
        self.spatial_merge_size = config.spatial_merge_size
        self.patch_size = self.config.vision_config.patch_size
        self.merging_layer = nn.Linear(hidden_size * self.spatial_merge_size ** 2, hidden_size, bias=False)

class MistralLarge4MultiModalProjector(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.norm = MistralLarge4RMSNorm(config.vision_config.hidden_size, eps=config.text_config.rms_norm_eps)
        self.patch_merger = MistralLarge4PatchMerger(config)
        self.num_feature_layers = 1 if isinstance(config.vision_feature_layer, int) else len(config.vision_feature_layer)
        self.linear_1 = nn.Linear(config.vision_config.hidden_size * self.num_feature_layers, config.text_config.hidden_size, bias=config.multimodal_projector_bias)
        self.act = ACT2FN[config.projector_hidden_act]
        self.linear_2 = nn.Linear(config.text_config.hidden_size, config.text_config.hidden_size, bias=config.multimodal_projector_bias)

class MistralLarge4Model(MistralLarge4PreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.vision_tower = AutoModel.from_config(config.vision_config)
        self.multi_modal_projector = MistralLarge4MultiModalProjector(config)
        self.language_model = AutoModel.from_config(config.text_config)
        self.post_init()

class MistralLarge4ForConditionalGeneration(MistralLarge4PreTrainedModel, GenerationMixin):
    _tied_weights_keys = {'lm_head.weight': 'model.language_model.embed_tokens.weight'}

    def __init__(self, config):
        super().__init__(config)
        self.model = MistralLarge4Model(config)
        self.lm_head = nn.Linear(config.text_config.hidden_size, config.text_config.vocab_size, bias=False)
        self.final_logit_softcapping = self.config.get_text_config().final_logit_softcapping
        self.post_init()

    def get_output_embeddings(self):
        return self.lm_head
