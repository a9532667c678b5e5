"""The base of all config models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from pydantic import BaseModel, ConfigDict, ValidationError, ValidationInfo
from pydantic_core import PydanticCustomError

from loracfg.config.constraints import conflicts

FIELDS_ONLY: Final[dict[str, Any]] = {"fields_only": True}
"""Validation context in which constraints between fields are left to the caller."""


_BOUNDS: Final = {
    "ge": "minimum",
    "gt": "exclusiveMinimum",
    "le": "maximum",
    "lt": "exclusiveMaximum",
}


def _name_bounds(schema: dict[str, Any]) -> None:
    # Pydantic leaves the bounds of a union of number types under its own names.
    for name, values in schema.get("properties", {}).items():
        schema["properties"][name] = {_BOUNDS.get(key, key): v for key, v in values.items()}


class StrictModel(BaseModel):
    """Strict values, no unknown keys, no NaN or infinity, and assignments that are validated."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        strict=True,
        extra="forbid",
        validate_assignment=True,
        allow_inf_nan=False,
        json_schema_extra=_name_bounds,
    )

    if not TYPE_CHECKING:  # a declared `__setattr__` would let type checkers accept any name

        def __setattr__(self, name: str, value: Any) -> None:
            """Assign a field, or raise `pydantic.ValidationError` and leave the object as it was.

            Pydantic checks what must hold between fields after it has assigned.
            """
            values, given = self.__dict__.copy(), self.__pydantic_fields_set__.copy()
            try:
                super().__setattr__(name, value)
            except ValidationError:
                object.__setattr__(self, "__dict__", values)
                object.__setattr__(self, "__pydantic_fields_set__", given)
                raise


def check_conflicts(config: Any, info: ValidationInfo, release: str) -> None:
    """Refuse a config that breaks a constraint, unless the context leaves that to the caller.

    Raises:
        PydanticCustomError: for the first constraint that it breaks.
    """
    if info.context and FIELDS_ONLY.items() <= info.context.items():
        return
    for conflict in conflicts(config, release):
        raise PydanticCustomError(
            "conflict",
            "{message}",
            {"message": conflict.message, "name": conflict.name, "field": conflict.field},
        )
