"""`catalog.json`: which schemas there are, and the digest of each."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from loracfg.config.history.releases import PEFT_RELEASE, RELEASES
from loracfg.config.schema.schema_files import (
    ARCHITECTURE,
    EDITOR,
    REPORT,
    URL,
    VARIANTS,
    file_name,
    read_archive,
    text_of,
)


def catalog_text() -> str:
    """Return `catalog.json` as it is committed under `schema/`."""
    return text_of(read_catalog())


def read_catalog() -> dict[str, Any]:
    """Return the catalogue of the schemas that are installed."""
    return catalog(read_archive())


def catalog(texts: Mapping[str, str]) -> dict[str, Any]:
    """Return the catalogue of the files with these texts, by their names.

    A generation is named after its first release: the releases of one generation have the same
    keys, with the same values and defaults.
    """
    found: dict[str, Any] = {}
    generation, before = "", None
    for release in RELEASES:
        schema = json.loads(texts[file_name(release, "strict")])
        contents = (schema["properties"], schema["required"])
        generation, before = generation if contents == before else release, contents
        found[release] = {
            "generation": generation,
            "keys": len(schema["properties"]),
            **{variant: _entry(texts, file_name(release, variant)) for variant in VARIANTS},
        }
    return {
        "url": URL,
        "newest": PEFT_RELEASE,
        "releases": found,
        "editor": _entry(texts, EDITOR),
        "report": _entry(texts, REPORT),
        "architecture": _entry(texts, ARCHITECTURE),
    }


def _entry(texts: Mapping[str, str], name: str) -> dict[str, str]:
    return {"file": name, "sha256": hashlib.sha256(texts[name].encode()).hexdigest()}
