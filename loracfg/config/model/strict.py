"""The base of all config models."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic.functional_validators import ModelWrapValidatorHandler  # not in pydantic 2.10

from loracfg.config.model.refusal import refusal
from loracfg.config.model.signature import named, set_signature
from loracfg.config.model.validation_context import is_partial

_BOUNDS: Final = {
    "ge": "minimum",
    "gt": "exclusiveMinimum",
    "le": "maximum",
    "lt": "exclusiveMaximum",
}


def _name_bounds(schema: dict[str, Any]) -> None:
    # Pydantic does not rename the bounds of a union of number types.
    for name, values in schema.get("properties", {}).items():
        schema["properties"][name] = {_BOUNDS.get(key, key): v for key, v in values.items()}


class StrictModel(BaseModel):
    """A model with strict values and validated assignments, without unknown keys, NaN or infinity.

    Its errors are rewritten by `refusal.py`, with one line for each invalid value.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(
        strict=True,
        extra="forbid",
        validate_assignment=True,
        allow_inf_nan=False,
        hide_input_in_errors=True,
        json_schema_extra=_name_bounds,
    )

    positional: ClassVar[bool] = False
    """Whether fields can be passed by position."""

    if not TYPE_CHECKING:  # type checkers derive the constructor from the fields

        def __init_subclass__(cls, **options: object) -> None:
            """Give the class its own constructor, with its own signature."""
            super().__init_subclass__(**options)
            if getattr(cls.__init__, "__pydantic_base_init__", False):  # the user defines none
                cls.__init__ = _constructor()

        @classmethod
        def __pydantic_init_subclass__(cls, **options: object) -> None:
            """Set the signature, which lists the fields."""
            super().__pydantic_init_subclass__(**options)
            set_signature(cls, ordered=cls.positional)

    @model_validator(mode="wrap")
    @classmethod
    def _rewrite_errors(
        cls, values: Any, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo
    ) -> Self:
        if _within.get() or is_partial(info) or isinstance(values, cls):
            return handler(values)
        token = _within.set(True)
        try:
            return handler(values)
        except ValidationError as error:
            raise refusal(cls, values, error) from None
        finally:
            _within.reset(token)

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """Yield the fields that differ from their defaults."""
        for name, info in type(self).model_fields.items():
            value = getattr(self, name)
            if info.is_required() or value != info.get_default(call_default_factory=True):
                yield name, value

    def __str__(self) -> str:
        """Return the same as `repr`."""
        return repr(self)

    if not TYPE_CHECKING:  # a declared `__setattr__` would let type checkers accept any name

        def __setattr__(self, name: str, value: object) -> None:
            """Assign a field, or raise `pydantic.ValidationError` and leave the object unchanged.

            Pydantic alone would check constraints between fields only after the assignment.
            """
            values, given = self.__dict__.copy(), self.__pydantic_fields_set__.copy()
            token = _within.set(True)
            try:
                super().__setattr__(name, value)
            except ValidationError as error:
                object.__setattr__(self, "__dict__", values)
                object.__setattr__(self, "__pydantic_fields_set__", given)
                raise refusal(type(self), {name: value}, error) from None
            finally:
                _within.reset(token)


def _constructor() -> Callable[..., None]:
    def __init__(self: StrictModel, /, *positional: Any, **values: Any) -> None:  # noqa: N807
        if positional:
            values = named(type(self), positional, values, ordered=type(self).positional)
        BaseModel.__init__(self, **values)

    # With this attribute, pydantic validates without calling the constructor.
    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]
    return __init__


_within: Final = ContextVar("loracfg_within_a_model", default=False)
"""Whether a model is validated as part of another one, which then rewrites the errors."""
