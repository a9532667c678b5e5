"""How a model is called: its signature in plain types, and what each argument means."""

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


class Own:
    """Stands in a signature for a default that each object has for itself."""

    def __init__(self, info: FieldInfo) -> None:
        self.info = info

    def __repr__(self) -> str:
        return repr(self.info.get_default(call_default_factory=True))


def plain_type(annotation: object) -> object:
    """Return a type without the notes on what its values must be and when it came."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return plain_type(arguments[0])
    if origin in (Union, UnionType):
        return reduce(or_, (plain_type(argument) for argument in arguments))
    if origin in (list, dict, tuple):
        return origin[tuple(plain_type(argument) for argument in arguments)]
    return annotation


def signature_of(model: type[BaseModel], *, ordered: bool) -> Signature:
    """Return the signature of a model's constructor, with `self`.

    `ordered` tells whether values may be given in the order of the fields, without their names.
    """
    kind = Parameter.POSITIONAL_OR_KEYWORD if ordered else Parameter.KEYWORD_ONLY
    fields = [
        Parameter(name, kind, default=_default(info), annotation=plain_type(info.annotation))
        for name, info in model.model_fields.items()
    ]
    itself = Parameter("self", Parameter.POSITIONAL_ONLY)
    return Signature([itself, *fields], return_annotation=None)


def set_signature(model: type[BaseModel], *, ordered: bool) -> None:
    """Give the constructor of a model its signature, and what each argument means."""
    make: Any = model.__init__
    if getattr(make, "__pydantic_base_init__", False):  # no one has written another
        whole = signature_of(model, ordered=ordered)
        make.__signature__ = whole
        make.__doc__ = arguments_of(model)
        _, *parameters = whole.parameters.values()
        # Pydantic sets the same, but not before a model is first used.
        model.__signature__ = whole.replace(parameters=parameters)


def named(
    model: type[BaseModel], values: tuple[object, ...], others: dict[str, object], *, ordered: bool
) -> dict[str, object]:
    """Return arguments by name; the first ones are given in the order of the fields.

    Raises:
        TypeError: if there are too many of them, or one is given by name too.
    """
    fields = list(model.model_fields) if ordered else []
    if len(values) > len(fields):
        most = f"at most {len(fields)}" if fields else "no"
        given = f"{len(values)} were given" if len(values) > 1 else "1 was given"
        raise TypeError(f"{model.__name__} takes {most} positional arguments, but {given}")
    first = dict(zip(fields, values, strict=False))
    for name in first.keys() & others.keys():
        raise TypeError(f"`{name}` is given by position and by name; give it once")
    if "peft_type" in first and first["peft_type"] is None:
        del first["peft_type"]  # PEFT writes `LORA` over what stands there
    return first | others


def _default(info: FieldInfo) -> Any:
    if info.is_required():
        return Parameter.empty
    return info.default if info.default_factory is None else Own(info)


def arguments_of(model: type[BaseModel]) -> str:
    """Return what each argument of a model's constructor means, as a docstring."""
    entries = []
    for name, info in model.model_fields.items():
        meaning = f"{name}: {info.description}"
        entries.append(fill(meaning, _WIDTH, initial_indent=" " * 4, subsequent_indent=" " * 8))
    return "\n".join([f"Create a {model.__name__}.", "", "Args:", *entries])
