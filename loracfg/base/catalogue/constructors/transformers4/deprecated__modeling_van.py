"""Constructors of transformers 4.57.6 (Apache-2.0, The Hugging Face team): deprecated__modeling_van. Made by `python -m loracfg.base.transcriber`."""
from .common_activations import ACT2FN
from .common_modeling_utils import PreTrainedModel
from collections import OrderedDict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

class VanDropPath(nn.Module):

    def __init__(self, drop_prob=None):
        super().__init__()
        self.drop_prob = drop_prob

class VanOverlappingPatchEmbedder(nn.Module):

    def __init__(self, in_channels, hidden_size, patch_size=7, stride=4):
        super().__init__()
        self.convolution = nn.Conv2d(in_channels, hidden_size, kernel_size=patch_size, stride=stride, padding=patch_size // 2)
        self.normalization = nn.BatchNorm2d(hidden_size)

class VanMlpLayer(nn.Module):

    def __init__(self, in_channels, hidden_size, out_channels, hidden_act='gelu', dropout_rate=0.5):
        super().__init__()
        self.in_dense = nn.Conv2d(in_channels, hidden_size, kernel_size=1)
        self.depth_wise = nn.Conv2d(hidden_size, hidden_size, kernel_size=3, padding=1, groups=hidden_size)
        self.activation = ACT2FN[hidden_act]
        self.dropout1 = nn.Dropout(dropout_rate)
        self.out_dense = nn.Conv2d(hidden_size, out_channels, kernel_size=1)
        self.dropout2 = nn.Dropout(dropout_rate)

class VanLargeKernelAttention(nn.Module):

    def __init__(self, hidden_size):
        super().__init__()
        self.depth_wise = nn.Conv2d(hidden_size, hidden_size, kernel_size=5, padding=2, groups=hidden_size)
        self.depth_wise_dilated = nn.Conv2d(hidden_size, hidden_size, kernel_size=7, dilation=3, padding=9, groups=hidden_size)
        self.point_wise = nn.Conv2d(hidden_size, hidden_size, kernel_size=1)

class VanLargeKernelAttentionLayer(nn.Module):

    def __init__(self, hidden_size):
        super().__init__()
        self.attention = VanLargeKernelAttention(hidden_size)

class VanSpatialAttentionLayer(nn.Module):

    def __init__(self, hidden_size, hidden_act='gelu'):
        super().__init__()
        self.pre_projection = nn.Sequential(OrderedDict([('conv', nn.Conv2d(hidden_size, hidden_size, kernel_size=1)), ('act', ACT2FN[hidden_act])]))
        self.attention_layer = VanLargeKernelAttentionLayer(hidden_size)
        self.post_projection = nn.Conv2d(hidden_size, hidden_size, kernel_size=1)

class VanLayerScaling(nn.Module):

    def __init__(self, hidden_size, initial_value=0.01):
        super().__init__()
        self.weight = nn.Parameter(initial_value * torch.ones(hidden_size), requires_grad=True)

class VanLayer(nn.Module):

    def __init__(self, config, hidden_size, mlp_ratio=4, drop_path_rate=0.5):
        super().__init__()
        self.drop_path = VanDropPath(drop_path_rate) if drop_path_rate > 0.0 else nn.Identity()
        self.pre_normomalization = nn.BatchNorm2d(hidden_size)
        self.attention = VanSpatialAttentionLayer(hidden_size, config.hidden_act)
        self.attention_scaling = VanLayerScaling(hidden_size, config.layer_scale_init_value)
        self.post_normalization = nn.BatchNorm2d(hidden_size)
        self.mlp = VanMlpLayer(hidden_size, hidden_size * mlp_ratio, hidden_size, config.hidden_act, config.dropout_rate)
        self.mlp_scaling = VanLayerScaling(hidden_size, config.layer_scale_init_value)

class VanStage(nn.Module):

    def __init__(self, config, in_channels, hidden_size, patch_size, stride, depth, mlp_ratio=4, drop_path_rate=0.0):
        super().__init__()
        self.embeddings = VanOverlappingPatchEmbedder(in_channels, hidden_size, patch_size, stride)
        self.layers = nn.Sequential(*[VanLayer(config, hidden_size, mlp_ratio=mlp_ratio, drop_path_rate=drop_path_rate) for _ in range(depth)])
        self.normalization = nn.LayerNorm(hidden_size, eps=config.layer_norm_eps)

class VanEncoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.stages = nn.ModuleList([])
        patch_sizes = config.patch_sizes
        strides = config.strides
        hidden_sizes = config.hidden_sizes
        depths = config.depths
        mlp_ratios = config.mlp_ratios
        drop_path_rates = [x.item() for x in torch.linspace(0, config.drop_path_rate, sum(config.depths), device='cpu')]
        for num_stage, (patch_size, stride, hidden_size, depth, mlp_expansion, drop_path_rate) in enumerate(zip(patch_sizes, strides, hidden_sizes, depths, mlp_ratios, drop_path_rates)):
            is_first_stage = num_stage == 0
            in_channels = hidden_sizes[num_stage - 1]
            if is_first_stage:
                in_channels = config.num_channels
            self.stages.append(VanStage(config, in_channels, hidden_size, patch_size=patch_size, stride=stride, depth=depth, mlp_ratio=mlp_expansion, drop_path_rate=drop_path_rate))

class VanPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'van'
    main_input_name = 'pixel_values'
    supports_gradient_checkpointing = True

class VanModel(VanPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.encoder = VanEncoder(config)
        self.layernorm = nn.LayerNorm(config.hidden_sizes[-1], eps=config.layer_norm_eps)
        self.post_init()

class VanForImageClassification(VanPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.van = VanModel(config)
        self.classifier = nn.Linear(config.hidden_sizes[-1], config.num_labels) if config.num_labels > 0 else nn.Identity()
        self.post_init()
