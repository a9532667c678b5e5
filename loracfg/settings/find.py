"""Find the file with a project's choices."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

from loracfg.config import CONFIG_NAME
from loracfg.errors import LoracfgError

OWN: Final = "loracfg.toml"
SHARED: Final = "pyproject.toml"

_HAS_TABLE: Final = rb"""(?m)^[ \t]*\[?[ \t]*["']?tool["']?[ \t]*(\.[ \t]*["']?loracfg\b|\]|=)"""
"""What a `pyproject.toml` with our table has, so that most others need not be parsed."""


def find_file(folder: Path) -> Path | None:
    """Return the nearest file for a folder: in it, or in one above it.

    A `loracfg.toml` comes before a `pyproject.toml` in the same folder. A `pyproject.toml` without
    `[tool.loracfg]`, or that cannot be read, is passed over.

    Raises:
        LoracfgError: a `loracfg.toml` is not a file, or a `pyproject.toml` that seems to have the
            table is not TOML.
    """
    for place in (folder, *folder.parents):
        own, shared = place / OWN, place / SHARED
        if os.path.isfile(own):  # noqa: PTH113  # never raises
            return own
        if os.path.lexists(own):
            raise _not_a_file(own)
        if os.path.isfile(shared) and _has_table(shared):  # noqa: PTH113
            return shared
    return None


def came_along(path: Path) -> bool:
    """Tell whether a file that was found came with an adapter, since it is beside its config."""
    return os.path.lexists(path.parent / CONFIG_NAME)


def _not_a_file(path: Path) -> LoracfgError:
    from loracfg.adapter.files import kind_at
    from loracfg.report.render.place import path_from_here

    message = f"`{path_from_here(str(path))}` is {kind_at(path) or 'not a file'}"
    return LoracfgError(message, "correct it, or pass `--isolated`")


def _has_table(path: Path) -> bool:
    try:
        data = path.read_bytes()
    except OSError:
        return False
    if b"loracfg" not in data or not re.search(_HAS_TABLE, data):
        return False
    from loracfg.settings.toml_file import our_table, parse_toml

    return our_table(parse_toml(path, data)[1]) is not None
