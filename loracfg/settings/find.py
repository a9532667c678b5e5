"""Find the file with a project's choices, and read its bytes."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

from loracfg.config import CONFIG_NAME
from loracfg.errors import LoracfgError

OWN: Final = "loracfg.toml"
SHARED: Final = "pyproject.toml"
_MAX_BYTES: Final = 1_000_000

_HAS_TABLE: Final = rb"""(?m)^[ \t]*(\[[ \t]*)?["']?tool["']?[ \t]*(\.[ \t]*["']?loracfg\b|\]|=)"""
"""What a `pyproject.toml` with our table has, so that most others need not be parsed."""


def find_file(folder: Path) -> Path | None:
    """Return the nearest file for a folder: in it, or in one above it.

    A `loracfg.toml` comes before a `pyproject.toml` in the same folder. A `pyproject.toml` without
    `[tool.loracfg]`, or that cannot be read, is passed over.

    Raises:
        LoracfgError: a `loracfg.toml` is not a file, or a `pyproject.toml` that seems to have the
            table is not TOML or is too large.
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
        data = _first_bytes(path)
    except OSError:
        return False
    if b"loracfg" not in data or not re.search(_HAS_TABLE, data):
        return False
    from loracfg.settings.toml_file import our_table, parse_toml

    _check_size(path, data)
    return our_table(parse_toml(path, data)[1]) is not None


def read_bytes(path: Path) -> bytes:
    """Return the bytes of a file.

    Raises:
        LoracfgError: it cannot be read or is too large.
    """
    from loracfg.report.render.place import path_from_here

    try:
        data = _first_bytes(path)
    except OSError as error:
        message = f"cannot read `{path_from_here(str(path))}`: {error.strerror or error}"
        raise LoracfgError(message, "check the file, or pass `--isolated`") from None
    _check_size(path, data)
    return data


def _first_bytes(path: Path) -> bytes:
    """Return the bytes of a file; of one that is too large, one more than the limit.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as stream:
        return stream.read(_MAX_BYTES + 1)


def _check_size(path: Path, data: bytes) -> None:
    """Check that a file is not larger than the limit.

    Raises:
        LoracfgError: it is.
    """
    if len(data) > _MAX_BYTES:
        from loracfg.report.render.place import path_from_here

        name = path_from_here(str(path))
        raise LoracfgError(f"`{name}` has more than {_MAX_BYTES:,} bytes", "shorten it")
