"""Stands in for the few numpy functions that compute sizes and rates."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Final

from loracfg.base.derivation.stand_ins.functions import linspace
from loracfg.base.derivation.stand_ins.tensors import Tensor, made, of_data
from loracfg.base.derivation.stand_ins.unknown import Unknown


class _Array:
    """The class of numpy's arrays, without instances: tensors stand in for arrays."""


def product(values: float | Iterable[float]) -> float:
    """Return the product of numbers, or a single number."""
    return values if isinstance(values, (int, float)) else math.prod(values)


def order(values: Iterable[object], axis: int = -1) -> Tensor | Unknown:
    """Return the indexes that sort numbers; unknown if some are equal."""
    found = of_data(list(values))
    known = found.values
    if known is None or len({*known}) < len(known):
        return Unknown("an order")
    places = sorted(range(len(found)), key=lambda at: known[at])
    return made(found.shape, [*places])


def rounded(value: float) -> float:
    """Return the nearest whole number, as a float for a float; halves are rounded to even."""
    return float(round(value)) if isinstance(value, float) else round(value)


class _Numpy:
    """The module `numpy`."""

    ndarray = _Array
    prod = staticmethod(product)
    argsort = staticmethod(order)
    sqrt = staticmethod(lambda value: value.sqrt() if hasattr(value, "shape") else math.sqrt(value))
    round = staticmethod(rounded)
    log, log2, ceil, floor, lcm = math.log, math.log2, math.ceil, math.floor, math.lcm
    linspace = staticmethod(linspace)
    array = asarray = staticmethod(of_data)
    cumsum = staticmethod(lambda values: of_data(values).cumsum())
    sin = cos = staticmethod(lambda value: made(value.shape))
    power = staticmethod(lambda a, b: a**b)

    def __getattr__(self, name: str) -> Any:
        return Unknown(f"numpy.{name}")


numpy: Final = _Numpy()

STANDS_FOR: Final = ("numpy",)
"""Names that transcripts import from here besides classes and functions."""
