"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): auto__auto_factory. Made by `python -m loracfg.base.transcriber`."""
from .auto import model_type_to_module_name
from loracfg.base.catalogue.stand_ins.unknown import Unknown, Foreign
from typing import Any
get_class_from_dynamic_module = Unknown('get_class_from_dynamic_module')
importlib = Foreign('importlib')
resolve_trust_remote_code = Unknown('resolve_trust_remote_code')

_LazyAutoMappingValue = tuple[type[Any] | None, type[Any] | None]

def _get_model_class(config, model_mapping):
    supported_models = model_mapping[type(config)]
    if not isinstance(supported_models, (list, tuple)):
        return supported_models
    name_to_model = {model.__name__: model for model in supported_models}
    architectures = getattr(config, 'architectures', [])
    for arch in architectures:
        if arch in name_to_model:
            return name_to_model[arch]
    return supported_models[0]

class _BaseAutoModelClass:
    _model_mapping = None

    def __init__(self, *args, **kwargs):
        raise OSError(f'{self.__class__.__name__} is designed to be instantiated using the `{self.__class__.__name__}.from_pretrained(pretrained_model_name_or_path)` or `{self.__class__.__name__}.from_config(config)` methods.')

    @classmethod
    def from_config(cls, config, **kwargs):
        trust_remote_code = kwargs.pop('trust_remote_code', None)
        has_remote_code = hasattr(config, 'auto_map') and cls.__name__ in config.auto_map
        has_local_code = type(config) in cls._model_mapping
        explicit_local_code = has_local_code and (not _get_model_class(config, cls._model_mapping).__module__.startswith('transformers.'))
        if has_remote_code:
            class_ref = config.auto_map[cls.__name__]
            if '--' in class_ref:
                upstream_repo = class_ref.split('--')[0]
            else:
                upstream_repo = None
            trust_remote_code = resolve_trust_remote_code(trust_remote_code, config._name_or_path, has_local_code, has_remote_code, upstream_repo=upstream_repo)
        if has_remote_code and trust_remote_code and (not explicit_local_code):
            if '--' in class_ref:
                repo_id, class_ref = class_ref.split('--')
            else:
                repo_id = config.name_or_path
            model_class = get_class_from_dynamic_module(class_ref, repo_id, **kwargs)
            if not has_local_code:
                cls.register(config.__class__, model_class, exist_ok=True)
            model_class.register_for_auto_class(auto_class=cls)
            _ = kwargs.pop('code_revision', None)
            model_class = add_generation_mixin_to_remote_model(model_class)
            return model_class._from_config(config, **kwargs)
        elif has_local_code:
            model_class = _get_model_class(config, cls._model_mapping)
            text_config_class = config.sub_configs.get('text_config', None)
            if text_config_class is not None and getattr(model_class, 'config_class', None) == text_config_class:
                parent_config = config
                config = config.get_text_config()
                parent_quant = getattr(parent_config, 'quantization_config', None)
                if parent_quant is not None:
                    config.quantization_config = parent_quant
            return model_class._from_config(config, **kwargs)
        raise ValueError(f"Unrecognized configuration class {config.__class__} for this kind of AutoModel: {cls.__name__}.\nModel type should be one of {', '.join((c.__name__ for c in cls._model_mapping))}.")

    @classmethod
    def register(cls, config_class, model_class, exist_ok=False):
        if hasattr(model_class, 'config_class') and model_class.config_class.__name__ != config_class.__name__:
            raise ValueError(f'The model class you are passing has a `config_class` attribute that is not consistent with the config class you passed (model has {model_class.config_class} and you passed {config_class}. Fix one of those so they match!')
        cls._model_mapping.register(config_class, model_class, exist_ok=exist_ok)

class _BaseAutoBackboneClass(_BaseAutoModelClass):
    _model_mapping = None

def getattribute_from_module(module, attr):
    if attr is None:
        return None
    if isinstance(attr, tuple):
        return tuple((getattribute_from_module(module, a) for a in attr))
    if isinstance(attr, dict):
        return {k: getattribute_from_module(module, v) for k, v in attr.items()}
    if hasattr(module, attr):
        return getattr(module, attr)
    transformers_module = importlib.import_module('transformers')
    if module != transformers_module:
        try:
            return getattribute_from_module(transformers_module, attr)
        except ValueError:
            raise ValueError(f'Could not find {attr} neither in {module} nor in {transformers_module}!')
    else:
        raise ValueError(f'Could not find {attr} in {transformers_module}!')

def add_generation_mixin_to_remote_model(model_class):
    if 'torch.nn.modules.module.Module' not in str(model_class.__mro__):
        return model_class
    if 'GenerationMixin' in str(model_class.__bases__):
        return model_class
    has_custom_generate_in_class = hasattr(model_class, 'generate') and 'GenerationMixin' not in str(getattr(model_class, 'generate'))
    has_custom_prepare_inputs = hasattr(model_class, 'prepare_inputs_for_generation') and 'GenerationMixin' not in str(getattr(model_class, 'prepare_inputs_for_generation'))
    if has_custom_generate_in_class or has_custom_prepare_inputs:
        from loracfg.base.catalogue.stand_ins.models import GenerationMixin
        model_class_with_generation_mixin = type(model_class.__name__, (model_class, GenerationMixin), {**model_class.__dict__})
        return model_class_with_generation_mixin
    return model_class

class _LazyAutoMapping:

    def __init__(self, config_mapping, model_mapping):
        self._config_mapping = config_mapping
        self._reverse_config_mapping = {v: k for k, v in config_mapping.items()}
        self._model_mapping = model_mapping
        self._model_mapping._model_mapping = self
        self._extra_content = {}
        self._modules = {}

    def __len__(self):
        common_keys = set(self._config_mapping.keys()).intersection(self._model_mapping.keys())
        return len(common_keys) + len(self._extra_content)

    def __getitem__(self, key):
        if key in self._extra_content:
            return self._extra_content[key]
        model_type = self._reverse_config_mapping[key.__name__]
        if model_type in self._model_mapping:
            model_name = self._model_mapping[model_type]
            return self._load_attr_from_module(model_type, model_name)
        model_types = [k for k, v in self._config_mapping.items() if v == key.__name__]
        for mtype in model_types:
            if mtype in self._model_mapping:
                model_name = self._model_mapping[mtype]
                return self._load_attr_from_module(mtype, model_name)
        raise KeyError(key)

    def _load_attr_from_module(self, model_type, attr):
        module_name = model_type_to_module_name(model_type)
        if module_name not in self._modules:
            self._modules[module_name] = importlib.import_module(f'.{module_name}', 'transformers.models')
        return getattribute_from_module(self._modules[module_name], attr)

    def keys(self):
        mapping_keys = [self._load_attr_from_module(key, name) for key, name in self._config_mapping.items() if key in self._model_mapping]
        return mapping_keys + list(self._extra_content.keys())

    def get(self, key, default):
        try:
            return self.__getitem__(key)
        except KeyError:
            return default

    def __bool__(self):
        return bool(self.keys())

    def values(self):
        mapping_values = [self._load_attr_from_module(key, name) for key, name in self._model_mapping.items() if key in self._config_mapping]
        return mapping_values + list(self._extra_content.values())

    def items(self):
        mapping_items = [(self._load_attr_from_module(key, self._config_mapping[key]), self._load_attr_from_module(key, self._model_mapping[key])) for key in self._model_mapping if key in self._config_mapping]
        return mapping_items + list(self._extra_content.items())

    def __iter__(self):
        return iter(self.keys())

    def __contains__(self, item):
        if item in self._extra_content:
            return True
        if not hasattr(item, '__name__') or item.__name__ not in self._reverse_config_mapping:
            return False
        model_type = self._reverse_config_mapping[item.__name__]
        return model_type in self._model_mapping

    def register(self, key, value, exist_ok=False):
        if hasattr(key, '__name__') and key.__name__ in self._reverse_config_mapping:
            model_type = self._reverse_config_mapping[key.__name__]
            if model_type in self._model_mapping and (not exist_ok):
                raise ValueError(f"'{key}' is already used by a Transformers model.")
        if not exist_ok and getattr(key, '__module__', '').startswith('transformers.'):
            return
        self._extra_content[key] = value

    def __reduce__(self):
        return (self.__class__._from_pickle, (self._config_mapping, self._model_mapping, dict(self._extra_content)))

    @classmethod
    def _from_pickle(cls, config_mapping, model_mapping, extra_content):
        obj = cls(config_mapping, model_mapping)
        obj._extra_content = extra_content
        return obj
