"""The keys of a config class, with their defaults and possible values."""

from __future__ import annotations

import dataclasses
import functools
import inspect
import re
import sys
import types
import typing
from dataclasses import dataclass, field
from typing import Any, Final

from loracfg.base.from_library.sandbox import offline, quiet
from tests.base.drawing.names import SEEDS, UNCHANGED
from tests.base.drawing.source import alphabets, asked_keys, compared, layer_words, read_keys

_NUMERIC: Final = re.compile(r"_(size|dim|heads|rank|layers|channels|window)$|^n_|^num_|_dim_")
_TOKEN: Final = re.compile(r"(?<!pad)_token_(id|ids|index)$")
_LAYER_TYPES: Final = re.compile(r"layer_types$|block_types?$|layers_block_type")
_PATTERN: Final = re.compile(r"pattern|types?$|ratios$|block")
_RATE: Final = re.compile(r"(theta|base|pct|factor|scale|dropout|drop|eps|ratio|rate)$")


@dataclass
class Field:
    """A key of a config, with its default and possible types.

    `example` is the value that the class creates for an absent key. `words` are possible items of a
    list, or characters of a string. `compared` are the values that code compares with. `is_extra`
    says that no attribute has the name of the key, and `is_tuple` that the default is a tuple,
    which code may need.
    """

    name: str
    default: Any
    types: tuple[type, ...] = ()
    choices: tuple[Any, ...] = ()
    is_extra: bool = False
    is_tuple: bool = False
    example: Any = None
    words: tuple[Any, ...] = ()
    compared: list[Any] = field(default_factory=list)


@dataclass
class Shape:
    """The keys of a config class, with those of nested configs.

    `special` are its keys that are drawn in a special way. `is_any` says that a different type may
    replace it, and `is_optional` that it is absent by default. `seed` has the values that it needs,
    or in which it differs from the class's defaults.
    """

    cls: type
    fields: dict[str, Field] = field(default_factory=dict)
    parts: dict[str, Shape] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    special: dict[str, Any] = field(default_factory=dict)
    is_any: bool = False
    is_optional: bool = False
    seed: dict[str, Any] = field(default_factory=dict)

    @property
    def model_type(self) -> str:
        return str(getattr(self.cls, "model_type", ""))

    def knows(self, name: str) -> bool:
        """Tell whether a key is drawn, or must not be drawn."""
        known = (self.fields, self.parts, self.special, UNCHANGED, self.aliases.values())
        return any(name in names for names in known) or bool(_TOKEN.search(name))


@functools.lru_cache(maxsize=256)
def shape_of_type(model_type: str) -> Shape | None:
    """Return the keys of a model type's config; None if its class cannot create one."""
    from transformers import CONFIG_MAPPING

    for seed in [{}, *SEEDS.get(model_type, [])]:
        try:
            with quiet(), offline():
                shape = shape_of(CONFIG_MAPPING[model_type].from_dict(dict(seed)))
        except Exception:  # noqa: S112  # foreign constructors raise what they like
            continue
        shape.seed = seed
        return shape
    return None


def shape_of(config: Any) -> Shape:
    """Return the keys of a config object, from it and its class."""
    from transformers import PretrainedConfig

    cls: Any = type(config)
    shape = Shape(cls, aliases={v: k for k, v in getattr(cls, "attribute_map", {}).items()})
    declared = _declared(cls)
    for name, value in vars(config).items():
        if name.startswith("_") or _TOKEN.search(name):
            continue
        if isinstance(value, PretrainedConfig):
            shape.parts[name] = shape_of(value)
            shape.parts[name].seed = _differences(value)
        elif name in UNCHANGED:
            shape.special[name] = value
        else:
            hint, default = declared.get(name, (None, value))
            if isinstance(default, (int, float, str, bool, list, tuple, type(None))):
                shape.fields[name] = _field(cls, name, hint, default, value)
    _add_parts(shape, config)
    _add_extras(shape, cls, config)
    values = compared(cls)
    for one in shape.fields.values():
        one.compared = values.get(one.name, [])
    shape.fields["num_labels"] = Field("num_labels", getattr(config, "num_labels", 2), (int,))
    return shape


def _differences(config: Any) -> dict[str, Any]:
    """Return the values in which a config differs from its class's defaults."""
    try:
        usual = vars(type(config)())
    except Exception:  # foreign constructors raise what they like
        return {}
    found = {}
    for name, value in vars(config).items():
        plain = list(value) if isinstance(value, tuple) else value
        is_plain = plain is None or isinstance(plain, (bool, int, float, str, list))
        if is_plain and not name.startswith("_") and value != usual.get(name):
            found[name] = plain
    return found


def _field(cls: type, name: str, hint: Any, default: Any, value: Any) -> Field:
    default = list(default) if isinstance(default, tuple) else default
    allowed, choices = _types(hint, cls)
    if type(None) not in allowed and default is None:
        allowed = (*allowed, type(None), *_guessed(name, value))
    one = Field(name, default, allowed, choices, example=value)
    one.is_tuple = isinstance(value, tuple)
    if _LAYER_TYPES.search(name):
        one.words = layer_words(cls, value if isinstance(value, list) else [])
    return one


def _add_parts(shape: Shape, config: Any) -> None:
    """Record which nested configs may have any type, and add those that are absent by default."""
    for name, part in getattr(config, "sub_configs", {}).items():
        is_any = getattr(part, "__name__", "") == "AutoConfig"
        if name not in shape.parts and not is_any:
            shape.fields.pop(name, None)
            try:
                shape.parts[name] = shape_of(part())
            except Exception:  # noqa: S112  # foreign constructors raise what they like
                continue
            shape.parts[name].is_optional = True
        if name in shape.parts:
            shape.parts[name].is_any = is_any


def _add_extras(shape: Shape, cls: type, config: Any) -> None:
    """Add the keys without an attribute that the class or other code reads."""
    words = alphabets(cls)
    for name, default in asked_keys(cls).items():
        if not shape.knows(name) and name not in vars(config):
            shape.fields[name] = _extra(name, default, words, shape)
    for name, default in read_keys(cls).items():
        plain = isinstance(default, (bool, int, float, str, type(None)))
        is_new = not shape.knows(name) and not name.startswith("_") and not hasattr(cls, name)
        inner = any(name in part.fields or name in part.special for part in _all_parts(shape))
        if is_new and plain and not inner:
            shape.fields[name] = _extra(name, default, words, shape)
    if "vocab_size" not in shape.fields:
        shape.fields["vocab_size"] = _extra("vocab_size", None, (), shape)


def _all_parts(shape: Shape) -> list[Shape]:
    return [one for part in shape.parts.values() for one in (part, *_all_parts(part))]


def _extra(name: str, default: Any, words: tuple[Any, ...], beside: Shape) -> Field:
    """Return a key without an attribute; it is like the key that its name ends with, if any."""
    if default is not None:
        return Field(name, default, types=(type(default),), is_extra=True)
    like = next((f for known, f in beside.fields.items() if name.endswith(f"_{known}")), None)
    if like is not None and isinstance(like.default, (bool, int, float, str)):
        return Field(name, like.default, types=(type(like.default),), is_extra=True)
    spelled = words if _PATTERN.search(name) else ()
    return Field(name, None, types=_guessed(name, None), is_extra=True, words=spelled)


def _guessed(name: str, value: Any) -> tuple[type, ...]:
    """Return the likely types of a key without default and type."""
    if value is not None:
        return (type(value),)
    if _RATE.search(name):
        return (float,)
    return (int,) if _NUMERIC.search(name) else ()


def _declared(cls: type) -> dict[str, tuple[Any, Any]]:
    """Return the type and default of each declared key of a config class."""
    if dataclasses.is_dataclass(cls):
        return {f.name: (f.type, _default(f)) for f in dataclasses.fields(cls)}
    found: dict[str, tuple[Any, Any]] = {}
    for base in reversed(cls.__mro__):  # transformers 4 passes on keys that it does not name
        if "__init__" in vars(base) and base is not object:
            for name, one in inspect.signature(vars(base)["__init__"]).parameters.items():
                if one.default is not inspect.Parameter.empty:
                    found[name] = (one.annotation, one.default)
    return found


def _default(one: dataclasses.Field[Any]) -> Any:
    if one.default is not dataclasses.MISSING:
        return one.default
    return one.default_factory() if one.default_factory is not dataclasses.MISSING else None


def _types(hint: Any, cls: type) -> tuple[tuple[type, ...], tuple[Any, ...]]:
    if isinstance(hint, str):
        try:
            hint = eval(hint, vars(typing) | vars(sys.modules[cls.__module__]))  # noqa: S307
        except Exception:  # a name that only exists for type checkers
            return (), ()
    allowed: list[type] = []
    choices: list[Any] = []
    for part in _union(hint):
        if typing.get_origin(part) is typing.Literal:
            choices += typing.get_args(part)
            allowed.append(str)
        else:
            origin = typing.get_origin(part) or part
            if isinstance(origin, type) and origin is not inspect.Parameter.empty:
                allowed.append(getattr(origin, "cast", origin))
    return tuple(allowed), tuple(choices)


def _union(hint: Any) -> tuple[Any, ...]:
    if typing.get_origin(hint) is typing.Annotated:
        return _union(typing.get_args(hint)[0])
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        return tuple(p for part in typing.get_args(hint) for p in _union(part))
    return (hint,)
