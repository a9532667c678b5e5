"""The reference of the REST service, from its OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from config_page import cell
from loracfg_api.app import create_app
from schema_tables import field_rows

Json = Mapping[str, Any]
_NO_WORDS: Final = "Successful Response"
"""What FastAPI says of an answer without a description."""


def rest_page() -> str:
    """Return the reference of all routes, with their parameters, bodies and answers."""
    document: Json = create_app().openapi()
    schemas: Json = document["components"]["schemas"]
    parts = [
        "# REST API",
        "`loracfg serve` runs the service ([how to set it up and use it](../service.md)). It has "
        "the OpenAPI document at `/openapi.json`, from which this page is made. All routes are "
        "also below `/v1`. Errors are [problems](#problem) as in RFC 9457.",
        "\n".join(_index(document)),
    ]
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            parts += _operation(f"{method.upper()} {path}", operation)
    parts.append("## Bodies")
    for name, schema in sorted(schemas.items()):
        if rows := list(field_rows(schema, schemas)):
            parts += [f"### {name}", schema.get("description", ""), "\n".join(rows)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _index(document: Json) -> Iterator[str]:
    yield "| Route | What it does |"
    yield "|---|---|"
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"| `{method.upper()} {path}` | {cell(operation['description'])} |"


def _operation(title: str, operation: Json) -> Iterator[str]:
    yield f"## {title}"
    yield operation["description"]
    if parameters := operation.get("parameters"):
        rows = (_parameter(one) for one in parameters)
        yield "\n".join(("| Parameter | In | Meaning |", "|---|---|---|", *rows))
    if body := operation.get("requestBody"):
        yield f"Body: {_bodies(body['content'])}."
    answers = sorted(operation["responses"].items())
    rows = (f"| {status} | {cell(_answer(one))} |" for status, one in answers)
    yield "\n".join(("| Status | Meaning |", "|---|---|", *rows))


def _parameter(one: Json) -> str:
    words = one.get("description", one["schema"].get("description", ""))
    values = one["schema"].get("enum", ())
    listed = f" One of {', '.join(f'`{value}`' for value in values)}." if values else ""
    return f"| `{one['name']}` | {one['in']} | {cell(words + listed)} |"


def _bodies(content: Json) -> str:
    """Return the media types of a body, with links to what is in it."""
    parts = []
    for media, one in content.items():
        names = [ref.rpartition("/")[2] for ref in _references(one["schema"])]
        links = " or ".join(f"[{name}](#{name.lower()})" for name in names)
        parts.append(f"`{media}`" + (f" ({links})" if links else ""))
    return ", ".join(parts)


def _references(schema: Json) -> Iterator[str]:
    if "$ref" in schema:
        yield schema["$ref"]
    for one in schema.get("anyOf", ()):
        yield from _references(one)


def _answer(response: Json) -> str:
    """Return what an answer means, with a link to what is in it."""
    content = response.get("content", {}).get("application/json", {})
    names = [one.rpartition("/")[2] for one in _references(content.get("schema", {}))]
    links = " or ".join(f"[{name}](#{name.lower()})" for name in names)
    words = str(response["description"])
    if words == _NO_WORDS:
        return links or "The answer."
    return f"{words} {links}".strip()
