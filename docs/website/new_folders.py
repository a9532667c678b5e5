"""Folders for files that are about to be written."""

from __future__ import annotations

from pathlib import Path


def with_folder(file: Path) -> Path:
    """Return the path of a file, after making its folder."""
    file.parent.mkdir(parents=True, exist_ok=True)
    return file
