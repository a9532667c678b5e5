"""`catalog.json`: which schemas there are, and the digest of each."""

from __future__ import annotations

import hashlib
from typing import Any

from loracfg.config.building.release import strict_schema
from loracfg.config.releases import PEFT_RELEASE, RELEASES
from loracfg.config.schema.files import ARCHITECTURE, EDITOR, REPORT, URL, VARIANTS, file_name


def catalog(texts: dict[str, str]) -> dict[str, Any]:
    """Return the catalogue of the files with these texts, by their names.

    A generation is named after its first release: the releases of one generation have the same
    keys, with the same values and defaults.
    """
    generations = _generations()
    return {
        "url": URL,
        "newest": PEFT_RELEASE,
        "releases": {
            release: {
                "generation": generations[release],
                "keys": len(strict_schema(release)["properties"]),
                **{variant: _entry(texts, file_name(release, variant)) for variant in VARIANTS},
            }
            for release in RELEASES
        },
        "editor": _entry(texts, EDITOR),
        "report": _entry(texts, REPORT),
        "architecture": _entry(texts, ARCHITECTURE),
    }


def _entry(texts: dict[str, str], name: str) -> dict[str, str]:
    return {"file": name, "sha256": hashlib.sha256(texts[name].encode()).hexdigest()}


def _generations() -> dict[str, str]:
    """Return the generation of each release."""
    found: dict[str, str] = {}
    name, before = "", None
    for release in RELEASES:
        schema = strict_schema(release)
        contents = (schema["properties"], schema["required"])
        name = name if contents == before else release
        found[release], before = name, contents
    return found
