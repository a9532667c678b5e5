"""The values of JSON bodies, bounded in number."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from loracfg_api.problems import ProblemError, too_large, unfit
from pydantic import ValidationError
from pydantic_core import from_json

from loracfg.document.size import has_more_values

T = TypeVar("T")


def parsed(data: bytes | bytearray, parse: Callable[[object], T], most: int) -> T:
    """Return the result of `parse` for the value of a JSON text of at most `most` values.

    Raises:
        ProblemError: if it is not JSON, has more values, or is rejected by `parse`.
    """
    value = value_of(data, most)
    try:
        return parse(value)
    except ValidationError as error:
        raise unfit(value, error.errors()) from None


def value_of(data: bytes | bytearray, most: int) -> object:
    """Return the value of a JSON text, which takes a few times as much memory as the text.

    Pydantic does not parse the text itself: for a union, it would also build its own value, which
    takes several hundred bytes for each list and object.

    Raises:
        ProblemError: if it is not JSON, or has more than `most` values, which are counted first.
    """
    if has_more_values(data, most):
        raise too_large("the body", None, most, "JSON values")
    try:
        return from_json(data)
    except ValueError as error:
        raise ProblemError(400, f"the body is not JSON: {error}", "send JSON") from None
