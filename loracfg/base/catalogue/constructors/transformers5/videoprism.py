"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): videoprism. Made by `python -m loracfg.base.transcriber`."""
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig
from .common_modeling_utils import PreTrainedModel
from collections.abc import Iterable
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GradientCheckpointingLayer
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
_R_SOFTPLUS_0 = 1.442695041

@strict
class VideoPrismVisionConfig(PreTrainedConfig):
    model_type = 'videoprism_vision_model'
    image_size: int | list[int] | tuple[int, int] = 288
    num_frames: int = 16
    tubelet_size: list[int] | tuple[int, ...] = (1, 18, 18)
    num_channels: int = 3
    hidden_size: int = 768
    num_attention_heads: int = 12
    intermediate_size: int = 3072
    hidden_act: str = 'gelu_python'
    hidden_dropout_prob: float | int = 0.0
    attention_probs_dropout_prob: float | int = 0.0
    initializer_range: float = 0.02
    layer_norm_eps: float = 1e-06
    qkv_bias: bool = True
    num_spatial_layers: int = 12
    num_temporal_layers: int = 4
    attn_logit_softcapping: float = 50.0
    num_auxiliary_layers: int = 2
    apply_l2norm: bool = True

@strict
class VideoPrismTextConfig(PreTrainedConfig):
    model_type = 'videoprism_text_model'
    vocab_size: int = 32000
    hidden_size: int = 768
    intermediate_size: int = 3072
    num_hidden_layers: int = 12
    num_attention_heads: int = 12
    max_position_embeddings: int = 64
    hidden_act: str = 'relu'
    layer_norm_eps: float = 1e-06
    pad_token_id: int | None = 0
    bos_token_id: int | None = None
    eos_token_id: int | list[int] | None = None
    attention_probs_dropout_prob: float | int = 0.0
    apply_l2norm: bool = True
    qkv_bias: bool = True
    hidden_dropout_prob: float = 0.0
    initializer_range: float = 0.02
    attn_logit_softcapping: float = 50.0

@strict
class VideoPrismConfig(PreTrainedConfig):
    model_type = 'videoprism'
    sub_configs_defaults = {'vision_config': VideoPrismVisionConfig, 'text_config': VideoPrismTextConfig}
    text_config: dict | PreTrainedConfig | None = None
    vision_config: dict | PreTrainedConfig | None = None

class VideoPrismTubeletEmbeddings(nn.Module):

    def __init__(self, config):
        super().__init__()
        tubelet_size = config.tubelet_size
        image_size = config.image_size
        image_size = image_size if isinstance(image_size, Iterable) else (image_size, image_size)
        self.image_size = image_size
        self.projection = nn.Conv3d(config.num_channels, config.hidden_size, kernel_size=tubelet_size, stride=tubelet_size)
        self.pos_emb_shape = [self.image_size[0] // tubelet_size[1], self.image_size[1] // tubelet_size[2]]
        self.num_patches = self.pos_emb_shape[0] * self.pos_emb_shape[1]

class VideoPrismSpatialEmbeddings(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.patch_embeddings = VideoPrismTubeletEmbeddings(config)
        num_patches = self.patch_embeddings.num_patches
        self.position_embeddings = nn.Parameter(torch.zeros(1, num_patches, config.hidden_size))
        self.dropout = nn.Dropout(config.hidden_dropout_prob)
        self.patch_size = config.tubelet_size[1:]

class VideoPrismTemporalEmbeddings(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.position_embeddings = nn.Parameter(torch.zeros(1, config.num_frames, config.hidden_size))
        self.dropout = nn.Dropout(config.hidden_dropout_prob)

def create_sinusoidal_positions(num_pos, dim):
    inv_freq = 1.0 / 10000 ** (torch.arange(0, dim, 2, dtype=torch.int64) / dim)
    sinusoid_inp = torch.arange(num_pos, dtype=torch.int64).float()[:, None] * inv_freq
    return torch.cat((torch.sin(sinusoid_inp), torch.cos(sinusoid_inp)), dim=1)

class VideoPrismTextEmbeddings(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        embed_dim = config.hidden_size
        self.token_embedding = nn.Embedding(config.vocab_size, embed_dim)
        self.position_embedding = nn.Buffer(create_sinusoidal_positions(config.max_position_embeddings, config.hidden_size))
        self.position_ids = nn.Buffer(torch.arange(config.max_position_embeddings).expand((1, -1)))
        self.cls_emb = nn.Parameter(torch.zeros(1, 1, config.hidden_size))
        self.scaling = config.hidden_size ** 0.5

class VideoPrismAttention(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.head_dim = getattr(config, 'head_dim', config.hidden_size // config.num_attention_heads)
        self.attention_dropout = config.attention_probs_dropout_prob
        self.scaling = self.head_dim ** (-0.5)
        self.is_causal = False
        self.q_proj = nn.Linear(config.hidden_size, config.num_attention_heads * self.head_dim, bias=config.qkv_bias)
        self.k_proj = nn.Linear(config.hidden_size, config.num_attention_heads * self.head_dim, bias=config.qkv_bias)
        self.v_proj = nn.Linear(config.hidden_size, config.num_attention_heads * self.head_dim, bias=config.qkv_bias)
        self.o_proj = nn.Linear(config.num_attention_heads * self.head_dim, config.hidden_size, bias=True)
        self.num_key_value_groups = 1.0
        self.attn_logit_softcapping = config.attn_logit_softcapping

class VideoPrismLayerNorm(nn.LayerNorm):
    pass

class VideoPrismMLP(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.activation_fn = ACT2FN[config.hidden_act]
        self.fc1 = nn.Linear(config.hidden_size, config.intermediate_size)
        self.fc2 = nn.Linear(config.intermediate_size, config.hidden_size)

class VideoPrismLayer(GradientCheckpointingLayer):

    def __init__(self, config):
        super().__init__()
        self.attention = VideoPrismAttention(config)
        self.layernorm_before = VideoPrismLayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.layernorm_after = VideoPrismLayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.mlp = VideoPrismMLP(config)
        self.dropout = nn.Dropout(config.hidden_dropout_prob)

class VideoPrismPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    main_input_name = 'pixel_values_videos'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = True

class VideoPrismVisionModel(VideoPrismPreTrainedModel):
    base_model_prefix = 'vision_model'

    def __init__(self, config):
        super().__init__(config)
        self.layernorm1 = VideoPrismLayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.layernorm2 = VideoPrismLayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.spatial_embeddings = VideoPrismSpatialEmbeddings(config)
        self.temporal_embeddings = VideoPrismTemporalEmbeddings(config)
        self.spatial_layers = nn.ModuleList([VideoPrismLayer(config) for _ in range(config.num_spatial_layers)])
        self.temporal_layers = nn.ModuleList([VideoPrismLayer(config) for _ in range(config.num_temporal_layers)])
        self.post_init()

    def get_input_embeddings(self):
        return self.spatial_embeddings.patch_embeddings

class VideoPrismMultiheadAttentionPoolingHead(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.head_dim = config.intermediate_size // config.num_attention_heads
        self.attention_dropout = config.attention_probs_dropout_prob
        self.scaling = _R_SOFTPLUS_0 / self.head_dim ** 0.5
        self.is_causal = False
        self.q_proj = nn.Linear(config.hidden_size, config.num_attention_heads * self.head_dim, bias=config.qkv_bias)
        self.k_proj = nn.Linear(config.hidden_size, config.num_attention_heads * self.head_dim, bias=config.qkv_bias)
        self.v_proj = nn.Linear(config.hidden_size, config.num_attention_heads * self.head_dim, bias=config.qkv_bias)
        self.o_proj = nn.Linear(config.num_attention_heads * self.head_dim, config.hidden_size, bias=True)
        self.num_key_value_groups = 1.0
        self.per_dim_scale = nn.Parameter(torch.zeros(self.head_dim))
        self.pooling_attention_query = nn.Parameter(torch.zeros(1, 1, config.hidden_size))

class VideoPrismTextModel(VideoPrismPreTrainedModel):
    base_model_prefix = 'text_model'
    main_input_name = 'input_ids'
    _input_embed_layer = 'token_embedding'

    def __init__(self, config):
        super().__init__(config)
        self.embeddings = VideoPrismTextEmbeddings(config)
        self.layers = nn.ModuleList([VideoPrismLayer(config) for _ in range(config.num_hidden_layers)])
        self.layernorm = VideoPrismLayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.post_init()

class VideoPrismVideoModel(VideoPrismPreTrainedModel):
    base_model_prefix = 'vision_model'

    def __init__(self, config):
        super().__init__(config)
        self.vision_model = VideoPrismVisionModel._from_config(config)
        self.auxiliary_layers = nn.ModuleList([VideoPrismLayer(config) for _ in range(config.num_auxiliary_layers)])
        self.head = VideoPrismMultiheadAttentionPoolingHead(config)
        self.head_layernorm = VideoPrismLayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.post_init()

    def get_input_embeddings(self):
        return self.vision_model.get_input_embeddings()

class VideoPrismClipModel(VideoPrismPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.video_model = VideoPrismVideoModel._from_config(config.vision_config)
        self.text_model = VideoPrismTextModel._from_config(config.text_config)
        self.post_init()

    def get_input_embeddings(self):
        return self.text_model.get_input_embeddings()

class VideoPrismForVideoClassification(VideoPrismPreTrainedModel):
    base_model_prefix = 'vision_model'

    def __init__(self, config):
        super().__init__(config)
        self.vision_model = VideoPrismVisionModel._from_config(config)
        self.head = VideoPrismMultiheadAttentionPoolingHead(config)
        self.head_layernorm = VideoPrismLayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.classifier = nn.Linear(config.hidden_size, config.num_labels)
        self.post_init()

    def get_input_embeddings(self):
        return self.vision_model.get_input_embeddings()
