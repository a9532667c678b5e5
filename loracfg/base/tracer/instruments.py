"""Puts the recorder where transformers and torch make modules, parameters and config values.

The changes are to the whole process and are never taken back: tracing runs in a process of its own.
"""

from __future__ import annotations

import contextlib
import copy
import functools
import importlib
import re
import sys
from typing import Any, Final

from loracfg.base.catalogue.expression import ABSENT
from loracfg.base.tracer.recorder import recorder
from loracfg.base.tracer.rewrite import MadeList, rewrite_class
from loracfg.base.tracer.stand_ins import BUILTINS
from loracfg.base.tracer.symbols import (
    SymList,
    SymStr,
    expression_of,
    plain,
    symbol,
)

_INSTRUMENTED: Final = ("transformers.models.", "diffusers.models.")
_ALSO: Final = frozenset(
    (
        "transformers.modeling_layers",
        "transformers.modeling_rope_utils",
        "transformers.pytorch_utils",
        "transformers.backbone_utils",
        "transformers.utils.backbone_utils",
    )
)
IGNORED: Final = frozenset(
    (
        "architectures",
        "attribute_map",
        "auto_map",
        "base_model_ep_plan",
        "base_model_fsdp_plan",
        "base_model_pp_plan",
        "base_model_tp_plan",
        "dtype",
        "gradient_checkpointing",
        "is_composition",
        "is_heterogeneous",
        "keys_to_ignore_at_inference",
        "model_type",
        "name_or_path",
        "output_attentions",
        "output_hidden_states",
        "per_layer_config",
        "return_dict",
        "sub_configs",
        "sub_configs_defaults",
        "torch_dtype",
        "transformers_version",
        "use_pretrained_backbone",
        "use_return_dict",
    )
)
"""Attributes of configs that choose precision, kernels or output, never modules."""

RATE: Final = re.compile(r"drop|_eps$|initializer|_std$|epsilon|theta$|rotary_emb_base$")
"""Floats that no size depends on; whether a dropout stands for an identity is no difference."""

_BASE_CONFIG: Final = "transformers.configuration_utils"
PATH: Final = "_trace_path"
_SET: Final = "_trace_set"
_LAYER: Final = "_trace_layer"
LAYERED: Final = "per_layer_config"


@functools.cache
def install() -> None:
    """Instrument torch and transformers, once."""
    _wrap_modules()
    _wrap_parameters()
    _wrap_configs()
    _wrap_activations()
    _wrap_layer_views()
    _pause_checks()


_seen = 0


def instrument_loaded_modules() -> bool:
    """Give modelling modules the builtins that keep symbols; tell whether there were new ones."""
    global _seen
    if len(sys.modules) == _seen:
        return False
    _seen = len(sys.modules)
    found = False
    for name, module in list(sys.modules.items()):
        if module is None or "_tracing" in vars(module):
            continue
        if name in _ALSO or (
            name.startswith(_INSTRUMENTED)
            and ".models.auto." not in f"{name}."
            and "configuration" not in name
        ):
            _give_stand_ins(module)
            vars(module)["_tracing"] = found = True
    return found


def _give_stand_ins(module: Any) -> None:
    names = vars(module)
    modules = _modules()
    for builtin, stand_in in BUILTINS.items():
        names.setdefault(builtin, stand_in)
    for name, value in list(names.items()):
        if id(value) in modules:
            names[name] = modules[id(value)]


@functools.cache
def _modules() -> dict[int, Any]:
    from loracfg.base.tracer.tensors import stand_ins

    return stand_ins()


def instrument_configs() -> None:
    """Give the config modules that are loaded by now the builtins that keep symbols."""
    for name, module in list(sys.modules.items()):
        if module is None or "_tracing_configs" in vars(module):
            continue
        if name == _BASE_CONFIG or (
            name.startswith(_INSTRUMENTED) and "configuration" in name and ".auto" not in name
        ):
            _give_stand_ins(module)
            vars(module)["_tracing_configs"] = True
            for value in list(vars(module).values()):
                if isinstance(value, type) and value.__module__ == name != _BASE_CONFIG:
                    rewrite_class(value)
    _wrap_layer_types()


def _wrap_layer_types() -> None:
    """Let the renaming of old layer types keep symbols."""
    from transformers import configuration_utils

    original = getattr(configuration_utils, "remap_legacy_layer_types", None)
    if original is None or original.__module__ == __name__:  # transformers 4
        return

    names = vars(configuration_utils)["_LEGACY_LAYER_TYPE_REMAP"]
    old, new = ("list", *names), ("list", *names.values())

    def one(value: Any, renamed: Any) -> Any:
        if not isinstance(value, SymStr):
            return renamed
        known = ("renamed", ("list", value.expression), old, new)
        return symbol(renamed, ("at", known, 0))

    def remap_legacy_layer_types(layer_types: Any = None, config: Any = None) -> Any:
        if config is None:
            renamed = original(layer_types=plain(layer_types))
            if not isinstance(layer_types, SymList):
                kept = [one(a, b) for a, b in zip(layer_types, renamed, strict=True)]
                made = isinstance(layer_types, MadeList)
                return layer_types.with_values(kept) if made else kept
            known = layer_types.expression
            return (
                layer_types
                if known[0] == "renamed"
                else symbol(renamed, ("renamed", known, old, new))
            )
        for name in ("layer_types", "mtp_layer_types"):
            types = getattr(config, name, None)
            if isinstance(types, list):
                with contextlib.suppress(AttributeError):  # a property without a setter
                    setattr(config, name, remap_legacy_layer_types(types))
        return None

    for module in list(sys.modules.values()):
        if getattr(module, "remap_legacy_layer_types", None) is original:
            vars(module)["remap_legacy_layer_types"] = remap_legacy_layer_types


def mark_paths(config: Any, path: str = "") -> None:
    """Note on a config, and those inside it, where they stand."""
    from transformers import PreTrainedConfig

    vars(config)[PATH] = path
    for name, value in list(vars(config).items()):
        if isinstance(value, PreTrainedConfig) and PATH not in vars(value):
            mark_paths(value, f"{path}{name}.")


class Values(dict[str, Any]):
    """The values of a config by path; what is nowhere is `ABSENT`."""

    def __missing__(self, path: str) -> Any:
        return ABSENT


def values_of(config: Any, path: str = "") -> dict[str, Any]:
    """Return the plain values of a config by path, of those inside it too."""
    from transformers import PreTrainedConfig

    with recorder.paused():
        layered = layered_values(config)
    found: dict[str, Any] = Values({f"{path}{LAYERED}.{n}": v for n, v in layered.items()})
    for name, value in vars(config).items():
        if name.startswith("_") or name in IGNORED:
            continue
        if isinstance(value, PreTrainedConfig):
            found[path + name] = ("config", type(value).__name__)
            found |= values_of(value, f"{path}{name}.")
        elif _kind(value) is not None:
            found[path + name] = plain(list(value) if isinstance(value, tuple) else value)
    return found


def _wrap_modules() -> None:
    from torch import nn

    def wrap(cls: type) -> None:
        original = vars(cls).get("__init__")
        if original is None or hasattr(original, "_traced"):
            return

        @functools.wraps(original)
        def __init__(self: Any, *arguments: Any, **keywords: Any) -> None:
            if not recorder.active or recorder.is_open(self):
                original(self, *arguments, **keywords)
                return
            with recorder.frame(self):
                original(self, *arguments, **keywords)

        __init__._traced = True  # type: ignore[attr-defined]
        cls.__init__ = __init__  # type: ignore[misc]

    def wrap_all(cls: type) -> None:
        wrap(cls)
        for sub in type.__subclasses__(cls):
            wrap_all(sub)

    wrap_all(nn.Module)
    before = nn.Module.__init_subclass__

    def __init_subclass__(cls: type, **keywords: Any) -> None:
        before(**keywords)
        wrap(cls)

    nn.Module.__init_subclass__ = classmethod(__init_subclass__)  # type: ignore


def _wrap_parameters() -> None:
    from torch import nn

    original = nn.Parameter.__new__

    def __new__(cls: type, data: Any = None, requires_grad: bool = True) -> Any:
        made = original(cls, data, requires_grad)
        shape = getattr(data, "shape_expression", None)
        if shape is not None:
            made.shape_expression = shape
        return made

    nn.Parameter.__new__ = staticmethod(__new__)  # type: ignore


def _wrap_configs() -> None:
    from transformers import PreTrainedConfig

    read, write = PreTrainedConfig.__getattribute__, PreTrainedConfig.__setattr__

    def __getattribute__(self: Any, name: str) -> Any:
        if not recorder.active or name.startswith("_") or name in IGNORED:
            return read(self, name)
        own: dict[str, Any] = read(self, "__dict__")
        if PATH not in own:
            return read(self, name)
        name = read(self, "attribute_map").get(name, name)
        if name in own.get(_SET, ()):
            return read(self, name)
        path = own[PATH] + name
        if _LAYER in own:
            path = f"{own[PATH]}{LAYERED}.{name}"
            layer, layered = own[_LAYER]
            if name in layered:
                return _traced(symbol(layered[name], ("attr", path)), path)[layer]
            recorder.values[path] = ABSENT
            recorder.decide(("kind", ("attr", path)), "absent")
            path = own[PATH] + name
        try:
            if isinstance(getattr(type(self), name, None), property):
                with recorder.paused():
                    value = read(self, name)
            else:
                value = read(self, name)
        except AttributeError:
            if RATE.search(path):
                raise
            recorder.values[path] = ABSENT
            recorder.decide(("kind", ("attr", path)), "absent")
            raise
        return _traced(value, path, may_be_null=_may_be_null(type(self), name))

    def __setattr__(self: Any, name: str, value: Any) -> None:
        if recorder.active and PATH in vars(self) and not name.startswith("_"):
            mapped = type(self).attribute_map.get(name, name)
            vars(self).setdefault(_SET, set()).add(mapped)
        elif recorder.active and type(value) is list:
            value = numbered(value)
        write(self, name, value)

    PreTrainedConfig.__getattribute__ = __getattribute__  # type: ignore
    PreTrainedConfig.__setattr__ = __setattr__  # type: ignore


def _kind(value: Any) -> str | None:
    """Return the JSON type of a value, `config:` and a class, or None for what JSON has not."""
    from transformers import PreTrainedConfig

    if value is None:
        return "null"
    for cls, kind in ((bool, "bool"), (int, "int"), (float, "float"), (str, "str"), (dict, "dict")):
        if isinstance(value, cls):
            return kind
    if isinstance(value, (list, tuple)):
        return "list"
    if isinstance(value, PreTrainedConfig):
        return f"config:{type(value).__name__}"
    return None


def _may_be_null(cls: type, name: str) -> bool:
    """Tell whether a config class declares that an epsilon may be null (transformers 5)."""
    field = getattr(cls, "__dataclass_fields__", {}).get(name)
    return field is not None and "drop" not in name and "None" in str(field.type)


def _traced(value: Any, path: str, *, may_be_null: bool = False) -> Any:
    from transformers import PreTrainedConfig

    kind = _kind(value)
    if kind is None:
        return value
    attribute = ("attr", path)
    if kind in ("float", "int", "null") and RATE.search(path):
        if may_be_null:
            recorder.values[path] = value
            recorder.decide(("eq", ("kind", attribute), "null"), value is None)
        return value
    if isinstance(value, PreTrainedConfig):
        recorder.values[path] = ("config", type(value).__name__)
        vars(value).setdefault(PATH, f"{path}.")
    else:
        recorder.values[path] = plain(list(value) if isinstance(value, tuple) else value)
    recorder.decide(("kind", attribute), kind)
    if isinstance(value, bool):
        return recorder.decide(attribute, value)
    return symbol(plain(value), attribute) if kind in ("int", "float", "str", "list") else value


def _wrap_activations() -> None:
    from transformers.activations import ACT2FN

    cls = type(ACT2FN)
    original = cls.__getitem__

    def __getitem__(self: Any, key: Any) -> Any:
        if self is not ACT2FN or not isinstance(key, SymStr):
            return original(self, key)
        made = original(self, plain(key))
        if hasattr(made, "_modules"):
            object.__setattr__(made, "activation_expression", expression_of(key))
        return made

    contains = cls.__contains__

    def __contains__(self: Any, key: Any) -> Any:
        return contains(self, plain(key) if self is ACT2FN else key)

    cls.__getitem__ = __getitem__  # type: ignore
    cls.__contains__ = __contains__  # type: ignore


def _pause_checks() -> None:
    """Let what makes no module leave no trace: generation configs, and checks of stage names."""
    from transformers import GenerationConfig

    original = GenerationConfig.from_model_config

    def from_model_config(config: Any) -> Any:
        with recorder.paused():
            return original(config)

    GenerationConfig.from_model_config = staticmethod(from_model_config)  # type: ignore
    home = _imported("transformers.backbone_utils") or _imported(
        "transformers.utils.backbone_utils"
    )
    mixin = home.BackboneMixin
    mixin._init_transformers_backbone = _paused(mixin._init_transformers_backbone)
    mixin.out_features = property(lambda self: self.config.out_features)
    mixin.out_indices = property(lambda self: self.config.out_indices)


def _paused(function: Any) -> Any:
    @functools.wraps(function)
    def paused(*arguments: Any, **keywords: Any) -> Any:
        with recorder.paused():
            return function(*arguments, **keywords)

    return paused


def _imported(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


_LABEL: Final = re.compile(r"([A-Za-z_]+)(\d+)")


def numbered(values: list[Any]) -> Any:
    """Return a list that ends in names with numbers from 1 on as a symbol, if a loop made it."""
    found = [_LABEL.fullmatch(one) if type(one) is str else None for one in values]
    rest = found[1:]
    loop = next((one for one in recorder.loops[::-1] if one.length == len(rest)), None)
    if not rest or not loop or not all(rest) or found[0]:
        return values
    labels = [(one[1], int(one[2])) for one in rest if one]
    if labels != [(labels[0][0], number + 1) for number in range(len(rest))]:
        return values
    texts = ("texts", labels[0][0], 1, loop.count)
    return symbol(values, ("concat", ("list", values[0]), texts))


def _wrap_layer_views() -> None:
    """Note on the config of a single layer which layer it is, and what is given by layer."""
    home = _imported("transformers.integrations.heterogeneity.configuration_utils")
    if home is None:  # transformers 4
        return
    view = vars(home)["_PerLayerConfigView"]
    original = view.__getitem__

    def __getitem__(self: Any, index: Any) -> Any:
        if not recorder.active or not isinstance(index, int) or PATH not in vars(self._config):
            return original(self, index)
        with recorder.paused():
            made = original(self, plain(index))
            made = copy.copy(made) if made is self._config else made
        spec = vars(self._config).get("_heterogeneity_spec")
        layered = layered_values(self._config) if spec is not None else {}
        vars(made)[_LAYER] = (index, layered)
        return made

    view.__getitem__ = __getitem__


def layered_values(config: Any) -> dict[str, list[Any]]:
    """Return the values, layer for layer, of the attributes that a config gives by layer."""
    spec = vars(config).get("_heterogeneity_spec")
    if spec is None:
        return {}
    read = type(config)._getattr_without_heterogeneous_validation
    names = sorted(spec.explicit_per_layer_attributes - {"skip"})
    layers = range(plain(config.num_hidden_layers))
    changed = spec.per_layer_overrides
    return {
        name: [
            changed[layer][name] if name in changed.get(layer, ()) else read(config, name)
            for layer in layers
        ]
        for name in names
    }


def import_class(name: str) -> Any:
    """Return a class of transformers, its module instrumented."""
    import transformers

    found = getattr(transformers, name)
    importlib.import_module(found.__module__)
    instrument_loaded_modules()
    return found
