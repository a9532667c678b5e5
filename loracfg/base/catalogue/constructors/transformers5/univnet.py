"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): univnet. Made by `python -m loracfg.base.transcriber`."""
from .common_configuration_utils import PreTrainedConfig
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

@strict
class UnivNetConfig(PreTrainedConfig):
    model_type = 'univnet'
    model_in_channels: int = 64
    model_hidden_channels: int = 32
    num_mel_bins: int = 100
    resblock_kernel_sizes: list[int] | tuple[int, ...] = (3, 3, 3)
    resblock_stride_sizes: list[int] | tuple[int, ...] = (8, 8, 4)
    resblock_dilation_sizes: list | tuple = ((1, 3, 9, 27), (1, 3, 9, 27), (1, 3, 9, 27))
    kernel_predictor_num_blocks: int = 3
    kernel_predictor_hidden_channels: int = 64
    kernel_predictor_conv_size: int = 3
    kernel_predictor_dropout: float | int = 0.0
    initializer_range: float = 0.01
    leaky_relu_slope: float = 0.2

    def validate_architecture(self):
        if not len(self.resblock_kernel_sizes) == len(self.resblock_stride_sizes) == len(self.resblock_dilation_sizes):
            raise ValueError('`resblock_kernel_sizes`, `resblock_stride_sizes`, and `resblock_dilation_sizes` must all have the same length (which will be the number of resnet blocks in the model).')

class UnivNetKernelPredictorResidualBlock(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.channels = config.model_in_channels
        self.kernel_size = config.kernel_predictor_conv_size
        self.dropout_prob = config.kernel_predictor_dropout
        self.leaky_relu_slope = config.leaky_relu_slope
        padding = (self.kernel_size - 1) // 2
        self.dropout = nn.Dropout(self.dropout_prob)
        self.conv1 = nn.Conv1d(self.channels, self.channels, self.kernel_size, padding=padding, bias=True)
        self.conv2 = nn.Conv1d(self.channels, self.channels, self.kernel_size, padding=padding, bias=True)

class UnivNetKernelPredictor(nn.Module):

    def __init__(self, config, conv_kernel_size=3, conv_layers=4):
        super().__init__()
        self.conv_in_channels = config.model_hidden_channels
        self.conv_out_channels = 2 * config.model_hidden_channels
        self.conv_kernel_size = conv_kernel_size
        self.conv_layers = conv_layers
        self.kernel_channels = self.conv_in_channels * self.conv_out_channels * self.conv_kernel_size * self.conv_layers
        self.bias_channels = self.conv_out_channels * self.conv_layers
        self.resnet_in_channels = config.num_mel_bins
        self.resnet_hidden_channels = config.kernel_predictor_hidden_channels
        self.resnet_kernel_size = config.kernel_predictor_conv_size
        self.num_blocks = config.kernel_predictor_num_blocks
        self.leaky_relu_slope = config.leaky_relu_slope
        padding = (self.resnet_kernel_size - 1) // 2
        self.input_conv = nn.Conv1d(self.resnet_in_channels, self.resnet_hidden_channels, 5, padding=2, bias=True)
        self.resblocks = nn.ModuleList([UnivNetKernelPredictorResidualBlock(config) for _ in range(self.num_blocks)])
        self.kernel_conv = nn.Conv1d(self.resnet_hidden_channels, self.kernel_channels, self.resnet_kernel_size, padding=padding, bias=True)
        self.bias_conv = nn.Conv1d(self.resnet_hidden_channels, self.bias_channels, self.resnet_kernel_size, padding=padding, bias=True)

class UnivNetLvcResidualBlock(nn.Module):

    def __init__(self, config, kernel_size, dilation):
        super().__init__()
        self.hidden_channels = config.model_hidden_channels
        self.kernel_size = kernel_size
        self.dilation = dilation
        self.leaky_relu_slope = config.leaky_relu_slope
        padding = self.dilation * (self.kernel_size - 1) // 2
        self.conv = nn.Conv1d(self.hidden_channels, self.hidden_channels, self.kernel_size, padding=padding, dilation=self.dilation)

class UnivNetLvcBlock(nn.Module):

    def __init__(self, config, layer_id, lvc_hop_size=256):
        super().__init__()
        self.hidden_channels = config.model_hidden_channels
        self.kernel_size = config.resblock_kernel_sizes[layer_id]
        self.stride = config.resblock_stride_sizes[layer_id]
        self.dilations = config.resblock_dilation_sizes[layer_id]
        self.cond_hop_length = lvc_hop_size
        self.leaky_relu_slope = config.leaky_relu_slope
        self.num_blocks = len(self.dilations)
        self.convt_pre = nn.ConvTranspose1d(self.hidden_channels, self.hidden_channels, 2 * self.stride, stride=self.stride, padding=self.stride // 2 + self.stride % 2, output_padding=self.stride % 2)
        self.kernel_predictor = UnivNetKernelPredictor(config, self.kernel_size, self.num_blocks)
        self.resblocks = nn.ModuleList([UnivNetLvcResidualBlock(config, self.kernel_size, self.dilations[i]) for i in range(self.num_blocks)])

class UnivNetModel(PreTrainedModel):
    main_input_name = 'input_features'

    def __init__(self, config):
        super().__init__(config)
        self.num_kernels = len(config.resblock_kernel_sizes)
        self.leaky_relu_slope = config.leaky_relu_slope
        self.conv_pre = nn.Conv1d(config.model_in_channels, config.model_hidden_channels, kernel_size=7, stride=1, padding=3, padding_mode='reflect')
        num_layers = len(config.resblock_stride_sizes)
        hop_length = 1
        hop_lengths = []
        for stride in config.resblock_stride_sizes:
            hop_length = hop_length * stride
            hop_lengths.append(hop_length)
        self.resblocks = nn.ModuleList([UnivNetLvcBlock(config, layer_id=i, lvc_hop_size=hop_lengths[i]) for i in range(num_layers)])
        self.conv_post = nn.Conv1d(config.model_hidden_channels, 1, 7, padding=3, padding_mode='reflect')
        self.post_init()
