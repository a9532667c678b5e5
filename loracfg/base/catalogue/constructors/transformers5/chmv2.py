"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): chmv2. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig
from .common_backbone_utils import load_backbone
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
from typing import Literal

@strict
class CHMv2Config(PreTrainedConfig):
    model_type = 'chmv2'
    sub_configs_defaults = {'backbone_config': SubConfigSpec(config_class=AutoConfig, model_type='dinov3_vit', init_kwargs={'image_size': 416, 'hidden_size': 1024, 'intermediate_size': 4096, 'num_attention_heads': 16, 'num_hidden_layers': 24, 'num_register_tokens': 4, 'key_bias': True, 'out_indices': [6, 12, 18, 24], 'reshape_hidden_states': True, 'apply_layernorm': True, 'layer_norm_eps': 1e-06, 'return_class_token': True})}
    backbone_config: dict | PreTrainedConfig | None = None
    patch_size: int = 16
    initializer_range: float = 0.02
    reassemble_factors: list[float | int] | None = None
    post_process_channels: list[int] | None = None
    fusion_hidden_size: int = 256
    head_hidden_size: int = 128
    number_output_channels: int = 256
    readout_type: str = 'project'
    min_depth: float = 0.001
    max_depth: float = 96.0
    bins_strategy: Literal['linear', 'log', 'chmv2_mixlog'] = 'chmv2_mixlog'
    norm_strategy: Literal['linear', 'softmax', 'sigmoid', 'chmv2_mixlog'] = 'chmv2_mixlog'

    def __post_init__(self, **kwargs):
        super().__post_init__(**kwargs)
        if self.reassemble_factors is None:
            self.reassemble_factors = [4, 2, 1, 0.5]
        if self.post_process_channels is None:
            self.post_process_channels = [128, 256, 512, 1024]

def _get_backbone_hidden_size(config):
    if config.backbone_config is not None and hasattr(config.backbone_config, 'hidden_size'):
        return config.backbone_config.hidden_size
    else:
        return config.hidden_size

class CHMv2ReassembleLayer(nn.Module):

    def __init__(self, config, channels, factor):
        super().__init__()
        hidden_size = _get_backbone_hidden_size(config)
        self.projection = nn.Conv2d(in_channels=hidden_size, out_channels=channels, kernel_size=1)
        if factor > 1:
            self.resize = nn.ConvTranspose2d(channels, channels, kernel_size=factor, stride=factor, padding=0)
        elif factor == 1:
            self.resize = nn.Identity()
        elif factor < 1:
            self.resize = nn.Conv2d(channels, channels, kernel_size=3, stride=int(1 / factor), padding=1)

class CHMv2ReassembleStage(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.readout_type = config.readout_type
        self.layers = nn.ModuleList()
        for out_channels, factor in zip(config.post_process_channels, config.reassemble_factors):
            self.layers.append(CHMv2ReassembleLayer(config=config, channels=out_channels, factor=factor))
        hidden_size = _get_backbone_hidden_size(config)
        if self.readout_type == 'project':
            self.readout_projects = nn.ModuleList()
            for _ in range(len(self.layers)):
                self.readout_projects.append(nn.Sequential(nn.Linear(2 * hidden_size, hidden_size), nn.GELU()))

class CHMv2PreActResidualLayer(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.activation1 = nn.ReLU()
        self.convolution1 = nn.Conv2d(config.fusion_hidden_size, config.fusion_hidden_size, kernel_size=3, stride=1, padding=1, bias=True)
        self.activation2 = nn.ReLU()
        self.convolution2 = nn.Conv2d(config.fusion_hidden_size, config.fusion_hidden_size, kernel_size=3, stride=1, padding=1, bias=True)

class CHMv2FeatureFusionLayer(nn.Module):

    def __init__(self, config, is_first_layer=False):
        super().__init__()
        self.is_first_layer = is_first_layer
        self.projection = nn.Conv2d(config.fusion_hidden_size, config.fusion_hidden_size, kernel_size=1, bias=True)
        if not is_first_layer:
            self.residual_layer1 = CHMv2PreActResidualLayer(config)
        self.residual_layer2 = CHMv2PreActResidualLayer(config)

class CHMv2UpsampleConvHead(nn.Module):

    def __init__(self, features, number_output_channels, n_hidden_channels=128):
        super().__init__()
        self.head = nn.ModuleList([nn.Conv2d(features, features // 2, kernel_size=3, stride=1, padding=1), nn.Upsample(scale_factor=2, mode='bilinear', align_corners=True), nn.Conv2d(features // 2, n_hidden_channels, kernel_size=3, stride=1, padding=1), nn.ReLU(), nn.Conv2d(n_hidden_channels, number_output_channels, kernel_size=1, stride=1, padding=0)])

class CHMv2Head(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.reassemble_stage = CHMv2ReassembleStage(config)
        self.convs = nn.ModuleList()
        for channel in config.post_process_channels:
            self.convs.append(nn.Conv2d(channel, config.fusion_hidden_size, kernel_size=3, padding=1, bias=False))
        self.fusion_layers = nn.ModuleList()
        for idx in range(len(config.post_process_channels)):
            self.fusion_layers.append(CHMv2FeatureFusionLayer(config, is_first_layer=idx == 0))
        self.conv_depth = CHMv2UpsampleConvHead(features=config.fusion_hidden_size, number_output_channels=config.number_output_channels, n_hidden_channels=config.head_hidden_size)

class CHMv2FeaturesToDepth(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.min_depth = config.min_depth
        self.max_depth = config.max_depth
        self.bins_strategy = config.bins_strategy
        self.norm_strategy = config.norm_strategy
        self._mixlog_max_clamp_value = 0.0001
        self._mixlog_eps_shift = 1e-08
        self._mixlog_eps = 1e-12

class CHMv2PreTrainedModel(PreTrainedModel):
    base_model_prefix = 'chmv2'
    main_input_name = 'pixel_values'
    supports_gradient_checkpointing = True

class CHMv2ForDepthEstimation(CHMv2PreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.backbone = load_backbone(config)
        self.head = CHMv2Head(config)
        self.features_to_depth = CHMv2FeaturesToDepth(config)
        self.post_init()

    def get_input_embeddings(self):
        return self.backbone.get_input_embeddings()
