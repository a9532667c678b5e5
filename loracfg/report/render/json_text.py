"""Indented ASCII JSON."""

from __future__ import annotations

import json
import re
from json.encoder import encode_basestring_ascii
from math import isfinite
from typing import Final

_COMMAND: Final = "#(?=#)"
"""How commands to CI systems begin in logs, such as `##[error]` and `##vso[…]`."""


def json_text(value: object, line: str = "\n") -> str:
    """Return what `json.dumps` would return with an indent of 2, in a third of the time.

    `json.dumps` uses its encoder in Python then. NaN and infinity become null, and no text is a
    command to a CI system. `line` is a line feed and the current indentation.
    """
    if type(value) is str:
        return _string(value)
    if type(value) is int:
        return repr(value)
    if type(value) is dict:
        inner = line + "  "
        members = [
            f"{inner}{_string(key)}: {json_text(item, inner)}" for key, item in value.items()
        ]
        return f"{{{','.join(members)}{line}}}" if members else "{}"
    if value is None or (type(value) is float and not isfinite(value)):
        return "null"
    if type(value) is list or type(value) is tuple:
        inner = line + "  "
        items = [inner + json_text(item, inner) for item in value]
        return f"[{','.join(items)}{line}]" if items else "[]"
    if type(value) is bool:
        return "true" if value else "false"
    return repr(value) if type(value) is float else json.dumps(value)


def _string(text: str) -> str:
    encoded = encode_basestring_ascii(text)
    return re.sub(_COMMAND, r"\\u0023", encoded) if "##" in encoded else encoded
