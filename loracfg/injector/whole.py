"""Modules that an adapter copies, and embeddings with trained rows.

Source: `ModulesToSaveWrapper` and `TrainableTokensWrapper` in `peft/utils/other.py`,
`peft/tuners/trainable_tokens/layer.py`, 0.21.2.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from loracfg.injector.adapters import embedded, scaled
from loracfg.injector.wrapped_layers import Wrapper


class SavedModule(Wrapper):
    """A module with a copy for each adapter, which is trained and saved whole."""

    def __init__(self, original_module: nn.Module) -> None:
        super().__init__()
        self.original_module = original_module
        self.modules_to_save = nn.ModuleDict()

    def add(self, name: str, tied: nn.Parameter | None = None) -> None:
        """Add the copy of an adapter, or a layer that shares a weight `(rows, dim)`."""
        self.original_module.requires_grad_(False)
        if tied is None:
            self.modules_to_save[name] = deepcopy(self.original_module)
            return
        rows, dim = tied.shape
        layer = nn.Linear(dim, rows, bias=False, device="meta")
        layer.weight = tied
        self.modules_to_save[name] = layer

    @property
    def wrapped(self) -> nn.Module:
        return self.modules_to_save[self.acting[0]] if self.acting else self.original_module

    @property
    def names(self) -> Iterable[str]:
        return self.modules_to_save.keys()

    def set_trained(self, name: str, wanted: bool) -> None:
        self.modules_to_save[name].requires_grad_(wanted)

    def forward(self, *args: object, **kwargs: object) -> object:
        """Call the copy of the active adapter, or the original."""
        return self.wrapped(*args, **kwargs)

    def drop(self, name: str) -> nn.Module | None:
        if name in self.names:
            del self.modules_to_save[name]
        return None if self.modules_to_save else self.original_module


class TokenRows(Wrapper):
    """An embedding with some trained rows, or a layer whose weight is tied to one.

    `trainable_tokens_delta` has the rows themselves, `(rows, dim)`, despite its name.
    """

    def __init__(self, base_layer: nn.Module, leader: TokenRows | None = None) -> None:
        super().__init__()
        self.base_layer = base_layer
        self.rows: dict[str, list[int]] = {}
        self.replaced: list[Tensor] = []
        self._leader = (leader,)  # in a tuple, so that it is not a submodule
        if leader is None:
            self.trainable_tokens_delta = nn.ParameterDict()

    @property
    def leader(self) -> TokenRows:
        """The embedding whose rows this uses, usually itself."""
        return self._leader[0] or self

    @property
    def wrapped(self) -> nn.Module:
        return self.base_layer

    @property
    def names(self) -> Iterable[str]:
        return self.leader.rows

    def add(self, name: str, rows: list[int]) -> None:
        """Start with the rows of the embedding."""
        weight = self.base_layer.weight
        assert isinstance(weight, Tensor)
        start = weight.data[rows]
        is_half = start.dtype in (torch.float16, torch.bfloat16)
        start = start.float() if is_half else start.clone()
        self.trainable_tokens_delta[name] = nn.Parameter(start)
        self.rows[name] = rows

    @property
    def weight(self) -> Tensor:
        """The weight with the trained rows."""
        weight: Tensor = self.base_layer.weight  # type: ignore[assignment]
        for name in self.acting:
            rows = torch.tensor(self.leader.rows[name], device=weight.device)
            delta = self.leader.trainable_tokens_delta[name]
            weight = weight.index_copy(0, rows, delta.to(weight))
        return weight

    def forward(self, x: Tensor) -> Tensor:
        """Look up tokens, or compute logits, for which PEFT ignores a bias."""
        if not self.acting:
            return self.base_layer(x)  # type: ignore[no-any-return]
        if isinstance(self.base_layer, nn.Embedding):
            return scaled(embedded(x, self.weight, self.base_layer), self.base_layer)
        return F.linear(x, self.weight)

    def set_trained(self, name: str, wanted: bool) -> None:
        if self.leader is self:
            self.trainable_tokens_delta[name].requires_grad_(wanted)

    def merge(self, name: str) -> None:
        if name in self.merged or name not in self.names:
            return
        weight: Tensor = self.base_layer.weight  # type: ignore[assignment]
        rows = self.leader.rows[name]
        self.replaced.append(weight.data[rows].clone())
        weight.data[rows] = self.leader.trainable_tokens_delta[name].data.to(weight)
        self.merged.append(name)

    def unmerge(self) -> None:
        weight: Tensor = self.base_layer.weight  # type: ignore[assignment]
        while self.merged:
            weight.data[self.leader.rows[self.merged.pop()]] = self.replaced.pop()

    def drop(self, name: str) -> nn.Module | None:
        if self.leader is self and name in self.rows:
            del self.rows[name], self.trainable_tokens_delta[name]
        return None if self.leader.rows else self.base_layer


class TrainedTokens(nn.Module):
    """Holds `TokenRows` one level down, under its name in files."""

    def __init__(self, token_adapter: TokenRows) -> None:
        super().__init__()
        self.token_adapter = token_adapter

    def __getattr__(self, name: str) -> Any:
        """Return an attribute of the embedding; the weight has the trained rows."""
        try:
            return super().__getattr__(name)
        except AttributeError:
            if "_modules" not in self.__dict__ or name == "token_adapter":
                raise
            return getattr(self.token_adapter, name)

    def forward(self, x: Tensor) -> Tensor:
        """Look up tokens."""
        return self.token_adapter(x)  # type: ignore[no-any-return]
