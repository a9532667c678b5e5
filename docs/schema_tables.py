"""Tables of the fields of a JSON Schema."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from config_page import cell

Json = Mapping[str, Any]
_MOST: Final = 12
"""Values of an enumeration that are listed."""


def report_page(schemas: Path) -> str:
    """Return the reference of the JSON report and plan, from their schemas."""
    parts = [
        "# JSON results",
        "What `--format json` prints, and what the service answers. A key that changes its meaning "
        "raises `report_version` or `plan_version`; new keys may come in any release. "
        "[JSON Schemas](../schema.md) has the files.",
    ]
    for title, name, command in (
        ("The report", "report", "loracfg validate adapter/ --format json"),
        ("The plan", "plan", "loracfg plan config.json --base base/ --format json"),
    ):
        schema: Json = json.loads((schemas / f"{name}.schema.json").read_text("utf-8"))
        parts += [f"## {title}", f"```sh\n{command}\n```", schema.get("description", "")]
        parts.append("\n".join(field_rows(schema, schema.get("definitions", {}), deep=True)))
    return "\n\n".join(parts) + "\n"


def field_rows(schema: Json, definitions: Json, *, deep: bool = False) -> Iterator[str]:
    """Yield a table of the fields of an object; with `deep`, also of the objects in them."""
    rows = list(_rows(schema, definitions, "", deep))
    if rows:
        yield "| Key | Type | Meaning |"
        yield "|---|---|---|"
        yield from rows


def _rows(schema: Json, definitions: Json, prefix: str, deep: bool) -> Iterator[str]:
    for key, given in schema.get("properties", {}).items():
        one = _resolved(given, definitions)
        name = f"{prefix}{key}"
        words = given.get("description", one.get("description", ""))
        yield f"| `{name}` | {cell(_type(given, definitions))} | {cell(words)} |"
        if not deep:
            continue
        for inner, mark in _inner(one, definitions):
            yield from _rows(inner, definitions, f"{name}{mark}.", deep)


def _inner(schema: Json, definitions: Json) -> Iterator[tuple[Json, str]]:
    """Yield the objects in a field, with what their keys have after its name."""
    if "properties" in schema:
        yield schema, ""
    if isinstance(items := schema.get("items"), Mapping):
        resolved = _resolved(items, definitions)
        if "properties" in resolved:
            yield resolved, "[]"
        for one in resolved.get("anyOf", resolved.get("oneOf", ())):
            yield _resolved(one, definitions), "[]"
    for one in schema.get("anyOf", schema.get("oneOf", ())):
        yield _resolved(one, definitions), ""


def _resolved(schema: Json, definitions: Json) -> Json:
    while "$ref" in schema:
        schema = definitions.get(schema["$ref"].rpartition("/")[2], {})
    return schema


def _type(schema: Json, definitions: Json) -> str:
    """Return the type of a value in words."""
    if "$ref" in schema:
        return _type(_resolved(schema, definitions), definitions)
    if "const" in schema:
        return f"`{json.dumps(schema['const'])}`"
    if "enum" in schema:
        values = [f"`{json.dumps(one)}`" for one in schema["enum"][:_MOST]]
        return ", ".join(values) + (", …" if len(schema["enum"]) > _MOST else "")
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return " or ".join(dict.fromkeys(_type(one, definitions) for one in schema[several]))
    kind = schema.get("type", "any")
    if isinstance(kind, list):
        return " or ".join(kind)
    if kind == "array" and isinstance(schema.get("items"), Mapping):
        return f"array of {_type(schema['items'], definitions)}"
    return str(kind)
