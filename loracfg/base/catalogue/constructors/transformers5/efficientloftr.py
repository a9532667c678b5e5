"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): efficientloftr. Made by `python -m loracfg.base.transcriber`."""
from .common_activations import ACT2CLS, ACT2FN
from .common_configuration_utils import PreTrainedConfig
from .common_modeling_rope_utils import ROPE_INIT_FUNCTIONS
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GradientCheckpointingLayer
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

@strict
class EfficientLoFTRConfig(PreTrainedConfig):
    model_type = 'efficientloftr'
    stage_num_blocks: list[int] | None = None
    out_features: list[int] | None = None
    stage_stride: list[int] | None = None
    hidden_size: int = 256
    activation_function: str = 'relu'
    q_aggregation_kernel_size: int = 4
    kv_aggregation_kernel_size: int = 4
    q_aggregation_stride: int = 4
    kv_aggregation_stride: int = 4
    num_attention_layers: int = 4
    num_attention_heads: int = 8
    attention_dropout: float | int = 0.0
    attention_bias: bool = False
    mlp_activation_function: str = 'leaky_relu'
    coarse_matching_skip_softmax: bool = False
    coarse_matching_threshold: float = 0.2
    coarse_matching_temperature: float = 0.1
    coarse_matching_border_removal: int = 2
    fine_kernel_size: int = 8
    batch_norm_eps: float = 1e-05
    rope_parameters: dict | None = None
    fine_matching_slice_dim: int = 8
    fine_matching_regress_temperature: float = 10.0
    initializer_range: float = 0.02

    def __post_init__(self, **kwargs):
        self.stage_num_blocks = self.stage_num_blocks if self.stage_num_blocks is not None else [1, 2, 4, 14]
        self.stage_stride = self.stage_stride if self.stage_stride is not None else [2, 1, 2, 2]
        self.out_features = self.out_features if self.out_features is not None else [64, 64, 128, 256]
        self.stage_in_channels = [1] + self.out_features[:-1]
        self.stage_block_stride = [[stride] + [1] * (num_blocks - 1) for stride, num_blocks in zip(self.stage_stride, self.stage_num_blocks)]
        self.stage_block_out_channels = [[self.out_features[stage_idx]] * num_blocks for stage_idx, num_blocks in enumerate(self.stage_num_blocks)]
        self.stage_block_in_channels = [[self.stage_in_channels[stage_idx]] + self.stage_block_out_channels[stage_idx][:-1] for stage_idx in range(len(self.stage_num_blocks))]
        self.num_key_value_heads = self.num_attention_heads
        self.fine_fusion_dims = list(reversed(self.out_features))[:-1]
        self.intermediate_size = self.hidden_size * 2
        kwargs.setdefault('partial_rotary_factor', 4.0)
        super().__post_init__(**kwargs)

    def validate_architecture(self):
        if self.hidden_size != self.out_features[-1]:
            raise ValueError(f'hidden_size should be equal to the last value in out_features. hidden_size = {self.hidden_size}, out_features = {self.out_features[-1]}')

class EfficientLoFTRRotaryEmbedding(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.rope_type = self.config.rope_parameters['rope_type']
        rope_init_fn = self.compute_default_rope_parameters
        if self.rope_type != 'default':
            rope_init_fn = ROPE_INIT_FUNCTIONS[self.rope_type]
        inv_freq, self.attention_scaling = rope_init_fn(self.config)
        self.inv_freq = nn.Buffer(inv_freq, persistent=False)
        self.original_inv_freq = nn.Buffer(inv_freq.clone(), persistent=False)

    @staticmethod
    def compute_default_rope_parameters(config, **kwargs):
        base = config.rope_parameters['rope_theta']
        partial_rotary_factor = config.rope_parameters.get('partial_rotary_factor', 1.0)
        head_dim = getattr(config, 'head_dim', None) or config.hidden_size // config.num_attention_heads
        dim = int(head_dim * partial_rotary_factor)
        attention_factor = 1.0
        inv_freq = 1.0 / base ** (torch.arange(0, dim, 2, dtype=torch.float) / dim)
        return (inv_freq, attention_factor)

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
