"""Find the file with a project's choices."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

from loracfg.settings.toml_file import OWN, SHARED, our_table, parse_toml, read_bytes

_HAS_TABLE: Final = rb"""(?m)^[ \t]*\[?[ \t]*["']?tool["']?[ \t]*(\.[ \t]*["']?loracfg\b|\]|=)"""
"""What a `pyproject.toml` with our table has, so that most others need not be parsed."""


def find_file(folder: Path) -> Path | None:
    """Return the nearest file for a folder: in it, or in one above it.

    A `loracfg.toml` comes before a `pyproject.toml` in the same folder. A `pyproject.toml` without
    `[tool.loracfg]` is passed over.

    Raises:
        LoracfgError: a file on the way cannot be read.
    """
    for place in (folder, *folder.parents):
        own, shared = place / OWN, place / SHARED
        if os.path.isfile(own):  # noqa: PTH113  # never raises
            return own
        if os.path.isfile(shared) and _has_table(shared):  # noqa: PTH113
            return shared
    return None


def _has_table(path: Path) -> bool:
    data = read_bytes(path)
    if b"loracfg" not in data or not re.search(_HAS_TABLE, data):
        return False
    return our_table(parse_toml(path, data)[1]) is not None
