"""Count the values in a JSON text or a parsed value before doing more with it."""

from __future__ import annotations

import re
from typing import Final

_TOKEN: Final = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"?|[\[{](?!\s*[\]}])|,', re.DOTALL)
"""A string, or what precedes a value: a bracket before the first, a comma before the rest."""
_QUOTE: Final = ord('"')


def has_more_values(text: bytes | bytearray, most: int) -> bool:
    """Tell whether a JSON text has more than `most` values inside its outermost value.

    This does not parse the text, and reads no further than necessary. For text that is not JSON,
    the result means nothing.
    """
    if len(text) <= most or text.count(b",") + text.count(b"[") + text.count(b"{") <= most:
        return False
    count = 0
    for number, token in enumerate(_TOKEN.finditer(text)):
        count += text[token.start()] != _QUOTE
        if count > most or number > 3 * most:  # a value has one string and one key at most
            return True
    return False


def holds_more_values(value: object, most: int) -> bool:
    """Tell whether a JSON value contains more than `most` values; lists and objects count twice."""
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, (dict, list)):
            most -= len(part) + 1
            if most < 0:
                return True
            waiting.extend(part.values() if isinstance(part, dict) else part)
    return False
