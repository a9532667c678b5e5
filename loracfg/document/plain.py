"""The short way to read JSON: without places, where nothing is to be said about the text."""

from __future__ import annotations

from json import JSONDecoder
from math import isinf
from typing import TYPE_CHECKING, Final, NoReturn

if TYPE_CHECKING:
    from loracfg.document.json_value import Json, JsonObject


MAX_DEPTH: Final = 100
"""Levels of nesting that are read; PEFT writes 4."""

MAX_VALUES: Final = 100_000
"""Values that are read, about half a second's work; a config of PEFT has some hundred.

A list or an object counts twice, since it takes more memory and time.
"""

MAX_NOTED: Final = 4 * 1024 * 1024
"""Characters of the JSON pointers to all that is noted; a file without a fault has none."""


def parse_plain(text: str) -> Json:
    """Return the value of a JSON text in which nothing is noted, without the places in it.

    It takes a tenth of the time of `parse`, and gives an equal value.

    Raises:
        ValueError: if the text is no JSON, is more than is read, or may be, or has a key twice or
            a number that is not finite.
    """
    # A value and what ends it take two characters, a level one bracket, which counts once more.
    if len(text) > 2 * (MAX_VALUES - MAX_DEPTH) or text.count("[") + text.count("{") > MAX_DEPTH:
        raise ValueError("there may be more than is read")
    value: Json = _PLAIN.decode(text)
    return value


def _distinct(pairs: list[tuple[str, Json]]) -> JsonObject:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise ValueError("a key appears twice")
    return value


def _finite(text: str) -> float:
    value = float(text)
    if isinf(value):
        raise ValueError("a number is not finite")
    return value


def _not_finite(word: str) -> NoReturn:
    raise ValueError(f"{word} is not finite")


_PLAIN: Final = JSONDecoder(
    object_pairs_hook=_distinct, parse_float=_finite, parse_constant=_not_finite
)
