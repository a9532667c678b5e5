"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): lfm3_vl. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GenerationMixin, GradientCheckpointingLayer
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

@strict
class Lfm3VlVisionConfig(PreTrainedConfig):
    model_type = 'lfm3_vl_vision'
    default_rope_type = 'axial'
    hidden_size: int = 1024
    intermediate_size: int = 2560
    in_channels: int = 3
    patch_size: int | list[int] | tuple[int, int] = 16
    spatial_merge_size: int = 2
    temporal_patch_size: int | list[int] | tuple[int, int] = 2
    initializer_range: float = 0.02
    rope_parameters: dict | None = None
    default_theta = 1000000.0
    num_hidden_layers: int = 14
    num_attention_heads: int = 16
    num_key_value_heads: int = 8
    layer_types: list[str] | None = None
    conv_kernel_size: int = 3
    norm_eps: float = 1e-05

    def __post_init__(self, **kwargs):
        if self.layer_types is None:
            self.layer_types = ['conv' if i < 2 or i % 2 else 'full_attention' for i in range(self.num_hidden_layers)]
        super().__post_init__(**kwargs)

@strict
class Lfm3VlConfig(PreTrainedConfig):
    model_type = 'lfm3_vl'
    sub_configs_defaults = {'vision_config': Lfm3VlVisionConfig, 'text_config': SubConfigSpec(config_class=AutoConfig, model_type='lfm3')}
    vision_config: dict | PreTrainedConfig | None = None
    text_config: dict | PreTrainedConfig | None = None
    image_token_id: int = 125030
    video_token_id: int = 125029
    vision_start_token_id: int = 125009
    vision_end_token_id: int = 125010
    projector_hidden_act: str = 'gelu'
    projector_hidden_size: int = 4096
    projector_bias: bool = True
    tie_word_embeddings: bool = True

class Lfm3VlVisionRMSNorm(nn.Module):

    def __init__(self, hidden_size, eps=1e-06):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(hidden_size))
        self.variance_epsilon = eps

class Lfm3VlVisionMLP(nn.Module):

    def __init__(self, config, intermediate_size=None):
        super().__init__()
        self.hidden_size = config.hidden_size
        self.intermediate_size = config.intermediate_size if intermediate_size is None else intermediate_size
        self.w1 = nn.Linear(self.hidden_size, self.intermediate_size, bias=False)
        self.w3 = nn.Linear(self.hidden_size, self.intermediate_size, bias=False)
        self.w2 = nn.Linear(self.intermediate_size, self.hidden_size, bias=False)

class Lfm3VlVisionRotaryEmbedding(nn.Module):

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

class Lfm3VlVisionAttention(nn.Module):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.dim = config.hidden_size
        self.num_heads = config.num_attention_heads
        self.head_dim = self.dim // self.num_heads
        self.num_key_value_groups = config.num_attention_heads // config.num_key_value_heads
        self.scaling = self.head_dim ** (-0.5)
        self.config = config
        self.attention_dropout = 0.0
        self.is_causal = False
        self.num_key_value_heads = config.num_key_value_heads
        self.q_proj = nn.Linear(self.dim, self.num_heads * self.head_dim, bias=False)
        self.k_proj = nn.Linear(self.dim, self.num_key_value_heads * self.head_dim, bias=False)
        self.v_proj = nn.Linear(self.dim, self.num_key_value_heads * self.head_dim, bias=False)
        self.out_proj = nn.Linear(self.num_heads * self.head_dim, self.dim, bias=False)
        self.q_norm = Lfm3VlVisionRMSNorm(self.head_dim, eps=config.norm_eps)
        self.k_norm = Lfm3VlVisionRMSNorm(self.head_dim, eps=config.norm_eps)

class Lfm3VlVisionShortConv(nn.Module):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.spatial_merge_size = config.spatial_merge_size
        self.in_proj = nn.Linear(config.hidden_size, 3 * config.hidden_size, bias=False)
        self.spatial_conv = nn.Conv2d(config.hidden_size, config.hidden_size, kernel_size=config.conv_kernel_size, padding=config.conv_kernel_size // 2, groups=config.hidden_size, bias=False)
        self.out_proj = nn.Linear(config.hidden_size, config.hidden_size, bias=False)

class Lfm3VlVisionLayer(GradientCheckpointingLayer):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.is_attention_layer = config.layer_types[layer_idx] != 'conv'
        if self.is_attention_layer:
            self.self_attn = Lfm3VlVisionAttention(config, layer_idx)
        else:
            self.conv = Lfm3VlVisionShortConv(config, layer_idx)
        self.feed_forward = Lfm3VlVisionMLP(config)
        self.operator_norm = Lfm3VlVisionRMSNorm(config.hidden_size, eps=config.norm_eps)
        self.ffn_norm = Lfm3VlVisionRMSNorm(config.hidden_size, eps=config.norm_eps)

class Lfm3VlPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = True

class Lfm3VlVisionModel(Lfm3VlPreTrainedModel):
    _input_embed_layer = 'patch_embed'

    def __init__(self, config):
        super().__init__(config)
        self.spatial_merge_size = config.spatial_merge_size
        self.patch_embed = nn.Linear(config.in_channels * config.temporal_patch_size * config.patch_size ** 2, config.hidden_size, bias=False)
        self.rotary_pos_emb = Lfm3VlVisionRotaryEmbedding(config)
        self.gradient_checkpointing = False
        self.embedding_norm = Lfm3VlVisionRMSNorm(config.hidden_size, eps=config.norm_eps)
        self.layers = nn.ModuleList([Lfm3VlVisionLayer(config, layer_idx) for layer_idx in range(config.num_hidden_layers)])
        self.post_init()

class Lfm3VlMultiModalProjector(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.merged_hidden_size = config.vision_config.hidden_size * config.vision_config.spatial_merge_size ** 2
        self.layer_norm = nn.LayerNorm(config.vision_config.hidden_size, eps=1e-06)
        self.linear_1 = nn.Linear(self.merged_hidden_size, config.projector_hidden_size, bias=config.projector_bias)
        self.act = ACT2FN[config.projector_hidden_act]
        self.linear_2 = nn.Linear(config.projector_hidden_size, config.text_config.hidden_size, bias=config.projector_bias)

class Lfm3VlModel(Lfm3VlPreTrainedModel):
    base_model_prefix = 'model'

    def __init__(self, config):
        super().__init__(config)
        self.language_model = AutoModel.from_config(config.text_config)
        self.vision_tower = AutoModel.from_config(config.vision_config)
        self.multi_modal_projector = Lfm3VlMultiModalProjector(config)
        self.post_init()

class Lfm3VlForConditionalGeneration(Lfm3VlPreTrainedModel, GenerationMixin):
    _tied_weights_keys = {'lm_head.weight': 'model.language_model.embed_tokens.weight'}

    def __init__(self, config):
        super().__init__(config)
        self.model = Lfm3VlModel(config)
        self.lm_head = nn.Linear(config.text_config.hidden_size, config.text_config.vocab_size, bias=False)
        self.post_init()
