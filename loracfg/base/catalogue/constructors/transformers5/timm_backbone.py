"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): timm_backbone. Made by `python -m loracfg.base.transcriber`."""
from .common_backbone_utils import BackboneConfigMixin, BackboneMixin
from .common_configuration_utils import PreTrainedConfig
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.models import requires_backends
from loracfg.base.catalogue.stand_ins.unknown import Foreign
timm = Foreign('timm')

@strict
class TimmBackboneConfig(BackboneConfigMixin, PreTrainedConfig):
    model_type = 'timm_backbone'
    backbone: str | None = None
    num_channels: int = 3
    features_only: bool = True
    _out_indices: list[int] | None = None
    freeze_batch_norm_2d: bool = False
    output_stride: int | None = None

    def __post_init__(self, **kwargs):
        self.out_indices = self.out_indices if self.out_indices is not None else [-1]
        super().__post_init__(**kwargs)

    @property
    def out_indices(self):
        return self._out_indices

    @out_indices.setter
    def out_indices(self, out_indices):
        self._out_indices = list(out_indices) if out_indices is not None else out_indices
        if getattr(self, 'stage_names', None) is not None:
            self.set_output_features_output_indices(out_features=None, out_indices=out_indices)

    @property
    def out_features(self):
        return self._out_features

    @out_features.setter
    def out_features(self, out_features):
        self._out_features = out_features
        if getattr(self, 'stage_names', None) is not None:
            self.set_output_features_output_indices(out_features=out_features, out_indices=None)

class TimmBackbone(BackboneMixin, PreTrainedModel):
    main_input_name = 'pixel_values'
    supports_gradient_checkpointing = False

    def __init__(self, config, **kwargs):
        requires_backends(self, 'timm')
        if config.backbone is None:
            raise ValueError('backbone is not set in the config. Please set it to a timm model name.')
        out_indices = config.out_indices if getattr(config, 'out_indices', None) is not None else (-1,)
        pretrained = kwargs.pop('pretrained', False)
        in_chans = kwargs.pop('in_chans', config.num_channels)
        backbone = timm.create_model(config.backbone, pretrained=pretrained, features_only=config.features_only, in_chans=in_chans, out_indices=out_indices, output_stride=config.output_stride, **kwargs)
        super().__init__(config, timm_backbone=backbone)
        self._backbone = backbone
        if getattr(config, 'freeze_batch_norm_2d', False):
            self.freeze_batch_norm_2d()
        self._return_layers = {layer['module']: str(layer['index']) for layer in self._backbone.feature_info.get_dicts()}
        self._all_layers = {layer['module']: str(i) for i, layer in enumerate(self._backbone.feature_info.info)}
        if self.config._attn_implementation == 'eager':
            pass
        self.post_init()

    def freeze_batch_norm_2d(self):
        timm.utils.model.freeze_batch_norm_2d(self._backbone)
