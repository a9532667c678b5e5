"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): slanet. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig
from .common_activations import ACT2CLS, ACT2FN
from .common_backbone_utils import load_backbone
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.models import GradientCheckpointingLayer
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

@strict
class SLANetConfig(PreTrainedConfig):
    model_type = 'slanet'
    sub_configs_defaults = {'backbone_config': SubConfigSpec(config_class=AutoConfig, model_type='pp_lcnet', init_kwargs={'scale': 1, 'out_features': ['stage2', 'stage3', 'stage4', 'stage5'], 'out_indices': [2, 3, 4, 5], 'divisor': 16})}
    post_conv_out_channels: int = 96
    out_channels: int = 50
    hidden_size: int = 256
    max_text_length: int = 500
    backbone_config: dict | PreTrainedConfig | None = None
    hidden_act: str = 'hardswish'
    csp_kernel_size: int = 5
    csp_num_blocks: int = 1

class SLANetPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'backbone'
    main_input_name = 'pixel_values'
    supports_gradient_checkpointing = True
    _keep_in_fp32_modules_strict = []

class SLANetAttentionGRUCell(nn.Module):

    def __init__(self, input_size, hidden_size, num_embeddings):
        super().__init__()
        self.input_to_hidden = nn.Linear(input_size, hidden_size, bias=False)
        self.hidden_to_hidden = nn.Linear(hidden_size, hidden_size)
        self.score = nn.Linear(hidden_size, 1, bias=False)
        self.rnn = nn.GRUCell(input_size + num_embeddings, hidden_size)

class SLANetMLP(nn.Module):

    def __init__(self, hidden_size, out_channels, activation=None):
        super().__init__()
        self.fc1 = nn.Linear(hidden_size, hidden_size)
        self.fc2 = nn.Linear(hidden_size, out_channels)
        self.act_fn = nn.Identity() if activation is None else ACT2CLS[activation]()

class SLANetSLAHead(SLANetPreTrainedModel):

    def __init__(self, config=None, **kwargs):
        super().__init__(config)
        self.structure_attention_cell = SLANetAttentionGRUCell(config.post_conv_out_channels, config.hidden_size, config.out_channels)
        self.structure_generator = SLANetMLP(config.hidden_size, config.out_channels)
        self.post_init()

class SLANetConvLayer(nn.Module):

    def __init__(self, in_channels, out_channels, kernel_size=3, stride=1, bias=False, dilation=1, groups=1, activation='hardswish'):
        super().__init__()
        self.convolution = nn.Conv2d(in_channels=in_channels, out_channels=out_channels, kernel_size=kernel_size, stride=stride, padding=kernel_size // 2, bias=bias, dilation=dilation, groups=groups)
        self.normalization = nn.BatchNorm2d(out_channels)
        self.activation = ACT2FN[activation] if activation is not None else nn.Identity()

class SLANetDepthwiseSeparableConvLayer(GradientCheckpointingLayer):

    def __init__(self, in_channels, out_channels, stride, kernel_size, config):
        super().__init__()
        self.depthwise_convolution = SLANetConvLayer(in_channels=in_channels, out_channels=in_channels, kernel_size=kernel_size, stride=stride, groups=in_channels, activation=config.hidden_act)
        self.squeeze_excitation_module = nn.Identity()
        self.pointwise_convolution = SLANetConvLayer(in_channels=in_channels, kernel_size=1, out_channels=out_channels, stride=1, activation=config.hidden_act)

class SLANetBottleneck(nn.Module):

    def __init__(self, in_channels, out_channels, kernel_size, activation, config):
        super().__init__()
        self.conv1 = SLANetConvLayer(in_channels=in_channels, out_channels=out_channels, kernel_size=1, activation=activation)
        self.conv2 = SLANetDepthwiseSeparableConvLayer(in_channels=out_channels, out_channels=out_channels, kernel_size=kernel_size, stride=1, config=config)

class SLANetCSPLayer(nn.Module):

    def __init__(self, config, in_channels, out_channels, kernel_size=3, expansion=0.5, num_blocks=1, activation='hardswish'):
        super().__init__()
        hidden_channels = int(out_channels * expansion)
        self.conv1 = SLANetConvLayer(in_channels, hidden_channels, 1, activation=activation)
        self.conv2 = SLANetConvLayer(in_channels, hidden_channels, 1, activation=activation)
        self.conv3 = SLANetConvLayer(2 * hidden_channels, out_channels, 1, activation=activation)
        self.bottlenecks = nn.ModuleList([SLANetBottleneck(hidden_channels, hidden_channels, kernel_size, activation, config) for _ in range(num_blocks)])

class SLANetCSPPAN(nn.Module):

    def __init__(self, config, in_channel_list):
        super().__init__()
        out_channels = config.post_conv_out_channels
        activation = config.hidden_act
        kernel_size = config.csp_kernel_size
        csp_num_blocks = config.csp_num_blocks
        self.channel_projector = nn.ModuleList([SLANetConvLayer(in_channels=in_channel_list[i], out_channels=out_channels, kernel_size=1, activation=activation) for i in range(len(in_channel_list))])
        self.upsample = nn.Upsample(scale_factor=2, mode='nearest')
        self.top_down_blocks = nn.ModuleList([SLANetCSPLayer(config, out_channels * 2, out_channels, kernel_size=kernel_size, num_blocks=csp_num_blocks, activation=activation) for _ in range(len(in_channel_list) - 1, 0, -1)])
        self.downsamples = nn.ModuleList([SLANetDepthwiseSeparableConvLayer(out_channels, out_channels, kernel_size=kernel_size, stride=2, config=config) for _ in range(len(in_channel_list) - 1)])
        self.bottom_up_blocks = nn.ModuleList([SLANetCSPLayer(config, out_channels * 2, out_channels, kernel_size=kernel_size, num_blocks=csp_num_blocks, activation=activation) for _ in range(len(in_channel_list) - 1)])

class SLANetBackbone(SLANetPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.vision_backbone = load_backbone(config)
        self.post_csp_pan = SLANetCSPPAN(config, self.vision_backbone.num_features[2:])
        self.post_init()

class SLANetForTableRecognition(SLANetPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.backbone = SLANetBackbone(config=config)
        self.head = SLANetSLAHead(config=config)
        self.post_init()
