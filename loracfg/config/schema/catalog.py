"""`catalog.json`, which lists all schemas with their digests."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import TypedDict

from loracfg.config.history.releases import PEFT_RELEASE, RELEASES
from loracfg.config.schema.schema_files import (
    ARCHITECTURE,
    EDITOR,
    PLAN,
    REPORT,
    SETTINGS,
    URL,
    file_name,
    read_archive,
    text_of,
)


class SchemaFile(TypedDict):
    """The file of a schema, and its digest."""

    file: str
    sha256: str


class ReleaseSchemas(TypedDict):
    """The schemas of a release, and the first release with the same keys."""

    generation: str
    keys: int
    strict: SchemaFile
    open: SchemaFile


class SchemaCatalog(TypedDict):
    """The content of `catalog.json`."""

    url: str
    newest: str
    releases: dict[str, ReleaseSchemas]
    editor: SchemaFile
    report: SchemaFile
    plan: SchemaFile
    architecture: SchemaFile
    settings: SchemaFile


def catalog_text() -> str:
    """Return `catalog.json` as committed under `schema/`."""
    return text_of(read_catalog())


def read_catalog() -> SchemaCatalog:
    """Return the catalogue of the installed schemas."""
    return catalog(read_archive())


def catalog(texts: Mapping[str, str]) -> SchemaCatalog:
    """Return the catalogue of schema files, given their texts by file name.

    A generation is named after its first release: the releases of one generation have the same
    keys, with the same values and defaults.
    """
    found: dict[str, ReleaseSchemas] = {}
    generation, before = "", None
    for release in RELEASES:
        schema = json.loads(texts[file_name(release, "strict")])
        contents = (schema["properties"], schema["required"])
        generation, before = generation if contents == before else release, contents
        found[release] = {
            "generation": generation,
            "keys": len(schema["properties"]),
            "strict": _entry(texts, file_name(release, "strict")),
            "open": _entry(texts, file_name(release, "open")),
        }
    return {
        "url": URL,
        "newest": PEFT_RELEASE,
        "releases": found,
        "editor": _entry(texts, EDITOR),
        "report": _entry(texts, REPORT),
        "plan": _entry(texts, PLAN),
        "architecture": _entry(texts, ARCHITECTURE),
        "settings": _entry(texts, SETTINGS),
    }


def _entry(texts: Mapping[str, str], name: str) -> SchemaFile:
    return {"file": name, "sha256": hashlib.sha256(texts[name].encode()).hexdigest()}
