"""Constructors of transformers 4.57.6 (Apache-2.0, The Hugging Face team): textnet. Made by `python -m loracfg.base.transcriber`."""
from .common_activations import ACT2CLS
from .common_configuration_utils import PretrainedConfig
from .common_modeling_utils import PreTrainedModel
from .common_utils_backbone_utils import BackboneConfigMixin, BackboneMixin, get_aligned_output_features_output_indices
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

class TextNetConfig(BackboneConfigMixin, PretrainedConfig):
    model_type = 'textnet'

    def __init__(self, stem_kernel_size=3, stem_stride=2, stem_num_channels=3, stem_out_channels=64, stem_act_func='relu', image_size=[640, 640], conv_layer_kernel_sizes=None, conv_layer_strides=None, hidden_sizes=[64, 64, 128, 256, 512], batch_norm_eps=1e-05, initializer_range=0.02, out_features=None, out_indices=None, **kwargs):
        super().__init__(**kwargs)
        if conv_layer_kernel_sizes is None:
            conv_layer_kernel_sizes = [[[3, 3], [3, 3], [3, 3]], [[3, 3], [1, 3], [3, 3], [3, 1]], [[3, 3], [3, 3], [3, 1], [1, 3]], [[3, 3], [3, 1], [1, 3], [3, 3]]]
        if conv_layer_strides is None:
            conv_layer_strides = [[1, 2, 1], [2, 1, 1, 1], [2, 1, 1, 1], [2, 1, 1, 1]]
        self.stem_kernel_size = stem_kernel_size
        self.stem_stride = stem_stride
        self.stem_num_channels = stem_num_channels
        self.stem_out_channels = stem_out_channels
        self.stem_act_func = stem_act_func
        self.image_size = image_size
        self.conv_layer_kernel_sizes = conv_layer_kernel_sizes
        self.conv_layer_strides = conv_layer_strides
        self.initializer_range = initializer_range
        self.hidden_sizes = hidden_sizes
        self.batch_norm_eps = batch_norm_eps
        self.depths = [len(layer) for layer in self.conv_layer_kernel_sizes]
        self.stage_names = ['stem'] + [f'stage{idx}' for idx in range(1, 5)]
        self._out_features, self._out_indices = get_aligned_output_features_output_indices(out_features=out_features, out_indices=out_indices, stage_names=self.stage_names)

class TextNetConvLayer(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.kernel_size = config.stem_kernel_size
        self.stride = config.stem_stride
        self.activation_function = config.stem_act_func
        padding = (config.kernel_size[0] // 2, config.kernel_size[1] // 2) if isinstance(config.stem_kernel_size, tuple) else config.stem_kernel_size // 2
        self.conv = nn.Conv2d(config.stem_num_channels, config.stem_out_channels, kernel_size=config.stem_kernel_size, stride=config.stem_stride, padding=padding, bias=False)
        self.batch_norm = nn.BatchNorm2d(config.stem_out_channels, config.batch_norm_eps)
        self.activation = nn.Identity()
        if self.activation_function is not None:
            self.activation = ACT2CLS[self.activation_function]()

class TextNetRepConvLayer(nn.Module):

    def __init__(self, config, in_channels, out_channels, kernel_size, stride):
        super().__init__()
        self.num_channels = in_channels
        self.out_channels = out_channels
        self.kernel_size = kernel_size
        self.stride = stride
        padding = ((kernel_size[0] - 1) // 2, (kernel_size[1] - 1) // 2)
        self.activation_function = nn.ReLU()
        self.main_conv = nn.Conv2d(in_channels=in_channels, out_channels=out_channels, kernel_size=kernel_size, stride=stride, padding=padding, bias=False)
        self.main_batch_norm = nn.BatchNorm2d(num_features=out_channels, eps=config.batch_norm_eps)
        vertical_padding = ((kernel_size[0] - 1) // 2, 0)
        horizontal_padding = (0, (kernel_size[1] - 1) // 2)
        if kernel_size[1] != 1:
            self.vertical_conv = nn.Conv2d(in_channels=in_channels, out_channels=out_channels, kernel_size=(kernel_size[0], 1), stride=stride, padding=vertical_padding, bias=False)
            self.vertical_batch_norm = nn.BatchNorm2d(num_features=out_channels, eps=config.batch_norm_eps)
        else:
            self.vertical_conv, self.vertical_batch_norm = (None, None)
        if kernel_size[0] != 1:
            self.horizontal_conv = nn.Conv2d(in_channels=in_channels, out_channels=out_channels, kernel_size=(1, kernel_size[1]), stride=stride, padding=horizontal_padding, bias=False)
            self.horizontal_batch_norm = nn.BatchNorm2d(num_features=out_channels, eps=config.batch_norm_eps)
        else:
            self.horizontal_conv, self.horizontal_batch_norm = (None, None)
        self.rbr_identity = nn.BatchNorm2d(num_features=in_channels, eps=config.batch_norm_eps) if out_channels == in_channels and stride == 1 else None

class TextNetStage(nn.Module):

    def __init__(self, config, depth):
        super().__init__()
        kernel_size = config.conv_layer_kernel_sizes[depth]
        stride = config.conv_layer_strides[depth]
        num_layers = len(kernel_size)
        stage_in_channel_size = config.hidden_sizes[depth]
        stage_out_channel_size = config.hidden_sizes[depth + 1]
        in_channels = [stage_in_channel_size] + [stage_out_channel_size] * (num_layers - 1)
        out_channels = [stage_out_channel_size] * num_layers
        stage = []
        for stage_config in zip(in_channels, out_channels, kernel_size, stride):
            stage.append(TextNetRepConvLayer(config, *stage_config))
        self.stage = nn.ModuleList(stage)

class TextNetEncoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        stages = []
        num_stages = len(config.conv_layer_kernel_sizes)
        for stage_ix in range(num_stages):
            stages.append(TextNetStage(config, stage_ix))
        self.stages = nn.ModuleList(stages)

class TextNetPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'textnet'
    main_input_name = 'pixel_values'

class TextNetModel(TextNetPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.stem = TextNetConvLayer(config)
        self.encoder = TextNetEncoder(config)
        self.pooler = nn.AdaptiveAvgPool2d((2, 2))
        self.post_init()

class TextNetForImageClassification(TextNetPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.num_labels = config.num_labels
        self.textnet = TextNetModel(config)
        self.avg_pool = nn.AdaptiveAvgPool2d((1, 1))
        self.flatten = nn.Flatten()
        self.fc = nn.Linear(config.hidden_sizes[-1], config.num_labels) if config.num_labels > 0 else nn.Identity()
        self.classifier = nn.ModuleList([self.avg_pool, self.flatten])
        self.post_init()

class TextNetBackbone(TextNetPreTrainedModel, BackboneMixin):

    def __init__(self, config):
        super().__init__(config)
        super()._init_backbone(config)
        self.textnet = TextNetModel(config)
        self.num_features = config.hidden_sizes
        self.post_init()
