"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): mobilevitv2. Made by `python -m loracfg.base.transcriber`."""
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.models import GradientCheckpointingLayer
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

@strict
class MobileViTV2Config(PreTrainedConfig):
    model_type = 'mobilevitv2'
    num_channels: int = 3
    image_size: int | list[int] | tuple[int, int] = 256
    patch_size: int | list[int] | tuple[int, int] = 2
    expand_ratio: float = 2.0
    hidden_act: str = 'swish'
    conv_kernel_size: int = 3
    output_stride: int = 32
    classifier_dropout_prob: float | int = 0.1
    initializer_range: float = 0.02
    layer_norm_eps: float = 1e-05
    aspp_out_channels: int = 512
    atrous_rates: list[int] | tuple[int, ...] = (6, 12, 18)
    aspp_dropout_prob: float | int = 0.1
    semantic_loss_ignore_index: int = 255
    n_attn_blocks: list[int] | tuple[int, ...] = (2, 4, 3)
    base_attn_unit_dims: list[int] | tuple[int, ...] = (128, 192, 256)
    width_multiplier: float | int = 1.0
    ffn_multiplier: int = 2
    attn_dropout: float | int = 0.0
    ffn_dropout: float | int = 0.0

def make_divisible(value, divisor=8, min_value=None):
    if min_value is None:
        min_value = divisor
    new_value = max(min_value, int(value + divisor / 2) // divisor * divisor)
    if new_value < 0.9 * value:
        new_value += divisor
    return int(new_value)

def clip(value, min_val=float('-inf'), max_val=float('inf')):
    return max(min_val, min(max_val, value))

class MobileViTV2ConvLayer(nn.Module):

    def __init__(self, config, in_channels, out_channels, kernel_size, stride=1, groups=1, bias=False, dilation=1, use_normalization=True, use_activation=True):
        super().__init__()
        padding = int((kernel_size - 1) / 2) * dilation
        if in_channels % groups != 0:
            raise ValueError(f'Input channels ({in_channels}) are not divisible by {groups} groups.')
        if out_channels % groups != 0:
            raise ValueError(f'Output channels ({out_channels}) are not divisible by {groups} groups.')
        self.convolution = nn.Conv2d(in_channels=in_channels, out_channels=out_channels, kernel_size=kernel_size, stride=stride, padding=padding, dilation=dilation, groups=groups, bias=bias, padding_mode='zeros')
        if use_normalization:
            self.normalization = nn.BatchNorm2d(num_features=out_channels, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)
        else:
            self.normalization = None
        if use_activation:
            if isinstance(use_activation, str):
                self.activation = ACT2FN[use_activation]
            elif isinstance(config.hidden_act, str):
                self.activation = ACT2FN[config.hidden_act]
            else:
                self.activation = config.hidden_act
        else:
            self.activation = None

class MobileViTV2InvertedResidual(nn.Module):

    def __init__(self, config, in_channels, out_channels, stride, dilation=1):
        super().__init__()
        expanded_channels = make_divisible(int(round(in_channels * config.expand_ratio)), 8)
        if stride not in [1, 2]:
            raise ValueError(f'Invalid stride {stride}.')
        self.use_residual = stride == 1 and in_channels == out_channels
        self.expand_1x1 = MobileViTV2ConvLayer(config, in_channels=in_channels, out_channels=expanded_channels, kernel_size=1)
        self.conv_3x3 = MobileViTV2ConvLayer(config, in_channels=expanded_channels, out_channels=expanded_channels, kernel_size=3, stride=stride, groups=expanded_channels, dilation=dilation)
        self.reduce_1x1 = MobileViTV2ConvLayer(config, in_channels=expanded_channels, out_channels=out_channels, kernel_size=1, use_activation=False)

class MobileViTV2MobileNetLayer(nn.Module):

    def __init__(self, config, in_channels, out_channels, stride=1, num_stages=1):
        super().__init__()
        self.layer = nn.ModuleList()
        for i in range(num_stages):
            layer = MobileViTV2InvertedResidual(config, in_channels=in_channels, out_channels=out_channels, stride=stride if i == 0 else 1)
            self.layer.append(layer)
            in_channels = out_channels

class MobileViTV2LinearSelfAttention(nn.Module):

    def __init__(self, config, embed_dim):
        super().__init__()
        self.qkv_proj = MobileViTV2ConvLayer(config=config, in_channels=embed_dim, out_channels=1 + 2 * embed_dim, bias=True, kernel_size=1, use_normalization=False, use_activation=False)
        self.attn_dropout = nn.Dropout(p=config.attn_dropout)
        self.out_proj = MobileViTV2ConvLayer(config=config, in_channels=embed_dim, out_channels=embed_dim, bias=True, kernel_size=1, use_normalization=False, use_activation=False)
        self.embed_dim = embed_dim

class MobileViTV2FFN(nn.Module):

    def __init__(self, config, embed_dim, ffn_latent_dim, ffn_dropout=0.0):
        super().__init__()
        self.conv1 = MobileViTV2ConvLayer(config=config, in_channels=embed_dim, out_channels=ffn_latent_dim, kernel_size=1, stride=1, bias=True, use_normalization=False, use_activation=True)
        self.dropout1 = nn.Dropout(ffn_dropout)
        self.conv2 = MobileViTV2ConvLayer(config=config, in_channels=ffn_latent_dim, out_channels=embed_dim, kernel_size=1, stride=1, bias=True, use_normalization=False, use_activation=False)
        self.dropout2 = nn.Dropout(ffn_dropout)

class MobileViTV2TransformerLayer(nn.Module):

    def __init__(self, config, embed_dim, ffn_latent_dim, dropout=0.0):
        super().__init__()
        self.layernorm_before = nn.GroupNorm(num_groups=1, num_channels=embed_dim, eps=config.layer_norm_eps)
        self.attention = MobileViTV2LinearSelfAttention(config, embed_dim)
        self.dropout1 = nn.Dropout(p=dropout)
        self.layernorm_after = nn.GroupNorm(num_groups=1, num_channels=embed_dim, eps=config.layer_norm_eps)
        self.ffn = MobileViTV2FFN(config, embed_dim, ffn_latent_dim, config.ffn_dropout)

class MobileViTV2Transformer(nn.Module):

    def __init__(self, config, n_layers, d_model):
        super().__init__()
        ffn_multiplier = config.ffn_multiplier
        ffn_dims = [ffn_multiplier * d_model] * n_layers
        ffn_dims = [int(d // 16 * 16) for d in ffn_dims]
        self.layer = nn.ModuleList()
        for block_idx in range(n_layers):
            transformer_layer = MobileViTV2TransformerLayer(config, embed_dim=d_model, ffn_latent_dim=ffn_dims[block_idx])
            self.layer.append(transformer_layer)

class MobileViTV2Layer(GradientCheckpointingLayer):

    def __init__(self, config, in_channels, out_channels, attn_unit_dim, n_attn_blocks=2, dilation=1, stride=2):
        super().__init__()
        self.patch_width = config.patch_size
        self.patch_height = config.patch_size
        cnn_out_dim = attn_unit_dim
        if stride == 2:
            self.downsampling_layer = MobileViTV2InvertedResidual(config, in_channels=in_channels, out_channels=out_channels, stride=stride if dilation == 1 else 1, dilation=dilation // 2 if dilation > 1 else 1)
            in_channels = out_channels
        else:
            self.downsampling_layer = None
        self.conv_kxk = MobileViTV2ConvLayer(config, in_channels=in_channels, out_channels=in_channels, kernel_size=config.conv_kernel_size, groups=in_channels)
        self.conv_1x1 = MobileViTV2ConvLayer(config, in_channels=in_channels, out_channels=cnn_out_dim, kernel_size=1, use_normalization=False, use_activation=False)
        self.transformer = MobileViTV2Transformer(config, d_model=attn_unit_dim, n_layers=n_attn_blocks)
        self.layernorm = nn.GroupNorm(num_groups=1, num_channels=attn_unit_dim, eps=config.layer_norm_eps)
        self.conv_projection = MobileViTV2ConvLayer(config, in_channels=cnn_out_dim, out_channels=in_channels, kernel_size=1, use_normalization=True, use_activation=False)

class MobileViTV2Encoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.layer = nn.ModuleList()
        self.gradient_checkpointing = False
        dilate_layer_4 = dilate_layer_5 = False
        if config.output_stride == 8:
            dilate_layer_4 = True
            dilate_layer_5 = True
        elif config.output_stride == 16:
            dilate_layer_5 = True
        dilation = 1
        layer_0_dim = make_divisible(clip(value=32 * config.width_multiplier, min_val=16, max_val=64), divisor=8, min_value=16)
        layer_1_dim = make_divisible(64 * config.width_multiplier, divisor=16)
        layer_2_dim = make_divisible(128 * config.width_multiplier, divisor=8)
        layer_3_dim = make_divisible(256 * config.width_multiplier, divisor=8)
        layer_4_dim = make_divisible(384 * config.width_multiplier, divisor=8)
        layer_5_dim = make_divisible(512 * config.width_multiplier, divisor=8)
        layer_1 = MobileViTV2MobileNetLayer(config, in_channels=layer_0_dim, out_channels=layer_1_dim, stride=1, num_stages=1)
        self.layer.append(layer_1)
        layer_2 = MobileViTV2MobileNetLayer(config, in_channels=layer_1_dim, out_channels=layer_2_dim, stride=2, num_stages=2)
        self.layer.append(layer_2)
        layer_3 = MobileViTV2Layer(config, in_channels=layer_2_dim, out_channels=layer_3_dim, attn_unit_dim=make_divisible(config.base_attn_unit_dims[0] * config.width_multiplier, divisor=8), n_attn_blocks=config.n_attn_blocks[0])
        self.layer.append(layer_3)
        if dilate_layer_4:
            dilation *= 2
        layer_4 = MobileViTV2Layer(config, in_channels=layer_3_dim, out_channels=layer_4_dim, attn_unit_dim=make_divisible(config.base_attn_unit_dims[1] * config.width_multiplier, divisor=8), n_attn_blocks=config.n_attn_blocks[1], dilation=dilation)
        self.layer.append(layer_4)
        if dilate_layer_5:
            dilation *= 2
        layer_5 = MobileViTV2Layer(config, in_channels=layer_4_dim, out_channels=layer_5_dim, attn_unit_dim=make_divisible(config.base_attn_unit_dims[2] * config.width_multiplier, divisor=8), n_attn_blocks=config.n_attn_blocks[2], dilation=dilation)
        self.layer.append(layer_5)

class MobileViTV2PreTrainedModel(PreTrainedModel):
    base_model_prefix = 'mobilevitv2'
    main_input_name = 'pixel_values'
    supports_gradient_checkpointing = True

class MobileViTV2Model(MobileViTV2PreTrainedModel):

    def __init__(self, config, expand_output=True):
        super().__init__(config)
        self.config = config
        self.expand_output = expand_output
        layer_0_dim = make_divisible(clip(value=32 * config.width_multiplier, min_val=16, max_val=64), divisor=8, min_value=16)
        self.conv_stem = MobileViTV2ConvLayer(config, in_channels=config.num_channels, out_channels=layer_0_dim, kernel_size=3, stride=2, use_normalization=True, use_activation=True)
        self.encoder = MobileViTV2Encoder(config)
        self.post_init()

class MobileViTV2ForImageClassification(MobileViTV2PreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.num_labels = config.num_labels
        self.mobilevitv2 = MobileViTV2Model(config)
        out_channels = make_divisible(512 * config.width_multiplier, divisor=8)
        self.classifier = nn.Linear(in_features=out_channels, out_features=config.num_labels) if config.num_labels > 0 else nn.Identity()
        self.post_init()

class MobileViTV2ASPPPooling(nn.Module):

    def __init__(self, config, in_channels, out_channels):
        super().__init__()
        self.global_pool = nn.AdaptiveAvgPool2d(output_size=1)
        self.conv_1x1 = MobileViTV2ConvLayer(config, in_channels=in_channels, out_channels=out_channels, kernel_size=1, stride=1, use_normalization=True, use_activation='relu')

class MobileViTV2ASPP(nn.Module):

    def __init__(self, config):
        super().__init__()
        encoder_out_channels = make_divisible(512 * config.width_multiplier, divisor=8)
        in_channels = encoder_out_channels
        out_channels = config.aspp_out_channels
        if len(config.atrous_rates) != 3:
            raise ValueError('Expected 3 values for atrous_rates')
        self.convs = nn.ModuleList()
        in_projection = MobileViTV2ConvLayer(config, in_channels=in_channels, out_channels=out_channels, kernel_size=1, use_activation='relu')
        self.convs.append(in_projection)
        self.convs.extend([MobileViTV2ConvLayer(config, in_channels=in_channels, out_channels=out_channels, kernel_size=3, dilation=rate, use_activation='relu') for rate in config.atrous_rates])
        pool_layer = MobileViTV2ASPPPooling(config, in_channels, out_channels)
        self.convs.append(pool_layer)
        self.project = MobileViTV2ConvLayer(config, in_channels=5 * out_channels, out_channels=out_channels, kernel_size=1, use_activation='relu')
        self.dropout = nn.Dropout(p=config.aspp_dropout_prob)

class MobileViTV2DeepLabV3(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.aspp = MobileViTV2ASPP(config)
        self.dropout = nn.Dropout2d(config.classifier_dropout_prob)
        self.classifier = MobileViTV2ConvLayer(config, in_channels=config.aspp_out_channels, out_channels=config.num_labels, kernel_size=1, use_normalization=False, use_activation=False, bias=True)

class MobileViTV2ForSemanticSegmentation(MobileViTV2PreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.num_labels = config.num_labels
        self.mobilevitv2 = MobileViTV2Model(config, expand_output=False)
        self.segmentation_head = MobileViTV2DeepLabV3(config)
        self.post_init()
