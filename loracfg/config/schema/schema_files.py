"""The names of the generated schema files, and their installed texts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from loracfg.document.packed_texts import unpack_texts
from loracfg.urls import SITE

URL: Final = f"{SITE}schema/"
"""Where the files are published. The `$id` of a file is this URL followed by its name."""

VARIANTS: Final = ("strict", "open")
"""The schemas of each release."""

EDITOR: Final = "adapter_config.schema.json"
REPORT: Final = "report.schema.json"
PLAN: Final = "plan.schema.json"
ARCHITECTURE: Final = "architecture.schema.json"
SETTINGS: Final = "loracfg.schema.json"
CATALOG: Final = "catalog.json"
ARCHIVE: Final = "schemas.xz"
"""The installed file with all schemas, which compress well together."""

_PACKAGE: Final = "loracfg_schema"


def file_name(release: str, variant: str) -> str:
    """Return the name of the schema of a release, such as `peft-0.12.0.strict.schema.json`."""
    return f"peft-{release}.{variant}.schema.json"


def read_file(name: str) -> bytes:
    """Return a schema as committed under `schema/`."""
    return read_archive()[name].encode()


def is_archived(name: str) -> bool:
    """Return whether a file is a schema."""
    return name.endswith(".schema.json")


def text_of(data: Mapping[str, object]) -> str:
    """Return data as the text of a generated file."""
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


@cache
def read_archive() -> dict[str, str]:
    """Return all schemas, by the name of the file."""
    return unpack_texts((files(_PACKAGE) / ARCHIVE).read_bytes())
