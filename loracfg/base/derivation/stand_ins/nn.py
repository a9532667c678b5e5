"""Stands in for the module `torch.nn`."""

from __future__ import annotations

from typing import Any, Final

from loracfg.base.derivation.stand_ins import (
    containers,
    convolutions,
    layers,
    module,
    norms,
    sequences,
)
from loracfg.base.derivation.stand_ins.functional import interpolate, pad
from loracfg.base.derivation.stand_ins.tensors import Tensor
from loracfg.base.derivation.stand_ins.unknown import Foreign, Unknown


class _Namespace:
    def __init__(self, name: str, **names: Any) -> None:
        self.__dict__.update(names, _name=name)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        kind = Unknown if self._name in _HARMLESS else Foreign
        return kind(f"{self._name}.{name}")


_HARMLESS = ("torch.nn.functional", "torch.nn.init")
functional = _Namespace("torch.nn.functional", pad=pad, interpolate=interpolate)
_REGISTERED: Final = (module.Module, Tensor)

nn: Final = _Namespace(
    "torch.nn",
    **{
        name: value
        for home in (containers, convolutions, layers, module, norms, sequences)
        for name, value in vars(home).items()
        if isinstance(value, type) and not name.startswith("_") and issubclass(value, _REGISTERED)
    },
    utils=_Namespace(
        "torch.nn.utils",
        weight_norm=norms.weight_norm,
        parametrizations=_Namespace("parametrizations", weight_norm=norms.parametrized_weight_norm),
    ),
    functional=functional,
    init=_Namespace("torch.nn.init"),
    modules=_Namespace("torch.nn.modules"),
)

STANDS_FOR: Final = ("functional", "nn")
"""Names that transcripts import from here besides classes and functions."""
