"""Rewrites a model's validation errors: the field, its value and what to do."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from difflib import get_close_matches
from reprlib import Repr
from typing import TYPE_CHECKING, Any, Final, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from loracfg.config.history.field_table import UNTIL
from loracfg.config.model.pydantic_errors import (
    BY_NAME,
    JSON,
    KNOWN,
    InvalidValue,
    Steps,
    Vocabulary,
    closest_choice,
    path_of,
    problems_in,
    value_at,
)
from loracfg.config.model.types import as_fields, as_sorted
from loracfg.config.model.validation_context import FIELDS_ONLY
from loracfg.document.display import printable

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo
    from pydantic_core import ErrorDetails

_UNKNOWN: Final = frozenset({"extra_forbidden", "no_such_attribute"})
_OTHER_NAMES: Final = {
    "rank": "r",
    "lora_r": "r",
    "lora_rank": "r",
    "targets": "target_modules",
    "modules": "target_modules",
}
"""Names that other libraries use for a field."""

_WORDS: Final = frozenset({"true", "false", "none"})
_LONGEST: Final = 1000
"""The maximum length of a string that is parsed as a Python literal."""

_BEFORE_R: Final = tuple(
    (name,) for name in ("task_type", "peft_type", "auto_mapping", "inference_mode")
)
"""Positional fields before `r`. If one is a number above 1, the user meant the rank."""
_MIN_SIMILARITY: Final = 0.6
"""How similar an unknown key must be to a field for the field to be suggested."""


def refusal(model: type[BaseModel], values: object, error: ValidationError) -> ValidationError:
    """Return an error that says what is wrong with each value and what to do about it."""
    found = error.errors(include_url=False)
    given = as_fields(values)
    if isinstance(given, dict):
        lines = [*_conflicts(model, found), *_others(given, found), *_lines(model, given, found)]
    else:
        message = f"{_shown(values)} is not a {model.__name__}; pass its fields"
        lines = [_line("wrong-type", message)]
    return ValidationError.from_exception_data(model.__name__, lines, hide_input=True)


def _conflicts(model: type[BaseModel], found: list[ErrorDetails]) -> Iterator[InitErrorDetails]:
    """Yield the errors that are about several fields at once."""
    for error in found:
        if not error["loc"]:
            message = error["msg"]
            if error["type"] == "overlap":
                message = f"`{model.__name__}` has {message}; keep each in one of them"
            yield _line(error["type"], message, (), error.get("ctx"))


def _others(values: dict[str, Any], found: list[ErrorDetails]) -> Iterator[InitErrorDetails]:
    """Yield the errors for missing fields and those from validators of a subclass."""
    for error in found:
        if _is_missing(error, values):
            yield _line("missing", f"`{error['loc'][0]}` is missing; pass it", error["loc"])
        elif error["loc"] and error["type"] not in KNOWN:
            yield _line(error["type"], error["msg"], path_of(values, error))


def _is_missing(error: ErrorDetails, values: dict[str, Any]) -> bool:
    return error["type"] == "missing" and error["loc"][0] not in values


def _line(
    kind: Any,
    message: str,
    place: Steps = (),
    context: dict[str, Any] | None = None,
    value: Any = None,
) -> InitErrorDetails:
    error = PydanticCustomError(kind, "{message}", (context or {}) | {"message": message})
    return InitErrorDetails(type=error, loc=place, input=value)


def _lines(
    model: type[BaseModel], values: dict[str, Any], found: list[ErrorDetails]
) -> Iterator[InitErrorDetails]:
    single = [e for e in found if e["loc"] and e["type"] in KNOWN and not _is_missing(e, values)]
    for problem in problems_in(values, single, PYTHON):
        value = value_at(values, problem.path)
        message = _message(problem, model, value) + problem.other_items
        yield _line(problem.kind, message, problem.path, value=value)


def _message(problem: InvalidValue, model: type[BaseModel], value: Any) -> str:
    if problem.kind == "unknown-key":
        return _unknown(problem, model)
    if problem.kind == "invalid-pattern":
        return f"{problem.fault}; correct the pattern"
    if problem.kind == "overlap":
        return f"{problem.fault}; keep each in one of them"
    if problem.of_key:
        return f"`{problem.name}` is {problem.shown}; pass strings as its keys"
    suggestion = _suggestion(problem, model, value)
    if suggestion:
        return f"{problem.fault}; did you mean `{suggestion}`?"
    number = "a number " if problem.wanted.startswith(("above", "below")) else ""
    message = f"`{problem.name}` is {problem.shown}; pass {number}{problem.wanted}"
    info = _field(model, problem.path)
    if value is None and info and not info.is_required():
        default = info.get_default(call_default_factory=True)
        message += f", or leave it out to use {_shown(default)}"
    return message


def _unknown(problem: InvalidValue, model: type[BaseModel]) -> str:
    *above, key = problem.path
    owner = _model_at(model, tuple(above))
    if owner is model and key in UNTIL:
        return f"`{key}` was removed in PEFT {UNTIL[str(key)]}; leave it out"
    message = f"`{problem.name}` is not a field of {owner.__name__}"
    close = _closest_field(str(key), owner)
    return f"{message}; did you mean `{close}`?" if close else f"{message}; leave it out"


def _closest_field(key: str, model: type[BaseModel]) -> str | None:
    names, written = list(model.model_fields), key[:100].lower()
    known = _OTHER_NAMES.get(written)
    if known in names:
        return known
    ending = [name for name in names if name.endswith(f"_{written}")]
    close = ending if len(ending) == 1 else get_close_matches(written, names, 1, _MIN_SIMILARITY)
    return close[0] if close else None


def _suggestion(problem: InvalidValue, model: type[BaseModel], value: Any) -> str | None:
    """Return a valid value that is written like the invalid one, if any."""
    if problem.path in _BEFORE_R and type(value) is int and value > 1:
        return f"r={value}"  # it was passed by position
    close = closest_choice(value, problem.choices)
    if close:
        return close
    for candidate in _conversions(value):
        if _is_accepted(model, problem.path, candidate):
            return printable(_BRIEF.repr(candidate))
    return None


def _conversions(value: Any) -> Iterator[Any]:
    """Yield equivalent values of other types."""
    if isinstance(value, str):
        written = value.strip().capitalize() if value.strip().lower() in _WORDS else value.strip()
        try:
            yield ast.literal_eval(written[:_LONGEST])
        except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
            yield [value]
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield from (bool(value),) if value in (0, 1) else ()
        yield from (int(value),) if value == value // 1 else ()
    elif isinstance(value, tuple | set | frozenset):
        yield as_sorted(value)
    elif type(value).__module__ in ("numpy", "torch", "decimal"):
        yield from (_number(value),)


def _number(value: Any) -> int | float | None:
    try:
        number = float(value)
        return int(number) if number == number // 1 else number
    except (ValueError, TypeError, OverflowError, RuntimeError):
        return None


def _is_accepted(model: type[BaseModel], path: Steps, value: Any) -> bool:
    owner = _model_at(model, path[:-1])
    name = path[-1]
    if not isinstance(name, str) or name not in owner.model_fields or value is None:
        return False
    try:
        owner.model_validate({name: value}, context=FIELDS_ONLY)
    except ValidationError as error:
        return all(e["loc"][:1] != (name,) for e in error.errors(include_url=False))
    return True


def _field(model: type[BaseModel], path: Steps) -> FieldInfo | None:
    return _model_at(model, path[:-1]).model_fields.get(str(path[-1]))


def _model_at(model: type[BaseModel], path: Steps) -> type[BaseModel]:
    """Return the model of a nested config, or `model` if the path leads to none."""
    for step in path:
        info = model.model_fields.get(str(step))
        for option in (info.annotation, *get_args(info.annotation)) if info else ():
            if isinstance(option, type) and issubclass(option, BaseModel):
                model = option
    return model


_BRIEF: Final = Repr()
_BRIEF.maxstring = _BRIEF.maxother = _BRIEF.maxlong = 60


def _shown(value: Any) -> str:
    return f"`{printable(_BRIEF.repr(value))}`"


def _name(path: Steps) -> str:
    """Return the place of a value as Python would access it."""
    first, *rest = path
    is_nested = len(rest) == 1 and isinstance(rest[0], str) and rest[0].isidentifier()
    if is_nested and first not in BY_NAME:
        return printable(f"{first}.{rest[0]}")
    return printable(f"{first}" + "".join(f"[{step!r}]" for step in rest))


PYTHON: Final = Vocabulary(
    _shown,
    _name,
    JSON.wanted
    | {
        "bool_type": "`True` or `False`",
        "tuple_type": "two integers",
        "too_long": "two integers",
        "missing": "two integers",
        "dict_type": "a dict",
        "model_type": "a dict",
        "model_attributes_type": "a dict",
        "dataclass_type": "a dict",
        "none_required": "`None`",
    },
)
"""The vocabulary for calls in Python."""
