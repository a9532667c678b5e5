"""Reads a config class: fields with types and defaults, aliases, parts and constants."""

from __future__ import annotations

import collections.abc
import json
import math
import types
import typing
from typing import TYPE_CHECKING, Any, Final

from loracfg.base.derivation.configs.hand_facts import ROPE, SHARING, THROUGH
from loracfg.base.derivation.stand_ins import models, records

if TYPE_CHECKING:
    from types import FunctionType

    from loracfg.base.catalogue.program_data import ConfigRecord, FieldRecord
    from loracfg.document.json_value import Json


SHARED: Final = frozenset(
    (
        "PreTrainedConfig",
        "PretrainedConfig",
        "RotaryEmbeddingConfigMixin",
        "HeterogeneousConfigMixin",
        "PushToHubMixin",
        "BackboneConfigMixin",
    )
)
"""Classes that all config classes derive from; the catalogue implements them by hand."""
BACKBONE: Final = "BackboneConfigMixin"
_SKIPPED: Final = frozenset(
    (
        *("attribute_map", "sub_configs_defaults", "sub_configs", "_strict_setattr"),
        *("base_model_tp_plan", "base_model_pp_plan", "base_model_fsdp_plan"),
        "base_model_ep_plan",
    )
)
_ADDED: Final = frozenset(("_reading", "_strict_setattr", "has_no_defaults_at_init"))
"""Attributes that stand-ins add to classes."""
_ATTRIBUTE_HOOKS: Final = frozenset(("__getattribute__", "__getattr__", "__iter__"))
_PLAIN: Final = (int, float, str, bool, list, dict, set, tuple)


class NotExpressible(Exception):  # noqa: N818 - the class declines
    """A fact that records cannot express."""


def encode_value(value: object) -> Json:
    """Return a value as JSON, with `{"$": kind, "v": ...}` for what JSON cannot express.

    Raises:
        NotExpressible: the value is of a kind that no config has.
    """
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else {"$": "float", "v": repr(value)}
    if isinstance(value, list):
        return [encode_value(one) for one in value]
    if isinstance(value, tuple):
        return {"$": "tuple", "v": [encode_value(one) for one in value]}
    if isinstance(value, (set, frozenset)):
        return {"$": "set", "v": sorted(map(encode_value, value), key=repr)}
    if isinstance(value, dict):
        if all(isinstance(key, str) and key != "$" for key in value):
            return {key: encode_value(one) for key, one in value.items()}
        return {
            "$": "dict",
            "v": [[encode_value(key), encode_value(one)] for key, one in value.items()],
        }
    raise NotExpressible(f"a value of {type(value).__name__}")


def type_text(kind: object) -> str:
    """Return a type as text: `a|b`, `list[a]`, `dict[a,b]`, `tuple[a,...]`, `lit["x"]`, `any`.

    Raises:
        NotExpressible: it is a different kind of type.
    """
    if kind is Any or isinstance(kind, str) or type(kind).__name__ == "ForwardRef":
        return "any"
    if kind is None or kind is type(None):
        return "None"
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        return "|".join(map(type_text, arguments))
    if origin is typing.Literal:
        return "lit" + json.dumps(list(arguments), separators=(",", ":"))
    if origin in (list, dict, set, tuple, collections.abc.Sequence):
        inside = ("..." if one is Ellipsis else type_text(one) for one in arguments)
        return f"{origin.__name__}[{','.join(inside)}]"
    if kind in _PLAIN:
        return str(kind.__name__)
    if kind is models.RopeParameters:
        return "never"
    if isinstance(kind, type) and hasattr(kind, "__dataclass_fields__"):
        return kind.__name__
    raise NotExpressible(f"a type {kind}")


def check_of(function: FunctionType) -> list[object]:
    """Return a field's own check, with the bounds from the function's closure.

    Raises:
        NotExpressible: it is a different kind of check.
    """
    cells = [cell.cell_contents for cell in function.__closure__ or ()]
    held = dict(zip(function.__code__.co_freevars, cells, strict=True))
    match function.__qualname__.split(".")[0]:
        case "interval":
            bounds = [None if math.isinf(held[key]) else held[key] for key in ("min", "max")]
            return ["in", *bounds, int(held["exclude_min"]), int(held["exclude_max"])]
        case "is_divisible_by":
            return ["by", held["divisor"]]
        case "positive_int_field":
            return ["count"]
        case "activation_fn_key":
            return ["activation"]
        case other:
            raise NotExpressible(f"a check {other}")


def default_of(field: records.Field) -> list[object]:
    """Return a list with the default of a field, or an empty list if it has none.

    Raises:
        NotExpressible: the default is not a plain value.
    """
    if field.default is not records.MISSING:
        if isinstance(field.default, property):
            raise NotExpressible("a property as a default")
        return [encode_value(field.default)]
    if field.default_factory is records.MISSING:
        return []
    made = field.default_factory
    if not _is_record(made):
        made = made()
    if _is_record(type(made)):
        made = type(made)
    return [{"$": "new", "v": made.__name__} if _is_record(made) else encode_value(made)]


def has_own_constructor(cls: type) -> bool:
    """Return whether a class has a constructor that is not made from its fields."""
    value = vars(cls).get("__init__")
    is_written = getattr(value, "__qualname__", "") == f"{cls.__qualname__}.__init__"
    return is_written and cls.__name__ not in SHARED


def _is_record(value: Any) -> bool:
    return isinstance(value, type) and hasattr(value, "__dataclass_fields__")


def record(cls: type, base: type) -> ConfigRecord:
    """Return the facts of a class, without those of its bases and without programs.

    Raises:
        NotExpressible: records cannot express one of them.
    """
    own = vars(cls)
    found: ConfigRecord = {"bases": _bases(cls, base)}
    fields = fields_of(cls)
    if fields:
        found["fields"] = fields
    if own.get("attribute_map"):
        found["names"] = dict(own["attribute_map"])
    parts = parts_of(cls, base)
    if parts:
        found["parts"] = parts
    constants = _constants(cls)
    if constants:
        found["consts"] = constants
    if "__validators__" not in own and getattr(cls, "__dataclass_fields__", {}):
        found["loose"] = 1  # not decorated: neither its own fields nor its parts are checked
    if "from_dict" in own:
        found["from_dict"] = 1
    if "to_dict" in own:
        found["to_dict"] = 1
    if "convert_rope_params_to_dict" in own:
        found["rope"] = ROPE.get(cls.__name__, {"how": "?"})
    if _hooks(cls):
        hooks = _hooks(cls)
        known: Any = SHARING if hooks == {"__setattr__"} else THROUGH
        is_known = hooks <= {"__setattr__", "__getattribute__"}
        found["through"] = known.get(cls.__name__) if is_known else None
    return found


def _hooks(cls: type) -> set[str]:
    """Return the methods by which a class reads or sets attributes in its own way."""
    own = vars(cls).keys()
    has_fields = bool(getattr(cls, "__dataclass_fields__", {}))  # then `strict` sets them
    return set(_ATTRIBUTE_HOOKS & own) | (set() if has_fields else {"__setattr__"} & own)


def _bases(cls: type, base: type) -> list[str]:
    kept = [
        one.__name__
        for one in cls.__bases__
        if issubclass(one, base) or _is_record(one) or one.__name__ == BACKBONE
    ]
    return kept or ["object"]


def fields_of(cls: type) -> dict[str, FieldRecord]:
    """Return the fields that a class adds: type, default and checks."""
    inherited = {
        id(field)
        for one in cls.__mro__[1:]
        for field in getattr(one, "__dataclass_fields__", {}).values()
    }
    found = {}
    for name, field in getattr(cls, "__dataclass_fields__", {}).items():
        if id(field) in inherited:
            continue
        row: list[Any] = [type_text(field.type), *default_of(field)]
        checks = field.metadata.get("validator") or []
        if checks:
            if len(row) == 1:
                raise NotExpressible("a checked field without a default")
            row.append(
                [check_of(one) for one in (checks if isinstance(checks, list) else [checks])]
            )
        found[name] = row
    return found


def parts_of(cls: type, base: type) -> dict[str, list[Json]]:
    """Return the inner configs: class or None, type, default values, whether null stays null."""
    own = vars(cls)
    named = own.get("sub_configs")
    if isinstance(named, property):  # transformers 4: the class of the value
        return {key: [None, None, {}, 1] for key in _parts_that_may_be(cls, named, base)}
    if isinstance(named, dict):  # transformers 4 creates none of them itself
        kinds = {key: _class_name(kind, base) for key, kind in named.items()}
        return {key: [name, None, {}, 1] for key, name in kinds.items()}
    found = {}
    for key, part in (own.get("sub_configs_defaults") or {}).items():
        name = _class_name(part.config_class, base)
        if name is None and _is_record(part.config_class):
            raise NotExpressible("a part that is no config")
        found[key] = [name, part.model_type, encode_value(part.init_kwargs), int(part.optional)]
    return found


def _parts_that_may_be(cls: type, named: property, base: type) -> list[str]:
    """Return the parts that a property lists if every attribute is a config."""

    def read(config: Any, name: str) -> Any:
        is_own = name.startswith("__")
        return object.__getattribute__(config, name) if is_own else object.__new__(base)

    full: Any = object.__new__(type(cls.__name__, (cls,), {"__getattribute__": read}))
    return list(named.__get__(full))


def _class_name(kind: Any, base: type) -> str | None:
    """Return the name of a config class; None for auto classes."""
    return kind.__name__ if isinstance(kind, type) and issubclass(kind, base) else None


def _constants(cls: type) -> dict[str, Any]:
    fields, found = getattr(cls, "__dataclass_fields__", {}), {}
    for name, value in vars(cls).items():
        if name in _SKIPPED or name in fields or name.startswith("__") or _is_method(value):
            continue
        try:
            found[name] = encode_value(value)
        except NotExpressible:
            continue  # rows that read it decline, since configs do not have it
    return found


def class_variables(cls: type) -> list[str]:
    """Return the attributes of the base class that are not fields: its class variables.

    The library annotates them with `ClassVar`, which transcripts omit.
    """
    found = []
    for one in cls.__mro__:
        if one.__name__ == "PreTrainedConfig":
            fields = getattr(one, "__dataclass_fields__", {})
            found += [
                name
                for name, value in vars(one).items()
                if not (name.startswith("__") or name in fields or _is_method(value))
            ]
    return [name for name in found if name not in _ADDED]


def _is_method(value: Any) -> bool:
    return callable(value) or isinstance(value, (property, classmethod, staticmethod))
