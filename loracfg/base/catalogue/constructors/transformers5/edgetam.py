"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): edgetam. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GradientCheckpointingLayer
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
import math

@strict
class EdgeTamVisionConfig(PreTrainedConfig):
    model_type = 'edgetam_vision_model'
    sub_configs_defaults = {'backbone_config': SubConfigSpec(config_class=AutoConfig, model_type='timm_wrapper', init_kwargs={'archirecture': 'repvit_m1', 'model_args': {'in_chans': 3, 'features_only': True, 'out_indices': [0, 1, 2, 3]}})}
    backbone_config: dict | PreTrainedConfig | None = None
    backbone_channel_list: list[int] | None = None
    backbone_feature_sizes: list | None = None
    fpn_hidden_size: int = 256
    fpn_kernel_size: int = 1
    fpn_stride: int = 1
    fpn_padding: int = 0
    fpn_top_down_levels: list[int] | None = None
    num_feature_levels: int = 3
    hidden_act: str = 'gelu'
    layer_norm_eps: float = 1e-06
    initializer_range: float = 0.02

    def __post_init__(self, **kwargs):
        self.backbone_channel_list = [384, 192, 96, 48] if self.backbone_channel_list is None else self.backbone_channel_list
        self.backbone_feature_sizes = [[256, 256], [128, 128], [64, 64]] if self.backbone_feature_sizes is None else self.backbone_feature_sizes
        self.fpn_top_down_levels = [2, 3] if self.fpn_top_down_levels is None else self.fpn_top_down_levels
        super().__post_init__(**kwargs)

@strict
class EdgeTamPromptEncoderConfig(PreTrainedConfig):
    model_type = 'edgetam_prompt_encoder'
    hidden_size: int = 256
    image_size: int | list[int] | tuple[int, int] = 1024
    patch_size: int | list[int] | tuple[int, int] = 16
    mask_input_channels: int = 16
    num_point_embeddings: int = 4
    hidden_act: str = 'gelu'
    layer_norm_eps: float = 1e-06
    scale: int = 1

@strict
class EdgeTamMaskDecoderConfig(PreTrainedConfig):
    model_type = 'edgetam_mask_decoder'
    hidden_size: int = 256
    hidden_act: str = 'gelu'
    mlp_dim: int = 2048
    num_hidden_layers: int = 2
    num_attention_heads: int = 8
    attention_downsample_rate: int = 2
    num_multimask_outputs: int = 3
    iou_head_depth: int = 3
    iou_head_hidden_dim: int = 256
    dynamic_multimask_via_stability: bool = True
    dynamic_multimask_stability_delta: float = 0.05
    dynamic_multimask_stability_thresh: float = 0.98

@strict
class EdgeTamConfig(PreTrainedConfig):
    model_type = 'edgetam'
    sub_configs_defaults = {'vision_config': SubConfigSpec(config_class=AutoConfig, model_type='edgetam_vision_model'), 'prompt_encoder_config': EdgeTamPromptEncoderConfig, 'mask_decoder_config': EdgeTamMaskDecoderConfig}
    vision_config: dict | PreTrainedConfig | None = None
    prompt_encoder_config: dict | PreTrainedConfig | None = None
    mask_decoder_config: dict | PreTrainedConfig | None = None
    initializer_range: float = 0.02

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

class EdgeTamTwoWayAttentionBlock(GradientCheckpointingLayer):

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
    base_model_prefix = 'edgetam'
    main_input_name = 'pixel_values'
    _keys_to_ignore_on_load_unexpected = None

class EdgeTamSinePositionEmbedding(nn.Module):

    def __init__(self, num_position_features=64, temperature=10000, normalize=False, scale=None):
        super().__init__()
        if scale is not None and normalize is False:
            raise ValueError('normalize should be True if scale is passed')
        self.num_position_features = num_position_features
        self.temperature = temperature
        self.normalize = normalize
        self.scale = 2 * math.pi if scale is None else scale

class EdgeTamVisionNeck(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.position_encoding = EdgeTamSinePositionEmbedding(num_position_features=config.fpn_hidden_size // 2, normalize=True)
        self.convs = nn.ModuleList()
        for in_channels in config.backbone_channel_list:
            self.convs.append(nn.Conv2d(in_channels=in_channels, out_channels=config.fpn_hidden_size, kernel_size=config.fpn_kernel_size, stride=config.fpn_stride, padding=config.fpn_padding))
        self.fpn_top_down_levels = config.fpn_top_down_levels

class EdgeTamVisionModel(EdgeTamPreTrainedModel):
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
        self.positional_embedding = nn.Buffer(positional_embedding)

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
    _tied_weights_keys = {}
    _keys_to_ignore_on_load_unexpected = ['^memory_.*', '^mask_downsample.*', 'spatial_perceiver.*', '^object_pointer_proj.*', '^temporal_positional_encoding_projection_layer.*', 'no_memory_positional_encoding', 'no_object_pointer', 'occlusion_spatial_embedding_parameter']

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
