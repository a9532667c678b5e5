"""Stands in for the functions of `torch.nn.functional`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from loracfg.base.derivation.stand_ins.tensors import Tensor, made, sizes
from loracfg.base.derivation.stand_ins.unknown import Unknown

_DIMENSIONS: Final = {"linear": 3, "bilinear": 4, "bicubic": 4, "trilinear": 5}


def pad(
    value: Tensor | Unknown, widths: Sequence[int], *_: object, **__: object
) -> Tensor | Unknown:
    """Return a tensor that is padded at both ends of its last dimensions."""
    if isinstance(value, Unknown):
        return value
    shape = list(value.shape)
    for number in range(len(widths) // 2):
        shape[-1 - number] += widths[2 * number] + widths[2 * number + 1]
    return made(sizes([shape]))


def interpolate(
    value: Tensor | Unknown,
    size: int | Sequence[int] | None = None,
    scale_factor: object = None,
    mode: str = "nearest",
    **_: object,
) -> Tensor | Unknown:
    """Return a tensor with new sizes in all dimensions but the first two."""
    if isinstance(value, Unknown) or size is None or scale_factor is not None:
        return Unknown("an interpolated tensor")
    if value.ndim != _DIMENSIONS.get(mode, value.ndim):
        raise NotImplementedError(f"{value.ndim} dimensions")
    found = sizes([size] * (value.ndim - 2) if isinstance(size, int) else size)
    if len(found) != value.ndim - 2 or 0 in (*found, *value.shape[2:]):
        raise ValueError(f"{value.shape} cannot be interpolated to {size}")
    return made([*value.shape[:2], *found])
