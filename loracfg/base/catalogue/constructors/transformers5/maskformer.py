"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): maskformer. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoBackbone, AutoConfig
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from .maskformer__configuration_maskformer_swin import MaskFormerSwinConfig
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GradientCheckpointingLayer, requires_backends
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
import math

@strict
class MaskFormerDetrConfig(PreTrainedConfig):
    model_type = 'detr'
    sub_configs_defaults = {'backbone_config': SubConfigSpec(config_class=AutoConfig, model_type='resnet', init_kwargs={'out_features': ['stage4']})}
    attribute_map = {'hidden_size': 'd_model', 'num_attention_heads': 'encoder_attention_heads', 'num_hidden_layers': 'encoder_layers'}
    backbone_config: dict | PreTrainedConfig | None = None
    num_channels: int = 3
    num_queries: int = 100
    encoder_layers: int = 6
    encoder_ffn_dim: int = 2048
    encoder_attention_heads: int = 8
    decoder_layers: int = 6
    decoder_ffn_dim: int = 2048
    decoder_attention_heads: int = 8
    encoder_layerdrop: float | int = 0.0
    decoder_layerdrop: float | int = 0.0
    is_encoder_decoder: bool = True
    activation_function: str = 'relu'
    d_model: int = 256
    dropout: float | int = 0.1
    attention_dropout: float | int = 0.0
    activation_dropout: float | int = 0.0
    init_std: float = 0.02
    init_xavier_std: float = 1.0
    auxiliary_loss: bool = False
    position_embedding_type: str = 'sine'
    dilation: bool = False
    class_cost: int = 1
    bbox_cost: int = 5
    giou_cost: int = 2
    mask_loss_coefficient: int = 1
    dice_loss_coefficient: int = 1
    bbox_loss_coefficient: int = 5
    giou_loss_coefficient: int = 2
    eos_coefficient: float = 0.1

    def __post_init__(self, **kwargs):
        if self.backbone_config is None and kwargs.pop('use_timm_backbone', True) and (not kwargs.get('backbone_kwargs')):
            backbone_kwargs = kwargs.get('backbone_kwargs', {})
            self.backbone_config = {'model_type': 'timm_backbone', 'backbone': kwargs.pop('backbone', None) or 'resnet50', 'num_channels': backbone_kwargs.get('num_channels', self.num_channels), 'features_only': True, 'use_pretrained_backbone': False, 'out_indices': backbone_kwargs.get('out_indices', [1, 2, 3, 4])}
            if self.dilation:
                self.backbone_config['output_stride'] = backbone_kwargs.get('output_stride', 16)
        super().__post_init__(**kwargs)

@strict
class MaskFormerConfig(PreTrainedConfig):
    model_type = 'maskformer'
    sub_configs_defaults = {'backbone_config': SubConfigSpec(config_class=AutoConfig, model_type='swin', init_kwargs={'depths': [2, 2, 18, 2], 'drop_path_rate': 0.3, 'image_size': 384, 'embed_dim': 128, 'num_heads': [4, 8, 16, 32], 'window_size': 12, 'out_features': ['stage1', 'stage2', 'stage3', 'stage4']}), 'decoder_config': SubConfigSpec(config_class=AutoConfig, model_type='detr')}
    attribute_map = {'hidden_size': 'mask_feature_size'}
    backbones_supported = ['resnet', 'swin']
    decoders_supported = ['detr']
    fpn_feature_size: int = 256
    mask_feature_size: int = 256
    no_object_weight: float = 0.1
    use_auxiliary_loss: bool = False
    backbone_config: dict | PreTrainedConfig | None = None
    decoder_config: dict | PreTrainedConfig | None = None
    init_std: float = 0.02
    init_xavier_std: float = 1.0
    dice_weight: float = 1.0
    cross_entropy_weight: float = 1.0
    mask_weight: float = 20.0
    output_auxiliary_logits: bool | None = None

    def __post_init__(self, **kwargs):
        super().__post_init__(**kwargs)
        self.num_attention_heads = self.decoder_config.encoder_attention_heads
        self.num_hidden_layers = self.decoder_config.num_hidden_layers

    def validate_architecture(self):
        super().validate_architecture()
        if self.backbone_config.model_type not in self.backbones_supported:
            pass
        if self.decoder_config.model_type not in self.decoders_supported:
            raise ValueError(f"Transformer Decoder {self.decoder_config.model_type} not supported, please use one of {','.join(self.decoders_supported)}")

class MaskFormerDetrPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    main_input_name = 'pixel_values'
    supports_gradient_checkpointing = True
    _keys_to_ignore_on_load_unexpected = ['mask_former_detr\\.model\\.backbone\\.model\\.layer\\d+\\.0\\.downsample\\.1\\.num_batches_tracked']

class MaskFormerDetrSelfAttention(nn.Module):

    def __init__(self, config, hidden_size, num_attention_heads, dropout=0.0, bias=True):
        super().__init__()
        self.config = config
        self.head_dim = hidden_size // num_attention_heads
        self.scaling = self.head_dim ** (-0.5)
        self.attention_dropout = dropout
        self.is_causal = False
        self.k_proj = nn.Linear(hidden_size, hidden_size, bias=bias)
        self.v_proj = nn.Linear(hidden_size, hidden_size, bias=bias)
        self.q_proj = nn.Linear(hidden_size, hidden_size, bias=bias)
        self.o_proj = nn.Linear(hidden_size, hidden_size, bias=bias)

class MaskFormerDetrCrossAttention(nn.Module):

    def __init__(self, config, hidden_size, num_attention_heads, dropout=0.0, bias=True):
        super().__init__()
        self.config = config
        self.head_dim = hidden_size // num_attention_heads
        self.scaling = self.head_dim ** (-0.5)
        self.attention_dropout = dropout
        self.is_causal = False
        self.k_proj = nn.Linear(hidden_size, hidden_size, bias=bias)
        self.v_proj = nn.Linear(hidden_size, hidden_size, bias=bias)
        self.q_proj = nn.Linear(hidden_size, hidden_size, bias=bias)
        self.o_proj = nn.Linear(hidden_size, hidden_size, bias=bias)

class MaskFormerDetrMLP(nn.Module):

    def __init__(self, config, hidden_size, intermediate_size):
        super().__init__()
        self.fc1 = nn.Linear(hidden_size, intermediate_size)
        self.fc2 = nn.Linear(intermediate_size, hidden_size)
        self.activation_fn = ACT2FN[config.activation_function]
        self.activation_dropout = config.activation_dropout
        self.dropout = config.dropout

class MaskFormerDetrDecoderLayer(GradientCheckpointingLayer):

    def __init__(self, config):
        super().__init__()
        self.hidden_size = config.d_model
        self.self_attn = MaskFormerDetrSelfAttention(config=config, hidden_size=self.hidden_size, num_attention_heads=config.decoder_attention_heads, dropout=config.attention_dropout)
        self.dropout = config.dropout
        self.self_attn_layer_norm = nn.LayerNorm(self.hidden_size)
        self.encoder_attn = MaskFormerDetrCrossAttention(config=config, hidden_size=self.hidden_size, num_attention_heads=config.decoder_attention_heads, dropout=config.attention_dropout)
        self.encoder_attn_layer_norm = nn.LayerNorm(self.hidden_size)
        self.mlp = MaskFormerDetrMLP(config, self.hidden_size, config.decoder_ffn_dim)
        self.final_layer_norm = nn.LayerNorm(self.hidden_size)

class MaskFormerDetrDecoder(MaskFormerDetrPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.dropout = config.dropout
        self.layers = nn.ModuleList([MaskFormerDetrDecoderLayer(config) for _ in range(config.decoder_layers)])
        self.layernorm = nn.LayerNorm(config.d_model)
        self.post_init()

class MaskFormerHungarianMatcher(nn.Module):

    def __init__(self, cost_class=1.0, cost_mask=1.0, cost_dice=1.0):
        super().__init__()
        if cost_class == 0 and cost_mask == 0 and (cost_dice == 0):
            raise ValueError("All costs can't be 0")
        self.cost_class = cost_class
        self.cost_mask = cost_mask
        self.cost_dice = cost_dice

class MaskFormerLoss(nn.Module):

    def __init__(self, num_labels, matcher, weight_dict, eos_coef):
        super().__init__()
        requires_backends(self, ['scipy'])
        self.num_labels = num_labels
        self.matcher = matcher
        self.weight_dict = weight_dict
        self.eos_coef = eos_coef
        empty_weight = torch.ones(self.num_labels + 1)
        empty_weight[-1] = self.eos_coef
        self.empty_weight = nn.Buffer(empty_weight)

class MaskFormerFPNConvLayer(nn.Module):

    def __init__(self, in_features, out_features, kernel_size=3, padding=1):
        super().__init__()
        self.layers = [nn.Conv2d(in_features, out_features, kernel_size=kernel_size, padding=padding, bias=False), nn.GroupNorm(32, out_features), nn.ReLU(inplace=True)]
        for i, layer in enumerate(self.layers):
            self.add_module(str(i), layer)

class MaskFormerFPNLayer(nn.Module):

    def __init__(self, in_features, lateral_features):
        super().__init__()
        self.proj = nn.Sequential(nn.Conv2d(lateral_features, in_features, kernel_size=1, padding=0, bias=False), nn.GroupNorm(32, in_features))
        self.block = MaskFormerFPNConvLayer(in_features, in_features)

class MaskFormerFPNModel(nn.Module):

    def __init__(self, in_features, lateral_widths, feature_size=256):
        super().__init__()
        self.stem = MaskFormerFPNConvLayer(in_features, feature_size)
        self.layers = nn.Sequential(*[MaskFormerFPNLayer(feature_size, lateral_width) for lateral_width in lateral_widths[::-1]])

class MaskFormerPixelDecoder(nn.Module):

    def __init__(self, *args, feature_size=256, mask_feature_size=256, **kwargs):
        super().__init__()
        self.fpn = MaskFormerFPNModel(*args, feature_size=feature_size, **kwargs)
        self.mask_projection = nn.Conv2d(feature_size, mask_feature_size, kernel_size=3, padding=1)

class MaskFormerSinePositionEmbedding(nn.Module):

    def __init__(self, num_position_features=64, temperature=10000, normalize=False, scale=None):
        super().__init__()
        if scale is not None and normalize is False:
            raise ValueError('normalize should be True if scale is passed')
        self.num_position_features = num_position_features
        self.temperature = temperature
        self.normalize = normalize
        self.scale = 2 * math.pi if scale is None else scale

class PredictionBlock(nn.Module):

    def __init__(self, in_dim, out_dim, activation):
        super().__init__()
        self.layers = [nn.Linear(in_dim, out_dim), activation]
        for i, layer in enumerate(self.layers):
            self.add_module(str(i), layer)

class MaskformerMLPPredictionHead(nn.Module):

    def __init__(self, input_dim, hidden_dim, output_dim, num_layers=3):
        super().__init__()
        in_dims = [input_dim] + [hidden_dim] * (num_layers - 1)
        out_dims = [hidden_dim] * (num_layers - 1) + [output_dim]
        self.layers = []
        for i, (in_dim, out_dim) in enumerate(zip(in_dims, out_dims)):
            activation = nn.ReLU() if i < num_layers - 1 else nn.Identity()
            layer = PredictionBlock(in_dim, out_dim, activation=activation)
            self.layers.append(layer)
            self.add_module(str(i), layer)

class MaskFormerPixelLevelModule(nn.Module):

    def __init__(self, config):
        super().__init__()
        if getattr(config, 'backbone_config') is not None and config.backbone_config.model_type == 'swin':
            backbone_config = config.backbone_config
            backbone_config = MaskFormerSwinConfig.from_dict(backbone_config.to_dict())
            backbone_config.out_features = ['stage1', 'stage2', 'stage3', 'stage4']
            config.backbone_config = backbone_config
        self.encoder = AutoBackbone.from_config(config=config.backbone_config)
        feature_channels = self.encoder.channels
        self.decoder = MaskFormerPixelDecoder(in_features=feature_channels[-1], feature_size=config.fpn_feature_size, mask_feature_size=config.mask_feature_size, lateral_widths=feature_channels[:-1])

class MaskFormerTransformerModule(nn.Module):

    def __init__(self, in_features, config):
        super().__init__()
        hidden_size = config.decoder_config.hidden_size
        should_project = in_features != hidden_size
        self.position_embedder = MaskFormerSinePositionEmbedding(num_position_features=hidden_size // 2, normalize=True)
        self.queries_embedder = nn.Embedding(config.decoder_config.num_queries, hidden_size)
        self.input_projection = nn.Conv2d(in_features, hidden_size, kernel_size=1) if should_project else None
        self.decoder = MaskFormerDetrDecoder(config=config.decoder_config)

class MaskFormerPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    main_input_name = 'pixel_values'

class MaskFormerModel(MaskFormerPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.pixel_level_module = MaskFormerPixelLevelModule(config)
        self.transformer_module = MaskFormerTransformerModule(in_features=self.pixel_level_module.encoder.channels[-1], config=config)
        self.post_init()

class MaskFormerForInstanceSegmentation(MaskFormerPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.model = MaskFormerModel(config)
        hidden_size = config.decoder_config.hidden_size
        self.class_predictor = nn.Linear(hidden_size, config.num_labels + 1)
        self.mask_embedder = MaskformerMLPPredictionHead(hidden_size, hidden_size, config.mask_feature_size)
        self.matcher = MaskFormerHungarianMatcher(cost_class=1.0, cost_dice=config.dice_weight, cost_mask=config.mask_weight)
        self.weight_dict = {'loss_cross_entropy': config.cross_entropy_weight, 'loss_mask': config.mask_weight, 'loss_dice': config.dice_weight}
        self.criterion = MaskFormerLoss(config.num_labels, matcher=self.matcher, weight_dict=self.weight_dict, eos_coef=config.no_object_weight)
        self.post_init()
