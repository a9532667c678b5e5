"""Ties of weights, as `PreTrainedModel.tie_weights` makes them, and what PEFT sees of them.

Clones that nobody looked at are left as they are: nothing in them ties (`stand_ins/memory.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from loracfg.base.tying import tied_names


def touched(module: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield paths and modules, those too that stand in several places, but no untouched clone."""
    if "_source" in module.__dict__:
        return
    yield path, module
    for name, child in module._modules.items():
        if child is not None:
            yield from touched(child, f"{path}.{name}" if path else name)


def tie(model: Any) -> None:
    """Tie the weights of a model and of the models in it."""
    if _has_own_way(model):
        model.tie_weights()
    elif hasattr(model, "get_expanded_tied_weights_keys"):  # transformers 5
        keys: dict[str, str] = {}
        for path, module in touched(model):
            if hasattr(type(module), "is_tying"):
                dot = f"{path}." if path else ""
                own = module.get_expanded_tied_weights_keys(all_submodels=False)
                keys |= {dot + target: dot + source for target, source in own.items()}
        model.all_tied_weights_keys = keys
        model.tie_weights(recompute_mapping=False)
    else:
        for module in {id(module): module for _, module in touched(model)}.values():
            if hasattr(type(module), "is_tying"):
                module.tie_embeddings_and_encoder_decoder()
            if hasattr(type(module), "_tie_weights"):
                module._tie_weights()


def _has_own_way(model: Any) -> bool:
    lineage = type(model).__mro__
    base = next(cls for cls in lineage if cls.__name__ == "PreTrainedModel")
    return any("tie_weights" in vars(cls) for cls in lineage[: lineage.index(base)])


def tied_modules(model: Any) -> tuple[str, ...]:
    """Return the modules tied to the input embedding, as `loracfg.base.tying` reads PEFT."""
    return tied_names(model, touched(model))
