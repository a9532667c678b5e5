"""Decodes the values in facts, and copies the values of config files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from loracfg.base.catalogue.evaluation.budget import Budget
from loracfg.base.catalogue.evaluation.refusals import DeclinedError

NO_DEFAULT: Final = object()
"""The default of a field without one."""
LARGEST: Final = 1 << 256
LONGEST: Final = 1 << 16
DEEPEST: Final = 64
FLOAT_KEY: Final = "__float__"
SPECIAL_FLOATS: Final = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": -float("inf")}
"""Floats that JSON does not have, as transformers 5 writes them in `{"__float__": ...}`.

(transformers 5.23, `configuration_utils.py`, `_decode_special_floats`)
"""


def decode_value(value: object) -> object:
    """Return a new copy of a value in facts, since configs change their values.

    `{"$": kind, "v": ...}` is a value that JSON does not have.

    Raises:
        DeclinedError: if its kind is unknown.
    """
    if type(value) is list:
        return [decode_value(one) for one in value]
    if type(value) is not dict:
        return value
    kind = value.get("$")
    if kind is None:
        return {key: decode_value(one) for key, one in value.items()}
    inside = value["v"]
    if kind == "tuple":
        return tuple(decode_value(one) for one in inside)
    if kind == "set":
        return {decode_value(one) for one in inside}
    if kind == "dict":
        return {decode_value(key): decode_value(one) for key, one in inside}
    if kind == "float":
        return float(inside)
    raise DeclinedError(f"a value of kind {kind}")


def checked_copy(
    values: Mapping[str, object], budget: Budget, has_special_floats: bool
) -> dict[str, object]:
    """Return a copy of a config's value, and charge for it.

    Raises:
        DeclinedError: if it is too large or nested too deeply.
    """
    copied = _copied(values, budget, has_special_floats, DEEPEST)
    if not isinstance(copied, dict):
        raise DeclinedError("the config is not an object")
    return copied


def _copied(value: Any, budget: Budget, has_special_floats: bool, depth: int) -> Any:
    kind = type(value)
    if kind is dict or kind is list:
        if not depth:
            raise DeclinedError("the config is nested too deeply")
        budget.spend_items(len(value))
        depth -= 1
        if kind is list:
            return [_copied(one, budget, has_special_floats, depth) for one in value]
        if has_special_floats and len(value) == 1 and FLOAT_KEY in value:
            name = value[FLOAT_KEY]
            if isinstance(name, str):
                return SPECIAL_FLOATS.get(name, value)
        return {key: _copied(one, budget, has_special_floats, depth) for key, one in value.items()}
    if kind is int:
        if not -LARGEST < value < LARGEST:
            raise DeclinedError("the config has a number that is too large")
    elif kind is str and len(value) > LONGEST:
        raise DeclinedError("the config has a string that is too long")
    return value


def label_names(count: object, budget: Budget) -> tuple[dict[int, str], dict[str, int]]:
    """Return default names for a number of labels, by number, and the numbers by name."""
    wanted: Any = count
    numbers = range(wanted)
    budget.spend_reading(numbers)
    budget.spend_items(2 * len(numbers))
    names = {number: f"LABEL_{number}" for number in numbers}
    return names, {name: number for number, name in names.items()}


def numbered(names: Mapping[int | str, object], budget: Budget) -> dict[int, object]:
    """Return the names of labels by integer."""
    budget.spend_items(len(names))
    return {int(number): name for number, name in names.items()}
