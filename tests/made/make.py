"""Making adapters and their bases with the real PEFT and transformers."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.made.recipes import Recipe
from tests.zoo import CONFIGS, tiny_model


@dataclass(frozen=True)
class Made:
    """An adapter on disk and the folder of its base, with the base's checkpoint."""

    adapter: Path
    base: Path


@dataclass(frozen=True)
class Refused:
    """PEFT raised on this config and base."""

    base: Path
    config: Any
    reason: str


def make(model_type: str, recipe: Recipe, root: Path, name: str) -> Made | Refused:
    """Make an adapter below `root`; bases are shared between adapters of one type."""
    import peft

    model = tiny_model(model_type, recipe.head, **recipe.changes)
    base = save_base(model, model_type, recipe, root)
    if recipe.dtype != "float32":
        import torch

        model = model.to(getattr(torch, recipe.dtype))
    adapter = root / "adapters" / model_type / name
    arguments: dict[str, Any] = {"r": 4, "lora_alpha": 8, "base_model_name_or_path": str(base)}
    config = peft.LoraConfig(**arguments | recipe.config)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            wrapped = peft.get_peft_model(model, config)
            wrapped.save_pretrained(str(adapter))
    except Exception as error:  # whatever PEFT raises is an answer
        return Refused(base, peft.LoraConfig(**arguments | recipe.config), repr(error))
    return Made(adapter, base)


def save_base(model: Any, model_type: str, recipe: Recipe, root: Path) -> Path:
    """Save a base model once."""
    changes = "".join(f"-{key}-{value}" for key, value in sorted(recipe.changes.items()))
    base = root / "bases" / f"{model_type}-{type(model).__name__}{changes}"
    if not (base / "config.json").exists():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.save_pretrained(base)
    return base


__all__ = ["CONFIGS", "Made", "Refused", "make"]
