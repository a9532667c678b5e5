"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): common_configuration_utils. Made by `python -m loracfg.base.transcriber`."""
from .auto import GenerationConfig
from .common_backbone_utils import consolidate_backbone_kwargs_to_config
from .common_integrations_heterogeneity_configuration_utils import HeterogeneousConfigMixin
from .common_modeling_rope_utils import RotaryEmbeddingConfigMixin
from functools import wraps
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.models import PushToHubMixin
from loracfg.base.catalogue.stand_ins.records import MISSING, dataclass, fields
from loracfg.base.catalogue.stand_ins.turns import range
from loracfg.base.catalogue.stand_ins.unknown import Unknown
import copy
__version__ = '5.23.0'
is_torch_available = lambda *_: True

ALLOWED_ATTN_LAYER_TYPES = ('full_attention', 'sliding_attention', 'chunked_attention', 'window_attention', 'indexed_attention', 'compressed_sparse_attention', 'heavily_compressed_attention', 'minimax_m3_sparse', 'conv', 'moe', 'hybrid', 'hybrid_sliding', 'reference_sliding_attention', 'linear_attention')

ALLOWED_MLP_LAYER_TYPES = ('sparse', 'dense')

_LEGACY_LAYER_TYPE_REMAP = {'mamba': 'linear_attention', 'attention': 'full_attention', 'deepseek_sparse_attention': 'indexed_attention', 'qwen_sparse_attention': 'indexed_attention'}

def remap_legacy_layer_types(layer_types=None, config=None):
    if (layer_types is None) ^ (config is not None):
        raise ValueError('This function must take exactly one of `layer_types` or `config`')
    if layer_types is not None:
        return [_LEGACY_LAYER_TYPE_REMAP.get(t, t) for t in layer_types]
    else:
        if getattr(config, 'layer_types', None) is not None:
            if (remapped := remap_legacy_layer_types(config.layer_types)) != config.layer_types:
                config.layer_types = remapped
        if getattr(config, 'mtp_layer_types', None) is not None:
            if (remapped := remap_legacy_layer_types(config.mtp_layer_types)) != config.mtp_layer_types:
                config.mtp_layer_types = remapped

def wrap_init_to_accept_kwargs(cls):
    original_init = cls.__init__

    @wraps(original_init)
    def __init__(self, *args, **kwargs):
        dataclass_fields = {f.name for f in fields(cls)}
        standard_kwargs = {k: v for k, v in kwargs.items() if k in dataclass_fields}
        if len(args) > 0:
            raise ValueError(f'{cls.__name__} accepts only keyword arguments, but found `{len(args)}` positional args.')
        for f in fields(cls):
            if f.name in standard_kwargs:
                setattr(self, f.name, standard_kwargs[f.name])
            elif f.default is not MISSING:
                setattr(self, f.name, f.default)
            elif f.default_factory is not MISSING:
                setattr(self, f.name, f.default_factory())
            else:
                raise TypeError(f"Missing required field - '{f.name}'")
        additional_kwargs = {}
        for name, value in kwargs.items():
            if name not in dataclass_fields:
                additional_kwargs[name] = value
        self.__post_init__(**additional_kwargs)
    cls.__init__ = __init__
    return cls

class SubConfigSpec:

    def __init__(self, config_class, model_type=None, init_kwargs=None, optional=False):
        self.init_kwargs = init_kwargs if init_kwargs is not None else {}
        self.config_class = config_class
        self.optional = optional
        if model_type is None and (not hasattr(config_class, 'model_type')):
            raise ValueError(f'You have to provide either a valid `model_type` or an specific `config_class` to init subconfigs correctly, but got model_type={model_type} and config_class={config_class}')
        self.model_type = model_type if model_type is not None else config_class.model_type

    def get_config_class(self, model_type=None):
        from .auto import CONFIG_MAPPING
        if model_type not in CONFIG_MAPPING:
            raise ValueError(f"Unrecognized model type for subconfig: {model_type}. Should contain one of {', '.join(CONFIG_MAPPING.keys())}")
        return CONFIG_MAPPING[model_type]

    def create_subconfig(self, key, subconfig=None, **kwargs):
        if isinstance(subconfig, PreTrainedConfig):
            return (subconfig, kwargs)
        if key == 'backbone_config':
            backbone_config, kwargs = consolidate_backbone_kwargs_to_config(backbone_config=subconfig, default_config_type=self.model_type, default_config_kwargs=self.init_kwargs, **kwargs)
            return (backbone_config, kwargs)
        if not issubclass(self.config_class, PreTrainedConfig):
            model_type = subconfig.get('model_type', self.model_type) if subconfig is not None else self.model_type
            if not model_type:
                raise ValueError(f'Cannot resolve `{key}`: no `model_type` found inputs or in `sub_configs_defaults`.')
            subconfig_cls = self.get_config_class(model_type)
        else:
            subconfig_cls = self.config_class
        if isinstance(subconfig, dict):
            pass
        elif subconfig is None:
            subconfig = self.init_kwargs
        else:
            raise TypeError(f'`{key}` must be a `dict`, `PreTrainedConfig`, or `None`, got `{type(subconfig)}`')
        return (subconfig_cls(**subconfig), kwargs)

class classproperty(property):

    def __get__(self, owner_self, owner_cls):
        return self.fget(owner_cls)

@strict(accept_kwargs=True)
@dataclass(repr=False)
class PreTrainedConfig(PushToHubMixin, RotaryEmbeddingConfigMixin, HeterogeneousConfigMixin):
    base_config_key = ''
    sub_configs_defaults = {}
    attribute_map = {}
    base_model_tp_plan = None
    base_model_fsdp_plan = {'embed_tokens': 'free_full_weight', 'layers.*': 'free_full_weight', 'norm': 'keep_full_weight'}
    base_model_pp_plan = None
    base_model_ep_plan = None
    _auto_class = None
    extra_files = ()
    extra_config_files = ()
    model_type = ''
    transformers_version: 'str | None' = None
    architectures: 'list[str] | None' = None
    output_hidden_states: 'bool | None' = False
    return_dict: 'bool | None' = True
    dtype: 'str | torch.dtype | None' = None
    chunk_size_feed_forward: 'int' = 0
    is_encoder_decoder: 'bool' = False
    id2label: 'dict[int, str] | dict[str, str] | None' = None
    label2id: 'dict[str, int] | dict[str, str] | None' = None
    problem_type: "Literal['regression', 'single_label_classification', 'multi_label_classification'] | None" = None

    def __post_init__(self, **kwargs):
        if self.sub_configs_defaults:
            for key, specs in self.sub_configs_defaults.items():
                subconfig = getattr(self, key)
                if subconfig is None and specs.optional:
                    continue
                subconfig, kwargs = specs.create_subconfig(key, subconfig, **kwargs)
                setattr(self, key, subconfig)
        if (torch_dtype := kwargs.pop('torch_dtype', None)) is not None:
            self.dtype = self.dtype if self.dtype is not None else torch_dtype
        if self.dtype is not None and isinstance(self.dtype, str) and is_torch_available():
            from loracfg.base.catalogue.stand_ins.functions import torch
            self.dtype = getattr(torch, self.dtype)
        if self.id2label is None:
            self.num_labels = kwargs.get('num_labels', self.num_labels if self.num_labels is not None else 2)
        else:
            if kwargs.get('num_labels') is not None and len(self.id2label) != kwargs.get('num_labels'):
                pass
            self.id2label = {int(key): value for key, value in self.id2label.items()}
        if self.problem_type == 'single_label_classification' and self.num_labels == 1:
            raise ValueError('`problem_type="single_label_classification"` requires `num_labels > 1`. For binary classification use `num_labels=2`, or use `problem_type="regression"` for a single-output regression head.')
        if hasattr(self, 'rope_parameters'):
            kwargs = self.convert_rope_params_to_dict(**kwargs)
        elif kwargs.get('rope_scaling') and kwargs.get('rope_theta'):
            kwargs = self.convert_rope_params_to_dict(**kwargs)
        for parameter_name in GenerationConfig._get_default_generation_params().keys():
            kwargs.pop(parameter_name, None)
        self._name_or_path = str(kwargs.pop('name_or_path', ''))
        kwargs.pop('_commit_hash', None)
        self._output_attentions = kwargs.pop('output_attentions', False)
        self._attn_implementation = kwargs.pop('attn_implementation', None)
        self._experts_implementation = kwargs.pop('experts_implementation', None)
        per_layer_config = kwargs.pop('per_layer_config', None)
        for key, value in kwargs.items():
            if key not in ('_attn_implementation_internal', '_experts_implementation_internal'):
                try:
                    setattr(self, key, value)
                except AttributeError as err:
                    raise err
        if per_layer_config is not None:
            self.per_layer_config = per_layer_config
        remap_legacy_layer_types(config=self)
        self._post_init_done = True

    def __init_subclass__(cls, *args, **kwargs):
        super().__init_subclass__(*args, **kwargs)

        def resolve_spec(spec_or_config):
            if not isinstance(spec_or_config, SubConfigSpec):
                return SubConfigSpec(config_class=spec_or_config)
            return spec_or_config
        if (sub_configs_defaults := cls.__dict__.get('sub_configs_defaults')) is not None:
            cls.sub_configs_defaults = {k: resolve_spec(v) for k, v in sub_configs_defaults.items()}
        cls_has_custom_init = '__init__' in cls.__dict__
        cls = dataclass(cls, repr=False, kw_only=True)
        if not cls_has_custom_init:
            cls = wrap_init_to_accept_kwargs(cls)

    @classproperty
    def sub_configs(cls):
        if cls.sub_configs_defaults:
            return {key: specs.config_class for key, specs in cls.sub_configs_defaults.items()}
        return {}

    @property
    def name_or_path(self):
        return getattr(self, '_name_or_path', None)

    @name_or_path.setter
    def name_or_path(self, value):
        self._name_or_path = str(value)

    @property
    def num_labels(self):
        return len(self.id2label) if self.id2label is not None else None

    @num_labels.setter
    def num_labels(self, num_labels):
        if self.id2label is None or self.num_labels != num_labels:
            self.id2label = {i: f'LABEL_{i}' for i in range(num_labels)}
            self.label2id = dict(zip(self.id2label.values(), self.id2label.keys()))

    @property
    def output_attentions(self):
        return self._output_attentions

    @output_attentions.setter
    def output_attentions(self, value):
        if value and self._attn_implementation is None:
            self._attn_implementation = 'eager'
        if value and self._attn_implementation != 'eager':
            raise ValueError(f"The `output_attentions` attribute is not supported when using the `attn_implementation` set to {self._attn_implementation}. Please set it to 'eager' instead.")
        self._output_attentions = value

    @property
    def _attn_implementation(self):
        return self._attn_implementation_internal

    @_attn_implementation.setter
    def _attn_implementation(self, value):
        current_attn = getattr(self, '_attn_implementation', None)
        attn_implementation = value if not isinstance(value, dict) else value.get('', current_attn)
        self._attn_implementation_internal = attn_implementation
        for subconfig_key in self.sub_configs:
            subconfig = getattr(self, subconfig_key, None)
            if subconfig is not None:
                current_subconfig_attn = getattr(subconfig, '_attn_implementation', None)
                sub_implementation = value if not isinstance(value, dict) else value.get(subconfig_key, current_subconfig_attn)
                subconfig._attn_implementation = sub_implementation

    @property
    def _experts_implementation(self):
        return self._experts_implementation_internal

    @_experts_implementation.setter
    def _experts_implementation(self, value):
        current_moe = getattr(self, '_experts_implementation', None)
        experts_implementation = value if not isinstance(value, dict) else value.get('', current_moe)
        self._experts_implementation_internal = experts_implementation
        for subconfig_key in self.sub_configs:
            subconfig = getattr(self, subconfig_key, None)
            if subconfig is not None:
                current_subconfig_moe = getattr(subconfig, '_experts_implementation', None)
                sub_implementation = value if not isinstance(value, dict) else value.get(subconfig_key, current_subconfig_moe)
                subconfig._experts_implementation = sub_implementation

    @property
    def torch_dtype(self):
        return self.dtype

    @property
    def use_return_dict(self):
        return self.return_dict

    @torch_dtype.setter
    def torch_dtype(self, value):
        self.dtype = value

    def __setattr__(self, key, value):
        if key in super().__getattribute__('attribute_map'):
            key = super().__getattribute__('attribute_map')[key]
        super().__setattr__(key, value)

    def __getattribute__(self, key):
        if key != 'attribute_map' and key in super().__getattribute__('attribute_map'):
            key = super().__getattribute__('attribute_map')[key]
        return super().__getattribute__(key)

    def validate_output_attentions(self):
        if self.output_attentions and self._attn_implementation not in ['eager', None]:
            raise ValueError(f"The `output_attentions` attribute is not supported when using the `attn_implementation` set to {self._attn_implementation}. Please set it to 'eager' instead.")

    def validate_architecture(self):
        if self.is_heterogeneous:
            for config in self.per_layer_config:
                config.validate_architecture()
            return
        if hasattr(self, 'head_dim') and hasattr(self, 'num_heads') and hasattr(self, 'embed_dim') and (self.head_dim * self.num_heads != self.embed_dim):
            raise ValueError(f'The embed_dim ({self.embed_dim}) is not a multiple of the number of attention heads ({self.num_heads}).')

    def validate_token_ids(self):
        text_config = self.get_text_config(decoder=True)
        vocab_size = getattr(text_config, 'vocab_size', None)
        if vocab_size is not None:
            for name in text_config:
                value = getattr(text_config, name)
                if name.endswith('_token_id') and isinstance(value, int) and (not 0 <= value < vocab_size):
                    pass

    def validate_layer_type(self):
        for allowed_types, layer_types in zip([ALLOWED_ATTN_LAYER_TYPES, ALLOWED_MLP_LAYER_TYPES], ['layer_types', 'mlp_layer_types']):
            layers = getattr(self, layer_types, None)
            if not (layers is not None and hasattr(self, 'num_hidden_layers')):
                return
            if not all((layer_type in allowed_types for layer_type in layers)):
                raise ValueError(f'The `{layer_types}` entries must be in {allowed_types} but got {layers}')
            elif self.num_hidden_layers is not None and self.num_hidden_layers != len(layers):
                raise ValueError(f'`num_hidden_layers` ({self.num_hidden_layers}) must be equal to the number of `{layer_types}` ({len(layers)})')

    @property
    def rope_scaling(self):
        return self.rope_parameters

    @rope_scaling.setter
    def rope_scaling(self, value):
        self.rope_parameters = value
        if value is not None and getattr(self, '_post_init_done', False):
            self.standardize_rope_params()

    @classmethod
    def from_dict(cls, config_dict, **kwargs):
        return_unused_kwargs = kwargs.pop('return_unused_kwargs', False)
        to_remove = ['_from_auto', '_from_pipeline']
        valid_fields = ['num_labels', 'attn_implementation', 'experts_implementation', 'output_attentions', 'torch_dtype', 'dtype', 'name_or_path']
        for key, value in kwargs.items():
            if key in valid_fields:
                if key not in ['torch_dtype', 'dtype']:
                    config_dict[key] = value
                    to_remove.append(key)
                elif value != 'auto':
                    config_dict[key] = value
        config = cls(**config_dict)
        for key, value in kwargs.items():
            if hasattr(config, key):
                current_attr = getattr(config, key)
                if isinstance(current_attr, PreTrainedConfig) and isinstance(value, dict):
                    current_attr_updated = current_attr.to_dict()
                    current_attr_updated.update(value)
                    value = current_attr.__class__(**current_attr_updated)
                setattr(config, key, value)
                to_remove.append(key)
        for key in to_remove:
            kwargs.pop(key, None)
        if return_unused_kwargs:
            return (config, kwargs)
        else:
            return config

    def __iter__(self):
        yield from self._iter_config_keys_with_heterogeneous_adjustment(self.__dict__)

    def to_dict(self):
        output = copy.deepcopy(self.__dict__)
        if hasattr(self.__class__, 'model_type'):
            output['model_type'] = self.__class__.model_type
        output['transformers_version'] = __version__
        output.pop('kwargs', None)

        def to_list(value):
            if isinstance(value, tuple):
                value = [to_list(item) for item in value]
            return value
        for key, value in output.items():
            if isinstance(value, PreTrainedConfig):
                value = value.to_dict()
                del value['transformers_version']
            elif isinstance(value, tuple):
                value = to_list(value)
            output[key] = value
        self._remove_keys_not_serialized(output)
        if hasattr(self, 'quantization_config'):
            output['quantization_config'] = self.quantization_config.to_dict() if not isinstance(self.quantization_config, dict) and self.quantization_config is not None else self.quantization_config
        self.dict_dtype_to_str(output)
        self._update_heterogeneous_to_dict_output(output)
        return output

    def update(self, config_dict):
        for key, value in config_dict.items():
            setattr(self, key, value)

    def dict_dtype_to_str(self, d):
        if d.get('dtype') is not None:
            if isinstance(d['dtype'], dict):
                d['dtype'] = {k: str(v).split('.')[-1] for k, v in d['dtype'].items()}
            elif not isinstance(d['dtype'], (str, int)):
                d['dtype'] = str(d['dtype']).split('.')[1]
        for value in d.values():
            if isinstance(value, dict):
                self.dict_dtype_to_str(value)

    def _remove_keys_not_serialized(self, d):
        for key_to_remove in ['_is_quantized', '_auto_class', '_commit_hash', '_attn_implementation_internal', '_experts_implementation_internal', '_post_init_done', 'ignore_keys_at_rope_validation', 'base_model_tp_plan', 'base_model_pp_plan', 'base_model_fsdp_plan', 'distributed_config']:
            d.pop(key_to_remove, None)
        if '_output_attentions' in d:
            d['output_attentions'] = d.pop('_output_attentions')
        for value in d.values():
            if isinstance(value, dict):
                self._remove_keys_not_serialized(value)

    @classmethod
    def register_for_auto_class(cls, auto_class='AutoConfig'):
        if not isinstance(auto_class, str):
            auto_class = auto_class.__name__
        auto_module = Unknown('transformers.models.auto')
        if not hasattr(auto_module, auto_class):
            raise ValueError(f'{auto_class} is not a valid auto class.')
        cls._auto_class = auto_class

    def get_text_config(self, decoder=None, encoder=None):
        return_both = decoder == encoder
        decoder_possible_text_config_names = ('decoder', 'generator', 'text_config')
        encoder_possible_text_config_names = ('text_encoder',)
        if return_both:
            possible_text_config_names = encoder_possible_text_config_names + decoder_possible_text_config_names
        elif decoder:
            possible_text_config_names = decoder_possible_text_config_names
        else:
            possible_text_config_names = encoder_possible_text_config_names
        valid_text_config_names = []
        for text_config_name in possible_text_config_names:
            if hasattr(self, text_config_name):
                text_config = getattr(self, text_config_name, None)
                if text_config is not None:
                    valid_text_config_names += [text_config_name]
        if len(valid_text_config_names) > 1:
            raise ValueError(f'Multiple valid text configs were found in the model config: {valid_text_config_names}. In this case, using `get_text_config()` would be ambiguous. Please specify the desired text config directly, e.g. `text_config = config.sub_config_name`')
        elif len(valid_text_config_names) == 1:
            config_to_return = getattr(self, valid_text_config_names[0])
        else:
            config_to_return = self
        if not return_both and len(valid_text_config_names) == 0 and config_to_return.is_encoder_decoder:
            config_to_return = copy.deepcopy(config_to_return)
            prefix_to_keep = 'decoder' if decoder else 'encoder'
            for key in config_to_return.to_dict():
                if key.startswith(prefix_to_keep):
                    if key == prefix_to_keep + '_layers':
                        new_key = 'num_hidden_layers'
                    elif key == prefix_to_keep + '_attention_heads':
                        new_key = 'num_attention_heads'
                    else:
                        new_key = key[len(prefix_to_keep) + 1:]
                    if new_key in config_to_return.attribute_map:
                        new_key = config_to_return.attribute_map[new_key]
                    value = getattr(config_to_return, key)
                    delattr(config_to_return, key)
                    setattr(config_to_return, new_key, value)
        return config_to_return
