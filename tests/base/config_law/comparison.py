"""Converts config objects to plain values, and finds the first difference between two."""

from __future__ import annotations

import enum
from typing import Any, Final

from loracfg.base.catalogue.evaluation.config import Config
from loracfg.base.catalogue.evaluation.layer_differences import LayerDifferences

_LEFT_OUT: Final = ("dtype", "transformers_version")
_KEY: Final = "_heterogeneity_spec"
_SPECIFICATION: Final = "_HeterogeneitySpec"


def plain(value: Any) -> Any:
    """Return a value with all attributes of configs in it; 1 and True stay different."""
    if type(value).__module__ == "torch":
        return str(value).removeprefix("torch.")
    if isinstance(value, LayerDifferences):
        return ("layers", *map(plain, value))
    if type(value).__name__ == _SPECIFICATION:
        parts = ("per_layer_overrides", "per_layer_attributes", "explicit_per_layer_attributes")
        return ("layers", *(plain(getattr(value, name)) for name in parts))
    if isinstance(value, Config):
        own = {**value.attributes, **({_KEY: value.layers} if value.layers else {})}
        kept = {name: plain(one) for name, one in own.items() if name not in _LEFT_OUT}
        return {"class": value.config_class.name, **kept}
    if _is_config(value):
        own = object.__getattribute__(value, "__dict__")
        kept = {name: plain(one) for name, one in own.items() if name not in _LEFT_OUT}
        return {"class": type(value).__name__, **kept}
    if isinstance(value, dict):
        return {(type(key).__name__, key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return (type(value).__name__, *map(plain, value))
    if isinstance(value, (set, frozenset)):
        return ("set", *sorted(map(repr, value)))
    if isinstance(value, range):
        return ("range", *value)
    return "nan" if value != value else (type(value).__name__, value)


def _is_config(value: Any) -> bool:
    if isinstance(value, (type, enum.Enum)) or not hasattr(value, "__dict__"):
        return False
    return hasattr(type(value), "__dataclass_fields__") or hasattr(type(value), "attribute_map")


def difference(ours: Any, theirs: Any, path: str = "") -> str | None:
    """Return the first difference between two plain values; None if they are equal."""
    if not (isinstance(ours, dict) and isinstance(theirs, dict)):
        return None if ours == theirs else f"{path}: ours {ours!s:.100}, theirs {theirs!s:.100}"
    for name in {**ours, **theirs}:
        at = f"{path}.{name if isinstance(name, str) else name[1]}"
        if name not in ours:
            return f"{at} is missing, theirs is {theirs[name]!s:.80}"
        if name not in theirs:
            return f"{at} is ours only: {ours[name]!s:.80}"
        found = difference(ours[name], theirs[name], at)
        if found:
            return found
    return None
