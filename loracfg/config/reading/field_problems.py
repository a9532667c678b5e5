"""Validates the fields of a config one by one, without the constraints between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, TypeVar

from pydantic import ValidationError

from loracfg.config.model.lora_fields import LoraFields
from loracfg.config.model.pydantic_errors import InvalidValue, problems_in
from loracfg.config.model.validation_context import FIELDS_ONLY, PATTERNS_UNTIL
from loracfg.cpu_time import thread_time

if TYPE_CHECKING:
    from pydantic import BaseModel

_Model = TypeVar("_Model", bound=LoraFields)

PATTERN_SECONDS: Final = 2.0
"""CPU time for compiling the patterns of one file; patterns beyond it are rejected."""


def problems(values: Mapping[str, object], model: type[LoraFields]) -> list[InvalidValue]:
    """Return the invalid values, without checking constraints between fields."""
    found = validated(values, model)
    return found if isinstance(found, list) else []


def validated(values: Mapping[str, object], model: type[_Model]) -> _Model | list[InvalidValue]:
    """Return the config with these values, or the invalid values."""
    context = {**FIELDS_ONLY, PATTERNS_UNTIL: thread_time() + PATTERN_SECONDS}
    try:
        return model.model_validate(values, context=context)
    except ValidationError as error:
        return problems_in(values, error.errors(include_url=False))


def rejected_keys(model: type[BaseModel], values: Mapping[str, object]) -> list[str]:
    """Return the keys of a nested config with values of the right type that are rejected.

    `""` is a constraint between keys.
    """
    known = {key: value for key, value in values.items() if key in model.model_fields}
    try:
        model.model_validate(known, context=FIELDS_ONLY)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        return [
            str(e["loc"][0]) if e["loc"] else "" for e in found if not e["type"].endswith("_type")
        ]
    return []
