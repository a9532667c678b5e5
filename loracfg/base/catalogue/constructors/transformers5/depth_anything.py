"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): depth_anything. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig
from .common_backbone_utils import load_backbone
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

@strict
class DepthAnythingConfig(PreTrainedConfig):
    model_type = 'depth_anything'
    sub_configs_defaults = {'backbone_config': SubConfigSpec(config_class=AutoConfig, model_type='dinov2', init_kwargs={'image_size': 518, 'hidden_size': 384, 'num_attention_heads': 6, 'out_indices': [9, 10, 11, 12], 'reshape_hidden_states': False})}
    backbone_config: dict | PreTrainedConfig | None = None
    patch_size: int | list[int] | tuple[int, int] = 14
    initializer_range: float = 0.02
    reassemble_hidden_size: int = 384
    reassemble_factors: list[int | float] | tuple[int | float, ...] = (4, 2, 1, 0.5)
    neck_hidden_sizes: list[int] | tuple[int, ...] = (48, 96, 192, 384)
    fusion_hidden_size: int = 64
    head_in_index: int = -1
    head_hidden_size: int = 32
    depth_estimation_type: str = 'relative'
    max_depth: int | None = 1

    def validate_architecture(self):
        if self.depth_estimation_type not in ['relative', 'metric']:
            raise ValueError("depth_estimation_type must be one of ['relative', 'metric']")

class DepthAnythingReassembleLayer(nn.Module):

    def __init__(self, config, channels, factor):
        super().__init__()
        self.projection = nn.Conv2d(in_channels=config.reassemble_hidden_size, out_channels=channels, kernel_size=1)
        if factor > 1:
            self.resize = nn.ConvTranspose2d(channels, channels, kernel_size=factor, stride=factor, padding=0)
        elif factor == 1:
            self.resize = nn.Identity()
        elif factor < 1:
            self.resize = nn.Conv2d(channels, channels, kernel_size=3, stride=int(1 / factor), padding=1)

class DepthAnythingReassembleStage(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.layers = nn.ModuleList()
        for channels, factor in zip(config.neck_hidden_sizes, config.reassemble_factors):
            self.layers.append(DepthAnythingReassembleLayer(config, channels=channels, factor=factor))

class DepthAnythingPreActResidualLayer(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.activation1 = nn.ReLU()
        self.convolution1 = nn.Conv2d(config.fusion_hidden_size, config.fusion_hidden_size, kernel_size=3, stride=1, padding=1, bias=True)
        self.activation2 = nn.ReLU()
        self.convolution2 = nn.Conv2d(config.fusion_hidden_size, config.fusion_hidden_size, kernel_size=3, stride=1, padding=1, bias=True)

class DepthAnythingFeatureFusionLayer(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.projection = nn.Conv2d(config.fusion_hidden_size, config.fusion_hidden_size, kernel_size=1, bias=True)
        self.residual_layer1 = DepthAnythingPreActResidualLayer(config)
        self.residual_layer2 = DepthAnythingPreActResidualLayer(config)

class DepthAnythingFeatureFusionStage(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.layers = nn.ModuleList()
        for _ in range(len(config.neck_hidden_sizes)):
            self.layers.append(DepthAnythingFeatureFusionLayer(config))

class DepthAnythingPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'depth_anything'
    main_input_name = 'pixel_values'
    supports_gradient_checkpointing = True

class DepthAnythingNeck(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.reassemble_stage = DepthAnythingReassembleStage(config)
        self.convs = nn.ModuleList()
        for channel in config.neck_hidden_sizes:
            self.convs.append(nn.Conv2d(channel, config.fusion_hidden_size, kernel_size=3, padding=1, bias=False))
        self.fusion_stage = DepthAnythingFeatureFusionStage(config)

class DepthAnythingDepthEstimationHead(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.head_in_index = config.head_in_index
        self.patch_size = config.patch_size
        features = config.fusion_hidden_size
        self.conv1 = nn.Conv2d(features, features // 2, kernel_size=3, stride=1, padding=1)
        self.conv2 = nn.Conv2d(features // 2, config.head_hidden_size, kernel_size=3, stride=1, padding=1)
        self.activation1 = nn.ReLU()
        self.conv3 = nn.Conv2d(config.head_hidden_size, 1, kernel_size=1, stride=1, padding=0)
        if config.depth_estimation_type == 'relative':
            self.activation2 = nn.ReLU()
        elif config.depth_estimation_type == 'metric':
            self.activation2 = nn.Sigmoid()
        else:
            raise ValueError(f'Unknown depth estimation type: {config.depth_estimation_type}')
        self.max_depth = config.max_depth

class DepthAnythingForDepthEstimation(DepthAnythingPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.backbone = load_backbone(config)
        self.neck = DepthAnythingNeck(config)
        self.head = DepthAnythingDepthEstimationHead(config)
        self.post_init()
