"""Modules as constructors of a library make them, for tests of the memory of the catalogue.

They stand in a module of their own: whatever is in the package of the stand-ins is no such class.
"""

from __future__ import annotations

from typing import Any

from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import PushToHubMixin
from loracfg.base.catalogue.stand_ins.nn import nn

NN: Any = nn


class Config(PushToHubMixin):
    """A config of a few values; its class has a model type, as that of a library."""

    model_type = "layered"

    def __init__(self, **values: Any) -> None:
        for name, value in values.items():
            setattr(self, name, value)


def shaped(config: Any, layer_idx: int, how: str) -> int:
    """Return a width that may depend on the number of a layer."""
    match how:
        case "even":
            return int(config.width * (2 if layer_idx % 2 == 0 else 1))
        case "first":
            return int(config.width + (layer_idx == 0))
        case "listed":
            return int(config.widths[layer_idx])
        case "less":
            return int(config.width + (layer_idx > 1))
        case "counted":
            config.width += 1
    return int(config.width)


class Inner(NN.Module):  # type: ignore[misc]
    """A part of a layer, which may be given its number, too."""

    def __init__(self, config: Any, layer_idx: int, how: str) -> None:
        super().__init__()
        self.layer_idx = layer_idx
        self.proj = NN.Linear(shaped(config, layer_idx, how), config.width)
        self.register_buffer("scale", torch.ones(config.width), persistent=how != "even")


class Ties:
    """What a class has that ties weights of others."""

    def _tie_weights(self) -> None:
        """Tie nothing."""


class Layer(NN.Module):  # type: ignore[misc]
    """A layer of parts, changed as `steps` say."""

    def __init__(self, config: Any, layer_idx: int, how: str, steps: tuple[str, ...]) -> None:
        super().__init__()
        self.config = config
        self.first = Inner(config, layer_idx, how)
        self.second = Inner(config, layer_idx, "plain")
        self.third = Inner(config=config, layer_idx=layer_idx, how="plain")
        for step in steps:
            change(self, step, layer_idx)


class TyingLayer(Ties, Layer):
    """A layer that ties weights."""


def change(module: Any, step: str, number: int) -> None:  # noqa: C901  # one case for each step
    """Change a module that was made, as constructors do."""
    match step:
        case "set":
            module.first.proj = NN.Linear(3, 3)
        case "delete":
            del module.second.proj
        case "none":
            module.third.proj = None
        case "share":
            module.shared = module.first
        case "weight":
            module.first.proj.weight = module.third.proj.weight
        case "add":
            module.first.add_module(f"more{number}", NN.Linear(2, 2))
        case "named":
            setattr(module, f"at{number}", NN.Linear(1, number + 1))
        case "parameter":
            module.second.gate = NN.Parameter(torch.zeros(2))
        case "buffer":
            module.second.scale = None
        case "list":
            module.held = NN.ModuleList([module.second, module.third])
            module.held.append(Inner(module.config, number, "even"))
        case "bias":
            module.third.proj.bias = None


class Model(NN.Module):  # type: ignore[misc]
    """A model of layers, some of which are changed once all are there."""

    def __init__(
        self,
        config: Any,
        how: str,
        steps: tuple[str, ...],
        after: tuple[tuple[int, str], ...],
        *,
        is_tying: bool,
        first_again: bool,
    ) -> None:
        super().__init__()
        layer = TyingLayer if is_tying else Layer
        self.layers = NN.ModuleList(
            [layer(config, number, how, steps) for number in range(len(config.widths))]
        )
        if first_again:
            self.again = self.layers[0]
            self.inner = self.layers[-1].first
        for number, step in after:
            change(self.layers[number % len(self.layers)], step, number)
