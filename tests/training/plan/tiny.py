"""Plans of configs on tiny models, and what PEFT does with the same configs."""

from __future__ import annotations

import warnings
from copy import deepcopy
from typing import Any, Final

from loracfg.base.search import ResolvedBase
from loracfg.config.model.lora_config import LoraConfig
from loracfg.config.model.validation_context import FIELDS_ONLY
from loracfg.engine.engine import Engine
from loracfg.training.planned import Training, plan_case
from loracfg.training.source_reading import source_of_options
from loracfg.training.training_plan import TrainingPlan
from tests.planning.models import architecture, model_of

_DEFAULT: Final = Training()


def planned(model: str, values: dict[str, Any], training: Training = _DEFAULT) -> TrainingPlan:
    """Return the plan of a config on a tiny model."""
    config = LoraConfig.model_validate(values, context=FIELDS_ONLY)
    base = ResolvedBase(architecture(model), name="base")
    case = Engine().open_planned(config, base=base, dtype=training.dtype)
    return plan_case(case, source_of_options(config.to_dict()), training)


def adapted(model: str, values: dict[str, Any], dtype: str = "float32") -> Any:
    """Return a copy of a tiny model as PEFT adapts it."""
    import peft
    import torch

    config = LoraConfig.model_validate(values, context=FIELDS_ONLY).to_peft()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return peft.get_peft_model(deepcopy(model_of(model)).to(getattr(torch, dtype)), config)
