"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): sam3. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel
from .clip import CLIPTextModelWithProjection
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from collections.abc import Iterable
from loracfg.base.catalogue.stand_ins.arrays import numpy as np
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GradientCheckpointingLayer
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
import math

@strict
class Sam3ViTConfig(PreTrainedConfig):
    model_type = 'sam3_vit_model'
    default_rope_type = 'axial'
    hidden_size: int = 1024
    intermediate_size: int = 4736
    num_hidden_layers: int = 32
    num_attention_heads: int = 16
    num_channels: int = 3
    image_size: int | list[int] | tuple[int, int] = 1008
    patch_size: int | list[int] | tuple[int, int] = 14
    hidden_act: str = 'gelu'
    layer_norm_eps: float = 1e-06
    attention_dropout: float | int = 0.0
    window_size: int = 24
    global_attn_indexes: list[int] | None = None
    layer_scale_init_value: float | None = None
    pretrain_image_size: int | list[int] | tuple[int, int] = 336
    hidden_dropout: float | int = 0.0
    initializer_range: float = 0.02
    rope_parameters: dict | None = None

    def __post_init__(self, **kwargs):
        if self.global_attn_indexes is None:
            self.global_attn_indexes = [7, 15, 23, 31]
        super().__post_init__(**kwargs)

@strict
class Sam3VisionConfig(PreTrainedConfig):
    model_type = 'sam3_vision_model'
    sub_configs_defaults = {'backbone_config': SubConfigSpec(config_class=AutoConfig, model_type='sam3_vit_model')}
    backbone_config: dict | PreTrainedConfig | None = None
    fpn_hidden_size: int = 256
    backbone_feature_sizes: list | None = None
    scale_factors: list[float] | None = None
    hidden_act: str = 'gelu'
    layer_norm_eps: float = 1e-06
    initializer_range: float = 0.02

    def __post_init__(self, **kwargs):
        self.scale_factors = [4.0, 2.0, 1.0, 0.5] if self.scale_factors is None else self.scale_factors
        if self.backbone_feature_sizes is None:
            self.backbone_feature_sizes = [[288, 288], [144, 144], [72, 72]]
        super().__post_init__(**kwargs)

    @property
    def image_size(self):
        return self.backbone_config.image_size

    @image_size.setter
    def image_size(self, value):
        self.backbone_config.image_size = value

@strict
class Sam3GeometryEncoderConfig(PreTrainedConfig):
    model_type = 'sam3_geometry_encoder'
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
class Sam3DETREncoderConfig(PreTrainedConfig):
    model_type = 'sam3_detr_encoder'
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
class Sam3DETRDecoderConfig(PreTrainedConfig):
    model_type = 'sam3_detr_decoder'
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
class Sam3MaskDecoderConfig(PreTrainedConfig):
    model_type = 'sam3_mask_decoder'
    hidden_size: int = 256
    num_upsampling_stages: int = 3
    layer_norm_eps: float = 1e-06
    dropout: float | int = 0.0
    num_attention_heads: int = 8
    initializer_range: float = 0.02

@strict
class Sam3Config(PreTrainedConfig):
    model_type = 'sam3'
    sub_configs_defaults = {'geometry_encoder_config': Sam3GeometryEncoderConfig, 'detr_encoder_config': Sam3DETREncoderConfig, 'detr_decoder_config': Sam3DETRDecoderConfig, 'mask_decoder_config': Sam3MaskDecoderConfig, 'vision_config': Sam3VisionConfig, 'text_config': SubConfigSpec(config_class=AutoConfig, model_type='clip_text_model', init_kwargs={'vocab_size': 49408, 'hidden_size': 1024, 'intermediate_size': 4096, 'projection_dim': 512, 'num_hidden_layers': 24, 'num_attention_heads': 16, 'max_position_embeddings': 32, 'hidden_act': 'gelu'})}
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

class Sam3MLP(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.activation_fn = ACT2FN[config.hidden_act]
        self.fc1 = nn.Linear(config.hidden_size, config.intermediate_size)
        self.fc2 = nn.Linear(config.intermediate_size, config.hidden_size)
        self.dropout = nn.Dropout(config.hidden_dropout)

class Sam3Attention(nn.Module):

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

class Sam3ViTRotaryEmbedding(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.rope_type = self.config.rope_parameters['rope_type']
        rope_init_fn = self.compute_axial_rope_parameters
        if self.rope_type != 'axial':
            raise ValueError(f'{self.__class__.__name__} supports only axial rope, but requested {self.rope_type}')
        inv_freq, self.attention_scaling = rope_init_fn(self.config)
        self.inv_freq = nn.Buffer(inv_freq, persistent=False)
        self.original_inv_freq = nn.Buffer(inv_freq.clone(), persistent=False)

    @staticmethod
    def compute_axial_rope_parameters(config, device=None, **kwargs):
        base = config.rope_parameters['rope_theta']
        dim = getattr(config, 'head_dim', None) or config.hidden_size // config.num_attention_heads
        spatial_dim = dim // 2
        attention_factor = 1.0
        inv_freq = 1.0 / base ** (torch.arange(0, spatial_dim, 2, dtype=torch.float) / spatial_dim)
        return (inv_freq.to(device), attention_factor)

class Sam3ViTRoPEAttention(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.hidden_size = config.hidden_size
        self.num_attention_heads = config.num_attention_heads
        self.head_dim = self.hidden_size // config.num_attention_heads
        self.scaling = self.head_dim ** (-0.5)
        self.attention_dropout = config.attention_dropout
        self.is_causal = False
        self.q_proj = nn.Linear(self.hidden_size, self.hidden_size)
        self.k_proj = nn.Linear(self.hidden_size, self.hidden_size)
        self.v_proj = nn.Linear(self.hidden_size, self.hidden_size)
        self.o_proj = nn.Linear(self.hidden_size, self.hidden_size)

class Sam3ViTPatchEmbeddings(nn.Module):

    def __init__(self, config):
        super().__init__()
        image_size, patch_size = (config.pretrain_image_size, config.patch_size)
        num_channels, hidden_size = (config.num_channels, config.hidden_size)
        image_size = image_size if isinstance(image_size, Iterable) else (image_size, image_size)
        patch_size = patch_size if isinstance(patch_size, Iterable) else (patch_size, patch_size)
        num_patches = image_size[1] // patch_size[1] * (image_size[0] // patch_size[0])
        self.image_size = image_size
        self.patch_size = patch_size
        self.num_channels = num_channels
        self.num_patches = num_patches
        self.projection = nn.Conv2d(num_channels, hidden_size, kernel_size=patch_size, stride=patch_size, bias=False)

class Sam3ViTEmbeddings(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.patch_embeddings = Sam3ViTPatchEmbeddings(config)
        num_patches = self.patch_embeddings.num_patches
        self.position_embeddings = nn.Parameter(torch.randn(1, num_patches, config.hidden_size))
        self.dropout = nn.Dropout(config.hidden_dropout)
        self.patch_size = config.patch_size

class Sam3ViTLayer(GradientCheckpointingLayer):

    def __init__(self, config, window_size=0):
        super().__init__()
        self.config = config
        hidden_size = config.hidden_size
        self.layer_norm1 = nn.LayerNorm(hidden_size, eps=config.layer_norm_eps)
        self.rotary_emb = Sam3ViTRotaryEmbedding(config)
        self.attention = Sam3ViTRoPEAttention(config)
        self.layer_norm2 = nn.LayerNorm(hidden_size, eps=config.layer_norm_eps)
        self.mlp = Sam3MLP(config)
        self.dropout = nn.Dropout(config.hidden_dropout)
        self.window_size = window_size
        position_ids = self.precompute_positions(config, window_size)
        self.position_ids = nn.Buffer(position_ids, persistent=False)

    @staticmethod
    def precompute_positions(config, window_size):
        if window_size > 0:
            hw_grid = (window_size, window_size)
        else:
            image_size = config.image_size
            image_size = image_size if isinstance(image_size, (list, tuple)) else (image_size, image_size)
            patch_size = config.patch_size
            patch_size = patch_size if isinstance(patch_size, (list, tuple)) else (patch_size, patch_size)
            hw_grid = (image_size[1] // patch_size[1], image_size[0] // patch_size[0])
        hpos_ids, wpos_ids = torch.meshgrid(torch.arange(hw_grid[0]), torch.arange(hw_grid[1]), indexing='ij')
        position_ids = torch.stack([wpos_ids.flatten(), hpos_ids.flatten()], dim=-1)
        position_ids = position_ids * (config.window_size / hw_grid[1])
        return position_ids

class Sam3PreTrainedModel(PreTrainedModel):
    base_model_prefix = 'sam3'
    main_input_name = 'pixel_values'

class Sam3ViTModel(Sam3PreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.embeddings = Sam3ViTEmbeddings(config)
        self.layer_norm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.layers = nn.ModuleList([Sam3ViTLayer(config, window_size=config.window_size if i not in config.global_attn_indexes else 0) for i in range(config.num_hidden_layers)])
        self.post_init()

    def get_input_embeddings(self):
        return self.embeddings.patch_embeddings

class Sam3SinePositionEmbedding(nn.Module):

    def __init__(self, num_position_features=64, temperature=10000, normalize=False, scale=None):
        super().__init__()
        if scale is not None and normalize is False:
            raise ValueError('normalize should be True if scale is passed')
        self.num_position_features = num_position_features
        self.temperature = temperature
        self.normalize = normalize
        self.scale = 2 * math.pi if scale is None else scale

class Sam3FPNLayer(nn.Module):

    def __init__(self, in_channels, fpn_dim, scale_factor):
        super().__init__()
        self.scale_factor = scale_factor
        self.scale_layers = nn.ModuleList()
        if scale_factor == 4.0:
            self.scale_layers.append(nn.ConvTranspose2d(in_channels, in_channels // 2, kernel_size=2, stride=2))
            self.scale_layers.append(nn.GELU())
            self.scale_layers.append(nn.ConvTranspose2d(in_channels // 2, in_channels // 4, kernel_size=2, stride=2))
            intermediate_channels = in_channels // 4
        elif scale_factor == 2.0:
            self.scale_layers.append(nn.ConvTranspose2d(in_channels, in_channels // 2, kernel_size=2, stride=2))
            intermediate_channels = in_channels // 2
        elif scale_factor == 1.0:
            intermediate_channels = in_channels
        elif scale_factor == 0.5:
            self.scale_layers.append(nn.MaxPool2d(kernel_size=2, stride=2))
            intermediate_channels = in_channels
        else:
            raise NotImplementedError(f'scale_factor={scale_factor} is not supported yet.')
        self.proj1 = nn.Conv2d(in_channels=intermediate_channels, out_channels=fpn_dim, kernel_size=1)
        self.proj2 = nn.Conv2d(in_channels=fpn_dim, out_channels=fpn_dim, kernel_size=3, padding=1)

class Sam3VisionNeck(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.position_encoding = Sam3SinePositionEmbedding(num_position_features=config.fpn_hidden_size // 2, normalize=True)
        self.fpn_layers = nn.ModuleList([Sam3FPNLayer(in_channels=config.backbone_config.hidden_size, fpn_dim=config.fpn_hidden_size, scale_factor=scale) for scale in config.scale_factors])

class Sam3VisionModel(Sam3PreTrainedModel):
    main_input_name = 'pixel_values'

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.backbone = AutoModel.from_config(config.backbone_config)
        self.neck = Sam3VisionNeck(config)
        self.post_init()

    def get_input_embeddings(self):
        return self.backbone.get_input_embeddings()

class Sam3GeometryEncoderLayer(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.layer_norm1 = nn.LayerNorm(config.hidden_size)
        self.self_attn = Sam3Attention(config)
        self.dropout = nn.Dropout(config.dropout)
        self.cross_attn = Sam3Attention(config)
        self.layer_norm2 = nn.LayerNorm(config.hidden_size)
        self.mlp = Sam3MLP(config)
        self.layer_norm3 = nn.LayerNorm(config.hidden_size)

class Sam3GeometryEncoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.hidden_size = config.hidden_size
        self.roi_size = config.roi_size
        self.position_encoding = Sam3SinePositionEmbedding(num_position_features=config.hidden_size // 2, normalize=True)
        self.label_embed = nn.Embedding(2, self.hidden_size)
        self.cls_embed = nn.Embedding(1, self.hidden_size)
        self.boxes_direct_project = nn.Linear(4, self.hidden_size)
        self.boxes_pool_project = nn.Conv2d(self.hidden_size, self.hidden_size, self.roi_size)
        self.boxes_pos_enc_project = nn.Linear(self.hidden_size + 2, self.hidden_size)
        self.vision_layer_norm = nn.LayerNorm(self.hidden_size)
        self.final_proj = nn.Linear(self.hidden_size, self.hidden_size)
        self.prompt_layer_norm = nn.LayerNorm(self.hidden_size)
        self.layers = nn.ModuleList([Sam3GeometryEncoderLayer(config) for _ in range(config.num_layers)])
        self.output_layer_norm = nn.LayerNorm(self.hidden_size)

class Sam3DetrEncoderLayer(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.layer_norm1 = nn.LayerNorm(config.hidden_size)
        self.self_attn = Sam3Attention(config)
        self.dropout = nn.Dropout(config.dropout)
        self.cross_attn = Sam3Attention(config)
        self.layer_norm2 = nn.LayerNorm(config.hidden_size)
        self.mlp = Sam3MLP(config)
        self.layer_norm3 = nn.LayerNorm(config.hidden_size)

class Sam3DetrEncoder(Sam3PreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.hidden_size = config.hidden_size
        self.layers = nn.ModuleList([Sam3DetrEncoderLayer(config) for _ in range(config.num_layers)])
        self.post_init()

class Sam3DecoderMLP(nn.Module):

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

class Sam3DetrDecoderLayer(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.self_attn = Sam3Attention(config)
        self.self_attn_dropout = nn.Dropout(config.dropout)
        self.self_attn_layer_norm = nn.LayerNorm(config.hidden_size)
        self.text_cross_attn = Sam3Attention(config)
        self.text_cross_attn_dropout = nn.Dropout(config.dropout)
        self.text_cross_attn_layer_norm = nn.LayerNorm(config.hidden_size)
        self.vision_cross_attn = Sam3Attention(config)
        self.vision_cross_attn_dropout = nn.Dropout(config.dropout)
        self.vision_cross_attn_layer_norm = nn.LayerNorm(config.hidden_size)
        self.mlp = Sam3MLP(config)
        self.mlp_layer_norm = nn.LayerNorm(config.hidden_size)
        self.mlp_dropout = nn.Dropout(config.dropout)

class Sam3DetrDecoder(Sam3PreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.hidden_size = config.hidden_size
        self.layers = nn.ModuleList([Sam3DetrDecoderLayer(config) for _ in range(config.num_layers)])
        self.output_layer_norm = nn.LayerNorm(config.hidden_size)
        self.box_head = Sam3DecoderMLP(config.hidden_size, config.hidden_size, 4, 3)
        self.query_embed = nn.Embedding(config.num_queries, config.hidden_size)
        self.reference_points = nn.Embedding(config.num_queries, 4)
        self.presence_token = nn.Embedding(1, config.hidden_size)
        self.presence_head = Sam3DecoderMLP(config.hidden_size, config.hidden_size, 1, 3)
        self.presence_layer_norm = nn.LayerNorm(config.hidden_size)
        self.clamp_presence_logit_max_val = 10.0
        self.ref_point_head = Sam3DecoderMLP(2 * config.hidden_size, config.hidden_size, config.hidden_size, 2)
        self.box_rpb_embed_x = Sam3DecoderMLP(2, config.hidden_size, config.num_attention_heads, 2)
        self.box_rpb_embed_y = Sam3DecoderMLP(2, config.hidden_size, config.num_attention_heads, 2)
        self.position_encoding = Sam3SinePositionEmbedding(num_position_features=config.hidden_size // 2, normalize=False)
        self.post_init()

class Sam3DotProductScoring(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        hidden_size = config.detr_decoder_config.hidden_size
        projection_dim = config.detr_decoder_config.hidden_size
        self.text_mlp = Sam3DecoderMLP(input_dim=hidden_size, hidden_dim=config.detr_decoder_config.intermediate_size, output_dim=hidden_size, num_layers=2)
        self.text_mlp_dropout = nn.Dropout(config.detr_decoder_config.dropout)
        self.text_mlp_out_norm = nn.LayerNorm(hidden_size)
        self.text_proj = nn.Linear(hidden_size, projection_dim)
        self.query_proj = nn.Linear(hidden_size, projection_dim)
        self.scale = float(1.0 / np.sqrt(projection_dim))
        self.clamp_logits = True
        self.clamp_max_val = 12.0

class Sam3MaskEmbedder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        hidden_size = config.hidden_size
        self.layers = nn.ModuleList([nn.Linear(hidden_size, hidden_size), nn.Linear(hidden_size, hidden_size), nn.Linear(hidden_size, hidden_size)])
        self.activation = nn.ReLU()

class Sam3PixelDecoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        hidden_size = config.hidden_size
        num_upsampling_stages = config.num_upsampling_stages
        self.conv_layers = nn.ModuleList([nn.Conv2d(hidden_size, hidden_size, kernel_size=3, stride=1, padding=1) for _ in range(num_upsampling_stages)])
        self.norms = nn.ModuleList([nn.GroupNorm(8, hidden_size) for _ in range(num_upsampling_stages)])
        self.out_channels = hidden_size

class Sam3MaskDecoder(Sam3PreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        hidden_size = config.hidden_size
        self.pixel_decoder = Sam3PixelDecoder(config)
        self.mask_embedder = Sam3MaskEmbedder(config)
        self.instance_projection = nn.Conv2d(self.pixel_decoder.out_channels, hidden_size, kernel_size=1)
        self.semantic_projection = nn.Conv2d(self.pixel_decoder.out_channels, 1, kernel_size=1)
        self.prompt_cross_attn = Sam3Attention(config)
        self.prompt_cross_attn_norm = nn.LayerNorm(hidden_size)
        self.prompt_cross_attn_dropout = nn.Dropout(config.dropout)
        self.post_init()

class Sam3Model(Sam3PreTrainedModel):
    base_model_prefix = 'detector_model'
    _keys_to_ignore_on_load_unexpected = ['^tracker_model.', '^tracker_neck.']

    def __init__(self, config):
        if hasattr(config, 'detector_config') and config.detector_config is not None:
            detector_config = config.detector_config
            if isinstance(detector_config, dict):
                detector_config = Sam3Config(**detector_config)
            config = detector_config
        super().__init__(config)
        self.vision_encoder = Sam3VisionModel(config.vision_config)
        self.text_encoder = CLIPTextModelWithProjection(config.text_config)
        self.vocab_size = config.text_config.vocab_size
        self.text_projection = nn.Linear(config.text_config.hidden_size, config.detr_encoder_config.hidden_size)
        config.geometry_encoder_config._attn_implementation = config._attn_implementation
        config.detr_encoder_config._attn_implementation = config._attn_implementation
        config.detr_decoder_config._attn_implementation = config._attn_implementation
        config.mask_decoder_config._attn_implementation = config._attn_implementation
        self.geometry_encoder = Sam3GeometryEncoder(config.geometry_encoder_config)
        self.detr_encoder = Sam3DetrEncoder(config.detr_encoder_config)
        self.detr_decoder = Sam3DetrDecoder(config.detr_decoder_config)
        self.mask_decoder = Sam3MaskDecoder(config.mask_decoder_config)
        self.dot_product_scoring = Sam3DotProductScoring(config)
        self.post_init()
