"""JSON Schemas as plain data: the one way to walk them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

Schema = dict[str, Any]

DIALECT: Final = "http://json-schema.org/draft-07/schema#"

_ONE: Final = {"items", "additionalProperties", "propertyNames", "if", "then", "else", "not"}
_LISTS: Final = {"anyOf", "allOf", "oneOf", "prefixItems"}
_MAPS: Final = {"properties", "definitions", "$defs"}

_SAID: Final = {"description", "default", "examples"}
"""Keywords that refuse nothing."""


def rebuilt(schema: Schema, change: Callable[[Schema], Schema]) -> Schema:
    """Return a schema with `change` applied to each schema in it, inner ones first."""

    def inner(keyword: str, value: Any) -> Any:
        if keyword in _ONE and isinstance(value, dict):
            return rebuilt(value, change)
        if keyword in _LISTS:
            return [rebuilt(option, change) for option in value]
        if keyword in _MAPS:
            return {name: rebuilt(option, change) for name, option in value.items()}
        return value

    return change({keyword: inner(keyword, value) for keyword, value in schema.items()})


def subschemas(schema: Schema) -> Iterator[Schema]:
    """Yield a schema and all that it holds, inner ones first."""
    found: list[Schema] = []

    def note(inner: Schema) -> Schema:
        found.append(inner)
        return inner

    rebuilt(schema, note)
    return iter(found)


def described(schema: Schema) -> Schema:
    """Return what a schema says without refusing anything by it."""
    return {keyword: value for keyword, value in schema.items() if keyword in _SAID}


def constraints(schema: Schema) -> Schema:
    """Return what a schema refuses values by."""
    return {keyword: value for keyword, value in schema.items() if keyword not in _SAID}


def types(schema: Schema) -> list[str]:
    """Return the types that a schema lists; none if it does not speak of types."""
    listed = schema.get("type", [])
    return [listed] if isinstance(listed, str) else list(listed)
