"""The signature of a model's constructor in plain types, and its docstring."""

from __future__ import annotations

from functools import reduce
from inspect import Parameter, Signature
from operator import or_
from textwrap import fill
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Final, Union, get_args, get_origin

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic.fields import FieldInfo

_WIDTH: Final = 88


class FreshDefault:
    """A default in a signature that is created again for each object."""

    def __init__(self, info: FieldInfo) -> None:
        self.info = info

    def __repr__(self) -> str:
        return repr(self.info.get_default(call_default_factory=True))


def plain_type(annotation: object) -> object:
    """Return a type without the notes on its constraints and history."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return plain_type(arguments[0])
    if origin in (Union, UnionType):
        return reduce(or_, (plain_type(argument) for argument in arguments))
    if origin in (list, dict, tuple):
        return origin[tuple(plain_type(argument) for argument in arguments)]
    return annotation


def signature_of(model: type[BaseModel], *, ordered: bool) -> Signature:
    """Return the signature of a model's constructor, including `self`.

    `ordered` says whether fields can be passed by position.
    """
    kind = Parameter.POSITIONAL_OR_KEYWORD if ordered else Parameter.KEYWORD_ONLY
    fields = [
        Parameter(name, kind, default=_default(info), annotation=plain_type(info.annotation))
        for name, info in model.model_fields.items()
    ]
    itself = Parameter("self", Parameter.POSITIONAL_ONLY)
    return Signature([itself, *fields], return_annotation=None)


def set_signature(model: type[BaseModel], *, ordered: bool) -> None:
    """Set the signature and the docstring of a model's constructor."""
    make: Any = model.__init__
    if getattr(make, "__pydantic_base_init__", False):  # the class does not define its own
        whole = signature_of(model, ordered=ordered)
        make.__signature__ = whole
        make.__doc__ = arguments_of(model)
        _, *parameters = whole.parameters.values()
        # Pydantic sets the same, but only when the model is first used.
        model.__signature__ = whole.replace(parameters=parameters)


def named(
    model: type[BaseModel], values: tuple[object, ...], others: dict[str, object], *, ordered: bool
) -> dict[str, object]:
    """Return all arguments by name; `values` are positional, in the order of the fields.

    Raises:
        TypeError: if there are too many of them, or one is also passed by name.
    """
    fields = list(model.model_fields) if ordered else []
    if len(values) > len(fields):
        most = f"at most {len(fields)}" if fields else "no"
        given = f"{len(values)} were given" if len(values) > 1 else "1 was given"
        raise TypeError(f"{model.__name__} takes {most} positional arguments, but {given}")
    first = dict(zip(fields, values, strict=False))
    for name in first.keys() & others.keys():
        raise TypeError(f"`{name}` is passed both by position and by name; pass it once")
    if "peft_type" in first and first["peft_type"] is None:
        del first["peft_type"]  # PEFT always sets it to `LORA`
    return first | others


def _default(info: FieldInfo) -> Any:
    if info.is_required():
        return Parameter.empty
    return info.default if info.default_factory is None else FreshDefault(info)


def arguments_of(model: type[BaseModel]) -> str:
    """Return the docstring of a model's constructor, with a description of each argument."""
    entries = []
    for name, info in model.model_fields.items():
        meaning = f"{name}: {info.description}"
        entries.append(fill(meaning, _WIDTH, initial_indent=" " * 4, subsequent_indent=" " * 8))
    return "\n".join([f"Create a {model.__name__}.", "", "Args:", *entries])
