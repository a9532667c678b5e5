"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): common_backbone_utils. Made by `python -m loracfg.base.transcriber`."""
from loracfg.base.catalogue.stand_ins.turns import range
from loracfg.base.catalogue.stand_ins.unknown import Unknown
import enum
hf_api = Unknown('hf_api')
maybe_install_capturing_hooks = Unknown('maybe_install_capturing_hooks')

class BackboneType(enum.Enum):
    TIMM = 'timm'
    TRANSFORMERS = 'transformers'

class BackboneConfigMixin:

    def set_output_features_output_indices(self, out_features, out_indices):
        self._out_features = out_features
        self._out_indices = list(out_indices) if isinstance(out_indices, tuple) else out_indices
        self.verify_out_features_out_indices()
        out_features, out_indices = (self._out_features, self._out_indices)
        if out_indices is None and out_features is None:
            out_indices = [len(self.stage_names) - 1]
            out_features = [self.stage_names[-1]]
        elif out_indices is None and out_features is not None:
            out_indices = [self.stage_names.index(layer) for layer in out_features]
        elif out_features is None and out_indices is not None:
            out_features = [self.stage_names[idx] for idx in out_indices]
        self._out_features, self._out_indices = (out_features, out_indices)
        self.verify_out_features_out_indices()

    def verify_out_features_out_indices(self):
        if self.stage_names is None:
            raise ValueError('Stage_names must be set for transformers backbones')
        if self._out_features is not None:
            if not isinstance(self._out_features, (list,)):
                raise ValueError(f'out_features must be a list got {type(self._out_features)}')
            if any((feat not in self.stage_names for feat in self._out_features)):
                raise ValueError(f'out_features must be a subset of stage_names: {self.stage_names} got {self._out_features}')
            if len(self._out_features) != len(set(self._out_features)):
                raise ValueError(f'out_features must not contain any duplicates, got {self._out_features}')
            if self._out_features != (sorted_feats := [feat for feat in self.stage_names if feat in self._out_features]):
                raise ValueError(f'out_features must be in the same order as stage_names, expected {sorted_feats} got {self._out_features}')
        if self._out_indices is not None:
            if not isinstance(self._out_indices, list):
                raise ValueError(f'out_indices must be a list, got {type(self._out_indices)}')
            positive_indices = tuple((idx % len(self.stage_names) if idx < 0 else idx for idx in self._out_indices))
            if any((idx for idx in positive_indices if idx not in range(len(self.stage_names)))):
                raise ValueError(f'out_indices must be valid indices for stage_names {self.stage_names}, got {self._out_indices}')
            if len(positive_indices) != len(set(positive_indices)):
                msg = f'out_indices must not contain any duplicates, got {self._out_indices}'
                msg += f'(equivalent to {positive_indices}))' if positive_indices != self._out_indices else ''
                raise ValueError(msg)
            if positive_indices != tuple(sorted(positive_indices)):
                sorted_negative = [idx for _, idx in sorted(zip(positive_indices, self._out_indices), key=lambda x: x[0])]
                raise ValueError(f'out_indices must be in the same order as stage_names, expected {sorted_negative} got {self._out_indices}')
        if self._out_features is not None and self._out_indices is not None:
            if len(self._out_features) != len(self._out_indices):
                raise ValueError('out_features and out_indices should have the same length if both are set')
            if self._out_features != [self.stage_names[idx] for idx in self._out_indices]:
                raise ValueError('out_features and out_indices should correspond to the same stages if both are set')

    @property
    def out_features(self):
        return self._out_features

    @out_features.setter
    def out_features(self, out_features):
        self.set_output_features_output_indices(out_features=out_features, out_indices=None)

    @property
    def out_indices(self):
        return self._out_indices

    @out_indices.setter
    def out_indices(self, out_indices):
        out_indices = list(out_indices) if out_indices is not None else out_indices
        self.set_output_features_output_indices(out_features=None, out_indices=out_indices)

    def to_dict(self):
        output = super().to_dict()
        output['out_features'] = output.pop('_out_features', None)
        output['out_indices'] = output.pop('_out_indices', None)
        return output

class BackboneMixin:
    backbone_type = None
    has_attentions = True

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        timm_backbone = kwargs.pop('timm_backbone', None)
        if timm_backbone is not None:
            self.backbone_type = BackboneType.TIMM
        else:
            self.backbone_type = BackboneType.TRANSFORMERS
        if self.backbone_type == BackboneType.TIMM:
            self._init_timm_backbone(backbone=timm_backbone)
        elif self.backbone_type == BackboneType.TRANSFORMERS:
            self._init_transformers_backbone()
        else:
            raise ValueError(f'backbone_type {self.backbone_type} not supported.')

    def post_init(self):
        super().post_init()
        maybe_install_capturing_hooks(self)

    def _init_timm_backbone(self, backbone):
        out_features_from_config = getattr(self.config, 'out_features', None)
        stage_names_from_config = getattr(self.config, 'stage_names', None)
        self.stage_names = [stage['module'] for stage in backbone.feature_info.info]
        self.num_features = [stage['num_chs'] for stage in backbone.feature_info.info]
        out_indices = list(backbone.feature_info.out_indices)
        out_features = backbone.feature_info.module_name()
        if out_features_from_config is not None and out_features_from_config != out_features:
            raise ValueError(f"Config has `out_features` set to {out_features_from_config} which doesn't match `out_features` from backbone's feature_info. Please check if your checkpoint has correct out features/indices saved.")
        if stage_names_from_config is not None and stage_names_from_config != self.stage_names:
            raise ValueError(f"Config has `stage_names` set to {stage_names_from_config} which doesn't match `stage_names` from backbone's feature_info. Please check if your checkpoint has correct `stage_names` saved.")
        self.config.stage_names = self.stage_names
        self.config.set_output_features_output_indices(out_features, out_indices)

    def _init_transformers_backbone(self):
        self.stage_names = self.config.stage_names
        self.config.verify_out_features_out_indices()
        self.num_features = None

    @property
    def out_features(self):
        return self.config._out_features

    @out_features.setter
    def out_features(self, out_features):
        self.config.out_features = out_features

    @property
    def out_indices(self):
        return self.config._out_indices

    @out_indices.setter
    def out_indices(self, out_indices):
        self.config.out_indices = out_indices

    @property
    def out_feature_channels(self):
        return {stage: self.num_features[i] for i, stage in enumerate(self.stage_names)}

    @property
    def channels(self):
        return [self.out_feature_channels[name] for name in self.out_features]

def consolidate_backbone_kwargs_to_config(backbone_config, default_backbone=None, default_config_type=None, default_config_kwargs=None, timm_default_kwargs=None, **kwargs):
    from .common_configuration_utils import PreTrainedConfig
    from .auto import CONFIG_MAPPING
    use_timm_backbone = kwargs.pop('use_timm_backbone', True)
    backbone_kwargs = kwargs.pop('backbone_kwargs', {})
    backbone = kwargs.pop('backbone') if kwargs.get('backbone') is not None else default_backbone
    kwargs.pop('use_pretrained_backbone', None)
    if timm_default_kwargs is not None and use_timm_backbone and (backbone is not None) and (backbone_config is None) and (not backbone_kwargs):
        backbone_config = CONFIG_MAPPING['timm_backbone'](backbone=backbone, **timm_default_kwargs)
    elif backbone is not None and backbone_config is None:
        if hf_api().repo_exists(backbone):
            config_dict, _ = PreTrainedConfig.get_config_dict(backbone)
            config_class = CONFIG_MAPPING[config_dict['model_type']]
            config_dict.update(backbone_kwargs)
            backbone_config = config_class(**config_dict)
        else:
            backbone_config = CONFIG_MAPPING['timm_backbone'](backbone=backbone, **backbone_kwargs)
    elif backbone_config is None and default_config_type is not None:
        default_config_kwargs = default_config_kwargs or {}
        backbone_config = CONFIG_MAPPING[default_config_type](**default_config_kwargs)
    elif isinstance(backbone_config, dict):
        backbone_model_type = backbone_config.get('model_type')
        config_class = CONFIG_MAPPING[backbone_model_type]
        backbone_config = config_class.from_dict(backbone_config)
    return (backbone_config, kwargs)

def load_backbone(config):
    from .auto import AutoBackbone
    backbone_config = getattr(config, 'backbone_config', None)
    if backbone_config is None:
        backbone = AutoBackbone.from_config(config=config)
    else:
        backbone = AutoBackbone.from_config(config=backbone_config)
    return backbone
