"""Adapters of the matrix on disk, each with its base, by the real PEFT."""

from __future__ import annotations

import copy
import json
import warnings
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tests.made.make import Made
from tests.runtimes.matrix.architectures import PUBLISHED, config_of, layers_of, model_of
from tests.runtimes.matrix.features import FEATURES, RANK

if TYPE_CHECKING:
    from transformers import PreTrainedModel

MERGED: Final = "merged"
"""The folder below an adapter with the base that it is merged into."""


def make_all(
    model_type: str, root: Path, *, whole: bool = False
) -> Iterator[tuple[str, Made | None]]:
    """Yield each feature with the adapter of a model type, None where there is no such adapter.

    Args:
        whole: also save the weights of the bases, and of the bases with the adapters merged in.
    """
    natural = config_of(model_type).tie_word_embeddings
    for name, feature in FEATURES.items():
        if not (feature.tied and natural):
            yield name, make(model_type, name, root, whole=whole)


def make(model_type: str, feature: str, root: Path, *, whole: bool = False) -> Made | None:
    """Make the adapter of one cell; None where the architecture has no such, or PEFT refuses it."""
    import peft
    import torch

    tied = FEATURES[feature].tied
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = copy.deepcopy(_model(model_type, tied))
        wanted = FEATURES[feature].config(layers_of(model))
        if wanted is None:
            return None
        base = root / model_type / ("tied" if tied else "base")
        _save(model, base, whole=whole)
        arguments: dict[str, Any] = {
            "r": RANK,
            "lora_alpha": 8,
            "task_type": "CAUSAL_LM",
            "base_model_name_or_path": str(base),
        }
        adapter = root / model_type / feature.replace(" ", "_")
        torch.manual_seed(1)
        try:
            wrapped = peft.get_peft_model(model, peft.LoraConfig(**arguments | wanted))
        except (ValueError, TypeError, NotImplementedError, RuntimeError, KeyError):
            return None  # PEFT has no such adapter
        _train(wrapped)
        wrapped.save_pretrained(str(adapter))
        if whole:
            _merge(wrapped, adapter / MERGED)
        return Made(adapter, base)


@lru_cache(maxsize=2)
def _model(model_type: str, tied: bool) -> PreTrainedModel:
    return model_of(config_of(model_type, tied=tied))


def _save(model: PreTrainedModel, base: Path, *, whole: bool) -> None:
    path = base / "config.json"
    if path.exists():
        return
    (model if whole else model.config).save_pretrained(base)
    keys = PUBLISHED.get(model.config.model_type, {}) | json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(keys), "utf-8")


def _merge(wrapped: Any, folder: Path) -> None:
    """Save the base with the adapter merged in, its head apart from its embeddings."""
    import torch

    merged = copy.deepcopy(wrapped)
    head = merged.get_base_model().get_output_embeddings()
    head = getattr(head, "base_layer", head)
    head = getattr(head, "original_module", head)
    head.weight = torch.nn.Parameter(head.weight.detach().clone())
    try:
        merged = merged.merge_and_unload()
    except (AttributeError, NotImplementedError, RuntimeError, ValueError):
        return  # there is nothing to compare with
    merged.config.tie_word_embeddings = False
    merged.save_pretrained(folder)


def _train(model: Any) -> None:
    """Give all that is trained other values than those that it begins with."""
    import torch

    for name, parameter in model.named_parameters():
        if ".lora_A" in name or ".lora_B" in name or ".lora_embedding_" in name:
            torch.nn.init.normal_(parameter.data, std=0.1)
        elif parameter.requires_grad:
            parameter.data += 0.1 * torch.randn_like(parameter)
