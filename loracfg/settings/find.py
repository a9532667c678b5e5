"""Find the file with a project's choices."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

OWN: Final = "loracfg.toml"
SHARED: Final = "pyproject.toml"

_HAS_TABLE: Final = rb"""(?m)^[ \t]*\[?[ \t]*["']?tool["']?[ \t]*(\.[ \t]*["']?loracfg\b|\]|=)"""
"""What a `pyproject.toml` with our table has, so that most others need not be parsed."""


def find_file(folder: Path) -> Path | None:
    """Return the nearest file for a folder: in it, or in one above it.

    A `loracfg.toml` comes before a `pyproject.toml` in the same folder. A `pyproject.toml` without
    `[tool.loracfg]`, or that cannot be read, is passed over.

    Raises:
        LoracfgError: a `pyproject.toml` that seems to have the table is not TOML.
    """
    for place in (folder, *folder.parents):
        own, shared = place / OWN, place / SHARED
        if os.path.isfile(own):  # noqa: PTH113  # never raises
            return own
        if os.path.isfile(shared) and _has_table(shared):  # noqa: PTH113
            return shared
    return None


def _has_table(path: Path) -> bool:
    try:
        data = path.read_bytes()
    except OSError:
        return False
    if b"loracfg" not in data or not re.search(_HAS_TABLE, data):
        return False
    from loracfg.settings.toml_file import our_table, parse_toml

    return our_table(parse_toml(path, data)[1]) is not None
