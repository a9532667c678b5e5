"""Turns pydantic's JSON Schema into an equivalent draft-07 schema with better error messages.

Pydantic adds titles everywhere and writes a union as `anyOf`, for which validators often blame the
wrong branch. Here a union of plain types is a list of types and a union of values is one `enum`, so
error messages list everything that is permitted.
"""

from __future__ import annotations

from typing import Final

from loracfg.config.building.schema_tree import Schema, constraints, rebuilt, types

_OF_TYPE: Final = {
    "array": {"items", "minItems", "maxItems"},
    "object": {
        "properties",
        "required",
        "additionalProperties",
        "propertyNames",
        "maxProperties",
    },
    "string": {"minLength", "pattern"},
    "number": {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"},
    "integer": {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"},
    "boolean": set(),
    "null": set(),
}
"""The keywords that only apply to values of one type."""

_NULL: Final = {"type": "null"}


def polish(raw: Schema) -> Schema:
    """Return pydantic's schema without `$defs` and titles, and with unions flattened."""
    definitions = raw.get("$defs", {})
    whole = {keyword: value for keyword, value in raw.items() if keyword != "$defs"}
    return rebuilt(_inlined(whole, definitions), _polished)


def _inlined(schema: Schema, definitions: dict[str, Schema]) -> Schema:
    def inline(inner: Schema) -> Schema:
        reference = inner.get("$ref")
        if reference is None:
            return inner
        beside = {keyword: value for keyword, value in inner.items() if keyword != "$ref"}
        target = definitions[reference.rpartition("/")[2]]
        return _joined(beside, _inlined(target, definitions))

    return rebuilt(schema, inline)


def _joined(outer: Schema, inner: Schema) -> Schema:
    """Merge two schemas. If both have a description, the outer one comes first."""
    both = inner | outer
    if "description" in inner and "description" in outer:
        both["description"] = f"{outer['description']} {inner['description']}"
    return both


def _polished(schema: Schema) -> Schema:
    schema = {keyword: value for keyword, value in schema.items() if keyword != "title"}
    if "prefixItems" in schema:
        first, *others = schema.pop("prefixItems")
        if any(other != first for other in others):
            raise NotImplementedError("a tuple of different types")
        schema["items"] = first
    if schema.get("additionalProperties") is True:
        del schema["additionalProperties"]
    if "enum" in schema or "const" in schema:
        schema.pop("type", None)
    if "anyOf" in schema:
        return _joined(schema, _folded(schema.pop("anyOf")))
    return schema


def _folded(options: list[Schema]) -> Schema:
    """Return a union with as few branches as possible, the permitted values first."""
    options = _needed([inner for option in options for inner in _flat(option)])
    listed = [option for option in options if "enum" in option]
    if not listed:
        return _of_types(options)
    if _NULL in options:
        listed.append({"enum": [None], "enumDescriptions": ["Not set."]})
    others = [option for option in options if "enum" not in option and option != _NULL]
    values = _enum(listed)
    return {"anyOf": [values, *others]} if others else values


def _flat(option: Schema) -> list[Schema]:
    inner: list[Schema] = option["anyOf"] if option.keys() == {"anyOf"} else [option]
    return inner


def _needed(options: list[Schema]) -> list[Schema]:
    """Drop branches covered by another: integers by numbers, empty objects by objects."""

    def is_covered(option: Schema) -> bool:
        judged = constraints(option)
        if judged == {"type": "integer"}:
            return {"type": "number"} in options
        return judged == {"type": "object", "maxProperties": 0} and any(
            "properties" in other and "required" not in other for other in options
        )

    return [option for option in options if not is_covered(option)]


def _enum(options: list[Schema]) -> Schema:
    return {
        keyword: [item for option in options for item in option[keyword]]
        for keyword in ("enum", "enumDescriptions")
    }


def _of_types(options: list[Schema]) -> Schema:
    """Merge branches of different types into one that lists the types."""
    kinds = [kind for option in options for kind in types(option)]
    disjoint = [kind.replace("integer", "number") for kind in kinds]
    if len(set(disjoint)) < len(disjoint) or not all(map(_only_constrains_own_types, options)):
        return {"anyOf": options}
    merged = {keyword: value for option in options for keyword, value in option.items()}
    return merged | {"type": kinds if len(kinds) > 1 else kinds[0]}


def _only_constrains_own_types(option: Schema) -> bool:
    known = set().union(*(_OF_TYPE[kind] for kind in types(option)))
    return "type" in option and constraints(option).keys() - {"type"} <= known
