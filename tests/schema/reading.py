"""Read the committed schemas, and validate documents with `jsonschema`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

from jsonschema import Draft7Validator, Draft202012Validator  # type: ignore[import-untyped]

from loracfg.config.building.release import raw_schema
from loracfg.config.schema.schema_files import EDITOR, file_name

SCHEMAS: Final = Path(__file__).resolve().parents[2] / "schema"

Schema = dict[str, Any]


@cache
def committed(name: str) -> Schema:
    schema: Schema = json.loads((SCHEMAS / name).read_bytes())
    return schema


@cache
def validator(name: str) -> Draft7Validator:
    return Draft7Validator(committed(name))


def of_release(release: str, variant: str) -> Draft7Validator:
    return validator(file_name(release, variant))


def editor() -> Draft7Validator:
    return validator(EDITOR)


@cache
def raw(release: str) -> Draft202012Validator:
    return Draft202012Validator(raw_schema(release))


def errors(validator: Draft7Validator, document: Any) -> list[tuple[str, str]]:
    """Return the pointer and the message of what is wrong in a document."""
    return [
        ("".join(f"/{step}" for step in error.absolute_path), error.message)
        for error in validator.iter_errors(document)
    ]


def properties(schema: Schema, at: str = "") -> Iterator[tuple[str, Schema]]:
    """Yield every property in a schema, whatever it stands under, with its place."""
    for keyword, value in schema.items():
        for name, inner in _inner(keyword, value):
            if keyword == "properties":
                yield f"{at}/{name}", inner
            yield from properties(inner, f"{at}/{name}")


def _inner(keyword: str, value: Any) -> list[tuple[str, Schema]]:
    if keyword in ("properties", "definitions"):
        return list(value.items())
    if keyword in ("anyOf", "allOf"):
        return [(f"{keyword}/{index}", item) for index, item in enumerate(value)]
    named = keyword in ("items", "additionalProperties", "propertyNames", "then", "else")
    return [(keyword, value)] if named and isinstance(value, dict) else []
