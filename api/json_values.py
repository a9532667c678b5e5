"""The values of JSON bodies, bounded in number."""

from __future__ import annotations

import json
from collections import Counter, deque
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, TypeVar

from loracfg_api.problems import ProblemError, too_large, unfit, wrong_at
from pydantic import ValidationError
from pydantic_core import from_json

from loracfg.document.display import printable
from loracfg.document.pointer import escape
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
        raise unfit(value, error.errors(include_url=False)) from None


def value_of(data: bytes | bytearray, most: int) -> object:
    """Return the value of a JSON text, which takes a few times as much memory as the text.

    Pydantic does not parse the text itself: for a union, it would also build its own value, which
    takes several hundred bytes for each list and object.

    Raises:
        ProblemError: if it is not JSON, has more than `most` values, which are counted first, or
            has a key twice, which readers understand differently.
    """
    if has_more_values(data, most):
        raise too_large("the body", None, most, "JSON values")
    try:
        value: object = from_json(data)
    except ValueError as error:
        raise ProblemError(400, f"the body is not JSON: {error}", "send JSON") from None
    _refuse_repeated_keys(data)
    return value


class _Repeated(NamedTuple):
    """Stands for an object with a duplicate key."""

    key: str
    times: int


def _refuse_repeated_keys(data: bytes | bytearray) -> None:
    has_repeated = False

    def read_object(pairs: list[tuple[str, Any]]) -> object:
        nonlocal has_repeated
        value = dict(pairs)
        if len(value) == len(pairs):
            return value
        has_repeated = True
        return _Repeated(*Counter(key for key, _ in pairs).most_common(1)[0])

    value = json.loads(data, object_pairs_hook=read_object, parse_int=str, parse_float=str)
    if has_repeated:
        raise _refusal(value)


def _refusal(value: object) -> ProblemError:
    """Return the problem for the outermost object with a duplicate key."""
    for place in _places(value):
        if isinstance(place.value, _Repeated):
            key, times = place.value
            often = "twice" if times == 2 else f"{times} times"
            message = f"the key `{printable(key)}` appears {often}"
            return wrong_at(f"{place.pointer}/{escape(key)}", message, "keep one of them")
    raise AssertionError("no object has a duplicate key")


class _Place(NamedTuple):
    """A value in a body, and the way to it: pointers of all values could take much memory."""

    value: object
    step: str = ""
    around: _Place | None = None

    @property
    def pointer(self) -> str:
        """The JSON pointer of the value."""
        steps, place = list[str](), self
        while place.around is not None:
            steps.append(f"/{escape(place.step)}")
            place = place.around
        return "".join(reversed(steps))


def _places(value: object) -> Iterator[_Place]:
    """Yield all values in a value, outer ones first."""
    waiting = deque([_Place(value)])
    while waiting:
        place = waiting.popleft()
        yield place
        if isinstance(place.value, dict):
            waiting += [_Place(inner, step, place) for step, inner in place.value.items()]
        elif isinstance(place.value, list):
            waiting += [_Place(inner, str(n), place) for n, inner in enumerate(place.value)]
