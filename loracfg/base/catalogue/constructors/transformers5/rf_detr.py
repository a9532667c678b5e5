"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): rf_detr. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig
from .common_activations import ACT2CLS, ACT2FN
from .common_backbone_utils import BackboneConfigMixin, BackboneMixin, consolidate_backbone_kwargs_to_config
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from collections.abc import Iterable
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GradientCheckpointingLayer
from loracfg.base.catalogue.stand_ins.nn import functional as F, nn
from loracfg.base.catalogue.stand_ins.turns import range

@strict
class RfDetrDinov2Config(BackboneConfigMixin, PreTrainedConfig):
    model_type = 'rf_detr_dinov2'
    hidden_size: int = 768
    num_hidden_layers: int = 12
    num_attention_heads: int = 12
    mlp_ratio: int = 4
    hidden_act: str = 'gelu'
    hidden_dropout_prob: float | int = 0.0
    attention_probs_dropout_prob: float | int = 0.0
    initializer_range: float = 0.02
    layer_norm_eps: float = 1e-06
    image_size: int | list[int] | tuple[int, int] = 224
    patch_size: int | list[int] | tuple[int, int] = 14
    num_channels: int = 3
    qkv_bias: bool = True
    layerscale_value: float = 1.0
    drop_path_rate: float | int = 0.0
    use_swiglu_ffn: bool = False
    _out_features: list[str] | None = None
    _out_indices: list[int] | None = None
    apply_layernorm: bool = True
    reshape_hidden_states: bool = True
    use_mask_token: bool = True
    num_windows: int = 4

    def __post_init__(self, **kwargs):
        self.stage_names = ['stem'] + [f'stage{idx}' for idx in range(1, self.num_hidden_layers + 1)]
        self.set_output_features_output_indices(out_indices=kwargs.pop('out_indices', None), out_features=kwargs.pop('out_features', None))
        window_block_indexes = set(range(self._out_indices[-1] + 1))
        window_block_indexes.difference_update(self._out_indices)
        self.window_block_indexes = list(window_block_indexes)
        super().__post_init__(**kwargs)

@strict
class RfDetrConfig(PreTrainedConfig):
    model_type = 'rf_detr'
    sub_configs_defaults = {'backbone_config': SubConfigSpec(config_class=AutoConfig, model_type='rf_detr_vit', init_kwargs={'image_size': 1024, 'hidden_size': 192, 'num_hidden_layers': 10, 'window_block_indices': [0, 1, 3, 6, 7, 9], 'out_indices': [2, 4, 5, 9]})}
    backbone_config: dict | PreTrainedConfig | None = None
    hidden_expansion: float = 0.5
    c2f_num_blocks: int = 3
    activation_function: str = 'silu'
    dropout: float = 0.1
    decoder_ffn_dim: int = 2048
    decoder_n_points: int = 4
    decoder_layers: int = 3
    decoder_self_attention_heads: int = 8
    decoder_cross_attention_heads: int = 16
    decoder_activation_function: str = 'relu'
    num_queries: int = 300
    attention_bias: bool = True
    attention_dropout: float | int = 0.0
    activation_dropout: float | int = 0.0
    group_detr: int = 13
    init_std: float = 0.02
    disable_custom_kernels: bool = True
    class_cost: int | float = 2
    bbox_cost: int | float = 5
    giou_cost: int | float = 2
    class_loss_coefficient: int | float = 1
    dice_loss_coefficient: int | float = 1
    bbox_loss_coefficient: int | float = 5
    giou_loss_coefficient: int | float = 2
    eos_coefficient: float = 0.1
    focal_alpha: float = 0.25
    auxiliary_loss: bool = True
    d_model: int = 256
    layer_norm_eps: float = 1e-05
    num_feature_levels: int = 1
    mask_loss_coefficient: int | float = 1
    mask_point_sample_ratio: int = 16
    mask_downsample_ratio: int = 4
    mask_class_loss_coefficient: int | float = 5.0
    mask_dice_loss_coefficient: int | float = 5.0
    segmentation_head_activation_function: str = 'gelu'
    intermediate_size: int = 1024

    def __post_init__(self, **kwargs):
        self.backbone_config, kwargs = consolidate_backbone_kwargs_to_config(backbone_config=self.backbone_config, default_config_type='rf_detr_dinov2', default_config_kwargs={'num_attention_heads': 6, 'out_features': ['stage2', 'stage5', 'stage8', 'stage11'], 'hidden_size': 384, 'num_register_tokens': 0, 'image_size': 518}, **kwargs)
        super().__post_init__(**kwargs)

class RfDetrDinov2PatchEmbeddings(nn.Module):

    def __init__(self, config):
        super().__init__()
        image_size = config.image_size
        patch_size = config.patch_size
        image_size = image_size if isinstance(image_size, Iterable) else (image_size, image_size)
        patch_size = patch_size if isinstance(patch_size, Iterable) else (patch_size, patch_size)
        self.num_patches = image_size[1] // patch_size[1] * (image_size[0] // patch_size[0])
        self.image_size = image_size
        self.patch_size = patch_size
        self.num_channels = config.num_channels
        self.projection = nn.Conv2d(config.num_channels, config.hidden_size, kernel_size=patch_size, stride=patch_size)

class RfDetrDinov2Embeddings(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.cls_token = nn.Parameter(torch.zeros(1, 1, config.hidden_size))
        self.mask_token = nn.Parameter(torch.zeros(1, config.hidden_size)) if config.use_mask_token else None
        self.patch_embeddings = RfDetrDinov2PatchEmbeddings(config)
        self.patch_size = config.patch_size
        self.position_embeddings = nn.Parameter(torch.randn(1, self.patch_embeddings.num_patches + 1, config.hidden_size))
        self.dropout = nn.Dropout(config.hidden_dropout_prob)
        self.config = config

class RfDetrDinov2Attention(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.num_attention_heads = config.num_attention_heads
        self.head_dim = getattr(config, 'head_dim', config.hidden_size // config.num_attention_heads)
        self.attention_dropout = config.attention_probs_dropout_prob
        self.scaling = self.head_dim ** (-0.5)
        self.is_causal = False
        self.q_proj = nn.Linear(config.hidden_size, config.num_attention_heads * self.head_dim, bias=config.qkv_bias)
        self.k_proj = nn.Linear(config.hidden_size, config.num_attention_heads * self.head_dim, bias=config.qkv_bias)
        self.v_proj = nn.Linear(config.hidden_size, config.num_attention_heads * self.head_dim, bias=config.qkv_bias)
        self.o_proj = nn.Linear(config.num_attention_heads * self.head_dim, config.hidden_size, bias=True)

class RfDetrDinov2LayerScale(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.lambda1 = nn.Parameter(config.layerscale_value * torch.ones(config.hidden_size))

class RfDetrDinov2MLP(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.activation_fn = ACT2FN[config.hidden_act]
        self.fc1 = nn.Linear(config.hidden_size, int(config.hidden_size * config.mlp_ratio))
        self.fc2 = nn.Linear(int(config.hidden_size * config.mlp_ratio), config.hidden_size)

class RfDetrDinov2SwiGLUFFN(nn.Module):

    def __init__(self, config):
        super().__init__()
        hidden_features = int(config.hidden_size * config.mlp_ratio)
        hidden_features = (int(hidden_features * 2 / 3) + 7) // 8 * 8
        self.gate_proj = nn.Linear(config.hidden_size, hidden_features, bias=True)
        self.up_proj = nn.Linear(config.hidden_size, hidden_features, bias=True)
        self.down_proj = nn.Linear(hidden_features, config.hidden_size, bias=True)
        self.act_fn = ACT2FN['silu']

class RfDetrDinov2DropPath(nn.Module):

    def __init__(self, drop_prob=0.0):
        super().__init__()
        self.drop_prob = drop_prob

class RfDetrDinov2Layer(GradientCheckpointingLayer):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.norm1 = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.attention = RfDetrDinov2Attention(config)
        self.layer_scale1 = RfDetrDinov2LayerScale(config)
        self.drop_path = RfDetrDinov2DropPath(config.drop_path_rate) if config.drop_path_rate > 0.0 else nn.Identity()
        self.norm2 = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.mlp = RfDetrDinov2SwiGLUFFN(config) if config.use_swiglu_ffn else RfDetrDinov2MLP(config)
        self.layer_scale2 = RfDetrDinov2LayerScale(config)
        self.num_windows = config.num_windows
        self.global_attention = layer_idx not in config.window_block_indexes

class RfDetrDinov2PreTrainedModel(PreTrainedModel):
    base_model_prefix = 'rf_detr_dinov2'
    main_input_name = 'pixel_values'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = True
    _input_embed_layer = 'patch_embeddings'

class RfDetrDinov2Encoder(RfDetrDinov2PreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.layer = nn.ModuleList([RfDetrDinov2Layer(config, i) for i in range(config.num_hidden_layers)])
        self.post_init()

class RfDetrDinov2Backbone(BackboneMixin, RfDetrDinov2PreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.num_features = [config.hidden_size for _ in range(config.num_hidden_layers + 1)]
        self.embeddings = RfDetrDinov2Embeddings(config)
        self.encoder = RfDetrDinov2Encoder(config)
        self.layernorm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.post_init()

class RfDetrLayerNorm(nn.LayerNorm):

    def __init__(self, normalized_shape, *, eps=1e-06, data_format='channels_last', **kwargs):
        super().__init__(normalized_shape, eps=eps, **kwargs)
        if data_format not in ['channels_last', 'channels_first']:
            raise NotImplementedError(f'Unsupported data format: {data_format}')
        self.data_format = data_format

class RfDetrConvNormLayer(nn.Module):

    def __init__(self, config, in_channels, out_channels, kernel_size, stride, activation=None):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, kernel_size, stride, padding=kernel_size // 2, bias=False)
        self.norm = RfDetrLayerNorm(out_channels, data_format='channels_first', eps=config.layer_norm_eps)
        self.activation = nn.Identity() if activation is None else ACT2CLS[activation]()

class RfDetrRepVggBlock(nn.Module):

    def __init__(self, config):
        super().__init__()
        hidden_channels = int(config.d_model * config.hidden_expansion)
        self.conv1 = RfDetrConvNormLayer(config, hidden_channels, hidden_channels, 3, 1, activation=config.activation_function)
        self.conv2 = RfDetrConvNormLayer(config, hidden_channels, hidden_channels, 3, 1, activation=config.activation_function)

class RfDetrC2FLayer(nn.Module):

    def __init__(self, config, in_channels):
        super().__init__()
        num_blocks = config.c2f_num_blocks
        activation = config.activation_function
        out_channels = config.d_model
        self.hidden_channels = int(out_channels * config.hidden_expansion)
        conv1_out_channels = 2 * self.hidden_channels
        self.conv1 = RfDetrConvNormLayer(config, in_channels, conv1_out_channels, 1, 1, activation=activation)
        conv2_in_channels = (2 + num_blocks) * self.hidden_channels
        self.conv2 = RfDetrConvNormLayer(config, conv2_in_channels, out_channels, 1, 1, activation=activation)
        self.bottlenecks = nn.ModuleList((RfDetrRepVggBlock(config) for _ in range(num_blocks)))

class RfDetrScaleProjector(nn.Module):

    def __init__(self, config):
        super().__init__()
        projector_input_dim = config.backbone_config.hidden_size * len(config.backbone_config.out_indices)
        self.projector_layer = RfDetrC2FLayer(config, projector_input_dim)
        self.layer_norm = RfDetrLayerNorm(config.d_model, data_format='channels_first')

class RfDetrConvEncoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.backbone = RfDetrDinov2Backbone(config.backbone_config)
        self.projector = RfDetrScaleProjector(config)

class RfDetrAttention(nn.Module):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.config = config
        self.layer_idx = layer_idx
        self.head_dim = getattr(config, 'head_dim', config.d_model // config.decoder_self_attention_heads)
        self.scaling = self.head_dim ** (-0.5)
        self.attention_dropout = config.attention_dropout
        self.is_causal = False
        self.num_key_value_groups = 1
        self.q_proj = nn.Linear(config.d_model, config.decoder_self_attention_heads * self.head_dim, bias=config.attention_bias)
        self.k_proj = nn.Linear(config.d_model, config.decoder_self_attention_heads * self.head_dim, bias=config.attention_bias)
        self.v_proj = nn.Linear(config.d_model, config.decoder_self_attention_heads * self.head_dim, bias=config.attention_bias)
        self.o_proj = nn.Linear(config.decoder_self_attention_heads * self.head_dim, config.d_model, bias=config.attention_bias)

class MultiScaleDeformableAttention(nn.Module):
    pass

class RfDetrMultiscaleDeformableAttention(nn.Module):

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

class RfDetrMLP(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.dropout = config.dropout
        self.activation_fn = ACT2FN[config.decoder_activation_function]
        self.fc1 = nn.Linear(config.d_model, config.decoder_ffn_dim)
        self.fc2 = nn.Linear(config.decoder_ffn_dim, config.d_model)

class RfDetrDecoderLayer(GradientCheckpointingLayer):

    def __init__(self, config, layer_idx):
        nn.Module.__init__(self)
        self.self_attn = RfDetrAttention(config, layer_idx=layer_idx)
        self.dropout = config.dropout
        self.activation_fn = ACT2FN[config.decoder_activation_function]
        self.activation_dropout = config.activation_dropout
        self.self_attn_layer_norm = nn.LayerNorm(config.d_model)
        self.cross_attn = RfDetrMultiscaleDeformableAttention(config, num_heads=config.decoder_cross_attention_heads, n_points=config.decoder_n_points)
        self.cross_attn_layer_norm = nn.LayerNorm(config.d_model)
        self.mlp = RfDetrMLP(config)
        self.layer_norm = nn.LayerNorm(config.d_model)

class RfDetrPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    main_input_name = 'pixel_values'

class RfDetrMLPPredictionHead(nn.Module):

    def __init__(self, input_dim, hidden_dim, output_dim, num_layers):
        super().__init__()
        self.num_layers = num_layers
        h = [hidden_dim] * (num_layers - 1)
        self.layers = nn.ModuleList((nn.Linear(n, k) for n, k in zip([input_dim] + h, h + [output_dim])))

class RfDetrDecoder(RfDetrPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.dropout = config.dropout
        self.layers = nn.ModuleList([RfDetrDecoderLayer(config, i) for i in range(config.decoder_layers)])
        self.layernorm = nn.LayerNorm(config.d_model)
        self.gradient_checkpointing = False
        self.ref_point_head = RfDetrMLPPredictionHead(2 * config.d_model, config.d_model, config.d_model, num_layers=2)
        self.post_init()

class RfDetrModel(RfDetrPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.backbone = RfDetrConvEncoder(config)
        self.group_detr = config.group_detr
        self.num_queries = config.num_queries
        hidden_dim = config.d_model
        self.reference_point_embed = nn.Embedding(self.num_queries * self.group_detr, 4)
        self.query_feat = nn.Embedding(self.num_queries * self.group_detr, hidden_dim)
        self.decoder = RfDetrDecoder(config)
        self.enc_output = nn.ModuleList([nn.Linear(hidden_dim, hidden_dim) for _ in range(self.group_detr)])
        self.enc_output_norm = nn.ModuleList([nn.LayerNorm(hidden_dim) for _ in range(self.group_detr)])
        self.enc_out_bbox_embed = nn.ModuleList([RfDetrMLPPredictionHead(config.d_model, config.d_model, 4, num_layers=3) for _ in range(self.group_detr)])
        self.enc_out_class_embed = nn.ModuleList([nn.Linear(config.d_model, config.num_labels) for _ in range(self.group_detr)])
        self.d_model = config.d_model
        self.post_init()

class RfDetrForObjectDetection(RfDetrPreTrainedModel):
    _tied_weights_keys = None

    def __init__(self, config):
        super().__init__(config)
        self.model = RfDetrModel(config)
        self.class_embed = nn.Linear(config.d_model, config.num_labels)
        self.bbox_embed = RfDetrMLPPredictionHead(config.d_model, config.d_model, 4, num_layers=3)
        self.post_init()

class RfDetrSegmentationBlock(nn.Module):

    def __init__(self, config):
        super().__init__()
        dim = config.d_model
        self.layernorm = RfDetrLayerNorm(dim, eps=1e-06)
        self.act = ACT2FN[config.segmentation_head_activation_function]
        self.depthwise_conv = nn.Conv2d(dim, dim, kernel_size=3, padding=1, groups=dim)
        self.pointwise_conv = nn.Linear(dim, dim)

class RfDetrSegmentationMLP(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.activation_fn = ACT2FN[config.segmentation_head_activation_function]
        self.fc1 = nn.Linear(config.d_model, config.intermediate_size)
        self.fc2 = nn.Linear(config.intermediate_size, config.d_model)

class RfDetrSegmentationMLPBlock(nn.Module):

    def __init__(self, config):
        super().__init__()
        dim = config.d_model
        self.norm = nn.LayerNorm(dim)
        self.mlp = RfDetrSegmentationMLP(config)

class RfDetrForInstanceSegmentation(RfDetrPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.model = RfDetrForObjectDetection(config)
        num_blocks = config.decoder_layers
        self.downsample_ratio = config.mask_downsample_ratio
        self.blocks = nn.ModuleList([RfDetrSegmentationBlock(config) for _ in range(num_blocks)])
        self.spatial_features_proj = nn.Conv2d(config.d_model, config.d_model, kernel_size=1)
        self.query_features_block = RfDetrSegmentationMLPBlock(config)
        self.query_features_proj = nn.Linear(config.d_model, config.d_model)
        self.segmentation_bias = nn.Parameter(torch.zeros(1), requires_grad=True)
        self.post_init()

    def get_mask_logits(self, query_features, spatial_features):
        batch_size, num_queries, _ = query_features.shape
        height, width = (spatial_features.shape[2], spatial_features.shape[3])
        query_features = self.query_features_block(query_features)
        query_features = self.query_features_proj(query_features)
        mask_logits = torch.matmul(query_features, spatial_features.flatten(2))
        mask_logits = mask_logits.view(batch_size, num_queries, height, width)
        mask_logits = mask_logits + self.segmentation_bias
        return mask_logits

    def segmentation_head(self, spatial_features, list_query_features, image_size, skip_blocks=False):
        target_size = (image_size[0] // self.downsample_ratio, image_size[1] // self.downsample_ratio)
        spatial_features = F.interpolate(spatial_features, size=target_size, mode='bilinear', align_corners=False)
        if not skip_blocks:
            list_mask_logits = []
            for block, query_features in zip(self.blocks, list_query_features):
                spatial_features = block(spatial_features)
                spatial_features_proj = self.spatial_features_proj(spatial_features)
                mask_logits = self.get_mask_logits(query_features, spatial_features_proj)
                list_mask_logits.append(mask_logits)
        else:
            list_mask_logits = self.get_mask_logits(list_query_features, spatial_features)
        return list_mask_logits
