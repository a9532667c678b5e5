"""A tensor as a header describes it: no data."""

from __future__ import annotations

from dataclasses import dataclass, field

Shape = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Tensor:
    """Name, dtype (safetensors' spelling, as `F32`, `BF16`) and shape of one tensor."""

    name: str
    dtype: str
    shape: Shape


@dataclass(frozen=True, slots=True)
class Header:
    """All tensors of a weight file, in file order, and its free-form metadata."""

    tensors: dict[str, Tensor] = field(default_factory=dict)
    metadata: dict[str, str] = field(default_factory=dict)
