"""Read JSON quickly, without positions, if there is nothing to note about the text."""

from __future__ import annotations

from json import JSONDecoder
from math import isinf
from typing import TYPE_CHECKING, Final, NoReturn

if TYPE_CHECKING:
    from loracfg.document.json_value import Json, JsonObject


MAX_DEPTH: Final = 100
"""The maximum levels of nesting; PEFT writes 4."""

MAX_VALUES: Final = 100_000
"""The maximum number of values, which takes about half a second; PEFT's configs have about 100.

A list or an object counts twice, since it takes more memory and time.
"""

MAX_NOTED: Final = 4 * 1024 * 1024
"""The maximum characters of all JSON pointers in notes; a file without faults has none."""


def parse_plain(text: str) -> Json:
    """Return the value of a JSON text about which there is nothing to note.

    The value equals that of `parse`, but takes a tenth of the time.

    Raises:
        ValueError: the text is not JSON, may exceed a limit, or has a duplicate key or a number
            that is not finite.
    """
    # A value and its end take two characters; a level takes a bracket, which counts once more.
    if len(text) > 2 * (MAX_VALUES - MAX_DEPTH) or text.count("[") + text.count("{") > MAX_DEPTH:
        raise ValueError("the text may exceed a limit")
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
