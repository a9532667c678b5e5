"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): pp_ocrv6_small_rec. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig
from .common_activations import ACT2FN
from .common_backbone_utils import consolidate_backbone_kwargs_to_config, load_backbone
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GradientCheckpointingLayer
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

@strict
class PPOCRV6SmallRecConfig(PreTrainedConfig):
    model_type = 'pp_ocrv6_small_rec'
    attribute_map = {'num_hidden_layers': 'depth'}
    sub_configs_defaults = {'backbone_config': SubConfigSpec(config_class=AutoConfig, model_type='hgnet_v2', init_kwargs={'arch': 'L', 'return_idx': [0, 1, 2, 3], 'freeze_stem_only': True, 'freeze_at': 0, 'freeze_norm': True, 'lr_mult_list': [1.0, 1.0, 1.0, 1.0, 1.0], 'out_features': ['stage1', 'stage2', 'stage3', 'stage4'], 'stage_downsample': [True, True, True, True], 'stem_strides': [2, 1, 1, 1, 1], 'stage_downsample_strides': [[2, 1], [1, 2], [2, 1], [2, 1]]})}
    hidden_act: str = 'silu'
    backbone_config: dict | PreTrainedConfig | None = None
    hidden_size: int = 120
    mlp_ratio: float = 2.0
    depth: int = 2
    head_out_channels: int = 18714
    conv_kernel_size: list | None = None
    qkv_bias: bool = True
    num_attention_heads: int = 8
    attention_dropout: float | int = 0.0
    layer_norm_eps: float = 1e-06

    def __post_init__(self, **kwargs):
        if self.conv_kernel_size is None:
            self.conv_kernel_size = [1, 7]
        self.backbone_config, kwargs = consolidate_backbone_kwargs_to_config(backbone_config=self.backbone_config, default_config_type='pp_lcnet_v4', **kwargs)
        super().__post_init__(**kwargs)

class PPOCRV6SmallRecConvLayer(nn.Module):

    def __init__(self, in_channels, out_channels, kernel_size=(3, 3), stride=1, activation='silu', groups=1):
        super().__init__()
        self.convolution = nn.Conv2d(in_channels, out_channels, kernel_size=kernel_size, stride=stride, padding=(kernel_size[0] // 2, kernel_size[1] // 2), bias=False, groups=groups)
        self.normalization = nn.BatchNorm2d(out_channels)
        self.activation = ACT2FN[activation] if activation is not None else nn.Identity()

class PPOCRV6SmallRecAttention(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.embed_dim = config.hidden_size
        self.num_heads = config.num_attention_heads
        self.head_dim = self.embed_dim // self.num_heads
        if self.head_dim * self.num_heads != self.embed_dim:
            raise ValueError(f'embed_dim must be divisible by num_heads (got `embed_dim`: {self.embed_dim} and `num_heads`: {self.num_heads}).')
        self.scale = self.head_dim ** (-0.5)
        self.is_causal = False
        self.attention_dropout = config.attention_dropout
        self.qkv = nn.Linear(self.embed_dim, 3 * self.embed_dim, bias=False)
        if config.qkv_bias:
            q_bias = nn.Parameter(torch.zeros(self.embed_dim))
            v_bias = nn.Parameter(torch.zeros(self.embed_dim))
        else:
            q_bias = None
            v_bias = None
        if q_bias is not None:
            qkv_bias = torch.cat((q_bias, torch.zeros_like(v_bias, requires_grad=False), v_bias))
            self.qkv.bias = nn.Parameter(qkv_bias)
        self.projection = nn.Linear(self.embed_dim, self.embed_dim)

class PPOCRV6SmallRecMLP(nn.Module):

    def __init__(self, config, in_features, hidden_features=None, out_features=None, drop=0.0):
        super().__init__()
        out_features = out_features or in_features
        hidden_features = hidden_features or in_features
        self.fc1 = nn.Linear(in_features, hidden_features)
        self.activation = ACT2FN[config.hidden_act]
        self.fc2 = nn.Linear(hidden_features, out_features)
        self.drop = nn.Dropout(drop)

class PPOCRV6SmallRecBlock(GradientCheckpointingLayer):

    def __init__(self, config):
        super().__init__()
        self.embed_dim = config.hidden_size
        self.self_attn = PPOCRV6SmallRecAttention(config)
        self.layer_norm1 = nn.LayerNorm(self.embed_dim, eps=config.layer_norm_eps)
        self.mlp = PPOCRV6SmallRecMLP(config=config, in_features=self.embed_dim, hidden_features=int(self.embed_dim * config.mlp_ratio))
        self.layer_norm2 = nn.LayerNorm(self.embed_dim, eps=config.layer_norm_eps)

class PPOCRV6SmallRecPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = True
    main_input_name = 'pixel_values'

class PPOCRV6SmallRecEncoderWithSVTR(PPOCRV6SmallRecPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        in_channels = config.backbone_config.block_configs[-1][-1][2]
        hidden_size = config.hidden_size
        self.conv_block = nn.ModuleList([PPOCRV6SmallRecConvLayer(in_channels=in_channels, out_channels=hidden_size, kernel_size=(1, 1), activation=config.hidden_act), PPOCRV6SmallRecConvLayer(in_channels=in_channels, out_channels=hidden_size, kernel_size=(1, 1), activation=config.hidden_act), PPOCRV6SmallRecConvLayer(in_channels=hidden_size, out_channels=hidden_size, kernel_size=config.conv_kernel_size, activation=config.hidden_act, groups=hidden_size)])
        self.svtr_block = nn.ModuleList()
        for _ in range(config.depth):
            self.svtr_block.append(PPOCRV6SmallRecBlock(config=config))
        self.norm = nn.LayerNorm(hidden_size, eps=config.layer_norm_eps)
        self.post_init()

class PPOCRV6SmallRecHead(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.encoder = PPOCRV6SmallRecEncoderWithSVTR(config)
        self.head = nn.Linear(config.hidden_size, config.head_out_channels)

class PPOCRV6SmallRecModel(PPOCRV6SmallRecPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.backbone = load_backbone(config)
        self.gradient_checkpointing = False
        self.post_init()

class PPOCRV6SmallRecForTextRecognition(PPOCRV6SmallRecPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.model = PPOCRV6SmallRecModel(config)
        self.head = PPOCRV6SmallRecHead(config)
        self.post_init()
