"""The base of all config models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from pydantic import BaseModel, ConfigDict, ValidationError

FIELDS_ONLY: Final[dict[str, Any]] = {"fields_only": True}
"""Validation context in which constraints between fields are left to the caller."""


class StrictModel(BaseModel):
    """Strict values, no unknown keys, no NaN or infinity, and assignments that are validated."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        strict=True, extra="forbid", validate_assignment=True, allow_inf_nan=False
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
