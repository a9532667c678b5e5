"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): common_integrations_heterogeneity_configuration_utils. Made by `python -m loracfg.base.transcriber`."""
from collections.abc import Iterable
from loracfg.base.catalogue.stand_ins.records import dataclass
from loracfg.base.catalogue.stand_ins.turns import range
import copy

_SENTINEL = object()

class AmbiguousGlobalPerLayerAttributeError(RuntimeError):
    pass

@dataclass
class _HeterogeneitySpec:
    per_layer_overrides: 'dict[int, dict[str, Any]]'
    per_layer_attributes: 'set[str]'
    explicit_per_layer_attributes: 'set[str]'

def _normalize_layer_overrides(layer_overrides):
    normalized = copy.deepcopy(layer_overrides)
    if 'skip' in normalized:
        skip = normalized.pop('skip')
        if isinstance(skip, str) or not isinstance(skip, Iterable):
            raise TypeError('`skip` must be an iterable of strings.')
        skip = set(skip)
        if not all((isinstance(item, str) for item in skip)):
            raise TypeError('`skip` must contain only strings.')
        if skip:
            normalized['skip'] = sorted(skip)
    return normalized

def _validate_layer_indices(config, per_layer_overrides):
    if not per_layer_overrides:
        return
    num_hidden_layers = config.num_hidden_layers
    invalid_layer_indices = [layer_idx for layer_idx in per_layer_overrides if layer_idx < 0 or layer_idx >= num_hidden_layers]
    if invalid_layer_indices:
        raise ValueError(f'`per_layer_config` keys must be integer layer indices in the range [0, {num_hidden_layers}); got {invalid_layer_indices}.')

def _validate_sliding_window_and_attention_chunk_size(config, per_layer_overrides):
    problematic_indices = []
    for layer_idx in range(config.num_hidden_layers):
        layer_overrides = per_layer_overrides.get(layer_idx, {})
        sliding_window = layer_overrides.get('sliding_window', config._getattr_without_heterogeneous_validation('sliding_window', None))
        attention_chunk_size = layer_overrides.get('attention_chunk_size', config._getattr_without_heterogeneous_validation('attention_chunk_size', None))
        if sliding_window is not None and attention_chunk_size is not None:
            problematic_indices.append(layer_idx)
    if problematic_indices:
        raise ValueError(f'The following layers have the mutually exclusive `sliding_window` and `attention_chunk_size` both defined: {problematic_indices}. To fix this, either remove a conflicting attribute from the global config,or set it to `None` in `per_layer_config` for the problematic layers.')

def _get_per_layer_attributes(per_layer_overrides):
    per_layer_attributes = set()
    for layer_overrides in per_layer_overrides.values():
        per_layer_attributes.update(layer_overrides)
    per_layer_attributes.discard('skip')
    return per_layer_attributes

def _modify_config_and_create_heterogeneity_spec(config, per_layer_overrides):
    explicit_per_layer_attributes = _get_per_layer_attributes(per_layer_overrides)
    missing_required_global_attributes = set()
    for attr in explicit_per_layer_attributes:
        if len(per_layer_overrides) != config.num_hidden_layers:
            if not config._hasattr_without_heterogeneous_validation(attr):
                missing_required_global_attributes.add(attr)
        else:
            for layer_overrides in per_layer_overrides.values():
                if attr not in layer_overrides:
                    if not config._hasattr_without_heterogeneous_validation(attr):
                        missing_required_global_attributes.add(attr)
                    break
    if missing_required_global_attributes:
        raise ValueError(f'The following attributes are missing: {sorted(missing_required_global_attributes)}\nPlease define them globally, or provide them for every layer in `per_layer_config`')
    for attr in explicit_per_layer_attributes:
        if not config._hasattr_without_heterogeneous_validation(attr):
            continue
        global_value = config._getattr_without_heterogeneous_validation(attr)
        for layer_overrides in per_layer_overrides.values():
            if attr in layer_overrides and layer_overrides[attr] == global_value:
                del layer_overrides[attr]
    for layer_idx, layer_overrides in list(per_layer_overrides.items()):
        if not layer_overrides:
            del per_layer_overrides[layer_idx]
    per_layer_attributes = _get_per_layer_attributes(per_layer_overrides)
    heterogeneity_spec = _HeterogeneitySpec(per_layer_overrides=per_layer_overrides, per_layer_attributes=per_layer_attributes, explicit_per_layer_attributes=explicit_per_layer_attributes)
    return heterogeneity_spec

def _apply_heterogeneous_config(config, per_layer_config):
    normalized_per_layer_overrides = {int(layer_idx): _normalize_layer_overrides(layer_overrides) for layer_idx, layer_overrides in per_layer_config.items()}
    _validate_layer_indices(config, normalized_per_layer_overrides)
    _validate_sliding_window_and_attention_chunk_size(config, normalized_per_layer_overrides)
    config._heterogeneity_spec = _modify_config_and_create_heterogeneity_spec(config, normalized_per_layer_overrides)

def _get_layer_config(config, layer_overrides):
    output_config = copy.copy(config)
    output_config.__dict__.pop('_heterogeneity_spec', None)
    output_config.skip = layer_overrides.get('skip', [])
    for attr, value in layer_overrides.items():
        if attr == 'skip':
            continue
        setattr(output_config, attr, value)
    return output_config

class _PerLayerConfigView:

    def __init__(self, config):
        self._config = config

    def __len__(self):
        return self._config.num_hidden_layers

    def __getitem__(self, layer_idx):
        if isinstance(layer_idx, str):
            if (layer_types := getattr(self._config, 'layer_types', None)) is None:
                raise ValueError(f"Layer type '{layer_idx}' requested, but config.layer_types is not defined. ")
            if layer_idx not in layer_types:
                raise ValueError(f"Layer type '{layer_idx}' not found in config.layer_types: {layer_types}. Available layer types: {set(layer_types)}")
            if not self._config.is_heterogeneous:
                return self._config
            layer_overrides = self._config._heterogeneity_spec.per_layer_overrides
            reference_overrides = layer_overrides.get(layer_types.index(layer_idx), {})
            for idx, layer_type in enumerate(layer_types):
                if layer_type == layer_idx and layer_overrides.get(idx, {}) != reference_overrides:
                    raise ValueError(f"Layer type '{layer_idx}' is not homogeneous across layers (layer {idx} differs). Use an integer index to access a specific layer's config.")
            return _get_layer_config(self._config, reference_overrides)
        if isinstance(layer_idx, slice):
            return [self[i] for i in range(*layer_idx.indices(len(self)))]
        if layer_idx < 0:
            layer_idx += len(self)
        if layer_idx < 0 or layer_idx >= len(self):
            raise IndexError('list index out of range')
        if not self._config.is_heterogeneous:
            return self._config
        heterogeneity_spec = self._config._heterogeneity_spec
        return _get_layer_config(self._config, heterogeneity_spec.per_layer_overrides.get(layer_idx, {}))

def _get_explicit_per_layer_overrides(config):
    heterogeneity_spec = config._heterogeneity_spec
    explicit_per_layer_overrides = {}
    for layer_idx in range(config.num_hidden_layers):
        layer_overrides = copy.deepcopy(heterogeneity_spec.per_layer_overrides.get(layer_idx, {}))
        for attr in heterogeneity_spec.explicit_per_layer_attributes:
            if attr not in layer_overrides:
                layer_overrides[attr] = config._getattr_without_heterogeneous_validation(attr)
        if layer_overrides:
            explicit_per_layer_overrides[layer_idx] = layer_overrides
    return explicit_per_layer_overrides

class HeterogeneousConfigMixin:

    def __getattribute__(self, key):
        heterogeneity_spec = super().__getattribute__('__dict__').get('_heterogeneity_spec')
        if heterogeneity_spec is not None:
            if key in heterogeneity_spec.per_layer_attributes:
                if not super().__getattribute__('allow_global_per_layer_attribute_access'):
                    raise AmbiguousGlobalPerLayerAttributeError(f"'{key}' is a per-layer attribute and may vary across layers. Access it via the individual layer configs instead (e.g. config.per_layer_config[i].{key}). To read the global config value from config.{key} anyway, set `allow_global_per_layer_attribute_access` to `True` on the config. Warning: only do this if the caller can safely handle heterogeneous configs; code that assumes a homogeneous model may use the global value incorrectly.")
        return super().__getattribute__(key)

    @property
    def is_heterogeneous(self):
        return hasattr(self, '_heterogeneity_spec')

    @property
    def per_layer_config(self):
        return _PerLayerConfigView(self)

    @per_layer_config.setter
    def per_layer_config(self, per_layer_config):
        if per_layer_config is None:
            self.__dict__.pop('_heterogeneity_spec', None)
            return
        _apply_heterogeneous_config(self, per_layer_config)

    @property
    def per_layer_attributes(self):
        if not self.is_heterogeneous:
            return None
        return self._heterogeneity_spec.per_layer_attributes

    @property
    def allow_global_per_layer_attribute_access(self):
        return self.__dict__.get('allow_global_per_layer_attribute_access', False)

    @allow_global_per_layer_attribute_access.setter
    def allow_global_per_layer_attribute_access(self, value):
        self.__dict__['allow_global_per_layer_attribute_access'] = value

    @property
    def serialize_explicit_per_layer_config(self):
        return self.__dict__.get('serialize_explicit_per_layer_config', False)

    @serialize_explicit_per_layer_config.setter
    def serialize_explicit_per_layer_config(self, value):
        self.__dict__['serialize_explicit_per_layer_config'] = value

    def _iter_config_keys_with_heterogeneous_adjustment(self, keys):
        if self.is_heterogeneous and (not self.allow_global_per_layer_attribute_access):
            for key in keys:
                if key not in self.per_layer_attributes:
                    yield key
        else:
            yield from keys

    def _update_heterogeneous_to_dict_output(self, d):
        if not self.is_heterogeneous:
            return
        if self.serialize_explicit_per_layer_config:
            per_layer_overrides = _get_explicit_per_layer_overrides(self)
        else:
            per_layer_overrides = self._heterogeneity_spec.per_layer_overrides
        if per_layer_overrides:
            max_digits = len(str(max(per_layer_overrides.keys())))
            d['per_layer_config'] = {str(layer_idx).zfill(max_digits): copy.deepcopy(layer_overrides) for layer_idx, layer_overrides in per_layer_overrides.items()}
        else:
            d['per_layer_config'] = {}
        d.pop('_heterogeneity_spec', None)

    def _getattr_without_heterogeneous_validation(self, key, default=_SENTINEL):
        if key != 'attribute_map' and key in super().__getattribute__('attribute_map'):
            key = super().__getattribute__('attribute_map')[key]
        try:
            return super().__getattribute__(key)
        except AttributeError:
            if default is _SENTINEL:
                raise
            return default

    def _hasattr_without_heterogeneous_validation(self, key):
        try:
            self._getattr_without_heterogeneous_validation(key)
        except AttributeError:
            return False
        return True
