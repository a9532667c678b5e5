"""Holds models to the constraints between their fields."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationInfo
from pydantic_core import PydanticCustomError

from loracfg.config.model.constraints import conflicts
from loracfg.config.model.validation_context import is_partial


def check_conflicts(config: Any, info: ValidationInfo, release: str) -> None:
    """Refuse a config that breaks a constraint, unless the context leaves that to the caller.

    Raises:
        PydanticCustomError: for the first constraint that it breaks.
    """
    if is_partial(info):
        return
    for conflict in conflicts(config, release):
        raise PydanticCustomError(
            "conflict",
            "{message}",
            {"message": conflict.message, "name": conflict.name, "field": conflict.field},
        )
