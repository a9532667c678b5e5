"""Layers wrapped with adapters, which compute what PEFT computes.

A wrapper replaces a layer and keeps it where PEFT does, since the names of base tensors in files
depend on it. Source: `peft/tuners/lora/layer.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call

from loracfg.errors import LoracfgError
from loracfg.injector.adapters import LoraAdapter, ParameterAdapter


class Wrapper(nn.Module):
    """Replaces a module, and has its attributes.

    `active` are the names of the adapters that act if `enabled`, `merged` those that are merged
    into the weights.
    """

    def __init__(self) -> None:
        super().__init__()
        self.active: list[str] = []
        self.enabled = True
        self.merged: list[str] = []

    @property
    def wrapped(self) -> nn.Module:
        """The module that this one appears to be."""
        raise NotImplementedError

    @property
    def names(self) -> Iterable[str]:
        """The names of all adapters."""
        raise NotImplementedError

    @property
    def acting(self) -> list[str]:
        """The adapters that change the result."""
        if self.merged or not self.enabled:
            return []
        return [name for name in self.active if name in self.names]

    def __getattr__(self, name: str) -> Any:
        """Return an attribute of the wrapped module."""
        try:
            return super().__getattr__(name)
        except AttributeError:
            if "_modules" not in self.__dict__ or name in ("base_layer", "original_module"):
                raise
            return getattr(self.wrapped, name)

    def set_trained(self, name: str, wanted: bool) -> None:
        """Train or freeze the parameters of an adapter."""
        raise NotImplementedError

    def merge(self, name: str) -> None:
        """Merge an adapter into the weights."""

    def unmerge(self) -> None:
        """Remove merged adapters from the weights, last in, first out."""

    def drop(self, name: str) -> nn.Module | None:
        """Remove an adapter; return the bare module if none is left."""
        raise NotImplementedError


class AdaptedLayer(Wrapper):
    """A layer with adapters, each of which adds to its result."""

    parameter = "weight"
    """The parameter that merging changes."""

    times = 1
    """How often an update is added."""

    takes_bias = True
    """Whether the bias of an update is merged into the bias of the layer."""

    def __init__(self, base_layer: nn.Module) -> None:
        super().__init__()
        self.base_layer = base_layer
        self.adapters = nn.ModuleDict()

    @property
    def wrapped(self) -> nn.Module:
        return self.base_layer

    @property
    def names(self) -> Iterable[str]:
        return self.adapters.keys()

    @property
    def bare(self) -> nn.Module:
        """The innermost layer."""
        inner = self.base_layer
        while isinstance(inner, AdaptedLayer):
            inner = inner.base_layer
        return inner

    def adapter(self, name: str) -> LoraAdapter:
        """Return an adapter."""
        found = self.adapters[name]
        assert isinstance(found, LoraAdapter)
        return found

    def forward(self, x: Tensor, *args: object, **kwargs: object) -> object:
        """Return the result of the layer with the updates, in its dtype."""
        result: Tensor = self.base_layer(x, *args, **kwargs)
        dtype = result.dtype
        for name in self.acting:
            result = self.adapters[name](x, result)
        return result.to(dtype)

    def set_trained(self, name: str, wanted: bool) -> None:
        adapter = self.adapter(name)
        for key, parameter in adapter.named_parameters():
            parameter.requires_grad_(wanted and key not in adapter.option.frozen)

    def merge(self, name: str) -> None:
        """Merge an adapter into the weight.

        Raises:
            LoracfgError: if it cannot be merged, or if the weight would have non-finite values.
        """
        if name in self.merged or name not in self.names:
            return
        adapter, weight = self.adapter(name), getattr(self.bare, self.parameter)
        problem = adapter.merge_problem() or self.bias_problem(adapter)
        if problem:
            raise LoracfgError(problem, "use the adapter without merging")
        with torch.no_grad():
            new, original = adapter.turned(weight), adapter.turned(self.original())
            for _ in range(self.times):
                new = adapter.option.merged(adapter, new, original)
            if not torch.isfinite(new).all():
                raise LoracfgError(f"merging `{name}` would give non-finite values")
            weight.copy_(adapter.turned(new))
            self.add_to_bias(adapter, 1)
        self.merged.append(name)

    def unmerge(self) -> None:
        while self.merged:
            adapter, weight = self.adapter(self.merged.pop()), getattr(self.bare, self.parameter)
            with torch.no_grad():
                old = adapter.turned(weight)
                for _ in range(self.times):
                    old = adapter.option.unmerged(adapter, old)
                weight.copy_(adapter.turned(old))
                self.add_to_bias(adapter, -1)

    def original(self) -> Tensor:
        """Return the weight without merged updates."""
        weight: Tensor = getattr(self.bare, self.parameter)
        for name in reversed(self.merged):
            adapter = self.adapter(name)
            weight = adapter.turned(adapter.option.unmerged(adapter, adapter.turned(weight)))
        return weight

    def add_to_bias(self, adapter: LoraAdapter, sign: int) -> None:
        """Add the bias of an update to the layer's, or subtract it."""
        if self.takes_bias and adapter.bias is not None:
            bias: Any = self.bare.bias
            bias += sign * adapter.bias

    def bias_problem(self, adapter: LoraAdapter) -> str | None:
        """Return why the bias of an update cannot be merged, if it cannot."""
        if not self.takes_bias or adapter.bias is None:
            return None
        if getattr(self.bare, "bias", None) is not None:
            return None
        return "an adapter with `lora_bias` cannot be merged into a layer without bias"

    def drop(self, name: str) -> nn.Module | None:
        if name in self.names:
            del self.adapters[name]
        return None if self.adapters else self.base_layer


class OutputProjection(AdaptedLayer):
    """The output layer of an attention, which is never called: the attention uses its weight.

    PEFT adds its update twice, but the gradient includes it once: `MultiheadAttention.merge`
    adds it and makes the layer merge itself too.
    """

    times = 2


class AdaptedAttention(AdaptedLayer):
    """A `MultiheadAttention` whose input and output projection each have an adapter."""

    parameter = "in_proj_weight"
    takes_bias = False  # PEFT ignores the bias of the input projection

    def __init__(self, base_layer: nn.Module) -> None:
        super().__init__(base_layer)
        base_layer.out_proj = OutputProjection(self.out_proj)

    @property
    def output(self) -> AdaptedLayer:
        """The output layer."""
        found = self.base_layer.out_proj
        assert isinstance(found, AdaptedLayer)
        return found

    def forward(self, x: Tensor, *args: object, **kwargs: object) -> tuple[Tensor, Tensor | None]:
        """Return the output and the weights of the attention for a query, with the updates."""
        changed = self.changed() if self.acting else {}
        result, weights = functional_call(self.base_layer, changed, (x, *args), kwargs)
        return result.to(x.dtype), None if weights is None else weights.to(x.dtype)

    def changed(self) -> dict[str, Tensor]:
        """Return the weights with the updates, by name in the attention."""
        output = self.output
        into: Tensor = self.base_layer.in_proj_weight  # type: ignore[assignment]
        weight: Tensor = output.bare.weight  # type: ignore[assignment]
        bias: Tensor | None = output.bare.bias  # type: ignore[assignment]
        for name in self.acting:
            into = into + self.adapter(name).delta.to(into.dtype)
            delta = output.adapter(name).delta.to(weight.dtype)
            weight = weight + delta + delta.detach()
            added = output.adapter(name).bias
            bias = bias if bias is None or added is None else bias + added.detach().to(bias.dtype)
        found = {"in_proj_weight": into, "out_proj.base_layer.weight": weight}
        return found if bias is None else found | {"out_proj.base_layer.bias": bias}

    def merge(self, name: str) -> None:
        super().merge(name)
        self.output.merge(name)

    def unmerge(self) -> None:
        super().unmerge()
        self.output.unmerge()


class AdaptedParameter(AdaptedLayer):
    """A module with one adapted parameter; a module with several is wrapped several times."""

    def __init__(self, base_layer: nn.Module, parameter: str) -> None:
        super().__init__(base_layer)
        self.parameter = parameter
        inner, depth = base_layer, 0
        while isinstance(inner, AdaptedLayer):
            inner, depth = inner.base_layer, depth + 1
        self.path = "base_layer." * depth + parameter

    def forward(self, x: object, *args: object, **kwargs: object) -> object:
        """Call the module with a different parameter in place of its own."""
        weight = getattr(self.bare, self.parameter)
        for name in self.acting:
            adapter = self.adapter(name)
            assert isinstance(adapter, ParameterAdapter)
            weight = adapter.added_to(weight)
        return functional_call(self.base_layer, {self.path: weight}, (x, *args), kwargs)
