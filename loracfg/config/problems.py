"""Pydantic's errors as problems of single values, each at one JSON pointer."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel, ValidationError

from loracfg.config.model import LoraConfig
from loracfg.config.strict import FIELDS_ONLY
from loracfg.config.types import PATTERNS_UNTIL
from loracfg.document.pointer import escape
from loracfg.document.text import printable, show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic_core import ErrorDetails

PATTERN_SECONDS: Final = 5.0
"""The time in which the patterns of one file are compiled; the rest is refused."""

_WANTED: Final = {
    "int_type": "an integer",
    "int_from_float": "an integer",
    "float_type": "a number",
    "string_type": "a string",
    "bool_type": "`true` or `false`",
    "list_type": "a list",
    "tuple_type": "a list of two integers",
    "dict_type": "an object",
    "model_type": "an object",
    "model_attributes_type": "an object",
    "dataclass_type": "an object",
    "none_required": "`null`",
    "too_long": "a list of two integers",
    "missing": "a list of two integers",
    "string_too_short": "a name that is not empty",
}
_RANGES: Final = {
    "greater_than": ("gt", "above {}"),
    "greater_than_equal": ("ge", "{} or more"),
    "less_than": ("lt", "below {}"),
    "less_than_equal": ("le", "{} or less"),
}
_CHOICE: Final = re.compile(r"'([^']*)'|([0-9]+)")
_BY_NAME: Final = frozenset({"rank_pattern", "alpha_pattern", "trainable_token_indices"})


@dataclass(frozen=True, slots=True)
class Problem:
    """A value that the model refuses: `field` is the top-level key it is under.

    `of_key` tells that the key is refused, not the value that it names; `count` is how many items
    of the same list or mapping are refused for the same reason.
    """

    field: str
    path: tuple[str | int, ...]
    kind: str
    message: str
    choices: tuple[str, ...] = ()
    of_key: bool = False
    count: int = 1

    @property
    def pointer(self) -> str:
        """The JSON pointer of the value."""
        return "".join(f"/{escape(str(step))}" for step in self.path)


def problems(values: dict[str, Any]) -> list[Problem]:
    """Validate fields one by one, leaving constraints between them aside."""
    found = validated(values)
    return found if isinstance(found, list) else []


def validated(values: dict[str, Any]) -> LoraConfig | list[Problem]:
    """Return the config of these values, or what is wrong with single ones."""
    context = {**FIELDS_ONLY, PATTERNS_UNTIL: monotonic() + PATTERN_SECONDS}
    try:
        return LoraConfig.model_validate(values, context=context)
    except ValidationError as error:
        return _merged(_grouped(values, error.errors(include_url=False)))


def refused_keys(model: type[BaseModel], values: dict[str, Any]) -> list[str]:
    """Return the keys of a nested config whose values are of the right type, but refused.

    `""` stands for what must hold between keys.
    """
    known = {key: value for key, value in values.items() if key in model.model_fields}
    try:
        model.model_validate(known)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        return [
            str(e["loc"][0]) if e["loc"] else "" for e in found if not e["type"].endswith("_type")
        ]
    return []


def _grouped(values: dict[str, Any], errors: list[ErrorDetails]) -> Iterator[Problem]:
    by_path: dict[tuple[str | int, ...], list[ErrorDetails]] = {}
    for error in errors:
        by_path.setdefault(_path(values, error), []).append(error)
    parents = {path[:end] for path in by_path for end in range(len(path))}
    for path, found in by_path.items():
        if path not in parents:  # else it is the branch of a union that matched less far
            yield _problem(path, values, found)


def _merged(found: Iterator[Problem]) -> list[Problem]:
    """Join the items of one list or mapping that are refused for the same reason."""
    merged: dict[tuple[object, ...], Problem] = {}
    for problem in found:
        key = (problem.kind, *(_place(problem.path, depth) for depth in range(len(problem.path))))
        first = merged.setdefault(key, problem)
        if first is not problem:
            merged[key] = replace(first, count=first.count + 1)
    return [_with_count(problem) for problem in merged.values()]


def _place(path: tuple[str | int, ...], depth: int) -> object:
    is_item = isinstance(path[depth], int) or (depth == 1 and path[0] in _BY_NAME)
    return None if is_item else path[depth]


def _with_count(problem: Problem) -> Problem:
    if problem.count == 1:
        return problem
    others = "1 other is" if problem.count == 2 else f"{problem.count - 1} others are"
    return replace(problem, message=f"{problem.message}; {others} refused alike")


def _path(values: Any, error: ErrorDetails) -> tuple[str | int, ...]:
    """Walk the value along an error's location, which also names branches of unions."""
    path: list[str | int] = []
    at = values
    for step in error["loc"]:
        if _leads_on(at, step):
            at = at[step]
            path.append(step)
    return tuple(path)


def _leads_on(value: Any, step: str | int) -> bool:
    if isinstance(step, int):
        return isinstance(value, list | tuple) and step < len(value)
    return isinstance(value, dict) and step in value


def _problem(
    path: tuple[str | int, ...], values: dict[str, Any], errors: list[ErrorDetails]
) -> Problem:
    value: Any = values
    for step in path:
        value = value[step]
    name = f"`{printable('.'.join(str(step) for step in path))}`"
    first = _most_telling(errors)
    kind, wanted, choices = _judged(first)
    of_key = first["loc"][-1] == "[key]"
    if kind == "wrong-type":
        wanted = " or ".join(dict.fromkeys(_WANTED.get(e["type"], e["msg"]) for e in errors))
    if kind == "invalid-pattern":
        message = f"{'the key ' if of_key else ''}{name} is no regular expression: {wanted}"
    elif kind == "overlap":
        message = f"{name} has {wanted}"
    else:
        message = f"{name} is {show(value)}, not {wanted}"
    return Problem(str(path[0]), path, kind, message, choices, of_key)


def _most_telling(errors: list[ErrorDetails]) -> ErrorDetails:
    for error in errors:
        if error["type"] not in _WANTED:
            return error
    return errors[0]


def _judged(error: ErrorDetails) -> tuple[str, str, tuple[str, ...]]:
    kind = error["type"]
    context = error.get("ctx", {})
    if kind in _RANGES:
        key, wording = _RANGES[kind]
        return "out-of-range", wording.format(f"`{context[key]}`"), ()
    if kind == "finite_number":
        return "out-of-range", "a finite number", ()
    if kind == "literal_error":
        choices = tuple(a or b for a, b in _CHOICE.findall(context["expected"]))
        listed = ", ".join(f"`{choice}`" for choice in choices)
        return "unknown-value", listed if len(choices) == 1 else f"one of {listed}", choices
    if kind == "unknown_value":
        return "unknown-value", "one of " + context["expected"], tuple(context["choices"])
    if kind == "invalid_pattern":
        return "invalid-pattern", printable(context["reason"], 200), ()
    if kind == "overlap":
        return "overlap", error["msg"], ()
    if kind == "not_json":
        return "out-of-range", "an object of finite numbers", ()
    if kind == "too_short":
        return "out-of-range", "a list of at least one", ()
    return "wrong-type", "", ()
