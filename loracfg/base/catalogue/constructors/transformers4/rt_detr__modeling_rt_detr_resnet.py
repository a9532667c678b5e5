"""Constructors of transformers 4.57.6 (Apache-2.0, The Hugging Face team): rt_detr__modeling_rt_detr_resnet. Made by `python -m loracfg.base.transcriber`."""
from .common_activations import ACT2FN
from .common_modeling_utils import PreTrainedModel
from .common_utils_backbone_utils import BackboneMixin
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

class RTDetrResNetConvLayer(nn.Module):

    def __init__(self, in_channels, out_channels, kernel_size=3, stride=1, activation='relu'):
        super().__init__()
        self.convolution = nn.Conv2d(in_channels, out_channels, kernel_size=kernel_size, stride=stride, padding=kernel_size // 2, bias=False)
        self.normalization = nn.BatchNorm2d(out_channels)
        self.activation = ACT2FN[activation] if activation is not None else nn.Identity()

class RTDetrResNetEmbeddings(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.embedder = nn.Sequential(*[RTDetrResNetConvLayer(config.num_channels, config.embedding_size // 2, kernel_size=3, stride=2, activation=config.hidden_act), RTDetrResNetConvLayer(config.embedding_size // 2, config.embedding_size // 2, kernel_size=3, stride=1, activation=config.hidden_act), RTDetrResNetConvLayer(config.embedding_size // 2, config.embedding_size, kernel_size=3, stride=1, activation=config.hidden_act)])
        self.pooler = nn.MaxPool2d(kernel_size=3, stride=2, padding=1)
        self.num_channels = config.num_channels

class RTDetrResNetShortCut(nn.Module):

    def __init__(self, in_channels, out_channels, stride=2):
        super().__init__()
        self.convolution = nn.Conv2d(in_channels, out_channels, kernel_size=1, stride=stride, bias=False)
        self.normalization = nn.BatchNorm2d(out_channels)

class RTDetrResNetBasicLayer(nn.Module):

    def __init__(self, config, in_channels, out_channels, stride=1, should_apply_shortcut=False):
        super().__init__()
        if in_channels != out_channels:
            self.shortcut = nn.Sequential(*[nn.AvgPool2d(2, 2, 0, ceil_mode=True), RTDetrResNetShortCut(in_channels, out_channels, stride=1)]) if should_apply_shortcut else nn.Identity()
        else:
            self.shortcut = RTDetrResNetShortCut(in_channels, out_channels, stride=stride) if should_apply_shortcut else nn.Identity()
        self.layer = nn.Sequential(RTDetrResNetConvLayer(in_channels, out_channels, stride=stride), RTDetrResNetConvLayer(out_channels, out_channels, activation=None))
        self.activation = ACT2FN[config.hidden_act]

class RTDetrResNetBottleNeckLayer(nn.Module):

    def __init__(self, config, in_channels, out_channels, stride=1):
        super().__init__()
        reduction = 4
        should_apply_shortcut = in_channels != out_channels or stride != 1
        reduces_channels = out_channels // reduction
        if stride == 2:
            self.shortcut = nn.Sequential(*[nn.AvgPool2d(2, 2, 0, ceil_mode=True), RTDetrResNetShortCut(in_channels, out_channels, stride=1) if should_apply_shortcut else nn.Identity()])
        else:
            self.shortcut = RTDetrResNetShortCut(in_channels, out_channels, stride=stride) if should_apply_shortcut else nn.Identity()
        self.layer = nn.Sequential(RTDetrResNetConvLayer(in_channels, reduces_channels, kernel_size=1, stride=stride if config.downsample_in_bottleneck else 1), RTDetrResNetConvLayer(reduces_channels, reduces_channels, stride=stride if not config.downsample_in_bottleneck else 1), RTDetrResNetConvLayer(reduces_channels, out_channels, kernel_size=1, activation=None))
        self.activation = ACT2FN[config.hidden_act]

class RTDetrResNetStage(nn.Module):

    def __init__(self, config, in_channels, out_channels, stride=2, depth=2):
        super().__init__()
        layer = RTDetrResNetBottleNeckLayer if config.layer_type == 'bottleneck' else RTDetrResNetBasicLayer
        if config.layer_type == 'bottleneck':
            first_layer = layer(config, in_channels, out_channels, stride=stride)
        else:
            first_layer = layer(config, in_channels, out_channels, stride=stride, should_apply_shortcut=True)
        self.layers = nn.Sequential(first_layer, *[layer(config, out_channels, out_channels) for _ in range(depth - 1)])

class RTDetrResNetEncoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.stages = nn.ModuleList([])
        self.stages.append(RTDetrResNetStage(config, config.embedding_size, config.hidden_sizes[0], stride=2 if config.downsample_in_first_stage else 1, depth=config.depths[0]))
        in_out_channels = zip(config.hidden_sizes, config.hidden_sizes[1:])
        for (in_channels, out_channels), depth in zip(in_out_channels, config.depths[1:]):
            self.stages.append(RTDetrResNetStage(config, in_channels, out_channels, depth=depth))

class RTDetrResNetPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'resnet'
    main_input_name = 'pixel_values'
    _no_split_modules = ['RTDetrResNetConvLayer', 'RTDetrResNetShortCut']

class RTDetrResNetBackbone(RTDetrResNetPreTrainedModel, BackboneMixin):

    def __init__(self, config):
        super().__init__(config)
        super()._init_backbone(config)
        self.num_features = [config.embedding_size] + config.hidden_sizes
        self.embedder = RTDetrResNetEmbeddings(config)
        self.encoder = RTDetrResNetEncoder(config)
        self.post_init()
