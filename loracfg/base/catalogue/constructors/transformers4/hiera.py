"""Constructors of transformers 4.57.6 (Apache-2.0, The Hugging Face team): hiera. Made by `python -m loracfg.base.transcriber`."""
from .common_activations import ACT2FN
from .common_configuration_utils import PretrainedConfig
from .common_modeling_utils import PreTrainedModel
from .common_utils_backbone_utils import BackboneConfigMixin, BackboneMixin, get_aligned_output_features_output_indices
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GradientCheckpointingLayer
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
import math

class HieraConfig(BackboneConfigMixin, PretrainedConfig):
    model_type = 'hiera'
    attribute_map = {'num_hidden_layers': 'num_layers'}

    def __init__(self, embed_dim=96, image_size=[224, 224], patch_size=[7, 7], patch_stride=[4, 4], patch_padding=[3, 3], mlp_ratio=4.0, depths=[2, 3, 16, 3], num_heads=[1, 2, 4, 8], embed_dim_multiplier=2.0, num_query_pool=3, query_stride=[2, 2], masked_unit_size=[8, 8], masked_unit_attention=[True, True, False, False], drop_path_rate=0.0, num_channels=3, hidden_act='gelu', initializer_range=0.02, layer_norm_init=1.0, layer_norm_eps=1e-06, decoder_hidden_size=None, decoder_depth=None, decoder_num_heads=None, normalize_pixel_loss=True, mask_ratio=0.6, out_features=None, out_indices=None, **kwargs):
        super().__init__(**kwargs)
        if masked_unit_size[0] % query_stride[0] ** (len(depths) - 1) != 0:
            raise ValueError(f'masked_unit_size[0] ({masked_unit_size[0]}) must be divisible by query_stride[0] ({query_stride[0]}) raised to the power of the number of layers ({len(depths) - 1})')
        if num_query_pool >= len(depths):
            raise ValueError(f'num_query_pool ({num_query_pool}) must be less than the number of layers ({len(depths)})')
        self.embed_dim = embed_dim
        self.image_size = image_size
        self.patch_size = patch_size
        self.patch_stride = patch_stride
        self.patch_padding = patch_padding
        self.mlp_ratio = mlp_ratio
        self.depths = depths
        self.num_heads = num_heads
        self.num_layers = len(depths)
        self.embed_dim_multiplier = embed_dim_multiplier
        self.num_query_pool = num_query_pool
        self.query_stride = query_stride
        self.masked_unit_size = masked_unit_size
        self.masked_unit_attention = masked_unit_attention
        self.drop_path_rate = drop_path_rate
        self.num_channels = num_channels
        self.hidden_act = hidden_act
        self.initializer_range = initializer_range
        self.layer_norm_init = layer_norm_init
        self.layer_norm_eps = layer_norm_eps
        self.decoder_hidden_size = decoder_hidden_size
        self.decoder_depth = decoder_depth
        self.decoder_num_heads = decoder_num_heads
        self.normalize_pixel_loss = normalize_pixel_loss
        self.mask_ratio = mask_ratio
        self.hidden_size = int(embed_dim * embed_dim_multiplier ** (len(depths) - 1))
        self.stage_names = ['stem'] + [f'stage{idx}' for idx in range(1, len(depths) + 1)]
        self._out_features, self._out_indices = get_aligned_output_features_output_indices(out_features=out_features, out_indices=out_indices, stage_names=self.stage_names)

class HieraPatchEmbeddings(nn.Module):

    def __init__(self, config, is_mae=False):
        super().__init__()
        self.spatial_dims = len(config.patch_size)
        if self.spatial_dims != 2:
            raise ValueError(f'The number of dimensions of the input image should be 2, but got {self.spatial_dims}.')
        self.num_channels = config.num_channels
        self.image_size = config.image_size[-2:]
        self.tokens_spatial_shape = [i // s for i, s in zip(config.image_size, config.patch_stride)]
        self.mask_spatial_shape = [i // s for i, s in zip(self.tokens_spatial_shape, config.masked_unit_size)]
        self.mask_ratio = config.mask_ratio
        self.is_mae = is_mae
        self.projection = nn.Conv2d(self.num_channels, config.embed_dim, kernel_size=config.patch_size, stride=config.patch_stride, padding=config.patch_padding)

class HieraEmbeddings(nn.Module):

    def __init__(self, config, is_mae=False):
        super().__init__()
        self.patch_stride = config.patch_stride
        tokens_spatial_shape = [i // s for i, s in zip(config.image_size, config.patch_stride)]
        self.mask_spatial_shape = [i // s for i, s in zip(tokens_spatial_shape, config.masked_unit_size)]
        self.num_tokens = math.prod(tokens_spatial_shape)
        self.is_mae = is_mae
        self.patch_embeddings = HieraPatchEmbeddings(config, is_mae=is_mae)
        self.position_embeddings = nn.Parameter(torch.zeros(1, self.num_tokens, config.embed_dim))

class HieraMaskUnitAttention(nn.Module):

    def __init__(self, hidden_size, hidden_size_output, num_heads, query_stride=1, window_size=0, use_mask_unit_attn=False):
        super().__init__()
        self.num_heads = num_heads
        self.query_stride = query_stride
        self.hidden_size_output = hidden_size_output
        self.head_dim = hidden_size_output // num_heads
        self.scale = self.head_dim ** (-0.5)
        self.qkv = nn.Linear(hidden_size, 3 * hidden_size_output)
        self.proj = nn.Linear(hidden_size_output, hidden_size_output)
        self.window_size = window_size
        self.use_mask_unit_attn = use_mask_unit_attn

def drop_path(input, drop_prob=0.0, training=False):
    if drop_prob == 0.0 or not training:
        return input
    keep_prob = 1 - drop_prob
    shape = (input.shape[0],) + (1,) * (input.ndim - 1)
    random_tensor = keep_prob + torch.rand(shape, dtype=input.dtype, device=input.device)
    random_tensor.floor_()
    output = input.div(keep_prob) * random_tensor
    return output

class HieraDropPath(nn.Module):

    def __init__(self, drop_prob=None):
        super().__init__()
        self.drop_prob = drop_prob

class HieraMlp(nn.Module):

    def __init__(self, config, dim):
        super().__init__()
        self.activation_fn = ACT2FN[config.hidden_act]
        self.fc1 = nn.Linear(dim, int(dim * config.mlp_ratio))
        self.fc2 = nn.Linear(int(dim * config.mlp_ratio), dim)

class HieraLayer(nn.Module):

    def __init__(self, config, hidden_size, hidden_size_output, num_heads, drop_path=0.0, query_stride=1, window_size=0, use_mask_unit_attn=False):
        super().__init__()
        self.hidden_size = hidden_size
        self.hidden_size_output = hidden_size_output
        self.query_stride = query_stride
        self.layernorm_before = nn.LayerNorm(hidden_size, eps=config.layer_norm_eps)
        self.attn = HieraMaskUnitAttention(hidden_size=hidden_size, hidden_size_output=hidden_size_output, num_heads=num_heads, query_stride=query_stride, window_size=window_size, use_mask_unit_attn=use_mask_unit_attn)
        self.layernorm_after = nn.LayerNorm(hidden_size_output, eps=config.layer_norm_eps)
        self.mlp = HieraMlp(config, hidden_size_output)
        self.drop_path = HieraDropPath(drop_path) if drop_path > 0 else nn.Identity()
        if hidden_size != hidden_size_output:
            self.proj = nn.Linear(hidden_size, hidden_size_output)

class HieraStage(GradientCheckpointingLayer):

    def __init__(self, config, depth, hidden_size, hidden_size_output, num_heads, drop_path, query_stride, window_size, use_mask_unit_attn, stage_num=None):
        super().__init__()
        previous_stage_used_masked_attention = False
        if stage_num is not None:
            previous_stage_used_masked_attention = config.masked_unit_attention[stage_num - 1 if stage_num > 0 else 0]
        self.layers = nn.ModuleList([HieraLayer(config=config, hidden_size=hidden_size if i == 0 else hidden_size_output, hidden_size_output=hidden_size_output, num_heads=num_heads, drop_path=drop_path[i], query_stride=query_stride[i], window_size=window_size, use_mask_unit_attn=use_mask_unit_attn or (previous_stage_used_masked_attention and i == 0)) for i in range(depth)])

class HieraEncoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        total_depth = sum(config.depths)
        dpr = [x.item() for x in torch.linspace(0, config.drop_path_rate, total_depth, device='cpu')]
        cumulative_depths = torch.tensor(config.depths, device='cpu').cumsum(0).tolist()
        query_pool_layer = cumulative_depths[:config.num_query_pool]
        query_strides = [math.prod(config.query_stride) if i in query_pool_layer else 1 for i in range(total_depth)]
        self.stages = nn.ModuleList()
        hidden_size = config.embed_dim
        stage_ends = [0] + cumulative_depths
        masked_unit_area = math.prod(config.masked_unit_size)
        query_stride_area = math.prod(config.query_stride)
        for idx_stage, depth in enumerate(config.depths):
            hidden_size_output = int(config.embed_dim * config.embed_dim_multiplier ** idx_stage)
            stage = HieraStage(config=config, depth=depth, hidden_size=hidden_size, hidden_size_output=hidden_size_output, num_heads=config.num_heads[idx_stage], drop_path=dpr[stage_ends[idx_stage]:stage_ends[idx_stage + 1]], query_stride=query_strides[stage_ends[idx_stage]:stage_ends[idx_stage + 1]], window_size=int(masked_unit_area * query_stride_area ** (-idx_stage)), use_mask_unit_attn=config.masked_unit_attention[idx_stage], stage_num=idx_stage)
            hidden_size = hidden_size_output
            self.stages.append(stage)
        stage_size = [i // s for i, s in zip(config.image_size, config.patch_stride)]
        unroll_schedule = [config.query_stride] * len(config.depths[:-1])
        self.schedule = {}
        for idx_stage in range(len(config.depths)):
            self.schedule[idx_stage] = (unroll_schedule, stage_size)
            if idx_stage < config.num_query_pool:
                stage_size = [i // s for i, s in zip(stage_size, config.query_stride)]
                unroll_schedule = unroll_schedule[1:]
        self.gradient_checkpointing = False

class HieraPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'hiera'
    main_input_name = 'pixel_values'
    supports_gradient_checkpointing = True

class HieraPooler(nn.Module):

    def __init__(self, config):
        super().__init__()
        num_features = int(config.embed_dim * config.embed_dim_multiplier ** (len(config.depths) - 1))
        self.layernorm = nn.LayerNorm(num_features, eps=config.layer_norm_eps)
        self.pooler = nn.AdaptiveAvgPool1d(1)

class HieraModel(HieraPreTrainedModel):

    def __init__(self, config, add_pooling_layer=True, is_mae=False):
        super().__init__(config)
        self.num_features = int(config.embed_dim * config.embed_dim_multiplier ** (len(config.depths) - 1))
        self.embeddings = HieraEmbeddings(config, is_mae=is_mae)
        self.encoder = HieraEncoder(config)
        self.unroll_schedule = [config.query_stride] * len(config.depths[:-1])
        self.pooler = HieraPooler(config) if add_pooling_layer else None
        self.post_init()

    def get_input_embeddings(self):
        return self.embeddings.patch_embeddings

class HieraDecoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        num_features = int(config.embed_dim * config.embed_dim_multiplier ** (len(config.depths) - 1))
        tokens_spatial_shape = [i // s for i, s in zip(config.image_size, config.patch_stride)]
        self.tokens_spatial_shape_final = [i // s ** config.num_query_pool for i, s in zip(tokens_spatial_shape, config.query_stride)]
        self.mask_unit_spatial_shape_final = [i // s ** config.num_query_pool for i, s in zip(config.masked_unit_size, config.query_stride)]
        self.decoder_embeddings = nn.Linear(num_features, config.decoder_hidden_size)
        self.mask_token = nn.Parameter(torch.zeros(1, 1, config.decoder_hidden_size))
        self.decoder_position_embeddings = nn.Parameter(torch.zeros(1, math.prod(self.tokens_spatial_shape_final), config.decoder_hidden_size))
        self.decoder_block = HieraStage(config=config, hidden_size=config.decoder_hidden_size, hidden_size_output=config.decoder_hidden_size, num_heads=config.decoder_num_heads, depth=config.decoder_depth, use_mask_unit_attn=False, drop_path=[0.0] * config.decoder_depth, query_stride=[1] * config.decoder_depth, window_size=0)
        self.decoder_norm = nn.LayerNorm(config.decoder_hidden_size, eps=config.layer_norm_eps)
        self.pred_stride = config.patch_stride[-1] * config.query_stride[-1] ** config.num_query_pool
        pred_dim = self.pred_stride ** len(config.query_stride) * config.num_channels
        self.decoder_pred = nn.Linear(config.decoder_hidden_size, pred_dim)

class HieraMultiScaleHead(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.mask_unit_spatial_shape_final = [i // s ** config.num_query_pool for i, s in zip(config.masked_unit_size, config.query_stride)]
        self.stage_dimensions = [int(config.embed_dim * config.embed_dim_multiplier ** i) for i in range(len(config.depths))]
        current_masked_unit_size = config.masked_unit_size
        self.multi_scale_fusion_heads = nn.ModuleList()
        for idx in range(config.num_query_pool):
            kernel = [i // s for i, s in zip(current_masked_unit_size, self.mask_unit_spatial_shape_final)]
            current_masked_unit_size = [i // s for i, s in zip(current_masked_unit_size, config.query_stride)]
            self.multi_scale_fusion_heads.append(nn.Conv2d(self.stage_dimensions[idx], self.stage_dimensions[-1], kernel_size=kernel, stride=kernel))
        self.multi_scale_fusion_heads.append(nn.Identity())

class HieraForPreTraining(HieraPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.hiera = HieraModel(config, add_pooling_layer=False, is_mae=True)
        self.encoder_norm = nn.LayerNorm(self.hiera.num_features, eps=config.layer_norm_eps)
        self.multiscale_fusion = HieraMultiScaleHead(config)
        self.decoder = HieraDecoder(config)
        self.pred_stride = self.decoder.pred_stride
        self.post_init()

class HieraForImageClassification(HieraPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.num_labels = config.num_labels
        self.hiera = HieraModel(config, add_pooling_layer=True, is_mae=False)
        self.classifier = nn.Linear(self.hiera.num_features, config.num_labels) if config.num_labels > 0 else nn.Identity()
        self.post_init()

class HieraBackbone(HieraPreTrainedModel, BackboneMixin):

    def __init__(self, config):
        super().__init__(config)
        super()._init_backbone(config)
        self.num_features = [config.embed_dim] + [int(config.embed_dim * config.embed_dim_multiplier ** i) for i in range(len(config.depths))]
        self.embeddings = HieraEmbeddings(config, is_mae=False)
        self.encoder = HieraEncoder(config)
        hidden_states_norms = {}
        for stage, num_channels in zip(self._out_features, self.channels):
            hidden_states_norms[stage] = nn.LayerNorm(num_channels)
        self.hidden_states_norms = nn.ModuleDict(hidden_states_norms)
        self.post_init()

    def get_input_embeddings(self):
        return self.embeddings.patch_embeddings
