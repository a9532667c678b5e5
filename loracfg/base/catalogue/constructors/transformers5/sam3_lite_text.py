"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): sam3_lite_text. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.arrays import numpy as np
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GradientCheckpointingLayer
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
import math

@strict
class Sam3LiteTextGeometryEncoderConfig(PreTrainedConfig):
    model_type = 'sam3_lite_text_geometry_encoder'
    hidden_size: int = 256
    num_layers: int = 3
    num_attention_heads: int = 8
    intermediate_size: int = 2048
    dropout: float | int = 0.1
    hidden_act: str = 'relu'
    hidden_dropout: float | int = 0.0
    layer_norm_eps: float = 1e-06
    roi_size: int = 7
    initializer_range: float = 0.02

@strict
class Sam3LiteTextDETREncoderConfig(PreTrainedConfig):
    model_type = 'sam3_lite_text_detr_encoder'
    attribute_map = {'num_hidden_layers': 'num_layers'}
    hidden_size: int = 256
    num_layers: int = 6
    num_attention_heads: int = 8
    intermediate_size: int = 2048
    dropout: float | int = 0.1
    hidden_act: str = 'relu'
    hidden_dropout: float | int = 0.0
    layer_norm_eps: float = 1e-06
    initializer_range: float = 0.02

@strict
class Sam3LiteTextDETRDecoderConfig(PreTrainedConfig):
    model_type = 'sam3_lite_text_detr_decoder'
    attribute_map = {'num_hidden_layers': 'num_layers'}
    hidden_size: int = 256
    num_layers: int = 6
    num_queries: int = 200
    num_attention_heads: int = 8
    intermediate_size: int = 2048
    dropout: float | int = 0.1
    hidden_act: str = 'relu'
    hidden_dropout: float | int = 0.0
    layer_norm_eps: float = 1e-06
    initializer_range: float = 0.02

@strict
class Sam3LiteTextMaskDecoderConfig(PreTrainedConfig):
    model_type = 'sam3_lite_text_mask_decoder'
    hidden_size: int = 256
    num_upsampling_stages: int = 3
    layer_norm_eps: float = 1e-06
    dropout: float | int = 0.0
    num_attention_heads: int = 8
    initializer_range: float = 0.02

@strict
class Sam3LiteTextTextConfig(PreTrainedConfig):
    model_type = 'sam3_lite_text_text_model'
    vocab_size: int = 49408
    hidden_size: int = 512
    intermediate_size: int = 2048
    projection_dim: int = 512
    num_hidden_layers: int = 12
    num_attention_heads: int = 8
    max_position_embeddings: int = 77
    hidden_act: str = 'gelu'
    layer_norm_eps: float = 1e-05
    attention_dropout: float = 0.0
    use_repmixer_blocks: bool = True
    layer_scale_init_value: float = 1e-05
    repmixer_kernel_size: int = 11

@strict
class Sam3LiteTextConfig(PreTrainedConfig):
    model_type = 'sam3_lite_text'
    sub_configs_defaults = {'geometry_encoder_config': Sam3LiteTextGeometryEncoderConfig, 'detr_encoder_config': Sam3LiteTextDETREncoderConfig, 'detr_decoder_config': Sam3LiteTextDETRDecoderConfig, 'mask_decoder_config': Sam3LiteTextMaskDecoderConfig, 'vision_config': SubConfigSpec(config_class=AutoConfig, model_type='sam3_vision_model'), 'text_config': Sam3LiteTextTextConfig}
    vision_config: dict | PreTrainedConfig | None = None
    text_config: dict | PreTrainedConfig | None = None
    geometry_encoder_config: dict | PreTrainedConfig | None = None
    detr_encoder_config: dict | PreTrainedConfig | None = None
    detr_decoder_config: dict | PreTrainedConfig | None = None
    mask_decoder_config: dict | PreTrainedConfig | None = None
    initializer_range: float = 0.02

    @property
    def image_size(self):
        return self.vision_config.image_size

    @image_size.setter
    def image_size(self, value):
        self.vision_config.image_size = value

class Sam3LiteTextTextPositionEmbedding(nn.Module):

    def __init__(self, max_position_embeddings, hidden_size):
        super().__init__()
        self.position_embedding = nn.Parameter(torch.empty(1, 1, max_position_embeddings, hidden_size))

class Sam3LiteTextMobileOneBlock(nn.Module):

    def __init__(self, hidden_size, kernel_size=3):
        super().__init__()
        self.batchnorm_skip = nn.BatchNorm2d(hidden_size)
        self.conv = nn.Conv2d(hidden_size, hidden_size, kernel_size=(1, kernel_size), stride=1, padding=(0, kernel_size // 2), groups=hidden_size, bias=False)
        self.batchnorm_conv = nn.BatchNorm2d(hidden_size)

class Sam3LiteTextConvMLP(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.activation_fn = ACT2FN[config.hidden_act]
        self.fc1 = nn.Conv2d(config.hidden_size, config.intermediate_size, kernel_size=1)
        self.fc2 = nn.Conv2d(config.intermediate_size, config.hidden_size, kernel_size=1)

class Sam3LiteTextConvolutionalFeedForward(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.depthwise_conv = nn.Conv2d(config.hidden_size, config.hidden_size, kernel_size=(1, config.repmixer_kernel_size), padding=(0, config.repmixer_kernel_size // 2), groups=config.hidden_size, bias=False)
        self.depthwise_batchnorm = nn.BatchNorm2d(config.hidden_size)
        self.mlp = Sam3LiteTextConvMLP(config)

class Sam3LiteTextLayerScaledResidual(nn.Module):

    def __init__(self, hidden_size, layer_scale_init_value):
        super().__init__()
        self.layer_scale = nn.Parameter(layer_scale_init_value * torch.ones((hidden_size, 1, 1)), requires_grad=True)

class Sam3LiteTextRepMixer(Sam3LiteTextLayerScaledResidual):

    def __init__(self, config):
        super().__init__(config.hidden_size, config.layer_scale_init_value)
        self.reference_batchnorm = nn.BatchNorm2d(config.hidden_size)
        self.mixer = Sam3LiteTextMobileOneBlock(config.hidden_size, kernel_size=config.repmixer_kernel_size)

class Sam3LiteTextRepMixerBlock(Sam3LiteTextLayerScaledResidual):

    def __init__(self, config):
        super().__init__(config.hidden_size, config.layer_scale_init_value)
        self.token_mixer = Sam3LiteTextRepMixer(config)
        self.conv_feed_forward = Sam3LiteTextConvolutionalFeedForward(config)

class Sam3LiteTextTextAttention(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.embed_dim = config.hidden_size
        self.num_heads = config.num_attention_heads
        self.head_dim = self.embed_dim // self.num_heads
        if self.head_dim * self.num_heads != self.embed_dim:
            raise ValueError(f'embed_dim must be divisible by num_heads (got `embed_dim`: {self.embed_dim} and `num_heads`: {self.num_heads}).')
        self.scale = self.head_dim ** (-0.5)
        self.dropout = config.attention_dropout
        self.is_causal = False
        self.k_proj = nn.Linear(self.embed_dim, self.embed_dim)
        self.v_proj = nn.Linear(self.embed_dim, self.embed_dim)
        self.q_proj = nn.Linear(self.embed_dim, self.embed_dim)
        self.out_proj = nn.Linear(self.embed_dim, self.embed_dim)

class Sam3LiteTextTextMLP(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.activation_fn = ACT2FN[config.hidden_act]
        self.fc1 = nn.Linear(config.hidden_size, config.intermediate_size)
        self.fc2 = nn.Linear(config.intermediate_size, config.hidden_size)

class Sam3LiteTextTextEncoderLayer(GradientCheckpointingLayer):

    def __init__(self, config):
        super().__init__()
        self.embed_dim = config.hidden_size
        self.layer_norm1 = nn.LayerNorm(self.embed_dim, eps=config.layer_norm_eps)
        self.self_attn = Sam3LiteTextTextAttention(config)
        self.layer_norm2 = nn.LayerNorm(self.embed_dim, eps=config.layer_norm_eps)
        self.mlp = Sam3LiteTextTextMLP(config)

class Sam3LiteTextTextEmbeddings(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.token_embedding = nn.Embedding(config.vocab_size, config.hidden_size)
        self.position_embedding = Sam3LiteTextTextPositionEmbedding(config.max_position_embeddings, config.hidden_size)

class Sam3LiteTextPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    main_input_name = 'pixel_values'
    supports_gradient_checkpointing = True

class Sam3LiteTextTextModel(Sam3LiteTextPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.embeddings = Sam3LiteTextTextEmbeddings(config)
        repmixer_positions = {0, config.num_hidden_layers - 1} if config.use_repmixer_blocks else set()
        self.layers = nn.ModuleList([Sam3LiteTextRepMixerBlock(config) if i in repmixer_positions else Sam3LiteTextTextEncoderLayer(config) for i in range(config.num_hidden_layers)])
        self.final_layer_norm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.projection = nn.Linear(config.hidden_size, config.projection_dim, bias=False)
        self.post_init()

class Sam3LiteTextMLP(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.activation_fn = ACT2FN[config.hidden_act]
        self.fc1 = nn.Linear(config.hidden_size, config.intermediate_size)
        self.fc2 = nn.Linear(config.intermediate_size, config.hidden_size)
        self.dropout = nn.Dropout(config.hidden_dropout)

class Sam3LiteTextAttention(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.hidden_size = config.hidden_size
        self.num_attention_heads = config.num_attention_heads
        self.head_dim = self.hidden_size // config.num_attention_heads
        self.scaling = self.head_dim ** (-0.5)
        self.is_causal = False
        self.q_proj = nn.Linear(self.hidden_size, self.hidden_size)
        self.k_proj = nn.Linear(self.hidden_size, self.hidden_size)
        self.v_proj = nn.Linear(self.hidden_size, self.hidden_size)
        self.o_proj = nn.Linear(self.hidden_size, self.hidden_size)

class Sam3LiteTextSinePositionEmbedding(nn.Module):

    def __init__(self, num_position_features=64, temperature=10000, normalize=False, scale=None):
        super().__init__()
        if scale is not None and normalize is False:
            raise ValueError('normalize should be True if scale is passed')
        self.num_position_features = num_position_features
        self.temperature = temperature
        self.normalize = normalize
        self.scale = 2 * math.pi if scale is None else scale

class Sam3LiteTextGeometryEncoderLayer(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.layer_norm1 = nn.LayerNorm(config.hidden_size)
        self.self_attn = Sam3LiteTextAttention(config)
        self.dropout = nn.Dropout(config.dropout)
        self.cross_attn = Sam3LiteTextAttention(config)
        self.layer_norm2 = nn.LayerNorm(config.hidden_size)
        self.mlp = Sam3LiteTextMLP(config)
        self.layer_norm3 = nn.LayerNorm(config.hidden_size)

class Sam3LiteTextGeometryEncoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.hidden_size = config.hidden_size
        self.roi_size = config.roi_size
        self.position_encoding = Sam3LiteTextSinePositionEmbedding(num_position_features=config.hidden_size // 2, normalize=True)
        self.label_embed = nn.Embedding(2, self.hidden_size)
        self.cls_embed = nn.Embedding(1, self.hidden_size)
        self.boxes_direct_project = nn.Linear(4, self.hidden_size)
        self.boxes_pool_project = nn.Conv2d(self.hidden_size, self.hidden_size, self.roi_size)
        self.boxes_pos_enc_project = nn.Linear(self.hidden_size + 2, self.hidden_size)
        self.vision_layer_norm = nn.LayerNorm(self.hidden_size)
        self.final_proj = nn.Linear(self.hidden_size, self.hidden_size)
        self.prompt_layer_norm = nn.LayerNorm(self.hidden_size)
        self.layers = nn.ModuleList([Sam3LiteTextGeometryEncoderLayer(config) for _ in range(config.num_layers)])
        self.output_layer_norm = nn.LayerNorm(self.hidden_size)

class Sam3LiteTextDetrEncoderLayer(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.layer_norm1 = nn.LayerNorm(config.hidden_size)
        self.self_attn = Sam3LiteTextAttention(config)
        self.dropout = nn.Dropout(config.dropout)
        self.cross_attn = Sam3LiteTextAttention(config)
        self.layer_norm2 = nn.LayerNorm(config.hidden_size)
        self.mlp = Sam3LiteTextMLP(config)
        self.layer_norm3 = nn.LayerNorm(config.hidden_size)

class Sam3LiteTextDetrEncoder(Sam3LiteTextPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.hidden_size = config.hidden_size
        self.layers = nn.ModuleList([Sam3LiteTextDetrEncoderLayer(config) for _ in range(config.num_layers)])
        self.post_init()

class Sam3LiteTextDecoderMLP(nn.Module):

    def __init__(self, input_dim, hidden_dim, output_dim, num_layers=2):
        super().__init__()
        if num_layers == 2:
            self.layer1 = nn.Linear(input_dim, hidden_dim)
            self.layer2 = nn.Linear(hidden_dim, output_dim)
            self.layer3 = None
        elif num_layers == 3:
            self.layer1 = nn.Linear(input_dim, hidden_dim)
            self.layer2 = nn.Linear(hidden_dim, hidden_dim)
            self.layer3 = nn.Linear(hidden_dim, output_dim)
        else:
            raise ValueError(f'Only 2 or 3 layers supported, got {num_layers}')

class Sam3LiteTextDetrDecoderLayer(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.self_attn = Sam3LiteTextAttention(config)
        self.self_attn_dropout = nn.Dropout(config.dropout)
        self.self_attn_layer_norm = nn.LayerNorm(config.hidden_size)
        self.text_cross_attn = Sam3LiteTextAttention(config)
        self.text_cross_attn_dropout = nn.Dropout(config.dropout)
        self.text_cross_attn_layer_norm = nn.LayerNorm(config.hidden_size)
        self.vision_cross_attn = Sam3LiteTextAttention(config)
        self.vision_cross_attn_dropout = nn.Dropout(config.dropout)
        self.vision_cross_attn_layer_norm = nn.LayerNorm(config.hidden_size)
        self.mlp = Sam3LiteTextMLP(config)
        self.mlp_layer_norm = nn.LayerNorm(config.hidden_size)
        self.mlp_dropout = nn.Dropout(config.dropout)

class Sam3LiteTextDetrDecoder(Sam3LiteTextPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.hidden_size = config.hidden_size
        self.layers = nn.ModuleList([Sam3LiteTextDetrDecoderLayer(config) for _ in range(config.num_layers)])
        self.output_layer_norm = nn.LayerNorm(config.hidden_size)
        self.box_head = Sam3LiteTextDecoderMLP(config.hidden_size, config.hidden_size, 4, 3)
        self.query_embed = nn.Embedding(config.num_queries, config.hidden_size)
        self.reference_points = nn.Embedding(config.num_queries, 4)
        self.presence_token = nn.Embedding(1, config.hidden_size)
        self.presence_head = Sam3LiteTextDecoderMLP(config.hidden_size, config.hidden_size, 1, 3)
        self.presence_layer_norm = nn.LayerNorm(config.hidden_size)
        self.clamp_presence_logit_max_val = 10.0
        self.ref_point_head = Sam3LiteTextDecoderMLP(2 * config.hidden_size, config.hidden_size, config.hidden_size, 2)
        self.box_rpb_embed_x = Sam3LiteTextDecoderMLP(2, config.hidden_size, config.num_attention_heads, 2)
        self.box_rpb_embed_y = Sam3LiteTextDecoderMLP(2, config.hidden_size, config.num_attention_heads, 2)
        self.position_encoding = Sam3LiteTextSinePositionEmbedding(num_position_features=config.hidden_size // 2, normalize=False)
        self.post_init()

class Sam3LiteTextDotProductScoring(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        hidden_size = config.detr_decoder_config.hidden_size
        projection_dim = config.detr_decoder_config.hidden_size
        self.text_mlp = Sam3LiteTextDecoderMLP(input_dim=hidden_size, hidden_dim=config.detr_decoder_config.intermediate_size, output_dim=hidden_size, num_layers=2)
        self.text_mlp_dropout = nn.Dropout(config.detr_decoder_config.dropout)
        self.text_mlp_out_norm = nn.LayerNorm(hidden_size)
        self.text_proj = nn.Linear(hidden_size, projection_dim)
        self.query_proj = nn.Linear(hidden_size, projection_dim)
        self.scale = float(1.0 / np.sqrt(projection_dim))
        self.clamp_logits = True
        self.clamp_max_val = 12.0

class Sam3LiteTextMaskEmbedder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        hidden_size = config.hidden_size
        self.layers = nn.ModuleList([nn.Linear(hidden_size, hidden_size), nn.Linear(hidden_size, hidden_size), nn.Linear(hidden_size, hidden_size)])
        self.activation = nn.ReLU()

class Sam3LiteTextPixelDecoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        hidden_size = config.hidden_size
        num_upsampling_stages = config.num_upsampling_stages
        self.conv_layers = nn.ModuleList([nn.Conv2d(hidden_size, hidden_size, kernel_size=3, stride=1, padding=1) for _ in range(num_upsampling_stages)])
        self.norms = nn.ModuleList([nn.GroupNorm(8, hidden_size) for _ in range(num_upsampling_stages)])
        self.out_channels = hidden_size

class Sam3LiteTextMaskDecoder(Sam3LiteTextPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        hidden_size = config.hidden_size
        self.pixel_decoder = Sam3LiteTextPixelDecoder(config)
        self.mask_embedder = Sam3LiteTextMaskEmbedder(config)
        self.instance_projection = nn.Conv2d(self.pixel_decoder.out_channels, hidden_size, kernel_size=1)
        self.semantic_projection = nn.Conv2d(self.pixel_decoder.out_channels, 1, kernel_size=1)
        self.prompt_cross_attn = Sam3LiteTextAttention(config)
        self.prompt_cross_attn_norm = nn.LayerNorm(hidden_size)
        self.prompt_cross_attn_dropout = nn.Dropout(config.dropout)
        self.post_init()

class Sam3LiteTextModel(Sam3LiteTextPreTrainedModel):
    base_model_prefix = 'detector_model'
    _keys_to_ignore_on_load_unexpected = ['^tracker_model.', '^tracker_neck.']

    def __init__(self, config):
        if hasattr(config, 'detector_config') and config.detector_config is not None:
            detector_config = config.detector_config
            if isinstance(detector_config, dict):
                detector_config = Sam3LiteTextConfig(**detector_config)
            config = detector_config
        super().__init__(config)
        self.vision_encoder = AutoModel.from_config(config.vision_config)
        self.text_encoder = Sam3LiteTextTextModel(config.text_config)
        self.vocab_size = config.text_config.vocab_size
        self.text_projection = nn.Linear(config.text_config.hidden_size, config.detr_encoder_config.hidden_size)
        config.geometry_encoder_config._attn_implementation = config._attn_implementation
        config.detr_encoder_config._attn_implementation = config._attn_implementation
        config.detr_decoder_config._attn_implementation = config._attn_implementation
        config.mask_decoder_config._attn_implementation = config._attn_implementation
        self.geometry_encoder = Sam3LiteTextGeometryEncoder(config.geometry_encoder_config)
        self.detr_encoder = Sam3LiteTextDetrEncoder(config.detr_encoder_config)
        self.detr_decoder = Sam3LiteTextDetrDecoder(config.detr_decoder_config)
        self.mask_decoder = Sam3LiteTextMaskDecoder(config.mask_decoder_config)
        self.dot_product_scoring = Sam3LiteTextDotProductScoring(config)
        self.post_init()
