"""What pydantic's errors say about a request or a setting, in our words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from pydantic_core import ErrorDetails, PydanticCustomError

from loracfg.config.model.pydantic_errors import JSON, RANGES, Steps, path_of
from loracfg.document.display import show
from loracfg.document.pointer import escape
from loracfg.report.audience import advice_for_all

_WANTED: Final = {
    **{kind: JSON.wanted[kind] for kind in JSON.wanted if kind.endswith("_type")},
    "int_from_float": "an integer",
    "bytes_type": "a string",
    "string_unicode": "valid Unicode",
    "int_parsing": "an integer",
    "float_parsing": "a number",
    "bool_parsing": "`true` or `false`",
}
"""What would be right, by the kind of error, where several kinds may be alternatives."""
_REFUSED: Final = "refused"
_KEY: Final = "[key]"


class WrongValue(NamedTuple):
    """What is wrong with one value: its JSON pointer, a sentence, and what to do if known."""

    pointer: str
    message: str
    help: str = ""


def refusal(message: str, advice: str) -> PydanticCustomError:
    """Return an error for a validator to raise, with our message and advice."""
    return PydanticCustomError(_REFUSED, "{message}", {"message": message, "help": advice})


def where_rules_are_listed() -> str:
    """Return advice for somebody who named a rule that does not exist."""
    return advice_for_all("`GET /rules` lists all rules", "see the list of all rules")


def wrong_values(value: object, errors: Sequence[ErrorDetails]) -> list[WrongValue]:
    """Return what is wrong with a body, once for each place."""
    by_path: dict[Steps, list[ErrorDetails]] = {}
    for error in errors:
        by_path.setdefault(_path(value, error), []).append(error)
    # The error of a value around another comes from a member of a union that does not fit at all.
    around = {path[:end] for path in by_path for end in range(len(path))}
    return [
        WrongValue("".join(f"/{escape(str(step))}" for step in path), *_said(path, found))
        for path, found in by_path.items()
        if path not in around
    ]


def sentence(errors: Sequence[ErrorDetails], subject: str = "it") -> str:
    """Return what is wrong with one value, about which these errors are.

    Several errors are those of the members of a union. One that is not about its type is then about
    the member that the value is meant to be.
    """
    first = next((error for error in errors if error["type"] not in _WANTED), errors[0])
    kind, given = first["type"], first["input"]
    context: dict[str, Any] = first.get("ctx", {})
    if kind in _WANTED:
        wanted = " or ".join(dict.fromkeys(_WANTED[error["type"]] for error in errors))
        return f"{subject} is {show(given)}, not {wanted}"
    if kind in RANGES:
        key, words = RANGES[kind]
        return f"{subject} is {show(given)}, but must be {words.format(f'`{context[key]}`')}"
    if kind == "literal_error":
        choices = context["expected"].replace("'", "`")
        return f"{subject} is {show(given)}, not {choices}"
    if kind == "string_too_long":
        return f"{subject} has {len(given)} characters, more than {context['max_length']}"
    if kind == "too_long":
        unit = "keys" if isinstance(given, dict) else "items"
        return f"{subject} has {len(given)} {unit}, more than {context['max_length']}"
    if kind == "value_error":
        return str(context["error"])
    if kind == _REFUSED:
        return first["msg"]
    return f"{subject} {_OTHERS.get(kind, f'is {show(given)}, which is not allowed')}"


_OTHERS: Final = {
    "missing": "is missing",
    "extra_forbidden": "is not a known key",
    "too_short": "is empty",
    "string_too_short": "is empty",
}
"""Errors that need no value."""


def _path(value: object, error: ErrorDetails) -> Steps:
    path = path_of(value, error)
    return (*path, error["loc"][-1]) if error["type"] == "missing" and error["loc"] else path


def _said(path: Steps, errors: list[ErrorDetails]) -> tuple[str, str]:
    """Return the sentence and the advice about the value at a path."""
    advice = next((e["ctx"]["help"] for e in errors if e["type"] == _REFUSED), "")
    if not path:
        missing = errors[0]["type"] == "missing"  # FastAPI says so of a `null`
        return "the body is `null`, not an object" if missing else sentence(errors, "the body"), ""
    is_key = errors[0]["loc"][-1:] == (_KEY,)
    return sentence(errors, "the name" if is_key else "it"), advice
