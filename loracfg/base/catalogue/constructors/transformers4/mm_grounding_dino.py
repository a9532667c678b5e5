"""Constructors of transformers 4.57.6 (Apache-2.0, The Hugging Face team): mm_grounding_dino. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoModel, CONFIG_MAPPING
from .common_activations import ACT2FN
from .common_configuration_utils import PretrainedConfig
from .common_modeling_utils import PreTrainedModel
from .common_utils_backbone_utils import load_backbone, verify_backbone_config_arguments
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import requires_backends
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
from loracfg.base.catalogue.stand_ins.unknown import Foreign
import math
create_model = Foreign('timm.create_model')

class MMGroundingDinoConfig(PretrainedConfig):
    model_type = 'mm-grounding-dino'
    attribute_map = {'hidden_size': 'd_model', 'num_attention_heads': 'encoder_attention_heads'}

    def __init__(self, backbone_config=None, backbone=None, use_pretrained_backbone=False, use_timm_backbone=False, backbone_kwargs=None, text_config=None, num_queries=900, encoder_layers=6, encoder_ffn_dim=2048, encoder_attention_heads=8, decoder_layers=6, decoder_ffn_dim=2048, decoder_attention_heads=8, is_encoder_decoder=True, activation_function='relu', d_model=256, dropout=0.1, attention_dropout=0.0, activation_dropout=0.0, auxiliary_loss=False, position_embedding_type='sine', num_feature_levels=4, encoder_n_points=4, decoder_n_points=4, two_stage=True, class_cost=1.0, bbox_cost=5.0, giou_cost=2.0, bbox_loss_coefficient=5.0, giou_loss_coefficient=2.0, focal_alpha=0.25, disable_custom_kernels=False, max_text_len=256, text_enhancer_dropout=0.0, fusion_droppath=0.1, fusion_dropout=0.0, embedding_init_target=True, query_dim=4, positional_embedding_temperature=20, init_std=0.02, layer_norm_eps=1e-05, **kwargs):
        super().__init__(is_encoder_decoder=is_encoder_decoder, **kwargs)
        if backbone_config is None and backbone is None:
            backbone_config = CONFIG_MAPPING['swin'](window_size=7, image_size=224, embed_dim=96, depths=[2, 2, 6, 2], num_heads=[3, 6, 12, 24], out_indices=[2, 3, 4])
        elif isinstance(backbone_config, dict):
            backbone_model_type = backbone_config.pop('model_type')
            config_class = CONFIG_MAPPING[backbone_model_type]
            backbone_config = config_class.from_dict(backbone_config)
        verify_backbone_config_arguments(use_timm_backbone=use_timm_backbone, use_pretrained_backbone=use_pretrained_backbone, backbone=backbone, backbone_config=backbone_config, backbone_kwargs=backbone_kwargs)
        if text_config is None:
            text_config = {}
        self.backbone_config = backbone_config
        self.backbone = backbone
        self.use_pretrained_backbone = use_pretrained_backbone
        self.use_timm_backbone = use_timm_backbone
        self.backbone_kwargs = backbone_kwargs
        self.num_queries = num_queries
        self.d_model = d_model
        self.encoder_ffn_dim = encoder_ffn_dim
        self.encoder_layers = encoder_layers
        self.encoder_attention_heads = encoder_attention_heads
        self.decoder_ffn_dim = decoder_ffn_dim
        self.decoder_layers = decoder_layers
        self.decoder_attention_heads = decoder_attention_heads
        self.dropout = dropout
        self.attention_dropout = attention_dropout
        self.activation_dropout = activation_dropout
        self.activation_function = activation_function
        self.auxiliary_loss = auxiliary_loss
        self.position_embedding_type = position_embedding_type
        self.num_feature_levels = num_feature_levels
        self.encoder_n_points = encoder_n_points
        self.decoder_n_points = decoder_n_points
        self.two_stage = two_stage
        self.class_cost = class_cost
        self.bbox_cost = bbox_cost
        self.giou_cost = giou_cost
        self.bbox_loss_coefficient = bbox_loss_coefficient
        self.giou_loss_coefficient = giou_loss_coefficient
        self.focal_alpha = focal_alpha
        self.disable_custom_kernels = disable_custom_kernels
        if isinstance(text_config, dict):
            text_config['model_type'] = text_config.get('model_type', 'bert')
            text_config = CONFIG_MAPPING[text_config['model_type']](**text_config)
        elif text_config is None:
            text_config = CONFIG_MAPPING['bert']()
        self.text_config = text_config
        self.max_text_len = max_text_len
        self.text_enhancer_dropout = text_enhancer_dropout
        self.fusion_droppath = fusion_droppath
        self.fusion_dropout = fusion_dropout
        self.embedding_init_target = embedding_init_target
        self.query_dim = query_dim
        self.positional_embedding_temperature = positional_embedding_temperature
        self.init_std = init_std
        self.layer_norm_eps = layer_norm_eps

    @property
    def num_attention_heads(self):
        return self.encoder_attention_heads

    @property
    def hidden_size(self):
        return self.d_model

    @property
    def sub_configs(self):
        sub_configs = {}
        backbone_config = getattr(self, 'backbone_config', None)
        text_config = getattr(self, 'text_config', None)
        if isinstance(backbone_config, PretrainedConfig):
            sub_configs['backbone_config'] = type(backbone_config)
        if isinstance(text_config, PretrainedConfig):
            sub_configs['text_config'] = type(self.text_config)
        return sub_configs

class MMGroundingDinoContrastiveEmbedding(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.max_text_len = config.max_text_len
        self.bias = nn.Parameter(torch.tensor(0.0))

class MultiScaleDeformableAttention(nn.Module):
    pass

class MMGroundingDinoLearnedPositionEmbedding(nn.Module):

    def __init__(self, config):
        super().__init__()
        embedding_dim = config.d_model // 2
        self.row_embeddings = nn.Embedding(50, embedding_dim)
        self.column_embeddings = nn.Embedding(50, embedding_dim)

class MMGroundingDinoMultiscaleDeformableAttention(nn.Module):

    def __init__(self, config, num_heads, n_points):
        super().__init__()
        self.attn = MultiScaleDeformableAttention()
        if config.d_model % num_heads != 0:
            raise ValueError(f'embed_dim (d_model) must be divisible by num_heads, but got {config.d_model} and {num_heads}')
        dim_per_head = config.d_model // num_heads
        if not (dim_per_head & dim_per_head - 1 == 0 and dim_per_head != 0):
            pass
        self.im2col_step = 64
        self.d_model = config.d_model
        self.n_levels = config.num_feature_levels
        self.n_heads = num_heads
        self.n_points = n_points
        self.sampling_offsets = nn.Linear(config.d_model, num_heads * self.n_levels * n_points * 2)
        self.attention_weights = nn.Linear(config.d_model, num_heads * self.n_levels * n_points)
        self.value_proj = nn.Linear(config.d_model, config.d_model)
        self.output_proj = nn.Linear(config.d_model, config.d_model)
        self.disable_custom_kernels = config.disable_custom_kernels

class MMGroundingDinoBiMultiHeadAttention(nn.Module):

    def __init__(self, config):
        super().__init__()
        vision_dim = text_dim = config.d_model
        embed_dim = config.encoder_ffn_dim // 2
        num_heads = config.encoder_attention_heads // 2
        dropout = config.fusion_dropout
        self.embed_dim = embed_dim
        self.num_heads = num_heads
        self.head_dim = embed_dim // num_heads
        self.vision_dim = vision_dim
        self.text_dim = text_dim
        if self.head_dim * self.num_heads != self.embed_dim:
            raise ValueError(f'`embed_dim` must be divisible by `num_heads` (got `embed_dim`: {self.embed_dim} and `num_heads`: {self.num_heads}).')
        self.scale = self.head_dim ** (-0.5)
        self.dropout = dropout
        self.vision_proj = nn.Linear(self.vision_dim, self.embed_dim)
        self.text_proj = nn.Linear(self.text_dim, self.embed_dim)
        self.values_vision_proj = nn.Linear(self.vision_dim, self.embed_dim)
        self.values_text_proj = nn.Linear(self.text_dim, self.embed_dim)
        self.out_vision_proj = nn.Linear(self.embed_dim, self.vision_dim)
        self.out_text_proj = nn.Linear(self.embed_dim, self.text_dim)

def drop_path(input, drop_prob=0.0, training=False):
    if drop_prob == 0.0 or not training:
        return input
    keep_prob = 1 - drop_prob
    shape = (input.shape[0],) + (1,) * (input.ndim - 1)
    random_tensor = keep_prob + torch.rand(shape, dtype=input.dtype, device=input.device)
    random_tensor.floor_()
    output = input.div(keep_prob) * random_tensor
    return output

class MMGroundingDinoDropPath(nn.Module):

    def __init__(self, drop_prob=None):
        super().__init__()
        self.drop_prob = drop_prob

class MMGroundingDinoFusionLayer(nn.Module):

    def __init__(self, config):
        super().__init__()
        drop_path = config.fusion_droppath
        self.layer_norm_vision = nn.LayerNorm(config.d_model, config.layer_norm_eps)
        self.layer_norm_text = nn.LayerNorm(config.d_model, config.layer_norm_eps)
        self.attn = MMGroundingDinoBiMultiHeadAttention(config)
        self.drop_path = MMGroundingDinoDropPath(drop_path) if drop_path > 0.0 else nn.Identity()
        init_values = 0.0001
        self.vision_param = nn.Parameter(init_values * torch.ones(config.d_model), requires_grad=True)
        self.text_param = nn.Parameter(init_values * torch.ones(config.d_model), requires_grad=True)

class MMGroundingDinoPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    main_input_name = 'pixel_values'

class MMGroundingDinoFrozenBatchNorm2d(nn.Module):

    def __init__(self, n):
        super().__init__()
        self.register_buffer('weight', torch.ones(n))
        self.register_buffer('bias', torch.zeros(n))
        self.register_buffer('running_mean', torch.zeros(n))
        self.register_buffer('running_var', torch.ones(n))

def replace_batch_norm(model):
    for name, module in model.named_children():
        if isinstance(module, nn.BatchNorm2d):
            new_module = MMGroundingDinoFrozenBatchNorm2d(module.num_features)
            if module.weight.device != torch.device('meta'):
                new_module.weight.data.copy_(module.weight)
                new_module.bias.data.copy_(module.bias)
                new_module.running_mean.data.copy_(module.running_mean)
                new_module.running_var.data.copy_(module.running_var)
            model._modules[name] = new_module
        if len(list(module.children())) > 0:
            replace_batch_norm(module)

class MMGroundingDinoConvEncoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        if config.use_timm_backbone:
            requires_backends(self, ['timm'])
            backbone = create_model(config.backbone, pretrained=config.use_pretrained_backbone, features_only=True, **config.backbone_kwargs)
        else:
            backbone = load_backbone(config)
        with torch.no_grad():
            replace_batch_norm(backbone)
        self.model = backbone
        self.intermediate_channel_sizes = self.model.feature_info.channels() if config.use_timm_backbone else self.model.channels
        backbone_model_type = None
        if config.backbone is not None:
            backbone_model_type = config.backbone
        elif config.backbone_config is not None:
            backbone_model_type = config.backbone_config.model_type
        else:
            raise ValueError('Either `backbone` or `backbone_config` should be provided in the config')
        if 'resnet' in backbone_model_type:
            for name, parameter in self.model.named_parameters():
                if config.use_timm_backbone:
                    if 'layer2' not in name and 'layer3' not in name and ('layer4' not in name):
                        parameter.requires_grad_(False)
                elif 'stage.1' not in name and 'stage.2' not in name and ('stage.3' not in name):
                    parameter.requires_grad_(False)

class MMGroundingDinoConvModel(nn.Module):

    def __init__(self, conv_encoder, position_embedding):
        super().__init__()
        self.conv_encoder = conv_encoder
        self.position_embedding = position_embedding

class MMGroundingDinoMultiheadAttention(nn.Module):

    def __init__(self, config, num_attention_heads=None):
        super().__init__()
        if config.hidden_size % num_attention_heads != 0 and (not hasattr(config, 'embedding_size')):
            raise ValueError(f'The hidden size ({config.hidden_size}) is not a multiple of the number of attention heads ({num_attention_heads})')
        self.num_attention_heads = num_attention_heads
        self.attention_head_size = int(config.hidden_size / num_attention_heads)
        self.all_head_size = self.num_attention_heads * self.attention_head_size
        self.query = nn.Linear(config.hidden_size, self.all_head_size)
        self.key = nn.Linear(config.hidden_size, self.all_head_size)
        self.value = nn.Linear(config.hidden_size, self.all_head_size)
        self.out_proj = nn.Linear(config.hidden_size, config.hidden_size)
        self.dropout = nn.Dropout(config.attention_dropout)

class MMGroundingDinoTextEnhancerLayer(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.self_attn = MMGroundingDinoMultiheadAttention(config, num_attention_heads=config.encoder_attention_heads // 2)
        self.fc1 = nn.Linear(config.d_model, config.encoder_ffn_dim // 2)
        self.fc2 = nn.Linear(config.encoder_ffn_dim // 2, config.d_model)
        self.layer_norm_before = nn.LayerNorm(config.d_model, config.layer_norm_eps)
        self.layer_norm_after = nn.LayerNorm(config.d_model, config.layer_norm_eps)
        self.activation = ACT2FN[config.activation_function]
        self.num_heads = config.encoder_attention_heads // 2
        self.dropout = config.text_enhancer_dropout

class MMGroundingDinoDeformableLayer(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.embed_dim = config.d_model
        self.self_attn = MMGroundingDinoMultiscaleDeformableAttention(config, num_heads=config.encoder_attention_heads, n_points=config.encoder_n_points)
        self.self_attn_layer_norm = nn.LayerNorm(self.embed_dim, config.layer_norm_eps)
        self.dropout = config.dropout
        self.activation_fn = ACT2FN[config.activation_function]
        self.activation_dropout = config.activation_dropout
        self.fc1 = nn.Linear(self.embed_dim, config.encoder_ffn_dim)
        self.fc2 = nn.Linear(config.encoder_ffn_dim, self.embed_dim)
        self.final_layer_norm = nn.LayerNorm(self.embed_dim, config.layer_norm_eps)

class MMGroundingDinoEncoderLayer(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.d_model = config.d_model
        self.text_enhancer_layer = MMGroundingDinoTextEnhancerLayer(config)
        self.fusion_layer = MMGroundingDinoFusionLayer(config)
        self.deformable_layer = MMGroundingDinoDeformableLayer(config)

class MMGroundingDinoEncoder(MMGroundingDinoPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.dropout = config.dropout
        self.layers = nn.ModuleList([MMGroundingDinoEncoderLayer(config) for _ in range(config.encoder_layers)])
        self.post_init()

class MMGroundingDinoDecoderLayer(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.embed_dim = config.d_model
        self.self_attn = MMGroundingDinoMultiheadAttention(config, num_attention_heads=config.decoder_attention_heads)
        self.dropout = config.dropout
        self.activation_fn = ACT2FN[config.activation_function]
        self.activation_dropout = config.activation_dropout
        self.self_attn_layer_norm = nn.LayerNorm(self.embed_dim, config.layer_norm_eps)
        self.encoder_attn_text = MMGroundingDinoMultiheadAttention(config, num_attention_heads=config.decoder_attention_heads)
        self.encoder_attn_text_layer_norm = nn.LayerNorm(self.embed_dim, config.layer_norm_eps)
        self.encoder_attn = MMGroundingDinoMultiscaleDeformableAttention(config, num_heads=config.decoder_attention_heads, n_points=config.decoder_n_points)
        self.encoder_attn_layer_norm = nn.LayerNorm(self.embed_dim, config.layer_norm_eps)
        self.fc1 = nn.Linear(self.embed_dim, config.decoder_ffn_dim)
        self.fc2 = nn.Linear(config.decoder_ffn_dim, self.embed_dim)
        self.final_layer_norm = nn.LayerNorm(self.embed_dim, config.layer_norm_eps)

class MMGroundingDinoDecoder(MMGroundingDinoPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.dropout = config.dropout
        self.layer_norm = nn.LayerNorm(config.d_model, config.layer_norm_eps)
        self.layers = nn.ModuleList([MMGroundingDinoDecoderLayer(config) for _ in range(config.decoder_layers)])
        self.reference_points_head = MMGroundingDinoMLPPredictionHead(config.query_dim // 2 * config.d_model, config.d_model, config.d_model, 2)
        self.gradient_checkpointing = False
        self.bbox_embed = None
        self.class_embed = None
        self.query_scale = None
        self.post_init()

class MMGroundingDinoSinePositionEmbedding(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.embedding_dim = config.d_model // 2
        self.temperature = config.positional_embedding_temperature
        self.scale = 2 * math.pi

def build_position_encoding(config):
    if config.position_embedding_type == 'sine':
        position_embedding = MMGroundingDinoSinePositionEmbedding(config)
    elif config.position_embedding_type == 'learned':
        position_embedding = MMGroundingDinoLearnedPositionEmbedding(config)
    else:
        raise ValueError(f'Not supported {config.position_embedding_type}')
    return position_embedding

class MMGroundingDinoModel(MMGroundingDinoPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        backbone = MMGroundingDinoConvEncoder(config)
        position_embeddings = build_position_encoding(config)
        self.backbone = MMGroundingDinoConvModel(backbone, position_embeddings)
        num_backbone_outs = len(backbone.intermediate_channel_sizes)
        input_proj_list = []
        for i in range(num_backbone_outs):
            in_channels = backbone.intermediate_channel_sizes[i]
            input_proj_list.append(nn.Sequential(nn.Conv2d(in_channels, config.d_model, kernel_size=1), nn.GroupNorm(32, config.d_model)))
        for _ in range(config.num_feature_levels - num_backbone_outs):
            input_proj_list.append(nn.Sequential(nn.Conv2d(in_channels, config.d_model, kernel_size=3, stride=2, padding=1), nn.GroupNorm(32, config.d_model)))
            in_channels = config.d_model
        self.input_proj_vision = nn.ModuleList(input_proj_list)
        self.text_backbone = AutoModel.from_config(config.text_config, add_pooling_layer=False)
        self.text_projection = nn.Linear(config.text_config.hidden_size, config.d_model)
        if config.embedding_init_target or not config.two_stage:
            self.query_position_embeddings = nn.Embedding(config.num_queries, config.d_model)
        self.encoder = MMGroundingDinoEncoder(config)
        self.decoder = MMGroundingDinoDecoder(config)
        self.level_embed = nn.Parameter(torch.Tensor(config.num_feature_levels, config.d_model))
        self.enc_output = nn.Linear(config.d_model, config.d_model)
        self.enc_output_norm = nn.LayerNorm(config.d_model, config.layer_norm_eps)
        self.encoder_output_bbox_embed = MMGroundingDinoMLPPredictionHead(input_dim=config.d_model, hidden_dim=config.d_model, output_dim=4, num_layers=3)
        self.encoder_output_class_embed = MMGroundingDinoContrastiveEmbedding(config)
        self.post_init()

class MMGroundingDinoMLPPredictionHead(nn.Module):

    def __init__(self, input_dim, hidden_dim, output_dim, num_layers):
        super().__init__()
        self.num_layers = num_layers
        h = [hidden_dim] * (num_layers - 1)
        self.layers = nn.ModuleList((nn.Linear(n, k) for n, k in zip([input_dim] + h, h + [output_dim])))

class MMGroundingDinoForObjectDetection(MMGroundingDinoPreTrainedModel):
    _tied_weights_keys = ['bbox_embed\\.[1-9]\\d*', 'model\\.decoder\\.bbox_embed\\.[0-9]\\d*', 'class_embed\\.[1-9]\\d*', 'model\\.decoder\\.class_embed\\.[0-9]\\d*']

    def __init__(self, config):
        super().__init__(config)
        self.model = MMGroundingDinoModel(config)
        self.class_embed = nn.ModuleList([MMGroundingDinoContrastiveEmbedding(config) for _ in range(config.decoder_layers)])
        self.bbox_embed = nn.ModuleList([MMGroundingDinoMLPPredictionHead(input_dim=config.d_model, hidden_dim=config.d_model, output_dim=4, num_layers=3) for _ in range(config.decoder_layers)])
        self.model.decoder.bbox_embed = self.bbox_embed
        self.model.decoder.class_embed = self.class_embed
        self.post_init()
