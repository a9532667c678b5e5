"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): conditional_detr. Made by `python -m loracfg.base.transcriber`."""
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
import math

@strict
class ConditionalDetrConfig(PreTrainedConfig):
    model_type = 'conditional_detr'
    sub_configs_defaults = {'backbone_config': SubConfigSpec(config_class=AutoConfig, model_type='resnet', init_kwargs={'out_features': ['stage4']})}
    attribute_map = {'hidden_size': 'd_model', 'num_attention_heads': 'encoder_attention_heads', 'num_hidden_layers': 'encoder_layers'}
    backbone_config: dict | PreTrainedConfig | None = None
    num_channels: int = 3
    num_queries: int = 300
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
    class_cost: int = 2
    bbox_cost: int = 5
    giou_cost: int = 2
    mask_loss_coefficient: int = 1
    dice_loss_coefficient: int = 1
    cls_loss_coefficient: int = 2
    bbox_loss_coefficient: int = 5
    giou_loss_coefficient: int = 2
    focal_alpha: float = 0.25

    def __post_init__(self, **kwargs):
        if self.backbone_config is None and kwargs.pop('use_timm_backbone', True) and (not kwargs.get('backbone_kwargs')):
            backbone_kwargs = kwargs.get('backbone_kwargs', {})
            self.backbone_config = {'model_type': 'timm_backbone', 'backbone': kwargs.pop('backbone', None) or 'resnet50', 'num_channels': backbone_kwargs.get('num_channels', self.num_channels), 'features_only': True, 'use_pretrained_backbone': False, 'out_indices': backbone_kwargs.get('out_indices', [1, 2, 3, 4])}
            if self.dilation:
                self.backbone_config['output_stride'] = backbone_kwargs.get('output_stride', 16)
        super().__post_init__(**kwargs)

class ConditionalDetrFrozenBatchNorm2d(nn.Module):

    def __init__(self, n):
        super().__init__()
        self.weight = nn.Buffer(torch.ones(n))
        self.bias = nn.Buffer(torch.zeros(n))
        self.running_mean = nn.Buffer(torch.zeros(n))
        self.running_var = nn.Buffer(torch.ones(n))

def replace_batch_norm(model):
    for name, module in model.named_children():
        if isinstance(module, nn.BatchNorm2d):
            new_module = ConditionalDetrFrozenBatchNorm2d(module.num_features)
            if module.weight.device != torch.device('meta'):
                new_module.weight.copy_(module.weight)
                new_module.bias.copy_(module.bias)
                new_module.running_mean.copy_(module.running_mean)
                new_module.running_var.copy_(module.running_var)
            model._modules[name] = new_module
        if len(list(module.children())) > 0:
            replace_batch_norm(module)

class ConditionalDetrConvEncoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        backbone = load_backbone(config)
        self.intermediate_channel_sizes = backbone.channels
        with torch.no_grad():
            replace_batch_norm(backbone)
        is_timm_model = False
        if hasattr(backbone, '_backbone'):
            backbone = backbone._backbone
            is_timm_model = True
        self.model = backbone
        backbone_model_type = config.backbone_config.model_type
        if 'resnet' in backbone_model_type:
            for name, parameter in self.model.named_parameters():
                if is_timm_model:
                    if 'layer2' not in name and 'layer3' not in name and ('layer4' not in name):
                        parameter.requires_grad_(False)
                elif 'stage.1' not in name and 'stage.2' not in name and ('stage.3' not in name):
                    parameter.requires_grad_(False)

class ConditionalDetrSinePositionEmbedding(nn.Module):

    def __init__(self, num_position_features=64, temperature=10000, normalize=False, scale=None):
        super().__init__()
        if scale is not None and normalize is False:
            raise ValueError('normalize should be True if scale is passed')
        self.num_position_features = num_position_features
        self.temperature = temperature
        self.normalize = normalize
        self.scale = 2 * math.pi if scale is None else scale

class ConditionalDetrLearnedPositionEmbedding(nn.Module):

    def __init__(self, embedding_dim=256):
        super().__init__()
        self.row_embeddings = nn.Embedding(50, embedding_dim)
        self.column_embeddings = nn.Embedding(50, embedding_dim)

class ConditionalDetrSelfAttention(nn.Module):

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

class ConditionalDetrDecoderSelfAttention(nn.Module):

    def __init__(self, config, hidden_size, num_attention_heads, dropout=0.0):
        super().__init__()
        self.config = config
        self.hidden_size = hidden_size
        self.head_dim = hidden_size // num_attention_heads
        self.scaling = self.head_dim ** (-0.5)
        self.attention_dropout = dropout
        self.is_causal = False
        self.q_content_proj = nn.Linear(hidden_size, hidden_size)
        self.q_pos_proj = nn.Linear(hidden_size, hidden_size)
        self.k_content_proj = nn.Linear(hidden_size, hidden_size)
        self.k_pos_proj = nn.Linear(hidden_size, hidden_size)
        self.v_proj = nn.Linear(hidden_size, hidden_size)
        self.o_proj = nn.Linear(hidden_size, hidden_size)

class ConditionalDetrDecoderCrossAttention(nn.Module):

    def __init__(self, config, hidden_size, num_attention_heads, dropout=0.0):
        super().__init__()
        self.config = config
        self.hidden_size = hidden_size
        self.num_attention_heads = num_attention_heads
        self.head_dim = hidden_size // num_attention_heads
        self.attention_dropout = dropout
        self.is_causal = False
        self.q_content_proj = nn.Linear(hidden_size, hidden_size)
        self.q_pos_proj = nn.Linear(hidden_size, hidden_size)
        self.k_content_proj = nn.Linear(hidden_size, hidden_size)
        self.k_pos_proj = nn.Linear(hidden_size, hidden_size)
        self.v_proj = nn.Linear(hidden_size, hidden_size)
        self.q_pos_sine_proj = nn.Linear(hidden_size, hidden_size)
        self.o_proj = nn.Linear(hidden_size, hidden_size)
        expanded_head_dim = hidden_size * 2 // num_attention_heads
        self.scaling = expanded_head_dim ** (-0.5)

class ConditionalDetrMLP(nn.Module):

    def __init__(self, config, hidden_size, intermediate_size):
        super().__init__()
        self.fc1 = nn.Linear(hidden_size, intermediate_size)
        self.fc2 = nn.Linear(intermediate_size, hidden_size)
        self.activation_fn = ACT2FN[config.activation_function]
        self.activation_dropout = config.activation_dropout
        self.dropout = config.dropout

class ConditionalDetrEncoderLayer(GradientCheckpointingLayer):

    def __init__(self, config):
        super().__init__()
        self.hidden_size = config.d_model
        self.self_attn = ConditionalDetrSelfAttention(config=config, hidden_size=self.hidden_size, num_attention_heads=config.encoder_attention_heads, dropout=config.attention_dropout)
        self.self_attn_layer_norm = nn.LayerNorm(self.hidden_size)
        self.dropout = config.dropout
        self.mlp = ConditionalDetrMLP(config, self.hidden_size, config.encoder_ffn_dim)
        self.final_layer_norm = nn.LayerNorm(self.hidden_size)

class ConditionalDetrDecoderLayer(GradientCheckpointingLayer):

    def __init__(self, config):
        super().__init__()
        self.hidden_size = config.d_model
        self.self_attn = ConditionalDetrDecoderSelfAttention(config=config, hidden_size=self.hidden_size, num_attention_heads=config.decoder_attention_heads, dropout=config.attention_dropout)
        self.dropout = config.dropout
        self.self_attn_layer_norm = nn.LayerNorm(self.hidden_size)
        self.encoder_attn = ConditionalDetrDecoderCrossAttention(config=config, hidden_size=self.hidden_size, num_attention_heads=config.decoder_attention_heads, dropout=config.attention_dropout)
        self.encoder_attn_layer_norm = nn.LayerNorm(self.hidden_size)
        self.mlp = ConditionalDetrMLP(config, self.hidden_size, config.decoder_ffn_dim)
        self.final_layer_norm = nn.LayerNorm(self.hidden_size)

class ConditionalDetrMLPPredictionHead(nn.Module):

    def __init__(self, input_dim, hidden_dim, output_dim, num_layers):
        super().__init__()
        self.num_layers = num_layers
        h = [hidden_dim] * (num_layers - 1)
        self.layers = nn.ModuleList((nn.Linear(n, k) for n, k in zip([input_dim] + h, h + [output_dim])))

class ConditionalDetrConvBlock(nn.Module):

    def __init__(self, in_channels, out_channels, activation='relu'):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, kernel_size=3, padding=1)
        self.norm = nn.GroupNorm(min(8, out_channels), out_channels)
        self.activation = ACT2FN[activation]

class ConditionalDetrFPNFusionStage(nn.Module):

    def __init__(self, fpn_channels, current_channels, output_channels, activation='relu'):
        super().__init__()
        self.fpn_adapter = nn.Conv2d(fpn_channels, current_channels, kernel_size=1)
        self.refine = ConditionalDetrConvBlock(current_channels, output_channels, activation)

class ConditionalDetrMaskHeadSmallConv(nn.Module):

    def __init__(self, input_channels, fpn_channels, hidden_size, activation_function='relu'):
        super().__init__()
        if input_channels % 8 != 0:
            raise ValueError(f'input_channels must be divisible by 8, got {input_channels}')
        self.conv1 = ConditionalDetrConvBlock(input_channels, input_channels, activation_function)
        self.conv2 = ConditionalDetrConvBlock(input_channels, hidden_size // 2, activation_function)
        self.fpn_stages = nn.ModuleList([ConditionalDetrFPNFusionStage(fpn_channels[0], hidden_size // 2, hidden_size // 4, activation_function), ConditionalDetrFPNFusionStage(fpn_channels[1], hidden_size // 4, hidden_size // 8, activation_function), ConditionalDetrFPNFusionStage(fpn_channels[2], hidden_size // 8, hidden_size // 16, activation_function)])
        self.output_conv = nn.Conv2d(hidden_size // 16, 1, kernel_size=3, padding=1)

class ConditionalDetrMHAttentionMap(nn.Module):

    def __init__(self, hidden_size, num_attention_heads, dropout=0.0, bias=True):
        super().__init__()
        self.head_dim = hidden_size // num_attention_heads
        self.scaling = self.head_dim ** (-0.5)
        self.attention_dropout = dropout
        self.q_proj = nn.Linear(hidden_size, hidden_size, bias=bias)
        self.k_proj = nn.Linear(hidden_size, hidden_size, bias=bias)

class ConditionalDetrPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    main_input_name = 'pixel_values'
    supports_gradient_checkpointing = True
    _keys_to_ignore_on_load_unexpected = ['detr\\.model\\.backbone\\.model\\.layer\\d+\\.0\\.downsample\\.1\\.num_batches_tracked']

class ConditionalDetrEncoder(ConditionalDetrPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.dropout = config.dropout
        self.layers = nn.ModuleList([ConditionalDetrEncoderLayer(config) for _ in range(config.encoder_layers)])
        self.post_init()

class ConditionalDetrDecoder(ConditionalDetrPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.hidden_size = config.d_model
        self.dropout = config.dropout
        self.layerdrop = config.decoder_layerdrop
        self.layers = nn.ModuleList([ConditionalDetrDecoderLayer(config) for _ in range(config.decoder_layers)])
        self.layernorm = nn.LayerNorm(config.d_model)
        self.query_scale = ConditionalDetrMLPPredictionHead(self.hidden_size, self.hidden_size, self.hidden_size, 2)
        self.ref_point_head = ConditionalDetrMLPPredictionHead(self.hidden_size, self.hidden_size, 2, 2)
        for layer_id in range(config.decoder_layers - 1):
            self.layers[layer_id + 1].encoder_attn.q_pos_proj = None
        self.post_init()

class ConditionalDetrModel(ConditionalDetrPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.backbone = ConditionalDetrConvEncoder(config)
        if config.position_embedding_type == 'sine':
            self.position_embedding = ConditionalDetrSinePositionEmbedding(config.d_model // 2, normalize=True)
        elif config.position_embedding_type == 'learned':
            self.position_embedding = ConditionalDetrLearnedPositionEmbedding(config.d_model // 2)
        else:
            raise ValueError(f'Not supported {config.position_embedding_type}')
        self.query_position_embeddings = nn.Embedding(config.num_queries, config.d_model)
        self.input_projection = nn.Conv2d(self.backbone.intermediate_channel_sizes[-1], config.d_model, kernel_size=1)
        self.encoder = ConditionalDetrEncoder(config)
        self.decoder = ConditionalDetrDecoder(config)
        self.post_init()

class ConditionalDetrForObjectDetection(ConditionalDetrPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.model = ConditionalDetrModel(config)
        self.class_labels_classifier = nn.Linear(config.d_model, config.num_labels)
        self.bbox_predictor = ConditionalDetrMLPPredictionHead(input_dim=config.d_model, hidden_dim=config.d_model, output_dim=4, num_layers=3)
        self.post_init()

class ConditionalDetrForSegmentation(ConditionalDetrPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.conditional_detr = ConditionalDetrForObjectDetection(config)
        hidden_size, number_of_heads = (config.d_model, config.encoder_attention_heads)
        intermediate_channel_sizes = self.conditional_detr.model.backbone.intermediate_channel_sizes
        self.mask_head = ConditionalDetrMaskHeadSmallConv(input_channels=hidden_size + number_of_heads, fpn_channels=intermediate_channel_sizes[::-1][-3:], hidden_size=hidden_size, activation_function=config.activation_function)
        self.bbox_attention = ConditionalDetrMHAttentionMap(hidden_size, number_of_heads, dropout=0.0)
        self.post_init()
