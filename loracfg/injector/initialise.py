"""The initial values of A and B, from `init_lora_weights`.

Some initialisations subtract the initial update from the base weight, so that the model computes
the same as before.
Source: `LoraLayer` in `peft/tuners/lora/layer.py`, 0.21.2.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import torch
from torch import Tensor, nn

from loracfg.errors import LoracfgError
from loracfg.injector.adapters import EmbeddingAdapter, LoraAdapter

FROM_DATA: Final = {
    "eva": "activations of training data",
    "corda": "activations of training data",
    "lora_ga": "gradients of training data",
    "loftq": "a quantizer",
}
"""Initialisations that need more than the base, and what they need."""


def check_start(init: bool | str) -> None:
    """Reject an initialisation that needs more than the base.

    Raises:
        LoracfgError: if it does.
    """
    if _name(init) in FROM_DATA:
        raise LoracfgError(
            f"`{init}` starts from {FROM_DATA[_name(init)]}, which the injector does not have",
            "create the adapter with PEFT, and load it",
        )


def initialise(adapter: LoraAdapter, init: bool | str, *, is_tied: bool = False) -> None:
    """Initialise an adapter; on the meta device, do nothing.

    An initialisation that needs data starts as plain LoRA, until values are loaded.

    Args:
        adapter: the adapter.
        init: `init_lora_weights`.
        is_tied: whether its factors are those of the embedding. Only what draws them again changes
            the embedding's; other initialisations replace them or, with False, leave them.
    """
    with torch.no_grad():
        if not is_tied or init is True or _name(init) == "gaussian":
            at_random(adapter, zero=init is not False)
        start = None if adapter.factors[0].device.type == "meta" else _STARTS.get(_name(init))
        if start is not None and (start is _mica or not isinstance(adapter, EmbeddingAdapter)):
            start(adapter, str(init))
        adapter.option.prepare(adapter)


def _name(init: bool | str) -> str:
    return init.partition("_niter_")[0].lower() if isinstance(init, str) else ""


def at_random(adapter: LoraAdapter, *, zero: bool) -> None:
    """Draw A as `nn.Linear` does, and B too unless it should be zero; for embeddings, swapped.

    If one factor is zero, the update is zero.
    """
    a, b = adapter.factors
    if isinstance(adapter, EmbeddingAdapter):
        nn.init.normal_(b)
        nn.init.zeros_(a) if zero else nn.init.normal_(a)
        return
    nn.init.kaiming_uniform_(a, a=5**0.5)
    nn.init.zeros_(b) if zero else nn.init.kaiming_uniform_(b, a=5**0.5)
    if adapter.lora_B.bias is not None:
        bound = 0 if zero else adapter.rank**-0.5
        nn.init.uniform_(adapter.lora_B.bias, -bound, bound)


def _gaussian(adapter: LoraAdapter, init: str) -> None:
    """Draw A from `N(0, 1 / r²)`."""
    nn.init.normal_(adapter.factors[0], std=1 / adapter.rank)


def _orthogonal(adapter: LoraAdapter, init: str) -> None:
    """Draw A and B with orthogonal rows in r dimensions, so that `B A` is zero."""
    a, b = adapter.factors
    rows, _ = torch.linalg.qr(torch.randn(adapter.rank, adapter.rank))
    half = adapter.rank // 2
    _set(a, (torch.randn(a.shape[1], half) @ rows[0::2]).T / 10)
    _set(b, torch.randn(half, b.shape[0]).T @ rows[1::2] / 10)


def _pissa(adapter: LoraAdapter, init: str) -> None:
    """PiSSA: the largest singular components (Meng et al., https://arxiv.org/abs/2404.02948)."""
    weight = adapter.weight.data.float()
    steps = init.partition("_niter_")[2]
    if steps:
        u, s, v = torch.svd_lowrank(weight, adapter.rank, niter=int(steps))
    else:
        u, s, vh = torch.linalg.svd(weight, full_matrices=False)
        u, s, v = u[:, : adapter.rank], s[: adapter.rank], vh[: adapter.rank].T
    root = (s / adapter.scaling).sqrt()
    _take_out(adapter, (v * root).T, u * root)


def _olora(adapter: LoraAdapter, init: str) -> None:
    """OLoRA: a QR decomposition (Büyükakyüz, https://arxiv.org/abs/2406.01775)."""
    q, r = torch.linalg.qr(adapter.weight.data.float())
    _take_out(adapter, r[: adapter.rank], q[:, : adapter.rank])


def _mica(adapter: LoraAdapter, init: str) -> None:
    """MiCA: B the smallest left singular vectors, A zero (https://arxiv.org/abs/2604.01694)."""
    a, b = adapter.factors
    u, _, _ = torch.linalg.svd(adapter.weight.data.float(), full_matrices=False)
    _set(b, u[:, -adapter.rank :])
    _set(a, torch.zeros_like(a))


def _take_out(adapter: LoraAdapter, a: Tensor, b: Tensor) -> None:
    """Set both factors, and subtract their update from the base weight."""
    for factor, value in zip(adapter.factors, (a, b), strict=True):
        factor.data = value.contiguous()
    weight = adapter.weight.data
    weight.copy_(weight.float() - adapter.scaling * b @ a)


def _set(parameter: nn.Parameter, value: Tensor) -> None:
    parameter.data = value.to(parameter).contiguous()


_STARTS: Final[dict[str, Callable[[LoraAdapter, str], None]]] = {
    "gaussian": _gaussian,
    "orthogonal": _orthogonal,
    "pissa": _pissa,
    "olora": _olora,
    "mica": _mica,
}
