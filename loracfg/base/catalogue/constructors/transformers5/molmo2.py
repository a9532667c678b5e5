"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): molmo2. Made by `python -m loracfg.base.transcriber`."""
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
class Molmo2VisionConfig(PreTrainedConfig):
    model_type = 'molmo2_vision'
    hidden_size: int = 1152
    intermediate_size: int = 4304
    num_hidden_layers: int = 25
    num_attention_heads: int = 16
    num_key_value_heads: int = 16
    head_dim: int = 72
    hidden_act: str = 'gelu_pytorch_tanh'
    layer_norm_eps: float = 1e-06
    image_size: list[int] | None = None
    patch_size: int = 14
    num_position_embeddings: int | None = None
    num_channels: int = 3
    attention_dropout: float = 0.0
    attention_bias: bool = True
    initializer_range: float = 0.02

    def __post_init__(self, **kwargs):
        kwargs.pop('model_type', None)
        self.image_size = kwargs.pop('image_default_input_size', self.image_size)
        self.patch_size = kwargs.pop('image_patch_size', self.patch_size)
        self.num_position_embeddings = kwargs.pop('image_num_pos', self.num_position_embeddings)
        if self.image_size is None:
            self.image_size = [378, 378]
        if self.num_position_embeddings is None:
            self.num_position_embeddings = self.image_size[0] // self.patch_size * (self.image_size[1] // self.patch_size)
        super().__post_init__(**kwargs)

@strict
class Molmo2AdapterConfig(PreTrainedConfig):
    model_type = 'molmo2_adapter'
    vision_feature_layer: list[int] | None = None
    hidden_size: int = 1152
    num_attention_heads: int = 16
    num_key_value_heads: int = 16
    head_dim: int = 72
    attention_dropout: float = 0.0
    attention_bias: bool = True
    hidden_act: str = 'silu'
    intermediate_size: int = 18944
    text_hidden_size: int = 3584
    mlp_bias: bool = False
    initializer_range: float = 0.02

    def __post_init__(self, **kwargs):
        kwargs.pop('model_type', None)
        self.vision_feature_layer = kwargs.pop('vit_layers', self.vision_feature_layer)
        if self.vision_feature_layer is None:
            self.vision_feature_layer = [24, 18]
        super().__post_init__(**kwargs)

@strict
class Molmo2TextConfig(PreTrainedConfig):
    model_type = 'molmo2_text'
    attribute_map = {'qkv_bias': 'attention_bias', 'layer_norm_eps': 'rms_norm_eps'}
    hidden_size: int = 4096
    num_attention_heads: int = 32
    num_key_value_heads: int = 8
    head_dim: int = 128
    vocab_size: int = 151936
    additional_vocab_size: int = 128
    attention_bias: bool = False
    qk_norm_type: str = 'qwen3'
    num_hidden_layers: int = 36
    intermediate_size: int = 12288
    hidden_act: str = 'silu'
    attention_dropout: float = 0.0
    max_position_embeddings: int = 36864
    rope_parameters: RopeParameters | dict | None = None
    rope_scaling_layers: list[int] | None = None
    rms_norm_eps: float = 1e-06
    norm_after: bool = False
    initializer_range: float = 0.02
    use_cache: bool = True
    tie_word_embeddings: bool = False

    def __post_init__(self, **kwargs):
        if self.rope_scaling_layers is None:
            self.rope_scaling_layers = list(range(self.num_hidden_layers))
        super().__post_init__(**kwargs)

    def validate_architecture(self):
        super().validate_architecture()
        if self.qk_norm_type not in ('qwen3', 'olmo'):
            raise ValueError(f'Unsupported `qk_norm_type`: {self.qk_norm_type}')
        if self.additional_vocab_size < 0:
            raise ValueError(f'`additional_vocab_size` must be >= 0, got {self.additional_vocab_size}')

@strict
class Molmo2Config(PreTrainedConfig):
    model_type = 'molmo2'
    attribute_map = {'image_token_id': 'image_patch_id', 'video_token_id': 'image_patch_id'}
    sub_configs_defaults = {'text_config': Molmo2TextConfig, 'vision_config': Molmo2VisionConfig, 'adapter_config': Molmo2AdapterConfig}
    vision_config: dict | PreTrainedConfig | None = None
    adapter_config: dict | PreTrainedConfig | None = None
    text_config: dict | PreTrainedConfig | None = None
    image_start_token_id: int = 151936
    low_res_image_start_token_id: int = 151940
    image_end_token_id: int = 151937
    image_patch_id: int = 151938
    frame_start_token_id: int = 151943
    frame_end_token_id: int = 151944
    initializer_range: float = 0.02
    tie_word_embeddings: bool = False

    def __post_init__(self, **kwargs):
        legacy_vision_config = kwargs.pop('vit_config', None)
        if self.vision_config is None and legacy_vision_config is not None:
            self.vision_config = legacy_vision_config
        super().__post_init__(**kwargs)
        if legacy_vision_config is not None:
            num_vit_layers = self.vision_config.num_hidden_layers
            self.adapter_config.vision_feature_layer = [layer % num_vit_layers for layer in self.adapter_config.vision_feature_layer]
            self.vision_config.num_hidden_layers = max(self.adapter_config.vision_feature_layer) + 1

    def validate_architecture(self):
        super().validate_architecture()
        num_vit_layers = self.vision_config.num_hidden_layers
        if not all((-num_vit_layers <= layer < num_vit_layers for layer in self.adapter_config.vision_feature_layer)):
            raise ValueError(f'`adapter_config.vision_feature_layer` {self.adapter_config.vision_feature_layer} must index the {num_vit_layers} layers of `vision_config`.')

class Molmo2RotaryEmbedding(nn.Module):

    def __init__(self, config, scaled=True):
        super().__init__()
        self.max_seq_len_cached = config.max_position_embeddings
        self.original_max_seq_len = config.max_position_embeddings
        self.config = config
        self.rope_type = self.config.rope_parameters['rope_type'] if scaled else 'default'
        rope_init_fn = self.compute_default_rope_parameters if self.rope_type == 'default' else ROPE_INIT_FUNCTIONS[self.rope_type]
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

class Molmo2RMSNorm(nn.Module):

    def __init__(self, hidden_size, eps=1e-06):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(hidden_size))
        self.variance_epsilon = eps

class Molmo2Attention(nn.Module):

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
        self.o_proj = nn.Linear(config.num_attention_heads * self.head_dim, config.hidden_size, bias=False)
        self.q_norm = Molmo2RMSNorm(self.head_dim if config.qk_norm_type == 'qwen3' else config.num_attention_heads * self.head_dim, eps=config.rms_norm_eps)
        self.k_norm = Molmo2RMSNorm(self.head_dim if config.qk_norm_type == 'qwen3' else config.num_key_value_heads * self.head_dim, eps=config.rms_norm_eps)
        self.qk_norm_type = config.qk_norm_type

class Molmo2MLP(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.hidden_size = config.hidden_size
        self.intermediate_size = config.intermediate_size
        self.gate_proj = nn.Linear(self.hidden_size, self.intermediate_size, bias=False)
        self.up_proj = nn.Linear(self.hidden_size, self.intermediate_size, bias=False)
        self.down_proj = nn.Linear(self.intermediate_size, self.hidden_size, bias=False)
        self.act_fn = ACT2FN[config.hidden_act]

class Molmo2DecoderLayer(GradientCheckpointingLayer):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.hidden_size = config.hidden_size
        self.self_attn = Molmo2Attention(config=config, layer_idx=layer_idx)
        self.mlp = Molmo2MLP(config)
        self.input_layernorm = Molmo2RMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.post_attention_layernorm = Molmo2RMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.norm_after = config.norm_after

class Molmo2PreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = True

class Molmo2VisionMLP(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.activation_fn = ACT2FN[config.hidden_act]
        self.fc1 = nn.Linear(config.hidden_size, config.intermediate_size)
        self.fc2 = nn.Linear(config.intermediate_size, config.hidden_size)

class Molmo2VisionAttention(nn.Module):

    def __init__(self, config, hidden_size=None):
        super().__init__()
        self.config = config
        self.head_dim = getattr(config, 'head_dim', config.hidden_size // config.num_attention_heads)
        self.num_key_value_groups = config.num_attention_heads // config.num_key_value_heads
        self.scaling = self.head_dim ** (-0.5)
        self.attention_dropout = config.attention_dropout
        self.is_causal = False
        self.q_proj = nn.Linear(hidden_size or config.hidden_size, config.num_attention_heads * self.head_dim, bias=config.attention_bias)
        self.k_proj = nn.Linear(hidden_size or config.hidden_size, config.num_key_value_heads * self.head_dim, bias=config.attention_bias)
        self.v_proj = nn.Linear(hidden_size or config.hidden_size, config.num_key_value_heads * self.head_dim, bias=config.attention_bias)
        self.o_proj = nn.Linear(config.num_attention_heads * self.head_dim, config.hidden_size, bias=config.attention_bias)

class Molmo2VisionEncoderLayer(GradientCheckpointingLayer):

    def __init__(self, config):
        super().__init__()
        self.embed_dim = config.hidden_size
        self.layer_norm1 = nn.LayerNorm(self.embed_dim, eps=config.layer_norm_eps)
        self.self_attn = Molmo2VisionAttention(config)
        self.layer_norm2 = nn.LayerNorm(self.embed_dim, eps=config.layer_norm_eps)
        self.mlp = Molmo2VisionMLP(config)

class Molmo2VisionModel(Molmo2PreTrainedModel):
    main_input_name = 'pixel_values'

    def __init__(self, config):
        super().__init__(config)
        self.positional_embedding = nn.Parameter(torch.zeros(config.num_position_embeddings, config.hidden_size))
        self.patch_embedding = nn.Linear(config.patch_size * config.patch_size * config.num_channels, config.hidden_size)
        self.layers = nn.ModuleList([Molmo2VisionEncoderLayer(config) for _ in range(config.num_hidden_layers)])
        self.post_init()

class Molmo2ImageProjectorMLP(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.hidden_size = config.hidden_size
        self.intermediate_size = config.intermediate_size
        self.gate_proj = nn.Linear(self.hidden_size, self.intermediate_size, bias=config.mlp_bias)
        self.up_proj = nn.Linear(self.hidden_size, self.intermediate_size, bias=config.mlp_bias)
        self.down_proj = nn.Linear(config.intermediate_size, config.text_hidden_size, bias=False)
        self.act_fn = ACT2FN[config.hidden_act]

class Molmo2Adapter(Molmo2PreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        pooling_input_dim = config.hidden_size * len(config.vision_feature_layer)
        self.image_pooling_2d = Molmo2VisionAttention(config, hidden_size=pooling_input_dim)
        self.image_projector = Molmo2ImageProjectorMLP(config)
        self.post_init()

class Molmo2TextModel(Molmo2PreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.vocab_size = config.vocab_size
        self.embed_tokens = nn.Embedding(config.vocab_size + config.additional_vocab_size, config.hidden_size)
        self.layers = nn.ModuleList([Molmo2DecoderLayer(config, layer_idx) for layer_idx in range(config.num_hidden_layers)])
        self.norm = Molmo2RMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.rotary_emb = Molmo2RotaryEmbedding(config)
        self.rotary_emb_unscaled = Molmo2RotaryEmbedding(config, scaled=False)
        self.rope_types = ['scaled' if layer_idx in config.rope_scaling_layers else 'unscaled' for layer_idx in range(config.num_hidden_layers)]
        self.gradient_checkpointing = False
        self.post_init()

class Molmo2Model(Molmo2PreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.vision_tower = Molmo2VisionModel(config.vision_config)
        self.multi_modal_projector = Molmo2Adapter(config.adapter_config)
        self.language_model = Molmo2TextModel(config.text_config)
        self.post_init()

class Molmo2ForConditionalGeneration(Molmo2PreTrainedModel, GenerationMixin):

    def __init__(self, config):
        super().__init__(config)
        self.model = Molmo2Model(config)
        self.lm_head = nn.Linear(config.text_config.hidden_size, config.text_config.vocab_size, bias=False)
        self.vocab_size = config.text_config.vocab_size
        self.post_init()
