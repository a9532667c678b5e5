"""Parse JSON exactly like the safetensors library (serde_json 1.0), more strictly than Python."""

from __future__ import annotations

import json
from itertools import accumulate
from math import isinf
from typing import TYPE_CHECKING, Final, NoReturn

from loracfg.adapter.header.gathered_faults import quoted

if TYPE_CHECKING:
    from loracfg.document.json_value import Json, JsonObject


MAX_DEPTH: Final = 127
"""The library rejects deeper nesting."""

_NOT_BRACKETS: Final = bytes(set(range(256)) - set(b'[]{}"'))
_STEPS: Final = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}


class RepeatedKeys(dict[str, "Json"]):
    """A JSON object with duplicate keys; `pairs` has all keys and values."""

    pairs: list[tuple[str, Json]]


class HeaderError(ValueError):
    """The header is not JSON that the library reads."""


def parse_header(raw: bytes) -> Json:
    """Parse the JSON of a header.

    Raises:
        HeaderError: the library would reject it; the message says why.
    """
    if not raw:
        raise HeaderError("it has 0 bytes")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"byte {error.start} is `0x{raw[error.start]:02x}`, not UTF-8"
        raise HeaderError(message) from None
    if _is_deep(raw):
        raise HeaderError(f"it is nested more than {MAX_DEPTH} levels deep")
    try:
        value: Json = _DECODER.decode(text)
        # An extra colon is in a string, or belongs to a duplicate key.
        if text.count(":") != _count_keys(value) or "-0" in text:
            value = _SLOW_DECODER.decode(text)
    except json.JSONDecodeError as error:
        what = error.msg[:1].lower() + error.msg[1:]
        raise HeaderError(f"{what} at character {error.pos}") from None
    except ValueError as error:  # an integer with more digits than Python converts
        raise HeaderError(str(error)) from None
    if "\\u" in text:
        _refuse_lone_surrogates(value)
    return value


def parse_plain(raw: bytes) -> Json:
    """Parse the JSON of a header quickly; return None if it may need the full parser.

    The result has no duplicate keys, no -0, no escaped characters, and no number that the library
    would reject. The depth of nesting is not checked.
    """
    try:
        text = raw.decode("utf-8")
        value: Json = _DECODER.decode(text)
    except (ValueError, RecursionError):
        return None
    # Searching for single characters is several times faster, and most headers have neither.
    if ("\\" in text and "\\u" in text) or ("-" in text and "-0" in text):
        return None
    return value if text.count(":") == _count_keys(value) else None


def _is_deep(raw: bytes) -> bool:
    """Tell whether brackets outside strings nest deeper than `MAX_DEPTH`, without recursion."""
    if b"\\" in raw:
        raw = raw.replace(b"\\\\", b"").replace(b'\\"', b"")
    brackets = b"".join(raw.translate(None, _NOT_BRACKETS).split(b'"')[::2])
    if len(brackets.replace(b"[]", b"").replace(b"{}", b"")) <= MAX_DEPTH - 2:
        return False  # removing empty brackets hides two levels at most
    return max(accumulate(map(_STEPS.__getitem__, brackets))) > MAX_DEPTH


def _count_keys(value: Json) -> int:
    """Count the keys of an object and of the objects in it, which is the number of its colons."""
    if not isinstance(value, dict):
        return 0
    return len(value) + sum([len(entry) for entry in value.values() if type(entry) is dict])


def _refuse_lone_surrogates(value: Json) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise HeaderError("a string has half a surrogate pair") from None


def _json_object(pairs: list[tuple[str, Json]]) -> JsonObject:
    value = dict(pairs)
    if len(value) == len(pairs):
        return value
    repeating = RepeatedKeys(value)
    repeating.pairs = pairs
    return repeating


def _json_int(text: str) -> int | float:
    return -0.0 if text == "-0" else int(text)  # the library does not read -0 as an integer


def _json_float(text: str) -> float:
    value = float(text)
    if isinf(value):
        raise HeaderError(f"the number {quoted(text)} is out of range")
    return value


def _json_constant(text: str) -> NoReturn:
    raise HeaderError(f"`{text}` is not a JSON value")


_DECODER: Final = json.JSONDecoder(parse_float=_json_float, parse_constant=_json_constant)
_SLOW_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_json_object,
    parse_int=_json_int,
    parse_float=_json_float,
    parse_constant=_json_constant,
)
