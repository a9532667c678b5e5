"""Walks JSON Schemas as plain data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

Schema = dict[str, Any]

DIALECT: Final = "http://json-schema.org/draft-07/schema#"

_ONE: Final = {"items", "additionalProperties", "propertyNames", "if", "then", "else", "not"}
_LISTS: Final = {"anyOf", "allOf", "oneOf", "prefixItems"}
_MAPS: Final = {"properties", "definitions", "$defs"}

_DESCRIPTIVE: Final = {"description", "default", "examples"}
"""Keywords that do not reject anything."""


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
    """Yield a schema and all schemas in it, inner ones first."""
    found: list[Schema] = []

    def note(inner: Schema) -> Schema:
        found.append(inner)
        return inner

    rebuilt(schema, note)
    return iter(found)


def described(schema: Schema) -> Schema:
    """Return the keywords of a schema that do not reject anything."""
    return {keyword: value for keyword, value in schema.items() if keyword in _DESCRIPTIVE}


def constraints(schema: Schema) -> Schema:
    """Return the keywords of a schema that can reject values."""
    return {keyword: value for keyword, value in schema.items() if keyword not in _DESCRIPTIVE}


def types(schema: Schema) -> list[str]:
    """Return the types that a schema permits, or an empty list if it does not restrict them."""
    listed = schema.get("type", [])
    return [listed] if isinstance(listed, str) else list(listed)
