"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): sam3_tracker. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GradientCheckpointingLayer
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

@strict
class Sam3TrackerPromptEncoderConfig(PreTrainedConfig):
    model_type = 'sam3_tracker_prompt_encoder'
    hidden_size: int = 256
    image_size: int | list[int] | tuple[int, int] = 1008
    patch_size: int | list[int] | tuple[int, int] = 14
    mask_input_channels: int = 16
    num_point_embeddings: int = 4
    hidden_act: str = 'gelu'
    layer_norm_eps: float = 1e-06
    scale: int = 1

@strict
class Sam3TrackerMaskDecoderConfig(PreTrainedConfig):
    model_type = 'sam3_tracker_mask_decoder'
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
class Sam3TrackerConfig(PreTrainedConfig):
    model_type = 'sam3_tracker'
    sub_configs_defaults = {'vision_config': SubConfigSpec(config_class=AutoConfig, model_type='sam3_vision_model', init_kwargs={'backbone_feature_sizes': [[288, 288], [144, 144], [72, 72]]}), 'prompt_encoder_config': Sam3TrackerPromptEncoderConfig, 'mask_decoder_config': Sam3TrackerMaskDecoderConfig}
    vision_config: dict | PreTrainedConfig | None = None
    prompt_encoder_config: dict | PreTrainedConfig | None = None
    mask_decoder_config: dict | PreTrainedConfig | None = None
    initializer_range: float = 0.02

class Sam3TrackerFeedForward(nn.Module):

    def __init__(self, input_dim, hidden_dim, output_dim, num_layers, activation='relu', sigmoid_output=False):
        super().__init__()
        self.num_layers = num_layers
        self.activation = ACT2FN[activation]
        self.proj_in = nn.Linear(input_dim, hidden_dim)
        self.proj_out = nn.Linear(hidden_dim, output_dim)
        self.layers = nn.ModuleList([nn.Linear(hidden_dim, hidden_dim) for _ in range(num_layers - 2)])
        self.sigmoid_output = sigmoid_output

class Sam3TrackerPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'sam3_tracker'
    main_input_name = 'pixel_values'
    _keys_to_ignore_on_load_unexpected = ['^memory_.*', '^mask_downsample.*', '^object_pointer_proj.*', '^temporal_positional_encoding_projection_layer.*', 'no_memory_positional_encoding', 'no_object_pointer', 'occlusion_spatial_embedding_parameter']

class Sam3TrackerPositionalEmbedding(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.scale = config.scale
        positional_embedding = self.scale * torch.randn((2, config.hidden_size // 2))
        self.positional_embedding = nn.Buffer(positional_embedding)

class Sam3TrackerMaskEmbedding(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.mask_input_channels = config.mask_input_channels // 4
        self.activation = ACT2FN[config.hidden_act]
        self.conv1 = nn.Conv2d(1, self.mask_input_channels, kernel_size=2, stride=2)
        self.conv2 = nn.Conv2d(self.mask_input_channels, config.mask_input_channels, kernel_size=2, stride=2)
        self.conv3 = nn.Conv2d(config.mask_input_channels, config.hidden_size, kernel_size=1)
        self.layer_norm1 = Sam3TrackerLayerNorm(self.mask_input_channels, eps=config.layer_norm_eps, data_format='channels_first')
        self.layer_norm2 = Sam3TrackerLayerNorm(self.mask_input_channels * 4, eps=config.layer_norm_eps, data_format='channels_first')

class Sam3TrackerPromptEncoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.shared_embedding = Sam3TrackerPositionalEmbedding(config)
        self.mask_embed = Sam3TrackerMaskEmbedding(config)
        self.no_mask_embed = nn.Embedding(1, config.hidden_size)
        self.image_embedding_size = (config.image_size // config.patch_size, config.image_size // config.patch_size)
        self.mask_input_size = (4 * config.image_size // config.patch_size, 4 * config.image_size // config.patch_size)
        self.input_image_size = config.image_size
        self.point_embed = nn.Embedding(config.num_point_embeddings, config.hidden_size)
        self.hidden_size = config.hidden_size
        self.not_a_point_embed = nn.Embedding(1, config.hidden_size)

class Sam3TrackerAttention(nn.Module):

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

class Sam3TrackerTwoWayAttentionBlock(GradientCheckpointingLayer):

    def __init__(self, config, skip_first_layer_pe=False):
        super().__init__()
        self.self_attn = Sam3TrackerAttention(config, downsample_rate=1)
        self.layer_norm1 = nn.LayerNorm(config.hidden_size)
        self.cross_attn_token_to_image = Sam3TrackerAttention(config)
        self.layer_norm2 = nn.LayerNorm(config.hidden_size)
        self.mlp = Sam3TrackerFeedForward(config.hidden_size, config.mlp_dim, config.hidden_size, num_layers=config.num_hidden_layers)
        self.layer_norm3 = nn.LayerNorm(config.hidden_size)
        self.layer_norm4 = nn.LayerNorm(config.hidden_size)
        self.cross_attn_image_to_token = Sam3TrackerAttention(config)
        self.skip_first_layer_pe = skip_first_layer_pe

class Sam3TrackerTwoWayTransformer(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.num_hidden_layers = config.num_hidden_layers
        self.layers = nn.ModuleList()
        for i in range(self.num_hidden_layers):
            self.layers.append(Sam3TrackerTwoWayAttentionBlock(config, skip_first_layer_pe=i == 0))
        self.final_attn_token_to_image = Sam3TrackerAttention(config)
        self.layer_norm_final_attn = nn.LayerNorm(config.hidden_size)

class Sam3TrackerLayerNorm(nn.LayerNorm):

    def __init__(self, normalized_shape, *, eps=1e-06, data_format='channels_last', **kwargs):
        super().__init__(normalized_shape, eps=eps, **kwargs)
        if data_format not in ['channels_last', 'channels_first']:
            raise NotImplementedError(f'Unsupported data format: {data_format}')
        self.data_format = data_format

class Sam3TrackerMaskDecoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.hidden_size = config.hidden_size
        self.num_multimask_outputs = config.num_multimask_outputs
        self.num_mask_tokens = config.num_multimask_outputs + 1
        self.iou_token = nn.Embedding(1, self.hidden_size)
        self.mask_tokens = nn.Embedding(self.num_mask_tokens, self.hidden_size)
        self.transformer = Sam3TrackerTwoWayTransformer(config)
        self.upscale_conv1 = nn.ConvTranspose2d(self.hidden_size, self.hidden_size // 4, kernel_size=2, stride=2)
        self.upscale_conv2 = nn.ConvTranspose2d(self.hidden_size // 4, self.hidden_size // 8, kernel_size=2, stride=2)
        self.upscale_layer_norm = Sam3TrackerLayerNorm(self.hidden_size // 4, data_format='channels_first')
        self.activation = nn.GELU()
        mlps_list = []
        for _ in range(self.num_mask_tokens):
            mlps_list += [Sam3TrackerFeedForward(self.hidden_size, self.hidden_size, self.hidden_size // 8, 3)]
        self.output_hypernetworks_mlps = nn.ModuleList(mlps_list)
        self.iou_prediction_head = Sam3TrackerFeedForward(self.hidden_size, config.iou_head_hidden_dim, self.num_mask_tokens, config.iou_head_depth, sigmoid_output=True)
        self.conv_s0 = nn.Conv2d(config.hidden_size, config.hidden_size // 8, kernel_size=1, stride=1)
        self.conv_s1 = nn.Conv2d(config.hidden_size, config.hidden_size // 4, kernel_size=1, stride=1)
        self.obj_score_token = nn.Embedding(1, self.hidden_size)
        self.pred_obj_score_head = Sam3TrackerFeedForward(self.hidden_size, self.hidden_size, 1, 3)
        self.dynamic_multimask_via_stability = config.dynamic_multimask_via_stability
        self.dynamic_multimask_stability_delta = config.dynamic_multimask_stability_delta
        self.dynamic_multimask_stability_thresh = config.dynamic_multimask_stability_thresh

class Sam3TrackerModel(Sam3TrackerPreTrainedModel):
    _tied_weights_keys = {}
    _keys_to_ignore_on_load_unexpected = ['^detector_model.', '^memory_.*', '^mask_downsample.*', '^object_pointer_proj.*', '^temporal_positional_encoding_projection_layer.*', 'no_memory_positional_encoding', 'no_object_pointer', 'occlusion_spatial_embedding_parameter']

    def __init__(self, config):
        if hasattr(config, 'tracker_config') and config.tracker_config is not None:
            if isinstance(config.tracker_config, dict):
                config.tracker_config = Sam3TrackerConfig(**config.tracker_config)
            config = config.tracker_config
        super().__init__(config)
        self.shared_image_embedding = Sam3TrackerPositionalEmbedding(config.prompt_encoder_config)
        self.vision_encoder = AutoModel.from_config(config.vision_config)
        self.prompt_encoder = Sam3TrackerPromptEncoder(config.prompt_encoder_config)
        config.mask_decoder_config._attn_implementation = config._attn_implementation
        self.mask_decoder = Sam3TrackerMaskDecoder(config.mask_decoder_config)
        self.backbone_feature_sizes = config.vision_config.backbone_feature_sizes
        self.hidden_dim = config.vision_config.fpn_hidden_size
        self.no_memory_embedding = torch.nn.Parameter(torch.zeros(1, 1, self.hidden_dim))
        self.post_init()

    def get_input_embeddings(self):
        return self.vision_encoder.get_input_embeddings()
