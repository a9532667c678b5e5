"""Constructors of transformers 4.57.6 (Apache-2.0, The Hugging Face team): edgetam. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel, CONFIG_MAPPING
from .common_activations import ACT2FN
from .common_configuration_utils import PretrainedConfig
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
import math

class EdgeTamVisionConfig(PretrainedConfig):
    model_type = 'edgetam_vision_model'
    sub_configs = {'backbone_config': AutoConfig}

    def __init__(self, backbone_config=None, backbone_channel_list=None, backbone_feature_sizes=None, fpn_hidden_size=256, fpn_kernel_size=1, fpn_stride=1, fpn_padding=0, fpn_top_down_levels=None, num_feature_levels=3, hidden_act='gelu', layer_norm_eps=1e-06, initializer_range=0.02, **kwargs):
        super().__init__(**kwargs)
        backbone_channel_list = [384, 192, 96, 48] if backbone_channel_list is None else backbone_channel_list
        backbone_feature_sizes = [[256, 256], [128, 128], [64, 64]] if backbone_feature_sizes is None else backbone_feature_sizes
        fpn_top_down_levels = [2, 3] if fpn_top_down_levels is None else fpn_top_down_levels
        if isinstance(backbone_config, dict):
            backbone_config['model_type'] = backbone_config.get('model_type', 'timm_wrapper')
            backbone_config = CONFIG_MAPPING[backbone_config['model_type']](**backbone_config)
        elif isinstance(backbone_config, AutoConfig):
            backbone_config = backbone_config
        elif backbone_config is None:
            backbone_config = AutoConfig.from_pretrained('timm/repvit_m1.dist_in1k', model_args={'in_chans': 3, 'features_only': True, 'out_indices': [0, 1, 2, 3]})
        self.backbone_config = backbone_config
        self.backbone_channel_list = backbone_channel_list
        self.backbone_feature_sizes = backbone_feature_sizes
        self.fpn_hidden_size = fpn_hidden_size
        self.fpn_kernel_size = fpn_kernel_size
        self.fpn_stride = fpn_stride
        self.fpn_padding = fpn_padding
        self.fpn_top_down_levels = fpn_top_down_levels
        self.num_feature_levels = num_feature_levels
        self.hidden_act = hidden_act
        self.layer_norm_eps = layer_norm_eps
        self.initializer_range = initializer_range

class EdgeTamPromptEncoderConfig(PretrainedConfig):

    def __init__(self, hidden_size=256, image_size=1024, patch_size=16, mask_input_channels=16, num_point_embeddings=4, hidden_act='gelu', layer_norm_eps=1e-06, scale=1, **kwargs):
        super().__init__(**kwargs)
        self.hidden_size = hidden_size
        self.image_size = image_size
        self.patch_size = patch_size
        self.mask_input_channels = mask_input_channels
        self.num_point_embeddings = num_point_embeddings
        self.hidden_act = hidden_act
        self.layer_norm_eps = layer_norm_eps
        self.scale = scale

class EdgeTamMaskDecoderConfig(PretrainedConfig):

    def __init__(self, hidden_size=256, hidden_act='gelu', mlp_dim=2048, num_hidden_layers=2, num_attention_heads=8, attention_downsample_rate=2, num_multimask_outputs=3, iou_head_depth=3, iou_head_hidden_dim=256, dynamic_multimask_via_stability=True, dynamic_multimask_stability_delta=0.05, dynamic_multimask_stability_thresh=0.98, **kwargs):
        super().__init__(**kwargs)
        self.hidden_size = hidden_size
        self.num_multimask_outputs = num_multimask_outputs
        self.hidden_act = hidden_act
        self.iou_head_depth = iou_head_depth
        self.iou_head_hidden_dim = iou_head_hidden_dim
        self.dynamic_multimask_via_stability = dynamic_multimask_via_stability
        self.dynamic_multimask_stability_delta = dynamic_multimask_stability_delta
        self.dynamic_multimask_stability_thresh = dynamic_multimask_stability_thresh
        self.num_hidden_layers = num_hidden_layers
        self.hidden_size = hidden_size
        self.num_attention_heads = num_attention_heads
        self.mlp_dim = mlp_dim
        self.attention_downsample_rate = attention_downsample_rate

class EdgeTamConfig(PretrainedConfig):
    model_type = 'edgetam'
    sub_configs = {'vision_config': AutoConfig, 'prompt_encoder_config': EdgeTamPromptEncoderConfig, 'mask_decoder_config': EdgeTamMaskDecoderConfig}

    def __init__(self, vision_config=None, prompt_encoder_config=None, mask_decoder_config=None, initializer_range=0.02, **kwargs):
        super().__init__(**kwargs)
        vision_config = vision_config if vision_config is not None else {}
        prompt_encoder_config = prompt_encoder_config if prompt_encoder_config is not None else {}
        mask_decoder_config = mask_decoder_config if mask_decoder_config is not None else {}
        if isinstance(vision_config, dict):
            vision_config['model_type'] = vision_config.get('model_type', 'edgetam_vision_model')
            vision_config = CONFIG_MAPPING[vision_config['model_type']](**vision_config)
        if isinstance(prompt_encoder_config, EdgeTamPromptEncoderConfig):
            prompt_encoder_config = prompt_encoder_config.to_dict()
        if isinstance(mask_decoder_config, EdgeTamMaskDecoderConfig):
            mask_decoder_config = mask_decoder_config.to_dict()
        self.vision_config = vision_config
        self.prompt_encoder_config = EdgeTamPromptEncoderConfig(**prompt_encoder_config)
        self.mask_decoder_config = EdgeTamMaskDecoderConfig(**mask_decoder_config)
        self.initializer_range = initializer_range

class EdgeTamLayerNorm(nn.LayerNorm):

    def __init__(self, normalized_shape, *, eps=1e-06, data_format='channels_last', **kwargs):
        super().__init__(normalized_shape, eps=eps, **kwargs)
        if data_format not in ['channels_last', 'channels_first']:
            raise NotImplementedError(f'Unsupported data format: {data_format}')
        self.data_format = data_format

class EdgeTamAttention(nn.Module):

    def __init__(self, config, downsample_rate=None):
        super().__init__()
        downsample_rate = config.attention_downsample_rate if downsample_rate is None else downsample_rate
        self.config = config
        self.hidden_size = config.hidden_size
        self.internal_dim = config.hidden_size // downsample_rate
        self.num_attention_heads = config.num_attention_heads
        self.head_dim = self.internal_dim // config.num_attention_heads
        self.scaling = self.head_dim ** (-0.5)
        self.is_causal = False
        self.q_proj = nn.Linear(self.hidden_size, self.internal_dim)
        self.k_proj = nn.Linear(self.hidden_size, self.internal_dim)
        self.v_proj = nn.Linear(self.hidden_size, self.internal_dim)
        self.o_proj = nn.Linear(self.internal_dim, self.hidden_size)

class EdgeTamTwoWayAttentionBlock(nn.Module):

    def __init__(self, config, skip_first_layer_pe=False):
        super().__init__()
        self.self_attn = EdgeTamAttention(config, downsample_rate=1)
        self.layer_norm1 = nn.LayerNorm(config.hidden_size)
        self.cross_attn_token_to_image = EdgeTamAttention(config)
        self.layer_norm2 = nn.LayerNorm(config.hidden_size)
        self.mlp = EdgeTamFeedForward(config.hidden_size, config.mlp_dim, config.hidden_size, num_layers=config.num_hidden_layers)
        self.layer_norm3 = nn.LayerNorm(config.hidden_size)
        self.layer_norm4 = nn.LayerNorm(config.hidden_size)
        self.cross_attn_image_to_token = EdgeTamAttention(config)
        self.skip_first_layer_pe = skip_first_layer_pe

class EdgeTamFeedForward(nn.Module):

    def __init__(self, input_dim, hidden_dim, output_dim, num_layers, activation='relu', sigmoid_output=False):
        super().__init__()
        self.num_layers = num_layers
        self.activation = ACT2FN[activation]
        self.proj_in = nn.Linear(input_dim, hidden_dim)
        self.proj_out = nn.Linear(hidden_dim, output_dim)
        self.layers = nn.ModuleList([nn.Linear(hidden_dim, hidden_dim) for _ in range(num_layers - 2)])
        self.sigmoid_output = sigmoid_output

class EdgeTamPreTrainedModel(PreTrainedModel):
    config_class = EdgeTamConfig
    base_model_prefix = 'edgetam'
    main_input_name = 'pixel_values'

class EdgeTamSinePositionEmbedding(nn.Module):

    def __init__(self, num_pos_feats=64, temperature=10000, normalize=False, scale=None):
        super().__init__()
        if scale is not None and normalize is False:
            raise ValueError('normalize should be True if scale is passed')
        self.num_pos_feats = num_pos_feats
        self.temperature = temperature
        self.normalize = normalize
        self.scale = 2 * math.pi if scale is None else scale

class EdgeTamVisionNeck(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.position_encoding = EdgeTamSinePositionEmbedding(num_pos_feats=config.fpn_hidden_size // 2, normalize=True)
        self.convs = nn.ModuleList()
        for in_channels in config.backbone_channel_list:
            self.convs.append(nn.Conv2d(in_channels=in_channels, out_channels=config.fpn_hidden_size, kernel_size=config.fpn_kernel_size, stride=config.fpn_stride, padding=config.fpn_padding))
        self.fpn_top_down_levels = config.fpn_top_down_levels

class EdgeTamVisionModel(EdgeTamPreTrainedModel):
    config_class = EdgeTamVisionConfig
    main_input_name = 'pixel_values'

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.backbone = AutoModel.from_config(config.backbone_config)
        self.neck = EdgeTamVisionNeck(config)
        self.num_feature_levels = config.num_feature_levels
        self.post_init()

class EdgeTamPositionalEmbedding(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.scale = config.scale
        positional_embedding = self.scale * torch.randn((2, config.hidden_size // 2))
        self.register_buffer('positional_embedding', positional_embedding)

class EdgeTamMaskEmbedding(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.mask_input_channels = config.mask_input_channels // 4
        self.activation = ACT2FN[config.hidden_act]
        self.conv1 = nn.Conv2d(1, self.mask_input_channels, kernel_size=2, stride=2)
        self.conv2 = nn.Conv2d(self.mask_input_channels, config.mask_input_channels, kernel_size=2, stride=2)
        self.conv3 = nn.Conv2d(config.mask_input_channels, config.hidden_size, kernel_size=1)
        self.layer_norm1 = EdgeTamLayerNorm(self.mask_input_channels, eps=config.layer_norm_eps, data_format='channels_first')
        self.layer_norm2 = EdgeTamLayerNorm(self.mask_input_channels * 4, eps=config.layer_norm_eps, data_format='channels_first')

class EdgeTamPromptEncoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.shared_embedding = EdgeTamPositionalEmbedding(config)
        self.mask_embed = EdgeTamMaskEmbedding(config)
        self.no_mask_embed = nn.Embedding(1, config.hidden_size)
        self.image_embedding_size = (config.image_size // config.patch_size, config.image_size // config.patch_size)
        self.mask_input_size = (4 * config.image_size // config.patch_size, 4 * config.image_size // config.patch_size)
        self.input_image_size = config.image_size
        self.point_embed = nn.Embedding(config.num_point_embeddings, config.hidden_size)
        self.hidden_size = config.hidden_size
        self.not_a_point_embed = nn.Embedding(1, config.hidden_size)

class EdgeTamTwoWayTransformer(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.num_hidden_layers = config.num_hidden_layers
        self.layers = nn.ModuleList()
        for i in range(self.num_hidden_layers):
            self.layers.append(EdgeTamTwoWayAttentionBlock(config, skip_first_layer_pe=i == 0))
        self.final_attn_token_to_image = EdgeTamAttention(config)
        self.layer_norm_final_attn = nn.LayerNorm(config.hidden_size)

class EdgeTamMaskDecoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.hidden_size = config.hidden_size
        self.num_multimask_outputs = config.num_multimask_outputs
        self.num_mask_tokens = config.num_multimask_outputs + 1
        self.iou_token = nn.Embedding(1, self.hidden_size)
        self.mask_tokens = nn.Embedding(self.num_mask_tokens, self.hidden_size)
        self.transformer = EdgeTamTwoWayTransformer(config)
        self.upscale_conv1 = nn.ConvTranspose2d(self.hidden_size, self.hidden_size // 4, kernel_size=2, stride=2)
        self.upscale_conv2 = nn.ConvTranspose2d(self.hidden_size // 4, self.hidden_size // 8, kernel_size=2, stride=2)
        self.upscale_layer_norm = EdgeTamLayerNorm(self.hidden_size // 4, data_format='channels_first')
        self.activation = nn.GELU()
        mlps_list = []
        for _ in range(self.num_mask_tokens):
            mlps_list += [EdgeTamFeedForward(self.hidden_size, self.hidden_size, self.hidden_size // 8, 3)]
        self.output_hypernetworks_mlps = nn.ModuleList(mlps_list)
        self.iou_prediction_head = EdgeTamFeedForward(self.hidden_size, config.iou_head_hidden_dim, self.num_mask_tokens, config.iou_head_depth, sigmoid_output=True)
        self.conv_s0 = nn.Conv2d(config.hidden_size, config.hidden_size // 8, kernel_size=1, stride=1)
        self.conv_s1 = nn.Conv2d(config.hidden_size, config.hidden_size // 4, kernel_size=1, stride=1)
        self.obj_score_token = nn.Embedding(1, self.hidden_size)
        self.pred_obj_score_head = EdgeTamFeedForward(self.hidden_size, self.hidden_size, 1, 3)
        self.dynamic_multimask_via_stability = config.dynamic_multimask_via_stability
        self.dynamic_multimask_stability_delta = config.dynamic_multimask_stability_delta
        self.dynamic_multimask_stability_thresh = config.dynamic_multimask_stability_thresh

class EdgeTamModel(EdgeTamPreTrainedModel):
    _tied_weights_keys = ['prompt_encoder.shared_embedding.positional_embedding']

    def __init__(self, config):
        super().__init__(config)
        self.shared_image_embedding = EdgeTamPositionalEmbedding(config.prompt_encoder_config)
        self.vision_encoder = AutoModel.from_config(config.vision_config)
        self.prompt_encoder = EdgeTamPromptEncoder(config.prompt_encoder_config)
        config.mask_decoder_config._attn_implementation = config._attn_implementation
        self.mask_decoder = EdgeTamMaskDecoder(config.mask_decoder_config)
        self.num_feature_levels = config.vision_config.num_feature_levels
        self.backbone_feature_sizes = config.vision_config.backbone_feature_sizes
        self.hidden_dim = config.vision_config.fpn_hidden_size
        self.no_memory_embedding = torch.nn.Parameter(torch.zeros(1, 1, self.hidden_dim))
        self.post_init()

    def _tie_weights(self):
        self.prompt_encoder.shared_embedding.positional_embedding.data = self.shared_image_embedding.positional_embedding.data
