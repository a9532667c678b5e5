"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): vitmatte. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig
from .common_backbone_utils import load_backbone
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

@strict
class VitMatteConfig(PreTrainedConfig):
    model_type = 'vitmatte'
    sub_configs_defaults = {'backbone_config': SubConfigSpec(config_class=AutoConfig, model_type='vitdet', init_kwargs={'out_features': ['stage4']})}
    backbone_config: dict | PreTrainedConfig | None = None
    hidden_size: int = 384
    batch_norm_eps: float = 1e-05
    initializer_range: float = 0.02
    convstream_hidden_sizes: list[int] | tuple[int, ...] = (48, 96, 192)
    fusion_hidden_sizes: list[int] | tuple[int, ...] = (256, 128, 64, 32)

class VitMattePreTrainedModel(PreTrainedModel):
    main_input_name = 'pixel_values'
    supports_gradient_checkpointing = True

class VitMatteBasicConv3x3(nn.Module):

    def __init__(self, config, in_channels, out_channels, stride=2, padding=1):
        super().__init__()
        self.conv = nn.Conv2d(in_channels=in_channels, out_channels=out_channels, kernel_size=3, stride=stride, padding=padding, bias=False)
        self.batch_norm = nn.BatchNorm2d(out_channels, eps=config.batch_norm_eps)
        self.relu = nn.ReLU()

class VitMatteConvStream(nn.Module):

    def __init__(self, config):
        super().__init__()
        in_channels = 4
        if config.backbone_config is not None:
            in_channels = config.backbone_config.num_channels
        out_channels = list(config.convstream_hidden_sizes)
        self.convs = nn.ModuleList()
        self.conv_chans = [in_channels] + out_channels
        for i in range(len(self.conv_chans) - 1):
            in_chan_ = self.conv_chans[i]
            out_chan_ = self.conv_chans[i + 1]
            self.convs.append(VitMatteBasicConv3x3(config, in_chan_, out_chan_))

class VitMatteFusionBlock(nn.Module):

    def __init__(self, config, in_channels, out_channels):
        super().__init__()
        self.conv = VitMatteBasicConv3x3(config, in_channels, out_channels, stride=1, padding=1)

class VitMatteHead(nn.Module):

    def __init__(self, config):
        super().__init__()
        in_channels = config.fusion_hidden_sizes[-1]
        mid_channels = 16
        self.matting_convs = nn.Sequential(nn.Conv2d(in_channels, mid_channels, kernel_size=3, stride=1, padding=1), nn.BatchNorm2d(mid_channels), nn.ReLU(True), nn.Conv2d(mid_channels, 1, kernel_size=1, stride=1, padding=0))

class VitMatteDetailCaptureModule(nn.Module):

    def __init__(self, config):
        super().__init__()
        if len(config.fusion_hidden_sizes) != len(config.convstream_hidden_sizes) + 1:
            raise ValueError('The length of fusion_hidden_sizes should be equal to the length of convstream_hidden_sizes + 1.')
        self.config = config
        self.convstream = VitMatteConvStream(config)
        self.conv_chans = self.convstream.conv_chans
        self.fusion_blocks = nn.ModuleList()
        self.fusion_channels = [config.hidden_size] + config.fusion_hidden_sizes
        for i in range(len(self.fusion_channels) - 1):
            self.fusion_blocks.append(VitMatteFusionBlock(config=config, in_channels=self.fusion_channels[i] + self.conv_chans[-(i + 1)], out_channels=self.fusion_channels[i + 1]))
        self.matting_head = VitMatteHead(config)

class VitMatteForImageMatting(VitMattePreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.backbone = load_backbone(config)
        self.decoder = VitMatteDetailCaptureModule(config)
        self.post_init()
