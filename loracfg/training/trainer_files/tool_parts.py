"""What trainers call the parts of models with towers, generated from their released packages.

`python -m tests.training.trainer_files.oracle --facts` writes both files.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from loracfg.named_tuple import NamedTuple


class LlamaFactoryParts(NamedTuple):
    """Texts in the paths of the parts of a composite model, by its `model_type`.

    From `_register_composite_model` in `model/model_utils/visual.py` of LLaMA-Factory.
    """

    projector: tuple[str, ...]
    vision: tuple[str, ...]
    language: tuple[str, ...]
    conflict: tuple[str, ...]


class SwiftParts(NamedTuple):
    """The paths of the parts of a model class, and the last name of its output layer.

    From `MODEL_MAPPING` and `MODEL_ARCH_MAPPING` of ms-swift. `is_multimodal` is None if model
    types with the same class differ.
    """

    is_multimodal: bool | None
    language_model: tuple[str, ...] = ()
    vision_tower: tuple[str, ...] = ()
    aligner: tuple[str, ...] = ()
    output: str = "lm_head"


@cache
def llama_factory_parts() -> Mapping[str, LlamaFactoryParts]:
    """Return the composite models that LLaMA-Factory knows, by model type."""
    found = _read("llama_factory_parts.json")
    return {
        model_type: LlamaFactoryParts(*(tuple(one[key]) for key in LlamaFactoryParts._fields))
        for model_type, one in found.items()
    }


@cache
def swift_parts() -> Mapping[str, SwiftParts]:
    """Return the model classes that ms-swift knows."""
    found = _read("ms_swift_parts.json")
    return {name: _swift_parts(one) for name, one in found.items()}


def _swift_parts(given: dict[str, Any]) -> SwiftParts:
    return SwiftParts(
        given["is_multimodal"],
        tuple(given.get("language_model", ())),
        tuple(given.get("vision_tower", ())),
        tuple(given.get("aligner", ())),
        given.get("output", "lm_head"),
    )


def _read(file: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(Path(__file__).with_name(file).read_text(encoding="utf-8"))
    return read
