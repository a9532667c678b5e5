"""Stands in for the few functions of numpy that sizes and rates go through."""

from __future__ import annotations

import math
from typing import Any, Final

from loracfg.base.catalogue.stand_ins.functions import linspace
from loracfg.base.catalogue.stand_ins.tensors import made, of_data
from loracfg.base.catalogue.stand_ins.unknown import Unknown


class _Array:
    """The class of numpy's arrays, none of which is an instance: tensors stand for them."""


class _Numpy:
    """The few functions of numpy that sizes and rates go through."""

    ndarray = _Array
    prod = staticmethod(math.prod)
    sqrt = staticmethod(lambda value: value.sqrt() if hasattr(value, "shape") else math.sqrt(value))
    log, log2, ceil, floor = math.log, math.log2, math.ceil, math.floor
    linspace = staticmethod(linspace)
    array = asarray = staticmethod(of_data)
    cumsum = staticmethod(lambda values: of_data(values).cumsum())
    sin = cos = staticmethod(lambda value: made(value.shape))
    power = staticmethod(lambda a, b: a**b)

    def __getattr__(self, name: str) -> Any:
        return Unknown(f"numpy.{name}")


numpy: Final = _Numpy()

STANDS_FOR: Final = ("numpy",)
"""Names that modules of the catalogue have of here beside classes and functions."""
