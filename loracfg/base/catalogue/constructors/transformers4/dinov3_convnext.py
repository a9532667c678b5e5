"""Constructors of transformers 4.57.6 (Apache-2.0, The Hugging Face team): dinov3_convnext. Made by `python -m loracfg.base.transcriber`."""
from .common_activations import ACT2FN
from .common_configuration_utils import PretrainedConfig
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.arrays import numpy as np
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

class DINOv3ConvNextConfig(PretrainedConfig):
    model_type = 'dinov3_convnext'

    def __init__(self, num_channels=3, hidden_sizes=None, depths=None, hidden_act='gelu', initializer_range=0.02, layer_norm_eps=1e-06, layer_scale_init_value=1e-06, drop_path_rate=0.0, image_size=224, **kwargs):
        super().__init__(**kwargs)
        self.num_channels = num_channels
        self.hidden_sizes = [96, 192, 384, 768] if hidden_sizes is None else hidden_sizes
        self.depths = [3, 3, 9, 3] if depths is None else depths
        self.hidden_act = hidden_act
        self.initializer_range = initializer_range
        self.layer_norm_eps = layer_norm_eps
        self.layer_scale_init_value = layer_scale_init_value
        self.drop_path_rate = drop_path_rate
        self.image_size = image_size

    @property
    def num_stages(self):
        return len(self.hidden_sizes)

def drop_path(input, drop_prob=0.0, training=False):
    if drop_prob == 0.0 or not training:
        return input
    keep_prob = 1 - drop_prob
    shape = (input.shape[0],) + (1,) * (input.ndim - 1)
    random_tensor = keep_prob + torch.rand(shape, dtype=input.dtype, device=input.device)
    random_tensor.floor_()
    output = input.div(keep_prob) * random_tensor
    return output

class DINOv3ConvNextDropPath(nn.Module):

    def __init__(self, drop_prob=None):
        super().__init__()
        self.drop_prob = drop_prob

class DINOv3ConvNextLayerNorm(nn.LayerNorm):

    def __init__(self, *args, data_format='channels_last', **kwargs):
        super().__init__(*args, **kwargs)
        if data_format not in ['channels_last', 'channels_first']:
            raise NotImplementedError(f'Unsupported data format: {data_format}')
        self.data_format = data_format

class DINOv3ConvNextLayer(nn.Module):

    def __init__(self, config, channels, drop_path=0.0):
        super().__init__()
        self.depthwise_conv = nn.Conv2d(channels, channels, kernel_size=7, padding=3, groups=channels)
        self.layer_norm = DINOv3ConvNextLayerNorm(channels, eps=config.layer_norm_eps)
        self.pointwise_conv1 = nn.Linear(channels, 4 * channels)
        self.activation_fn = ACT2FN[config.hidden_act]
        self.pointwise_conv2 = nn.Linear(4 * channels, channels)
        self.gamma = nn.Parameter(torch.full((channels,), config.layer_scale_init_value), requires_grad=True)
        self.drop_path = DINOv3ConvNextDropPath(drop_path) if drop_path > 0.0 else nn.Identity()

class DINOv3ConvNextStage(nn.Module):

    def __init__(self, config, stage_idx):
        super().__init__()
        in_channels = config.hidden_sizes[stage_idx - 1] if stage_idx > 0 else config.num_channels
        out_channels = config.hidden_sizes[stage_idx]
        if stage_idx == 0:
            self.downsample_layers = nn.ModuleList([nn.Conv2d(config.num_channels, out_channels, kernel_size=4, stride=4), DINOv3ConvNextLayerNorm(out_channels, eps=config.layer_norm_eps, data_format='channels_first')])
        else:
            self.downsample_layers = nn.ModuleList([DINOv3ConvNextLayerNorm(in_channels, eps=config.layer_norm_eps, data_format='channels_first'), nn.Conv2d(in_channels, out_channels, kernel_size=2, stride=2)])
        num_stage_layers = config.depths[stage_idx]
        num_previous_layers = sum(config.depths[:stage_idx])
        num_total_layers = sum(config.depths)
        drop_path_rates = np.linspace(0, config.drop_path_rate, num_total_layers).tolist()
        self.layers = nn.ModuleList([DINOv3ConvNextLayer(config, channels=out_channels, drop_path=drop_path_rates[i]) for i in range(num_previous_layers, num_previous_layers + num_stage_layers)])

class DINOv3ConvNextPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'dinov3_convnext'
    main_input_name = 'pixel_values'
    _no_split_modules = ['DINOv3ConvNextLayer']

class DINOv3ConvNextModel(DINOv3ConvNextPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.stages = nn.ModuleList([DINOv3ConvNextStage(config, stage_idx) for stage_idx in range(config.num_stages)])
        self.layer_norm = nn.LayerNorm(config.hidden_sizes[-1], eps=config.layer_norm_eps)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.post_init()
