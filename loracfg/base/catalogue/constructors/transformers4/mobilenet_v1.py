"""Constructors of transformers 4.57.6 (Apache-2.0, The Hugging Face team): mobilenet_v1. Made by `python -m loracfg.base.transcriber`."""
from .common_activations import ACT2FN
from .common_configuration_utils import PretrainedConfig
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

class MobileNetV1Config(PretrainedConfig):
    model_type = 'mobilenet_v1'

    def __init__(self, num_channels=3, image_size=224, depth_multiplier=1.0, min_depth=8, hidden_act='relu6', tf_padding=True, classifier_dropout_prob=0.999, initializer_range=0.02, layer_norm_eps=0.001, **kwargs):
        super().__init__(**kwargs)
        if depth_multiplier <= 0:
            raise ValueError('depth_multiplier must be greater than zero.')
        self.num_channels = num_channels
        self.image_size = image_size
        self.depth_multiplier = depth_multiplier
        self.min_depth = min_depth
        self.hidden_act = hidden_act
        self.tf_padding = tf_padding
        self.classifier_dropout_prob = classifier_dropout_prob
        self.initializer_range = initializer_range
        self.layer_norm_eps = layer_norm_eps

class MobileNetV1ConvLayer(nn.Module):

    def __init__(self, config, in_channels, out_channels, kernel_size, stride=1, groups=1, bias=False, use_normalization=True, use_activation=True):
        super().__init__()
        self.config = config
        if in_channels % groups != 0:
            raise ValueError(f'Input channels ({in_channels}) are not divisible by {groups} groups.')
        if out_channels % groups != 0:
            raise ValueError(f'Output channels ({out_channels}) are not divisible by {groups} groups.')
        padding = 0 if config.tf_padding else int((kernel_size - 1) / 2)
        self.convolution = nn.Conv2d(in_channels=in_channels, out_channels=out_channels, kernel_size=kernel_size, stride=stride, padding=padding, groups=groups, bias=bias, padding_mode='zeros')
        if use_normalization:
            self.normalization = nn.BatchNorm2d(num_features=out_channels, eps=config.layer_norm_eps, momentum=0.9997, affine=True, track_running_stats=True)
        else:
            self.normalization = None
        if use_activation:
            if isinstance(use_activation, str):
                self.activation = ACT2FN[use_activation]
            elif isinstance(config.hidden_act, str):
                self.activation = ACT2FN[config.hidden_act]
            else:
                self.activation = config.hidden_act
        else:
            self.activation = None

class MobileNetV1PreTrainedModel(PreTrainedModel):
    base_model_prefix = 'mobilenet_v1'
    main_input_name = 'pixel_values'
    supports_gradient_checkpointing = False
    _no_split_modules = []

class MobileNetV1Model(MobileNetV1PreTrainedModel):

    def __init__(self, config, add_pooling_layer=True):
        super().__init__(config)
        self.config = config
        depth = 32
        out_channels = max(int(depth * config.depth_multiplier), config.min_depth)
        self.conv_stem = MobileNetV1ConvLayer(config, in_channels=config.num_channels, out_channels=out_channels, kernel_size=3, stride=2)
        strides = [1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1]
        self.layer = nn.ModuleList()
        for i in range(13):
            in_channels = out_channels
            if strides[i] == 2 or i == 0:
                depth *= 2
                out_channels = max(int(depth * config.depth_multiplier), config.min_depth)
            self.layer.append(MobileNetV1ConvLayer(config, in_channels=in_channels, out_channels=in_channels, kernel_size=3, stride=strides[i], groups=in_channels))
            self.layer.append(MobileNetV1ConvLayer(config, in_channels=in_channels, out_channels=out_channels, kernel_size=1))
        self.pooler = nn.AdaptiveAvgPool2d((1, 1)) if add_pooling_layer else None
        self.post_init()

class MobileNetV1ForImageClassification(MobileNetV1PreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.num_labels = config.num_labels
        self.mobilenet_v1 = MobileNetV1Model(config)
        last_hidden_size = self.mobilenet_v1.layer[-1].convolution.out_channels
        self.dropout = nn.Dropout(config.classifier_dropout_prob, inplace=True)
        self.classifier = nn.Linear(last_hidden_size, config.num_labels) if config.num_labels > 0 else nn.Identity()
        self.post_init()
