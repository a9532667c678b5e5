"""VeLoRA's linear map: the gradient of its weight is computed from a compressed input."""

from __future__ import annotations

from typing import Protocol

import torch
from torch import Tensor
from torch.nn import functional as F


def grouped(x: Tensor, groups: int) -> Tensor:
    """Split vectors `(..., in)` into `(tokens, groups, ⌈in / groups⌉)`, with zeros at the end."""
    size = -(-x.shape[-1] // groups)
    return F.pad(x, (0, groups * size - x.shape[-1])).reshape(-1, groups, size)


def projection(x: Tensor, groups: int = 1) -> Tensor:
    """Return the mean direction of the groups of vectors, of length 1, `(⌈in / groups⌉,)`."""
    mean = grouped(x, groups).flatten(0, 1).mean(0).float()
    norm = torch.linalg.vector_norm(mean)
    unit: Tensor = mean / norm if norm else torch.ones_like(mean) / mean.numel() ** 0.5
    return unit


def compressed_down(x: Tensor, a: Tensor, embed: Tensor, groups: int, scale: float) -> Tensor:
    """Multiply vectors `(..., in)` by A `(r, in)`, keeping only `(tokens, groups)` numbers."""
    found: Tensor = _Compressed.apply(x, a, embed, groups, scale)  # type: ignore[no-untyped-call]
    return found


class _Context(Protocol):
    """What torch keeps of a call until its gradient is asked for."""

    scale: float
    saved_tensors: tuple[Tensor, ...]
    needs_input_grad: tuple[bool, ...]

    def save_for_backward(self, *tensors: Tensor) -> None: ...


class _Compressed(torch.autograd.Function):
    """`x Aᵀ`; for its gradient, x is rebuilt as `(x · e) e`, group by group, times `scale`."""

    @staticmethod
    def forward(
        ctx: _Context, x: Tensor, a: Tensor, embed: Tensor, groups: int, scale: float
    ) -> Tensor:
        embed = embed.to(x.dtype)
        ctx.save_for_backward(torch.einsum("tgd,d->tg", grouped(x, groups), embed), a, embed)
        ctx.scale = scale
        return F.linear(x, a)

    @staticmethod
    def backward(ctx: _Context, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        kept, a, embed = ctx.saved_tensors
        (gradient,) = gradients
        rebuilt = torch.einsum("tg,d->tgd", kept, embed).flatten(1)[:, : a.shape[1]] * ctx.scale
        for_x = gradient @ a if ctx.needs_input_grad[0] else None
        return for_x, gradient.flatten(0, -2).mT @ rebuilt, None, None, None
