"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): pp_ocrv5_server_rec. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig
from .common_activations import ACT2FN
from .common_backbone_utils import load_backbone
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GradientCheckpointingLayer
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

@strict
class PPOCRV5ServerRecConfig(PreTrainedConfig):
    model_type = 'pp_ocrv5_server_rec'
    attribute_map = {'num_hidden_layers': 'depth'}
    sub_configs_defaults = {'backbone_config': SubConfigSpec(config_class=AutoConfig, model_type='hgnet_v2', init_kwargs={'arch': 'L', 'return_idx': [0, 1, 2, 3], 'freeze_stem_only': True, 'freeze_at': 0, 'freeze_norm': True, 'lr_mult_list': [1.0, 1.0, 1.0, 1.0, 1.0], 'out_features': ['stage1', 'stage2', 'stage3', 'stage4'], 'stage_downsample': [True, True, True, True], 'stem_strides': [2, 1, 1, 1, 1], 'stage_downsample_strides': [[2, 1], [1, 2], [2, 1], [2, 1]]})}
    hidden_act: str = 'silu'
    backbone_config: dict | PreTrainedConfig | None = None
    hidden_size: int = 120
    mlp_ratio: float = 2.0
    depth: int = 2
    head_out_channels: int = 18385
    conv_kernel_size: list | None = None
    qkv_bias: bool = True
    num_attention_heads: int = 8
    attention_dropout: float | int = 0.0
    layer_norm_eps: float = 1e-06

    def __post_init__(self, **kwargs):
        if self.conv_kernel_size is None:
            self.conv_kernel_size = [1, 3]
        super().__post_init__(**kwargs)

class PPOCRV5ServerRecBlock(GradientCheckpointingLayer):

    def __init__(self, config):
        super().__init__()
        self.embed_dim = config.hidden_size
        self.self_attn = PPOCRV5ServerRecAttention(config)
        self.layer_norm1 = nn.LayerNorm(self.embed_dim, eps=config.layer_norm_eps)
        self.mlp = PPOCRV5ServerRecMLP(config=config, in_features=self.embed_dim, hidden_features=int(self.embed_dim * config.mlp_ratio))
        self.layer_norm2 = nn.LayerNorm(self.embed_dim, eps=config.layer_norm_eps)

class PPOCRV5ServerRecAttention(nn.Module):

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

class PPOCRV5ServerRecConvLayer(nn.Module):

    def __init__(self, in_channels, out_channels, kernel_size=(3, 3), stride=1, activation='silu'):
        super().__init__()
        self.convolution = nn.Conv2d(in_channels, out_channels, kernel_size=kernel_size, stride=stride, padding=(kernel_size[0] // 2, kernel_size[1] // 2), bias=False)
        self.normalization = nn.BatchNorm2d(out_channels)
        self.activation = ACT2FN[activation] if activation is not None else nn.Identity()

class PPOCRV5ServerRecPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = True
    main_input_name = 'pixel_values'

class PPOCRV5ServerRecHead(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.encoder = PPOCRV5ServerRecEncoderWithSVTR(config)
        self.head = nn.Linear(config.hidden_size, config.head_out_channels)

class PPOCRV5ServerRecMLP(nn.Module):

    def __init__(self, config, in_features, hidden_features=None, out_features=None, drop=0.0):
        super().__init__()
        out_features = out_features or in_features
        hidden_features = hidden_features or in_features
        self.fc1 = nn.Linear(in_features, hidden_features)
        self.activation = ACT2FN[config.hidden_act]
        self.fc2 = nn.Linear(hidden_features, out_features)
        self.drop = nn.Dropout(drop)

class PPOCRV5ServerRecEncoderWithSVTR(PPOCRV5ServerRecPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        in_channels = config.backbone_config.stage_out_channels[-1]
        hidden_size = config.hidden_size
        self.conv_block = nn.ModuleList([PPOCRV5ServerRecConvLayer(in_channels=in_channels, out_channels=in_channels // 8, kernel_size=config.conv_kernel_size), PPOCRV5ServerRecConvLayer(in_channels=in_channels // 8, out_channels=hidden_size, kernel_size=(1, 1)), PPOCRV5ServerRecConvLayer(in_channels=hidden_size, out_channels=in_channels, kernel_size=(1, 1)), PPOCRV5ServerRecConvLayer(in_channels=2 * in_channels, out_channels=in_channels // 8, kernel_size=config.conv_kernel_size), PPOCRV5ServerRecConvLayer(in_channels=in_channels // 8, out_channels=hidden_size, kernel_size=(1, 1))])
        self.svtr_block = nn.ModuleList()
        for _ in range(config.depth):
            self.svtr_block.append(PPOCRV5ServerRecBlock(config=config))
        self.norm = nn.LayerNorm(hidden_size, eps=config.layer_norm_eps)
        self.post_init()

class PPOCRV5ServerRecModel(PPOCRV5ServerRecPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.backbone = load_backbone(config)
        self.gradient_checkpointing = False
        self.post_init()

class PPOCRV5ServerRecForTextRecognition(PPOCRV5ServerRecPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.model = PPOCRV5ServerRecModel(config)
        self.head = PPOCRV5ServerRecHead(config)
        self.post_init()
