"""Constructors of transformers 4.57.6 (Apache-2.0, The Hugging Face team): efficientloftr. Made by `python -m loracfg.base.transcriber`."""
from .common_activations import ACT2CLS, ACT2FN
from .common_configuration_utils import PretrainedConfig
from .common_modeling_rope_utils import ROPE_INIT_FUNCTIONS, rope_config_validation
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GradientCheckpointingLayer
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

class EfficientLoFTRConfig(PretrainedConfig):
    model_type = 'efficientloftr'

    def __init__(self, stage_num_blocks=None, out_features=None, stage_stride=None, hidden_size=256, activation_function='relu', q_aggregation_kernel_size=4, kv_aggregation_kernel_size=4, q_aggregation_stride=4, kv_aggregation_stride=4, num_attention_layers=4, num_attention_heads=8, attention_dropout=0.0, attention_bias=False, mlp_activation_function='leaky_relu', coarse_matching_skip_softmax=False, coarse_matching_threshold=0.2, coarse_matching_temperature=0.1, coarse_matching_border_removal=2, fine_kernel_size=8, batch_norm_eps=1e-05, rope_theta=10000.0, partial_rotary_factor=4.0, rope_scaling=None, fine_matching_slice_dim=8, fine_matching_regress_temperature=10.0, initializer_range=0.02, **kwargs):
        self.stage_num_blocks = stage_num_blocks if stage_num_blocks is not None else [1, 2, 4, 14]
        self.stage_stride = stage_stride if stage_stride is not None else [2, 1, 2, 2]
        self.out_features = out_features if out_features is not None else [64, 64, 128, 256]
        self.stage_in_channels = [1] + self.out_features[:-1]
        self.stage_block_stride = [[stride] + [1] * (num_blocks - 1) for stride, num_blocks in zip(self.stage_stride, self.stage_num_blocks)]
        self.stage_block_out_channels = [[self.out_features[stage_idx]] * num_blocks for stage_idx, num_blocks in enumerate(self.stage_num_blocks)]
        self.stage_block_in_channels = [[self.stage_in_channels[stage_idx]] + self.stage_block_out_channels[stage_idx][:-1] for stage_idx in range(len(self.stage_num_blocks))]
        self.fine_fusion_dims = list(reversed(self.out_features))[:-1]
        self.hidden_size = hidden_size
        if self.hidden_size != self.out_features[-1]:
            raise ValueError(f'hidden_size should be equal to the last value in out_features. hidden_size = {self.hidden_size}, out_features = {self.out_features[-1]}')
        self.activation_function = activation_function
        self.q_aggregation_kernel_size = q_aggregation_kernel_size
        self.kv_aggregation_kernel_size = kv_aggregation_kernel_size
        self.q_aggregation_stride = q_aggregation_stride
        self.kv_aggregation_stride = kv_aggregation_stride
        self.num_attention_layers = num_attention_layers
        self.num_attention_heads = num_attention_heads
        self.attention_dropout = attention_dropout
        self.attention_bias = attention_bias
        self.intermediate_size = self.hidden_size * 2
        self.mlp_activation_function = mlp_activation_function
        self.coarse_matching_skip_softmax = coarse_matching_skip_softmax
        self.coarse_matching_threshold = coarse_matching_threshold
        self.coarse_matching_temperature = coarse_matching_temperature
        self.coarse_matching_border_removal = coarse_matching_border_removal
        self.fine_kernel_size = fine_kernel_size
        self.batch_norm_eps = batch_norm_eps
        self.fine_matching_slice_dim = fine_matching_slice_dim
        self.fine_matching_regress_temperature = fine_matching_regress_temperature
        self.num_key_value_heads = num_attention_heads
        self.rope_theta = rope_theta
        self.rope_scaling = rope_scaling if rope_scaling is not None else {'rope_type': 'default'}
        self.partial_rotary_factor = partial_rotary_factor
        rope_config_validation(self)
        self.initializer_range = initializer_range
        super().__init__(**kwargs)

class EfficientLoFTRRotaryEmbedding(nn.Module):

    def __init__(self, config, device=None):
        super().__init__()
        self.config = config
        self.rope_type = config.rope_scaling['rope_type']
        self.rope_init_fn = ROPE_INIT_FUNCTIONS[self.rope_type]
        inv_freq, _ = self.rope_init_fn(self.config, device)
        inv_freq_expanded = inv_freq[None, None, None, :].float().expand(1, 1, 1, -1)
        self.register_buffer('inv_freq', inv_freq_expanded, persistent=False)

class EfficientLoFTRConvNormLayer(nn.Module):

    def __init__(self, config, in_channels, out_channels, kernel_size, stride, padding=None, activation=None):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, kernel_size, stride, padding=(kernel_size - 1) // 2 if padding is None else padding, bias=False)
        self.norm = nn.BatchNorm2d(out_channels, config.batch_norm_eps)
        self.activation = nn.Identity() if activation is None else ACT2CLS[activation]()

class EfficientLoFTRRepVGGBlock(GradientCheckpointingLayer):

    def __init__(self, config, stage_idx, block_idx):
        super().__init__()
        in_channels = config.stage_block_in_channels[stage_idx][block_idx]
        out_channels = config.stage_block_out_channels[stage_idx][block_idx]
        stride = config.stage_block_stride[stage_idx][block_idx]
        activation = config.activation_function
        self.conv1 = EfficientLoFTRConvNormLayer(config, in_channels, out_channels, kernel_size=3, stride=stride, padding=1)
        self.conv2 = EfficientLoFTRConvNormLayer(config, in_channels, out_channels, kernel_size=1, stride=stride, padding=0)
        self.identity = nn.BatchNorm2d(in_channels) if in_channels == out_channels and stride == 1 else None
        self.activation = nn.Identity() if activation is None else ACT2FN[activation]

class EfficientLoFTRRepVGGStage(nn.Module):

    def __init__(self, config, stage_idx):
        super().__init__()
        self.blocks = nn.ModuleList([])
        for block_idx in range(config.stage_num_blocks[stage_idx]):
            self.blocks.append(EfficientLoFTRRepVGGBlock(config, stage_idx, block_idx))

class EfficientLoFTRepVGG(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.stages = nn.ModuleList([])
        for stage_idx in range(len(config.stage_stride)):
            stage = EfficientLoFTRRepVGGStage(config, stage_idx)
            self.stages.append(stage)

class EfficientLoFTRAggregationLayer(nn.Module):

    def __init__(self, config):
        super().__init__()
        hidden_size = config.hidden_size
        self.q_aggregation = nn.Conv2d(hidden_size, hidden_size, kernel_size=config.q_aggregation_kernel_size, padding=0, stride=config.q_aggregation_stride, bias=False, groups=hidden_size)
        self.kv_aggregation = torch.nn.MaxPool2d(kernel_size=config.kv_aggregation_kernel_size, stride=config.kv_aggregation_stride)
        self.norm = nn.LayerNorm(hidden_size)

class EfficientLoFTRAttention(nn.Module):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.config = config
        self.layer_idx = layer_idx
        self.head_dim = getattr(config, 'head_dim', config.hidden_size // config.num_attention_heads)
        self.num_key_value_groups = config.num_attention_heads // config.num_key_value_heads
        self.scaling = self.head_dim ** (-0.5)
        self.attention_dropout = config.attention_dropout
        self.is_causal = False
        self.q_proj = nn.Linear(config.hidden_size, config.num_attention_heads * self.head_dim, bias=config.attention_bias)
        self.k_proj = nn.Linear(config.hidden_size, config.num_key_value_heads * self.head_dim, bias=config.attention_bias)
        self.v_proj = nn.Linear(config.hidden_size, config.num_key_value_heads * self.head_dim, bias=config.attention_bias)
        self.o_proj = nn.Linear(config.num_attention_heads * self.head_dim, config.hidden_size, bias=config.attention_bias)

class EfficientLoFTRMLP(nn.Module):

    def __init__(self, config):
        super().__init__()
        hidden_size = config.hidden_size
        intermediate_size = config.intermediate_size
        self.fc1 = nn.Linear(hidden_size * 2, intermediate_size, bias=False)
        self.activation = ACT2FN[config.mlp_activation_function]
        self.fc2 = nn.Linear(intermediate_size, hidden_size, bias=False)
        self.layer_norm = nn.LayerNorm(hidden_size)

class EfficientLoFTRAggregatedAttention(nn.Module):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.q_aggregation_kernel_size = config.q_aggregation_kernel_size
        self.aggregation = EfficientLoFTRAggregationLayer(config)
        self.attention = EfficientLoFTRAttention(config, layer_idx)
        self.mlp = EfficientLoFTRMLP(config)

class EfficientLoFTRLocalFeatureTransformerLayer(GradientCheckpointingLayer):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.self_attention = EfficientLoFTRAggregatedAttention(config, layer_idx)
        self.cross_attention = EfficientLoFTRAggregatedAttention(config, layer_idx)

class EfficientLoFTRLocalFeatureTransformer(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.layers = nn.ModuleList([EfficientLoFTRLocalFeatureTransformerLayer(config, layer_idx=i) for i in range(config.num_attention_layers)])

class EfficientLoFTROutConvBlock(nn.Module):

    def __init__(self, config, hidden_size, intermediate_size):
        super().__init__()
        self.out_conv1 = nn.Conv2d(hidden_size, intermediate_size, kernel_size=1, stride=1, padding=0, bias=False)
        self.out_conv2 = nn.Conv2d(intermediate_size, intermediate_size, kernel_size=3, stride=1, padding=1, bias=False)
        self.batch_norm = nn.BatchNorm2d(intermediate_size)
        self.activation = ACT2CLS[config.mlp_activation_function]()
        self.out_conv3 = nn.Conv2d(intermediate_size, hidden_size, kernel_size=3, stride=1, padding=1, bias=False)

class EfficientLoFTRFineFusionLayer(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.fine_kernel_size = config.fine_kernel_size
        fine_fusion_dims = config.fine_fusion_dims
        self.out_conv = nn.Conv2d(fine_fusion_dims[0], fine_fusion_dims[0], kernel_size=1, stride=1, padding=0, bias=False)
        self.out_conv_layers = nn.ModuleList()
        for i in range(1, len(fine_fusion_dims)):
            out_conv = EfficientLoFTROutConvBlock(config, fine_fusion_dims[i], fine_fusion_dims[i - 1])
            self.out_conv_layers.append(out_conv)

class EfficientLoFTRPreTrainedModel(PreTrainedModel):
    config_class = EfficientLoFTRConfig
    base_model_prefix = 'efficientloftr'
    main_input_name = 'pixel_values'
    supports_gradient_checkpointing = True

class EfficientLoFTRModel(EfficientLoFTRPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.backbone = EfficientLoFTRepVGG(config)
        self.local_feature_transformer = EfficientLoFTRLocalFeatureTransformer(config)
        self.rotary_emb = EfficientLoFTRRotaryEmbedding(config=config)
        self.post_init()

class EfficientLoFTRForKeypointMatching(EfficientLoFTRPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.efficientloftr = EfficientLoFTRModel(config)
        self.refinement_layer = EfficientLoFTRFineFusionLayer(config)
        self.post_init()
