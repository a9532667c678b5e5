"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): dinov3_convnext. Made by `python -m loracfg.base.transcriber`."""
from .common_activations import ACT2FN
from .common_backbone_utils import BackboneConfigMixin, BackboneMixin
from .common_configuration_utils import PreTrainedConfig
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.arrays import numpy as np
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

@strict
class DINOv3ConvNextConfig(BackboneConfigMixin, PreTrainedConfig):
    model_type = 'dinov3_convnext'
    num_channels: int = 3
    hidden_sizes: list[int] | None = None
    depths: list[int] | None = None
    hidden_act: str = 'gelu'
    initializer_range: float = 0.02
    layer_norm_eps: float = 1e-06
    layer_scale_init_value: float = 1e-06
    drop_path_rate: float | int = 0.0
    image_size: int | list[int] | tuple[int, int] = 224
    _out_features: list[str] | None = None
    _out_indices: list[int] | None = None

    def __post_init__(self, **kwargs):
        self.hidden_sizes = [96, 192, 384, 768] if self.hidden_sizes is None else self.hidden_sizes
        self.depths = [3, 3, 9, 3] if self.depths is None else self.depths
        self.stage_names = ['stem'] + [f'stage{idx}' for idx in range(1, len(self.depths) + 1)]
        self.set_output_features_output_indices(out_indices=kwargs.pop('out_indices', None), out_features=kwargs.pop('out_features', None))
        super().__post_init__(**kwargs)

    @property
    def num_stages(self):
        return len(self.hidden_sizes)

class DINOv3ConvNextLayerNorm(nn.LayerNorm):

    def __init__(self, *args, data_format='channels_last', **kwargs):
        super().__init__(*args, **kwargs)
        if data_format not in ['channels_last', 'channels_first']:
            raise NotImplementedError(f'Unsupported data format: {data_format}')
        self.data_format = data_format

class Dinov3ConvnextDropPath(nn.Module):

    def __init__(self, drop_prob=0.0):
        super().__init__()
        self.drop_prob = drop_prob

class DINOv3ConvNextLayer(nn.Module):

    def __init__(self, config, channels, drop_path=0.0):
        super().__init__()
        self.depthwise_conv = nn.Conv2d(channels, channels, kernel_size=7, padding=3, groups=channels)
        self.layer_norm = DINOv3ConvNextLayerNorm(channels, eps=config.layer_norm_eps)
        self.pointwise_conv1 = nn.Linear(channels, 4 * channels)
        self.activation_fn = ACT2FN[config.hidden_act]
        self.pointwise_conv2 = nn.Linear(4 * channels, channels)
        self.gamma = nn.Parameter(torch.full((channels,), config.layer_scale_init_value), requires_grad=True)
        self.drop_path = Dinov3ConvnextDropPath(drop_path) if drop_path > 0.0 else nn.Identity()

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
    base_model_prefix = 'model'
    main_input_name = 'pixel_values'

class DINOv3ConvNextEncoder(DINOv3ConvNextPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.stages = nn.ModuleList([DINOv3ConvNextStage(config, stage_idx) for stage_idx in range(config.num_stages)])
        self.post_init()

class DINOv3ConvNextModel(DINOv3ConvNextPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.model = DINOv3ConvNextEncoder(config)
        self.layer_norm = nn.LayerNorm(config.hidden_sizes[-1], eps=config.layer_norm_eps)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.post_init()

class DINOv3ConvNextBackbone(BackboneMixin, DINOv3ConvNextPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.num_features = [config.num_channels] + list(config.hidden_sizes)
        self.model = DINOv3ConvNextEncoder(config)
        self.post_init()

    def get_input_embeddings(self):
        return None
