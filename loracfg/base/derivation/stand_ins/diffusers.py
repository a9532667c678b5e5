"""Stands in for the machinery of diffusers around a model: its config, and how it is registered.

After diffusers 0.42, `configuration_utils.py`, `models/modeling_utils.py` and
`utils/deprecation_utils.py`.
"""

from __future__ import annotations

import functools
import inspect
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from loracfg.base.derivation.source.package import load
from loracfg.base.derivation.stand_ins.module import Buffer, Module, Parameter
from loracfg.base.derivation.stand_ins.tensors import META, Tensor
from loracfg.base.derivation.stand_ins.unknown import UndeterminedError, Unknown


class FrozenDict(OrderedDict[str, Any]):
    """The values of a config, which are also attributes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, value in self.items():
            setattr(self, key, value)

    def _refuse(self, *_: Any, **__: Any) -> Any:
        raise RuntimeError("a config is frozen")

    __delitem__ = setdefault = pop = update = _refuse


class ConfigMixin:
    """A model whose constructor takes the keys of a config."""

    ignore_for_config: tuple[str, ...] | list[str] = ()
    has_compatibles = False
    _deprecated_kwargs: tuple[str, ...] | list[str] = ()

    def register_to_config(self, **values: object) -> None:
        """Add to the config."""
        values.pop("kwargs", None)
        fields = self.__dict__
        fields["_internal_dict"] = FrozenDict({**fields.get("_internal_dict", {}), **values})

    @classmethod
    def from_config(cls, config: Mapping[str, object], **_: object) -> ConfigMixin:
        """Return the model for a config."""
        given, hidden = init_values(cls, config)
        model = cls(**given)
        model.register_to_config(**hidden)
        return model

    @property
    def config(self) -> FrozenDict:
        """Return the config."""
        found: FrozenDict = self.__dict__["_internal_dict"]
        return found


class LegacyConfigMixin(ConfigMixin):
    """A model that may be created as a different class."""

    @classmethod
    def from_config(cls, config: Mapping[str, object], **_: object) -> ConfigMixin:
        """Return the model for a config, of the class for its `norm_type`."""
        norm_type: Any = config["norm_type"]
        name = _REMAPPED.get(cls.__name__, {}).get(norm_type)
        if name is None:
            return super().from_config(config)
        model_class: type[ConfigMixin] = load(cls.__module__.rpartition(".")[0], name)
        return model_class.from_config(config)


_REMAPPED: Final[dict[str, dict[str, str]]] = {
    "Transformer2DModel": {
        "ada_norm_zero": "DiTTransformer2DModel",
        "ada_norm_single": "PixArtTransformer2DModel",
    }
}


def init_values(
    cls: type[ConfigMixin], config: Mapping[str, object]
) -> tuple[dict[str, object], dict[str, object]]:
    """Split a config into the constructor's arguments and the rest, like `from_config`.

    Raises:
        UndeterminedError: if defaults of the constructor replace values of the config.
    """
    if "_use_default_values" in config:
        raise UndeterminedError("`_use_default_values` leaves values out")
    if cls.has_compatibles:
        raise UndeterminedError("its config may be that of another class")
    expected = {*inspect.signature(cls.__init__).parameters} - {"self", "kwargs"}
    expected -= {*cls.ignore_for_config}
    offered = {
        key: value
        for key, value in config.items()
        if not key.startswith("_") and key != "quantization_config"
    }
    given = {key: value for key, value in offered.items() if key in expected}
    hidden = {key: value for key, value in config.items() if key not in given}
    for key in ("dtype", *cls._deprecated_kwargs):
        if key in offered:
            given[key] = offered[key]
    return given, hidden


def register_to_config(init: Callable[..., None]) -> Callable[..., None]:
    """Make a constructor record its arguments in the config."""

    @functools.wraps(init)
    def inner(self: Any, *args: Any, **kwargs: Any) -> None:
        given = {key: value for key, value in kwargs.items() if not key.startswith("_")}
        hidden = {key: value for key, value in kwargs.items() if key.startswith("_")}
        parameters = list(inspect.signature(init).parameters.items())[1:]
        defaults = {k: one.default for k, one in parameters if k not in self.ignore_for_config}
        values = dict(zip(defaults, args, strict=False))
        values |= {k: given.get(k, v) for k, v in defaults.items() if k not in values}
        if left := set(values) - set(given):
            values["_use_default_values"] = list(left)
        self.register_to_config(**{**hidden, **values})
        init(self, *args, **given)

    return inner


class ModelMixin(Module):
    """A model, whose config values are attributes unless it has its own attribute of that name."""

    """Models are created once and never cloned."""

    _supports_gradient_checkpointing = False
    _repeated_blocks: tuple[str, ...] | list[str] = ()

    def __init__(self) -> None:
        super().__init__()
        self.__dict__["_gradient_checkpointing_func"] = None

    def __getattr__(self, name: str) -> Any:
        config = self.__dict__.get("_internal_dict")
        if config is not None and hasattr(config, name):
            return config[name]
        for of in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(of, ()):
                return self.__dict__[of][name]
        return super().__getattr__(name)

    def _register(self, name: str, value: Any, place: str) -> None:
        self._check(name, value)
        super()._register(name, value, place)
        self._hide(name, value)

    def add_module(self, name: str, module: object) -> None:
        """Register a module under a name that no value of the config has."""
        if self._is_of_config(name) and name not in self._modules:
            raise KeyError(f"attribute '{name}' already exists")
        super().add_module(name, module)

    def register_buffer(self, name: str, tensor: object, persistent: bool = True) -> None:
        """Register a buffer under a name that no value of the config has."""
        self._check(name, Buffer(tensor) if isinstance(tensor, Tensor) else tensor)
        super().register_buffer(name, tensor, persistent)

    def register_parameter(self, name: str, param: object) -> None:
        """Register a parameter under a name that no value of the config has."""
        if self._is_of_config(name) and name not in self._parameters:
            raise KeyError(f"attribute '{name}' already exists")
        super().register_parameter(name, param)

    def _is_of_config(self, name: str) -> bool:
        config = self.__dict__.get("_internal_dict")
        return config is not None and hasattr(config, name)

    def _check(self, name: str, value: Any) -> None:
        """Raise if a parameter or buffer has a name that is taken, like torch."""
        fields = self.__dict__
        held = {*fields.get("_parameters", ()), *fields.get("_buffers", ())}
        if isinstance(value, (Parameter, Buffer)) and self._is_of_config(name) and name not in held:
            raise KeyError(f"attribute '{name}' already exists")

    def _hide(self, name: str, value: Any) -> None:
        """Remove a module's attribute if a config value has its name."""
        if isinstance(value, Module) and self._is_of_config(name):
            self.__dict__.pop(name, None)

    dtype = property(lambda self: Unknown("the dtype"))
    device = property(lambda self: META)


LegacyModelMixin = ModelMixin


def deprecate(*args: object, take_from: object = None, **_: object) -> object:
    """Return the values of deprecated arguments, without a warning.

    Raises:
        TypeError: if there are any other arguments.
    """
    taken: list[object] = []
    rows: Sequence[Any] = args if isinstance(args[0], tuple) else [args]
    for attribute, *_rest in rows:
        if isinstance(take_from, dict) and attribute in take_from:
            taken.append(take_from.pop(attribute))
        elif hasattr(take_from, attribute):
            taken.append(getattr(take_from, attribute))
    if isinstance(take_from, dict) and take_from:
        raise TypeError(f"unexpected keyword argument `{next(iter(take_from))}`")
    if not taken:
        return None
    return taken[0] if len(taken) == 1 else tuple(taken)


def is_torch_version(operation: str, version: str) -> bool:
    """Compare torch's version with a given one, which is always older."""
    del version
    return operation in (">", ">=", "!=")
