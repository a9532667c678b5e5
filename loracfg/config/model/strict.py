"""The base of all config models."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    ModelWrapValidatorHandler,
    ValidationError,
    ValidationInfo,
    model_validator,
)

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
    # Pydantic leaves the bounds of a union of number types under its own names.
    for name, values in schema.get("properties", {}).items():
        schema["properties"][name] = {_BOUNDS.get(key, key): v for key, v in values.items()}


class StrictModel(BaseModel):
    """Strict values, no unknown keys, no NaN or infinity, and assignments that are validated.

    What it refuses is said in our words, at one place for each value.
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
    """Whether values may be given in the order of the fields, without their names."""

    if not TYPE_CHECKING:  # the fields say what type checkers let pass

        def __init_subclass__(cls, **options: object) -> None:
            """Give the class a constructor of its own, which has its own signature."""
            super().__init_subclass__(**options)
            if getattr(cls.__init__, "__pydantic_base_init__", False):  # else it is a user's
                cls.__init__ = _constructor()

        @classmethod
        def __pydantic_init_subclass__(cls, **options: object) -> None:
            """Set the signature, which names the fields."""
            super().__pydantic_init_subclass__(**options)
            set_signature(cls, ordered=cls.positional)

    @model_validator(mode="wrap")
    @classmethod
    def _say_what_is_refused(
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
        """Return what differs from the defaults."""
        for name, info in type(self).model_fields.items():
            value = getattr(self, name)
            if info.is_required() or value != info.get_default(call_default_factory=True):
                yield name, value

    def __str__(self) -> str:
        """Return the same as `repr`."""
        return repr(self)

    if not TYPE_CHECKING:  # a declared `__setattr__` would let type checkers accept any name

        def __setattr__(self, name: str, value: object) -> None:
            """Assign a field, or raise `pydantic.ValidationError` and leave the object as it was.

            Pydantic checks what must hold between fields after it has assigned.
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

    # Pydantic validates by itself, and calls no constructor, if it is as plain as its own.
    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]
    return __init__


_within: Final = ContextVar("loracfg_within_a_model", default=False)
"""Whether a model is validated as a part of another one, which then says what is refused."""
