"""The adapters of the matrix: for each feature, the config that PEFT makes it with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from tests.runtimes.matrix.architectures import Layers

Config = dict[str, Any]
RANK: Final = 4


class Feature(NamedTuple):
    """How to make an adapter with a feature; None where an architecture lacks what it is for.

    With `tied`, the base ties its head to its embeddings.
    """

    config: Callable[[Layers], Config | None]
    tied: bool = False


def _attention(**config: Any) -> Feature:
    return Feature(lambda layers: {"target_modules": list(layers.attention), **config})


def _also(name: Callable[[Layers], str | None], *, tied: bool = False) -> Feature:
    """Return the feature that something else than attention has factors too."""

    def config(layers: Layers) -> Config | None:
        other = name(layers)
        return {"target_modules": [*layers.attention, other]} if other else None

    return Feature(config, tied)


def _only(name: Callable[[Layers], str | None]) -> Feature:
    """Return the feature that one kind of module alone has factors."""

    def config(layers: Layers) -> Config | None:
        return {"target_modules": [one]} if (one := name(layers)) else None

    return Feature(config)


def _parameters(*names: str) -> Feature:
    """Return the feature that parameters of stacked experts have factors."""

    def config(layers: Layers) -> Config | None:
        if not layers.experts:
            return None
        targets = [f"{expert}.{name}" for expert in layers.experts for name in names]
        return {"target_modules": list(layers.attention), "target_parameters": targets}

    return Feature(config)


def _saved(name: Callable[[Layers], str]) -> Feature:
    return Feature(
        lambda layers: {
            "target_modules": list(layers.attention),
            "modules_to_save": [name(layers)],
        }
    )


def _mlp(layers: Layers) -> Config | None:
    return {"target_modules": list(layers.mlp)} if layers.mlp else None


def _router(layers: Layers) -> Config | None:
    if layers.router is None:
        return None
    targets = [f"{layers.router}.weight"]
    return {"target_modules": list(layers.attention), "target_parameters": targets}


FEATURES: Final[Mapping[str, Feature]] = {
    "attention": _attention(),
    "all-linear": Feature(lambda _: {"target_modules": "all-linear"}),
    "mlp": Feature(_mlp),
    "query alone": _only(lambda layers: layers.query),
    "value alone": _only(lambda layers: layers.value),
    "recurrent alone": _only(lambda layers: layers.recurrent),
    "up alone": _only(lambda layers: layers.up),
    "pattern": Feature(lambda layers: {"target_modules": rf".*\.({'|'.join(layers.attention)})"}),
    "experts": _parameters("gate_up_proj", "down_proj"),
    "half of experts": _parameters("down_proj"),
    "router": Feature(_router),
    "head": _also(lambda layers: layers.head),
    "embedding": _also(lambda layers: layers.embedding),
    "tied head": _also(lambda layers: layers.head, tied=True),
    "tied embedding": _also(lambda layers: layers.embedding, tied=True),
    "saved head": _saved(lambda layers: layers.head),
    "saved embedding": _saved(lambda layers: layers.embedding),
    "saved norm": _saved(lambda layers: layers.norm),
    "lora_bias": _attention(lora_bias=True),
    "bias all": _attention(bias="all"),
    "bias lora_only": _attention(bias="lora_only"),
    "use_rslora": _attention(use_rslora=True),
    "use_dora": _attention(use_dora=True),
    "alpha_pattern": Feature(
        lambda layers: {
            "target_modules": list(layers.attention),
            "alpha_pattern": {layers.attention[0]: 32},
        }
    ),
    "rank_pattern": Feature(
        lambda layers: {
            "target_modules": list(layers.attention),
            "rank_pattern": {layers.attention[0]: 2},
        }
    ),
    "rank 32": _attention(r=32),
    "one layer": _attention(layers_to_transform=[1]),
    "trained tokens": _attention(trainable_token_indices=[1, 5]),
    "pissa": _attention(init_lora_weights="pissa"),
}
"""The features by their names."""
