"""Names and shapes that the real PEFT builds, saves and loads, and those in the plan."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loracfg.adapter.header.tensor import Shape
from loracfg.base.architecture import Architecture
from loracfg.config import CONFIG_NAME
from loracfg.config.model.config_values import ConfigValues
from loracfg.config.model.constraints import conflicts
from loracfg.config.model.lora_config import LoraConfig
from loracfg.config.reading.plain_config import read_with_models
from loracfg.document.json_document import read_document
from loracfg.planning.build import build_plan
from loracfg.planning.patterns import PatternBudget

if TYPE_CHECKING:
    from torch import nn

Shapes = dict[str, Shape]


@dataclass(frozen=True)
class Refusal:
    """Why there is no adapter; two refusals are equal, whatever their reasons."""

    reason: str = field(compare=False)


def planned(config: ConfigValues, base: Architecture) -> Shapes | Refusal:
    """Return the tensors that the plan expects.

    What does not go with parameters matters only where there are such parameters; the plan knows.
    """
    for conflict in conflicts(config):
        if conflict.name != "option-with-parameters":
            return Refusal(conflict.message)
    plan = build_plan(config, base, PatternBudget())
    for failure in plan.failures:
        return Refusal(f"{failure.kind}: {failure.message}")
    return {name: expected.shape for name, expected in plan.tensors.items()}


def wrapped(model: nn.Module, config: LoraConfig) -> Any:
    """Return a copy of the model as PEFT adapts it, or the refusal."""
    import peft

    return _tried(lambda: peft.get_peft_model(deepcopy(model), config.to_peft()))


def reloaded(model: nn.Module, folder: Path) -> Any:
    """Return a copy of the model with the adapter that PEFT loads from a folder, or the refusal."""
    import peft

    return _tried(lambda: peft.PeftModel.from_pretrained(deepcopy(model), str(folder)))


def saved(adapted: Any) -> Shapes | Refusal:
    """Return the tensors that PEFT saves for an adapted model."""
    from peft import get_peft_model_state_dict

    if isinstance(adapted, Refusal):
        return adapted
    state = _tried(lambda: get_peft_model_state_dict(adapted))
    if isinstance(state, Refusal):
        return state
    return {name: tuple(tensor.shape) for name, tensor in state.items()}


def save(adapted: Any, folder: Path) -> None:
    """Save an adapted model as PEFT does."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        adapted.save_pretrained(str(folder))


def read_back(folder: Path) -> ConfigValues:
    """Return the saved config, as the reader understands it."""
    document, _ = read_document((folder / CONFIG_NAME).read_bytes(), CONFIG_NAME)
    assert document is not None
    reading = read_with_models(document)
    assert not reading.unusable
    return reading.config


def _tried(action: Callable[[], Any]) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return action()
        except Exception as error:  # whatever PEFT raises is an answer
            return Refusal(f"{type(error).__name__}: {error}")
