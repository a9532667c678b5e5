"""Tell URLs from paths."""

from __future__ import annotations

import re
from typing import Final

_BEGINNING: Final = r"[A-Za-z][A-Za-z0-9+.-]+://"


def is_url(path: str) -> bool:
    """Whether what names a file or folder is a URL, not a path."""
    return re.match(_BEGINNING, path) is not None
