"""Constructors of transformers 4.57.6 (Apache-2.0, The Hugging Face team): common_utils_generic. Made by `python -m loracfg.base.transcriber`."""
from .common_utils_import_utils import is_torch_fx_proxy
from collections import OrderedDict
from functools import partial
from loracfg.base.catalogue.stand_ins.arrays import numpy as np
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.records import fields
from loracfg.base.catalogue.stand_ins.unknown import Foreign, Unknown
is_dataclass = Foreign('dataclasses.is_dataclass')
is_flax_available = lambda *_: False
is_mlx_available = lambda *_: False
is_tf_available = lambda *_: False
is_torch_available = lambda *_: True

def infer_framework_from_repr(x):
    representation = str(type(x))
    if representation.startswith("<class 'torch."):
        return 'pt'
    elif representation.startswith("<class 'tensorflow."):
        return 'tf'
    elif representation.startswith("<class 'jax"):
        return 'jax'
    elif representation.startswith("<class 'numpy."):
        return 'np'
    elif representation.startswith("<class 'mlx."):
        return 'mlx'

def _get_frameworks_and_test_func(x):
    framework_to_test = {'pt': is_torch_tensor, 'tf': is_tf_tensor, 'jax': is_jax_tensor, 'np': is_numpy_array, 'mlx': is_mlx_array}
    preferred_framework = infer_framework_from_repr(x)
    frameworks = [] if preferred_framework is None else [preferred_framework]
    if preferred_framework != 'np':
        frameworks.append('np')
    frameworks.extend([f for f in framework_to_test if f not in [preferred_framework, 'np']])
    return {f: framework_to_test[f] for f in frameworks}

def is_tensor(x):
    framework_to_test_func = _get_frameworks_and_test_func(x)
    for test_func in framework_to_test_func.values():
        if test_func(x):
            return True
    if is_torch_fx_proxy(x):
        return True
    if is_flax_available():
        Tracer = Foreign('jax.core.Tracer')
        if isinstance(x, Tracer):
            return True
    return False

def _is_numpy(x):
    return isinstance(x, np.ndarray)

def is_numpy_array(x):
    return _is_numpy(x)

def _is_torch(x):
    from loracfg.base.catalogue.stand_ins.functions import torch
    return isinstance(x, torch.Tensor)

def is_torch_tensor(x):
    return False if not is_torch_available() else _is_torch(x)

def _is_tensorflow(x):
    tf = Foreign('tensorflow')
    return isinstance(x, tf.Tensor)

def is_tf_tensor(x):
    return False if not is_tf_available() else _is_tensorflow(x)

def _is_jax(x):
    jnp = Foreign('jax.numpy')
    return isinstance(x, jnp.ndarray)

def is_jax_tensor(x):
    return False if not is_flax_available() else _is_jax(x)

def _is_mlx(x):
    mx = Foreign('mlx.core')
    return isinstance(x, mx.array)

def is_mlx_array(x):
    return False if not is_mlx_available() else _is_mlx(x)

class ModelOutput(OrderedDict):

    def __init_subclass__(cls):
        if is_torch_available():
            register_pytree_node = Unknown('torch.utils._pytree.register_pytree_node')
            register_pytree_node(cls, _model_output_flatten, partial(_model_output_unflatten, output_type=cls), serialized_type_name=f'{cls.__module__}.{cls.__name__}')

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        is_modeloutput_subclass = self.__class__ != ModelOutput
        if is_modeloutput_subclass and (not is_dataclass(self)):
            raise TypeError(f'{self.__module__}.{self.__class__.__name__} is not a dataclass. This is a subclass of ModelOutput and so must use the @dataclass decorator.')

    def __post_init__(self):
        class_fields = fields(self)
        if not len(class_fields):
            raise ValueError(f'{self.__class__.__name__} has no fields.')
        if not all((field.default is None for field in class_fields[1:])):
            raise ValueError(f'{self.__class__.__name__} should not have more than one required field.')
        first_field = getattr(self, class_fields[0].name)
        other_fields_are_none = all((getattr(self, field.name) is None for field in class_fields[1:]))
        if other_fields_are_none and (not is_tensor(first_field)):
            if isinstance(first_field, dict):
                iterator = first_field.items()
                first_field_iterator = True
            else:
                try:
                    iterator = iter(first_field)
                    first_field_iterator = True
                except TypeError:
                    first_field_iterator = False
            if first_field_iterator:
                setattr(self, class_fields[0].name, None)
                for idx, element in enumerate(iterator):
                    if not isinstance(element, (list, tuple)) or len(element) != 2 or (not isinstance(element[0], str)):
                        if idx == 0:
                            self[class_fields[0].name] = first_field
                        else:
                            raise ValueError(f'Cannot set key/value for {element}. It needs to be a tuple (key, value).')
                        break
                    setattr(self, element[0], element[1])
                    if element[1] is not None:
                        self[element[0]] = element[1]
            elif first_field is not None:
                self[class_fields[0].name] = first_field
        else:
            for field in class_fields:
                v = getattr(self, field.name)
                if v is not None:
                    self[field.name] = v

    def __delitem__(self, *args, **kwargs):
        raise Exception(f'You cannot use ``__delitem__`` on a {self.__class__.__name__} instance.')

    def setdefault(self, *args, **kwargs):
        raise Exception(f'You cannot use ``setdefault`` on a {self.__class__.__name__} instance.')

    def pop(self, *args, **kwargs):
        raise Exception(f'You cannot use ``pop`` on a {self.__class__.__name__} instance.')

    def update(self, *args, **kwargs):
        raise Exception(f'You cannot use ``update`` on a {self.__class__.__name__} instance.')

    def __getitem__(self, k):
        if isinstance(k, str):
            inner_dict = dict(self.items())
            return inner_dict[k]
        else:
            return self.to_tuple()[k]

    def __setattr__(self, name, value):
        if name in self.keys() and value is not None:
            super().__setitem__(name, value)
        super().__setattr__(name, value)

    def __setitem__(self, key, value):
        super().__setitem__(key, value)
        super().__setattr__(key, value)

    def __reduce__(self):
        if not is_dataclass(self):
            return super().__reduce__()
        callable, _args, *remaining = super().__reduce__()
        args = tuple((getattr(self, field.name) for field in fields(self)))
        return (callable, args, *remaining)

    def to_tuple(self):
        return tuple((self[k] for k in self.keys()))

def _model_output_flatten(output):
    return (list(output.values()), list(output.keys()))

def _model_output_unflatten(values, context, output_type=None):
    return output_type(**dict(zip(context, values)))

def torch_int(x):
    if not is_torch_available():
        return int(x)
    from loracfg.base.catalogue.stand_ins.functions import torch
    return x.to(torch.int64) if torch.jit.is_tracing() and isinstance(x, torch.Tensor) else int(x)

def torch_float(x):
    if not is_torch_available():
        return int(x)
    from loracfg.base.catalogue.stand_ins.functions import torch
    return x.to(torch.float32) if torch.jit.is_tracing() and isinstance(x, torch.Tensor) else int(x)
