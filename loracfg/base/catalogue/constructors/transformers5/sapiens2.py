"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): sapiens2. Made by `python -m loracfg.base.transcriber`."""
from .common_activations import ACT2FN
from .common_backbone_utils import BackboneConfigMixin, BackboneMixin
from .common_configuration_utils import PreTrainedConfig
from .common_modeling_utils import PreTrainedModel
from collections.abc import Iterable
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GradientCheckpointingLayer
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

@strict
class Sapiens2HeadConfig(PreTrainedConfig):
    model_type = 'sapiens2_head'
    upsample_out_channels: list[int] | None = None
    upsample_kernel_sizes: list[int] | None = None
    upsample_kernel_size: int = 4
    use_pixel_shuffle: bool | None = None
    conv_out_channels: list[int] | None = None
    conv_kernel_sizes: list[int] | None = None
    conv_kernel_size: int = 1
    scale_conv_out_channels: list[int] | None = None
    scale_conv_kernel_sizes: list[int] | None = None
    scale_conv_kernel_size: int = 1
    scale_final_input_size: int | None = None
    scale_final_hidden_sizes: list[int] | None = None

    def __post_init__(self, **kwargs):
        if self.upsample_out_channels is not None and self.upsample_kernel_sizes is None:
            self.upsample_kernel_sizes = [self.upsample_kernel_size] * len(self.upsample_out_channels)
        if self.conv_out_channels is not None and self.conv_kernel_sizes is None:
            self.conv_kernel_sizes = [self.conv_kernel_size] * len(self.conv_out_channels)
        if self.scale_conv_out_channels is not None and self.scale_conv_kernel_sizes is None:
            self.scale_conv_kernel_sizes = [self.scale_conv_kernel_size] * len(self.scale_conv_out_channels)
        super().__post_init__(**kwargs)

    def _init_scale_final_input_size(self, image_size, patch_size):
        if self.scale_final_input_size is not None or self.scale_conv_out_channels is None or self.scale_conv_kernel_sizes is None:
            return
        image_height, image_width = image_size if isinstance(image_size, (list, tuple)) else (image_size, image_size)
        patch_height = patch_size if isinstance(patch_size, int) else patch_size[0]
        patch_width = patch_size if isinstance(patch_size, int) else patch_size[1]
        features_height = image_height // patch_height
        features_width = image_width // patch_width
        for kernel_size in self.scale_conv_kernel_sizes:
            padding = (kernel_size - 1) // 2
            features_height = (features_height + 2 * padding - kernel_size) // 2 + 1
            features_width = (features_width + 2 * padding - kernel_size) // 2 + 1
        self.scale_final_input_size = features_height * features_width * self.scale_conv_out_channels[-1]

@strict
class Sapiens2Config(BackboneConfigMixin, PreTrainedConfig):
    model_type = 'sapiens2'
    patch_size: int | list[int] | tuple[int, int] = 16
    hidden_size: int = 1024
    intermediate_size: int = 4096
    num_hidden_layers: int = 24
    num_attention_heads: int = 16
    hidden_act: str = 'silu'
    attention_dropout: float | int = 0.0
    initializer_range: float = 0.02
    rope_theta: float = 100.0
    image_size: int | list[int] | tuple[int, int] = 224
    num_channels: int = 3
    query_bias: bool = True
    key_bias: bool = True
    value_bias: bool = True
    proj_bias: bool = True
    mlp_bias: bool = True
    layerscale_value: float = 1.0
    drop_path_rate: float | int = 0.0
    use_gated_mlp: bool = True
    num_register_tokens: int = 8
    pos_embed_shift: float | None = None
    pos_embed_jitter: float | None = None
    pos_embed_rescale: float | None = 2.0
    _out_features: list[str] | None = None
    _out_indices: list[int] | None = None
    reshape_hidden_states: bool = True
    sub_configs_defaults = {'head_config': Sapiens2HeadConfig}
    use_mask_token: bool = False
    rms_norm_eps: float = 1e-06
    normalize_backbone_outputs: bool = True
    use_qk_norm: bool = True
    num_key_value_heads_per_layer: list[int] | None = None
    num_key_value_attention_heads: int = 8
    num_first_full_attention_layers: int = 8
    num_last_full_attention_layers: int = 8
    semantic_loss_ignore_index: int = 255
    flip_pairs: list[list[int]] | None = None
    head_config: Sapiens2HeadConfig | dict | None = None

    def __post_init__(self, **kwargs):
        self.stage_names = ['stem'] + [f'stage{i}' for i in range(1, self.num_hidden_layers + 1)]
        self.set_output_features_output_indices(out_indices=kwargs.pop('out_indices', None), out_features=kwargs.pop('out_features', None))
        super().__post_init__(**kwargs)
        if self.num_key_value_heads_per_layer is None:
            self.num_key_value_heads_per_layer = [self.num_attention_heads if layer_index < self.num_first_full_attention_layers or layer_index >= self.num_hidden_layers - self.num_last_full_attention_layers else self.num_key_value_attention_heads for layer_index in range(self.num_hidden_layers)]
        if self.head_config is not None:
            self.head_config._init_scale_final_input_size(image_size=self.image_size, patch_size=self.patch_size)

class Sapiens2Embeddings(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.cls_token = nn.Parameter(torch.randn(1, 1, config.hidden_size))
        self.mask_token = nn.Parameter(torch.zeros(1, 1, config.hidden_size)) if config.use_mask_token else None
        self.register_tokens = nn.Parameter(torch.empty(1, config.num_register_tokens, config.hidden_size))
        self.patch_embeddings = nn.Conv2d(config.num_channels, config.hidden_size, kernel_size=config.patch_size, stride=config.patch_size)

class Sapiens2RopePositionEmbedding(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.base = config.rope_theta
        self.head_dim = config.hidden_size // config.num_attention_heads
        image_height, image_width = config.image_size if isinstance(config.image_size, Iterable) else (config.image_size, config.image_size)
        patch_height, patch_width = config.patch_size if isinstance(config.patch_size, Iterable) else (config.patch_size, config.patch_size)
        self.num_patches_h = image_height // patch_height
        self.num_patches_w = image_width // patch_width
        inv_freq = 1 / self.base ** torch.arange(0, 1, 4 / self.head_dim, dtype=torch.float32)
        self.inv_freq = nn.Buffer(inv_freq, persistent=False)

class Sapiens2RMSNorm(nn.Module):

    def __init__(self, hidden_size, eps=1e-06):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(hidden_size))
        self.variance_epsilon = eps

class Sapiens2Attention(nn.Module):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.config = config
        self.embed_dim = config.hidden_size
        self.num_heads = config.num_attention_heads
        self.head_dim = self.embed_dim // self.num_heads
        self.is_causal = False
        self.scaling = self.head_dim ** (-0.5)
        self.is_causal = False
        self.dropout = config.attention_dropout
        self.q_proj = nn.Linear(self.embed_dim, self.embed_dim, bias=config.query_bias)
        self.o_proj = nn.Linear(self.embed_dim, self.embed_dim, bias=config.proj_bias)
        self.num_key_value_heads = config.num_key_value_heads_per_layer[layer_idx]
        self.num_key_value_groups = self.num_heads // self.num_key_value_heads
        self.k_proj = nn.Linear(self.embed_dim, self.num_key_value_heads * self.head_dim, bias=config.key_bias)
        self.v_proj = nn.Linear(self.embed_dim, self.num_key_value_heads * self.head_dim, bias=config.value_bias)
        self.q_norm = Sapiens2RMSNorm(self.head_dim, eps=config.rms_norm_eps) if config.use_qk_norm else nn.Identity()
        self.k_norm = Sapiens2RMSNorm(self.head_dim, eps=config.rms_norm_eps) if config.use_qk_norm else nn.Identity()

class Sapiens2LayerScale(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.lambda1 = nn.Parameter(config.layerscale_value * torch.ones(config.hidden_size))

class Sapiens2MLP(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.hidden_size = config.hidden_size
        self.intermediate_size = config.intermediate_size
        self.up_proj = nn.Linear(self.hidden_size, self.intermediate_size, bias=config.mlp_bias)
        self.down_proj = nn.Linear(self.intermediate_size, self.hidden_size, bias=config.mlp_bias)
        self.act_fn = ACT2FN[config.hidden_act]

class Sapiens2GatedMLP(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.hidden_size = config.hidden_size
        self.intermediate_size = config.intermediate_size
        self.gate_proj = nn.Linear(self.hidden_size, self.intermediate_size, bias=config.mlp_bias)
        self.up_proj = nn.Linear(self.hidden_size, self.intermediate_size, bias=config.mlp_bias)
        self.down_proj = nn.Linear(self.intermediate_size, self.hidden_size, bias=config.mlp_bias)
        self.act_fn = ACT2FN[config.hidden_act]

class Sapiens2DropPath(nn.Module):

    def __init__(self, drop_prob=0.0):
        super().__init__()
        self.drop_prob = drop_prob

class Sapiens2Layer(GradientCheckpointingLayer):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.norm1 = Sapiens2RMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.attention = Sapiens2Attention(config, layer_idx=layer_idx)
        self.layer_scale1 = Sapiens2LayerScale(config)
        self.drop_path = Sapiens2DropPath(config.drop_path_rate) if config.drop_path_rate > 0.0 else nn.Identity()
        self.norm2 = Sapiens2RMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        if config.use_gated_mlp:
            self.mlp = Sapiens2GatedMLP(config)
        else:
            self.mlp = Sapiens2MLP(config)
        self.layer_scale2 = nn.Identity()

class Sapiens2ConvLayer(nn.Module):

    def __init__(self, in_channels, out_channels, kernel_size=1, stride=1, padding=0, groups=1, activation='silu', bias=True, convolution_transpose=False, pixel_shuffle=False, scale_factor=2):
        super().__init__()
        if convolution_transpose:
            self.convolution = nn.ConvTranspose2d(in_channels=in_channels, out_channels=out_channels, kernel_size=kernel_size, stride=stride)
        else:
            self.convolution = nn.Conv2d(in_channels=in_channels, out_channels=out_channels, kernel_size=kernel_size, stride=stride, padding=padding, groups=groups, bias=bias)
        self.norm = nn.InstanceNorm2d(out_channels)
        self.act_fn = ACT2FN[activation]
        if convolution_transpose:
            self.convolution = nn.ConvTranspose2d(in_channels, out_channels * scale_factor ** 2 if pixel_shuffle else out_channels, kernel_size=kernel_size, stride=stride, padding=padding, bias=bias, groups=groups)
        else:
            self.convolution = nn.Conv2d(in_channels, out_channels * scale_factor ** 2 if pixel_shuffle else out_channels, kernel_size=kernel_size, stride=stride, padding=padding, bias=bias, groups=groups)
        self.pixel_shuffle = nn.PixelShuffle(scale_factor) if pixel_shuffle else nn.Identity()

class Sapiens2Head(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.input_conv = Sapiens2ConvLayer(config.hidden_size, config.hidden_size, kernel_size=3, padding=1) if config.head_config.use_pixel_shuffle else nn.Identity()
        upsample_in_channels = [config.hidden_size] + config.head_config.upsample_out_channels[:-1]
        self.upsample_layers = nn.ModuleList((Sapiens2ConvLayer(in_ch, out_ch, kernel_size=kernel_size, stride=1 if config.head_config.use_pixel_shuffle else 2, padding=(kernel_size - 1) // 2 if config.head_config.use_pixel_shuffle else 1, bias=bool(config.head_config.use_pixel_shuffle), pixel_shuffle=bool(config.head_config.use_pixel_shuffle), convolution_transpose=not config.head_config.use_pixel_shuffle) for in_ch, out_ch, kernel_size in zip(upsample_in_channels, config.head_config.upsample_out_channels, config.head_config.upsample_kernel_sizes)))
        conv_in_channels = [config.head_config.upsample_out_channels[-1]] + config.head_config.conv_out_channels[:-1]
        self.conv_layers = nn.ModuleList((Sapiens2ConvLayer(in_ch, out_ch, kernel_size=kernel_size, padding=(kernel_size - 1) // 2 if config.head_config.use_pixel_shuffle else 0) for in_ch, out_ch, kernel_size in zip(conv_in_channels, config.head_config.conv_out_channels, config.head_config.conv_kernel_sizes)))
        predictor_in = config.head_config.conv_out_channels[-1] if config.head_config.conv_out_channels else config.head_config.upsample_out_channels[-1] if config.head_config.upsample_out_channels else config.hidden_size
        self.predictor = nn.Conv2d(predictor_in, config.num_labels, kernel_size=1)

class Sapiens2PointmapFinalLayerBlock(nn.Module):

    def __init__(self, in_dim, out_dim, activation):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(in_dim, out_dim), activation])

class Sapiens2PointmapFinalLayer(nn.Module):

    def __init__(self, in_dim, hidden_sizes, out_dim=1, activation='silu'):
        super().__init__()
        self.flatten = nn.Flatten()
        self.block1 = Sapiens2PointmapFinalLayerBlock(in_dim=in_dim, out_dim=hidden_sizes[0], activation=ACT2FN[activation])
        self.block2 = Sapiens2PointmapFinalLayerBlock(in_dim=hidden_sizes[0], out_dim=hidden_sizes[1], activation=ACT2FN[activation])
        self.proj = nn.Linear(hidden_sizes[1], out_dim)

class Sapiens2PointmapScaleHead(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.conv_layers = nn.ModuleList()
        scale_in_channels = [config.hidden_size] + config.head_config.scale_conv_out_channels[:-1]
        for in_ch, out_ch, kernel_size in zip(scale_in_channels, config.head_config.scale_conv_out_channels, config.head_config.scale_conv_kernel_sizes):
            self.conv_layers.append(Sapiens2ConvLayer(in_ch, out_ch, kernel_size=kernel_size, stride=2, padding=(kernel_size - 1) // 2))
        self.predictor = Sapiens2PointmapFinalLayer(config.head_config.scale_final_input_size, config.head_config.scale_final_hidden_sizes, activation=config.hidden_act)

class Sapiens2PreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    main_input_name = 'pixel_values'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = True
    _input_embed_layer = 'patch_embeddings'
    _keys_to_ignore_on_load_unexpected = ['periods']

class Sapiens2Encoder(Sapiens2PreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.layer = nn.ModuleList([Sapiens2Layer(config, layer_idx=layer_idx) for layer_idx in range(config.num_hidden_layers)])
        self.post_init()

class Sapiens2Model(Sapiens2PreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.embeddings = Sapiens2Embeddings(config)
        self.rope_embeddings = Sapiens2RopePositionEmbedding(config)
        self.model = Sapiens2Encoder(config)
        self.norm = Sapiens2RMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.post_init()

    def get_input_embeddings(self):
        return self.embeddings.patch_embeddings

class Sapiens2Backbone(BackboneMixin, Sapiens2PreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.embeddings = Sapiens2Embeddings(config)
        self.rope_embeddings = Sapiens2RopePositionEmbedding(config)
        self.model = Sapiens2Encoder(config)
        self.norm = Sapiens2RMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.num_features = [config.hidden_size for _ in range(config.num_hidden_layers + 1)]
        self.post_init()

    def get_input_embeddings(self):
        return self.embeddings.patch_embeddings

class Sapiens2ForSemanticSegmentation(Sapiens2PreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.num_labels = config.num_labels
        self.model = Sapiens2Model(config)
        self.decode_head = Sapiens2Head(config)
        self.post_init()

class Sapiens2ForPoseEstimation(Sapiens2PreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.num_labels = config.num_labels
        self.model = Sapiens2Model(config)
        self.decode_head = Sapiens2Head(config)
        self.post_init()

class Sapiens2ForNormalEstimation(Sapiens2PreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.num_labels = config.num_labels
        self.model = Sapiens2Model(config)
        self.decode_head = Sapiens2Head(config)
        self.post_init()

class Sapiens2ForPointmapEstimation(Sapiens2PreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.model = Sapiens2Model(config)
        self.decode_head = Sapiens2Head(config)
        self.scale_head = Sapiens2PointmapScaleHead(config) if config.head_config is not None and config.head_config.scale_conv_out_channels is not None else nn.Identity()
        self.post_init()

class Sapiens2ForImageMatting(Sapiens2PreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.model = Sapiens2Model(config)
        self.decode_head = Sapiens2Head(config)
        self.post_init()
