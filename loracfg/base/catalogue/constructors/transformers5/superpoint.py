"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): superpoint. Made by `python -m loracfg.base.transcriber`."""
from .common_configuration_utils import PreTrainedConfig
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

@strict
class SuperPointConfig(PreTrainedConfig):
    model_type = 'superpoint'
    encoder_hidden_sizes: list[int] | tuple[int, ...] = (64, 64, 128, 128)
    decoder_hidden_size: int = 256
    keypoint_decoder_dim: int = 65
    descriptor_decoder_dim: int = 256
    keypoint_threshold: float = 0.005
    max_keypoints: int = -1
    nms_radius: int = 4
    border_removal_distance: int = 4
    initializer_range: float = 0.02

class SuperPointConvBlock(nn.Module):

    def __init__(self, config, in_channels, out_channels, add_pooling=False):
        super().__init__()
        self.conv_a = nn.Conv2d(in_channels, out_channels, kernel_size=3, stride=1, padding=1)
        self.conv_b = nn.Conv2d(out_channels, out_channels, kernel_size=3, stride=1, padding=1)
        self.relu = nn.ReLU(inplace=True)
        self.pool = nn.MaxPool2d(kernel_size=2, stride=2) if add_pooling else None

class SuperPointEncoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.input_dim = 1
        conv_blocks = []
        conv_blocks.append(SuperPointConvBlock(config, self.input_dim, config.encoder_hidden_sizes[0], add_pooling=True))
        for i in range(1, len(config.encoder_hidden_sizes) - 1):
            conv_blocks.append(SuperPointConvBlock(config, config.encoder_hidden_sizes[i - 1], config.encoder_hidden_sizes[i], add_pooling=True))
        conv_blocks.append(SuperPointConvBlock(config, config.encoder_hidden_sizes[-2], config.encoder_hidden_sizes[-1], add_pooling=False))
        self.conv_blocks = nn.ModuleList(conv_blocks)

class SuperPointInterestPointDecoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.keypoint_threshold = config.keypoint_threshold
        self.max_keypoints = config.max_keypoints
        self.nms_radius = config.nms_radius
        self.border_removal_distance = config.border_removal_distance
        self.relu = nn.ReLU(inplace=True)
        self.pool = nn.MaxPool2d(kernel_size=2, stride=2)
        self.conv_score_a = nn.Conv2d(config.encoder_hidden_sizes[-1], config.decoder_hidden_size, kernel_size=3, stride=1, padding=1)
        self.conv_score_b = nn.Conv2d(config.decoder_hidden_size, config.keypoint_decoder_dim, kernel_size=1, stride=1, padding=0)

class SuperPointDescriptorDecoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.relu = nn.ReLU(inplace=True)
        self.pool = nn.MaxPool2d(kernel_size=2, stride=2)
        self.conv_descriptor_a = nn.Conv2d(config.encoder_hidden_sizes[-1], config.decoder_hidden_size, kernel_size=3, stride=1, padding=1)
        self.conv_descriptor_b = nn.Conv2d(config.decoder_hidden_size, config.descriptor_decoder_dim, kernel_size=1, stride=1, padding=0)

class SuperPointPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'superpoint'
    main_input_name = 'pixel_values'
    supports_gradient_checkpointing = False

class SuperPointForKeypointDetection(SuperPointPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.encoder = SuperPointEncoder(config)
        self.keypoint_decoder = SuperPointInterestPointDecoder(config)
        self.descriptor_decoder = SuperPointDescriptorDecoder(config)
        self.post_init()
