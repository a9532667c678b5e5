"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): tipsv2_dpt. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig
from .common_activations import ACT2FN
from .common_backbone_utils import load_backbone
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

@strict
class Tipsv2DptConfig(PreTrainedConfig):
    model_type = 'tipsv2_dpt'
    sub_configs_defaults = {'backbone_config': SubConfigSpec(config_class=AutoConfig, model_type='tipsv2_vision_model', init_kwargs={'out_indices': [3, 6, 9, 12], 'apply_layernorm': True, 'reshape_hidden_states': False})}
    backbone_config: dict | PreTrainedConfig | None = None
    neck_hidden_sizes: list[int] | tuple[int, ...] | None = None
    fusion_hidden_size: int = 256
    reassemble_factors: list[int | float] | tuple[int | float, ...] | None = None
    readout_activation: str = 'gelu_pytorch_tanh'
    num_depth_bins: int = 256
    min_depth: float = 0.001
    max_depth: float = 10.0
    depth_decoder_activation: str = 'relu'
    semantic_loss_ignore_index: int = 255

    def __post_init__(self, **kwargs):
        if self.neck_hidden_sizes is None:
            self.neck_hidden_sizes = [96, 192, 384, 768]
        if self.reassemble_factors is None:
            self.reassemble_factors = [4, 2, 1, 0.5]
        super().__post_init__(**kwargs)

class Tipsv2DptReadoutProjectLayer(nn.Module):

    def __init__(self, in_dim, out_dim, activation):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(in_dim, out_dim), activation])

def _get_backbone_hidden_size(config):
    if config.backbone_config is not None and hasattr(config.backbone_config, 'hidden_size'):
        return config.backbone_config.hidden_size
    else:
        return config.hidden_size

class Tipsv2DptReassembleLayer(nn.Module):

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

class Tipsv2DptReassembleStage(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.num_register_tokens = config.backbone_config.num_register_tokens
        self.readout_projects = nn.ModuleList([Tipsv2DptReadoutProjectLayer(in_dim=2 * config.backbone_config.hidden_size, out_dim=config.backbone_config.hidden_size, activation=ACT2FN[config.readout_activation]) for _ in config.neck_hidden_sizes])
        self.layers = nn.ModuleList([Tipsv2DptReassembleLayer(config, channels=channels, factor=factor) for channels, factor in zip(config.neck_hidden_sizes, config.reassemble_factors)])

class Tipsv2DptPreActResidualLayer(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.activation1 = nn.ReLU()
        self.convolution1 = nn.Conv2d(config.fusion_hidden_size, config.fusion_hidden_size, kernel_size=3, stride=1, padding=1, bias=False)
        self.activation2 = nn.ReLU()
        self.convolution2 = nn.Conv2d(config.fusion_hidden_size, config.fusion_hidden_size, kernel_size=3, stride=1, padding=1, bias=False)

class Tipsv2DptFeatureFusionLayer(nn.Module):

    def __init__(self, config, align_corners=True, has_residual=True):
        super().__init__()
        self.align_corners = align_corners
        self.projection = nn.Conv2d(config.fusion_hidden_size, config.fusion_hidden_size, kernel_size=1, bias=True)
        self.residual_layer1 = Tipsv2DptPreActResidualLayer(config) if has_residual else nn.Identity()
        self.residual_layer2 = Tipsv2DptPreActResidualLayer(config)

class Tipsv2DptFeatureFusionStage(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.layers = nn.ModuleList([Tipsv2DptFeatureFusionLayer(config, has_residual=idx > 0) for idx in range(len(config.neck_hidden_sizes))])

class Tipsv2DptNeck(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.reassemble_stage = Tipsv2DptReassembleStage(config)
        self.convs = nn.ModuleList()
        for channel in config.neck_hidden_sizes:
            self.convs.append(nn.Conv2d(channel, config.fusion_hidden_size, kernel_size=3, padding=1, bias=False))
        self.fusion_stage = Tipsv2DptFeatureFusionStage(config)

class Tipsv2DptDecoder(nn.Module):

    def __init__(self, config, out_channels, activation=None):
        super().__init__()
        self.project = nn.Conv2d(config.fusion_hidden_size, config.fusion_hidden_size, kernel_size=3, padding=1)
        self.activation = ACT2FN[activation] if activation is not None else nn.Identity()
        self.head = nn.Linear(config.fusion_hidden_size, out_channels)

class Tipsv2DptFeaturesToDepth(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.min_depth = config.min_depth
        self.max_depth = config.max_depth
        self.activation = nn.ReLU()
        bin_centers = torch.linspace(config.min_depth, config.max_depth, config.num_depth_bins)
        self.bin_centers = nn.Buffer(bin_centers, persistent=False)

class Tipsv2DptPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'backbone'
    main_input_name = 'pixel_values'
    supports_gradient_checkpointing = True

class Tipsv2DptForDensePrediction(Tipsv2DptPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.backbone = load_backbone(config)
        self.depth_neck = Tipsv2DptNeck(config)
        self.depth_decoder = Tipsv2DptDecoder(config, out_channels=config.num_depth_bins, activation=config.depth_decoder_activation)
        self.depth_bin_regressor = Tipsv2DptFeaturesToDepth(config)
        self.normals_neck = Tipsv2DptNeck(config)
        self.normals_decoder = Tipsv2DptDecoder(config, out_channels=3)
        self.segmentation_neck = Tipsv2DptNeck(config)
        self.segmentation_decoder = Tipsv2DptDecoder(config, out_channels=config.num_labels)
        self.post_init()

    def get_input_embeddings(self):
        return self.backbone.get_input_embeddings()

class Tipsv2DptForDepthEstimation(Tipsv2DptPreTrainedModel):
    _keys_to_ignore_on_load_unexpected = {'normals_head', 'segmentation_head'}

    def __init__(self, config):
        super().__init__(config)
        self.backbone = load_backbone(config)
        self.neck = Tipsv2DptNeck(config)
        self.decoder = Tipsv2DptDecoder(config, out_channels=config.num_depth_bins, activation=config.depth_decoder_activation)
        self.bin_regressor = Tipsv2DptFeaturesToDepth(config)
        self.post_init()

    def get_input_embeddings(self):
        return self.backbone.get_input_embeddings()

class Tipsv2DptForNormalEstimation(Tipsv2DptPreTrainedModel):
    _keys_to_ignore_on_load_unexpected = {'depth_head', 'segmentation_head'}

    def __init__(self, config):
        super().__init__(config)
        self.backbone = load_backbone(config)
        self.neck = Tipsv2DptNeck(config)
        self.decoder = Tipsv2DptDecoder(config, out_channels=3)
        self.post_init()

    def get_input_embeddings(self):
        return self.backbone.get_input_embeddings()

class Tipsv2DptForSemanticSegmentation(Tipsv2DptPreTrainedModel):
    _keys_to_ignore_on_load_unexpected = {'depth_head', 'normals_head'}

    def __init__(self, config):
        super().__init__(config)
        self.backbone = load_backbone(config)
        self.neck = Tipsv2DptNeck(config)
        self.decoder = Tipsv2DptDecoder(config, out_channels=config.num_labels)
        self.post_init()

    def get_input_embeddings(self):
        return self.backbone.get_input_embeddings()
