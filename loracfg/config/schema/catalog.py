"""`catalog.json`: which schemas there are, and the digest of each."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import TypedDict

from loracfg.config.history.releases import PEFT_RELEASE, RELEASES
from loracfg.config.schema.schema_files import (
    ARCHITECTURE,
    EDITOR,
    REPORT,
    URL,
    file_name,
    read_archive,
    text_of,
)


class SchemaFile(TypedDict):
    """A schema by the name of its file."""

    file: str
    sha256: str


class ReleaseSchemas(TypedDict):
    """The schemas of a release, and the first release whose keys are the same."""

    generation: str
    keys: int
    strict: SchemaFile
    open: SchemaFile


class SchemaCatalog(TypedDict):
    """What `catalog.json` holds."""

    url: str
    newest: str
    releases: dict[str, ReleaseSchemas]
    editor: SchemaFile
    report: SchemaFile
    architecture: SchemaFile


def catalog_text() -> str:
    """Return `catalog.json` as it is committed under `schema/`."""
    return text_of(read_catalog())


def read_catalog() -> SchemaCatalog:
    """Return the catalogue of the schemas that are installed."""
    return catalog(read_archive())


def catalog(texts: Mapping[str, str]) -> SchemaCatalog:
    """Return the catalogue of the files with these texts, by their names.

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
        "architecture": _entry(texts, ARCHITECTURE),
    }


def _entry(texts: Mapping[str, str], name: str) -> SchemaFile:
    return {"file": name, "sha256": hashlib.sha256(texts[name].encode()).hexdigest()}
