"""Sizes and conditions of the catalogue: constants, or an operator with its operands.

`["attr", "text_config.hidden_size"]` is an attribute of the config as its class makes it, and
`["i", d]` the turn of the d-th open loop, counted from the outermost.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

Expression = Any

MAX_ITEMS: Final = 100_000
"""Longest list that is made."""
MAX_EXPONENT: Final = 64


class UnknownValueError(Exception):
    """A value that an expression needs is missing, or of a type that it cannot take."""


class Absent:
    """An attribute that a config does not have."""


ABSENT: Final = Absent()


def evaluate(
    expression: Expression, attributes: Mapping[str, Any], turns: Sequence[int] = ()
) -> Any:
    """Return the value of an expression.

    Raises:
        UnknownValueError: if it has none for these attributes.
    """
    if not isinstance(expression, (list, tuple)):
        return expression
    try:
        value = _evaluate(expression, attributes, turns)
    except UnknownValueError:
        raise
    except (TypeError, ValueError, KeyError, IndexError, ArithmeticError) as error:
        raise UnknownValueError(f"{error}") from error
    if value is ABSENT:
        raise UnknownValueError("it is absent")
    return value


def _evaluate(expression: Any, attributes: Mapping[str, Any], turns: Sequence[int]) -> Any:
    if not isinstance(expression, (list, tuple)):
        return expression
    name = expression[0]
    if name == "attr":
        return attributes[expression[1]]
    if name == "i":
        return turns[expression[1]]
    if name == "known":
        return _is_known(expression[1], attributes, turns)
    operands = [_evaluate(part, attributes, turns) for part in expression[1:]]
    if name != "kind" and any(operand is ABSENT for operand in operands):
        raise UnknownValueError("it is absent")
    return _OPERATORS[name](*operands)


def _is_known(expression: Any, attributes: Mapping[str, Any], turns: Sequence[int]) -> bool:
    try:
        evaluate(expression, attributes, turns)
    except UnknownValueError:
        return False
    return True


def kind_of(value: Any) -> str:
    """Return the JSON type of a value; a config of a class is `config:` and its name."""
    if isinstance(value, tuple):  # ("config", class name), ("absent",)
        return "absent" if value[0] == "absent" else f"config:{value[1]}"
    return _KINDS.get(type(value), "unknown")


_KINDS: Final = {
    type(None): "null",
    bool: "bool",
    int: "int",
    float: "float",
    str: "str",
    dict: "dict",
    list: "list",
    Absent: "absent",
}


def _slice(values: Any, start: Any, stop: Any, step: Any) -> Any:
    return values[slice(start, stop, step)]


def _span(start: int, stop: int, step: int) -> int:
    return len(range(start, stop, step))


def _slots(size: int, start: Any, stop: Any, step: Any) -> int:
    return len(range(*slice(start, stop, step).indices(size)))


def _power(base: float, exponent: float) -> Any:
    if abs(exponent) > MAX_EXPONENT:
        raise UnknownValueError(f"{exponent} is no exponent of a size")
    return base**exponent


def _repeated(values: list[Any], times: int) -> list[Any]:
    if len(values) * times > MAX_ITEMS:
        raise UnknownValueError(f"a list of {len(values) * times} items")
    return values * times


def _listed_range(*bounds: int) -> list[int]:
    found = range(*bounds)
    if len(found) > MAX_ITEMS:
        raise UnknownValueError(f"a list of {len(found)} items")
    return list(found)


def _renamed(values: list[Any], old: list[str], new: list[str]) -> list[Any]:
    names = dict(zip(old, new, strict=True))
    return [names.get(value, value) for value in values]


def _replaced(values: list[Any], index: int, value: Any) -> list[Any]:
    made = list(values)
    made[index] = value
    return made


def _sized(value: Any) -> int:
    if isinstance(value, (list, dict, str)):
        return len(value)
    raise UnknownValueError("no list")


def _at(values: Any, index: int) -> Any:
    if not isinstance(values, (list, str)):
        raise UnknownValueError("no list")
    return values[index]


_OPERATORS: Final[dict[str, Callable[..., Any]]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "truediv": operator.truediv,
    "floordiv": operator.floordiv,
    "mod": operator.mod,
    "pow": _power,
    "abs": abs,
    "int": int,
    "float": float,
    "floor": math.floor,
    "ceil": math.ceil,
    "round": round,
    "len": _sized,
    "at": _at,
    "slice": _slice,
    "concat": operator.add,
    "repeat": _repeated,
    "range": _listed_range,
    "span": _span,
    "slots": _slots,
    "sqrt": math.sqrt,
    "log": math.log,
    "log2": math.log2,
    "log10": math.log10,
    "exp": math.exp,
    "gcd": math.gcd,
    "sum": sum,
    "prod": math.prod,
    "max": max,
    "min": min,
    "list": lambda *items: list(items),
    "kind": kind_of,
    "bool": bool,
    "eq": operator.eq,
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
    "text": lambda *parts: "".join(str(part) for part in parts),
    "renamed": _renamed,
    "replaced": _replaced,
    "texts": lambda before, start, count: [f"{before}{start + n}" for n in range(count)],
    "index": lambda values, item: values.index(item),
    "in": lambda item, values: item in values,
}
