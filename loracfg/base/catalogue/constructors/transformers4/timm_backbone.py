"""Constructors of transformers 4.57.6 (Apache-2.0, The Hugging Face team): timm_backbone. Made by `python -m loracfg.base.transcriber`."""
from .common_configuration_utils import PretrainedConfig
from .common_modeling_utils import PreTrainedModel
from .common_utils_backbone_utils import BackboneMixin
from loracfg.base.catalogue.stand_ins.models import requires_backends
from loracfg.base.catalogue.stand_ins.unknown import Foreign
timm = Foreign('timm')

class TimmBackboneConfig(PretrainedConfig):
    model_type = 'timm_backbone'

    def __init__(self, backbone=None, num_channels=3, features_only=True, use_pretrained_backbone=True, out_indices=None, freeze_batch_norm_2d=False, **kwargs):
        super().__init__(**kwargs)
        self.backbone = backbone
        self.num_channels = num_channels
        self.features_only = features_only
        self.use_pretrained_backbone = use_pretrained_backbone
        self.use_timm_backbone = True
        self.out_indices = out_indices if out_indices is not None else [-1]
        self.freeze_batch_norm_2d = freeze_batch_norm_2d

class TimmBackbone(PreTrainedModel, BackboneMixin):
    main_input_name = 'pixel_values'
    supports_gradient_checkpointing = False

    def __init__(self, config, **kwargs):
        requires_backends(self, 'timm')
        super().__init__(config)
        self.config = config
        if config.backbone is None:
            raise ValueError('backbone is not set in the config. Please set it to a timm model name.')
        if hasattr(config, 'out_features') and config.out_features is not None:
            raise ValueError('out_features is not supported by TimmBackbone. Please use out_indices instead.')
        pretrained = getattr(config, 'use_pretrained_backbone', None)
        if pretrained is None:
            raise ValueError('use_pretrained_backbone is not set in the config. Please set it to True or False.')
        out_indices = config.out_indices if getattr(config, 'out_indices', None) is not None else (-1,)
        in_chans = kwargs.pop('in_chans', config.num_channels)
        self._backbone = timm.create_model(config.backbone, pretrained=pretrained, features_only=config.features_only, in_chans=in_chans, out_indices=out_indices, **kwargs)
        if getattr(config, 'freeze_batch_norm_2d', False):
            self.freeze_batch_norm_2d()
        self._return_layers = {layer['module']: str(layer['index']) for layer in self._backbone.feature_info.get_dicts()}
        self._all_layers = {layer['module']: str(i) for i, layer in enumerate(self._backbone.feature_info.info)}
        super()._init_backbone(config)

    def freeze_batch_norm_2d(self):
        timm.utils.model.freeze_batch_norm_2d(self._backbone)
