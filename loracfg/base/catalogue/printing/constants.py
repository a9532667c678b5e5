"""Writes constants and values of configs as text."""

from __future__ import annotations

import json
from typing import Any, Final

LONGEST_STRING: Final = 80
"""Longer strings are split into pieces, so lines can be broken between them."""


def string_text(value: str) -> str:
    """Return a string in quotes."""
    pieces = [value[k : k + LONGEST_STRING] for k in range(0, len(value), LONGEST_STRING)] or [""]
    return " ".join(json.dumps(piece, ensure_ascii=False) for piece in pieces)


def constant_text(value: object) -> str:
    """Return a constant of an expression as text.

    Raises:
        ValueError: if it is not a plain value.
    """
    if value is None or isinstance(value, (bool, int, float)):
        return repr(value)
    if isinstance(value, str):
        return string_text(value)
    raise ValueError(f"no constant: {value!r:.60}")


def value_text(value: object) -> str:
    """Return a value of the facts as text, including `{"$": ...}`.

    Raises:
        ValueError: if its kind is unknown.
    """
    if isinstance(value, list):
        return f"[{_joined(value)}]"
    if not isinstance(value, dict):
        return constant_text(value)
    kind = value.get("$")
    if kind is None:
        return "{" + ", ".join(f"{string_text(k)}: {value_text(v)}" for k, v in value.items()) + "}"
    inside = value["v"]
    if kind == "tuple":
        return f"({_joined(inside)}{',' if len(inside) == 1 else ''})"
    if kind == "set":
        return "{" + (_joined(inside) or ",") + "}"
    if kind == "dict":
        pairs = ", ".join(f"{value_text(k)}: {value_text(v)}" for k, v in inside)
        return f"dict({{{pairs}}})"
    if kind == "float":
        return repr(float(inside))
    if kind == "new":
        return f"new({inside})"
    raise ValueError(f"no way to write a value of kind {kind}")


def _joined(values: list[Any]) -> str:
    return ", ".join(map(value_text, values))
