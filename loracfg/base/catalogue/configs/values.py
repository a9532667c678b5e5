"""Values as the data has them: what JSON lacks is `{"$": kind, ...}`."""

from __future__ import annotations

from typing import Any, Final

from loracfg.base.catalogue.evaluation.errors import DeclinedError

NO_DEFAULT: Final = object()
"""The default of a field that has none."""


def decoded(value: Any) -> Any:
    """Return a value of the data, new each time, since configs change what they hold.

    Raises:
        DeclinedError: if it is of a kind that is not known.
    """
    if type(value) is list:
        return [decoded(one) for one in value]
    if type(value) is not dict:
        return value
    kind = value.get("$")
    if kind is None:
        return {key: decoded(one) for key, one in value.items()}
    inside = value["v"]
    if kind == "tuple":
        return tuple(decoded(one) for one in inside)
    if kind == "set":
        return {decoded(one) for one in inside}
    if kind == "dict":
        return {decoded(key): decoded(one) for key, one in inside}
    if kind == "float":
        return float(inside)
    raise DeclinedError(f"a value of kind {kind}")


def is_config(value: Any) -> bool:
    """Tell whether a value of the data is a config, made anew: `{"$": "new", "v": class}`."""
    return type(value) is dict and value.get("$") == "new"
