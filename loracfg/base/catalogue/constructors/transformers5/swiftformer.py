"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): swiftformer. Made by `python -m loracfg.base.transcriber`."""
from .common_activations import ACT2CLS
from .common_configuration_utils import PreTrainedConfig
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GradientCheckpointingLayer
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
import collections

@strict
class SwiftFormerConfig(PreTrainedConfig):
    model_type = 'swiftformer'
    image_size: int | list[int] | tuple[int, int] = 224
    num_channels: int = 3
    depths: list[int] | tuple[int, ...] = (3, 3, 6, 4)
    embed_dims: list[int] | tuple[int, ...] = (48, 56, 112, 220)
    mlp_ratio: int = 4
    downsamples: list[bool] | tuple[bool, ...] = (True, True, True, True)
    hidden_act: str = 'gelu'
    down_patch_size: int | list[int] | tuple[int, int] = 3
    down_stride: int = 2
    down_pad: int = 1
    drop_path_rate: float | int = 0.0
    drop_mlp_rate: float | int = 0.0
    drop_conv_encoder_rate: float | int = 0.0
    use_layer_scale: bool = True
    layer_scale_init_value: float = 1e-05
    batch_norm_eps: float = 1e-05

class SwiftFormerPatchEmbedding(nn.Module):

    def __init__(self, config):
        super().__init__()
        in_chs = config.num_channels
        out_chs = config.embed_dims[0]
        self.patch_embedding = nn.Sequential(nn.Conv2d(in_chs, out_chs // 2, kernel_size=3, stride=2, padding=1), nn.BatchNorm2d(out_chs // 2, eps=config.batch_norm_eps), nn.ReLU(), nn.Conv2d(out_chs // 2, out_chs, kernel_size=3, stride=2, padding=1), nn.BatchNorm2d(out_chs, eps=config.batch_norm_eps), nn.ReLU())

class SwiftFormerEmbeddings(nn.Module):

    def __init__(self, config, index):
        super().__init__()
        patch_size = config.down_patch_size
        stride = config.down_stride
        padding = config.down_pad
        embed_dims = config.embed_dims
        in_chans = embed_dims[index]
        embed_dim = embed_dims[index + 1]
        patch_size = patch_size if isinstance(patch_size, collections.abc.Iterable) else (patch_size, patch_size)
        stride = stride if isinstance(stride, collections.abc.Iterable) else (stride, stride)
        padding = padding if isinstance(padding, collections.abc.Iterable) else (padding, padding)
        self.proj = nn.Conv2d(in_chans, embed_dim, kernel_size=patch_size, stride=stride, padding=padding)
        self.norm = nn.BatchNorm2d(embed_dim, eps=config.batch_norm_eps)

class SwiftFormerConvEncoder(nn.Module):

    def __init__(self, config, dim):
        super().__init__()
        hidden_dim = int(config.mlp_ratio * dim)
        self.depth_wise_conv = nn.Conv2d(dim, dim, kernel_size=3, padding=1, groups=dim)
        self.norm = nn.BatchNorm2d(dim, eps=config.batch_norm_eps)
        self.point_wise_conv1 = nn.Conv2d(dim, hidden_dim, kernel_size=1)
        self.act = nn.GELU()
        self.point_wise_conv2 = nn.Conv2d(hidden_dim, dim, kernel_size=1)
        self.drop_path = nn.Dropout(p=config.drop_conv_encoder_rate)
        self.layer_scale = nn.Parameter(torch.ones(dim).unsqueeze(-1).unsqueeze(-1), requires_grad=True)

class SwiftFormerMlp(nn.Module):

    def __init__(self, config, in_features):
        super().__init__()
        hidden_features = int(in_features * config.mlp_ratio)
        self.norm1 = nn.BatchNorm2d(in_features, eps=config.batch_norm_eps)
        self.fc1 = nn.Conv2d(in_features, hidden_features, 1)
        act_layer = ACT2CLS[config.hidden_act]
        self.act = act_layer()
        self.fc2 = nn.Conv2d(hidden_features, in_features, 1)
        self.drop = nn.Dropout(p=config.drop_mlp_rate)

class SwiftFormerEfficientAdditiveAttention(nn.Module):

    def __init__(self, config, dim=512):
        super().__init__()
        self.to_query = nn.Linear(dim, dim)
        self.to_key = nn.Linear(dim, dim)
        self.w_g = nn.Parameter(torch.randn(dim, 1))
        self.scale_factor = dim ** (-0.5)
        self.proj = nn.Linear(dim, dim)
        self.final = nn.Linear(dim, dim)

class SwiftFormerLocalRepresentation(nn.Module):

    def __init__(self, config, dim):
        super().__init__()
        self.depth_wise_conv = nn.Conv2d(dim, dim, kernel_size=3, padding=1, groups=dim)
        self.norm = nn.BatchNorm2d(dim, eps=config.batch_norm_eps)
        self.point_wise_conv1 = nn.Conv2d(dim, dim, kernel_size=1)
        self.act = nn.GELU()
        self.point_wise_conv2 = nn.Conv2d(dim, dim, kernel_size=1)
        self.drop_path = nn.Identity()
        self.layer_scale = nn.Parameter(torch.ones(dim).unsqueeze(-1).unsqueeze(-1), requires_grad=True)

class SwiftFormerDropPath(nn.Module):

    def __init__(self, drop_prob=0.0):
        super().__init__()
        self.drop_prob = drop_prob

class SwiftFormerEncoderBlock(nn.Module):

    def __init__(self, config, dim, drop_path=0.0):
        super().__init__()
        layer_scale_init_value = config.layer_scale_init_value
        use_layer_scale = config.use_layer_scale
        self.local_representation = SwiftFormerLocalRepresentation(config, dim=dim)
        self.attn = SwiftFormerEfficientAdditiveAttention(config, dim=dim)
        self.linear = SwiftFormerMlp(config, in_features=dim)
        self.drop_path = SwiftFormerDropPath(drop_path) if drop_path > 0.0 else nn.Identity()
        self.use_layer_scale = use_layer_scale
        if use_layer_scale:
            self.layer_scale_1 = nn.Parameter(layer_scale_init_value * torch.ones(dim).unsqueeze(-1).unsqueeze(-1), requires_grad=True)
            self.layer_scale_2 = nn.Parameter(layer_scale_init_value * torch.ones(dim).unsqueeze(-1).unsqueeze(-1), requires_grad=True)

class SwiftFormerStage(GradientCheckpointingLayer):

    def __init__(self, config, index):
        super().__init__()
        layer_depths = config.depths
        dim = config.embed_dims[index]
        depth = layer_depths[index]
        blocks = []
        for block_idx in range(depth):
            block_dpr = config.drop_path_rate * (block_idx + sum(layer_depths[:index])) / (sum(layer_depths) - 1)
            if depth - block_idx <= 1:
                blocks.append(SwiftFormerEncoderBlock(config, dim=dim, drop_path=block_dpr))
            else:
                blocks.append(SwiftFormerConvEncoder(config, dim=dim))
        self.blocks = nn.ModuleList(blocks)

class SwiftFormerEncoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        embed_dims = config.embed_dims
        downsamples = config.downsamples
        layer_depths = config.depths
        network = []
        for i in range(len(layer_depths)):
            stage = SwiftFormerStage(config=config, index=i)
            network.append(stage)
            if i >= len(layer_depths) - 1:
                break
            if downsamples[i] or embed_dims[i] != embed_dims[i + 1]:
                network.append(SwiftFormerEmbeddings(config, index=i))
        self.network = nn.ModuleList(network)
        self.gradient_checkpointing = False

class SwiftFormerPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'swiftformer'
    main_input_name = 'pixel_values'
    supports_gradient_checkpointing = True

class SwiftFormerModel(SwiftFormerPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.patch_embed = SwiftFormerPatchEmbedding(config)
        self.encoder = SwiftFormerEncoder(config)
        self.post_init()

class SwiftFormerForImageClassification(SwiftFormerPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        embed_dims = config.embed_dims
        self.num_labels = config.num_labels
        self.swiftformer = SwiftFormerModel(config)
        self.norm = nn.BatchNorm2d(embed_dims[-1], eps=config.batch_norm_eps)
        self.head = nn.Linear(embed_dims[-1], self.num_labels) if self.num_labels > 0 else nn.Identity()
        self.dist_head = nn.Linear(embed_dims[-1], self.num_labels) if self.num_labels > 0 else nn.Identity()
        self.post_init()
