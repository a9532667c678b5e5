"""The two matrices of an update, A and B, in the forms in which they are stored."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class Factor(nn.Module):
    """A matrix `(out, in)`, or a convolution `(out, in, *kernel)`, as `weight`, maybe with `bias`.

    Adapters of half-precision layers are stored in float32, as PEFT does for training
    (`cast_adapter_dtype`, `peft/tuners/tuners_utils.py`, 0.21.2).
    """

    def __init__(self, shape: Sequence[int], like: Tensor, *, bias: bool = False) -> None:
        super().__init__()
        self.weight = new_parameter(shape, like)
        self.bias = new_parameter(shape[:1], like) if bias else None

    @property
    def matrix(self) -> Tensor:
        """The matrix `(out, in)` that the factor represents."""
        return self.weight

    def forward(self, x: Tensor) -> Tensor:
        """Multiply vectors `(..., in)`: `x Wᵀ + b`."""
        return F.linear(x, self.weight, self.bias)


class BlockDiagonal(Factor):
    """A matrix `(out, in)` with equal blocks on the diagonal, stored as `(out, in / blocks)`.

    BD-LoRA: each block can be on its own device.
    """

    def __init__(self, out: int, into: int, blocks: int, like: Tensor) -> None:
        super().__init__((out, into // blocks), like)
        self.blocks = blocks

    @property
    def matrix(self) -> Tensor:
        """The matrix `(out, in)`, with zeros off the diagonal."""
        found: Tensor = torch.block_diag(*self.weight.chunk(self.blocks))  # type: ignore[no-untyped-call]
        return found

    def forward(self, x: Tensor) -> Tensor:
        """Multiply vectors `(..., in)`, block by block."""
        parts = x.reshape(*x.shape[:-1], self.blocks, -1)
        weight = self.weight.reshape(self.blocks, -1, self.weight.shape[1])
        return torch.einsum("...bi,boi->...bo", parts, weight).flatten(-2)


def new_parameter(shape: Sequence[int], like: Tensor) -> nn.Parameter:
    """Return an uninitialised parameter on the device of a base weight, at least as precise."""
    is_wide = like.dtype in (torch.float32, torch.float64, torch.complex64, torch.complex128)
    dtype = like.dtype if is_wide else torch.float32
    return nn.Parameter(torch.empty(shape, dtype=dtype, device=like.device))
