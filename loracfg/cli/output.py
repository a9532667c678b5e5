"""Where results go: standard output or a file, in a way that no tensor name can break."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from loracfg.errors import LoracfgError


def wants_color() -> bool:
    """Tell whether standard output is a terminal that takes colour."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def write(text: str, path: Path | None) -> None:
    """Write a result.

    Raises:
        LoracfgError: if the file cannot be written.
    """
    data = text.encode("utf-8", errors="backslashreplace")
    if path is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    try:
        path.write_bytes(data)
    except OSError as error:
        raise LoracfgError(f"cannot write `{path}`: {error.strerror}") from None
