"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): tipsv2. Made by `python -m loracfg.base.transcriber`."""
from .common_activations import ACT2FN
from .common_backbone_utils import BackboneConfigMixin, BackboneMixin
from .common_configuration_utils import PreTrainedConfig
from .common_modeling_utils import PreTrainedModel
from collections.abc import Iterable
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GradientCheckpointingLayer
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
import math

@strict
class Tipsv2VisionConfig(BackboneConfigMixin, PreTrainedConfig):
    model_type = 'tipsv2_vision_model'
    hidden_size: int = 768
    num_hidden_layers: int = 12
    num_attention_heads: int = 12
    mlp_ratio: int | float = 4
    hidden_act: str = 'gelu'
    hidden_dropout_prob: float | int = 0.0
    attention_probs_dropout_prob: float | int = 0.0
    initializer_range: float = 0.02
    layer_norm_eps: float = 1e-06
    image_size: int | list[int] | tuple[int, int] = 448
    patch_size: int | list[int] | tuple[int, int] = 14
    num_channels: int = 3
    qkv_bias: bool = True
    layerscale_value: float = 1.0
    drop_path_rate: float | int = 0.0
    use_swiglu_ffn: bool = False
    num_register_tokens: int = 1
    _out_features: list[str] | None = None
    _out_indices: list[int] | None = None
    apply_layernorm: bool = True
    reshape_hidden_states: bool = True

    def __post_init__(self, **kwargs):
        self.stage_names = ['stem'] + [f'stage{idx}' for idx in range(1, self.num_hidden_layers + 1)]
        self.set_output_features_output_indices(out_indices=kwargs.pop('out_indices', None), out_features=kwargs.pop('out_features', None))
        super().__post_init__(**kwargs)

@strict
class Tipsv2TextConfig(PreTrainedConfig):
    model_type = 'tipsv2_text_model'
    vocab_size: int = 32000
    hidden_size: int = 768
    intermediate_size: int = 3072
    num_hidden_layers: int = 12
    num_attention_heads: int = 12
    max_position_embeddings: int = 64
    hidden_act: str = 'relu'
    layer_norm_eps: float = 1e-05
    attention_dropout: float | int = 0.0
    pad_token_id: int | None = 0
    bos_token_id: int | None = None
    eos_token_id: int | list[int] | None = None
    initializer_range: float = 0.02
    scale_sqrt_depth: bool = True
    pooling_epsilon: float = 1e-08

    def validate_architecture(self):
        super().validate_architecture()
        if self.hidden_size % self.num_attention_heads != 0:
            raise ValueError(f'The hidden size ({self.hidden_size}) is not a multiple of the number of attention heads ({self.num_attention_heads}).')

@strict
class Tipsv2Config(PreTrainedConfig):
    model_type = 'tipsv2'
    sub_configs_defaults = {'text_config': Tipsv2TextConfig, 'vision_config': Tipsv2VisionConfig}
    text_config: dict | Tipsv2TextConfig | None = None
    vision_config: dict | Tipsv2VisionConfig | None = None
    temperature_init_value: float = 0.005065968260169029

    def validate_architecture(self):
        super().validate_architecture()
        if isinstance(self.text_config, Tipsv2TextConfig) and isinstance(self.vision_config, Tipsv2VisionConfig) and (self.text_config.hidden_size != self.vision_config.hidden_size):
            raise ValueError(f'`text_config.hidden_size` ({self.text_config.hidden_size}) and `vision_config.hidden_size` ({self.vision_config.hidden_size}) must be equal.')
        if self.temperature_init_value <= 0:
            raise ValueError(f'`temperature_init_value` ({self.temperature_init_value}) must be strictly positive.')

class Tipsv2VisionPatchEmbeddings(nn.Module):

    def __init__(self, config):
        super().__init__()
        image_size = config.image_size
        patch_size = config.patch_size
        image_size = image_size if isinstance(image_size, Iterable) else (image_size, image_size)
        patch_size = patch_size if isinstance(patch_size, Iterable) else (patch_size, patch_size)
        self.num_patches = image_size[1] // patch_size[1] * (image_size[0] // patch_size[0])
        self.image_size = image_size
        self.patch_size = patch_size
        self.num_channels = config.num_channels
        self.projection = nn.Conv2d(config.num_channels, config.hidden_size, kernel_size=patch_size, stride=patch_size)

class Tipsv2VisionEmbeddings(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.cls_token = nn.Parameter(torch.zeros(1, 1, config.hidden_size))
        self.mask_token = nn.Parameter(torch.zeros(1, config.hidden_size))
        self.patch_embeddings = Tipsv2VisionPatchEmbeddings(config)
        self.patch_size = config.patch_size
        self.position_embeddings = nn.Parameter(torch.randn(1, self.patch_embeddings.num_patches + 1, config.hidden_size))
        self.dropout = nn.Dropout(config.hidden_dropout_prob)
        self.config = config
        self.register_tokens = nn.Parameter(torch.zeros(1, config.num_register_tokens, config.hidden_size))

class Tipsv2VisionLayerScale(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.lambda1 = nn.Parameter(config.layerscale_value * torch.ones(config.hidden_size))

class Tipsv2VisionAttention(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.num_attention_heads = config.num_attention_heads
        self.head_dim = getattr(config, 'head_dim', config.hidden_size // config.num_attention_heads)
        self.attention_dropout = config.attention_probs_dropout_prob
        self.scaling = self.head_dim ** (-0.5)
        self.is_causal = False
        self.q_proj = nn.Linear(config.hidden_size, config.num_attention_heads * self.head_dim, bias=config.qkv_bias)
        self.k_proj = nn.Linear(config.hidden_size, config.num_attention_heads * self.head_dim, bias=config.qkv_bias)
        self.v_proj = nn.Linear(config.hidden_size, config.num_attention_heads * self.head_dim, bias=config.qkv_bias)
        self.o_proj = nn.Linear(config.num_attention_heads * self.head_dim, config.hidden_size, bias=True)

class Tipsv2VisionMLP(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.activation_fn = ACT2FN[config.hidden_act]
        self.fc1 = nn.Linear(config.hidden_size, int(config.hidden_size * config.mlp_ratio))
        self.fc2 = nn.Linear(int(config.hidden_size * config.mlp_ratio), config.hidden_size)

class Tipsv2VisionSwiGLUFFN(nn.Module):

    def __init__(self, config):
        super().__init__()
        hidden_features = int(config.hidden_size * config.mlp_ratio)
        hidden_features = (int(hidden_features * 2 / 3) + 7) // 8 * 8
        self.gate_proj = nn.Linear(config.hidden_size, hidden_features, bias=True)
        self.up_proj = nn.Linear(config.hidden_size, hidden_features, bias=True)
        self.down_proj = nn.Linear(hidden_features, config.hidden_size, bias=True)
        self.act_fn = ACT2FN['silu']

class Tipsv2VisionDropPath(nn.Module):

    def __init__(self, drop_prob=0.0):
        super().__init__()
        self.drop_prob = drop_prob

class Tipsv2VisionLayer(GradientCheckpointingLayer):

    def __init__(self, config):
        super().__init__()
        self.norm1 = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.attention = Tipsv2VisionAttention(config)
        self.layer_scale1 = Tipsv2VisionLayerScale(config)
        self.drop_path = Tipsv2VisionDropPath(config.drop_path_rate) if config.drop_path_rate > 0.0 else nn.Identity()
        self.norm2 = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.mlp = Tipsv2VisionSwiGLUFFN(config) if config.use_swiglu_ffn else Tipsv2VisionMLP(config)
        self.layer_scale2 = Tipsv2VisionLayerScale(config)

class Tipsv2VisionPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'vision_model'
    main_input_name = 'pixel_values'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = True
    _input_embed_layer = 'patch_embeddings'
    _keys_to_ignore_on_load_unexpected = {'text_encoder'}

class Tipsv2VisionEncoder(Tipsv2VisionPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.layer = nn.ModuleList([Tipsv2VisionLayer(config) for _ in range(config.num_hidden_layers)])
        self.post_init()

class Tipsv2VisionModel(Tipsv2VisionPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.embeddings = Tipsv2VisionEmbeddings(config)
        self.encoder = Tipsv2VisionEncoder(config)
        self.layernorm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.post_init()

class Tipsv2VisionBackbone(BackboneMixin, Tipsv2VisionPreTrainedModel):

    def __init__(self, config):
        if isinstance(config, Tipsv2Config):
            config = config.vision_config
            super().__init__(config)
        else:
            super().__init__(config)
        self.num_features = [config.hidden_size for _ in range(config.num_hidden_layers + 1)]
        self.embeddings = Tipsv2VisionEmbeddings(config)
        self.encoder = Tipsv2VisionEncoder(config)
        self.layernorm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.num_register_tokens = config.num_register_tokens
        self.post_init()

class Tipsv2SinusoidalPositionalEmbedding(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.make_weights(num_embeddings=config.max_position_embeddings, embedding_dim=config.hidden_size, padding_idx=None)

    def make_weights(self, num_embeddings, embedding_dim, padding_idx=None):
        emb_weights = self.get_embedding(num_embeddings, embedding_dim, padding_idx)
        if hasattr(self, 'weights'):
            emb_weights = emb_weights.to(dtype=self.weights.dtype, device=self.weights.device)
        self.weights = nn.Buffer(emb_weights, persistent=False)

    @staticmethod
    def get_embedding(num_embeddings, embedding_dim, padding_idx=None):
        half_dim = embedding_dim // 2
        emb = math.log(10000) / (half_dim - 1)
        emb = torch.exp(torch.arange(half_dim, dtype=torch.int64).float() * -emb)
        emb = torch.arange(num_embeddings, dtype=torch.int64).float().unsqueeze(1) * emb.unsqueeze(0)
        emb = torch.cat([torch.sin(emb), torch.cos(emb)], dim=1).view(num_embeddings, -1)
        if embedding_dim % 2 == 1:
            emb = torch.cat([emb, torch.zeros(num_embeddings, 1)], dim=1)
        if padding_idx is not None:
            emb[padding_idx, :] = 0
        return emb.to(torch.get_default_dtype())

class Tipsv2TextEmbeddings(nn.Module):

    def __init__(self, config):
        super().__init__()
        embed_dim = config.hidden_size
        self.token_embedding = nn.Embedding(config.vocab_size, embed_dim)
        self.position_embedding = Tipsv2SinusoidalPositionalEmbedding(config)
        self.position_ids = nn.Buffer(torch.arange(config.max_position_embeddings).expand((1, -1)), persistent=False)
        self.embed_scale = math.sqrt(config.hidden_size) if config.scale_sqrt_depth else 1.0

class Tipsv2TextAttention(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.embed_dim = config.hidden_size
        self.num_heads = config.num_attention_heads
        self.head_dim = self.embed_dim // self.num_heads
        self.scale = self.head_dim ** (-0.5)
        self.dropout = config.attention_dropout
        self.is_causal = False
        self.k_proj = nn.Linear(self.embed_dim, self.embed_dim)
        self.v_proj = nn.Linear(self.embed_dim, self.embed_dim)
        self.q_proj = nn.Linear(self.embed_dim, self.embed_dim)
        self.out_proj = nn.Linear(self.embed_dim, self.embed_dim)

class Tipsv2MLP(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.activation_fn = ACT2FN[config.hidden_act]
        self.fc1 = nn.Linear(config.hidden_size, config.intermediate_size)
        self.fc2 = nn.Linear(config.intermediate_size, config.hidden_size)

class Tipsv2TextEncoderLayer(GradientCheckpointingLayer):

    def __init__(self, config):
        super().__init__()
        self.embed_dim = config.hidden_size
        self.self_attn = Tipsv2TextAttention(config)
        self.layer_norm1 = nn.LayerNorm(self.embed_dim, eps=config.layer_norm_eps)
        self.mlp = Tipsv2MLP(config)
        self.layer_norm2 = nn.LayerNorm(self.embed_dim, eps=config.layer_norm_eps)

class Tipsv2TextEncoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.layers = nn.ModuleList([Tipsv2TextEncoderLayer(config) for _ in range(config.num_hidden_layers)])
        self.gradient_checkpointing = False

class Tipsv2TextPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'text_model'
    main_input_name = 'input_ids'
    supports_gradient_checkpointing = True
    _keys_to_ignore_on_load_unexpected = {'vision_encoder'}

class Tipsv2TextModel(Tipsv2TextPreTrainedModel):
    _input_embed_layer = 'token_embedding'

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.embeddings = Tipsv2TextEmbeddings(config)
        self.encoder = Tipsv2TextEncoder(config)
        self.final_layer_norm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.post_init()

class Tipsv2PreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True

class Tipsv2Model(Tipsv2PreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.text_model = Tipsv2TextModel._from_config(config.text_config)
        self.vision_model = Tipsv2VisionModel._from_config(config.vision_config)
        self.temperature = nn.Parameter(torch.tensor(config.temperature_init_value))
        self.post_init()

    def get_input_embeddings(self):
        return self.text_model.get_input_embeddings()
