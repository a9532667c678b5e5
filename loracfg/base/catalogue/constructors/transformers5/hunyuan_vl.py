"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): hunyuan_vl. Made by `python -m loracfg.base.transcriber`."""
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig
from .common_modeling_rope_utils import ROPE_INIT_FUNCTIONS
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GenerationMixin, GradientCheckpointingLayer, RopeParameters
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

@strict
class HunYuanVLVisionConfig(PreTrainedConfig):
    model_type = 'hunyuan_vl_vision'
    attribute_map = {'attention_heads': 'num_attention_heads', 'layer_norm_eps': 'rms_norm_eps'}
    hidden_act: str = 'gelu'
    hidden_size: int = 1152
    intermediate_size: int = 4304
    interpolate_mode: str = 'bilinear'
    rms_norm_eps: float = 1e-05
    attention_dropout: float = 0.0
    num_attention_heads: int = 16
    num_key_value_heads: int | None = None
    num_channels: int = 3
    num_hidden_layers: int = 27
    out_hidden_size: int = 4096
    patch_size: int = 16
    spatial_merge_size: int = 2
    temporal_patch_size: int = 1
    img_max_token_num: int = 4096
    max_image_size: int = 2048
    min_image_size: int = 512
    max_vit_seq_len: int = 16384
    text_hidden_size: int = 3072

    def __post_init__(self, **kwargs):
        if not self.num_key_value_heads:
            self.num_key_value_heads = self.num_attention_heads
        super().__post_init__(**kwargs)

@strict
class HunYuanVLTextConfig(PreTrainedConfig):
    model_type = 'hunyuan_vl_text'
    vocab_size: int = 290943
    hidden_size: int = 4096
    intermediate_size: int = 11008
    num_hidden_layers: int = 32
    num_attention_heads: int = 32
    num_key_value_heads: int | None = None
    hidden_act: str = 'silu'
    max_position_embeddings: int = 2048
    initializer_range: float = 0.02
    rms_norm_eps: float = 1e-05
    use_cache: bool = True
    pad_token_id: int | None = 0
    bos_token_id: int | None = 1
    eos_token_id: int | list[int] | None = 2
    eod_token_id: int | None = 3
    pretraining_tp: int = 1
    tie_word_embeddings: bool = True
    rope_parameters: RopeParameters | dict | None = None
    attention_bias: bool = False
    attention_dropout: float | int = 0.0
    head_dim: int | None = None
    ignore_keys_at_rope_validation = {'alpha', 'beta_fast', 'beta_slow', 'mscale', 'mscale_all_dim', 'mrope_section'}
    attribute_map = {'attention_head_dim': 'head_dim', 'org_vocab_size': 'vocab_size', 'pad_id': 'pad_token_id'}
    sep_token_id: int | None = 4

    def __post_init__(self, **kwargs):
        if self.num_key_value_heads is None:
            self.num_key_value_heads = self.num_attention_heads
        super().__post_init__(**kwargs)
        rope_parameters = getattr(self, 'rope_parameters', None)
        head_dim = self.head_dim if self.head_dim is not None else self.hidden_size // self.num_attention_heads
        self._validate_mrope_section(rope_parameters, head_dim)

    @staticmethod
    def _normalize_mrope_section_alias(rope_parameters):
        if not rope_parameters:
            return
        legacy_section = rope_parameters.pop('xdrope_section', None)
        if legacy_section is None:
            return
        mrope_section = rope_parameters.get('mrope_section')
        if mrope_section is not None:
            legacy_values = [float(section) for section in legacy_section]
            mrope_values = [float(section) for section in mrope_section]
            if legacy_values != mrope_values:
                raise ValueError(f'`rope_parameters` contains both `mrope_section` and legacy `xdrope_section`, but they differ: mrope_section={mrope_section}, xdrope_section={legacy_section}.')
            return
        rope_parameters['mrope_section'] = legacy_section

    @staticmethod
    def _validate_mrope_section(rope_parameters, head_dim):
        if not rope_parameters or rope_parameters.get('mrope_section') is None:
            return
        mrope_section = rope_parameters['mrope_section']
        section_values = [float(section) for section in mrope_section]
        section_ints = [int(section) for section in section_values]
        expected_sum = head_dim // 2
        if not all((value.is_integer() for value in section_values)) or sum(section_ints) != expected_sum:
            raise ValueError(f'Illegal mrope partition: expected half-head sections summing to {expected_sum}, got {section_ints}')
        rope_parameters['mrope_section'] = section_ints

    def convert_rope_params_to_dict(self, **kwargs):
        kwargs = super().convert_rope_params_to_dict(**kwargs)
        rope_parameters = getattr(self, 'rope_parameters', None)
        if not rope_parameters:
            return kwargs
        self._normalize_mrope_section_alias(rope_parameters)
        rope_type = rope_parameters.get('rope_type', rope_parameters.get('type', 'default'))
        if rope_type == 'xdrope':
            rope_type = 'dynamic'
        rope_parameters['rope_type'] = rope_type
        if 'type' in rope_parameters:
            rope_parameters['type'] = rope_type
        return kwargs

@strict
class HunYuanVLConfig(PreTrainedConfig):
    model_type = 'hunyuan_vl'
    sub_configs_defaults = {'vision_config': HunYuanVLVisionConfig, 'text_config': HunYuanVLTextConfig}
    text_config: dict | PreTrainedConfig | None = None
    vision_config: dict | PreTrainedConfig | None = None
    image_token_id: int = 120120
    tie_word_embeddings: bool = True
    im_start_id: int = 120118
    im_end_id: int = 120119
    im_newline_id: int = 120121

    def __post_init__(self, **kwargs):
        if self.text_config is None:
            text_config_class = self.sub_configs_defaults['text_config'].config_class
            text_keys = set(text_config_class.__dataclass_fields__) | set(text_config_class.attribute_map) | {'rope_scaling', 'rope_theta'}
            self.text_config = {key: kwargs.pop(key) for key in list(kwargs) if key in text_keys}
        super().__post_init__(**kwargs)
        self.vision_config.text_hidden_size = self.text_config.hidden_size
        if not self.tie_word_embeddings and getattr(self.text_config, 'tie_word_embeddings', False):
            self.tie_word_embeddings = True

class HunYuanVLRMSNorm(nn.Module):

    def __init__(self, hidden_size, eps=1e-06):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(hidden_size))
        self.variance_epsilon = eps

class HunYuanVLRotaryEmbedding(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.max_seq_len_cached = config.max_position_embeddings
        self.original_max_seq_len = config.max_position_embeddings
        self.config = config
        self.rope_type = self.config.rope_parameters['rope_type']
        if self.rope_type == 'dynamic' and self.config.rope_parameters.get('alpha'):
            self.rope_type = 'ntk_alpha'
        rope_init_fn = self.compute_default_rope_parameters
        if self.rope_type == 'ntk_alpha':
            rope_init_fn = self.compute_ntk_alpha_rope_parameters
        elif self.rope_type != 'default':
            rope_init_fn = ROPE_INIT_FUNCTIONS[self.rope_type]
        inv_freq, self.attention_scaling = rope_init_fn(self.config)
        self.inv_freq = nn.Buffer(inv_freq, persistent=False)
        self.original_inv_freq = nn.Buffer(inv_freq.clone(), persistent=False)
        self.mrope_section = config.rope_parameters.get('mrope_section')

    @staticmethod
    def compute_default_rope_parameters(config, **kwargs):
        base = config.rope_parameters['rope_theta']
        dim = getattr(config, 'head_dim', None) or config.hidden_size // config.num_attention_heads
        attention_factor = 1.0
        inv_freq = 1.0 / base ** (torch.arange(0, dim, 2, dtype=torch.float) / dim)
        return (inv_freq, attention_factor)

    @staticmethod
    def compute_ntk_alpha_rope_parameters(config, **kwargs):
        dim = config.head_dim
        base = config.rope_parameters['rope_theta'] * config.rope_parameters['alpha'] ** (dim / (dim - 2))
        attention_factor = 1.0
        inv_freq = 1.0 / base ** (torch.arange(0, dim, 2, dtype=torch.float) / dim)
        return (inv_freq, attention_factor)

class HunYuanVLVisionMLP(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.activation_fn = ACT2FN[config.hidden_act]
        self.fc1 = nn.Linear(config.hidden_size, config.intermediate_size)
        self.fc2 = nn.Linear(config.intermediate_size, config.hidden_size)

class HunYuanVLVisionPatchEmbed(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.embed_dim = config.hidden_size
        self.patch_size = config.patch_size
        self.patch_embedding = nn.Conv2d(in_channels=config.num_channels, out_channels=self.embed_dim, kernel_size=self.patch_size, stride=self.patch_size, bias=True)
        self.max_num_patches = (config.max_image_size // self.patch_size) ** 2
        self.num_positions = self.max_num_patches + 1
        self.position_edge = config.max_image_size // self.patch_size
        self.position_embedding = nn.Embedding(self.num_positions, self.embed_dim)

class HunYuanVLVisionPatchMerger(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.spatial_merge_size = config.spatial_merge_size
        self.proj_conv = nn.Conv2d(config.hidden_size, config.hidden_size * 2, kernel_size=config.spatial_merge_size, stride=config.spatial_merge_size)
        self.proj_act = ACT2FN[config.hidden_act]
        self.proj_out = nn.Conv2d(config.hidden_size * 2, config.hidden_size * 4, kernel_size=1)
        self.mlp = nn.Linear(config.hidden_size * 4, config.text_hidden_size)
        self.image_newline = nn.Parameter(torch.empty(config.hidden_size * 4))
        self.image_begin = nn.Parameter(torch.empty(config.text_hidden_size))
        self.image_end = nn.Parameter(torch.empty(config.text_hidden_size))
        self.image_sep = nn.Parameter(torch.empty(config.text_hidden_size))
        self.before_rms = HunYuanVLRMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.after_rms = HunYuanVLRMSNorm(config.text_hidden_size, eps=config.rms_norm_eps)

class HunYuanVLVisionAttention(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.embed_dim = config.hidden_size
        self.num_heads = config.attention_heads
        self.head_dim = getattr(config, 'head_dim', self.embed_dim // self.num_heads)
        self.scaling = self.head_dim ** (-0.5)
        self.num_key_value_groups = 1
        self.q_proj = nn.Linear(self.embed_dim, self.num_heads * self.head_dim, bias=True)
        self.k_proj = nn.Linear(self.embed_dim, self.num_heads * self.head_dim, bias=True)
        self.v_proj = nn.Linear(self.embed_dim, self.num_heads * self.head_dim, bias=True)
        self.o_proj = nn.Linear(self.num_heads * self.head_dim, self.embed_dim, bias=True)
        self.is_causal = False

class HunYuanVLVisionBlock(GradientCheckpointingLayer):

    def __init__(self, config):
        super().__init__()
        self.embed_dim = config.hidden_size
        self.layer_norm1 = nn.LayerNorm(self.embed_dim, eps=config.layer_norm_eps)
        self.self_attn = HunYuanVLVisionAttention(config)
        self.layer_norm2 = nn.LayerNorm(self.embed_dim, eps=config.layer_norm_eps)
        self.mlp = HunYuanVLVisionMLP(config)

class HunYuanVLDenseV1Attention(nn.Module):

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
        self.query_layernorm = HunYuanVLRMSNorm(self.head_dim, eps=config.rms_norm_eps)
        self.key_layernorm = HunYuanVLRMSNorm(self.head_dim, eps=config.rms_norm_eps)
        rope_parameters = getattr(config, 'rope_parameters', None) or {}
        self.mrope_section = rope_parameters.get('mrope_section')

class HunYuanVLMLP(nn.Module):

    def __init__(self, config, layer_idx=None, is_shared_mlp=False):
        super().__init__()
        self.config = config
        self.hidden_size = config.hidden_size
        self.intermediate_size = config.intermediate_size
        self.gate_proj = nn.Linear(self.hidden_size, self.intermediate_size, bias=False)
        self.up_proj = nn.Linear(self.hidden_size, self.intermediate_size, bias=False)
        self.down_proj = nn.Linear(self.intermediate_size, self.hidden_size, bias=False)
        self.act_fn = ACT2FN[config.hidden_act]
        self.layer_idx = layer_idx

class HunYuanVLDenseV1DecoderLayer(GradientCheckpointingLayer):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.hidden_size = config.hidden_size
        self.self_attn = HunYuanVLDenseV1Attention(config=config, layer_idx=layer_idx)
        self.mlp = HunYuanVLMLP(config)
        self.input_layernorm = HunYuanVLRMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.post_attention_layernorm = HunYuanVLRMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.layer_idx = layer_idx

class HunYuanVLPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = True

class HunYuanVLVisionTransformer(HunYuanVLPreTrainedModel):
    main_input_name = 'pixel_values'

    def __init__(self, config):
        super().__init__(config)
        self.embeddings = HunYuanVLVisionPatchEmbed(config)
        self.layers = nn.ModuleList([HunYuanVLVisionBlock(config) for _ in range(config.num_hidden_layers)])
        self.patch_merger = HunYuanVLVisionPatchMerger(config)
        self.gradient_checkpointing = False
        self.post_init()

class HunYuanVLTextModel(HunYuanVLPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.padding_idx = config.pad_token_id
        self.vocab_size = config.vocab_size
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size, self.padding_idx)
        self.layers = nn.ModuleList([HunYuanVLDenseV1DecoderLayer(config, layer_idx) for layer_idx in range(config.num_hidden_layers)])
        self.norm = HunYuanVLRMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.rotary_emb = HunYuanVLRotaryEmbedding(config=config)
        self.gradient_checkpointing = False
        self.post_init()

class HunYuanVLModel(HunYuanVLPreTrainedModel):
    base_model_prefix = 'model'

    def __init__(self, config):
        super().__init__(config)
        self.language_model = HunYuanVLTextModel._from_config(config.text_config)
        self.rope_deltas = None
        self.vision_tower = HunYuanVLVisionTransformer(config.vision_config)
        self.post_init()

class HunYuanVLForConditionalGeneration(HunYuanVLPreTrainedModel, GenerationMixin):
    _tied_weights_keys = {'lm_head.weight': 'model.language_model.embed_tokens.weight'}

    def __init__(self, config):
        super().__init__(config)
        self.model = HunYuanVLModel(config)
        self.lm_head = nn.Linear(config.text_config.hidden_size, config.text_config.vocab_size, bias=False)
        self.vocab_size = config.text_config.vocab_size
        self.post_init()
