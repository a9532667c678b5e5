"""Generates all files under `schema/`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from loracfg.config.building.architecture_schema import architecture_schema
from loracfg.config.building.editor import editor_schema
from loracfg.config.building.open import open_schema
from loracfg.config.building.release import strict_schema
from loracfg.config.building.report import report_schema
from loracfg.config.building.schema_tree import Schema, rebuilt
from loracfg.config.building.schemastore import ENTRY, negative_files, positive_files
from loracfg.config.history.releases import RELEASES
from loracfg.config.schema.catalog import catalog
from loracfg.config.schema.schema_files import (
    ARCHITECTURE,
    CATALOG,
    EDITOR,
    PLAN,
    REPORT,
    SETTINGS,
    file_name,
    text_of,
)

_FIRST: Final = (
    "$schema",
    "$id",
    "description",
    "markdownDescription",
    "x-intellij-html-description",
    "deprecationMessage",
    "doNotSuggest",
    "defaultSnippets",
    "type",
    "const",
    "enum",
)
_LAST: Final = ("default", "examples", "properties", "required", "definitions")

_IN_STORE: Final = "adapter-config"
"""The name of the schema's folders in SchemaStore."""


def schema_files(settings: Schema, plan: Schema) -> dict[str, str]:
    """Return the texts of the generated files: schemas, their catalogue, SchemaStore's files.

    Args:
        settings: the schema of `loracfg.toml`, whose keys are not known here.
        plan: the schema of plans, which are not known here either.
    """
    schemas = {file_name(release, "strict"): strict_schema(release) for release in RELEASES}
    schemas |= {file_name(release, "open"): open_schema(release) for release in RELEASES}
    schemas |= {EDITOR: editor_schema(), REPORT: report_schema()}
    schemas |= {ARCHITECTURE: architecture_schema(), SETTINGS: settings, PLAN: plan}
    texts = {name: schema_text(schema) for name, schema in schemas.items()}
    texts[CATALOG] = text_of(catalog(texts))
    return texts | {f"schemastore/{name}": text_of(data) for name, data in _schemastore()}


def _schemastore() -> Iterator[tuple[str, Any]]:
    yield "catalog_entry.json", ENTRY
    for name, data in positive_files().items():
        yield f"test/{_IN_STORE}/{name}.json", data
    for name, (_, data) in negative_files().items():
        yield f"negative_test/{_IN_STORE}/{name}.json", data


def schema_text(schema: Schema) -> str:
    """Return the text of a schema, with its keywords in a readable order."""
    return text_of(rebuilt(schema, _ordered))


def _ordered(schema: Schema) -> Schema:
    """Return a schema with its keywords in that order."""
    others = sorted(schema.keys() - {*_FIRST, *_LAST})
    return {key: schema[key] for key in (*_FIRST, *others, *_LAST) if key in schema}
