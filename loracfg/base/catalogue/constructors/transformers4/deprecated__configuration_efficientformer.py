"""Constructors of transformers 4.57.6 (Apache-2.0, The Hugging Face team): deprecated__configuration_efficientformer. Made by `python -m loracfg.base.transcriber`."""
from .common_configuration_utils import PretrainedConfig

class EfficientFormerConfig(PretrainedConfig):
    model_type = 'efficientformer'

    def __init__(self, depths=[3, 2, 6, 4], hidden_sizes=[48, 96, 224, 448], downsamples=[True, True, True, True], dim=448, key_dim=32, attention_ratio=4, resolution=7, num_hidden_layers=5, num_attention_heads=8, mlp_expansion_ratio=4, hidden_dropout_prob=0.0, patch_size=16, num_channels=3, pool_size=3, downsample_patch_size=3, downsample_stride=2, downsample_pad=1, drop_path_rate=0.0, num_meta3d_blocks=1, distillation=True, use_layer_scale=True, layer_scale_init_value=1e-05, hidden_act='gelu', initializer_range=0.02, layer_norm_eps=1e-12, image_size=224, batch_norm_eps=1e-05, **kwargs):
        super().__init__(**kwargs)
        self.hidden_act = hidden_act
        self.hidden_dropout_prob = hidden_dropout_prob
        self.hidden_sizes = hidden_sizes
        self.num_hidden_layers = num_hidden_layers
        self.num_attention_heads = num_attention_heads
        self.initializer_range = initializer_range
        self.layer_norm_eps = layer_norm_eps
        self.patch_size = patch_size
        self.num_channels = num_channels
        self.depths = depths
        self.mlp_expansion_ratio = mlp_expansion_ratio
        self.downsamples = downsamples
        self.dim = dim
        self.key_dim = key_dim
        self.attention_ratio = attention_ratio
        self.resolution = resolution
        self.pool_size = pool_size
        self.downsample_patch_size = downsample_patch_size
        self.downsample_stride = downsample_stride
        self.downsample_pad = downsample_pad
        self.drop_path_rate = drop_path_rate
        self.num_meta3d_blocks = num_meta3d_blocks
        self.distillation = distillation
        self.use_layer_scale = use_layer_scale
        self.layer_scale_init_value = layer_scale_init_value
        self.image_size = image_size
        self.batch_norm_eps = batch_norm_eps
