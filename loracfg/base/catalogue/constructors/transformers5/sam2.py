"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): sam2. Made by `python -m loracfg.base.transcriber`."""
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
class Sam2HieraDetConfig(PreTrainedConfig):
    model_type = 'sam2_hiera_det_model'
    hidden_size: int = 96
    num_attention_heads: int = 1
    num_channels: int = 3
    image_size: int | list[int] | None = None
    patch_kernel_size: int | list[int] | None = None
    patch_stride: int | list[int] | None = None
    patch_padding: int | list[int] | None = None
    query_stride: int | list[int] | None = None
    window_positional_embedding_background_size: list[int] | None = None
    num_query_pool_stages: int = 3
    blocks_per_stage: list[int] | None = None
    embed_dim_per_stage: list[int] | None = None
    num_attention_heads_per_stage: list[int] | None = None
    window_size_per_stage: list[int] | None = None
    global_attention_blocks: list[int] | None = None
    mlp_ratio: float = 4.0
    hidden_act: str = 'gelu'
    layer_norm_eps: float = 1e-06
    initializer_range: float = 0.02

    def __post_init__(self, **kwargs):
        self.image_size = self.image_size if self.image_size is not None else [1024, 1024]
        self.patch_kernel_size = self.patch_kernel_size if self.patch_kernel_size is not None else [7, 7]
        self.patch_stride = self.patch_stride if self.patch_stride is not None else [4, 4]
        self.patch_padding = self.patch_padding if self.patch_padding is not None else [3, 3]
        self.query_stride = self.query_stride if self.query_stride is not None else [2, 2]
        self.window_positional_embedding_background_size = self.window_positional_embedding_background_size if self.window_positional_embedding_background_size is not None else [7, 7]
        self.blocks_per_stage = self.blocks_per_stage if self.blocks_per_stage is not None else [1, 2, 7, 2]
        self.embed_dim_per_stage = self.embed_dim_per_stage if self.embed_dim_per_stage is not None else [96, 192, 384, 768]
        self.num_attention_heads_per_stage = self.num_attention_heads_per_stage if self.num_attention_heads_per_stage is not None else [1, 2, 4, 8]
        self.window_size_per_stage = self.window_size_per_stage if self.window_size_per_stage is not None else [8, 4, 14, 7]
        self.global_attention_blocks = self.global_attention_blocks if self.global_attention_blocks is not None else [5, 7, 9]
        super().__post_init__(**kwargs)

@strict
class Sam2VisionConfig(PreTrainedConfig):
    model_type = 'sam2_vision_model'
    sub_configs_defaults = {'backbone_config': SubConfigSpec(config_class=AutoConfig, model_type='sam2_hiera_det_model')}
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
        self.backbone_channel_list = [768, 384, 192, 96] if self.backbone_channel_list is None else self.backbone_channel_list
        self.backbone_feature_sizes = [[256, 256], [128, 128], [64, 64]] if self.backbone_feature_sizes is None else self.backbone_feature_sizes
        self.fpn_top_down_levels = [2, 3] if self.fpn_top_down_levels is None else self.fpn_top_down_levels
        super().__post_init__(**kwargs)

@strict
class Sam2PromptEncoderConfig(PreTrainedConfig):
    model_type = 'sam2_prompt_encoder'
    hidden_size: int = 256
    image_size: int | list[int] | tuple[int, int] = 1024
    patch_size: int | list[int] | tuple[int, int] = 16
    mask_input_channels: int = 16
    num_point_embeddings: int = 4
    hidden_act: str = 'gelu'
    layer_norm_eps: float = 1e-06
    scale: int = 1

@strict
class Sam2MaskDecoderConfig(PreTrainedConfig):
    model_type = 'sam2_mask_decoder'
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
class Sam2Config(PreTrainedConfig):
    model_type = 'sam2'
    sub_configs_defaults = {'vision_config': SubConfigSpec(config_class=AutoConfig, model_type='sam2_vision_model'), 'prompt_encoder_config': Sam2PromptEncoderConfig, 'mask_decoder_config': Sam2MaskDecoderConfig}
    vision_config: dict | PreTrainedConfig | None = None
    prompt_encoder_config: dict | PreTrainedConfig | None = None
    mask_decoder_config: dict | PreTrainedConfig | None = None
    initializer_range: float = 0.02

class Sam2PatchEmbeddings(nn.Module):

    def __init__(self, config):
        super().__init__()
        num_channels = config.num_channels
        hidden_size = config.hidden_size
        self.projection = nn.Conv2d(num_channels, hidden_size, kernel_size=config.patch_kernel_size, stride=config.patch_stride, padding=config.patch_padding)

class Sam2SinePositionEmbedding(nn.Module):

    def __init__(self, num_position_features=64, temperature=10000, normalize=False, scale=None):
        super().__init__()
        if scale is not None and normalize is False:
            raise ValueError('normalize should be True if scale is passed')
        self.num_position_features = num_position_features
        self.temperature = temperature
        self.normalize = normalize
        self.scale = 2 * math.pi if scale is None else scale

class Sam2VisionNeck(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.position_encoding = Sam2SinePositionEmbedding(num_position_features=config.fpn_hidden_size // 2, normalize=True)
        self.convs = nn.ModuleList()
        for in_channels in config.backbone_channel_list:
            self.convs.append(nn.Conv2d(in_channels=in_channels, out_channels=config.fpn_hidden_size, kernel_size=config.fpn_kernel_size, stride=config.fpn_stride, padding=config.fpn_padding))
        self.fpn_top_down_levels = config.fpn_top_down_levels

class Sam2MultiScaleAttention(nn.Module):

    def __init__(self, config, dim, dim_out, num_attention_heads, query_stride=None):
        super().__init__()
        self.config = config
        self.dim = dim
        self.dim_out = dim_out
        self.query_stride = query_stride
        self.num_attention_heads = num_attention_heads
        head_dim = dim_out // num_attention_heads
        self.scale = head_dim ** (-0.5)
        self.qkv = nn.Linear(dim, dim_out * 3)
        self.proj = nn.Linear(dim_out, dim_out)
        self.is_causal = False

class Sam2FeedForward(nn.Module):

    def __init__(self, input_dim, hidden_dim, output_dim, num_layers, activation='relu', sigmoid_output=False):
        super().__init__()
        self.num_layers = num_layers
        self.activation = ACT2FN[activation]
        self.proj_in = nn.Linear(input_dim, hidden_dim)
        self.proj_out = nn.Linear(hidden_dim, output_dim)
        self.layers = nn.ModuleList([nn.Linear(hidden_dim, hidden_dim) for _ in range(num_layers - 2)])
        self.sigmoid_output = sigmoid_output

class Sam2MultiScaleBlock(GradientCheckpointingLayer):

    def __init__(self, config, stage_idx, block_idx, total_block_idx):
        super().__init__()
        self.dim = config.embed_dim_per_stage[stage_idx - 1] if stage_idx > 0 and block_idx == 0 else config.embed_dim_per_stage[stage_idx]
        self.dim_out = config.embed_dim_per_stage[stage_idx]
        self.layer_norm1 = nn.LayerNorm(self.dim, eps=config.layer_norm_eps)
        self.window_size = config.window_size_per_stage[stage_idx - 1] if stage_idx > 0 and block_idx == 0 else config.window_size_per_stage[stage_idx]
        self.window_size = 0 if total_block_idx in config.global_attention_blocks else self.window_size
        self.query_stride = config.query_stride if 0 < stage_idx <= config.num_query_pool_stages and block_idx == 0 else None
        self.attn = Sam2MultiScaleAttention(config, self.dim, self.dim_out, num_attention_heads=config.num_attention_heads_per_stage[stage_idx], query_stride=self.query_stride)
        self.layer_norm2 = nn.LayerNorm(self.dim_out, eps=config.layer_norm_eps)
        self.mlp = Sam2FeedForward(self.dim_out, int(self.dim_out * config.mlp_ratio), self.dim_out, num_layers=2, activation=config.hidden_act)
        if self.dim != self.dim_out:
            self.proj = nn.Linear(self.dim, self.dim_out)

class Sam2PreTrainedModel(PreTrainedModel):
    base_model_prefix = 'sam2'
    main_input_name = 'pixel_values'
    _keys_to_ignore_on_load_unexpected = ['^memory_.*', '^mask_downsample.*', '^object_pointer_proj.*', '^temporal_positional_encoding_projection_layer.*', 'no_memory_positional_encoding', 'no_object_pointer', 'occlusion_spatial_embedding_parameter']

class Sam2HieraDetModel(Sam2PreTrainedModel):
    main_input_name = 'pixel_values'

    def __init__(self, config):
        super().__init__(config)
        self.patch_embed = Sam2PatchEmbeddings(config)
        self.pos_embed = nn.Parameter(torch.zeros(1, config.hidden_size, *config.window_positional_embedding_background_size))
        self.pos_embed_window = nn.Parameter(torch.zeros(1, config.hidden_size, config.window_size_per_stage[0], config.window_size_per_stage[0]))
        self.stage_ends = (np.cumsum(config.blocks_per_stage) - 1).tolist()
        self.blocks = nn.ModuleList()
        total_block_idx = 0
        for stage_idx, blocks_per_stage in enumerate(config.blocks_per_stage):
            for block_idx in range(blocks_per_stage):
                block = Sam2MultiScaleBlock(config=config, stage_idx=stage_idx, block_idx=block_idx, total_block_idx=total_block_idx)
                self.blocks.append(block)
                total_block_idx += 1
        self.post_init()

    def get_input_embeddings(self):
        return self.patch_embed

class Sam2VisionModel(Sam2PreTrainedModel):
    main_input_name = 'pixel_values'

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.backbone = AutoModel.from_config(config.backbone_config)
        self.neck = Sam2VisionNeck(config)
        self.num_feature_levels = config.num_feature_levels
        self.post_init()

    def get_input_embeddings(self):
        return self.backbone.get_input_embeddings()

class Sam2PositionalEmbedding(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.scale = config.scale
        positional_embedding = self.scale * torch.randn((2, config.hidden_size // 2))
        self.positional_embedding = nn.Buffer(positional_embedding)

class Sam2MaskEmbedding(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.mask_input_channels = config.mask_input_channels // 4
        self.activation = ACT2FN[config.hidden_act]
        self.conv1 = nn.Conv2d(1, self.mask_input_channels, kernel_size=2, stride=2)
        self.conv2 = nn.Conv2d(self.mask_input_channels, config.mask_input_channels, kernel_size=2, stride=2)
        self.conv3 = nn.Conv2d(config.mask_input_channels, config.hidden_size, kernel_size=1)
        self.layer_norm1 = Sam2LayerNorm(self.mask_input_channels, eps=config.layer_norm_eps, data_format='channels_first')
        self.layer_norm2 = Sam2LayerNorm(self.mask_input_channels * 4, eps=config.layer_norm_eps, data_format='channels_first')

class Sam2PromptEncoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.shared_embedding = Sam2PositionalEmbedding(config)
        self.mask_embed = Sam2MaskEmbedding(config)
        self.no_mask_embed = nn.Embedding(1, config.hidden_size)
        self.image_embedding_size = (config.image_size // config.patch_size, config.image_size // config.patch_size)
        self.mask_input_size = (4 * config.image_size // config.patch_size, 4 * config.image_size // config.patch_size)
        self.input_image_size = config.image_size
        self.point_embed = nn.Embedding(config.num_point_embeddings, config.hidden_size)
        self.hidden_size = config.hidden_size
        self.not_a_point_embed = nn.Embedding(1, config.hidden_size)

class Sam2Attention(nn.Module):

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

class Sam2TwoWayAttentionBlock(GradientCheckpointingLayer):

    def __init__(self, config, skip_first_layer_pe=False):
        super().__init__()
        self.self_attn = Sam2Attention(config, downsample_rate=1)
        self.layer_norm1 = nn.LayerNorm(config.hidden_size)
        self.cross_attn_token_to_image = Sam2Attention(config)
        self.layer_norm2 = nn.LayerNorm(config.hidden_size)
        self.mlp = Sam2FeedForward(config.hidden_size, config.mlp_dim, config.hidden_size, num_layers=config.num_hidden_layers)
        self.layer_norm3 = nn.LayerNorm(config.hidden_size)
        self.layer_norm4 = nn.LayerNorm(config.hidden_size)
        self.cross_attn_image_to_token = Sam2Attention(config)
        self.skip_first_layer_pe = skip_first_layer_pe

class Sam2TwoWayTransformer(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.num_hidden_layers = config.num_hidden_layers
        self.layers = nn.ModuleList()
        for i in range(self.num_hidden_layers):
            self.layers.append(Sam2TwoWayAttentionBlock(config, skip_first_layer_pe=i == 0))
        self.final_attn_token_to_image = Sam2Attention(config)
        self.layer_norm_final_attn = nn.LayerNorm(config.hidden_size)

class Sam2LayerNorm(nn.LayerNorm):

    def __init__(self, normalized_shape, *, eps=1e-06, data_format='channels_last', **kwargs):
        super().__init__(normalized_shape, eps=eps, **kwargs)
        if data_format not in ['channels_last', 'channels_first']:
            raise NotImplementedError(f'Unsupported data format: {data_format}')
        self.data_format = data_format

class Sam2MaskDecoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.hidden_size = config.hidden_size
        self.num_multimask_outputs = config.num_multimask_outputs
        self.num_mask_tokens = config.num_multimask_outputs + 1
        self.iou_token = nn.Embedding(1, self.hidden_size)
        self.mask_tokens = nn.Embedding(self.num_mask_tokens, self.hidden_size)
        self.transformer = Sam2TwoWayTransformer(config)
        self.upscale_conv1 = nn.ConvTranspose2d(self.hidden_size, self.hidden_size // 4, kernel_size=2, stride=2)
        self.upscale_conv2 = nn.ConvTranspose2d(self.hidden_size // 4, self.hidden_size // 8, kernel_size=2, stride=2)
        self.upscale_layer_norm = Sam2LayerNorm(self.hidden_size // 4, data_format='channels_first')
        self.activation = nn.GELU()
        mlps_list = []
        for _ in range(self.num_mask_tokens):
            mlps_list += [Sam2FeedForward(self.hidden_size, self.hidden_size, self.hidden_size // 8, 3)]
        self.output_hypernetworks_mlps = nn.ModuleList(mlps_list)
        self.iou_prediction_head = Sam2FeedForward(self.hidden_size, config.iou_head_hidden_dim, self.num_mask_tokens, config.iou_head_depth, sigmoid_output=True)
        self.conv_s0 = nn.Conv2d(config.hidden_size, config.hidden_size // 8, kernel_size=1, stride=1)
        self.conv_s1 = nn.Conv2d(config.hidden_size, config.hidden_size // 4, kernel_size=1, stride=1)
        self.obj_score_token = nn.Embedding(1, self.hidden_size)
        self.pred_obj_score_head = Sam2FeedForward(self.hidden_size, self.hidden_size, 1, 3)
        self.dynamic_multimask_via_stability = config.dynamic_multimask_via_stability
        self.dynamic_multimask_stability_delta = config.dynamic_multimask_stability_delta
        self.dynamic_multimask_stability_thresh = config.dynamic_multimask_stability_thresh

class Sam2Model(Sam2PreTrainedModel):
    _tied_weights_keys = {}

    def __init__(self, config):
        super().__init__(config)
        self.shared_image_embedding = Sam2PositionalEmbedding(config.prompt_encoder_config)
        self.vision_encoder = AutoModel.from_config(config.vision_config)
        self.prompt_encoder = Sam2PromptEncoder(config.prompt_encoder_config)
        config.mask_decoder_config._attn_implementation = config._attn_implementation
        self.mask_decoder = Sam2MaskDecoder(config.mask_decoder_config)
        self.num_feature_levels = config.vision_config.num_feature_levels
        self.backbone_feature_sizes = config.vision_config.backbone_feature_sizes
        self.hidden_dim = config.vision_config.fpn_hidden_size
        self.no_memory_embedding = torch.nn.Parameter(torch.zeros(1, 1, self.hidden_dim))
        self.post_init()

    def get_input_embeddings(self):
        return self.vision_encoder.get_input_embeddings()
