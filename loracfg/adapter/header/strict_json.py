"""JSON exactly as the safetensors library reads it (serde_json 1.0): stricter than Python's."""

from __future__ import annotations

import json
from itertools import accumulate
from math import isinf
from typing import TYPE_CHECKING, Final, NoReturn

from loracfg.adapter.header.gathered_faults import quoted

if TYPE_CHECKING:
    from loracfg.document.json_value import Json, JsonObject


MAX_DEPTH: Final = 127
"""The library refuses deeper nesting."""

_NOT_BRACKETS: Final = bytes(set(range(256)) - set(b'[]{}"'))
_STEPS: Final = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}


class RepeatedKeys(dict[str, "Json"]):
    """A JSON object with keys that stand more than once: `pairs` holds all of them."""

    pairs: list[tuple[str, Json]]


class HeaderError(ValueError):
    """The header is not JSON that the library would read."""


def parse_header(raw: bytes) -> Json:
    """Parse the header's JSON.

    Raises:
        HeaderError: The library would refuse it; the message says why.
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
        # A colon more is one in a string, or a key that appears twice.
        if text.count(":") != _count_keys(value) or "-0" in text:
            value = _SLOW_DECODER.decode(text)
    except json.JSONDecodeError as error:
        what = error.msg[:1].lower() + error.msg[1:]
        raise HeaderError(f"{what} at character {error.pos}") from None
    except ValueError as error:  # an integer of more digits than Python converts
        raise HeaderError(str(error)) from None
    if "\\u" in text:
        _refuse_lone_surrogates(value)
    return value


def parse_plain(raw: bytes) -> Json:
    """Parse the same where nothing about it needs a second look; None where something may.

    How deep it is nested is not checked. What is plain has no key twice, no -0, no escapes of
    characters, and no number that the library would refuse.
    """
    try:
        text = raw.decode("utf-8")
        value: Json = _DECODER.decode(text)
    except (ValueError, RecursionError):
        return None
    # Single characters are found several times faster, and most headers have neither.
    if ("\\" in text and "\\u" in text) or ("-" in text and "-0" in text):
        return None
    return value if text.count(":") == _count_keys(value) else None


def _is_deep(raw: bytes) -> bool:
    """Tell whether brackets outside of strings nest deeper than `MAX_DEPTH`, without recursion."""
    if b"\\" in raw:
        raw = raw.replace(b"\\\\", b"").replace(b'\\"', b"")
    brackets = b"".join(raw.translate(None, _NOT_BRACKETS).split(b'"')[::2])
    if len(brackets.replace(b"[]", b"").replace(b"{}", b"")) <= MAX_DEPTH - 2:
        return False  # what stands there takes two levels away at most
    return max(accumulate(map(_STEPS.__getitem__, brackets))) > MAX_DEPTH


def _count_keys(value: Json) -> int:
    """Count the keys of an object and of the objects in it: as many colons as it needs."""
    if not isinstance(value, dict):
        return 0
    return len(value) + sum([len(entry) for entry in value.values() if type(entry) is dict])


def _refuse_lone_surrogates(value: Json) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise HeaderError("a string holds half a surrogate pair") from None


def _json_object(pairs: list[tuple[str, Json]]) -> JsonObject:
    value = dict(pairs)
    if len(value) == len(pairs):
        return value
    repeating = RepeatedKeys(value)
    repeating.pairs = pairs
    return repeating


def _json_int(text: str) -> int | float:
    return -0.0 if text == "-0" else int(text)  # to the library, -0 is no whole number


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
