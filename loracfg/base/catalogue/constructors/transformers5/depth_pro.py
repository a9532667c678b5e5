"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): depth_pro. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from .common_utils_generic import torch_int
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
import math

@strict
class DepthProConfig(PreTrainedConfig):
    model_type = 'depth_pro'
    sub_configs_defaults = {'image_model_config': SubConfigSpec(config_class=AutoConfig, model_type='dinov2', init_kwargs={'image_size': 384}), 'patch_model_config': SubConfigSpec(config_class=AutoConfig, model_type='dinov2', init_kwargs={'image_size': 384}), 'fov_model_config': SubConfigSpec(config_class=AutoConfig, model_type='dinov2', init_kwargs={'image_size': 384})}
    fusion_hidden_size: int = 256
    patch_size: int | list[int] | tuple[int, int] = 384
    initializer_range: float = 0.02
    intermediate_hook_ids: list[int] | tuple[int, ...] = (11, 5)
    intermediate_feature_dims: list[int] | tuple[int, ...] = (256, 256)
    scaled_images_ratios: list[int | float] | tuple[int | float, ...] = (0.25, 0.5, 1)
    scaled_images_overlap_ratios: list[float] | tuple[float, ...] = (0.0, 0.5, 0.25)
    scaled_images_feature_dims: list[int] | tuple[int, ...] = (1024, 1024, 512)
    merge_padding_value: int = 3
    use_batch_norm_in_fusion_residual: bool = False
    use_bias_in_fusion_residual: bool = True
    use_fov_model: bool = False
    num_fov_head_layers: int = 2
    image_model_config: dict | PreTrainedConfig | None = None
    patch_model_config: dict | PreTrainedConfig | None = None
    fov_model_config: dict | PreTrainedConfig | None = None

    def __post_init__(self, **kwargs):
        for sub_config_key in self.sub_configs:
            sub_config = getattr(self, sub_config_key)
            if isinstance(sub_config, dict):
                if (image_size := sub_config.get('image_size')) != self.patch_size:
                    sub_config.update({'image_size': self.patch_size})
        super().__post_init__(**kwargs)

    def validate_architecture(self):
        for sub_config_key in self.sub_configs_defaults:
            sub_config = getattr(self, sub_config_key)
            image_size = getattr(sub_config, 'image_size', None)
            if image_size != self.patch_size:
                raise ValueError(f'`config.{sub_config_key}.image_size={image_size}` should match `config.patch_size={self.patch_size}`.')
        if list(self.scaled_images_ratios) != sorted(self.scaled_images_ratios):
            raise ValueError(f'Values in scaled_images_ratios={self.scaled_images_ratios} should be sorted from low to high')
        if not len(self.scaled_images_ratios) == len(self.scaled_images_overlap_ratios) == len(self.scaled_images_feature_dims):
            raise ValueError(f'len(scaled_images_ratios)={len(self.scaled_images_ratios)} and len(scaled_images_overlap_ratios)={len(self.scaled_images_overlap_ratios)} and len(scaled_images_feature_dims)={len(self.scaled_images_feature_dims)}, should match in config.')
        if not len(self.intermediate_hook_ids) == len(self.intermediate_feature_dims):
            raise ValueError(f'len(intermediate_hook_ids)={len(self.intermediate_hook_ids)} and len(intermediate_feature_dims)={len(self.intermediate_feature_dims)}, should match in config.')
        if self.fusion_hidden_size // 2 ** self.num_fov_head_layers == 0:
            raise ValueError(f'fusion_hidden_size={self.fusion_hidden_size} should be consistent with num_fov_head_layers={self.num_fov_head_layers} i.e fusion_hidden_size // 2**num_fov_head_layers > 0')

class DepthProPatchEncoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.intermediate_hook_ids = config.intermediate_hook_ids
        self.intermediate_feature_dims = config.intermediate_feature_dims
        self.scaled_images_ratios = config.scaled_images_ratios
        self.scaled_images_overlap_ratios = config.scaled_images_overlap_ratios
        self.scaled_images_feature_dims = config.scaled_images_feature_dims
        self.merge_padding_value = config.merge_padding_value
        self.n_scaled_images = len(config.scaled_images_ratios)
        self.n_intermediate_hooks = len(config.intermediate_hook_ids)
        self.out_size = config.image_model_config.image_size // config.image_model_config.patch_size
        self.model = AutoModel.from_config(config.patch_model_config)

class DepthProImageEncoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.out_size = config.image_model_config.image_size // config.image_model_config.patch_size
        self.model = AutoModel.from_config(config.image_model_config)

class DepthProEncoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.intermediate_hook_ids = config.intermediate_hook_ids
        self.intermediate_feature_dims = config.intermediate_feature_dims
        self.scaled_images_ratios = config.scaled_images_ratios
        self.scaled_images_overlap_ratios = config.scaled_images_overlap_ratios
        self.scaled_images_feature_dims = config.scaled_images_feature_dims
        self.merge_padding_value = config.merge_padding_value
        self.n_scaled_images = len(self.scaled_images_ratios)
        self.n_intermediate_hooks = len(self.intermediate_hook_ids)
        self.patch_encoder = DepthProPatchEncoder(config)
        self.image_encoder = DepthProImageEncoder(config)

class DepthProFeatureUpsampleBlock(nn.Module):

    def __init__(self, config, input_dims, intermediate_dims, output_dims, n_upsample_layers, use_proj=True, bias=False):
        super().__init__()
        self.config = config
        self.layers = nn.ModuleList()
        if use_proj:
            proj = nn.Conv2d(in_channels=input_dims, out_channels=intermediate_dims, kernel_size=1, stride=1, padding=0, bias=bias)
            self.layers.append(proj)
        for i in range(n_upsample_layers):
            in_channels = intermediate_dims if i == 0 else output_dims
            layer = nn.ConvTranspose2d(in_channels=in_channels, out_channels=output_dims, kernel_size=2, stride=2, padding=0, bias=bias)
            self.layers.append(layer)

class DepthProFeatureUpsample(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.n_scaled_images = len(self.config.scaled_images_ratios)
        self.n_intermediate_hooks = len(self.config.intermediate_hook_ids)
        self.image_block = DepthProFeatureUpsampleBlock(config=config, input_dims=config.image_model_config.hidden_size, intermediate_dims=config.image_model_config.hidden_size, output_dims=config.scaled_images_feature_dims[0], n_upsample_layers=1, use_proj=False, bias=True)
        self.scaled_images = nn.ModuleList()
        for i, feature_dims in enumerate(config.scaled_images_feature_dims):
            block = DepthProFeatureUpsampleBlock(config=config, input_dims=config.patch_model_config.hidden_size, intermediate_dims=feature_dims, output_dims=feature_dims, n_upsample_layers=1)
            self.scaled_images.append(block)
        self.intermediate = nn.ModuleList()
        for i, feature_dims in enumerate(config.intermediate_feature_dims):
            intermediate_dims = config.fusion_hidden_size if i == 0 else feature_dims
            block = DepthProFeatureUpsampleBlock(config=config, input_dims=config.patch_model_config.hidden_size, intermediate_dims=intermediate_dims, output_dims=feature_dims, n_upsample_layers=2 + i)
            self.intermediate.append(block)

class DepthProFeatureProjection(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        combined_feature_dims = config.scaled_images_feature_dims + config.intermediate_feature_dims
        self.projections = nn.ModuleList()
        for i, in_channels in enumerate(combined_feature_dims):
            if i == len(combined_feature_dims) - 1 and in_channels == config.fusion_hidden_size:
                self.projections.append(nn.Identity())
            else:
                self.projections.append(nn.Conv2d(in_channels=in_channels, out_channels=config.fusion_hidden_size, kernel_size=3, stride=1, padding=1, bias=False))

class DepthProNeck(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.feature_upsample = DepthProFeatureUpsample(config)
        self.fuse_image_with_low_res = nn.Conv2d(in_channels=config.scaled_images_feature_dims[0] * 2, out_channels=config.scaled_images_feature_dims[0], kernel_size=1, stride=1, padding=0, bias=True)
        self.feature_projection = DepthProFeatureProjection(config)

class DepthProPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'depth_pro'
    main_input_name = 'pixel_values'
    supports_gradient_checkpointing = True
    _keys_to_ignore_on_load_unexpected = ['fov_model.*']

class DepthProModel(DepthProPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.encoder = DepthProEncoder(config)
        self.neck = DepthProNeck(config)
        self.post_init()

    def get_input_embeddings(self):
        return self.encoder.image_encoder.model.get_input_embeddings()

class DepthProPreActResidualLayer(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.use_batch_norm = config.use_batch_norm_in_fusion_residual
        use_bias_in_fusion_residual = config.use_bias_in_fusion_residual if config.use_bias_in_fusion_residual is not None else not self.use_batch_norm
        self.activation1 = nn.ReLU()
        self.convolution1 = nn.Conv2d(config.fusion_hidden_size, config.fusion_hidden_size, kernel_size=3, stride=1, padding=1, bias=use_bias_in_fusion_residual)
        self.activation2 = nn.ReLU()
        self.convolution2 = nn.Conv2d(config.fusion_hidden_size, config.fusion_hidden_size, kernel_size=3, stride=1, padding=1, bias=use_bias_in_fusion_residual)
        if self.use_batch_norm:
            self.batch_norm1 = nn.BatchNorm2d(config.fusion_hidden_size)
            self.batch_norm2 = nn.BatchNorm2d(config.fusion_hidden_size)

class DepthProFeatureFusionLayer(nn.Module):

    def __init__(self, config, use_deconv=True):
        super().__init__()
        self.config = config
        self.use_deconv = use_deconv
        self.residual_layer1 = DepthProPreActResidualLayer(config)
        self.residual_layer2 = DepthProPreActResidualLayer(config)
        if self.use_deconv:
            self.deconv = nn.ConvTranspose2d(in_channels=config.fusion_hidden_size, out_channels=config.fusion_hidden_size, kernel_size=2, stride=2, padding=0, bias=False)
        self.projection = nn.Conv2d(config.fusion_hidden_size, config.fusion_hidden_size, kernel_size=1, bias=True)

class DepthProFeatureFusionStage(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.num_layers = len(config.intermediate_hook_ids) + len(config.scaled_images_ratios)
        self.intermediate = nn.ModuleList()
        for _ in range(self.num_layers - 1):
            self.intermediate.append(DepthProFeatureFusionLayer(config))
        self.final = DepthProFeatureFusionLayer(config, use_deconv=False)

class DepthProFovEncoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.out_size = config.image_model_config.image_size // config.image_model_config.patch_size
        self.model = AutoModel.from_config(config.fov_model_config)
        self.neck = nn.Linear(config.fov_model_config.hidden_size, config.fusion_hidden_size // 2)

class DepthProFovHead(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.fusion_hidden_size = config.fusion_hidden_size
        self.out_size = config.image_model_config.image_size // config.image_model_config.patch_size
        self.layers = nn.ModuleList()
        for i in range(config.num_fov_head_layers):
            self.layers.append(nn.Conv2d(math.ceil(self.fusion_hidden_size / 2 ** (i + 1)), math.ceil(self.fusion_hidden_size / 2 ** (i + 2)), kernel_size=3, stride=2, padding=1))
            self.layers.append(nn.ReLU(True))
        final_in_channels = math.ceil(self.fusion_hidden_size / 2 ** (config.num_fov_head_layers + 1))
        final_kernel_size = torch_int((self.out_size - 1) / 2 ** config.num_fov_head_layers + 1)
        self.layers.append(nn.Conv2d(in_channels=final_in_channels, out_channels=1, kernel_size=final_kernel_size, stride=1, padding=0))

class DepthProFovModel(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.fusion_hidden_size = config.fusion_hidden_size
        self.fov_encoder = DepthProFovEncoder(config)
        self.conv = nn.Conv2d(self.fusion_hidden_size, self.fusion_hidden_size // 2, kernel_size=3, stride=2, padding=1)
        self.activation = nn.ReLU(inplace=True)
        self.head = DepthProFovHead(config)

class DepthProDepthEstimationHead(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        features = config.fusion_hidden_size
        self.layers = nn.ModuleList([nn.Conv2d(features, features // 2, kernel_size=3, stride=1, padding=1), nn.ConvTranspose2d(in_channels=features // 2, out_channels=features // 2, kernel_size=2, stride=2, padding=0, bias=True), nn.Conv2d(features // 2, 32, kernel_size=3, stride=1, padding=1), nn.ReLU(True), nn.Conv2d(32, 1, kernel_size=1, stride=1, padding=0), nn.ReLU()])

class DepthProForDepthEstimation(DepthProPreTrainedModel):

    def __init__(self, config, use_fov_model=None):
        super().__init__(config)
        self.config = config
        self.use_fov_model = use_fov_model if use_fov_model is not None else self.config.use_fov_model
        self.depth_pro = DepthProModel(config)
        self.fusion_stage = DepthProFeatureFusionStage(config)
        self.head = DepthProDepthEstimationHead(config)
        self.fov_model = DepthProFovModel(config) if self.use_fov_model else None
        self.post_init()
