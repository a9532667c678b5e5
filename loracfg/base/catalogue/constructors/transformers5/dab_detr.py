"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): dab_detr. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig
from .common_activations import ACT2FN
from .common_backbone_utils import load_backbone
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GradientCheckpointingLayer
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
import copy
import math

@strict
class DabDetrConfig(PreTrainedConfig):
    model_type = 'dab-detr'
    sub_configs_defaults = {'backbone_config': SubConfigSpec(config_class=AutoConfig, model_type='resnet', init_kwargs={'out_features': ['stage4']})}
    attribute_map = {'num_attention_heads': 'encoder_attention_heads', 'num_hidden_layers': 'encoder_layers'}
    backbone_config: dict | PreTrainedConfig | None = None
    num_queries: int = 300
    encoder_layers: int = 6
    encoder_ffn_dim: int = 2048
    encoder_attention_heads: int = 8
    decoder_layers: int = 6
    decoder_ffn_dim: int = 2048
    decoder_attention_heads: int = 8
    is_encoder_decoder: bool = True
    activation_function: str = 'prelu'
    hidden_size: int = 256
    dropout: float | int = 0.1
    attention_dropout: float | int = 0.0
    activation_dropout: float | int = 0.0
    init_std: float = 0.02
    init_xavier_std: float = 1.0
    auxiliary_loss: bool = False
    dilation: bool = False
    class_cost: int = 2
    bbox_cost: int = 5
    giou_cost: int = 2
    cls_loss_coefficient: int = 2
    bbox_loss_coefficient: int = 5
    giou_loss_coefficient: int = 2
    focal_alpha: float = 0.25
    temperature_height: int = 20
    temperature_width: int = 20
    query_dim: int = 4
    random_refpoints_xy: bool = False
    keep_query_pos: bool = False
    num_patterns: int = 0
    normalize_before: bool = False
    sine_position_embedding_scale: float | None = None
    initializer_bias_prior_prob: float | None = None
    tie_word_embeddings: bool = True

    def __post_init__(self, **kwargs):
        if self.backbone_config is None and kwargs.pop('use_timm_backbone', True) and (not kwargs.get('backbone_kwargs')):
            self.backbone_config = {'model_type': 'timm_backbone', 'backbone': kwargs.pop('backbone', None) or 'resnet50', 'num_channels': 3, 'features_only': True, 'use_pretrained_backbone': False, 'out_indices': [1, 2, 3, 4]}
            if self.dilation:
                self.backbone_config['output_stride'] = 16
        super().__post_init__(**kwargs)

    def validate_architecture(self):
        if self.query_dim != 4:
            raise ValueError('The query dimensions has to be 4.')

class DabDetrFrozenBatchNorm2d(nn.Module):

    def __init__(self, n):
        super().__init__()
        self.weight = nn.Buffer(torch.ones(n))
        self.bias = nn.Buffer(torch.zeros(n))
        self.running_mean = nn.Buffer(torch.zeros(n))
        self.running_var = nn.Buffer(torch.ones(n))

def replace_batch_norm(model):
    for name, module in model.named_children():
        if isinstance(module, nn.BatchNorm2d):
            new_module = DabDetrFrozenBatchNorm2d(module.num_features)
            if module.weight.device != torch.device('meta'):
                new_module.weight.copy_(module.weight)
                new_module.bias.copy_(module.bias)
                new_module.running_mean.copy_(module.running_mean)
                new_module.running_var.copy_(module.running_var)
            model._modules[name] = new_module
        if len(list(module.children())) > 0:
            replace_batch_norm(module)

class DabDetrConvEncoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        backbone = load_backbone(config)
        with torch.no_grad():
            replace_batch_norm(backbone)
        self.model = backbone
        self.intermediate_channel_sizes = self.model.channels

class DabDetrConvModel(nn.Module):

    def __init__(self, conv_encoder, position_embedding):
        super().__init__()
        self.conv_encoder = conv_encoder
        self.position_embedding = position_embedding

class DabDetrSinePositionEmbedding(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.embedding_dim = config.hidden_size / 2
        self.temperature_height = config.temperature_height
        self.temperature_width = config.temperature_width
        scale = config.sine_position_embedding_scale
        if scale is None:
            scale = 2 * math.pi
        self.scale = scale

def inverse_sigmoid(x, eps=1e-05):
    x = x.clamp(min=0, max=1)
    x1 = x.clamp(min=eps)
    x2 = (1 - x).clamp(min=eps)
    return torch.log(x1 / x2)

class DetrAttention(nn.Module):

    def __init__(self, config, bias=True):
        super().__init__()
        self.config = config
        self.hidden_size = config.hidden_size
        self.num_heads = config.encoder_attention_heads
        self.attention_dropout = config.attention_dropout
        self.head_dim = self.hidden_size // self.num_heads
        if self.head_dim * self.num_heads != self.hidden_size:
            raise ValueError(f'hidden_size must be divisible by num_heads (got `hidden_size`: {self.hidden_size} and `num_heads`: {self.num_heads}).')
        self.scaling = self.head_dim ** (-0.5)
        self.k_proj = nn.Linear(self.hidden_size, self.hidden_size, bias=bias)
        self.v_proj = nn.Linear(self.hidden_size, self.hidden_size, bias=bias)
        self.q_proj = nn.Linear(self.hidden_size, self.hidden_size, bias=bias)
        self.out_proj = nn.Linear(self.hidden_size, self.hidden_size, bias=bias)

class DabDetrAttention(nn.Module):

    def __init__(self, config, bias=True, is_cross=False):
        super().__init__()
        self.config = config
        self.embed_dim = config.hidden_size * 2 if is_cross else config.hidden_size
        self.output_dim = config.hidden_size
        self.attention_heads = config.decoder_attention_heads
        self.attention_dropout = config.attention_dropout
        self.attention_head_dim = self.embed_dim // self.attention_heads
        if self.attention_head_dim * self.attention_heads != self.embed_dim:
            raise ValueError(f'embed_dim must be divisible by num_heads (got `embed_dim`: {self.embed_dim} and `attention_heads`: {self.attention_heads}).')
        self.values_head_dim = self.output_dim // self.attention_heads
        if self.values_head_dim * self.attention_heads != self.output_dim:
            raise ValueError(f'output_dim must be divisible by attention_heads (got `output_dim`: {self.output_dim} and `attention_heads`: {self.attention_heads}).')
        self.scaling = self.attention_head_dim ** (-0.5)
        self.output_proj = nn.Linear(self.output_dim, self.output_dim, bias=bias)

class DabDetrDecoderLayerSelfAttention(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.dropout = config.dropout
        self.self_attn_query_content_proj = nn.Linear(config.hidden_size, config.hidden_size)
        self.self_attn_query_pos_proj = nn.Linear(config.hidden_size, config.hidden_size)
        self.self_attn_key_content_proj = nn.Linear(config.hidden_size, config.hidden_size)
        self.self_attn_key_pos_proj = nn.Linear(config.hidden_size, config.hidden_size)
        self.self_attn_value_proj = nn.Linear(config.hidden_size, config.hidden_size)
        self.self_attn = DabDetrAttention(config)
        self.self_attn_layer_norm = nn.LayerNorm(config.hidden_size)

class DabDetrDecoderLayerCrossAttention(nn.Module):

    def __init__(self, config, is_first=False):
        super().__init__()
        hidden_size = config.hidden_size
        self.cross_attn_query_content_proj = nn.Linear(hidden_size, hidden_size)
        self.cross_attn_query_pos_proj = nn.Linear(hidden_size, hidden_size)
        self.cross_attn_key_content_proj = nn.Linear(hidden_size, hidden_size)
        self.cross_attn_key_pos_proj = nn.Linear(hidden_size, hidden_size)
        self.cross_attn_value_proj = nn.Linear(hidden_size, hidden_size)
        self.cross_attn_query_pos_sine_proj = nn.Linear(hidden_size, hidden_size)
        self.decoder_attention_heads = config.decoder_attention_heads
        self.cross_attn_layer_norm = nn.LayerNorm(hidden_size)
        self.cross_attn = DabDetrAttention(config, is_cross=True)
        self.keep_query_pos = config.keep_query_pos
        if not self.keep_query_pos and (not is_first):
            self.cross_attn_query_pos_proj = None
        self.is_first = is_first
        self.dropout = config.dropout

class DabDetrDecoderLayerFFN(nn.Module):

    def __init__(self, config):
        super().__init__()
        hidden_size = config.hidden_size
        self.final_layer_norm = nn.LayerNorm(hidden_size)
        self.fc1 = nn.Linear(hidden_size, config.decoder_ffn_dim)
        self.fc2 = nn.Linear(config.decoder_ffn_dim, hidden_size)
        self.activation_fn = ACT2FN[config.activation_function]
        self.dropout = config.dropout
        self.activation_dropout = config.activation_dropout
        self.keep_query_pos = config.keep_query_pos

class DabDetrEncoderLayer(GradientCheckpointingLayer):

    def __init__(self, config):
        super().__init__()
        self.hidden_size = config.hidden_size
        self.self_attn = DetrAttention(config)
        self.self_attn_layer_norm = nn.LayerNorm(self.hidden_size)
        self.dropout = config.dropout
        self.activation_fn = ACT2FN[config.activation_function]
        self.fc1 = nn.Linear(self.hidden_size, config.encoder_ffn_dim)
        self.fc2 = nn.Linear(config.encoder_ffn_dim, self.hidden_size)
        self.final_layer_norm = nn.LayerNorm(self.hidden_size)

class DabDetrDecoderLayer(GradientCheckpointingLayer):

    def __init__(self, config, is_first=False):
        super().__init__()
        self.self_attn = DabDetrDecoderLayerSelfAttention(config)
        self.cross_attn = DabDetrDecoderLayerCrossAttention(config, is_first)
        self.mlp = DabDetrDecoderLayerFFN(config)

class DabDetrMLP(nn.Module):

    def __init__(self, input_dim, hidden_dim, output_dim, num_layers):
        super().__init__()
        self.num_layers = num_layers
        h = [hidden_dim] * (num_layers - 1)
        self.layers = nn.ModuleList((nn.Linear(n, k) for n, k in zip([input_dim] + h, h + [output_dim])))

class DabDetrPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    main_input_name = 'pixel_values'

class DabDetrEncoder(DabDetrPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.dropout = config.dropout
        self.query_scale = DabDetrMLP(config.hidden_size, config.hidden_size, config.hidden_size, 2)
        self.layers = nn.ModuleList([DabDetrEncoderLayer(config) for _ in range(config.encoder_layers)])
        self.norm = nn.LayerNorm(config.hidden_size) if config.normalize_before else None
        self.gradient_checkpointing = False
        self.post_init()

class DabDetrDecoder(DabDetrPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.dropout = config.dropout
        self.num_layers = config.decoder_layers
        self.gradient_checkpointing = False
        self.layers = nn.ModuleList([DabDetrDecoderLayer(config, is_first=layer_id == 0) for layer_id in range(config.decoder_layers)])
        self.hidden_size = config.hidden_size
        self.layernorm = nn.LayerNorm(self.hidden_size)
        self.query_scale = DabDetrMLP(self.hidden_size, self.hidden_size, self.hidden_size, 2)
        self.ref_point_head = DabDetrMLP(config.query_dim // 2 * self.hidden_size, self.hidden_size, self.hidden_size, 2)
        self.bbox_embed = None
        self.ref_anchor_head = DabDetrMLP(self.hidden_size, self.hidden_size, 2, 2)
        self.post_init()

class DabDetrModel(DabDetrPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.auxiliary_loss = config.auxiliary_loss
        self.backbone = DabDetrConvEncoder(config)
        object_queries = DabDetrSinePositionEmbedding(config)
        self.query_refpoint_embeddings = nn.Embedding(config.num_queries, config.query_dim)
        self.random_refpoints_xy = config.random_refpoints_xy
        if self.random_refpoints_xy:
            self.query_refpoint_embeddings.weight.data[:, :2].uniform_(0, 1)
            self.query_refpoint_embeddings.weight.data[:, :2] = inverse_sigmoid(self.query_refpoint_embeddings.weight.data[:, :2])
            self.query_refpoint_embeddings.weight.data[:, :2].requires_grad = False
        self.input_projection = nn.Conv2d(self.backbone.intermediate_channel_sizes[-1], config.hidden_size, kernel_size=1)
        self.backbone = DabDetrConvModel(self.backbone, object_queries)
        self.encoder = DabDetrEncoder(config)
        self.decoder = DabDetrDecoder(config)
        self.hidden_size = config.hidden_size
        self.num_queries = config.num_queries
        self.num_patterns = config.num_patterns
        if not isinstance(self.num_patterns, int):
            self.num_patterns = 0
        if self.num_patterns > 0:
            self.patterns = nn.Embedding(self.num_patterns, self.hidden_size)
        self.aux_loss = config.auxiliary_loss
        self.post_init()

class DabDetrForObjectDetection(DabDetrPreTrainedModel):
    _tied_weights_keys = {'model.decoder.bbox_embed': 'bbox_predictor'}

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.auxiliary_loss = config.auxiliary_loss
        self.query_dim = config.query_dim
        self.model = DabDetrModel(config)
        self.class_embed = nn.Linear(config.hidden_size, config.num_labels)
        self.bbox_predictor = DabDetrMLP(config.hidden_size, config.hidden_size, 4, 3)
        self.model.decoder.bbox_embed = copy.deepcopy(self.bbox_predictor)
        self.post_init()
